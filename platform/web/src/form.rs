//! Forms as they arrive: limited, decoded strictly, proved to be ours.

use crate::binding::binding_of;
use crate::csrf::{self, Source};
use crate::error::{FormFault, WebError};
use crate::frame::Frame;
use crate::visitor::{Seat, Visitor};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use data_encoding::HEXUPPER;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::Deref;
use std::sync::Arc;
use store::once::Command;
use uuid::Uuid;

/// The largest form, in bytes.
const LARGEST_FORM: usize = 256 * 1024;
/// How many bytes of a key are the time at which it was made.
const TIME_BYTES: usize = 6;
/// The hidden field that carries the address of the list from which the page of the form was opened.
const LIST: &str = "_list";
/// The most fields of one form.
const MOST_FIELDS: usize = 2_000;

/// The fields of a form or of an address, by name. Printing it shows names alone: values may be personal.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    fields: BTreeMap<String, Vec<String>>,
}

impl std::fmt::Debug for Form {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_set().entries(self.fields.keys()).finish()
    }
}

impl Form {
    /// Decodes `a=1&b=2`.
    ///
    /// # Errors
    /// Fails with [`FormFault::Encoding`] for a broken escape, bytes that are not UTF-8, or a zero character, and with
    /// [`FormFault::TooLarge`] for too many fields.
    pub fn parse(bytes: &[u8]) -> Result<Self, FormFault> {
        let mut form = Self::default();
        for (count, pair) in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).enumerate() {
            if count >= MOST_FIELDS {
                return Err(FormFault::TooLarge);
            }
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode(halves.next().unwrap_or_default())?;
            let value = decode(halves.next().unwrap_or_default())?;
            form.add(name, value.replace("\r\n", "\n"));
        }
        Ok(form)
    }

    /// Adds a value, for tests and for filling a form in.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.fields.entry(name.into()).or_default().push(value.into());
    }

    /// The same form with one more value.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.add(name, value);
        self
    }

    /// The first value of a field, without space around it; empty when it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// The first value of a field, none when it is missing or blank.
    pub fn opt(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// All values of a field, without space around them and without blank ones.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let values = self.fields.get(name).map(Vec::as_slice).unwrap_or_default();
        values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect()
    }

    /// Whether a field was sent at all (a ticked box).
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// The names of the fields that came with something in them.
    fn filled(&self) -> BTreeSet<String> {
        let said = |values: &[String]| values.iter().any(|value| !value.trim().is_empty());
        self.fields.iter().filter(|(_, values)| said(values)).map(|(name, _)| name.clone()).collect()
    }

    /// Takes a field out of the form: its first value, without space around it.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let values = self.fields.remove(name)?;
        values.into_iter().next().map(|value| value.trim().to_owned())
    }

    /// Every field with each of its values exactly as they came, by name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
    }

    /// The fields whose names begin with a prefix: (rest of the name, first value).
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.fields.keys().filter_map(move |name| Some((name.strip_prefix(prefix)?, self.get(name))))
    }

    /// The fields written as an address would carry them, with some replaced or (when empty) left out; begins with `?`.
    pub fn address_with(&self, changes: &[(&str, &str)]) -> String {
        let kept = self.fields.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        let kept = kept.flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
        let pairs = kept.chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty());
        let text: Vec<String> = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        format!("?{}", text.join("&"))
    }
}

/// A form sent to us: read with [`Form::get`] and the like. The extractor refuses what is too large, broken or forged.
#[derive(Clone, Debug, Default)]
pub struct PostForm {
    form: Form,
    key: String,
    secret: Secret,
}

/// The key of this installation under which forms are told apart. Printing it shows nothing.
#[derive(Clone, Default)]
struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("[secret]")
    }
}

impl Deref for PostForm {
    type Target = Form;

    fn deref(&self) -> &Form {
        &self.form
    }
}

impl PostForm {
    /// The idempotency key: the field `_once`, or a fresh one when a program left it out.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// An identity for what the form makes: the same each time that somebody sends it, and hers alone. Whoever sends it
    /// cannot choose what is there already. What was made later has the greater one.
    #[must_use]
    pub fn id_of(&self, asker: Uuid) -> Uuid {
        let own = Uuid::new_v5(&asker, self.key.as_bytes());
        let Ok(made) = Uuid::parse_str(&self.key) else { return own };
        // The first six bytes are the time at which the page was made.
        let mut bytes = made.into_bytes();
        for (byte, own) in bytes.iter_mut().zip(own.into_bytes()).skip(TIME_BYTES) {
            *byte = own;
        }
        uuid::Builder::from_random_bytes(bytes).with_version(uuid::Version::SortRand).into_uuid()
    }

    /// Every field but the token and the key, as an address would carry them: it tells one command from another.
    fn without_key(&self) -> String {
        self.form.address_with(&[("_token", ""), ("_once", "")])
    }

