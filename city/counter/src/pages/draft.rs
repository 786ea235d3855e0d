//! These pages save answers so that the applicant can go on later. The answers are sealed in the vault as a record of
//! their own, which a link with an unguessable code opens again.
//!
//! The code is 128 bits and stands nowhere but in the link: the record's identity is derived from it, and not the other
//! way round. The code of the link is derived in the same way from a shorter one, which somebody can copy and type.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Fault;
use jobs::ChannelKind;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days};
use serde::{Deserialize, Serialize};
use store::Tx;
use uuid::Uuid;
use vault::{Look, NewRecord, Person, PersonField, Vault, VaultError};
use web::{Form, InPath, Next, Page, PostForm, Problem, Qr, WebError, render_status};

use super::apply::{Turn, carried};
use super::draft_code::ShortCode;
use super::gone::{self, Gone};
use crate::attempts::too_many_as;
use crate::words::{Ask, COUNTER_DRAFT_BYTES, COUNTER_DRAFTS_MOST, COUNTER_DRAFTS_PER_HOUR, Question};
use crate::{Counter, Why, records};

/// What is sealed: the answers as the form sends them.
#[derive(Serialize, Deserialize)]
struct Draft {
    item: String,
    question: String,
    fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "counter/draft.html")]
struct DraftPage {
    page: Page,
    href: String,
    /// The address in full, as it can be copied from paper.
    whole: String,
    /// The square that opens it.
    qr: Option<Qr>,
    /// The code that is typed where the link cannot be opened. It is empty where nobody knows it any more.
    short: String,
    /// Where it is typed.
    typed_at: String,
    until: String,
    /// The ways in which the link can be sent to her.
    ways: Vec<&'static str>,
    /// It was sent just now.
    sent: bool,
    problems: Vec<Problem>,
}

/// The ways in which a link goes out: the channel, and the field of the form that holds its address.
pub(super) const WAYS: [(ChannelKind, &str); 2] =
    [(ChannelKind::Webhook, "telephone"), (ChannelKind::Email, "mailbox")];

/// The fields of the ways that the city has.
fn ways(channels: &[ChannelKind]) -> Vec<&'static str> {
    WAYS.into_iter().filter(|(channel, _)| channels.contains(channel)).map(|(_, field)| field).collect()
}

/// What the page of a link shows beside it.
#[derive(Default)]
pub(super) struct Told {
    /// The short code, as the form of the page brought it back.
    pub short: String,
    /// What was wrong with the address to which it should be sent.
    pub faults: Vec<Refusal>,
}

#[derive(Template)]
#[template(path = "counter/resume.html")]
struct ResumePage {
    page: Page,
    typed: String,
    problems: Vec<Problem>,
}

/// The cookie that carries the short code from the form that saved something to the page that shows it, so that it
/// stands in no address and in no history.
const SAVED_COOKIE: &str = "saved_code";
/// How long that page is shown in the browser that saved, in seconds.
const SAVED_SECONDS: i64 = 900;
/// That page.
const SAVED_PAGE: &str = "/apply/resume?saved=1";

/// `GET /apply/resume`: asks for the short code. With `saved` in the address it shows what this browser has just saved.
///
/// # Errors
/// A failure to draw.
pub async fn typing(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    let saved = page.cookie(SAVED_COOKIE).filter(|_| page.query.has("saved"));
    if let Some(short) = saved.and_then(|saved| ShortCode::parse(&saved)) {
        let (guess, code) = (counter.guess(&page, "draft"), counter.link_code(&short));
        if let Some(until) = counter.guarded(&guess, counter.kept_until(&page, code)).await? {
            let told = Told { short: short.plain().to_owned(), ..Told::default() };
            return counter.saved(page, code, Some(until), &told);
        }
    }
    web::render(&ResumePage { page, typed: String::new(), problems: Vec::new() })
}

