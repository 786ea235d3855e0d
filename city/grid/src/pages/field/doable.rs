//! Which steps of a report can be taken on a phone: those of the worker's own side whose questions it can ask.

use kernel::case::{Case, Moment, Relation, asks, gives_time, possible};
use kernel::permission::Actor;
use kernel::procedure::{By, Need, NeedKind, Procedure};

use crate::kind::has_reporter;
use crate::words::ASK_REPORTER;

/// What somebody can do about a case in the field at a moment: a step of her own side whose questions can be answered
/// there.
pub(super) fn doable<'p>(
    procedure: &'p Procedure,
    case: &Case,
    actor: &Actor,
    moment: Moment<'_>,
) -> Vec<(&'p str, &'p kernel::language::Bilingual, Vec<&'p Need>)> {
    let own = |by: &By| matches!(by, By::Desk | By::Counter | By::Office);
    let steps = possible(procedure, case, actor, &Relation::default());
    let answered = |need: &&Need| !need.required || kind_of(&need.kind).is_some();
    steps
        .into_iter()
        .filter(|(name, action)| own(&action.by) && (*name != ASK_REPORTER || has_reporter(case)))
        .filter(|(_, action)| gives_time(procedure, case, action, moment).is_ok())
        .map(|(name, action)| {
            (name, &action.title, action.needs.iter().filter(|need| asks(case, action, need)).collect())
        })
        .filter(|(_, _, needs): &(_, _, Vec<&Need>)| needs.iter().all(answered))
        .collect()
}

/// The kind of input that a phone has for a question; none for what it cannot ask.
pub(super) const fn kind_of(kind: &NeedKind) -> Option<&'static str> {
    match kind {
        NeedKind::Text => Some("text"),
        NeedKind::Reason => Some("reason"),
        NeedKind::Date => Some("date"),
        NeedKind::Number { .. } => Some("number"),
        NeedKind::Choice { .. } => Some("choice"),
        NeedKind::Consent => Some("consent"),
        _ => None,
    }
}
