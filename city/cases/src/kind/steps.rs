//! A step of a case as its kind is asked about it, remembers it and counts it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::calendar::Calendar;
use kernel::case::{Case, Recorded, Relation};
use kernel::figure::{Cell, Indicator};
use kernel::permission::Actor;
use kernel::time::{Instant, Zone};
use uuid::Uuid;
use vault::Look;

/// Words of a case that its staff are not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Untold {
    /// The events that hold them, by their place from 0.
    pub events: BTreeSet<usize>,
    /// The key of what is told in their place.
    pub instead: &'static str,
}

/// A step that somebody wants to take in a case.
#[derive(Clone, Copy)]
pub struct Asked<'c> {
    /// The case as it stands.
    pub case: &'c Case,
    /// The name of the step.
    pub action: &'c str,
    /// What was answered, as it was typed; of a step that leaves, with handles in place of free words.
    pub fields: &'c BTreeMap<String, String>,
    /// Who wants to take it. Of a step that leaves only her account is known: what she may do and see was checked when
    /// she confirmed it.
    pub actor: &'c Actor,
    /// How she stands to the case. Of a step that leaves nothing is known of it.
    pub relation: Relation,
    /// The step was held back and leaves now.
    pub leaves: bool,
}

/// The data of a party that are about to be corrected, because she asked for it.
#[derive(Clone, Copy)]
pub struct Correcting<'c> {
    /// The case as it stands.
    pub case: &'c Case,
    /// The sealed record whose data they are.
    pub record: Uuid,
    /// Her name as it will be; none where it is not among them.
    pub name: Option<&'c str>,
    /// Who corrects them, when, and what she reads of it.
    pub look: &'c Look,
}

/// What happened to a case.
#[derive(Clone, Copy)]
pub struct Happened<'c> {
    /// The case after it.
    pub case: &'c Case,
    /// What is recorded of it, in order.
    pub recorded: &'c [Recorded],
    /// When.
    pub now: Instant,
}

/// One step of a case, as its kind counts it.
#[derive(Clone, Copy)]
pub struct Change<'c> {
    /// The case before the step. None where the step opened it.
    pub before: Option<&'c Case>,
    /// What is recorded of it.
    pub recorded: &'c Recorded,
    /// The case after it.
    pub after: &'c Case,
    /// The city's zone, which says on which day a moment lies.
    pub zone: Zone,
    /// The city's calendar, which says by when something was due.
    pub calendar: &'c Calendar,
}

/// What a step adds to an indicator.
#[derive(Clone, Debug)]
pub struct Count {
    /// Where and when.
    pub cell: Cell,
    /// A sum that the kind's department declares.
    pub indicator: &'static Indicator,
    /// How much.
    pub amount: i64,
}
