//! Names of the work in the field: what a phone sends, how it stands, and what is remembered of a dwelling.

use std::collections::BTreeMap;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use store::record;
use uuid::Uuid;

use super::Shows;

/// The most characters of one text of an entry.
pub const TEXT_MOST: usize = 500;
/// The most characters of the name of a field.
pub const NAME_MOST: usize = 40;
/// The most fields of an entry.
pub const FIELDS_MOST: usize = 20;
/// The most bytes of one piece of a photo.
pub const PIECE_BYTES: usize = 1024 * 1024;

/// One field that somebody changed: what she saw, and what she set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// What stood in the field when the phone last heard of it.
    pub saw: String,
    /// What she set.
    pub set: String,
}

/// What one entry changes, by the names of the fields.
pub type Edits = BTreeMap<String, Edit>;

/// A field that was changed twice with different values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The field.
    pub field: String,
    /// What she saw when she changed it.
    pub base: String,
    /// What stands there today: somebody else set it.
    pub theirs: String,
    /// What she set.
    pub mine: String,
}

/// On which version of a thing both sides of a conflict stand: how often it had been changed, of a case how many events
/// it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Versions {
    /// When the phone last heard of it.
    pub phone: i64,
    /// Today.
    pub today: i64,
}

/// Who set what stands in a field today, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetBy {
    /// Her name; empty for somebody who is not staff, and for the platform itself.
    pub name: String,
    /// The day.
    pub on: Date,
    /// The moment, where it is known: of a step of a case. Of work in the field days alone are kept.
    pub at: Option<Instant>,
}

/// What a phone sends as one entry. It made the identity, which is the key: sent twice, it is done once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// Its identity.
    pub id: Uuid,
    /// The entry that the same phone made before it on the same case or dwelling. One about something else is not
    /// waited for.
    #[serde(default)]
    pub before: Option<Uuid>,
    /// The photos that belong to it. It counts when the last one is here.
    #[serde(default)]
    pub photos: Vec<SentPhoto>,
    /// The entry of the same worker that a rule refused and that this one answers again. Where hers was not refused, or
    /// was answered already, this one is refused, and so is every further one in place of this one; one that is not
    /// known changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<Uuid>,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
}

/// A photo that will come in pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentPhoto {
    /// Its identity, made by the phone.
    pub id: Uuid,
    /// Its length.
    pub bytes: i64,
    /// The SHA-256 of all of it, in hexadecimal digits.
    pub digest: String,
    /// What it shows, as far as the phone says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shows: Option<Shows>,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// Something was found on the round.
    Report {
        /// The kind and the condition: `event/0102/heap`.
        condition: String,
        /// Where: `p:` and a community, `c:` and a compound, `g:` and a point (`g:41.8012,123.4301`).
        at: String,
        /// What she adds.
        #[serde(default)]
        words: String,
        /// Others may see that it was reported.
        #[serde(default)]
        public: bool,
        /// The minute of the day in which it was seen, by the clock of the phone; no day, and none where an earlier
        /// version of the phone's pages sent it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<u32>,
    },
    /// A step of a case.
    Act {
        /// District and identity of the case: `4/…`.
        case: String,
        /// How many events the case had when the phone last heard of it.
        version: i64,
        /// The state in which it was then.
        saw: String,
        /// The step.
        action: String,
        /// The answers that the step asks for.
        #[serde(default)]
        fields: BTreeMap<String, String>,
    },
    /// A change of a dwelling.
    Dwelling {
        /// Where it is: the same door is the same dwelling on every phone.
        door: Door,
        /// How often it had been changed when the phone last heard of it; 0 for a new one.
        version: i64,
        /// What changes.
        fields: Edits,
    },
    /// A grid was walked on a day, or it was not after all.
    Round {
        /// The grid, or a community without grids.
        grid: i64,
        /// The day by the clock of the phone: `2026-12-01`.
        day: String,
        /// It was walked; false takes the tick back.
        walked: bool,
    },
}

/// Where a dwelling is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// The building of the geography.
    pub building: i64,
    /// The entrance (单元).
    pub entrance: i64,
    /// The floor.
    pub floor: i64,
    /// The number or word on the door.
    pub door: String,
}

impl What {
    /// The name in data of what kind of entry it is.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Report { .. } => "report",
            Self::Act { .. } => "act",
            Self::Dwelling { .. } => "dwelling",
            Self::Round { .. } => "round",
        }
    }
}

/// How an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stands {
    /// It came and was not looked at yet.
    Came,
    /// Photos are still missing.
    Photos,
    /// It waits for the entry before it.
    Parked,
    /// It is done.
    Done,
    /// Somebody else changed the same: a person decides.
    Conflict,
    /// A rule refused it: a person acts.
    Refused,
    /// A person let go of it, or took it back.
    Over,
}

impl Stands {
    /// All.
    pub const ALL: [Self; 7] =
        [Self::Came, Self::Photos, Self::Parked, Self::Done, Self::Conflict, Self::Refused, Self::Over];

    /// The name in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Came => "came",
            Self::Photos => "photos",
            Self::Parked => "parked",
            Self::Done => "done",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
            Self::Over => "over",
        }
    }

    /// Reads the name that [`Stands::code`] gives.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }

    /// Whether it was looked at, so that what follows it need not wait.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        !matches!(self, Self::Came | Self::Photos | Self::Parked)
    }

    /// Whether a person has to act.
    #[must_use]
    pub const fn needs_somebody(self) -> bool {
        matches!(self, Self::Conflict | Self::Refused)
    }
}