/// `POST /apply/resume`: leads to what was saved under a short code. Whether there is such a thing, and how often
/// somebody may try, is asked there.
///
/// # Errors
/// A failure to draw.
pub async fn typed(State(counter): State<Arc<Counter>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let typed = form.get("code").to_owned();
    if let Some(short) = ShortCode::parse(&typed) {
        let to = format!("/apply/resume/{}", counter.link_code(&short).simple());
        return Ok(Redirect::to(&to).into_response());
    }
    let empty = typed.trim().is_empty();
    let refusal = Refusal::new(if empty { Code::FormMissing } else { Why::CounterSavedCode }).field("code");
    let problems = page.problems("counter-draft-", &[refusal]);
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &ResumePage { page, typed, problems })
}

/// `GET /apply/resume/{code}`: goes on where it stopped.
///
/// # Errors
/// Answers 404 for a code that opens nothing, or nothing any more, and says why that may be.
pub async fn resume(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<Option<Uuid>>,
) -> Result<Response, WebError> {
    let Some(code) = code else { return gone::answer(page, Gone::Draft) };
    let guess = counter.guess(&page, "draft");
    let check = async {
        match counter.opened_draft(&page, code).await {
            Err(Fault::NotFound) => Ok(None),
            opened => opened.map(Some),
        }
    };
    let Some(draft) = counter.guarded(&guess, check).await? else { return gone::answer(page, Gone::Draft) };
    let catalogue = counter.catalogue();
    let Some(item) = catalogue.get(&draft.item) else { return gone::answer(page, Gone::Draft) };
    let form = draft.fields.into_iter().fold(Form::default(), |form, (name, value)| form.with(name, value));
    let answers = counter.typed(&page, item, &PostForm::from(form));
    let (ask, once) = (counter.asking(&page, &catalogue, item, &answers), page.once());
    let question = Question::parse(&draft.question).unwrap_or(Question::Residence);
    let turn = Turn { question, answers, faults: Vec::new(), draft: code.simple().to_string(), once };
    counter.ask(page, &ask, turn)
}

impl Counter {
    /// Seals the answers and leads to the page that shows the link. Each save has a code of its own, which the server
    /// makes from the form's key: the code of a link that somebody sent her would open her answers for him. What the
    /// old link opened is erased. The same form sent twice has the same link.
    ///
    /// Somebody who is no member of staff saves so many from one network address; nobody saves one that is too large,
    /// or one more where the city keeps as many as it can.
    pub(super) async fn save(&self, page: Page, ask: &Ask<'_>, turn: Turn) -> Result<Response, WebError> {
        let bound = self.bound_from(&page, "draft saved", COUNTER_DRAFTS_PER_HOUR)?;
        let saved = self.within(bound, page.now, self.saved_as(&page, ask, &turn)).await;
        let saved = saved.map_err(|fault| too_many_as(fault, Why::CounterTooMany));
        let saved = saved.map(|short| self.to_saved(&short, ""));
        let again = |refusal| async move { self.ask(page, ask, Turn { faults: vec![refusal], ..turn }) };
        web::answer(saved, again).await
    }

    /// Saves the answers, and returns the short code under which they are.
    async fn saved_as(&self, page: &Page, ask: &Ask<'_>, turn: &Turn) -> Result<ShortCode, Fault> {
        let short_of = |label: String| ShortCode::of(self.secret(&label).as_u128());
        let short = short_of(format!("code {}", turn.once));
        // The form of a page that she went back to: what it saved then was erased when she saved again.
        let other_short = short_of(format!("code {} {}", turn.once, Uuid::now_v7()));
        let (code, spare) = (self.link_code(&short), self.link_code(&other_short));
        let before = Uuid::parse_str(&turn.draft).ok().filter(|before| *before != code);
        let before = before.and_then(|before| self.draft_place(before));
        let draft = Draft {
            item: ask.item.code.clone(),
            question: turn.question.code(),
            fields: carried(&Question::Check, &turn.answers),
        };
        let note = serde_json::to_string(&draft).map_err(|fault| Fault::Broken(fault.to_string()))?;
        let largest = self.cases.hall.figure(COUNTER_DRAFT_BYTES, page.now)?;
        if !i64::try_from(note.len()).is_ok_and(|bytes| bytes <= largest) {
            return Err(Refusal::new(Why::CounterDraftLarge).into());
        }
        let (record, other) = (self.draft_record(page, code, &note)?, self.draft_record(page, spare, &note)?);
        let room =
            Room { today: page.today(), most: i64::from(self.cases.hall.figure(COUNTER_DRAFTS_MOST, page.now)?) };
        let (vault, look, now) = (self.cases.hall.vault.clone(), look(page), page.now);
        let sealed = self.cases.hall.store.write(move |tx| {
            if let Some((district, id)) = before {
                erase_if_there(&vault, tx, district, id, now)?;
            }
            let first = sealed(&vault, tx, &record, &look, room)?;
            if !first && !sealed(&vault, tx, &other, &look, room)? {
                return Err(Fault::NotFound);
            }
            Ok(first)
        });
        Ok(if sealed.await? { short } else { other_short })
    }