    /// Returns the form as a command about something, such as the number of what it changes. What it says stands in it
    /// under a key that the database never sees.
    #[must_use]
    pub fn command(&self, about: impl Display) -> FormCommand {
        let mark = csrf::told_apart(&self.secret.0, &self.without_key());
        FormCommand { key: format!("{about}/{}", self.key), mark: mark.unwrap_or_default() }
    }

    /// A form that is proved to be ours. Its page knows from now on what was left empty, and from which list it came.
    pub(crate) fn proved(mut form: Form, proof: &Proof) -> Self {
        if let Some(list) = form.take(LIST) {
            proof.seat.list.get_or_init(|| list);
        }
        proof.seat.filled.get_or_init(|| form.filled());
        Self { secret: Secret(proof.frame.csrf_key), ..Self::from(form) }
    }

    /// The fields alone.
    pub fn into_form(self) -> Form {
        self.form
    }
}

/// A form that was sent, as a command that is done once. What it says may be personal: it is not kept, and a mark under
/// a key of this installation tells it from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormCommand {
    key: String,
    mark: String,
}

impl FormCommand {
    /// What it is about, and the key of the form.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What tells the form from one that says something else.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// The command as the store takes its key. `scope` names the form.
    #[must_use]
    pub fn once<'a>(&'a self, scope: &'a str) -> Command<'a> {
        Command { scope, key: &self.key, digest: &self.mark }
    }
}

impl From<Form> for PostForm {
    fn from(form: Form) -> Self {
        let sent = form.get("_once");
        let sound = !sent.is_empty() && sent.len() <= 64 && sent.chars().all(|letter| letter.is_ascii_graphic());
        let key = if sound { sent.to_owned() } else { Uuid::now_v7().to_string() };
        Self { form, key, secret: Secret::default() }
    }
}

impl<S: Send + Sync> FromRequest<S> for PostForm {
    type Rejection = WebError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, WebError> {
        let (parts, body) = request.into_parts();
        let proof = Proof::of(&parts)?;
        if !is_kind(&parts.headers, "application/x-www-form-urlencoded") {
            return Err(WebError::Form(FormFault::Kind));
        }
        let bytes: Bytes =
            axum::body::to_bytes(body, LARGEST_FORM).await.map_err(|_| WebError::Form(FormFault::TooLarge))?;
        let form = Form::parse(&bytes).map_err(WebError::Form)?;
        proof.check(form.get("_token"))?;
        Ok(Self::proved(form, &proof))
    }
}

/// What proves that a form is ours: the browser's own word, or a token bound to the visitor.
pub(crate) struct Proof {
    frame: Arc<Frame>,
    seat: Seat,
    is_same: bool,
    binding: Option<String>,
}

impl Proof {
    /// Reads it from a request, and makes the visitor known to the layer that draws errors.
    pub(crate) fn of(parts: &Parts) -> Result<Self, WebError> {
        let frame = parts.extensions.get::<Arc<Frame>>().cloned().ok_or_else(WebError::no_frame)?;
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
        let seat = parts.extensions.get::<Seat>().cloned().unwrap_or_default();
        seat.visitor.get_or_init(|| visitor.clone());
        let is_same = csrf::source(&parts.headers) == Source::Same;
        Ok(Self { frame, seat, is_same, binding: binding_of(&visitor, &parts.headers) })
    }

    /// Refuses a form that nothing proves to be ours.
    pub(crate) fn check(&self, token: &str) -> Result<(), WebError> {
        let holds = |binding: &String| csrf::holds(&self.frame.csrf_key, binding, token);
        if self.is_same || self.binding.as_ref().is_some_and(holds) {
            Ok(())
        } else {
            Err(WebError::Form(FormFault::Forged))
        }
    }
}

/// Whether a request says that its body is of a kind.
pub(crate) fn is_kind(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

/// Percent escapes and plus signs to text.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, FormFault> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
                let high = digit(rest.next()).ok_or(FormFault::Encoding)?;
                let low = digit(rest.next()).ok_or(FormFault::Encoding)?;
                u8::try_from(high * 16 + low).map_err(|_| FormFault::Encoding)?
            }
            0 => return Err(FormFault::Encoding),
            other => *other,
        });
    }
    let text = String::from_utf8(out).map_err(|_| FormFault::Encoding)?;
    if text.contains('\0') { Err(FormFault::Encoding) } else { Ok(text) }
}

