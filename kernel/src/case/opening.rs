//! How a case is opened: the command is looked at as a whole, and becomes the event that opens it.

use super::answers::{check_lengths, check_needs, check_papers};
use super::authority::{action, opens_on_behalf, speaks_for_all};
use super::event::READING;
use super::{Acting, Application, Event, Moment, Opened, Opening, Parties, Term, party};
use crate::calendar::Limit;
use crate::language::Bilingual;
use crate::place::Level;
use crate::procedure::{Action, By, ClockRule, LimitBy, LimitRule, Procedure};
use crate::refusal::{Code, Refusal};
use crate::time::Instant;
use std::collections::BTreeMap;

/// The event that opens a case.
///
/// # Errors
/// What is missing or does not fit, by its field.
pub(super) fn opened(
    procedure: &Procedure,
    opening: &Opening,
    acting: Acting<'_>,
    moment: Moment<'_>,
) -> Result<Event, Refusal> {
    let action = action(procedure, &opening.action)?;
    let online = action.by == By::Applicant;
    // Somebody who applies herself need not know her community. Whoever takes it in finds it, before it is accepted.
    let is_late = online && opening.counter.is_none() && !action.starts_clock;
    let needed = if is_late { Level::District } else { Level::Community };
    if opening.service.is_some() && opening.place.depth() < needed.depth() {
        let level = match needed {
            Level::District => Bilingual::new("区（县）", "district"),
            _ => Bilingual::new("社区（村）", "community"),
        };
        return Err(Refusal::new(Code::PlaceNotDeepEnough).field("residence").with_both("level", &level));
    }
    let papers: Vec<String> = opening.service.iter().flat_map(|service| service.papers.keys().cloned()).collect();
    check_papers(&papers)?;
    check_needs(action, &opening.fields, &papers, false)?;
    check_lengths(&opening.fields)?;
    party::check(procedure, &opening.parties)?;
    Ok(Event::Opened(Box::new(Opened {
        kind: opening.kind.clone(),
        procedure: procedure.name.clone(),
        procedure_version: procedure.version,
        action: opening.action.clone(),
        to: action.to.clone(),
        number: opening.number.clone(),
        place: opening.place.clone(),
        point: opening.point,
        parties: if procedure.parties.is_empty() {
            Parties::new()
        } else {
            parties(action, opening, acting, moment.now)
        },
        office: opening.office.clone(),
        counter: opening.counter.clone(),
        clocks: clocks(procedure, opening, moment)?,
        limits: limits(procedure, opening)?,
        confidential: opening.confidential,
        fields: opening.fields.clone(),
        latest: None,
        service: opening.service.as_ref().map(|service| Application { online, ..service.clone() }),
        reading: READING,
    })))
}

/// The parties; those who open the case consent by it where the action says so.
fn parties(action: &Action, opening: &Opening, acting: Acting<'_>, now: Instant) -> Parties {
    let mut parties = opening.parties.clone();
    for party in parties.values_mut().flatten() {
        (party.consented_at, party.left_at) = (None, None);
    }
    if let By::Party(role) = &action.by
        && action.gives_consent
        && let Some(own) = parties.get_mut(role)
    {
        let on_behalf = speaks_for_all(action, opens_on_behalf(action, opening, acting));
        for number in party::acting(party::of(&opening.parties, role), acting, on_behalf) {
            if let Some(party) = own.get_mut(number) {
                party.consented_at = Some(now);
            }
        }
    }
    parties
}

/// How far each clock of the procedure may run.
fn clocks(procedure: &Procedure, opening: &Opening, moment: Moment<'_>) -> Result<BTreeMap<String, Term>, Refusal> {
    let term = |(name, rule): (&String, &ClockRule)| {
        let term = term(name, rule, opening, moment)?;
        Ok::<_, Refusal>((name.clone(), term))
    };
    let has = |(name, rule): &(&String, &ClockRule)| !rule.optional || opening.clocks.contains_key(*name);
    procedure.clocks.iter().filter(has).map(term).collect()
}

fn term(name: &str, rule: &ClockRule, opening: &Opening, moment: Moment<'_>) -> Result<Term, Refusal> {
    let missing = || Refusal::new(Code::FormMissing).field(name).with_both("label", &rule.title);
    match &rule.limit {
        LimitRule::Fixed(limit) => Ok(Term::Limit(*limit)),
        LimitRule::Rule(code) => limit(opening, code).map(Term::Limit),
        LimitRule::Item => opening.clocks.get(name).copied().ok_or_else(missing),
        LimitRule::Given => {
            let term = opening.clocks.get(name).copied().ok_or_else(missing)?;
            if matches!(term, Term::On(date) if date < moment.today()) {
                return Err(Refusal::new(Code::FormPast).field(name).with_both("label", &rule.title));
            }
            Ok(term)
        }
    }
}

/// The limits of the rulebook that the states need.
fn limits(procedure: &Procedure, opening: &Opening) -> Result<BTreeMap<String, Limit>, Refusal> {
    let rules = procedure.state_rules().map(|code| limit(opening, code).map(|limit| (code.to_owned(), limit)));
    let chosen = chosen(procedure, opening).map(|(key, limit)| Ok((key.clone(), *limit)));
    rules.chain(chosen).collect()
}

/// The limits among which an answer chooses later, as the department gives them.
fn chosen<'o>(procedure: &'o Procedure, opening: &'o Opening) -> impl Iterator<Item = (&'o String, &'o Limit)> {
    let clocks = || procedure.actions.values().filter_map(|action| action.limit_by.as_ref()).map(|by| &by.clock);
    let is_one =
        move |key: &str| key.split_once(LimitBy::MARK).is_some_and(|(of, _)| clocks().any(|clock| clock == of));
    opening.limits.iter().filter(move |(key, _)| is_one(key))
}

fn limit(opening: &Opening, code: &str) -> Result<Limit, Refusal> {
    opening.limits.get(code).copied().ok_or_else(|| Refusal::new(Code::CaseLimitMissing).with("rule", code))
}
