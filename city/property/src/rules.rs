//! Decides whether what somebody entered can be taken.

use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};

use crate::words::{Draft, NAME_MOST};

/// Checks what somebody entered.
///
/// # Errors
/// Everything that is wrong with it.
pub fn draft(place: Option<PlacePath>, name: &str) -> Result<Draft, Vec<Refusal>> {
    let mut faults = Vec::new();
    if place.is_none() {
        faults.push(Refusal::new(Code::FormChoice).field("place"));
    }
    if name.is_empty() {
        faults.push(Refusal::new(Code::FormMissing).field("name"));
    }
    if name.chars().count() > NAME_MOST {
        faults.push(Refusal::new(Code::FormTooLong).field("name").with("limit", NAME_MOST));
    }
    match place {
        Some(place) if faults.is_empty() => Ok(Draft { place, name: name.to_owned() }),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_has_a_place_and_a_name() {
        let place = PlacePath::parse("1.4.40.400.").unwrap();
        let (longest, too_long) = ("长".repeat(NAME_MOST), "长".repeat(NAME_MOST + 1));
        for (place, name, expected) in [
            (Some(&place), "一号", vec![]),
            (Some(&place), longest.as_str(), vec![]),
            (Some(&place), too_long.as_str(), vec![Code::FormTooLong]),
            (Some(&place), "", vec![Code::FormMissing]),
            (None, "一号", vec![Code::FormChoice]),
            (None, "", vec![Code::FormChoice, Code::FormMissing]),
        ] {
            let found: Vec<Code> = match draft(place.cloned(), name) {
                Ok(draft) => {
                    assert_eq!(draft.name, name);
                    Vec::new()
                }
                Err(faults) => faults.iter().map(|fault| fault.code).collect(),
            };
            assert_eq!(found, expected, "{place:?} {name}");
        }
    }
}
