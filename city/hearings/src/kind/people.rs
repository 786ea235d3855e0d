//! What must hold of the people of both sides before a mediation begins and before an agreement names them.

use cases::events_of;
use cases::kind::Asked;
use hall::Fault;
use kernel::case::Case;
use kernel::language::Bilingual;
use kernel::refusal::Refusal;
use store::Tx;

use super::key;
use crate::records::sides;
use crate::refusals::Why;
use crate::rules::paper::step;
use crate::rules::people::members;
use crate::words::FIRST;
use crate::words::people::Member;

/// Everybody of both sides is called by her name before the mediation begins, and before an agreement names her.
pub(super) fn has_names(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
    let Some(member) = unnamed(tx, asked.case)? else { return Ok(()) };
    let title = if member.side == FIRST {
        Bilingual::new("提出的一方", "the side that asks")
    } else {
        Bilingual::new("另一方", "the other side")
    };
    Err(Refusal::new(Why::HearingsUnnamed).with_both("side", &title).into())
}

/// The first of those who take part whose name nobody has taken from her paper, or said herself.
pub(super) fn unnamed(tx: &mut dyn Tx, case: &Case) -> Result<Option<Member>, Fault> {
    let named = sides::named(tx, &key(case))?;
    // Whoever asked for the mediation said her own name.
    let applied = events_of(tx, case)?.first().and_then(step) == Some("apply");
    let is_named = |member: Member| named.iter().any(|one| one.side == member.code());
    let lacks = |member: &Member| !is_named(*member) && !(applied && *member == Member::ASKER);
    Ok(members(case).into_iter().find(lacks))
}
