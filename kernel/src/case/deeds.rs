//! What happens to a case beside the steps of its procedure: papers are taken in or waived, a place it names lies
//! elsewhere.

use super::{Case, Event, Holder, Paper, PaperForm};
use crate::language::Bilingual;
use crate::permission::Target;
use crate::place::{Level, PlaceId, PlacePath};
use crate::refusal::{Code, Refusal};
use std::collections::{BTreeMap, BTreeSet};

/// Papers taken in: only those the case asks for, and not before something was brought.
///
/// # Errors
/// No paper named, one that the case does not ask for, or a case that has ended.
pub(super) fn received(
    case: &Case,
    papers: &BTreeMap<String, PaperForm>,
    counter: Option<&PlacePath>,
) -> Result<Event, Refusal> {
    if papers.is_empty() {
        return Err(Refusal::new(Code::FormPaperMissing).field("papers").with("label", "papers"));
    }
    let asked = |paper: &String| case.papers().contains_key(paper) || case.missing().contains(paper);
    if let Some(unknown) = papers.keys().find(|paper| !asked(paper)) {
        return Err(Refusal::new(Code::FormPaperUnknown).field("papers").with("label", unknown));
    }
    Ok(Event::Received { papers: papers.clone(), counter: counter.cloned() })
}

/// Notes what was taken in. What was still missing stays asked for until the applicant's step says that all is there.
pub(super) fn receive(case: &mut Case, papers: &BTreeMap<String, PaperForm>) {
    let Some(service) = case.service.as_mut() else { return };
    for (code, form) in papers {
        service.papers.insert(code.clone(), Paper { form: *form, waived: false, later: false });
    }
}

/// Papers that a data check has confirmed; nothing when each was handed in or waived before.
///
/// # Errors
/// A paper that the case does not ask for.
pub(super) fn waived(case: &Case, papers: &BTreeSet<String>) -> Result<Option<Event>, Refusal> {
    let asked = |paper: &String| case.papers().contains_key(paper) || case.missing().contains(paper);
    if let Some(unknown) = papers.iter().find(|paper| !asked(paper)) {
        return Err(Refusal::new(Code::FormPaperUnknown).field("papers").with("label", unknown));
    }
    let wanted =
        |paper: &&String| case.missing().contains(*paper) || case.papers().get(*paper).is_some_and(|one| one.later);
    let papers: BTreeSet<String> = papers.iter().filter(wanted).cloned().collect();
    Ok((!papers.is_empty()).then_some(Event::Waived { papers }))
}

/// Notes what need not be handed in; it is not asked for any more.
pub(super) fn waive(case: &mut Case, papers: &BTreeSet<String>) {
    let Some(service) = case.service.as_mut() else { return };
    for code in papers {
        service.missing.remove(code);
        service.papers.insert(code.clone(), Paper { form: PaperForm::default(), waived: true, later: false });
    }
}

/// Files of papers that were taken back, of those papers that were sent; nothing where none was.
pub(super) fn taken_back(case: &Case, papers: &BTreeSet<String>, seen: &BTreeMap<String, PaperForm>) -> Option<Event> {
    let is_sent = |known: &Paper| known.form == PaperForm::Electronic && !known.later && !known.waived;
    let sent = papers.iter().filter(|code| case.papers().get(*code).is_some_and(is_sent));
    let papers: BTreeSet<String> = sent.cloned().collect();
    let seen = seen.iter().filter(|(code, _)| papers.contains(*code)).map(|(code, form)| (code.clone(), *form));
    let seen: BTreeMap<String, PaperForm> = seen.collect();
    (!papers.is_empty()).then_some(Event::TakenBack { papers, seen })
}

/// Notes what was taken back: it is still to be brought, or counts as it was seen before.
pub(super) fn take_back(case: &mut Case, papers: &BTreeSet<String>, seen: &BTreeMap<String, PaperForm>) {
    let Some(service) = case.service.as_mut() else { return };
    for code in papers {
        if let Some(known) = service.papers.get_mut(code) {
            *known = match seen.get(code) {
                Some(form) => Paper { form: *form, ..*known },
                None => Paper { later: true, ..*known },
            };
        }
    }
}

/// The community of an applicant who did not know it herself. It is said once, before the case is accepted.
pub(super) fn settled(case: &Case, place: &PlacePath, office: &Target) -> Result<Event, Refusal> {
    if !case.is_unsettled() {
        return Err(Refusal::new(Code::CaseAlreadyDone));
    }
    if place.depth() < Level::Community.depth() {
        let level = Bilingual::new("社区（村）", "community");
        return Err(Refusal::new(Code::PlaceNotDeepEnough).field("residence").with_both("level", &level));
    }
    Ok(Event::Settled { place: place.clone(), office: office.clone() })
}

/// Moves the case to where she lives, and to the office that is responsible there. The shard stays. Whoever has it in
/// hand keeps it while it stays with the same office.
pub(super) fn settle(case: &mut Case, place: &PlacePath, office: &Target) {
    if case.office != *office {
        case.handler = None;
    }
    case.place.clone_from(place);
    case.office.clone_from(office);
    case.decider.clone_from(office);
}

/// A place that the case names lies elsewhere now; nothing when it names none inside.
pub(super) fn relocated(case: &Case, from: &PlacePath, to: &PlacePath) -> Option<Event> {
    let named = [Some(&case.place), case.counter(), Some(&case.office.place), Some(&case.decider.place)];
    let asked = case.consultations.iter().map(|asked| &asked.office.place);
    let units = case.parties.values().flatten().filter_map(|party| match &party.holder {
        Holder::Unit(unit) => Some(&unit.place),
        _ => None,
    });
    let inside = named.into_iter().flatten().chain(asked).chain(units).any(|place| from.contains(place));
    inside.then(|| Event::Relocated { from: from.clone(), to: to.clone() })
}

/// Follows the places to where they lie now. The shard stays: it is where the case is kept, not where anybody lives.
pub(super) fn relocate(case: &mut Case, from: &PlacePath, to: &PlacePath) {
    let follow = |place: &mut PlacePath| {
        if let Some(moved) = place.moved(from, to) {
            *place = moved;
        }
    };
    follow(&mut case.place);
    case.service.iter_mut().filter_map(|service| service.counter.as_mut()).for_each(follow);
    follow(&mut case.office.place);
    follow(&mut case.decider.place);
    case.consultations.iter_mut().map(|asked| &mut asked.office.place).for_each(follow);
    for party in case.parties.values_mut().flatten() {
        if let Holder::Unit(unit) = &mut party.holder {
            follow(&mut unit.place);
        }
    }
}

/// The district a case is kept by: where its place lay when it was opened.
pub(super) fn shard(place: &PlacePath) -> PlaceId {
    place.district()
}
