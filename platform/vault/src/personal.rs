//! Personal data in memory: a wrapper that cannot be printed or written out by accident, and what is known of a person.

use crate::{PersonField, VaultError};
use kernel::{identifier, line};
use std::collections::BTreeMap;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A personal value (个人信息). It has no `Display` and no `Serialize`, its `Debug` shows `[personal]`, and its memory
/// is overwritten when it is dropped.
///
/// It cannot be printed:
/// ```compile_fail
/// let telephone = vault::Personal::new(String::from("13800000412"));
/// println!("{telephone}");
/// ```
/// It cannot be serialized:
/// ```compile_fail
/// let telephone = vault::Personal::new(String::from("13800000412"));
/// let text = serde_json::to_string(&telephone);
/// ```
/// It cannot be turned into text by `to_string`:
/// ```compile_fail
/// let text = vault::Personal::new(String::from("13800000412")).to_string();
/// ```
/// A dereference does not reveal it:
/// ```compile_fail
/// let length = vault::Personal::new(String::from("13800000412")).len();
/// ```
/// Code can only read it by saying so:
/// ```
/// let telephone = vault::Personal::new(String::from("13800000412"));
/// assert_eq!(telephone.expose(), "13800000412");
/// assert_eq!(format!("{telephone:?}"), "[personal]");
/// ```
pub struct Personal<T: Zeroize>(T);

impl<T: Zeroize> Personal<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value itself. A review looks at every call: where does the value go from here?
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize + Clone> Clone for Personal<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Zeroize> fmt::Debug for Personal<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[personal]")
    }
}

impl<T: Zeroize> Drop for Personal<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl PersonField {
    /// The one spelling under which a value is sealed: numbers as the kernel normalises them, a name with one kind of
    /// dot, the rest without surrounding space.
    pub(crate) fn normalise(self, value: &str) -> Result<Zeroizing<String>, VaultError> {
        let malformed = |fault| VaultError::Malformed { field: self, fault };
        Ok(Zeroizing::new(match self {
            Self::ResidentId => identifier::Identity::parse(value).map_err(malformed)?.kept(),
            Self::Telephone => identifier::Telephone::parse(value).map_err(malformed)?.as_str().to_owned(),
            Self::Name => line::name(value),
            Self::Address => line::written(value),
            Self::BankCard | Self::Note => value.trim().to_owned(),
        }))
    }

    /// What of a sealed value is searched and compared: a telephone without its extension, a name without capitals and
    /// blanks that mean nothing, an address without blanks, capitals and full-width signs, everything else whole.
    pub(crate) fn compared(self, kept: &str) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::Telephone => kept.split('-').next().unwrap_or_default().to_owned(),
            Self::Name => line::name_key(kept),
            Self::Address => address_key(kept),
            _ => kept.to_owned(),
        })
    }

    /// The name of its digests in the index. Those of names as they were written stand under `name`; names as they are
    /// compared have one of their own, so that the index tells which records have it.
    pub(crate) const fn index_code(self) -> &'static str {
        match self {
            Self::Name => "name_key",
            _ => self.code(),
        }
    }

    /// The values that somebody may mean who looks for a person: an identity number may be that of several papers.
    /// There is none in a text that is no such value.
    pub(crate) fn meant(self, value: &str) -> Vec<Zeroizing<String>> {
        match self {
            Self::ResidentId => {
                let papers = identifier::Identity::readings(value).into_iter();
                papers.map(|identity| Zeroizing::new(identity.kept())).collect()
            }
            _ => self.normalise(value).into_iter().collect(),
        }
    }
}

