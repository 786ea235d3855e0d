//! An item of the catalogue, as its file states it.

use kernel::calendar::Limit;
use kernel::identifier::IdentityKind;
use kernel::language::Bilingual;
use kernel::place::Level;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;
use vault::PersonField;

/// What can be asked for (事项).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The code people know it by: the department's prefix, a hyphen and two digits, such as `MZ-11`.
    pub code: String,
    /// Counts the editions of this entry, from 1. A case keeps the version it was opened under.
    pub version: i64,
    /// The name.
    pub name: Bilingual,
    /// Whom it is for, in one sentence of plain words. It explains; it settles nothing.
    pub summary: Bilingual,
    /// The code of its type (事项类型), such as `05`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code of the department whose item it is.
    pub department: String,
    /// Who applies.
    #[serde(default)]
    pub applicant: Applicant,
    /// Who decides.
    pub decides: Decides,
    /// The levels the papers pass, from the one that accepts to the one that decides.
    pub route: Vec<Level>,
    /// Whether the counter decides, passes on or assists.
    pub custody: Custody,
    /// The name of the procedure its cases follow.
    pub procedure: String,
    /// What the city promises (承诺时限). 0 working days: on the spot.
    pub promised: Limit,
    /// What the law allows (法定时限).
    pub legal: Limit,
    /// What the figures do not say: steps, public notice, batches.
    pub limit_note: Option<Bilingual>,
    /// Codes of the sources of the limits.
    pub limit_source: Vec<String>,
    /// The papers, in the order in which the counter asks for them.
    pub materials: Vec<MaterialUse>,
    /// The personal data the form asks for; no other is asked.
    #[serde(deserialize_with = "person_fields")]
    pub fields: Vec<PersonField>,
    /// The papers by which somebody may prove who she is, beside the cards that every item takes.
    #[serde(default)]
    pub identity: Vec<IdentityKind>,
    /// Handled by one named person and hidden from everybody else (保密件).
    pub confidential: bool,
    /// What the applicant gets.
    pub result: Issued,
    /// Codes of the events of life it belongs to.
    pub life_events: Vec<String>,
    /// Everyday words and synonyms to find it by.
    pub keywords: Keywords,
    /// What a city has to confirm before it relies on it.
    pub provisional: BTreeSet<Aspect>,
    /// Codes of the sources of the name.
    pub name_source: Vec<String>,
    /// The code of the same item in the source `N-GA`, where there is one.
    pub reference: Option<String>,
}

impl Item {
    /// Whether anything of it has to be confirmed by the city.
    pub fn is_provisional(&self) -> bool {
        !self.provisional.is_empty()
    }

    /// Whether it is done on the spot (即办件): nothing is promised but the same day.
    pub fn is_instant(&self) -> bool {
        self.promised.amount == 0
    }

    /// Whether it takes that paper as a proof of who applies.
    pub fn takes(&self, kind: IdentityKind) -> bool {
        kind.is_card() || self.identity.contains(&kind)
    }

    /// Whether its form asks for that field.
    pub fn asks(&self, field: PersonField) -> bool {
        self.fields.contains(&field)
    }
}

/// Who applies for an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Applicant {
    /// A resident, or somebody for her (居民).
    #[default]
    Resident,
    /// An employer, an owners' committee or another body; the form names who acts for it (经办人).
    Organisation,
}

/// Who decides an item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decides {
    /// At which level of the applicant's residence.
    pub level: Level,
    /// The code of the department that decides there.
    pub department: String,
}

/// What the counter does with an application (通办方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Custody {
    /// Any community takes it up at once (任一社区直接受理).
    #[serde(rename = "D")]
    Direct,
    /// Any counter takes the papers, the responsible office decides (收受分离).
    #[serde(rename = "S")]
    Separate,
    /// Online or self-service, the counter assists (全程网办、自助).
    #[serde(rename = "O")]
    Online,
}

impl Custody {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Direct, Self::Separate, Self::Online];

    /// The letter used in data: `D`, `S` or `O`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Direct => "D",
            Self::Separate => "S",
            Self::Online => "O",
        }
    }
}

/// A paper asked for by an item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterialUse {
    /// The code of the material.
    pub code: String,
    /// Whether it must be there before the case is accepted; otherwise only from those it concerns.
    pub needed: bool,
    /// Codes of materials any of which will do instead.
    #[serde(default, rename = "or")]
    pub alternatives: Vec<String>,
    /// What is particular to this item.
    pub note: Option<Bilingual>,
}

/// A paper as it is shown and ticked off: the material, what will do instead, and what is particular to the item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedMaterial {
    /// The code of the material.
    pub code: String,
    /// Its name, with the names of what will do instead.
    pub name: Bilingual,
    /// What to know about it, here and in general.
    pub note: Option<Bilingual>,
    /// Whether it must be there before the case is accepted.
    pub needed: bool,
    /// Whether it need not be handed in once a data check has confirmed it.
    pub waivable_by_check: bool,
}

fn person_fields<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PersonField>, D::Error> {
    let codes = Vec::<String>::deserialize(from)?;
    let unknown = |code: &str| D::Error::custom(format!("unknown field of a person `{code}`"));
    codes.iter().map(|code| PersonField::parse(code).ok_or_else(|| unknown(code))).collect()
}

/// What the applicant gets in the end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Issued {
    /// Its name.
    #[serde(flatten)]
    pub name: Bilingual,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: IssuedKind,
}

/// The kinds of result (结果).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuedKind {
    /// A certificate or proof to take away (证照).
    Certificate,
    /// Money (资金).
    Payment,
    /// An entry or a finding (登记、认定).
    Record,
    /// Something done (服务).
    Service,
}

/// The words an item is found by, beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keywords {
    /// Chinese words.
    pub zh: Vec<String>,
    /// English words and phrases.
    pub en: Vec<String>,
}

impl Keywords {
    /// The words of both languages.
    pub fn both(&self) -> impl Iterator<Item = &String> {
        self.zh.iter().chain(&self.en)
    }
}

/// What of an item is provisional (待核实).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Whether it is on the city's own list at all.
    Listing,
    /// Its name.
    Name,
    /// Who decides.
    Decides,
    /// The statutory limit.
    Legal,
    /// The promised limit.
    Promised,
}

impl Aspect {
    /// All aspects.
    pub const ALL: [Self; 5] = [Self::Listing, Self::Name, Self::Decides, Self::Legal, Self::Promised];

    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Name => "name",
            Self::Decides => "decides",
            Self::Legal => "legal",
            Self::Promised => "promised",
        }
    }
}
