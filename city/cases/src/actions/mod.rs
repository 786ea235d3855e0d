//! Somebody does something with a case in one transaction: takes a step, rates, supervises, recomputes a provisional
//! date. `opening` holds how a case is opened, `persons` holds who may look at the persons behind it, `code` holds the
//! codes of receipts, `words` holds how what people write is sealed.
//!
//! The kernel decides every action. The action is remembered as events in the hash-chained log, folded into the case's
//! row, and announced in the outbox: all of it or none.

mod announcing;
mod code;
mod figures;
mod holding;
mod kinds;
mod offices;
mod opening;
mod origins;
mod past;
mod persons;
mod silence;
mod supplying;
mod words;

use std::collections::BTreeMap;

use hall::Fault;
use kernel::calendar::Limit;
use kernel::case::{Acting, Case, CaseId, Command, Decided, Moment, Recorded, Relation, fold};
use kernel::permission::Actor;
use kernel::place::{PlaceId, PlacePath};
use kernel::procedure::{Procedure, State};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use store::Tx;
use uuid::Uuid;

pub use code::{Renewing, TOPIC_RENEWED};
pub use holding::{Held, LEAVE, TOPIC_DROPPED};
pub(crate) use offices::Crew;
pub use offices::decider_of;
pub use opening::{Guard, NewCase, OPENED};
pub use origins::{Arisen, Origin};
pub use past::{events_of, last_event_of, left_since};
pub use persons::Looking;
pub use silence::{After, FIRST, TAKE};
pub use words::{Told, Words, WordsInspected, own_record};

use self::figures::Figures;
use self::words::Written;
use crate::code::CodeMark;
use crate::kind::Change;
use crate::records::{self, Derived, Folded, Key};
use crate::rules::figures::{Cell, Month, tallies};
use crate::{Cases, rules};

/// Topic of the outbox: a case was opened or moved. Payload: `{"district", "id", "number", "state", "action"}`.
pub const TOPIC_MOVED: &str = "cases.moved";

/// One step of a case that exists.
pub struct Step {
    /// Shard.
    pub district: PlaceId,
    /// The case.
    pub id: Uuid,
    /// What to do.
    pub command: Command,
    /// Sent twice with the same key, done once.
    pub once: String,
}

/// A case, the sealed record that it is mainly about, and its applicant's account.
pub struct Known {
    /// The folded case.
    pub case: Case,
    /// The sealed record that it is mainly about; none where nobody's data are sealed, such as of an anonymous report.
    pub person: Option<Uuid>,
    /// The account of the one who applied.
    pub applicant: Option<Uuid>,
    /// The mark of the code that the one holds whom it is mainly about. A pass from another code has ended.
    pub code: Option<CodeMark>,
}

impl Known {
    /// Returns which case it is.
    #[must_use]
    pub fn key(&self) -> Key {
        Key { district: district(&self.case), id: self.case.id.0 }
    }
}

/// What is to be decided: a command on a case, or one that opens a case.
struct Deciding<'d> {
    /// Identity of the case.
    id: CaseId,
    /// The case as it stands; none where the command opens it.
    case: Option<&'d Case>,
    /// What to do.
    command: &'d Command,
    /// Who does it.
    actor: &'d Actor,
    /// How she stands to the case.
    relation: Relation,
    /// When.
    now: Instant,
}

/// What a command comes to, before any of it is remembered.
struct Tried {
    /// What would be recorded, with the words as they were typed.
    recorded: Vec<Recorded>,
    /// The case after the first record, where it need not be folded anew.
    after: Option<Case>,
    /// The moment that would be recorded.
    now: Instant,
}

/// What is done to a case that was read already, by whom and when.
pub struct Doing<'a> {
    /// What to do.
    pub command: &'a Command,
    /// Sent twice with the same key, it is done once.
    pub once: &'a str,
    /// Who does it.
    pub actor: &'a Actor,
    /// How she stands to the case.
    pub relation: Relation,
    /// How many events the case had when the page was made that sends it; none where no page does.
    pub drawn: Option<i64>,
    /// When.
    pub now: Instant,
}

impl Cases {
    /// Takes one step of a case: decides, writes events, row and announcement. Sent twice it is done once.
    ///
    /// # Errors
    /// `NotFound`, a refusal of the kernel, or a failure of the store.
    pub fn step(
        &self,
        tx: &mut dyn Tx,
        step: &Step,
        actor: &Actor,
        relation: &Relation,
        now: Instant,
    ) -> Result<Case, Fault> {
        let known = self.known(tx, step.district, step.id)?;
        let doing = Doing { command: &step.command, once: &step.once, actor, relation: *relation, drawn: None, now };
        self.go_on(tx, known, &doing).map(|known| known.case)
    }

