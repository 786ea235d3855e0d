//! What a vote of owners (业主表决) is made of: its matters, who calls it, how ballots come.

use kernel::rule::{Rule, measure};
use store::{FromVal, StoreError, Val};

use super::{SPECIAL_CHANGE_SHARED, SPECIAL_RAISE_FUND, SPECIAL_REBUILD, SPECIAL_USE_FUND};

/// The most characters of a title, and of what a matter says.
pub const TITLE_MOST: usize = 60;
/// See [`TITLE_MOST`].
pub const TEXT_MOST: usize = 2_000;
/// The most matters of one vote. An election is one of them, however many candidates it has.
pub const MATTERS_MOST: usize = 5;
/// The most candidates of one election.
pub const CANDIDATES_MOST: usize = 20;

/// Writes an enum whose variants are kept as words.
macro_rules! kept {
    ($(#[$meta:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $code:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $name {
            /// Every one, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word under which it is kept.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The one of a word.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }

        impl From<$name> for Val {
            fn from(one: $name) -> Self {
                Self::Text(one.code().to_owned())
            }
        }

        impl FromVal for $name {
            fn from_val(value: &Val) -> Result<Self, StoreError> {
                let unknown = || StoreError::data(concat!("expected a word of ", stringify!($name)));
                Self::parse(&String::from_val(value)?).ok_or_else(unknown)
            }
        }
    };
}

kept! {
    /// What owners decide on together (业主共同决定事项), Civil Code, article 278, first paragraph.
    MatterKind {
        /// The rules of procedure of the owners' meeting (议事规则).
        Procedure = "procedure";
        /// The covenant of the owners (管理规约).
        Covenant = "covenant";
        /// The owners' committee, its election and its members (业主委员会).
        Committee = "committee";
        /// Which property company manages (物业服务企业).
        Company = "company";
        /// Using the maintenance fund (使用维修资金).
        UseFund = "use_fund";
        /// Raising the maintenance fund (筹集维修资金).
        RaiseFund = "raise_fund";
        /// Rebuilding the building or what belongs to it (改建、重建).
        Rebuild = "rebuild";
        /// Changing what shared parts are for, or running a business with them (改变共有部分用途).
        ChangeShared = "change_shared";
        /// Another matter of shared ownership (其他重大事项).
        Other = "other";
    }
}

impl MatterKind {
    /// The figure that says whether it is a special matter. None for those that never are.
    #[must_use]
    pub const fn special(self) -> Option<Rule<measure::Switch>> {
        match self {
            Self::UseFund => Some(SPECIAL_USE_FUND),
            Self::RaiseFund => Some(SPECIAL_RAISE_FUND),
            Self::Rebuild => Some(SPECIAL_REBUILD),
            Self::ChangeShared => Some(SPECIAL_CHANGE_SHARED),
            Self::Procedure | Self::Covenant | Self::Committee | Self::Company | Self::Other => None,
        }
    }
}

kept! {
    /// Who calls a vote (召集).
    Caller {
        /// Owners who ask for it, with the share that the rule wants.
        Owners = "owners";
        /// The owners' committee.
        Committee = "committee";
        /// The street, where there is no committee or it does not act.
        Street = "street";
        /// The preparatory group of a first owners' meeting (筹备组).
        Group = "group";
    }
}

impl Caller {
    /// Those who call a vote of a compound whose first meeting was held.
    pub const LATER: [Self; 3] = [Self::Owners, Self::Committee, Self::Street];
}

kept! {
    /// Why a ballot on paper is taken back before the end. It says nothing of what was chosen.
    TakenBack {
        /// Something else was typed than stands on the sheet (录入时打错).
        Typed = "typed";
        /// It is the sheet of another number (票号录错).
        Number = "number";
        /// The signature or the authority of whoever gave it does not hold (签名、委托不符).
        Invalid = "invalid";
    }
}

/// How much of a compound, or of one of its buildings, the register has, beside what the places know of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The units of the register.
    pub units: i64,
    /// The buildings that have units in the register.
    pub buildings: i64,
    /// The buildings that the places know.
    pub ground_buildings: i64,
    /// The households of these.
    pub ground_households: i64,
}

impl Coverage {
    /// Whether the register has fewer buildings or units than the places know.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        self.buildings < self.ground_buildings || self.units < self.ground_households
    }
}

kept! {
    /// How a ballot came.
    Way {
        /// Its owner voted with her account.
        Online = "online";
        /// Staff entered her numbered sheet.
        Paper = "paper";
        /// Staff entered the numbered sheet of her proxy.
        Proxy = "proxy";
    }
}