/// An address as it is compared: ３栋 1 单元 301 and 3栋1单元301 are one home.
fn address_key(kept: &str) -> String {
    let seen = Zeroizing::new(line::number(kept));
    seen.chars().filter(|sign| !sign.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// What is known of one person for one purpose.
#[derive(Clone, Debug, Default)]
pub struct Person(BTreeMap<PersonField, Personal<String>>);

impl Person {
    /// Makes a person of whom nothing is known.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Returns the same person with one more field. An empty value leaves the field out.
    #[must_use]
    pub fn with(mut self, field: PersonField, value: impl Into<String>) -> Self {
        let value = Zeroizing::new(value.into());
        self.set(field, &value);
        self
    }

    /// Sets a field, or removes it when the value is empty.
    pub fn set(&mut self, field: PersonField, value: &str) {
        if value.trim().is_empty() {
            self.0.remove(&field);
        } else {
            self.0.insert(field, Personal::new(value.to_owned()));
        }
    }

    /// Returns one field.
    pub fn get(&self, field: PersonField) -> Option<&Personal<String>> {
        self.0.get(&field)
    }

    /// Returns every field that is there, in order.
    pub fn fields(&self) -> impl Iterator<Item = (PersonField, &Personal<String>)> {
        self.0.iter().map(|(field, value)| (*field, value))
    }

    /// Says whether there is no field at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns every field masked, ready to be shown.
    pub fn masked(&self) -> BTreeMap<PersonField, String> {
        self.fields().map(|(field, value)| (field, field.mask(value.expose()))).collect()
    }

    /// Returns this person with the fields of another in place of its own.
    pub(crate) fn overlaid(&self, other: &Self) -> Self {
        let mut person = self.clone();
        for (field, value) in other.fields() {
            person.set(field, value.expose());
        }
        person
    }

    /// Returns the same person in the vault's spelling.
    pub(crate) fn normalised(&self) -> Result<Self, VaultError> {
        let mut person = Self::new();
        for (field, value) in self.fields() {
            person.set(field, &field.normalise(value.expose())?);
        }
        Ok(person)
    }

    /// Returns the bytes that are sealed: JSON, filled with spaces to a multiple of `block`, so that the length reveals
    /// little.
    pub(crate) fn to_bytes(&self, block: usize) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let plain: BTreeMap<&str, &str> =
            self.fields().map(|(field, value)| (field.code(), value.expose().as_str())).collect();
        let mut bytes = Zeroizing::new(Vec::with_capacity(block));
        serde_json::to_writer(&mut *bytes, &plain).map_err(|_| VaultError::Damaged)?;
        let length = bytes.len().next_multiple_of(block);
        bytes.resize(length, b' ');
        Ok(bytes)
    }

    /// Reads back what [`Person::to_bytes`] wrote.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, VaultError> {
        let plain: BTreeMap<String, String> = serde_json::from_slice(bytes).map_err(|_| VaultError::Damaged)?;
        let mut person = Self::new();
        for (code, value) in plain {
            let field = PersonField::parse(&code).ok_or(VaultError::Damaged)?;
            person.0.insert(field, Personal::new(value));
        }
        Ok(person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable_and_distinct() {
        let codes: Vec<&str> = PersonField::ALL.iter().map(|field| field.code()).collect();
        assert_eq!(codes, ["name", "resident_id", "telephone", "address", "bank_card", "note"]);
        for field in PersonField::ALL {
            assert_eq!(PersonField::parse(field.code()), Some(field));
        }
        assert_eq!(PersonField::parse("faith"), None);
    }

    #[test]
    fn a_person_survives_bytes_and_its_length_is_hidden() {
        let short = Person::new().with(PersonField::Name, "李岺");
        let long = short.clone().with(PersonField::Address, "大东区东站街道八王寺社区 1 号");
        assert_eq!(short.to_bytes(256).unwrap().len(), 256);
        assert_eq!(long.to_bytes(256).unwrap().len(), 256);
        let back = Person::from_bytes(&long.to_bytes(256).unwrap()).unwrap();
        assert_eq!(back.get(PersonField::Name).unwrap().expose(), "李岺");
        assert_eq!(back.fields().count(), 2);
    }

    #[test]
    fn debug_of_a_person_shows_fields_but_no_content() {
        let person = Person::new().with(PersonField::Name, "李岺").with(PersonField::Telephone, "13800000412");
        let text = format!("{person:?}");
        assert!(text.contains("Telephone") && text.contains("[personal]"));
        assert!(!text.contains('李') && !text.contains("0412"));
    }

    #[test]
    fn a_home_is_the_same_however_its_blanks_and_signs_are_typed() {
        let compared = |address: &str| PersonField::Address.compared(address);
        let home = compared("３栋 1 单元 301");
        for same in ["3栋1单元301", " 3 栋1单元　３０１ ", "3栋\u{a0}1单元\u{200b}301"] {
            assert_eq!(home.as_str(), compared(same).as_str(), "{same}");
        }
        for other in ["3栋1单元302", "3栋1单元", ""] {
            assert_ne!(home.as_str(), compared(other).as_str(), "{other}");
        }
        assert_eq!(compared("A栋 2").as_str(), compared("ａ栋2").as_str());
    }

    #[test]
    fn an_empty_value_removes_a_field() {
        let mut person = Person::new().with(PersonField::Name, "李岺");
        person.set(PersonField::Name, "  ");
        assert!(person.is_empty());
    }
}
