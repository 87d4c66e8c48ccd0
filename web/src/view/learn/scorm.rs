//! A lesson in an LMS: its package on the teacher's page, and inside an LMS what it reports.
//!
//! Owns which files a package has and how the LMS is found. What is in a package and what is
//! reported is [`udping_engine::lesson::scorm`]'s.

use std::time::Duration;

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Array, Function, Reflect, Uint8Array};
use maud::{Markup, html};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Response;

use super::super::dom::document;
use super::super::i18n::{Localization, Value, key};
use super::super::input::on;
use super::super::{share, with};
use super::Learn;
use super::markup::{button, line, message};
use udping_engine::lesson::Lesson;
use udping_engine::lesson::progress::Progress;
use udping_engine::lesson::scorm::{self, META, PAGE};

/// What the page consists of: all but the service worker, which has no use in an LMS.
const FILES: [&str; 12] = [
    PAGE,
    "boot.js",
    "everywhere.css",
    "icon-192.png",
    "icon-512.png",
    "icon.svg",
    "learn.css",
    "manifest.webmanifest",
    "start.js",
    "style.css",
    "udping-web.js",
    "udping-web_bg.wasm",
];

/// How many windows above the page the LMS may be (SCORM 1.2, *Run-Time Environment* §3.3.6.1).
const ABOVE: usize = 7;

/// The connection of a packaged lesson with its LMS.
#[derive(Debug)]
pub(super) struct Lms {
    lesson: String,
    /// Its API; `None` where there is no LMS.
    api: Option<JsValue>,
    /// Something was not accepted.
    refused: bool,
}

impl Lms {
    /// The connection, if the page is a package's, and what the LMS keeps of the lesson.
    pub(super) fn connect() -> Option<(Self, Option<String>)> {
        let mut lms = Self {
            lesson: packaged()?,
            api: find(),
            refused: false,
        };
        lms.order("LMSInitialize", &[""]);
        let kept = lms.call("LMSGetValue", &["cmi.suspend_data"]);
        on_leaving();
        Some((lms, kept.filter(|text| !text.is_empty())))
    }

    /// Reports how far somebody has come.
    pub(super) fn report(&mut self, lessons: &[Lesson], progress: &Progress) {
        let Some(lesson) = lessons.iter().find(|lesson| lesson.id == self.lesson) else {
            return;
        };
        for (element, value) in scorm::report(lesson, progress) {
            self.order("LMSSetValue", &[element, &value]);
        }
        self.order("LMSCommit", &[""]);
    }

    fn finish(&mut self) {
        let time = web_sys::window().and_then(|window| window.performance());
        let time = time.map_or(0.0, |it| it.now().max(0.0));
        let time = Duration::try_from_secs_f64(time / 1e3).unwrap_or_default();
        let time = scorm::session_time(time);
        self.order("LMSSetValue", &["cmi.core.session_time", &time]);
        self.order("LMSFinish", &[""]);
        self.api = None;
    }

    /// Calls a function that says whether it did what it should.
    fn order(&mut self, name: &str, args: &[&str]) {
        let done = self.call(name, args);
        self.refused |= done.is_some_and(|it| it != "true");
    }

    /// Calls one of the API's functions; what it gives, as text.
    fn call(&mut self, name: &str, args: &[&str]) -> Option<String> {
        let api = self.api.as_ref()?;
        let args: Array = args.iter().map(|it| JsValue::from_str(it)).collect();
        let call = || {
            let function: Function = Reflect::get(api, &name.into())?.dyn_into()?;
            function.apply(api, &args)
        };
        let given = call();
        self.refused |= given.is_err();
        // Some give true, and some "true".
        let given = given.ok()?;
        given
            .as_string()
            .or_else(|| given.as_bool().map(|it| it.to_string()))
    }
}

/// The lesson that the page is packaged for.
fn packaged() -> Option<String> {
    let meta = document().query_selector(&format!("meta[name={META}]"));
    meta.ok().flatten()?.get_attribute("content")
}

