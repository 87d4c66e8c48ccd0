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
use super::open::{Failure, explain, read_blob};
use super::with;
use crate::worker::WorkerHandle;

/// Opens a file that the user chose to compare with.
pub(crate) fn file(file: &File) {
    let (name, blob) = (file.name(), Blob::from(file.clone()));
    spawn_local(async move {
        // Only now: whoever asked may have the app in hand.
        let begin = |app: &mut App| app.background.begin(&app.page.l10n, key::LOADING);
        let Some(turn) = with(begin) else { return };
        let result = read_blob(&blob, turn).await;
        with(|app| app.put_beside(turn, &name, result));
    });
}

impl App {
    fn put_beside(&mut self, turn: u32, name: &str, result: Result<(Run, WorkerHandle), Failure>) {
        let wanted = self.background.end(turn);
        match result {
            Ok((run, _)) if wanted => {
                let added = self.in_lab(|active| {
                    active.lab.resized = true;
                    let run = Rc::new(run);
                    active.view.compare_with_run(name, run)
                });
                if added == Some(true) {
                    let name = [("name", Value::Foreign(name))];
                    let text = self.page.l10n.say(key::COMPARED_WITH, &name);
                    self.page.announce(&text);
                } else {
                    let text = too_many(&self.page.l10n);
                    self.page.notice(&text);
                }
            }
            Ok(_) | Err(Failure::Cancelled) => {}
            Err(failure) => {
                let text = explain(&self.page.l10n, name, &failure);
                self.page.notice(&text);
            }
        }
    }
}
