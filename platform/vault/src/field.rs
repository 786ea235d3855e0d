//! The closed set of fields that the vault may hold of a person.

use kernel::mask;

/// What the vault may hold of a person. A closed set: there is no field for opinion, faith, health or membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonField {
    /// Name 姓名.
    Name,
    /// Resident identity number 公民身份号码 (GB 11643).
    ResidentId,
    /// Telephone 联系电话.
    Telephone,
    /// Address 居住地址.
    Address,
    /// Bank card for a benefit 银行卡.
    BankCard,
    /// What an item asks beyond that, in words 其他情况.
    Note,
}

impl PersonField {
    /// Every field, in the order they are shown.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::ResidentId, Self::Telephone, Self::Address, Self::BankCard, Self::Note];

    /// The stable word for the field, used in stored records and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::ResidentId => "resident_id",
            Self::Telephone => "telephone",
            Self::Address => "address",
            Self::BankCard => "bank_card",
            Self::Note => "note",
        }
    }

    /// The field with that code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }

    /// Whether a record can be found by this field.
    pub const fn searchable(self) -> bool {
        matches!(self, Self::Name | Self::ResidentId | Self::Telephone)
    }

    /// The value with everything hidden that is not needed to recognise it. A note is hidden whole.
    pub fn mask(self, value: &str) -> String {
        match self {
            Self::Name => mask::name(value),
            Self::ResidentId => mask::resident_id(value),
            Self::Telephone => mask::telephone(value),
            Self::Address => mask::address(value),
            Self::BankCard => mask::bank_card(value),
            Self::Note => String::from("****"),
        }
    }
}