    /// Takes one step of a case that was read in this transaction, and returns the case as it stands then. Sent twice,
    /// the step is done once.
    ///
    /// # Errors
    /// A refusal of the kernel, or a failure of the store.
    pub fn go_on(&self, tx: &mut dyn Tx, known: Known, doing: &Doing<'_>) -> Result<Known, Fault> {
        if !self.is_first(tx, &known, doing)? {
            return Ok(known);
        }
        let known = self.free(tx, known, doing)?;
        self.is_shown(tx, &known.case, doing)?;
        self.moved(tx, known, doing)
    }

    /// The case as it stands.
    ///
    /// # Errors
    /// `NotFound`, or a failure of the store.
    pub fn known(&self, tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Known, Fault> {
        known(&records::find(tx, district, id)?.ok_or(Fault::NotFound)?)
    }

    /// The case of a number as people read it.
    ///
    /// # Errors
    /// `NotFound` when the number is malformed or unknown, or a failure of the store.
    pub fn known_number(&self, tx: &mut dyn Tx, number: &str) -> Result<Known, Fault> {
        let (district, number) = self.district_of(number).ok_or(Fault::NotFound)?;
        known(&records::find_number(tx, district, &number)?.ok_or(Fault::NotFound)?)
    }

    /// Computes provisional dates of open cases again after a calendar notice. `after` is the last case that was done,
    /// nil at first. Returns the last case looked at, or nothing when all are done.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn recompute(&self, tx: &mut dyn Tx, after: Uuid, limit: i64, now: Instant) -> Result<Option<Uuid>, Fault> {
        let mut last = None;
        for folded in records::provisional(tx, after, limit)? {
            last = Some(folded.id);
            let known = known(&folded)?;
            self.by_itself(tx, known, &Command::Recompute, now)?;
        }
        Ok(last)
    }

