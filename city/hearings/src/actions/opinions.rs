//! Takes what somebody says at a hearing point, anonymous unless she writes who she is; answers it in public or to her
//! alone; and lets it become a case, whose owner and date it has from then on.

use std::sync::Arc;

use cases::{Arisen, ReceiptCode};
use hall::figures::{Subject, count_in};
use hall::{Fault, Sent};
use kernel::case::Case;
use kernel::figure::{Cell, Indicator};
use kernel::identifier::CaseNumber;
use kernel::permission::{Actor, Target, may};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::json;
use store::Tx;
use store::once::Once;
use uuid::Uuid;
use vault::{NewRecord, Person, VaultError};

use crate::Hearings;
use crate::permissions::May;
use crate::records::opinion as kept;
use crate::refusals::Why;
use crate::rules::opinion::words_fault;
use crate::words::figures::{GATHERED, REPLIED, TURNED_CASE};
use crate::words::opinion::{ANSWERED, NEW, Opinion, Released, Saying, TURNED, Wanted};
use crate::words::{HEARINGS_ANSWER, HEARINGS_KEPT};

/// Where the keys of this command are kept apart from those of others.
pub(crate) const SAY: &str = "hearings.say";
/// See [`SAY`].
const SETTLE: &str = "hearings.settle";
/// What the words are kept for; whoever said them reads it.
const PURPOSE: &str = "评理说事点的意见";
/// The series of their numbers, and its letter (意), which no kind of cases has.
const SERIES: &str = "hearings.opinion";
/// The letter of their numbers.
pub const LETTER: char = 'Y';
/// Digits of a district's code at the head of a number.
const DISTRICT_DIGITS: usize = 6;
/// The command by which the code of an opinion is reckoned.
const SLIP: &str = "opinion";
/// What words and answer are bound to.
const SAID_LABEL: &str = "hearings/said";
/// See [`SAID_LABEL`].
const ANSWER_LABEL: &str = "hearings/answer";

/// What somebody gets who said something.
#[derive(Debug)]
pub struct Said {
    /// The number.
    pub number: String,
    /// The code with which she alone reads the answer.
    pub code: Option<ReceiptCode>,
    /// It was said before with the same form.
    pub again: bool,
}

/// Something that was said, opened.
pub struct Opened {
    /// What is kept of it.
    pub opinion: Opinion,
    /// Her words; empty once they were erased.
    pub said: String,
    /// The answer to her alone.
    pub answer: String,
    /// The case that it became.
    pub case: Option<Case>,
}

/// Who settles which opinion.
#[derive(Clone, Debug)]
pub struct Settling {
    /// Its number.
    pub number: CaseNumber,
    /// Who does it.
    pub actor: Actor,
    /// The form. Sent twice, it is done once.
    pub sent: Sent,
    /// When.
    pub now: Instant,
}

/// Who settles an opinion, and when.
#[derive(Clone, Copy)]
struct By<'b> {
    actor: &'b Actor,
    now: Instant,
}

/// What becomes of an opinion.
#[derive(Clone, Debug)]
pub enum Becomes {
    /// It is answered in these words.
    Answer(String),
    /// It becomes the case of that number, which somebody typed.
    Case(String),
    /// It becomes the case of that number, which was opened from it in the same transaction.
    Brought(String),
}

/// The dates that hold for something that is said now.
#[derive(Clone, Copy)]
struct Dates {
    answer_by: Date,
    keep: Date,
}

impl Hearings {
    /// Takes what somebody says. Sent twice it is taken once.
    ///
    /// # Errors
    /// No words, or too many; a key that was used for something else; or a failure.
    pub async fn say(self: &Arc<Self>, saying: Saying, once: String, now: Instant) -> Result<Said, Fault> {
        let (desk, id) = (self.clone(), Uuid::now_v7());
        self.hall.store.write(move |tx| desk.taken(tx, &saying, id, &once, now)).await
    }

