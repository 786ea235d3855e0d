//! Reads what other systems send: a report, or what they say of one.

use axum::body::Body;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use kernel::identifier::Telephone;
use kernel::line::{line_fault, lines_fault};
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use web::{Form, FormFault};

use super::asked::{kind_of, wrong};
use super::shown::{CALLED, CONDITION, SEEN};
use super::trouble::Trouble;
use crate::catalogue::{Catalogue, Condition, Kind, minute};
use crate::finding::{self, Land};
use crate::peers::definition::EXTERNAL;
use crate::refusals::Why;
use crate::rules;
use crate::words::open311::FOREIGN_MOST;
use crate::words::{Saying, Spot};

/// The largest body without photos, and the most text beside photos, in bytes.
pub const LARGEST: usize = 64 * 1024;
/// The largest body with photos, in bytes.
const LARGEST_WITH_PHOTOS: usize = 16 * 1024 * 1024;
/// The field of photos.
pub const MEDIA: &str = "media";
/// The header of a key under which a call is done once.
const KEY_HEADER: &str = "idempotency-key";
/// The field that names an update in the system that sends it.
const UPDATE_ID: &str = "update_id";
/// The field of an address in words.
const ADDRESS: &str = "address_string";
/// The places that are named where words mean several.
const NAMED: usize = 5;

/// What was sent. It may hold who somebody is, so it is never printed.
pub struct Sent {
    form: Form,
    /// The photos that came with it, as they were sent.
    pub photos: Vec<Vec<u8>>,
    /// The key of the system; empty where none was sent.
    pub api_key: String,
    /// What makes the same call the same; none where the sender gave nothing.
    pub once: Option<String>,
    /// The same as versions before kept it, where that was otherwise.
    pub earlier: Option<String>,
    /// What names the report in the system that sends it; none where it gave nothing.
    pub external: Option<String>,
}

/// Reads a body: fields of a form in UTF-8, not compressed and not too large. A form with photos is read by its parts.
///
/// # Errors
/// Another kind of body, one that is too large, or one that cannot be read.
pub async fn read(headers: &HeaderMap, query: &Form, body: Body) -> Result<Sent, Trouble> {
    let kind = kind_of_body(headers);
    let empty = kind.is_empty() && header(headers, "content-length") == "0";
    if !is_plain(headers) || !(empty || kind == "application/x-www-form-urlencoded") {
        return Err(Refusal::new(Why::GridBodyKind).into());
    }
    let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|_| Refusal::new(Code::RequestTooLarge))?;
    let form = Form::parse(&bytes).map_err(|fault| match fault {
        FormFault::TooLarge => Refusal::new(Code::RequestTooLarge),
        _ => Refusal::new(Why::GridBodySigns),
    })?;
    Sent::of(headers, query, form, Vec::new())
}

/// Whether a body is a form with photos.
pub fn has_parts(headers: &HeaderMap) -> bool {
    is_plain(headers) && kind_of_body(headers) == "multipart/form-data"
}

/// The parts of a body, which together are not larger than a form with photos on our own pages.
///
/// # Errors
/// It does not say what is between its parts.
pub async fn parts(mut request: Request) -> Result<Multipart, Trouble> {
    DefaultBodyLimit::max(LARGEST_WITH_PHOTOS).apply(&mut request);
    Multipart::from_request(request, &()).await.map_err(|_| Refusal::new(Why::GridBodyKind).into())
}

/// What is wrong with a part that cannot be read, by the status that its fault has.
pub fn unread(status: StatusCode) -> Refusal {
    let large = status == StatusCode::PAYLOAD_TOO_LARGE;
    Refusal::new(if large { Code::RequestTooLarge } else { Why::GridBodySigns })
}

/// A photo that came in a part, beside so many others.
///
/// # Errors
/// The part has another name, or there are more photos than may be.
pub fn photo(field: &str, bytes: &[u8], others: usize, most: usize) -> Result<Vec<u8>, Refusal> {
    if field != MEDIA {
        return Err(wrong(field, MEDIA));
    }
    if others >= most {
        return Err(Refusal::new(Why::GridPhotoMany).field(MEDIA).with("limit", most));
    }
    Ok(bytes.to_vec())
}

/// The text of a part, of at most so many bytes. What is longer is not read to its end.
///
/// # Errors
/// It is not UTF-8, holds a zero character, or is too long.
pub async fn text(mut part: Field<'_>, most: usize) -> Result<String, Refusal> {
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|fault| unread(fault.status()))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > most {
            return Err(Refusal::new(Code::RequestTooLarge));
        }
    }
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    text.map(|text| text.replace("\r\n", "\n")).ok_or_else(|| Refusal::new(Why::GridBodySigns))
}