/// Text as part of an address.
pub(crate) fn encode(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&HEXUPPER.encode(&[byte]));
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_and_trimmed() {
        let form = Form::parse("name=+%E6%9D%8E%E3%80%80&paper=a&paper=+&paper=b&empty=&line=a%0D%0Ab&flag".as_bytes())
            .unwrap();
        assert_eq!(form.get("name"), "李");
        assert_eq!(form.all("paper"), ["a", "b"]);
        assert_eq!(
            (form.opt("empty"), form.has("empty"), form.has("flag"), form.has("none")),
            (None, true, true, false)
        );
        assert_eq!(form.get("line"), "a\nb");
        assert_eq!(form.under("pa").collect::<Vec<_>>(), [("per", "a")]);
        assert_eq!(format!("{form:?}"), r#"{"empty", "flag", "line", "name", "paper"}"#, "values are not printed");
    }

    #[test]
    fn broken_fields_are_refused() {
        let many = "a=1&".repeat(MOST_FIELDS + 1);
        let table = [
            ("a=%", FormFault::Encoding),
            ("a=%4", FormFault::Encoding),
            ("a=%zz", FormFault::Encoding),
            ("a=%ff", FormFault::Encoding),
            ("a=%00", FormFault::Encoding),
            (many.as_str(), FormFault::TooLarge),
        ];
        for (text, fault) in table {
            assert_eq!(Form::parse(text.as_bytes()).unwrap_err(), fault);
        }
    }

    #[test]
    fn an_address_is_written_with_changes() {
        let form = Form::parse(b"words=%E8%80%81&state=late&after=9").unwrap();
        assert_eq!(
            form.address_with(&[("after", ""), ("sort", "due on")]),
            "?state=late&words=%E8%80%81&sort=due%20on"
        );
    }

    #[test]
    fn a_key_is_kept_or_made() {
        assert_eq!(PostForm::from(Form::default().with("_once", "abc")).key(), "abc");
        let made = PostForm::from(Form::default());
        assert!(Uuid::parse_str(made.key()).is_ok());
        assert!(Uuid::parse_str(PostForm::from(Form::default().with("_once", "a b")).key()).is_ok());
    }

    #[test]
    fn a_command_is_known_by_what_it_is_about_its_key_and_its_fields() {
        let form = |key: &str, name: &str| {
            let form = Form::default().with("_once", key).with("_token", "t").with("name", name);
            PostForm::from(form)
        };
        let command = form("abc", "李").command(7);
        assert_eq!((command.key(), command.mark().len()), ("7/abc", 64));
        let once = command.once("places.unit");
        assert_eq!((once.scope, once.key, once.digest), ("places.unit", "7/abc", command.mark()));
        let another = PostForm { secret: Secret([1; 32]), ..form("abc", "李") };
        assert_ne!(another.command(7).mark(), command.mark(), "another installation has another key");
        assert!(!format!("{another:?}").contains("1, 1"), "and does not print it");
        assert_eq!(form("abc", "李").command(7), command);
        for other in [form("abd", "李").command(7), form("abc", "王").command(7), form("abc", "李").command(8)] {
            assert_ne!(other, command);
        }
    }

    #[test]
    fn what_a_form_makes_has_an_identity_that_nobody_chooses() {
        let form = |key: &str| PostForm::from(Form::default().with("_once", key));
        let [one, other] = [1, 2].map(Uuid::from_u128);
        let (early, late) = (Uuid::now_v7(), Uuid::now_v7());
        for key in [early.to_string(), "abc".to_owned()] {
            let made = form(&key).id_of(one);
            assert_eq!(made, form(&key).id_of(one), "sent twice it is the same");
            assert_ne!(made, form(&key).id_of(other), "another's is another");
            assert_ne!(made.to_string(), key, "it is not the one that was sent");
        }
        let after = Uuid::from_u128(late.as_u128() + (1 << 80));
        assert!(form(&early.to_string()).id_of(one) < form(&after.to_string()).id_of(one), "the later is the greater");
    }

    #[test]
    fn what_is_written_into_an_address_is_read_back() {
        for text in ["", "a b", "+&=%", "李岺 ＋", "a\nb", "🙂", "-._~", "/?#[]@!$'()*,;:"] {
            let form = Form::parse(format!("x={}", encode(text)).as_bytes()).unwrap();
            assert_eq!(form.pairs().collect::<Vec<_>>(), [("x", text)]);
            assert!(encode(text).is_ascii());
        }
        assert!(matches!(encode("abc-1"), Cow::Borrowed("abc-1")));
    }

    #[test]
    fn the_first_value_counts_and_order_is_kept() {
        let form = Form::parse(b"b=2&a=1&b=3&=x&c=d=e&&a").unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c"), form.get("")), ("1", "2", "d=e", "x"));
        assert_eq!(form.all("b"), ["2", "3"]);
        assert_eq!(
            form.pairs().collect::<Vec<_>>(),
            [("", "x"), ("a", "1"), ("a", ""), ("b", "2"), ("b", "3"), ("c", "d=e")]
        );
        assert_eq!(Form::default().address_with(&[]), "?");
        assert_eq!(form.address_with(&[("a", ""), ("b", ""), ("", "")]), "?c=d%3De");
        let many = "a=1&".repeat(MOST_FIELDS);
        assert_eq!(Form::parse(many.as_bytes()).unwrap().all("a").len(), MOST_FIELDS, "the most that is read");
    }
}
