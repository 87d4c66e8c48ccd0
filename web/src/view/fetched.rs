//! The words' files: fetched in the language and for the room that want them, and kept.
//!
//! Owns the fetching and what the app does while it waits and when it fails. What a
//! catalogue is, is the engine's to know.

use std::cell::RefCell;

use js_sys::futures::{JsFuture, spawn_local};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlSelectElement, Response};

use super::app::{App, Room};
use super::dom::{by_id, first, stamp, typed};
use super::open::said;
use super::words::{Language, Value, Words, key};
use crate::engine::catalogue::Catalogue;

thread_local! {
    /// What was fetched, by address. Each file is kept for as long as the page lives.
    static KEPT: RefCell<Vec<(String, &'static Catalogue)>> = const { RefCell::new(Vec::new()) };
}

/// A language's words, with or without the Learn room's.
pub(super) async fn words(language: Language, lessons: bool) -> Result<Words, String> {
    let page = catalogue("", language).await?;
    let lessons = if lessons {
        Some(self::lessons(language).await?)
    } else {
        None
    };
    Ok(Words::new(language, page, lessons))
}

async fn lessons(language: Language) -> Result<&'static Catalogue, String> {
    catalogue("learn.", language).await
}

async fn catalogue(part: &str, language: Language) -> Result<&'static Catalogue, String> {
    let address = format!("./locales/{part}{}.ftl", language.tag());
    let known = KEPT.with_borrow(|kept| {
        let mut kept = kept.iter();
        kept.find(|(known, _)| *known == address)
            .map(|(_, catalogue)| *catalogue)
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let text = text(&address).await?;
    let catalogue: &'static Catalogue = Box::leak(Box::new(Catalogue::parse(&text)));
    KEPT.with_borrow_mut(|kept| kept.push((address, catalogue)));
    Ok(catalogue)
}

async fn text(address: &str) -> Result<String, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let response: Response = JsFuture::from(window.fetch_with_str(address))
        .await
        .map_err(|what| said(&what))?
        .unchecked_into();
    if !response.ok() {
        return Err(format!("{} {address}", response.status()));
    }
    let text = response.text().map_err(|what| said(&what))?;
    let text = JsFuture::from(text).await.map_err(|what| said(&what))?;
    Ok(text.as_string().unwrap_or_default())
}

impl App {
    /// Speaks another language, as soon as its words are there.
    pub(super) fn speak(&mut self, language: Language) {
        self.prefs.language = language;
        let lessons = self.words.has_lessons();
        spawn_local(async move {
            let words = words(language, lessons).await;
            super::with(|app| app.begin_to_speak(language, words));
        });
    }

    fn begin_to_speak(&mut self, language: Language, words: Result<Words, String>) {
        if self.prefs.language != language {
            // Another was chosen meanwhile.
            return;
        }
        match words {
            Ok(words) => {
                self.prefs.save();
                self.words = words;
                self.translate();
                self.fetch_lessons();
            }
            Err(what) => {
                self.prefs.language = self.words.language();
                typed::<HtmlSelectElement>("language").set_value(self.prefs.language.tag());
                let said = [("what", Value::Text(&what))];
                let said = self.words.say(key::LANGUAGE_MISSING, &said);
                self.notice(&said);
            }
        }
    }

    /// Has the Learn room's words come, if they are wanted and not there.
    pub(super) fn fetch_lessons(&mut self) {
        if self.room != Room::Learn || self.words.has_lessons() {
            return;
        }
        self.wait_for_lessons(None);
        let language = self.words.language();
        spawn_local(async move {
            let lessons = lessons(language).await;
            super::with(|app| app.take_lessons(language, lessons));
        });
    }

    fn take_lessons(&mut self, language: Language, lessons: Result<&'static Catalogue, String>) {
        if self.words.language() != language {
            return;
        }
        match lessons {
            Ok(lessons) => {
                self.words.add_lessons(lessons);
                self.learn.translate();
                self.invalidate();
            }
            Err(what) => self.wait_for_lessons(Some(&what)),
        }
    }

    /// Says in the room that its words are on their way, or why they did not come.
    fn wait_for_lessons(&mut self, failed: Option<&str>) {
        let waiting = stamp("t-waiting");
        let text = match failed {
            None => self.words.get(key::LESSONS_LOADING).to_owned(),
            Some(what) => {
                let what = [("what", Value::Text(what))];
                self.words.say(key::LESSONS_MISSING, &what)
            }
        };
        first(&waiting, "p").set_text_content(Some(&text));
        // An element of the page takes any attribute, and any child.
        let _ = first(&waiting, "button").toggle_attribute_with_force("hidden", failed.is_none());
        let room = by_id("learn-room");
        room.set_text_content(None);
        let _ = room.append_child(&waiting);
        if failed.is_some() {
            self.announce(&text);
        }
    }
}
