//! What items refer to: departments, materials, events of life, types and sources.

use kernel::language::Bilingual;
use serde::{Deserialize, Serialize};

/// A department with items in the catalogue (部门).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// The name used in data, such as `civil_affairs`.
    pub code: String,
    /// What the codes of its items begin with, such as `MZ`.
    pub prefix: String,
    /// Its short name.
    pub name: Bilingual,
    /// What it is in charge of.
    pub note: Option<Bilingual>,
}

/// A paper or piece of evidence (材料).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Capital letters, such as `HK`.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Whether it holds personal data: then what is recorded of it is sealed.
    pub personal: bool,
    /// Where it comes from.
    pub source: MaterialSource,
    /// In which form it is handed in.
    pub form: MaterialForm,
    /// Whether it need not be handed in once a data check has confirmed it (免提交).
    pub waivable_by_check: bool,
    /// What to know about it.
    pub note: Option<Bilingual>,
}

/// Where a material comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialSource {
    /// The applicant has it (申请人自备).
    Applicant,
    /// A government department holds it (政府部门核发).
    Government,
    /// The residents' committee would have to issue it (居委会出具).
    Community,
    /// A hospital, school or other body issues it (第三方出具).
    ThirdParty,
}

/// In which form a material is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialForm {
    /// The original is shown or handed in (原件).
    Original,
    /// A copy will do (复印件).
    Copy,
    /// As a file (电子件).
    Electronic,
}

impl MaterialForm {
    /// The name used in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Copy => "copy",
            Self::Electronic => "electronic",
        }
    }
}

/// An event of life by which residents look for items (人生事件).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifeEvent {
    /// The name used in data, such as `old_age`.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
}

/// A type of the national item standard (事项类型).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemType {
    /// Two digits, such as `05`.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
}

/// Where a name or a limit was found (来源).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The name used in data, such as `L1`.
    pub code: String,
    /// What it is.
    pub text: Bilingual,
    /// Whether the text itself was seen; if not, what rests on it is provisional.
    pub seen: bool,
}