    /// Looks at no more than `limit` open cases after `after`. Returns the procedures, with their versions, that these
    /// cases follow and that are not kept; and the last case looked at.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn versions_not_kept(
        &self,
        tx: &mut dyn Tx,
        after: Uuid,
        limit: i64,
    ) -> Result<(BTreeMap<String, usize>, Option<Uuid>), Fault> {
        let (mut missing, mut last) = (BTreeMap::new(), None);
        for folded in records::open_cases(tx, after, limit)? {
            last = Some(folded.id);
            let case = known(&folded)?.case;
            if self.procedures().of(&case.procedure, case.procedure_version).is_none() {
                *missing.entry(format!("{} version {}", case.procedure, case.procedure_version)).or_default() += 1;
            }
        }
        Ok((missing, last))
    }

    /// Brings one case to where the places that it names lie now: each move of a place from there to there, in this
    /// order. Done again it changes nothing.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn relocate(
        &self,
        tx: &mut dyn Tx,
        case: &Key,
        moves: &[(PlacePath, PlacePath)],
        now: Instant,
    ) -> Result<(), Fault> {
        for (from, to) in moves {
            let known = self.known(tx, case.district, case.id)?;
            let command = Command::Relocate { from: from.clone(), to: to.clone() };
            self.by_itself(tx, known, &command, now)?;
        }
        Ok(())
    }

    /// Until when a poor rating is to be followed up; none when it is good, was followed up, or is set aside.
    ///
    /// # Errors
    /// The rulebook has no such figures.
    pub fn follow_up_by(&self, case: &Case, now: Instant) -> Result<Option<Date>, Fault> {
        let Some((score, rated)) = case.rating().zip(case.rated()) else { return Ok(None) };
        let poor = u32::from(score) <= self.hall.figure(crate::words::RATING_CALLBACK_AT_OR_BELOW, now)?;
        let aside = rated.appeal.as_ref().is_some_and(|appeal| appeal.upheld == Some(true));
        if !poor || rated.followed_up_at.is_some() || aside {
            return Ok(None);
        }
        Ok(Some(self.hall.day_after(rated.at, crate::words::RATING_CALLBACK, now)?))
    }

    /// The limit within which an application is accepted or everything missing is told at once (一次性告知).
    pub(crate) fn accept_within(&self, case: &Case, now: Instant) -> Result<Limit, Fault> {
        let on = self.hall.calendar().zone().date(now);
        Ok(self.hall.rulebook.get(crate::words::CASE_ACCEPT_OR_TELL_MISSING, &case.place, on)?)
    }

    pub(crate) fn lateness(
        &self,
        case: &Case,
        procedure: &Procedure,
        now: Instant,
    ) -> Result<crate::words::Lateness, Fault> {
        let state = Self::state(case, procedure)?;
        Ok(rules::lateness(
            case,
            state,
            kernel::case::turn(procedure, case, state),
            &self.hall.calendar(),
            self.accept_within(case, now)?,
            now,
        ))
    }

    pub(crate) fn state<'p>(case: &Case, procedure: &'p Procedure) -> Result<&'p State, Fault> {
        procedure
            .states
            .get(&case.state)
            .ok_or_else(|| Fault::Broken(format!("{}: state {} is not in {}", case.number, case.state, procedure.name)))
    }

    /// Decides a command on a case that exists and remembers what came of it. A command without an event changes
    /// nothing.
    fn moved(&self, tx: &mut dyn Tx, known: Known, doing: &Doing<'_>) -> Result<Known, Fault> {
        let procedure = self.procedure_of(&known.case)?;
        let before = known.case.sequence;
        let Tried { mut recorded, after, now } = self.tried(tx, &known, doing)?;
        if recorded.is_empty() {
            return Ok(known);
        }
        let said = if doing.relation == Relation::default() {
            String::new()
        } else {
            words::said_in(procedure, &mut recorded)
        };
        let sealed = self.seal_words(tx, &Written::of(&known, procedure, now), &mut recorded)?;
        // A case that was decided on with words is folded anew with their handles.
        let (case, figures) = self.folded_from(Some(known.case), &recorded, after.filter(|_| !sealed), procedure)?;
        let known = Known { case, ..known };
        self.remember(tx, &known, &recorded, &figures, before, now)?;
        let goes_on = self.kind_hears(tx, &known, &said, now)?;
        let Key { district, id } = known.key();
        if goes_on { self.known(tx, district, id) } else { Ok(known) }
    }

    /// Decides a command on a case that exists, without remembering anything of it.
    fn tried(&self, tx: &mut dyn Tx, known: &Known, doing: &Doing<'_>) -> Result<Tried, Fault> {
        let Doing { command, actor, relation, now, .. } = *doing;
        // A clock that was set back tells nothing as earlier than what came before it.
        let now = now.max(known.case.entered_at);
        let compared = self.compared(tx, known, command)?;
        let standing = compared.as_ref().unwrap_or(&known.case);
        let asked = Deciding { id: known.case.id, case: Some(standing), command, actor, relation, now };
        let (recorded, after) = self.decided(self.procedure_of(&known.case)?, &asked)?;
        self.knows_papers(&known.case, command)?;
        self.kind_allows(tx, &known.case, doing)?;
        self.somebody_is_there(tx, &known.case, doing)?;
        Ok(Tried { recorded, after: after.filter(|_| compared.is_none()), now })
    }

    /// Every paper that a step names is one of the item's, or one that the case has or asks for already.
    fn knows_papers(&self, case: &Case, command: &Command) -> Result<(), Refusal> {
        let Command::Act { papers, .. } = command else { return Ok(()) };
        if papers.is_empty() || case.service.is_none() {
            return Ok(());
        }
        let facts = self.items.facts_of(case.item(), case.item_version());
        let materials = facts.map(|facts| facts.materials).unwrap_or_default();
        let known = |paper: &String| {
            let is_named = materials.iter().any(|(code, _)| code == paper);
            is_named || case.papers().contains_key(paper) || case.missing().contains(paper)
        };
        match papers.iter().find(|paper| !known(paper)) {
            Some(unknown) => Err(Refusal::new(Code::FormPaperUnknown).field("papers").with("label", unknown)),
            None => Ok(()),
        }
    }

    /// The case with the limits of the rulebook that its procedure asks for and that were not kept with it, because it
    /// was opened before procedures asked for any: those of the day on which it came to its state. None where nothing
    /// is missing.
    pub(crate) fn limited(&self, procedure: &Procedure, case: &Case) -> Result<Option<Case>, Fault> {
        let missing: Vec<&str> = procedure.state_rules().filter(|code| !case.limits.contains_key(*code)).collect();
        if missing.is_empty() {
            return Ok(None);
        }
        let (mut limited, on) = (case.clone(), self.hall.day(case.entered_at));
        for code in missing {
            limited.limits.insert(code.to_owned(), self.hall.rulebook.limit(code, &case.place, on)?);
        }
        Ok(Some(limited))
    }

    /// Decides a command: what is recorded of it, and the case after the first record.
    fn decided(&self, procedure: &Procedure, asked: &Deciding<'_>) -> Result<(Vec<Recorded>, Option<Case>), Fault> {
        let Deciding { id, case, command, actor, relation, now } = *asked;
        let limited = case.map(|case| self.limited(procedure, case)).transpose()?.flatten();
        let standing = limited.as_ref().or(case);
        let acting = Acting { actor, relation: &relation };
        let calendar = self.hall.calendar();
        let moment = Moment { calendar: &calendar, now };
        let Decided { by, events, after } = kernel::case::decided(procedure, standing, command, acting, moment)?;
        let recorded = events.into_iter().map(|event| Recorded { id, at: now, by: by.clone(), event }).collect();
        let own = |after: Case| Case { id, limits: case.map_or(after.limits, |case| case.limits.clone()), ..after };
        Ok((recorded, after.map(own)))
    }

    /// The case after the events, and what they add to the desk's own figures.
    ///
    /// # Errors
    /// Events that do not follow.
    pub fn folded(
        &self,
        before: Option<Case>,
        recorded: &[Recorded],
        procedure: &Procedure,
    ) -> Result<(Case, BTreeMap<Cell, Month>), Fault> {
        self.folded_from(before, recorded, None, procedure).map(|(case, figures)| (case, figures.cells))
    }

    /// As [`Cases::folded`], where the case after the first record is known already, with all figures.
    pub(crate) fn folded_from(
        &self,
        before: Option<Case>,
        recorded: &[Recorded],
        mut first: Option<Case>,
        procedure: &Procedure,
    ) -> Result<(Case, Figures), Fault> {
        let (mut case, mut figures) = (before, Figures::default());
        let calendar = self.hall.calendar();
        let zone = calendar.zone();
        for one in recorded {
            let after = match first.take() {
                Some(after) => after,
                None => fold(case.clone(), one, procedure).map_err(|fault| Fault::Broken(fault.to_string()))?,
            };
            // The desk's own figures are the counter's; the kinds of other departments count theirs.
            let counted = after.service.is_some().then(|| tallies(case.as_ref(), one, &after, procedure, zone));
            for (cell, counts) in counted.into_iter().flatten() {
                figures.cells.entry(cell).or_default().add(&counts);
            }
            if let Some(kind) = self.kinds.get(&after.kind) {
                let (before, calendar) = (case.as_ref(), &*calendar);
                figures.publish(kind.counts(&Change { before, recorded: one, after: &after, zone, calendar }));
            }
            case = Some(after);
        }
        case.map(|case| (case, figures)).ok_or_else(|| Fault::Broken("an action without an event".to_owned()))
    }

    /// One named transaction's worth: row, events, announcement.
    pub(crate) fn remember(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        recorded: &[Recorded],
        figures: &Figures,
        before: i64,
        now: Instant,
    ) -> Result<(), Fault> {
        let case = &known.case;
        let procedure = self.procedure_of(case)?;
        let state = Self::state(case, procedure)?;
        let derived = Derived {
            subject: self.subject(case),
            desk: rules::desk(procedure, case, state),
            lateness: self.lateness(case, procedure, now)?,
            person: known.person,
            applicant: known.applicant,
            follow_up_by: self.follow_up_by(case, now)?,
            late: rules::late_told(procedure, case, &self.hall.calendar(), now),
        };
        let stood = if before == 0 { None } else { records::figures::stood(tx, district(case), case.id.0)? };
        let mut entries = Vec::new();
        for one in recorded {
            entries.push((
                one.event.kind(),
                serde_json::to_string(one).map_err(|fault| Fault::Broken(fault.to_string()))?,
            ));
        }
        store::log::append(tx, district(case), case.id.0, before, &entries, now)?;
        if before == 0 {
            records::insert(tx, case, &derived)?;
        } else {
            records::update(tx, case, &derived, before)?;
        }
        for one in recorded {
            records::talk::note_consultations(tx, case, &one.event, now)?;
            records::party::note(tx, case, procedure, &one.event)?;
        }
        silence::expect(tx, case, procedure)?;
        if state.terminal {
            self.start_retention(tx, known, now)?;
        }
        // Rows that many share come last: they are held until the commit. Those of the kind's department come after the
        // desk's, as they do where a case is opened, so that no two transactions wait for each other.
        records::figures::shift(tx, stood.as_ref(), &derived.standing(case), self.hall.calendar().zone())?;
        figures.count(tx, case)?;
        self.kind_remembers(tx, case, recorded, now)?;
        Self::announce(tx, case, recorded, now)
    }

    /// The events of a case in their order.
    ///
    /// # Errors
    /// A failure of the store, or an event that cannot be read.
    pub fn events(&self, tx: &mut dyn Tx, case: &Case) -> Result<Vec<Recorded>, Fault> {
        events_of(tx, case)
    }
}

pub(crate) fn known(folded: &Folded) -> Result<Known, Fault> {
    let case =
        serde_json::from_str(&folded.folded).map_err(|fault| Fault::Broken(format!("case {}: {fault}", folded.id)))?;
    let code = folded.code.as_deref().and_then(CodeMark::of);
    Ok(Known { case, person: folded.person, applicant: folded.applicant, code })
}

/// The shard of a case: the district of its place when it was opened, of an application that where its applicant lived.
#[must_use]
pub fn district(case: &Case) -> PlaceId {
    case.shard
}