/// The key of the system that sends: it may stand in the form, in the address, or in the header that our own interface
/// uses. Empty where there is none.
pub fn api_key(headers: &HeaderMap, query: &Form, form: &Form) -> String {
    let bearer = header(headers, AUTHORIZATION.as_str()).split_once(' ');
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let keys = [form.get("api_key"), query.get("api_key"), bearer.map_or("", |(_, token)| token.trim())];
    keys.into_iter().find(|key| !key.is_empty()).unwrap_or_default().to_owned()
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn kind_of_body(headers: &HeaderMap) -> String {
    header(headers, CONTENT_TYPE.as_str()).split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_plain(headers: &HeaderMap) -> bool {
    matches!(header(headers, CONTENT_ENCODING.as_str()), "" | "identity")
}

impl Sent {
    /// What was sent in fields and photos.
    ///
    /// # Errors
    /// What makes the same call the same cannot be taken.
    pub fn of(headers: &HeaderMap, query: &Form, form: Form, photos: Vec<Vec<u8>>) -> Result<Self, Trouble> {
        let named = [attribute(&form, EXTERNAL), form.get(EXTERNAL)];
        let external = named.into_iter().find(|name| !name.is_empty()).map(str::to_owned);
        let given = [(KEY_HEADER, header(headers, KEY_HEADER)), (UPDATE_ID, form.get(UPDATE_ID))];
        let given = given.into_iter().chain([(EXTERNAL, external.as_deref().unwrap_or_default())]);
        let given = given.into_iter().find(|(_, key)| !key.is_empty());
        let is_odd = |key: &str| key.chars().count() > FOREIGN_MOST || line_fault(key).is_some();
        if given.map(|(_, key)| key).into_iter().chain(external.as_deref()).any(is_odd) {
            return Err(wrong(EXTERNAL, format!("1 … {FOREIGN_MOST}")).into());
        }
        let (once, earlier) = given.map(|(field, key)| keys(field, key)).unwrap_or_default();
        let api_key = api_key(headers, query, &form);
        Ok(Self { form, photos, api_key, once, earlier, external })
    }

    /// A field, without blanks around it.
    pub fn get(&self, name: &str) -> &str {
        self.form.get(name)
    }

    /// The name of whoever reports, family name first where it is Chinese.
    pub fn name(&self) -> String {
        let (first, last) = (self.get("first_name"), self.get("last_name"));
        let latin = first.is_ascii() && last.is_ascii();
        let name = if latin { format!("{first} {last}") } else { format!("{last}{first}") };
        name.trim().to_owned()
    }

    /// What is said of a report: whether it is done. Nothing else can be said.
    ///
    /// # Errors
    /// Neither open nor closed.
    pub fn done(&self) -> Result<bool, Refusal> {
        match self.get("status").to_ascii_lowercase().as_str() {
            "closed" => Ok(true),
            "open" => Ok(false),
            _ => Err(wrong("status", "open, closed")),
        }
    }

    /// What is reported; `now` is the minute of the day in which it comes.
    ///
    /// # Errors
    /// The first thing that is missing or wrong.
    pub fn saying(&self, catalogue: &Catalogue, land: &Land<'_>, now: u32) -> Result<Saying, Refusal> {
        let code = self.form.opt("service_code").ok_or_else(|| Refusal::new(Why::GridServiceMissing))?;
        let kind = kind_of(catalogue, code)?;
        let seen = self.seen(now)?;
        let condition = self.condition(kind, seen)?;
        if let Some(refusal) = rules::hour_fault(condition, seen) {
            return Err(refusal.field(CONDITION).with("label", CONDITION));
        }
        if condition.stop.is_some() && !is_yes(attribute(&self.form, CALLED)) {
            return Err(Refusal::new(Why::GridCallFirst).field(CALLED));
        }
        let spot = self.spot(land)?;
        let telephone = self.get("phone").to_owned();
        if !telephone.is_empty() && Telephone::parse(&telephone).is_err() {
            return Err(Refusal::new(Code::FormInvalid).field("phone").with("label", "phone"));
        }
        for name in ["first_name", "last_name", "email", "media_url", ADDRESS] {
            let fault = line_fault(self.get(name)).or_else(|| too_long(self.get(name)));
            if let Some(code) = fault {
                return Err(Refusal::new(code).field(name).with("label", name).with("limit", FOREIGN_MOST));
            }
        }
        let condition = format!("{}/{}", kind.key(), condition.code);
        let written = finding::written(land.tree, land.ground, &spot, self.get(ADDRESS));
        let (words, seen) = (self.words()?, Some(seen));
        Ok(Saying { condition, spot, written, words, telephone, public: true, tray: None, seen })
    }

    /// The words as they were sent.
    ///
    /// # Errors
    /// They hold signs that nobody sees.
    pub fn said(&self) -> Result<&str, Refusal> {
        let words = self.get("description");
        match lines_fault(words) {
            Some(code) => Err(Refusal::new(code).field("description").with("label", "description")),
            None => Ok(words),
        }
    }

    /// The minute of the day in which it was seen; that of now where nothing is said of it.
    fn seen(&self, now: u32) -> Result<u32, Refusal> {
        match attribute(&self.form, SEEN) {
            "" => Ok(now),
            told => minute(told).ok_or_else(|| wrong(SEEN, "08:00")),
        }
    }

    /// The condition that is named, else the only one that counts in that minute of the day.
    fn condition<'k>(&self, kind: &'k Kind, seen: u32) -> Result<&'k Condition, Refusal> {
        let named = attribute(&self.form, CONDITION);
        match kind.conditions.as_slice() {
            [only] if named.is_empty() => Ok(only),
            all if named.is_empty() => {
                let mut counting = all.iter().filter(|one| one.counts_at(seen));
                let only = counting.next().filter(|_| counting.next().is_none());
                only.ok_or_else(|| Refusal::new(Why::GridAttributeMissing).field(CONDITION).with("label", CONDITION))
            }
            all => {
                let codes = || all.iter().map(|one| one.code.as_str()).collect::<Vec<_>>().join(", ");
                all.iter().find(|one| one.code == named).ok_or_else(|| wrong(CONDITION, codes()))
            }
        }
    }

    /// The words, with the address of a picture below them. It is kept for whoever handles the report to open, and
    /// never asked for by us: an address that a stranger chose may lie inside the city's own network.
    fn words(&self) -> Result<String, Refusal> {
        let (words, media) = (self.said()?, self.get("media_url"));
        if !media.is_empty() && !media.starts_with("https://") && !media.starts_with("http://") {
            return Err(wrong("media_url", "https://…"));
        }
        Ok(format!("{words}\n{media}").trim().to_owned())
    }

    /// Where it is: a point, our name of the place, or words that mean one place alone. A point says it best.
    fn spot(&self, land: &Land<'_>) -> Result<Spot, Refusal> {
        let Land { tree, ground, .. } = *land;
        let (latitude, longitude) = (self.get("lat"), self.get("long"));
        if !latitude.is_empty() || !longitude.is_empty() {
            let found = finding::pointed(land, &format!("{latitude},{longitude}"));
            return found.map_err(|refusal| refusal.field("lat"));
        }
        let (id, words) = (self.get("address_id"), self.get(ADDRESS));
        if !id.is_empty() {
            let by_code = || tree.by_code(id).and_then(|place| finding::spot(tree, ground, &format!("p:{}", place.id)));
            return finding::spot(tree, ground, id)
                .or_else(by_code)
                .ok_or_else(|| Refusal::new(Why::GridPlaceUnread).field("address_id").with("label", "address_id"));
        }
        if words.is_empty() {
            return Err(Refusal::new(Why::GridPlaceUnread).field(ADDRESS).with("label", ADDRESS));
        }
        let unread = || Refusal::new(Why::GridPlaceUnread).field(ADDRESS).with("label", ADDRESS);
        match finding::meant(tree, ground, words) {
            Ok(found) => finding::spot(tree, ground, &found.at).ok_or_else(unread),
            Err(found) if found.is_empty() => Err(unread()),
            Err(found) => {
                let names: Vec<&str> = found.iter().take(NAMED).map(|found| found.at.as_str()).collect();
                let several = Refusal::new(Why::GridPlaceSeveral).field(ADDRESS);
                Err(several.with("places", names.join(", ")))
            }
        }
    }
}

