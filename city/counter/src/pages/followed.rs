//! The number in the address of a case that somebody follows. People type it and copy it, so the pages answer what is
//! no number too.

use std::fmt;

use axum::response::Redirect;
use hall::Fault;
use kernel::identifier::CaseNumber;
use web::PathPart;

/// What stands in the address of a case that somebody follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// It is the number of a case, however it was spelled.
    Number(CaseNumber),
    /// It is no number. Only the signs that may stand in a number are kept, so that nothing else travels in an address.
    Other(String),
}

impl Followed {
    /// Returns the number.
    ///
    /// # Errors
    /// Fails with `NotFound` if it is no number.
    pub fn number(&self) -> Result<&CaseNumber, Fault> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Other(_) => Err(Fault::NotFound),
        }
    }

    /// Leads to the form that asks for number and code, with the number filled in.
    pub fn to_form(&self) -> Redirect {
        Redirect::to(&format!("/follow?number={self}"))
    }
}

impl PathPart for Followed {
    fn read(text: &str) -> Option<Self> {
        Some(CaseNumber::parse(text).map_or_else(|_| Self::Other(number_only(text)), Self::Number))
    }
}

impl fmt::Display for Followed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => out.pad(number.as_str()),
            Self::Other(signs) => out.pad(signs),
        }
    }
}

/// Returns what may stand in a case's number.
fn number_only(text: &str) -> String {
    text.chars().filter(|sign| sign.is_ascii_digit() || sign.is_ascii_uppercase() || *sign == '-').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_it_is_spelled() {
        let number = CaseNumber::new("210104", 2026, 1).unwrap();
        for typed in [
            "210104-2026-0000001-4",
            "210104202600000014",
            " 210104-2026-0000001-4 ",
            "２１０１０４－２０２６－０００００01－4",
        ] {
            assert_eq!(Followed::read(typed), Some(Followed::Number(number.clone())), "{typed}");
        }
        assert_eq!(Followed::Number(number.clone()).to_string(), number.as_str());
    }

    #[test]
    fn nothing_but_a_number_travels_in_an_address() {
        for (typed, kept) in [
            ("210104-2026-0000001-5", "210104-2026-0000001-5"),
            (" 210104 2026 ", "2101042026"),
            ("210104-2026-M000001-0", "210104-2026-M000001-0"),
            ("210102-2026/../?a=1", "210102-20261"),
            ("1&next=//evil.test", "1"),
            ("１２-3\r\n", "-3"),
            ("\r\nSet-Cookie: 1", "S-C1"),
            ("", ""),
        ] {
            let followed = Followed::read(typed).unwrap();
            assert_eq!(followed.to_string(), kept, "{typed}");
            assert!(matches!(followed.number(), Err(Fault::NotFound)), "{typed}");
        }
    }
}
