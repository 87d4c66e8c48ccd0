//! A further journal, to lie beside the run shown.
//!
//! Owns what becomes of it. How a journal is read, `open` knows.

use std::rc::Rc;

use js_sys::futures::spawn_local;
use udping_engine::run::Run;
use web_sys::{Blob, File};

use super::app::App;
use super::branches::too_many;
use super::i18n::{Value, key};
use super::kept;
use super::open::{Failure, explain, keep, read_blob};
use super::with;
use crate::worker::WorkerHandle;

/// Opens a file that the user chose to compare with.
pub(crate) fn file(file: &File) {
    let (name, blob) = (file.name(), Blob::from(file.clone()));
    let modified = file.last_modified();
    spawn_local(async move {
        let same = kept::find(&name, modified, blob.size()).await;
        let id = same.unwrap_or_else(kept::new_id);
        if read(&name, &id, &blob).await {
            keep(id, name, modified, blob).await;
        }
    });
}

/// Lays a journal that the browser keeps beside the run shown, if it still does.
pub(super) fn kept(id: String) {
    spawn_local(async move {
        if let Some((name, _, blob)) = kept::get(&id).await.ok().flatten() {
            read(&name, &id, &blob).await;
        }
    });
}

/// Reads a journal and lays it beside the run shown; whether it lies there.
async fn read(name: &str, id: &str, blob: &Blob) -> bool {
    let begin = |app: &mut App| app.background.begin(&app.page.l10n, key::LOADING);
    let Some(turn) = with(begin) else {
        return false;
    };
    let result = read_blob(blob, turn).await;
    with(|app| app.put_beside(turn, name, id, result)).unwrap_or(false)
}

impl App {
    fn put_beside(
        &mut self,
        turn: u32,
        name: &str,
        id: &str,
        result: Result<(Run, WorkerHandle), Failure>,
    ) -> bool {
        let wanted = self.background.end(turn);
        match result {
            Ok((run, _)) if wanted => {
                let added = self.in_lab(|active| {
                    active.lab.resized = true;
                    let run = Rc::new(run);
                    let added = active.view.compare_with_run(name, run);
                    // Only a recorded run's address can name a journal.
                    let recorded = active.view.recorded();
                    active.view.beside = (added && recorded).then(|| id.to_owned());
                    added
                });
                if added == Some(true) {
                    let name = [("name", Value::Foreign(name))];
                    let text = self.page.l10n.say(key::COMPARED_WITH, &name);
                    self.page.announce(&text);
                    return true;
                }
                let text = too_many(&self.page.l10n);
                self.page.notice(&text);
            }
            Ok(_) | Err(Failure::Cancelled) => {}
            Err(failure) => {
                let text = explain(&self.page.l10n, name, &failure);
                self.page.notice(&text);
            }
        }
        false
    }
}
