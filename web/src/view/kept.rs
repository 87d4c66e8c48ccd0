//! The journals that the browser keeps, so that a reload finds them: `IndexedDB`.
//!
//! Owns what is kept of a journal, and that the oldest go when there are too many bytes.
//! Nothing leaves the browser. A browser may refuse to keep anything, as private windows of
//! some do; whoever asked says so.

use js_sys::futures::JsFuture;
use js_sys::{Array, Date, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

const DATABASE: &str = "udping-lab";
const STORE: &str = "journals";

/// How many bytes are kept in all.
pub(crate) const MOST_BYTES: f64 = 200e6;

/// A journal that is kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) bytes: f64,
    /// When the file was changed last, in milliseconds since 1970; 0 where nobody knows.
    modified: f64,
    /// When it was opened last.
    opened: f64,
}

/// What became of a journal that was to be kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is kept, and these are not any more.
    Kept(Vec<String>),
    /// It is larger than all that is kept.
    TooLarge,
}

/// A name for a journal that is to be kept, which no other browser uses either.
pub(crate) fn new_id() -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "any number below 2^53 will do"
    )]
    let part = || (js_sys::Math::random() * 9e15) as u64;
    format!("{:x}{:x}", part(), part())
}

/// All that are kept, the one opened last first.
///
/// # Errors
/// What the browser says, here and below.
pub(crate) async fn list() -> Result<Vec<Kept>, JsValue> {
    let store = store(IdbTransactionMode::Readonly).await?;
    let (ids, records) = (store.get_all_keys()?, store.get_all()?);
    let (ids, records) = (done(&ids).await?, done(&records).await?);
    let (ids, records) = (Array::from(&ids), Array::from(&records));
    let mut all: Vec<Kept> = ids.iter().zip(records.iter()).map(read).collect();
    // Numbers that are not negative are in the order of their bits.
    all.sort_by_cached_key(|it| u64::MAX - it.opened.to_bits());
    Ok(all)
}

/// Keeps a journal, and lets the oldest go as far as there are too many bytes.
pub(crate) async fn put(
    id: &str,
    name: &str,
    modified: f64,
    blob: &Blob,
) -> Result<Outcome, JsValue> {
    if blob.size() > MOST_BYTES {
        return Ok(Outcome::TooLarge);
    }
    let mut bytes = blob.size();
    let mut gone = Vec::new();
    for other in list().await?.into_iter().filter(|other| other.id != id) {
        bytes += other.bytes;
        if bytes > MOST_BYTES {
            remove(&other.id).await?;
            gone.push(other.name);
        }
    }
    let record = Object::new();
    for (key, value) in [
        ("name", JsValue::from_str(name)),
        ("modified", JsValue::from_f64(modified)),
        ("opened", JsValue::from_f64(Date::now())),
        ("blob", blob.into()),
    ] {
        Reflect::set(&record, &JsValue::from_str(key), &value)?;
    }
    let store = store(IdbTransactionMode::Readwrite).await?;
    done(&store.put_with_key(&record, &JsValue::from_str(id))?).await?;
    Ok(Outcome::Kept(gone))
}

/// A journal's name, when it was changed last, and its bytes; `None` if it is not kept.
pub(crate) async fn get(id: &str) -> Result<Option<(String, f64, Blob)>, JsValue> {
    let store = store(IdbTransactionMode::Readonly).await?;
    let record = done(&store.get(&JsValue::from_str(id))?).await?;
    if record.is_undefined() {
        return Ok(None);
    }
    let name = field(&record, "name").as_string().unwrap_or_default();
    let modified = field(&record, "modified").as_f64().unwrap_or_default();
    let blob = field(&record, "blob").dyn_into().ok();
    Ok(blob.map(|blob| (name, modified, blob)))
}

/// Under which name the same file is kept already.
pub(crate) async fn find(name: &str, modified: f64, bytes: f64) -> Option<String> {
    let same = |kept: &Kept| {
        kept.name == name && (kept.modified, kept.bytes) == (modified, bytes) && modified > 0.0
    };
    let kept = list().await.ok()?.into_iter().find(same)?;
    Some(kept.id)
}

/// Keeps a journal no more.
pub(crate) async fn remove(id: &str) -> Result<(), JsValue> {
    let store = store(IdbTransactionMode::Readwrite).await?;
    done(&store.delete(&JsValue::from_str(id))?).await?;
    Ok(())
}

/// Keeps no journal any more.
pub(crate) async fn clear() -> Result<(), JsValue> {
    let store = store(IdbTransactionMode::Readwrite).await?;
    done(&store.clear()?).await?;
    Ok(())
}

fn read((id, record): (JsValue, JsValue)) -> Kept {
    let number = |name| field(&record, name).as_f64().unwrap_or_default();
    let blob = field(&record, "blob").dyn_into::<Blob>();
    Kept {
        id: id.as_string().unwrap_or_default(),
        name: field(&record, "name").as_string().unwrap_or_default(),
        bytes: blob.map_or(0.0, |blob| blob.size()),
        modified: number("modified"),
        opened: number("opened"),
    }
}

fn field(record: &JsValue, name: &str) -> JsValue {
    Reflect::get(record, &JsValue::from_str(name)).unwrap_or_default()
}

async fn store(mode: IdbTransactionMode) -> Result<IdbObjectStore, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let factory = window.indexed_db()?.ok_or(JsValue::NULL)?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let opened = request.clone();
    let upgrade = Closure::once_into_js(move || {
        // What a new database refuses shows when it is used.
        if let Ok(Ok(database)) = opened.result().map(JsValue::dyn_into::<IdbDatabase>) {
            let _ = database.create_object_store(STORE);
        }
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    let database: IdbDatabase = done(&request).await?.dyn_into()?;
    database
        .transaction_with_str_and_mode(STORE, mode)?
        .object_store(STORE)
}

/// Waits for what a request comes to.
async fn done(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        let (succeeded, failed) = (request.clone(), request.clone());
        let success = Closure::once_into_js(move || {
            // A function of a promise takes anything.
            let result = succeeded.result().unwrap_or_default();
            let _ = resolve.call1(&JsValue::NULL, &result);
        });
        let failure = Closure::once_into_js(move || {
            let error = failed
                .error()
                .ok()
                .flatten()
                .map_or(JsValue::NULL, Into::into);
            let _ = reject.call1(&JsValue::NULL, &error);
        });
        request.set_onsuccess(Some(success.unchecked_ref()));
        request.set_onerror(Some(failure.unchecked_ref()));
    });
    JsFuture::from(promise).await
}
