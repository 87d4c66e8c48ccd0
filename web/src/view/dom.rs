//! Elements that are only touched when what they show has changed.
//!
//! Owns finding and cloning elements and the memory of what each one shows: a page
//! that is drawn again sixty times a second must not write what is there already.
//! Knows nothing of what is shown. Styles are never written as text, which the
//! page's policy forbids: classes and attributes only, positions by the CSSOM.

use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt as _};
use web_sys::{
    Document, Element, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlSelectElement,
    HtmlTemplateElement,
};

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
        .filter_map(|index| list.get(index))
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
pub(crate) fn clone_template(template: &str) -> Element {
    let template: HtmlTemplateElement = typed(template);
    let element = template.content().first_element_child().unwrap_throw();
    element
        .clone_node_with_deep(true)
        .unwrap_throw()
        .unchecked_into()
}

/// Shows an element of the page, or hides it.
pub(crate) fn show(id: &str, shown: bool) {
    // An element of the page takes any attribute.
    let _ = by_id(id).toggle_attribute_with_force("hidden", !shown);
}

/// Opens a dialog, if it is not open.
pub(crate) fn show_modal(id: &str) {
    let dialog: HtmlDialogElement = typed(id);
    if !dialog.open() {
        // Only a dialog that is not in the page refuses.
        let _ = dialog.show_modal();
    }
}

/// Writes a select's options, value and name of each. The choice stays at its place; without
/// one, it is the option at `first`.
pub(crate) fn fill_select(
    id: &str,
    first: usize,
    options: impl IntoIterator<Item = (String, String)>,
) {
    let select: HtmlSelectElement = typed(id);
    let chosen = select.selected_index();
    select.set_inner_html("");
    for (value, name) in options {
        let option = clone_template("t-option");
        option.set_text_content(Some(&name));
        // A fresh element takes any attribute.
        let _ = option.set_attribute("value", &value);
        let _ = select.append_child(&option);
    }
    let first = i32::try_from(first).unwrap_or_default();
    select.set_selected_index(if chosen < 0 { first } else { chosen });
}

/// What stands in a field or is chosen in a select.
pub(crate) fn value(field: &Element) -> String {
    match field.dyn_ref::<HtmlSelectElement>() {
        Some(select) => select.value(),
        None => field.unchecked_ref::<HtmlInputElement>().value(),
    }
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
    attributes: Shown,
    styles: Shown,
}

