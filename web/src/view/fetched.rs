//! Words and lessons: fetched in the language and for the room that want them, and kept.
//!
//! Owns the fetching and what the app does while it waits and when it fails. What a
//! catalogue and a lesson are, is the engine's to know.

use std::cell::{Cell, RefCell};

use js_sys::Promise;
use js_sys::futures::{JsFuture, spawn_local};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlSelectElement, Response};

use super::app::{App, Room};
use super::dom::{by_id, first, stamp, typed};
use super::open::said;
use super::words::{Language, Value, Words, key};
use udping_engine::catalogue::Catalogue;
use udping_engine::lesson::{FILES, Lesson};

thread_local! {
    /// The lessons are on their way.
    static FETCHING: Cell<bool> = const { Cell::new(false) };
    /// What was fetched, by address. Each file is kept for as long as the page lives.
    static KEPT: RefCell<Vec<(String, &'static Catalogue)>> = const { RefCell::new(Vec::new()) };
}

/// A language's words, with or without the Learn room's.
pub(super) async fn words(language: Language, lessons: bool) -> Result<Words, String> {
    let page = catalogue("", language).await?;
    let lessons = if lessons {
        Some(lessons_words(language).await?)
    } else {
        None
    };
    Ok(Words::new(language, page, lessons))
}

async fn lessons_words(language: Language) -> Result<&'static Catalogue, String> {
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

/// The lessons themselves, asked for all at once.
async fn lessons() -> Result<Vec<Lesson>, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let ask = |name: &&str| {
        let address = format!("./lessons/{name}.json");
        let asked = window.fetch_with_str(&address);
        (address, asked)
    };
    let asked: Vec<_> = FILES.iter().map(ask).collect();
    let mut lessons = Vec::new();
    for (address, asked) in asked {
        let file = answer(&address, asked).await?;
        lessons.push(Lesson::parse(&file).map_err(|error| format!("{address}: {error}"))?);
    }
    Ok(lessons)
}

async fn text(address: &str) -> Result<String, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    answer(address, window.fetch_with_str(address)).await
}

/// What was answered, as text.
async fn answer(address: &str, asked: Promise) -> Result<String, String> {
    let response = response(address, asked).await?;
    let text = response.text().map_err(|what| said(&what))?;
    let text = JsFuture::from(text).await.map_err(|what| said(&what))?;
    Ok(text.as_string().unwrap_or_default())
}

async fn response(address: &str, asked: Promise) -> Result<Response, String> {
    let response: Response = JsFuture::from(asked)
        .await
        .map_err(|what| said(&what))?
        .unchecked_into();
    if !response.ok() {
        return Err(format!("{} {address}", response.status()));
    }
    Ok(response)
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

    /// Has the lessons and their words come, if they are wanted and not there.
    pub(super) fn fetch_lessons(&mut self) {
        let known = self.learn.is_ready();
        if self.room != Room::Learn || known && self.words.has_lessons() || FETCHING.replace(true) {
            return;
        }
        self.wait_for_lessons(None);
        let language = self.words.language();
        spawn_local(async move {
            let words = lessons_words(language).await;
            let lessons = if known {
                Ok(None)
            } else {
                lessons().await.map(Some)
            };
            let both = words.and_then(|words| Ok((words, lessons?)));
            FETCHING.set(false);
            super::with(|app| app.take_lessons(language, both));
        });
    }

    fn take_lessons(
        &mut self,
        language: Language,
        both: Result<(&'static Catalogue, Option<Vec<Lesson>>), String>,
    ) {
        if self.words.language() != language {
            // Another language was chosen meanwhile.
            return self.fetch_lessons();
        }
        match both {
            Ok((words, lessons)) => {
                self.words.add_lessons(words);
                if let Some(lessons) = lessons {
                    self.learn.take(lessons);
                    self.follow_link();
                }
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