/// Whether a system may report there.
///
/// # Errors
/// Its place is another.
pub fn may_report(actor: &Actor, spot: &Spot) -> Result<(), Refusal> {
    let inside = actor.grants.iter().any(|grant| grant.place.contains(&spot.community));
    if inside { Ok(()) } else { Err(Refusal::new(Why::GridPlaceForeign)) }
}

/// The key under which a call is done once, by the field in which it came, and the same as versions before kept it
/// where that was otherwise. Each field has keys of its own. The header holds ASCII signs alone, so none of its keys
/// reads like one of another field.
fn keys(field: &str, key: &str) -> (Option<String>, Option<String>) {
    if field == KEY_HEADER {
        return (Some(key.to_owned()), None);
    }
    (Some(format!("{field}→{key}")), Some(key.to_owned()))
}

fn too_long(text: &str) -> Option<Code> {
    (text.chars().count() > FOREIGN_MOST).then_some(Code::FormTooLong)
}

/// The value of an attribute: `attribute[condition]=heap`.
fn attribute<'f>(form: &'f Form, code: &str) -> &'f str {
    let single = form.get(&format!("attribute[{code}]"));
    if single.is_empty() { form.get(&format!("attribute[{code}][]")) } else { single }
}

/// Whether an attribute says yes.
fn is_yes(said: &str) -> bool {
    ["1", "yes", "true", "是"].iter().any(|yes| said.trim().eq_ignore_ascii_case(yes))
}