    /// Takes what somebody says in this transaction, as [`Hearings::say`] does.
    ///
    /// # Errors
    /// No words, or too many; a key that was used for something else; or a failure.
    pub(crate) fn taken(
        &self,
        tx: &mut dyn Tx,
        saying: &Saying,
        id: Uuid,
        once: &str,
        now: Instant,
    ) -> Result<Said, Fault> {
        if let Some(refusal) = words_fault(&saying.text, "text") {
            return Err(refusal.into());
        }
        let answer_by = self.hall.day_after(now, HEARINGS_ANSWER, now)?;
        let dates = Dates { answer_by, keep: self.hall.day_after(now, HEARINGS_KEPT, now)? };
        let Saying { community, text, wanted } = saying;
        let mark = format!("{} {} {}", community.id(), wanted.code(), self.hall.vault.told_apart(text));
        match store::once::begin(tx, SAY, once, &mark, now)? {
            Once::Again(before) => {
                let id = Uuid::parse_str(&before).map_err(|fault| Fault::Broken(fault.to_string()))?;
                let opinion = kept::find(tx, community.district(), id)?.ok_or(Fault::NotFound)?;
                return Ok(Said { number: opinion.number, code: self.opinion_code(id), again: true });
            }
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        let number = self.keep_opinion(tx, saying, id, dates, now)?;
        store::once::finish(tx, SAY, once, &id.to_string())?;
        Ok(Said { number, code: self.opinion_code(id), again: false })
    }

    /// Seals, numbers and counts something that is said. Returns its number.
    fn keep_opinion(
        &self,
        tx: &mut dyn Tx,
        saying: &Saying,
        id: Uuid,
        dates: Dates,
        now: Instant,
    ) -> Result<String, Fault> {
        let Saying { community, text, wanted } = saying;
        let (district, retain_until) = (community.district(), Some(dates.keep));
        let purpose = PURPOSE.to_owned();
        let record = NewRecord { id, district, person: Person::new(), purpose, retain_until, at: now };
        self.hall.vault.seal(tx, &record)?;
        let opinion = Opinion {
            district,
            id,
            number: self.opinion_number(tx, district, now)?,
            path: community.clone(),
            wanted: wanted.code().to_owned(),
            stage: NEW.to_owned(),
            said: self.hall.vault.cover(tx, district, id, SAID_LABEL, text.trim().as_bytes())?,
            answer: Vec::new(),
            question: String::new(),
            told: String::new(),
            shown: false,
            turned: String::new(),
            answer_by: dates.answer_by,
            said_at: now,
            answered_name: String::new(),
            answered_at: None,
        };
        kept::add(tx, &opinion)?;
        self.count_opinion(tx, &opinion, &GATHERED, now)?;
        Ok(opinion.number)
    }

    /// Answers something that was said, or says which case it became. Sent twice it is done once.
    ///
    /// # Errors
    /// It is settled already; no words, or too many; there is no such case that this visitor may name; `NotFound` for
    /// everybody who does not keep that hearing point.
    pub async fn settle(
        self: &Arc<Self>,
        becomes: Becomes,
        released: Released,
        settling: Settling,
    ) -> Result<(), Fault> {
        let answer = if let Becomes::Answer(words) = &becomes { words_fault(words, "answer") } else { None };
        let question = released.as_deref().and_then(|words| words_fault(words, "question"));
        if let Some(refusal) = answer.or(question) {
            return Err(refusal.into());
        }
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| desk.settled(tx, &becomes, released.as_deref(), &settling);
        self.hall.store.write(write).await
    }

    pub(crate) fn settled(
        &self,
        tx: &mut dyn Tx,
        becomes: &Becomes,
        released: Option<&str>,
        settling: &Settling,
    ) -> Result<(), Fault> {
        let Settling { number, actor, sent, now } = settling;
        let opinion = self.kept_opinion(tx, number, actor)?;
        if !sent.is_first(tx, SETTLE, *now)? {
            return Ok(());
        }
        if opinion.stage != NEW {
            return Err(Refusal::new(Why::HearingsSettled).into());
        }
        self.settle_now(tx, opinion, becomes, released, By { actor, now: *now })
    }

    /// An opinion becomes the case that was opened from it, whatever department opened it. What is no number of an
    /// opinion, one of a point that this actor does not keep, or settled meanwhile, is left alone.
    ///
    /// # Errors
    /// A failure of the store.
    pub(crate) fn arose(&self, tx: &mut dyn Tx, arisen: &Arisen<'_>) -> Result<(), Fault> {
        let Ok(number) = CaseNumber::parse(arisen.origin) else { return Ok(()) };
        let opinion = match self.kept_opinion(tx, &number, arisen.actor) {
            Err(Fault::NotFound) => return Ok(()),
            opinion => opinion?,
        };
        if opinion.stage != NEW {
            return Ok(());
        }
        let becomes = Becomes::Brought(arisen.case.number.clone());
        self.settle_now(tx, opinion, &becomes, None, By { actor: arisen.actor, now: arisen.now })
    }

    /// Keeps what becomes of an opinion that nobody has settled, counts it, and writes down who did so.
    fn settle_now(
        &self,
        tx: &mut dyn Tx,
        opinion: Opinion,
        becomes: &Becomes,
        released: Option<&str>,
        by: By<'_>,
    ) -> Result<(), Fault> {
        let By { actor, now } = by;
        // Only what she wanted to be answered in public may be made public.
        let released = released.filter(|_| opinion.wanted == Wanted::Public.code());
        let (district, id, is_shown) = (opinion.district, opinion.id, released.is_some());
        let mut settled = Opinion {
            question: released.unwrap_or_default().trim().to_owned(),
            shown: is_shown,
            answered_name: actor.name.clone(),
            answered_at: Some(now),
            ..opinion
        };
        let counted = match becomes {
            Becomes::Answer(words) => {
                ANSWERED.clone_into(&mut settled.stage);
                settled.answer = self.hall.vault.cover(tx, district, id, ANSWER_LABEL, words.as_bytes())?;
                settled.told = if is_shown { words.clone() } else { String::new() };
                &REPLIED
            }
            Becomes::Case(case) => {
                TURNED.clone_into(&mut settled.stage);
                settled.turned = self.named_case(tx, case, by)?;
                &TURNED_CASE
            }
            Becomes::Brought(number) => {
                TURNED.clone_into(&mut settled.stage);
                settled.turned.clone_from(number);
                &TURNED_CASE
            }
        };
        kept::settle(tx, &settled)?;
        let detail = json!({ "number": settled.number, "stage": settled.stage, "public": is_shown });
        let act = store::log::Act {
            district,
            stream: id,
            kind: "hearings.opinion",
            detail: &detail,
            by: actor.account,
            by_name: &actor.name,
            at: now,
        };
        store::log::note(tx, &act)?;
        self.count_opinion(tx, &settled, counted, now)
    }

    /// The number of the case that something became: one that this visitor may see. Whether there is another of that
    /// number nobody learns by trying.
    fn named_case(&self, tx: &mut dyn Tx, typed: &str, by: By<'_>) -> Result<String, Fault> {
        match self.cases.seen(tx, typed, by.actor, None, by.now) {
            Err(Fault::NotFound) => Err(Refusal::new(Why::HearingsCaseUnknown).field("case").into()),
            seen => Ok(seen?.case.number),
        }
    }

    /// Something that was said, for whoever keeps that hearing point.
    ///
    /// # Errors
    /// `NotFound` for everybody else.
    pub fn opened_opinion(&self, tx: &mut dyn Tx, number: &CaseNumber, actor: &Actor) -> Result<Opened, Fault> {
        let opinion = self.kept_opinion(tx, number, actor)?;
        self.open_opinion(tx, opinion)
    }

    /// Something that was said, for whoever holds its code; none where number or code is wrong.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn opinion_by_code(&self, tx: &mut dyn Tx, number: &str, code: &str) -> Result<Option<Opened>, Fault> {
        let Ok(number) = CaseNumber::parse(number) else { return Ok(None) };
        let Some(code) = ReceiptCode::parse(code) else { return Ok(None) };
        let Some(opinion) = self.numbered_opinion(tx, &number)? else { return Ok(None) };
        let is_hers = self.opinion_code(opinion.id).is_some_and(|own| {
            // Digests are compared, so that it takes the same time wherever the two differ.
            let digest = self.codes.digest(opinion.id, &own).unwrap_or_default();
            self.codes.holds(opinion.id, &code, &digest)
        });
        if is_hers { Ok(Some(self.open_opinion(tx, opinion)?)) } else { Ok(None) }
    }