/// Leads to the lesson that the page is packaged for, if its address leads nowhere.
pub(crate) fn begin() {
    let location = web_sys::window().map(|window| window.location());
    if let (Some(lesson), Some(location)) = (packaged(), location)
        && location.hash().is_ok_and(|hash| hash.is_empty())
    {
        // A page's own address can always be replaced.
        let _ = location.replace(&format!("#learn={lesson}"));
    }
}

/// The LMS's API: in a window above the page's, or above the one that opened it.
fn find() -> Option<JsValue> {
    let window: JsValue = web_sys::window()?.into();
    let get = |from: &JsValue, name: &str| {
        // Windows of other sites show nothing.
        let value = Reflect::get(from, &name.into()).ok();
        value.filter(JsValue::is_object)
    };
    let above = |window: &JsValue| {
        let mut at = window.clone();
        for _ in 0..=ABOVE {
            if let Some(api) = get(&at, "API") {
                return Some(api);
            }
            at = get(&at, "parent")?;
        }
        None
    };
    above(&window).or_else(|| above(&get(&window, "opener")?))
}

fn on_leaving() {
    if let Some(window) = web_sys::window() {
        on(&window, "pagehide", false, |_: web_sys::Event| {
            with(|app| app.learn.finish());
        });
    }
}

impl Learn {
    /// The page is left: the LMS is told.
    fn finish(&mut self) {
        if let Some(lms) = &mut self.lms {
            lms.finish();
        }
    }

    /// Saves a lesson's package.
    pub(super) fn pack(&self, l10n: &Localization, lesson: usize) {
        let Some(lesson) = self.lessons.get(lesson).cloned() else {
            return;
        };
        let title = message(l10n, &lesson.title).to_owned();
        spawn_local(async move {
            let saved = save(&lesson, &title).await;
            with(|app| {
                let page = &mut app.page;
                let text = match saved {
                    Ok(name) => page
                        .l10n
                        .say(key::LEARN_EXERCISE_SAVED, &[("name", Value::Text(&name))]),
                    Err(error) => page.l10n.say(
                        key::LEARN_SCORM_FAILED,
                        &[("what", Value::Foreign(&format!("{error:?}")))],
                    ),
                };
                page.notice(&text);
            });
        });
    }
}

async fn save(lesson: &Lesson, title: &str) -> Result<String, JsValue> {
    let window = web_sys::window().ok_or("no window")?;
    let mut files = Vec::new();
    for name in FILES {
        let response: Response = JsFuture::from(window.fetch_with_str(name))
            .await?
            .dyn_into()?;
        if !response.ok() {
            return Err(format!("{name}: {}", response.status()).into());
        }
        let content = JsFuture::from(response.array_buffer()?).await?;
        files.push((name, Uint8Array::new(&content).to_vec()));
    }
    let package = scorm::package(lesson, title, &files).ok_or(PAGE)?;
    let blob = share::pieces_of(
        &Array::of1(&Uint8Array::from(package.as_slice())),
        "application/zip",
    )?;
    let name = format!("udping-{}-scorm.zip", lesson.id);
    share::download(&name, &blob)?;
    Ok(name)
}

/// How a lesson comes into an LMS.
pub(super) fn draw(l10n: &Localization) -> Markup {
    html! {
        section class="panel no-print" {
            h3 class="big" { (l10n.get(key::LEARN_SCORM_TITLE)) }
            p { (line(l10n.get(key::LEARN_SCORM_INTRO))) }
            p class="row" { (button(l10n, "pack", "btn", key::LEARN_SCORM_SAVE)) }
        }
    }
}

/// What a packaged lesson says of its LMS, if that is not in order.
pub(super) fn trouble(l10n: &Localization, learn: &Learn) -> Markup {
    let lms = learn.lms.as_ref();
    let text = lms.and_then(|lms| match (&lms.api, lms.refused) {
        (None, _) => Some(key::LEARN_SCORM_ALONE),
        (Some(_), true) => Some(key::LEARN_SCORM_REFUSED),
        (Some(_), false) => None,
    });
    html! { @if let Some(text) = text { p class="wrong" { (l10n.get(text)) } } }
}
