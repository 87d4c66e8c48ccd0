//! The page: the only part of the lab that touches the document.
//!
//! Owns the app's state and the way from an event to the next picture: whatever
//! happens changes the state, and one animation frame later everything is drawn
//! from it. What is shown and what it means comes from [`udping_engine`].
#![expect(
    clippy::needless_pass_by_value,
    reason = "the browser hands its events over by value"
)]
#![expect(
    clippy::type_complexity,
    reason = "closures kept alive for the browser, and tables of functions"
)]

mod act;
mod app;
mod background_run;
mod describe;
mod dom;
mod events;
mod figures;
mod form;
mod headline;
mod i18n;
mod input;
mod journal;
mod ladder;
mod learn;
mod marks;
mod open;
mod packets;
mod prefs;
mod probe;
mod refusal;
mod run_view;
mod share;
mod timeline;
mod what_if_worker;

use std::cell::RefCell;

use app::App;
use i18n::Words;
use prefs::Prefs;

thread_local! {
    static APP: RefCell<Option<App>> = const { RefCell::new(None) };
}

/// Puts the lab into the page.
pub(crate) fn start() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
    }));
    let prefs = Prefs::load();
    let words = Words::new(prefs.language);
    APP.with(|app| *app.borrow_mut() = Some(App::new(prefs, words)));
    input::listen();
    learn::listen();
    with(App::begin);
    with(App::follow_link);
}

/// Changes the state, and has the page drawn anew. `None` before the start.
pub(crate) fn with<T>(change: impl FnOnce(&mut App) -> T) -> Option<T> {
    let (mut change, mut result) = (Some(change), None);
    borrow(&mut |app| result = change.take().map(|change| change(app)));
    result
}

/// What [`with`] does, once for all its kinds of change.
fn borrow(change: &mut dyn FnMut(&mut App)) {
    APP.with(|app| {
        if let Some(app) = app.borrow_mut().as_mut() {
            change(app);
            if app.wants_frame() {
                input::request_frame();
            }
        }
    });
}
