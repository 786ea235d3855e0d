//! What goes into the vault, and who looks into it and why.

use crate::Person;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use uuid::Uuid;

/// A person's data on its way into the vault.
#[derive(Clone, Debug)]
pub struct NewRecord {
    /// Identity of the record, made by the caller.
    pub id: Uuid,
    /// District that keeps it; the first part of its key.
    pub district: PlaceId,
    /// The data.
    pub person: Person,
    /// What it is needed for.
    pub purpose: String,
    /// Last day on which it may be kept; none while the matter runs.
    pub retain_until: Option<Date>,
    /// When.
    pub at: Instant,
}

/// Which lines of the access log are read, the newest first: those of the records that some districts keep, between two
/// moments.
#[derive(Clone, Debug)]
pub struct Looks {
    /// The districts that keep the records.
    pub districts: Vec<PlaceId>,
    /// The first moment.
    pub from: Instant,
    /// The moment after the last one.
    pub until: Instant,
    /// Where the list goes on: lines older than this one. None begins with the newest.
    pub before: Option<Uuid>,
    /// Those of one account alone.
    pub account: Option<Uuid>,
    /// How many lines at most.
    pub limit: i64,
}

/// Who looks into a record and why. The person can read it.
#[derive(Clone, Debug)]
pub struct Look {
    /// The account, none for the platform itself or for a person without an account.
    pub account: Option<Uuid>,
    /// Name of whoever looks, as the person will read it.
    pub name: String,
    /// Place on whose behalf.
    pub place: String,
    /// Why; must be neither empty nor longer than 200 characters.
    pub purpose: String,
    /// The case it belongs to.
    pub case_number: Option<String>,
    /// When.
    pub at: Instant,
}

impl Look {
    /// The platform's own look at a record, as the person reads it.
    #[must_use]
    pub fn platform(purpose: &str, number: &str, at: Instant) -> Self {
        Self {
            account: None,
            name: "两邻".to_owned(),
            place: String::new(),
            purpose: purpose.to_owned(),
            case_number: Some(number.to_owned()),
            at,
        }
    }
}

/// Bytes and the label that says what they are: what is sealed under one label opens under no other.
#[derive(Clone)]
pub struct Labelled<'b> {
    /// The label.
    pub label: String,
    /// The bytes, plain on the way in and sealed on the way out.
    pub bytes: &'b [u8],
}