    /// Erases a draft once its application was sent off. What cannot be erased now is erased when its time is over.
    pub(super) async fn erase_draft(&self, page: &Page, code: &str) {
        let Some((district, id)) = Uuid::parse_str(code).ok().and_then(|code| self.draft_place(code)) else { return };
        let (vault, now) = (self.cases.hall.vault.clone(), page.now);
        let erased = self.cases.hall.store.write(move |tx| erase_if_there(&vault, tx, district, id, now)).await;
        if let Err(fault) = erased {
            tracing::warn!(%fault, "a draft was not erased");
        }
    }

    /// Returns the code of the link that a short code opens.
    fn link_code(&self, short: &ShortCode) -> Uuid {
        self.secret(&format!("link {}", short.plain()))
    }

    /// Leads to the page that shows what is saved under a short code, with something added to what it is asked.
    fn to_saved(&self, short: &ShortCode, more: &str) -> Next {
        let cookie = format!(
            "{SAVED_COOKIE}={}; Path=/apply/resume; Max-Age={SAVED_SECONDS}; HttpOnly; SameSite=Lax{}",
            short.plain(),
            self.secure()
        );
        Next::with_cookie(&format!("{SAVED_PAGE}{more}"), cookie)
    }

    /// Leads to the page after the link was sent. The short code is told only where it is hers.
    pub(super) fn to_sent(&self, code: Uuid, short: &str) -> Next {
        match ShortCode::parse(short).filter(|short| self.link_code(short) == code) {
            Some(short) => self.to_saved(&short, "&sent=1"),
            None => Next::from(format!("/apply/resume/{}", code.simple())),
        }
    }

    /// Returns the link in full.
    pub(super) fn link(&self, code: Uuid) -> String {
        format!("{}/apply/resume/{}", self.public_url, code.simple())
    }

    /// Returns the last day of what is saved under a code; none where nothing is.
    pub(super) async fn kept_until(&self, page: &Page, code: Uuid) -> Result<Option<Date>, Fault> {
        let Some((district, id)) = self.draft_place(code) else { return Ok(None) };
        let today = page.today();
        self.cases.hall.store.read(move |tx| Ok(records::saved_until(tx, district, id, today)?)).await
    }

    /// Shows the link to what is saved until a day, or says that nothing is.
    pub(super) fn saved(&self, page: Page, code: Uuid, until: Option<Date>, told: &Told) -> Result<Response, WebError> {
        let Some(until) = until.map(|day| page.full_date(day)) else { return gone::answer(page, Gone::Draft) };
        let (href, whole) = (format!("/apply/resume/{}", code.simple()), self.link(code));
        let short = ShortCode::parse(&told.short).filter(|short| self.link_code(short) == code);
        let drawn = DraftPage {
            qr: Qr::of(&whole),
            short: short.map(|short| short.grouped()).unwrap_or_default(),
            typed_at: format!("{}/apply/resume", self.public_url),
            ways: ways(&self.sends),
            sent: page.query.has("sent") && told.faults.is_empty(),
            problems: page.problems("counter-field-", &told.faults),
            href,
            whole,
            until,
            page,
        };
        let status = if drawn.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        render_status(status, &drawn)
    }

    async fn opened_draft(&self, page: &Page, code: Uuid) -> Result<Draft, Fault> {
        let (district, id) = self.draft_place(code).ok_or(Fault::NotFound)?;
        // Whoever comes after the last day finds nothing, whether or not it is erased yet.
        if self.kept_until(page, code).await?.is_none() {
            return Err(Fault::NotFound);
        }
        let (vault, look) = (self.cases.hall.vault.clone(), look(page));
        let opened = self.cases.hall.store.write(move |tx| opened(&vault, tx, district, id, &look)).await?;
        let note = opened.get(PersonField::Note).ok_or(Fault::NotFound)?;
        serde_json::from_str(note.expose()).map_err(|_| Fault::NotFound)
    }

