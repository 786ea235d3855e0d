//! Decides about what one person asks for and another confirms (双人确认).

use crate::permissions::May;
use crate::refusals::Why;
use kernel::line::line_fault;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use uuid::Uuid;

/// The most characters of the word that says why somebody asks.
const REASON_CHARACTERS: usize = 100;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Another person confirmed it, and it was done.
    Confirmed,
    /// Another person declined it.
    Declined,
    /// The person who asked took it back.
    Withdrawn,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Confirmed, Self::Declined, Self::Withdrawn];

    /// Returns the outcome as it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Returns the outcome that is stored so.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// What decides who may still say something about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asked.
    pub by: Uuid,
    /// The account that it is about, if it is about one.
    pub about: Option<Uuid>,
    /// From when on it is too late.
    pub expires_at: Instant,
    /// Whether it is decided.
    pub decided: bool,
}

impl Asked {
    /// Checks that it still waits.
    ///
    /// # Errors
    /// It is decided, or it is too late.
    fn waits(&self, now: Instant) -> Result<(), Refusal> {
        match (self.decided, now < self.expires_at) {
            (true, _) => Err(Refusal::new(Why::IdentityRequestOver)),
            (false, false) => Err(Refusal::new(Why::IdentityRequestExpired)),
            (false, true) => Ok(()),
        }
    }
}

/// Checks that somebody is the second person: neither the one who asked nor the one whom it is about.
///
/// # Errors
/// Says which of them he is, or that the request waits no longer.
pub fn may_decide(asked: &Asked, by: Option<Uuid>, now: Instant) -> Result<(), Refusal> {
    let Some(by) = by else { return Err(Refusal::new(Code::PermissionSignIn)) };
    asked.waits(now)?;
    if by == asked.by {
        return Err(Refusal::new(Why::IdentityRequestOwn));
    }
    if asked.about == Some(by) {
        return Err(Refusal::new(Why::IdentityRequestAbout));
    }
    Ok(())
}

/// Checks that somebody may take a request back: it is his own and still waits.
///
/// # Errors
/// It waits no longer, or somebody else asked.
pub fn may_withdraw(asked: &Asked, by: Option<Uuid>, now: Instant) -> Result<(), Refusal> {
    if by != Some(asked.by) {
        return Err(Refusal::new(Code::PermissionMissing).with_both("permission", &May::AccountManage.title()));
    }
    asked.waits(now)
}

/// Returns the word that says why somebody asks, as it is kept. It may be empty.
///
/// # Errors
/// It is too long or no plain line.
pub fn reason(typed: &str) -> Result<String, Refusal> {
    let word = typed.trim();
    if word.chars().count() > REASON_CHARACTERS {
        return Err(Refusal::new(Code::FormTooLong).field("why").with("limit", REASON_CHARACTERS));
    }
    match line_fault(word) {
        Some(code) if !word.is_empty() => Err(Refusal::new(code).field("why").with("label", "why")),
        _ => Ok(word.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000).plus_minutes(minutes)
    }

    #[test]
    fn only_a_second_person_decides_and_only_in_time() {
        let [asker, second, subject] = [1, 2, 3].map(Uuid::from_u128);
        let waits = Asked { by: asker, about: Some(subject), expires_at: at(10), decided: false };
        let done = Asked { decided: true, ..waits };
        let table = [
            (waits, Some(second), 9, None),
            (waits, Some(asker), 9, Some(Why::IdentityRequestOwn)),
            (waits, Some(subject), 9, Some(Why::IdentityRequestAbout)),
            (waits, None, 9, Some(Code::PermissionSignIn)),
            (waits, Some(second), 10, Some(Why::IdentityRequestExpired)),
            (waits, Some(asker), 10, Some(Why::IdentityRequestExpired)),
            (done, Some(second), 9, Some(Why::IdentityRequestOver)),
            (done, Some(second), 11, Some(Why::IdentityRequestOver)),
            (Asked { about: None, ..waits }, Some(subject), 0, None),
        ];
        for (asked, by, minute, expected) in table {
            let found = may_decide(&asked, by, at(minute)).err().map(|refusal| refusal.code);
            assert_eq!(found, expected, "{asked:?} {by:?} {minute}");
        }
    }

    #[test]
    fn only_who_asked_takes_it_back() {
        let asked = Asked { by: Uuid::from_u128(1), about: None, expires_at: at(10), decided: false };
        for (asked, by, minute, expected) in [
            (asked, 1, 9, None),
            (asked, 2, 9, Some(Code::PermissionMissing)),
            (asked, 1, 10, Some(Why::IdentityRequestExpired)),
            (Asked { decided: true, ..asked }, 1, 9, Some(Why::IdentityRequestOver)),
        ] {
            let found = may_withdraw(&asked, Some(Uuid::from_u128(by)), at(minute)).err();
            assert_eq!(found.map(|refusal| refusal.code), expected, "{by} {minute}");
        }
    }

    #[test]
    fn a_reason_is_one_short_line_or_none() {
        for (typed, kept) in [("", Some("")), ("  手机丢了 ", Some("手机丢了")), ("a\u{202e}b", None)] {
            assert_eq!(reason(typed).ok().as_deref(), kept, "{typed:?}");
        }
        assert!(reason(&"忘".repeat(REASON_CHARACTERS)).is_ok());
        let long = reason(&"忘".repeat(REASON_CHARACTERS + 1)).unwrap_err();
        assert_eq!((long.code, long.field.as_deref()), (Code::FormTooLong, Some("why")));
    }

    #[test]
    fn an_outcome_is_read_as_it_is_stored() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.code()), Some(outcome));
        }
        assert_eq!(Outcome::parse(""), None);
    }
}
