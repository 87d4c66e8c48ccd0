//! The page: the only part of the lab that touches the document.
//!
//! Owns the app's state and the way from an event to the next picture: whatever
//! happens changes the state, and one animation frame later everything is drawn
//! from it. What is shown and what it means comes from [`udping_engine`].
//!
//! Each room has a struct of its own ([`simulate`], [`replay`], [`learn`]). What two or
//! more of them share is [`page`] (language, preferences, announcements) and [`lab`] (the
//! views of a run). [`app`] holds them together.
#![expect(
    clippy::needless_pass_by_value,
    reason = "the browser hands its events over by value"
)]
#![expect(
    clippy::type_complexity,
    reason = "closures kept alive for the browser, and tables of functions"
)]

mod address;
mod app;
mod background_run;
mod branches;
mod commands;
mod describe;
mod dom;
mod graded;
mod growing;
mod i18n;
mod input;
mod kept;
mod lab;
mod learn;
mod live;
mod open;
mod open_beside;
mod page;
mod palette;
mod picture;
mod place;
mod prefs;
mod refusal;
mod replay;
mod restore;
mod run_view;
mod share;
mod simulate;
mod symbols;
mod transfer;
mod what_if;

use std::cell::RefCell;

use app::App;

thread_local! {
    static APP: RefCell<Option<App>> = const { RefCell::new(None) };
}

/// Puts the lab into the page.
pub(crate) fn start() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
    }));
    learn::begin();
    APP.with(|app| *app.borrow_mut() = Some(App::new()));
    input::listen();
    learn::listen();
    with(App::begin);
    with(App::follow_first);
}

/// Changes the state, and has the page drawn again. `None` before the start.
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