    fn draft_record(&self, page: &Page, code: Uuid, note: &str) -> Result<NewRecord, Fault> {
        let (district, id) = self.draft_place(code).ok_or(Fault::NotFound)?;
        Ok(NewRecord {
            id,
            district,
            person: Person::new().with(PersonField::Note, note),
            purpose: page.t("counter-draft-purpose"),
            retain_until: self.draft_until(page)?,
            at: page.now,
        })
    }

    /// Returns the last day that a draft is kept.
    fn draft_until(&self, page: &Page) -> Result<Option<Date>, Fault> {
        let days = self.cases.hall.figure(crate::words::COUNTER_DRAFT_DAYS, page.now)?;
        Ok(date_plus_days(page.today(), days))
    }

    /// Returns where the record of a code lies. It lies with the city, since it is not known yet where its writer
    /// lives.
    pub(super) fn draft_place(&self, code: Uuid) -> Option<(PlaceId, Uuid)> {
        let city = self.cases.hall.places.tree().root().map(|city| city.id)?;
        Some((city, self.secret(&format!("record {}", code.simple()))))
    }

    /// Returns 128 bits that nobody can find without the vault's key.
    fn secret(&self, label: &str) -> Uuid {
        let key = self.cases.hall.vault.derive_key(&format!("counter.draft {label}"));
        key.first_chunk::<16>().map(|bytes| Uuid::from_bytes(*bytes)).unwrap_or_default()
    }
}

/// How many drafts the city keeps, and what is too old to count.
#[derive(Clone, Copy)]
struct Room {
    today: Date,
    most: i64,
}

/// Seals answers, or changes those that are sealed there. Returns false where something was erased.
fn sealed(vault: &Vault, tx: &mut dyn Tx, record: &NewRecord, look: &Look, room: Room) -> Result<bool, Fault> {
    match vault.change(tx, record.district, record.id, &record.person, look) {
        Err(VaultError::NotFound) => {
            if records::count_saved(tx, record.district, room.today)? >= room.most {
                return Err(Refusal::new(Why::CounterDraftsFull).into());
            }
            vault.seal(tx, record)?;
        }
        Err(VaultError::Erased) => return Ok(false),
        changed => changed?,
    }
    vault.retain_until(tx, record.district, record.id, record.retain_until)?;
    if let Some(until) = record.retain_until {
        records::note_saved(tx, record.district, record.id, until)?;
    }
    Ok(true)
}

/// Erases what an older link opened. It may be gone, or never have been there.
fn erase_if_there(vault: &Vault, tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<(), Fault> {
    records::forget_saved(tx, district, id)?;
    match vault.erase(tx, district, id, now) {
        Err(VaultError::NotFound) => Ok(()),
        erased => Ok(erased?),
    }
}

fn opened(vault: &Vault, tx: &mut dyn Tx, district: PlaceId, id: Uuid, look: &Look) -> Result<Person, Fault> {
    match vault.open(tx, district, id, look) {
        Err(VaultError::NotFound | VaultError::Erased) => Err(Fault::NotFound),
        opened => Ok(opened?),
    }
}

/// Makes the look of whoever has the link, as the record's log tells it.
fn look(page: &Page) -> Look {
    Look {
        account: page.visitor.actor.account,
        name: page.t("counter-draft-by"),
        place: String::new(),
        purpose: page.t("counter-draft-purpose"),
        case_number: None,
        at: page.now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_ways_that_the_city_has_are_offered() {
        let table: [(&[ChannelKind], &[&str]); 4] = [
            (&[], &[]),
            (&[ChannelKind::InApp], &[]),
            (&[ChannelKind::Webhook], &["telephone"]),
            (&[ChannelKind::Email, ChannelKind::Webhook], &["telephone", "mailbox"]),
        ];
        for (channels, expected) in table {
            assert_eq!(ways(channels), expected, "{channels:?}");
        }
    }
}
