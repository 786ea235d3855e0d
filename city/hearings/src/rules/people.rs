//! Decides who the people of a side are: those that have not left the mediation, each by her own record.

use kernel::case::{Case, Holder};
use kernel::procedure::Procedure;
use uuid::Uuid;

use crate::words::SIDES;
use crate::words::people::Member;

/// Everybody who takes part, in the order of the sides.
#[must_use]
pub fn members(case: &Case) -> Vec<Member> {
    let of_side = |side: &'static str| {
        let numbers: Vec<usize> = case.standing(side).map(|(number, _)| number).collect();
        numbers.into_iter().map(move |number| Member { side, number })
    };
    SIDES.into_iter().flat_map(of_side).collect()
}

/// The most people of a side, as a procedure has it; any number where it says none.
#[must_use]
pub fn most(procedure: &Procedure, side: &str) -> usize {
    let most = procedure.parties.get(side).and_then(|rule| rule.max);
    most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX)
}

/// Whether a side is more than one person.
#[must_use]
pub fn is_several(case: &Case, side: &str) -> bool {
    case.standing(side).count() > 1
}

/// The sealed record of somebody who takes part; none where she does not, and for an organisation.
#[must_use]
pub fn record_of(case: &Case, member: Member) -> Option<Uuid> {
    let (_, party) = case.standing(member.side).find(|(number, _)| *number == member.number)?;
    match party.holder {
        Holder::Record(record) => Some(record),
        _ => None,
    }
}

/// Whose sealed record it is, also of somebody who left; none where it is nobody's.
#[must_use]
pub fn member_of(case: &Case, record: Uuid) -> Option<Member> {
    SIDES.into_iter().find_map(|side| {
        let number = case.parties_of(side).iter().position(|party| party.holder == Holder::Record(record))?;
        Some(Member { side, number })
    })
}

/// The number of whoever an answer names among the people of a side.
#[must_use]
pub fn number_of(case: &Case, side: &str, name: &str) -> Option<usize> {
    case.standing(side).find(|(_, party)| party.holder.is_called(name)).map(|(number, _)| number)
}

/// Whether everybody of a side consents to what it is asked now.
#[must_use]
pub fn consents(case: &Case, side: &str) -> bool {
    let mut standing = case.standing(side).peekable();
    standing.peek().is_some() && standing.all(|(_, party)| party.consented_at.is_some())
}
