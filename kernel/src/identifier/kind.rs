//! The kinds of papers by which people prove who they are (证件), and how a number names its kind.

use crate::language::Bilingual;
use serde::{Deserialize, Deserializer};

/// A paper by which somebody proves who she is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityKind {
    /// Resident identity card 居民身份证 (GB 11643).
    Resident,
    /// Residence permit of residents of Hong Kong, Macao and Taiwan 港澳台居民居住证: 18 digits as on an identity card,
    /// beginning with 810000, 820000 or 830000.
    ResidencePermit,
    /// Foreign permanent resident card 外国人永久居留身份证: 18 digits beginning with 9 since 2023, and before that
    /// three letters and twelve digits.
    PermanentCard,
    /// Passport 护照, of China or of another country.
    Passport,
    /// Travel permit of residents of Hong Kong and Macao 港澳居民来往内地通行证.
    HkMacaoPermit,
    /// Travel permit of residents of Taiwan 台湾居民来往大陆通行证.
    TaiwanPermit,
    /// Unified social credit code of a unit 统一社会信用代码 (GB 32100).
    Unit,
}

/// Between the code of a paper and its number, where the number alone does not say which paper it is of.
pub(super) const OF: char = ':';

impl IdentityKind {
    /// Every kind, the usual ones first.
    pub const ALL: [Self; 7] = [
        Self::Resident,
        Self::ResidencePermit,
        Self::PermanentCard,
        Self::Passport,
        Self::HkMacaoPermit,
        Self::TaiwanPermit,
        Self::Unit,
    ];

    /// Returns the stable word for the kind, as it stands in forms and data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Resident => "resident_id",
            Self::ResidencePermit => "residence_permit",
            Self::PermanentCard => "permanent_card",
            Self::Passport => "passport",
            Self::HkMacaoPermit => "hk_macao_permit",
            Self::TaiwanPermit => "taiwan_permit",
            Self::Unit => "credit_code",
        }
    }

    /// Returns the kind with that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Says whether the number alone tells that it is one of these papers. Every item takes them.
    pub const fn is_card(self) -> bool {
        matches!(self, Self::Resident | Self::ResidencePermit | Self::PermanentCard)
    }

    /// Returns what the paper is called.
    pub fn name(self) -> Bilingual {
        match self {
            Self::Resident => Bilingual::new("居民身份证", "Resident identity card"),
            Self::ResidencePermit => {
                Bilingual::new("港澳台居民居住证", "Residence permit for Hong Kong, Macao and Taiwan residents")
            }
            Self::PermanentCard => Bilingual::new("外国人永久居留身份证", "Foreign permanent resident card"),
            Self::Passport => Bilingual::new("护照", "Passport"),
            Self::HkMacaoPermit => Bilingual::new("港澳居民来往内地通行证", "Hong Kong and Macao travel permit"),
            Self::TaiwanPermit => Bilingual::new("台湾居民来往大陆通行证", "Taiwan travel permit"),
            Self::Unit => Bilingual::new("统一社会信用代码", "Unified social credit code"),
        }
    }
}

impl<'de> Deserialize<'de> for IdentityKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::parse(&code).ok_or_else(|| serde::de::Error::custom(format!("“{code}” is no kind of identity paper")))
    }
}

/// Returns the kind and the number of a spelling that names the kind.
pub(crate) fn split(text: &str) -> Option<(IdentityKind, &str)> {
    let (code, number) = text.split_once([OF, '：'])?;
    let kind = IdentityKind::parse(&code.trim().to_ascii_lowercase())?;
    Some((kind, number))
}