/// What is shown, by name.
type Shown = Vec<(&'static str, Option<String>)>;

/// Remembers what is shown under a name; false if that is shown already.
fn changes(shown: &mut Shown, name: &'static str, value: Option<&str>) -> bool {
    match shown.iter_mut().find(|(known, _)| *known == name) {
        Some((_, known)) if known.as_deref() == value => return false,
        Some((_, known)) => *known = value.map(str::to_owned),
        None => shown.push((name, value.map(str::to_owned))),
    }
    true
}

impl Leaf {
    pub(crate) fn new(element: Element) -> Self {
        Self {
            element,
            text: None,
            attributes: Shown::new(),
            styles: Shown::new(),
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

    /// Shows a command, of which each word is an element: lines break only between them.
    pub(crate) fn command(&mut self, line: &str) {
        if self.text.as_deref() == Some(line) {
            return;
        }
        self.text("");
        for (index, word) in line.split(' ').enumerate() {
            let element = document().create_element("span").unwrap_throw();
            element.set_class_name("word");
            element.set_text_content(Some(word));
            let gap = if index == 0 { "" } else { " " };
            self.element
                .insert_adjacent_text("beforeend", gap)
                .unwrap_throw();
            self.element.append_child(&element).unwrap_throw();
        }
        self.text = Some(line.to_owned());
    }

    /// Sets an attribute, or takes it away.
    pub(crate) fn attribute(&mut self, name: &'static str, value: Option<&str>) {
        if changes(&mut self.attributes, name, value) {
            match value {
                Some(value) => self.element.set_attribute(name, value).unwrap_throw(),
                None => self.element.remove_attribute(name).unwrap_throw(),
            }
        }
    }

    /// Sets a property of its style, by the CSSOM.
    pub(crate) fn style(&mut self, name: &'static str, value: &str) {
        if changes(&mut self.styles, name, Some(value)) {
            let style = self.html().style();
            style.set_property(name, value).unwrap_throw();
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
    let mut text = String::new();
    push_tenths(&mut text, value);
    text
}

/// A length for the CSSOM.
pub(crate) fn pixels(value: f64) -> String {
    let mut text = tenths(value);
    text.push_str("px");
    text
}

/// As many copies of one element as are needed, reused in order.
#[derive(Debug)]
pub(crate) struct Pool {
    parent: Element,
    make: fn() -> Element,
    leaves: Vec<Leaf>,
    used: usize,
    dim: bool,
}

impl Pool {
    /// A pool in a layer of its own, above what `drawing` has so far.
    pub(crate) fn layer(drawing: &Element, make: fn() -> Element) -> Self {
        let group = svg("g");
        // A fresh group can always be appended.
        let _ = drawing.append_child(&group);
        Self::new(group, make)
    }

    pub(crate) fn new(parent: Element, make: fn() -> Element) -> Self {
        Self {
            parent,
            make,
            leaves: Vec::new(),
            used: 0,
            dim: false,
        }
    }

    /// Starts over: what is not asked for again until [`Pool::end`] is hidden.
    pub(crate) fn begin(&mut self) {
        self.used = 0;
        self.dim = false;
    }

    /// Whether the elements that follow are dimmed.
    pub(crate) fn dim(&mut self, dim: bool) {
        self.dim = dim;
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
        leaf.attribute("data-dim", self.dim.then_some(""));
        leaf
    }

    pub(crate) fn end(&mut self) {
        for leaf in &mut self.leaves[self.used..] {
            leaf.set("display", "none");
        }
    }
}

/// A copy of a template's element, and its parts by their `data-slot`.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) leaf: Leaf,
    parts: Vec<(String, Leaf)>,
}

impl Row {
    pub(crate) fn new(template: &str, parent: &Element) -> Self {
        let element = clone_template(template);
        parent.append_child(&element).unwrap_throw();
        let part = |part: Element| Some((part.get_attribute("data-slot")?, Leaf::new(part)));
        let parts = all(&element, "[data-slot]");
        Self {
            parts: parts.into_iter().filter_map(part).collect(),
            leaf: Leaf::new(element),
        }
    }

    /// The part of this name. That one is missing is a mistake of ours, as in [`by_id`].
    pub(crate) fn part(&mut self, slot: &str) -> &mut Leaf {
        let found = self.parts.iter_mut().find(|(name, _)| name == slot);
        let (_, leaf) = found.ok_or_else(|| JsValue::from_str(slot)).unwrap_throw();
        leaf
    }
}

/// As many rows of a template as are needed.
#[derive(Debug)]
pub(crate) struct Rows {
    parent: Element,
    template: &'static str,
    made: Vec<Row>,
}

impl Rows {
    pub(crate) fn new(parent: Element, template: &'static str) -> Self {
        Self {
            parent,
            template,
            made: Vec::new(),
        }
    }

    /// Shows `count` rows and lets `fill` fill each in.
    pub(crate) fn show(&mut self, count: usize, mut fill: impl FnMut(usize, &mut Row)) {
        while self.made.len() < count {
            self.made.push(Row::new(self.template, &self.parent));
        }
        for (index, row) in self.made.iter_mut().enumerate() {
            row.leaf.show(index < count);
            if index < count {
                fill(index, row);
            }
        }
    }

    /// Takes all rows away, so that the next ones are made again (in another language).
    pub(crate) fn clear(&mut self) {
        for row in self.made.drain(..) {
            row.leaf.element.remove();
        }
    }
}

/// An SVG path's data, to tenths of a pixel.
///
/// A builder of its own because a million samples pass through it, and because
/// general formatting of decimals is a large part of a small page.
#[derive(Debug, Default)]
pub(crate) struct Path(String);

impl Path {
    /// To a point, without drawing.
    pub(crate) fn to(&mut self, x: f64, y: f64) -> &mut Self {
        self.verb('M', &[x, y])
    }

    pub(crate) fn line(&mut self, x: f64, y: f64) -> &mut Self {
        self.verb('L', &[x, y])
    }

    pub(crate) fn across(&mut self, x: f64) -> &mut Self {
        self.verb('H', &[x])
    }

    pub(crate) fn down(&mut self, y: f64) -> &mut Self {
        self.verb('V', &[y])
    }

    pub(crate) fn curve(
        &mut self,
        x1: f64,
        y1: f64,
        x2: f64,
        y2: f64,
        x: f64,
        y: f64,
    ) -> &mut Self {
        self.verb('C', &[x1, y1, x2, y2, x, y])
    }

    /// Data written out, for shapes that are the same everywhere.
    pub(crate) fn raw(&mut self, data: &str) -> &mut Self {
        self.0.push_str(data);
        self
    }

    pub(crate) fn rect(&mut self, x: f64, y: f64, width: f64, height: f64) -> &mut Self {
        self.to(x, y)
            .across(x + width)
            .down(y + height)
            .across(x)
            .raw("Z")
    }

    pub(crate) fn circle(&mut self, x: f64, y: f64, radius: f64) -> &mut Self {
        self.to(x - radius, y);
        for across in [radius, -radius] {
            self.verb('A', &[radius, radius]).raw(" 0 1 1");
            self.number(x + across).number(y);
        }
        self
    }

    /// A part of a circle, clockwise from the top; `part` from 0 to 1.
    pub(crate) fn arc(&mut self, x: f64, y: f64, radius: f64, part: f64) -> &mut Self {
        if part > 0.995 {
            return self.circle(x, y, radius);
        }
        // The browser has these already; the page need not bring its own.
        let turn = part.max(0.0) * std::f64::consts::TAU;
        let (sin, cos) = (js_sys::Math::sin(turn), js_sys::Math::cos(turn));
        self.to(x, y - radius).verb('A', &[radius, radius]);
        self.raw(if part > 0.5 { " 0 1 1" } else { " 0 0 1" });
        self.number(x + radius * sin).number(y - radius * cos)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn data(&self) -> &str {
        &self.0
    }

    fn verb(&mut self, verb: char, numbers: &[f64]) -> &mut Self {
        self.0.push(verb);
        for number in numbers {
            self.number(*number);
        }
        self
    }

    fn number(&mut self, number: f64) -> &mut Self {
        // A sign parts two numbers as well as a space does.
        self.0.push(' ');
        push_tenths(&mut self.0, number);
        self
    }
}

fn push_tenths(out: &mut String, value: f64) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "coordinates are small; what is not finite is 0"
    )]
    let tenths = (value * 10.0).round() as i64;
    if tenths < 0 {
        out.push('-');
    }
    let tenths = tenths.unsigned_abs();
    out.push_str(&(tenths / 10).to_string());
    let digit = u32::try_from(tenths % 10).unwrap_or_default();
    if let Some(digit) = char::from_digit(digit, 10).filter(|digit| *digit != '0') {
        out.push('.');
        out.push(digit);
    }
}
