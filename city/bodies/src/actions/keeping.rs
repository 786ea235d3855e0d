//! Enters bodies, changes what is said of them, and enters their elections.

use hall::Fault;
use kernel::permission::{Actor, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::rule::Measure;
use kernel::rule::measure::{Days, Months, People};
use kernel::time::{Date, Instant};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::{By, Stream, keeps, note};
use crate::Bodies;
use crate::permissions::May;
use crate::records::{body as bodies, people};
use crate::refusals::Why;
use crate::rules::{self, terms};
use crate::words::kinds::Kind;
use crate::words::{BODIES_WARN, Body, Details, Election, Figures, Held, Post};

/// Where the keys of these commands are kept apart from those of others.
const OPEN: &str = "bodies.open";
const CHANGE: &str = "bodies.change";
const ELECT: &str = "bodies.elect";
const FILE: &str = "bodies.file";
const CLOSE: &str = "bodies.close";
/// The most elections of a body that are looked at.
pub(super) const ELECTIONS: i64 = 100;

/// A body as somebody enters it.
#[derive(Clone, Debug)]
pub struct NewBody {
    /// The identity that it gets.
    pub id: Uuid,
    /// The place.
    pub path: PlacePath,
    /// The code of its kind.
    pub kind: String,
    /// What is said of it.
    pub details: Details,
}

/// A vote of owners that was an election.
#[derive(Clone, Debug, Default)]
pub struct ByVote {
    /// The compound whose owners voted.
    pub compound: String,
    /// The address of the page of the vote.
    pub link: String,
}

impl Bodies {
    /// What a kind asks of its elections at a place on a day.
    ///
    /// # Errors
    /// The rulebook has no such figure there on that day.
    pub fn figures(&self, kind: &Kind, place: &PlacePath, on: Date) -> Result<Figures, Fault> {
        let people = |code: Option<&String>| self.figure::<People>(code, place, on);
        Ok(Figures {
            least: people(kind.least.as_ref())?,
            most: people(kind.most.as_ref())?,
            women: people(kind.women.as_ref())?,
            odd: kind.odd,
            term_months: self.figure::<Months>(kind.term.as_ref(), place, on)?,
            file_days: self.figure::<Days>(kind.file_within.as_ref(), place, on)?,
        })
    }

    fn figure<M: Measure>(
        &self,
        code: Option<&String>,
        place: &PlacePath,
        on: Date,
    ) -> Result<Option<M::Figure>, Fault> {
        let Some(code) = code else { return Ok(None) };
        Ok(Some(self.hall.rulebook.get_named::<M>(code, place, on)?))
    }

    /// Enters a body with the posts with which its kind begins.
    ///
    /// # Errors
    /// No permission there, a kind that is not kept at that level, what is wrong with it, a name that the place has
    /// already, or a failure.
    pub fn open_body(&self, tx: &mut dyn Tx, new: &NewBody, by: &By<'_>) -> Result<(), Fault> {
        may(by.actor, May::BodiesEdit, &Target::at(new.path.clone()))?;
        let kind = self.kinds.get(&new.kind).ok_or_else(|| Refusal::new(Code::FormChoice).field("kind"))?;
        if !kind.is_at(new.path.level()) {
            return Err(Refusal::new(Why::BodiesLevel).field("kind").into());
        }
        first_of(rules::details(&new.details))?;
        if !by.sent.is_first(tx, OPEN, by.now)? {
            return Ok(());
        }
        let Details { name, purpose, telephone, address, hours } = new.details.clone();
        let body = Body {
            district: new.path.district(),
            id: new.id,
            path: new.path.clone(),
            kind: new.kind.clone(),
            name,
            purpose,
            telephone,
            address,
            hours,
            elected_on: None,
            term_ends: None,
            file_by: None,
            ended_on: None,
            changed_name: by.actor.name.clone(),
            changed_at: by.now,
            compound: String::new(),
        };
        if !bodies::add(tx, &body)? {
            return Err(Refusal::new(Why::BodiesKnown).field("name").with("name", &body.name).into());
        }
        for (rank, title) in (1_i64..).zip(&kind.posts) {
            let post = Post {
                district: body.district,
                // The transaction may run again: the identity is reckoned.
                id: Self::first_post(body.id, rank),
                body: body.id,
                title_zh: title.zh.clone(),
                title_en: title.en.clone(),
                rank,
                ended_on: None,
            };
            people::add_post(tx, &post)?;
        }
        let detail = json!({ "place": body.path.id(), "kind": body.kind, "name": body.name });
        note(tx, &stream(&body, "bodies.opened"), &detail, by)
    }

    /// The identity of a post with which a body begins, by its place among the posts of its kind, from 1.
    #[must_use]
    pub fn first_post(body: Uuid, rank: i64) -> Uuid {
        Uuid::new_v5(&body, format!("post/{rank}").as_bytes())
    }

    /// The body of an identity, for whoever keeps it; for others it does not exist.
    ///
    /// # Errors
    /// Fails with `NotFound` if it is not theirs to keep.
    pub fn kept(tx: &mut dyn Tx, id: Uuid, actor: &Actor) -> Result<Body, Fault> {
        let body = bodies::find(tx, id)?.ok_or(Fault::NotFound)?;
        if keeps(actor, &body.path) { Ok(body) } else { Err(Fault::NotFound) }
    }

    /// The body of an identity, held for whoever changes it.
    ///
    /// # Errors
    /// Fails with `NotFound` if it is not theirs, and refuses one that has ended.
    pub(super) fn changed(tx: &mut dyn Tx, id: Uuid, actor: &Actor) -> Result<Body, Fault> {
        let body = bodies::held(tx, id)?.filter(|body| keeps(actor, &body.path)).ok_or(Fault::NotFound)?;
        if body.ended_on.is_some() { Err(Refusal::new(Why::BodiesEnded).into()) } else { Ok(body) }
    }

    /// Changes what is said of a body.
    ///
    /// # Errors
    /// What is wrong with it, or a failure.
    pub fn change_body(&self, tx: &mut dyn Tx, id: Uuid, details: &Details, by: &By<'_>) -> Result<(), Fault> {
        let before = Self::changed(tx, id, by.actor)?;
        first_of(rules::details(details))?;
        if !by.sent.is_first(tx, CHANGE, by.now)? {
            return Ok(());
        }
        let changed = changed(&before, details);
        let Details { name, purpose, telephone, address, hours } = details.clone();
        let body = Body { name, purpose, telephone, address, hours, ..signed(before, by) };
        if bodies::is_named(tx, &body)? {
            return Err(Refusal::new(Why::BodiesKnown).field("name").with("name", &body.name).into());
        }
        bodies::change(tx, &body)?;
        // What people wrote stands in the table alone: the log, which is kept for ever, says which fields were changed.
        note(tx, &stream(&body, "bodies.changed"), &json!({ "changed": changed }), by)
    }

    /// Enters an election: its term and the last day for its papers follow from the figures that held on that day. A
    /// by-election leaves the term as it is. Where a vote of owners was the election, the body keeps its compound, and
    /// the election the address of the vote.
    ///
    /// # Errors
    /// A composition that the rules do not allow, a day that is not in order, or a failure.
    pub fn elect(
        &self,
        tx: &mut dyn Tx,
        id: Uuid,
        held: &Held,
        vote: Option<&ByVote>,
        by: &By<'_>,
    ) -> Result<(), Fault> {
        let before = Self::changed(tx, id, by.actor)?;
        let kind = self.kinds.get(&before.kind).ok_or_else(|| Fault::Broken(format!("no kind {}", before.kind)))?;
        // Before the first law that gives figures there was no such election.
        let figures = match self.figures(kind, &before.path, held.on) {
            Err(Fault::Refused(_)) => return Err(Refusal::new(Code::FormEarly).field("held").into()),
            figures => figures?,
        };
        let mut faults = terms::composition(&figures, held);
        faults.extend(rules::happened("held", held.on, self.today(by.now), before.elected_on));
        faults.extend(terms::no_term(held, before.term_ends));
        faults.extend(terms::term_stays(held));
        first_of(faults)?;
        if !by.sent.is_first(tx, ELECT, by.now)? {
            return Ok(());
        }
        let election = Election {
            district: before.district,
            id: Election::id_on(before.id, held.on),
            body: before.id,
            held_on: held.on,
            members: i64::from(held.members),
            women: i64::from(held.women),
            term_ends: terms::term_end(&figures, held, before.term_ends),
            file_by: terms::file_by(&figures, held.on),
            filed_on: None,
            noted_name: by.actor.name.clone(),
            noted_at: by.now,
            link: vote.map(|vote| vote.link.clone()).unwrap_or_default(),
        };
        if !bodies::add_election(tx, &election)? {
            return Err(Refusal::new(Why::BodiesElected).field("held").with("date", held.on).into());
        }
        let before = signed(before, by);
        // A by-election begins no term, and what was to be filed before it still is.
        let (elected_on, to_file) =
            if held.is_by_election { (before.elected_on, before.file_by) } else { (None, None) };
        let body = Body {
            elected_on: elected_on.or(Some(held.on)),
            term_ends: election.term_ends,
            file_by: to_file.or(election.file_by),
            compound: vote.map_or_else(|| before.compound.clone(), |vote| vote.compound.clone()),
            ..before
        };
        bodies::change(tx, &body)?;
        let detail = json!({
            "on": held.on.to_string(), "members": held.members, "women": held.women,
            "until": election.term_ends.map(|day| day.to_string()),
        });
        note(tx, &stream(&body, "bodies.elected"), &detail, by)
    }

    /// Enters on which day the papers of the latest election were filed, with those of this term that were not filed
    /// before.
    ///
    /// # Errors
    /// Nothing is to be filed, a day that is not in order, or a failure.
    pub fn file_papers(&self, tx: &mut dyn Tx, id: Uuid, on: Date, by: &By<'_>) -> Result<(), Fault> {
        let before = Self::changed(tx, id, by.actor)?;
        let Some(elected_on) = before.elected_on else {
            return Err(Refusal::new(Code::FormMissing).field("held").into());
        };
        let mut elections = bodies::elections(tx, &before, ELECTIONS)?;
        elections.retain(|election| election.held_on >= elected_on && election.filed_on.is_none());
        let held_on = elections.iter().map(|election| election.held_on).max().unwrap_or(elected_on);
        first_of(rules::happened("filed", on, self.today(by.now), Some(held_on)).into_iter().collect())?;
        if !by.sent.is_first(tx, FILE, by.now)? {
            return Ok(());
        }
        for election in &elections {
            bodies::file(tx, &before, election.held_on, on)?;
        }
        let body = Body { file_by: None, ..signed(before, by) };
        bodies::change(tx, &body)?;
        let detail = json!({ "held": held_on.to_string(), "filed": on.to_string() });
        note(tx, &stream(&body, "bodies.filed"), &detail, by)
    }

    /// Ends a body: it is shown no more, its history stays.
    ///
    /// # Errors
    /// A day that lies ahead, or a failure.
    pub fn close_body(&self, tx: &mut dyn Tx, id: Uuid, on: Date, by: &By<'_>) -> Result<(), Fault> {
        let before = Self::kept(tx, id, by.actor)?;
        first_of(rules::happened("ended", on, self.today(by.now), before.elected_on).into_iter().collect())?;
        if !by.sent.is_first(tx, CLOSE, by.now)? {
            return Ok(());
        }
        let body = Body { ended_on: Some(on), ..signed(before, by) };
        bodies::change(tx, &body)?;
        note(tx, &stream(&body, "bodies.closed"), &json!({ "on": on.to_string() }), by)
    }

    /// The body that a vote elected, by the address of its page; none where no election names it.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn elected_by(tx: &mut dyn Tx, link: &str) -> Result<Option<Uuid>, Fault> {
        Ok(bodies::elected_by(tx, link)?)
    }

    /// The day of the election that a vote was, by the address of its page; none where no election names it.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn elected_on(tx: &mut dyn Tx, link: &str) -> Result<Option<Date>, Fault> {
        Ok(bodies::elected_on(tx, link)?)
    }

    /// The days before the end of a term from which the election is called for.
    ///
    /// # Errors
    /// The rulebook has no such figure.
    pub fn warn_days(&self, now: Instant) -> Result<i64, Fault> {
        self.hall.figure(BODIES_WARN, now)
    }
}

/// The first of what is wrong, as the refusal of an act.
pub(super) fn first_of(faults: Vec<Refusal>) -> Result<(), Fault> {
    faults.into_iter().next().map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// Which of the things that are said of a body are changed.
fn changed(before: &Body, after: &Details) -> Vec<&'static str> {
    let fields = [
        ("name", before.name != after.name),
        ("purpose", before.purpose != after.purpose),
        ("telephone", before.telephone != after.telephone),
        ("address", before.address != after.address),
        ("hours", before.hours != after.hours),
    ];
    fields.into_iter().filter(|field| field.1).map(|field| field.0).collect()
}

/// The stream of a body in the log of its district.
pub(super) fn stream<'s>(body: &Body, kind: &'s str) -> Stream<'s> {
    Stream { district: body.district, id: body.id, kind }
}

/// A body with who changes it now.
pub(super) fn signed(body: Body, by: &By<'_>) -> Body {
    Body { changed_name: by.actor.name.clone(), changed_at: by.now, ..body }
}
