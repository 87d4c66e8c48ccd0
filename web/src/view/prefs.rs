//! What the browser remembers for the user: language, colours, single keys.
//!
//! A browser may refuse to remember; then the defaults hold, and nothing is lost
//! that anybody made.

use super::i18n::Language;
use udping_engine::link::Fragment;

const LANGUAGE: &str = "udping-lab.language";
const THEME: &str = "udping-lab.theme";
const KEYS: &str = "udping-lab.single-keys";

/// The user's preferences.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prefs {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
    pub(crate) single_keys: bool,
}

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn of(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The colours that this comes to now.
    pub(crate) fn resolved(self) -> &'static str {
        match self {
            Self::System if media("(prefers-color-scheme: dark)") => "dark",
            Self::Dark => "dark",
            Self::System | Self::Light => "light",
        }
    }
}

impl Prefs {
    /// The language that the page's address asks for.
    pub(super) fn linked_language() -> Option<Language> {
        let hash = web_sys::window()?.location().hash().ok()?;
        Language::of(Fragment::language(&hash)?)
    }

    /// What is remembered; a language that the page's address asks for goes before.
    pub(crate) fn load() -> Self {
        let language = Self::linked_language()
            .or_else(|| Language::of(&get(LANGUAGE)?))
            .or_else(|| Language::of(&web_sys::window()?.navigator().language()?))
            .unwrap_or(Language::English);
        Self {
            language,
            theme: Theme::of(&get(THEME).unwrap_or_default()),
            single_keys: get(KEYS).as_deref() != Some("off"),
        }
    }

    pub(crate) fn save(self) {
        put(LANGUAGE, self.language.tag());
        put(THEME, self.theme.name());
        put(KEYS, if self.single_keys { "on" } else { "off" });
    }
}

/// Whether less motion is wanted.
pub(crate) fn calm() -> bool {
    media("(prefers-reduced-motion: reduce)")
}

/// Whether a media query holds.
pub(crate) fn media(query: &str) -> bool {
    web_sys::window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn tab_storage() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// What this tab keeps under a name.
pub(super) fn get_in_tab(name: &str) -> Option<String> {
    tab_storage()?.get_item(name).ok().flatten()
}

/// Keeps something under a name, in this tab.
pub(super) fn put_in_tab(name: &str, value: &str) {
    if let Some(storage) = tab_storage() {
        // A full or forbidden store forgets; see above.
        let _ = storage.set_item(name, value);
    }
}

/// What is kept under a name.
pub(super) fn get(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps something under a name.
pub(super) fn put(name: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden store forgets; see above.
        let _ = storage.set_item(name, value);
    }
}

/// Keeps nothing under a name any more.
pub(super) fn forget(name: &str) {
    if let Some(storage) = storage() {
        // A forbidden store has nothing to forget.
        let _ = storage.remove_item(name);
    }
}
