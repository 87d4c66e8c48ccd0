//! A diagram as a picture of its own: with its styles in it, on paper, and nothing from elsewhere.
//!
//! Owns how a drawing is taken out of the page. What is drawn is not known here.

use js_sys::encode_uri_component;
use js_sys::futures::{JsFuture, spawn_local};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Blob, CanvasRenderingContext2d, Element, HtmlCanvasElement, HtmlImageElement, XmlSerializer,
};

use super::dom::{all, by_id, document, svg};
use super::share;

/// What of an element's style makes its looks.
const STYLES: [&str; 16] = [
    "color",
    "fill",
    "fill-opacity",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "opacity",
    "paint-order",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
];

/// How many pixels of a PNG one of the page's has.
const SHARPNESS: f64 = 2.0;

/// The height of a line below the drawings, in pixels.
const LINE: f64 = 18.0;

/// The drawings in an element as one SVG document, in light colours, with lines of text below
/// them; and its size.
fn document_of(frame: &Element, lines: &[String]) -> Result<(String, (f64, f64)), JsValue> {
    let root = document().document_element().ok_or(JsValue::NULL)?;
    let theme = root.get_attribute("data-theme").unwrap_or_default();
    // Nothing is painted in between.
    root.set_attribute("data-theme", "light")?;
    let picture = picture(frame, lines);
    root.set_attribute("data-theme", &theme)?;
    let (picture, size) = picture?;
    Ok((XmlSerializer::new()?.serialize_to_string(&picture)?, size))
}

fn picture(frame: &Element, lines: &[String]) -> Result<(Element, (f64, f64)), JsValue> {
    let bounds = frame.get_bounding_client_rect();
    let below = LINE * f64::from(u32::try_from(lines.len()).unwrap_or_default());
    let size = (bounds.width(), bounds.height() + below);
    let picture = svg("svg");
    let number = |value: f64| value.round().to_string();
    for (name, value) in [("width", size.0), ("height", size.1)] {
        picture.set_attribute(name, &number(value))?;
    }
    let box_of = |width: f64, height: f64| format!("0 0 {width:.0} {height:.0}");
    picture.set_attribute("viewBox", &box_of(size.0, size.1))?;
    let ground = svg("rect");
    ground.set_attribute("width", "100%")?;
    ground.set_attribute("height", "100%")?;
    ground.set_attribute("fill", "#fff")?;
    picture.append_child(&ground)?;
    let symbols = symbols()?;
    picture.append_child(&symbols)?;
    for drawing in all(frame, "svg") {
        let place = drawing.get_bounding_client_rect();
        // Marks in words' lines are not drawings.
        if place.width() < 40.0 || drawing.closest("button, .row")?.is_some() {
            continue;
        }
        let copy: Element = drawing.clone_node_with_deep(true)?.unchecked_into();
        let (from, to) = (all(&drawing, "*"), all(&copy, "*"));
        inline(&drawing, &copy)?;
        for (from, to) in from.iter().zip(&to) {
            if from.get_attribute("display").as_deref() == Some("none") {
                to.remove();
            } else {
                inline(from, to)?;
            }
        }
        copy.remove_attribute("id")?;
        for (name, value) in [
            ("x", place.left() - bounds.left()),
            ("y", place.top() - bounds.top()),
            ("width", place.width()),
            ("height", place.height()),
        ] {
            copy.set_attribute(name, &number(value))?;
        }
        copy.set_attribute("viewBox", &box_of(place.width(), place.height()))?;
        picture.append_child(&copy)?;
    }
    for (line, text) in (1_u32..).zip(lines) {
        let leaf = svg("text");
        for (name, value) in [
            ("x", "10"),
            (
                "y",
                &number(bounds.height() + LINE * f64::from(line) - 6.0) as &str,
            ),
            ("font-family", "sans-serif"),
            ("font-size", "12"),
        ] {
            leaf.set_attribute(name, value)?;
        }
        leaf.set_text_content(Some(text));
        picture.append_child(&leaf)?;
    }
    Ok((picture, size))
}

/// Writes an element's computed looks into its copy, in the place of its class.
fn inline(from: &Element, to: &Element) -> Result<(), JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    if let Some(style) = window.get_computed_style(from)? {
        for name in STYLES {
            to.set_attribute(name, &style.get_property_value(name)?)?;
        }
    }
    for name in ["class", "style", "data-dim", "data-l10n-id", "tabindex"] {
        to.remove_attribute(name)?;
    }
    Ok(())
}

/// The outcomes' symbols, as the page's style sheet draws them.
fn symbols() -> Result<Element, JsValue> {
    let defs = svg("defs");
    for symbol in all(
        &document().document_element().ok_or(JsValue::NULL)?,
        ".sprite symbol",
    ) {
        let copy: Element = symbol.clone_node_with_deep(true)?.unchecked_into();
        for shape in all(&copy, ".stroke, .ring") {
            let width = if shape.class_list().contains("ring") {
                "1.8"
            } else {
                "2.4"
            };
            for (name, value) in [
                ("fill", "none"),
                ("stroke", "currentColor"),
                ("stroke-width", width),
                ("stroke-linecap", "round"),
            ] {
                shape.set_attribute(name, value)?;
            }
            shape.remove_attribute("class")?;
        }
        defs.append_child(&copy)?;
    }
    Ok(defs)
}

/// What is called once a picture is with the user, or why it is not.
type Done = fn(&'static str, Option<String>);

/// Gives the user the drawings in an element as a picture, with lines of text below them.
pub(crate) fn download(frame: &str, lines: &[String], name: &'static str, png: bool, done: Done) {
    let made = document_of(&by_id(frame), lines);
    // Whoever is told may be busy with this very click.
    spawn_local(async move {
        let saved = match made {
            Ok((text, size)) if png => draw(&text, size, name, done).await,
            Ok((text, _)) => share::text_of(&text, "image/svg+xml")
                .and_then(|blob| share::download(name, &blob))
                .map(|()| done(name, None)),
            Err(error) => Err(error),
        };
        if let Err(error) = saved {
            done(name, Some(format!("{error:?}")));
        }
    });
}

/// Draws a document, and gives the user what comes of it.
async fn draw(text: &str, size: (f64, f64), name: &'static str, done: Done) -> Result<(), JsValue> {
    let image = HtmlImageElement::new()?;
    let encoded = String::from(encode_uri_component(text));
    image.set_src(&["data:image/svg+xml;charset=utf-8,", &encoded].concat());
    JsFuture::from(image.decode()).await?;
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    let pixels =
        |length: f64| u32::try_from(super::run_view::whole(length * SHARPNESS)).unwrap_or_default();
    canvas.set_width(pixels(size.0));
    canvas.set_height(pixels(size.1));
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.scale(SHARPNESS, SHARPNESS)?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, size.0, size.1)?;
    let save = Closure::once_into_js(move |blob: Blob| {
        let error = share::download(name, &blob).err();
        done(name, error.map(|error| format!("{error:?}")));
    });
    canvas.to_blob(save.unchecked_ref())
}