    fn open_opinion(&self, tx: &mut dyn Tx, opinion: Opinion) -> Result<Opened, Fault> {
        let said = self.opinion_words(tx, &opinion, SAID_LABEL, &opinion.said)?;
        let answer = self.opinion_words(tx, &opinion, ANSWER_LABEL, &opinion.answer)?;
        let case = self.case_of(tx, &opinion)?;
        Ok(Opened { opinion, said, answer, case })
    }

    /// The case that something became; none while it became none.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn case_of(&self, tx: &mut dyn Tx, opinion: &Opinion) -> Result<Option<Case>, Fault> {
        if opinion.turned.is_empty() {
            return Ok(None);
        }
        match self.cases.known_number(tx, &opinion.turned) {
            Err(Fault::NotFound) => Ok(None),
            known => Ok(Some(known?.case)),
        }
    }

    fn opinion_words(&self, tx: &mut dyn Tx, opinion: &Opinion, label: &str, sealed: &[u8]) -> Result<String, Fault> {
        if sealed.is_empty() {
            return Ok(String::new());
        }
        match self.hall.vault.uncover(tx, opinion.district, opinion.id, label, sealed) {
            Ok(plain) => Ok(String::from_utf8_lossy(&plain).into_owned()),
            Err(VaultError::Erased | VaultError::NotFound) => Ok(String::new()),
            Err(fault) => Err(fault.into()),
        }
    }

    fn kept_opinion(&self, tx: &mut dyn Tx, number: &CaseNumber, actor: &Actor) -> Result<Opinion, Fault> {
        let opinion = self.numbered_opinion(tx, number)?.ok_or(Fault::NotFound)?;
        let keeps = may(actor, May::HearingsPoint, &Target::at(opinion.path.clone())).is_ok();
        if keeps { Ok(opinion) } else { Err(Fault::NotFound) }
    }

    fn numbered_opinion(&self, tx: &mut dyn Tx, number: &CaseNumber) -> Result<Option<Opinion>, Fault> {
        let code = format!("{}000000", number.district_code());
        let Some(district) = self.hall.places.tree().by_code(&code).map(|place| place.id) else { return Ok(None) };
        Ok(kept::numbered(tx, district, number.as_str())?)
    }

    /// The code of something that was said. It is reckoned, so nothing of it is kept.
    fn opinion_code(&self, id: Uuid) -> Option<ReceiptCode> {
        self.codes.code(id, SLIP)
    }

    fn opinion_number(&self, tx: &mut dyn Tx, district: PlaceId, now: Instant) -> Result<String, Fault> {
        let tree = self.hall.places.tree();
        let missing = || Fault::Broken(format!("the district {} is not in the tree", district.0));
        let code: String = tree.get(district).ok_or_else(missing)?.code.chars().take(DISTRICT_DIGITS).collect();
        let year = self.hall.day(now).year();
        let running = store::series::next(tx, district, SERIES, year.into())?;
        let number = CaseNumber::of_series(LETTER, &code, year, running);
        let number = number.map_err(|fault| Fault::Broken(format!("district code {code}: {fault}")))?;
        Ok(number.as_str().to_owned())
    }

    fn count_opinion(
        &self,
        tx: &mut dyn Tx,
        opinion: &Opinion,
        counted: &'static Indicator,
        now: Instant,
    ) -> Result<(), Fault> {
        let subject = Subject { publisher: "hearings", district: opinion.district, id: opinion.id };
        let cell = Cell { place: opinion.path.clone(), department: String::new(), day: self.hall.day(now) };
        Ok(count_in(tx, &subject, &cell, &[(counted, 1)])?)
    }
}
