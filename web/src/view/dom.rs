//! Elements that are only touched when what they show has changed.
//!
//! Owns finding and cloning elements and the memory of what each one shows: a page
//! that is drawn anew sixty times a second must not write what is there already.
//! Knows nothing of what is shown. Styles are never written as text, which the
//! page's policy forbids: classes and attributes only, positions by the CSSOM.

use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt as _};
use web_sys::{Document, Element, HtmlElement, HtmlTemplateElement};

/// The page's document.
pub(crate) fn document() -> Document {
    web_sys::window()
        .and_then(|window| window.document())
        .unwrap_throw()
}

/// The element with this id. `index.html` and this program come together, so that
/// one is missing is a mistake of ours, which every test of the page would show.
pub(crate) fn by_id(id: &str) -> Element {
    document()
        .get_element_by_id(id)
        .ok_or_else(|| JsValue::from_str(id))
        .unwrap_throw()
}

/// The same, as a more special type.
pub(crate) fn typed<T: JsCast>(id: &str) -> T {
    by_id(id).unchecked_into()
}

/// All elements below `root` that a selector fits.
pub(crate) fn all(root: &Element, selector: &str) -> Vec<Element> {
    let list = root.query_selector_all(selector).unwrap_throw();
    (0..list.length())
        .filter_map(|place| list.get(place))
        .map(JsCast::unchecked_into)
        .collect()
}

/// The first element below `root` that a selector fits.
pub(crate) fn first(root: &Element, selector: &str) -> Element {
    root.query_selector(selector)
        .unwrap_throw()
        .ok_or_else(|| JsValue::from_str(selector))
        .unwrap_throw()
}

/// A copy of a template's only element.
pub(crate) fn stamp(template: &str) -> Element {
    let template: HtmlTemplateElement = typed(template);
    let element = template.content().first_element_child().unwrap_throw();
    element
        .clone_node_with_deep(true)
        .unwrap_throw()
        .unchecked_into()
}

/// A fresh SVG element.
pub(crate) fn svg(tag: &str) -> Element {
    document()
        .create_element_ns(Some("http://www.w3.org/2000/svg"), tag)
        .unwrap_throw()
}

/// An element, and what it shows.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    element: Element,
    text: Option<String>,
    attributes: Vec<(&'static str, Option<String>)>,
}

impl Leaf {
    pub(crate) fn new(element: Element) -> Self {
        Self {
            element,
            text: None,
            attributes: Vec::new(),
        }
    }

    pub(crate) fn of(id: &str) -> Self {
        Self::new(by_id(id))
    }

    pub(crate) fn within(root: &Element, selector: &str) -> Self {
        Self::new(first(root, selector))
    }

    pub(crate) fn element(&self) -> &Element {
        &self.element
    }

    /// The element as HTML, to focus or to place.
    pub(crate) fn html(&self) -> &HtmlElement {
        self.element.unchecked_ref()
    }

    pub(crate) fn text(&mut self, text: &str) {
        if self.text.as_deref() != Some(text) {
            self.element.set_text_content(Some(text));
            self.text = Some(text.to_owned());
        }
    }

    /// Sets an attribute, or takes it away.
    pub(crate) fn attribute(&mut self, name: &'static str, value: Option<&str>) {
        let known = self.attributes.iter_mut().find(|(key, _)| *key == name);
        if known
            .as_ref()
            .is_some_and(|(_, shown)| shown.as_deref() == value)
        {
            return;
        }
        match value {
            Some(value) => self.element.set_attribute(name, value).unwrap_throw(),
            None => self.element.remove_attribute(name).unwrap_throw(),
        }
        let value = value.map(str::to_owned);
        match known {
            Some((_, shown)) => *shown = value,
            None => self.attributes.push((name, value)),
        }
    }

    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.attribute(name, Some(value));
    }

    /// A coordinate, to a tenth of a pixel.
    pub(crate) fn place(&mut self, name: &'static str, value: f64) {
        self.set(name, &tenths(value));
    }

    pub(crate) fn class(&mut self, class: &str) {
        self.set("class", class);
    }

    pub(crate) fn show(&mut self, shown: bool) {
        self.attribute("hidden", (!shown).then_some(""));
    }

    /// `aria-pressed`, `aria-selected` and their like.
    pub(crate) fn flag(&mut self, name: &'static str, value: bool) {
        self.set(name, if value { "true" } else { "false" });
    }
}

/// A number for an attribute: tenths are all that a screen can show.
pub(crate) fn tenths(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// As many copies of one element as are needed, reused in order.
#[derive(Debug)]
pub(crate) struct Pool {
    parent: Element,
    make: fn() -> Element,
    leaves: Vec<Leaf>,
    used: usize,
}

impl Pool {
    pub(crate) fn new(parent: Element, make: fn() -> Element) -> Self {
        Self {
            parent,
            make,
            leaves: Vec::new(),
            used: 0,
        }
    }

    /// Starts over: what is not asked for again until [`Pool::end`] is hidden.
    pub(crate) fn begin(&mut self) {
        self.used = 0;
    }

    /// The next element.
    pub(crate) fn next(&mut self) -> &mut Leaf {
        if self.used == self.leaves.len() {
            let element = (self.make)();
            self.parent.append_child(&element).unwrap_throw();
            self.leaves.push(Leaf::new(element));
        }
        let leaf = &mut self.leaves[self.used];
        self.used += 1;
        leaf.attribute("display", None);
        leaf
    }

    pub(crate) fn end(&mut self) {
        for leaf in &mut self.leaves[self.used..] {
            leaf.set("display", "none");
        }
    }
}

/// As many rows of a template as are needed, each with its parts.
#[derive(Debug)]
pub(crate) struct Rows<R> {
    parent: Element,
    make: fn() -> (Element, R),
    rows: Vec<(Leaf, R)>,
}

impl<R> Rows<R> {
    pub(crate) fn new(parent: Element, make: fn() -> (Element, R)) -> Self {
        Self {
            parent,
            make,
            rows: Vec::new(),
        }
    }

    /// Shows `count` rows and lets `fill` fill each in.
    pub(crate) fn show(&mut self, count: usize, mut fill: impl FnMut(usize, &mut Leaf, &mut R)) {
        while self.rows.len() < count {
            let (element, parts) = (self.make)();
            self.parent.append_child(&element).unwrap_throw();
            self.rows.push((Leaf::new(element), parts));
        }
        for (place, (row, parts)) in self.rows.iter_mut().enumerate() {
            row.show(place < count);
            if place < count {
                fill(place, row, parts);
            }
        }
    }

    /// Takes all rows away, so that the next ones are made afresh (in another language).
    pub(crate) fn clear(&mut self) {
        for (row, _) in self.rows.drain(..) {
            row.element.remove();
        }
    }
}