record! {
    /// An entry as it is stored. What it says is sealed.
    pub struct Entry {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Whose phone it came from.
        pub account: Uuid,
        /// Her name, as it was then.
        pub name: String,
        /// `report`, `act`, `dwelling`, `round`.
        pub kind: String,
        /// The case or the dwelling.
        pub about: Option<Uuid>,
        /// The community where it is.
        pub path: PlacePath,
        /// The record of the vault under which it and its photos are sealed.
        pub record: Uuid,
        /// What was sent, sealed.
        pub body: Vec<u8>,
        /// What tells it from another one with the same identity.
        pub mark: String,
        /// The entry before it.
        pub before: Option<Uuid>,
        /// Its place in the order in which entries about the same thing came.
        pub place: i64,
        /// How it stands.
        pub state: String,
        /// It was applied without the entry before it.
        pub forced: bool,
        /// Of a conflict the fields, else why it was refused, in both languages; see [`Said`].
        pub said: String,
        /// The number of the case; empty where there is none.
        pub number: String,
        /// The day on which it came.
        pub arrived_on: Date,
    }
}

impl Entry {
    /// How it stands.
    #[must_use]
    pub fn stands(&self) -> Stands {
        Stands::parse(&self.state).unwrap_or(Stands::Refused)
    }

    /// How it is named to whoever sends: the district and its identity.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.district.0, self.id)
    }

    /// What is said of it.
    #[must_use]
    pub fn told(&self) -> Said {
        serde_json::from_str(&self.said).unwrap_or_default()
    }
}

/// What is said of an entry that needs somebody. It holds nothing that anybody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The fields that two people changed differently.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The fields of a dwelling that it changed, so that it can be taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// Why it was refused: the sentence and the remedy, in Chinese and in English.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    /// The entry that stands in its place; none where nobody corrected it, or an earlier version took the correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<Uuid>,
}

record! {
    /// A step in the history of an entry.
    pub struct Step {
        /// What happened: how it stood then, or what somebody did.
        pub deed: String,
        /// Who did it.
        pub name: String,
        /// On which day.
        pub day: Date,
    }
}

record! {
    /// A photo that comes in pieces.
    pub struct Photo {
        /// Its identity.
        pub id: Uuid,
        /// Its place among the photos of the entry, from 1.
        pub place: i64,
        /// Its length.
        pub bytes: i64,
        /// How much of it is here.
        pub there: i64,
        /// The SHA-256 of all of it.
        pub digest: String,
        /// All of it is here, and it is what the phone said.
        pub whole: bool,
    }
}

record! {
    /// A piece of a photo, sealed.
    pub struct Piece {
        /// Where it begins.
        pub start: i64,
        /// Its length before it was sealed.
        pub bytes: i64,
        /// The sealed bytes.
        pub sealed: Vec<u8>,
    }
}

record! {
    /// A dwelling that somebody agreed something with: where it is and what was agreed, never who lives there.
    pub struct Dwelling {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Its community.
        pub path: PlacePath,
        /// The building of the geography.
        pub building: i64,
        /// What the building was called.
        pub house: String,
        /// The entrance.
        pub entrance: i64,
        /// The floor.
        pub floor: i64,
        /// The number or word on the door.
        pub door: String,
        /// How often it was changed.
        pub version: i64,
        /// The record of the vault under which its fields are sealed.
        pub record: Uuid,
        /// Its fields, sealed.
        pub fields: Vec<u8>,
        /// When to come back.
        pub come_on: Option<Date>,
    }
}

/// The field of a case that a step changes.
pub const STATE: &str = "state";
/// How it was at the door: one of [`MET_CODES`].
pub const MET: &str = "met";
/// What was agreed.
pub const AGREED: &str = "agreed";
/// What to come back for.
pub const COME_FOR: &str = "come_for";
/// When to come back: a day.
pub const COME_ON: &str = "come_on";
/// The fields of a dwelling, in the order in which they are shown.
pub const DWELLING_FIELDS: [&str; 4] = [MET, AGREED, COME_FOR, COME_ON];
/// How it was at the door: spoken with somebody, nobody in, asked to come another time, no visit wanted.
pub const MET_CODES: [&str; 4] = ["spoken", "nobody", "later", "unwanted"];

record! {
    /// That a grid was walked on a day: somebody ticked it.
    pub struct Round {
        /// The grid, or a community without grids.
        pub grid: PlaceId,
        /// The day.
        pub day: Date,
        /// Who ticked it.
        pub name: String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By this text an entry that comes again is told from another one. A phone that had no answer sends the same after
    /// the server was renewed: whatever is added to an entry is left out of the text where it is not there.
    #[test]
    fn what_a_phone_sent_before_an_upgrade_is_the_same_after_it() {
        let head = r#"{"id":"018f0000-0000-7000-8000-000000000001","before":null,"photos":[],"#;
        for rest in [
            r#""kind":"report","condition":"event/0102/heap","at":"p:400","words":"","public":true}"#,
            r#""kind":"act","case":"4/1","version":3,"saw":"filed","action":"dispatch","fields":{"reason":"a"}}"#,
            r#""kind":"round","grid":400,"day":"2026-12-01","walked":true}"#,
        ] {
            let text = format!("{head}{rest}");
            let sent: Sent = serde_json::from_str(&text).unwrap();
            assert_eq!(serde_json::to_string(&sent).unwrap(), text);
        }
    }
}
