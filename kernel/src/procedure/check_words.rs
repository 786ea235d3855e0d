//! Checking the words about parties, outcomes, ends of states and who may not: each must name what is there and can
//! come about.

use super::reader::Reader;
use super::{
    Action, By, ClockState, Counts, Hand, LimitRule, Need, NeedKind, NotBefore, PartyKind, PartyRule, Procedure, State,
    Waits, ways,
};

/// Notes every fault of these words.
pub(super) fn check(procedure: &Procedure, reader: &mut Reader<'_>) {
    for (role, rule) in &procedure.parties {
        check_party(role, rule, reader);
        check_must_consent(procedure, role, rule, reader);
    }
    check_outcomes(procedure, reader);
    for (name, state) in &procedure.states {
        check_latest(procedure, name, state, reader);
    }
    for (name, action) in &procedure.actions {
        check_by_itself(procedure, name, action, reader);
        check_not_by(procedure, name, action, reader);
        check_not_by_unit(name, action, reader);
        check_consent(procedure, name, action, reader);
        check_not_before(procedure, name, action, reader);
        check_most(procedure, name, action, reader);
        check_escalation(procedure, name, action, reader);
        check_hand_over(procedure, name, action, reader);
        check_asked(procedure, name, action, reader);
        check_limit_by(procedure, name, action, reader);
        check_leaves(procedure, name, action, reader);
        check_joins(procedure, name, action, reader);
    }
}

fn check_party(role: &str, party: &PartyRule, reader: &mut Reader<'_>) {
    let key = format!("party.{role}");
    // The applicant is a party and `by` means her; every other word of `by` means somebody else.
    if By::ALL.iter().any(|by| *by != By::Applicant && by.code() == role) {
        let message = format!("party {role:?} has a name that `by` keeps for somebody else");
        reader.fault(&key, message, "Give it another name than counter, desk, office, supervisor and system");
    }
    if party.kinds.is_empty() {
        reader.fault(&key, format!("nobody can be party {role:?}"), "Name one kind or more in `kind`");
    }
    if party.max.is_some_and(|most| most == 0 || most < party.min) {
        let message = format!("party {role:?} has no number between its bounds");
        reader.fault(&key, message, "Let `max` be 1 or more and no less than `min`");
    }
    let open = |kind: &PartyKind| !matches!(kind, PartyKind::Record | PartyKind::Nobody);
    if let Some(kind) = party.kinds.iter().find(|kind| party.sealed && open(kind)) {
        let message = format!("party {role:?} is sealed but may be of kind {}", kind.code());
        reader.fault(&key, message, "Write `kind = \"record\"`, or remove `sealed`");
    }
}

/// Nothing is done without the consent of a party that must consent.
fn check_must_consent(procedure: &Procedure, role: &str, party: &PartyRule, reader: &mut Reader<'_>) {
    if !party.must_consent {
        return;
    }
    let asks = |action: &Action| action.consent.iter().any(|asked| asked == role);
    if !procedure.actions.values().any(asks) {
        let message = format!("party {role:?} must consent, and no action asks for it");
        reader.fault(&format!("party.{role}"), message, format!("Add `consent = [\"{role}\"]` to an action"));
        return;
    }
    let done = |state: &State| procedure.counts(state) == Some(Counts::Done);
    for (name, action) in &procedure.actions {
        let before = action.from.iter().filter_map(|from| procedure.states.get(from)).any(done);
        let after = procedure.states.get(&action.to).is_some_and(done);
        if after && !before && !asks(action) {
            let message = format!("action {name:?} does what party {role:?} must consent to, without asking");
            reader.fault(&format!("action.{name}"), message, format!("Add {role:?} to its `consent`"));
        }
    }
}

fn check_outcomes(procedure: &Procedure, reader: &mut Reader<'_>) {
    for (name, state) in &procedure.states {
        let known = state.outcome.as_ref().is_none_or(|outcome| procedure.outcomes.contains_key(outcome));
        if !known {
            let outcome = state.outcome.as_deref().unwrap_or_default();
            let names: Vec<&str> = procedure.outcomes.keys().map(String::as_str).collect();
            let message = format!("state {name:?} comes out as {outcome:?}, which is no outcome");
            let remedy = format!("Write one of {}, or add [outcomes.{outcome}]", names.join(", "));
            reader.fault(&format!("state.{name}"), message, remedy);
        }
    }
    for outcome in procedure.outcomes.keys() {
        let key = format!("outcome.{outcome}");
        let reached = procedure.states.values().any(|state| state.outcome.as_ref() == Some(outcome));
        if !reached && reader.has(&key) {
            let message = format!("outcome {outcome:?} can never come about");
            reader.fault(&key, message, "Name it as the `outcome` of a state, or remove it");
        }
    }
}

/// Whether an action asks for a day of that name and cannot be taken without it.
fn asks_day(action: &Action, name: &str) -> bool {
    action.needs.iter().any(|need| need.name == name && need.kind == NeedKind::Date && need.required)
}

/// Whether an action leads to that state.
fn leads_to(procedure: &Procedure, action: &str, state: &str) -> bool {
    procedure.actions.get(action).is_some_and(|action| action.to == state)
}

fn check_latest(procedure: &Procedure, name: &str, state: &State, reader: &mut Reader<'_>) {
    let Some(latest) = &state.latest else { return };
    let key = format!("state.{name}");
    if state.terminal {
        let message = format!("terminal state {name:?} lasts at most so long, but nothing follows it");
        reader.fault(&key, message, "Remove `latest`");
        return;
    }
    if let Some(then) = &latest.then {
        let action = procedure.actions.get(then);
        if !action.is_some_and(|action| action.by == By::System && action.from.iter().any(|from| from == name)) {
            let message = format!(
                "when {name:?} has lasted so long, {then:?} is to follow, which the platform cannot take in it"
            );
            reader.fault(
                &key,
                message,
                format!("Add [actions.{then}] with `from = [\"{name}\"]` and `by = \"system\"`"),
            );
        }
    }
    if let Some(then) = latest.then.as_ref().filter(|then| leads_to(procedure, then, name)) {
        let message = format!("when {name:?} has lasted so long, {then:?} leads to it again, every time anew");
        reader.fault(&key, message, format!("Let [actions.{then}] lead `to` another state"));
    }
    if latest.then.is_none() && !matches!(state.waits_for, Waits::Office | Waits::Counter) {
        let message = format!("{name:?} lasts at most so long, but neither staff nor the platform ends it");
        reader.fault(&key, message, "Name in `then` what the platform does, or remove `latest`");
    }
    let Some(until) = &latest.until else { return };
    let mut leading = procedure.actions.iter().filter(|(_, action)| action.to == name);
    if let Some((action, _)) = leading.find(|(_, action)| !asks_day(action, until)) {
        let message = format!("{name:?} ends on the day {until:?}, for which action {action:?} does not ask");
        reader.fault(&key, message, format!("Let {action:?} need a date {until:?} with `required = true`"));
    }
}

/// What the platform does by itself, because a state has lasted its time, asks for nothing and waits for no other day.
fn check_by_itself(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let ends = |state: &State| state.latest.as_ref().is_some_and(|latest| latest.then.as_deref() == Some(name));
    if action.by != By::System || !reader.knows_taker(name) || !procedure.states.values().any(ends) {
        return;
    }
    for need in action.needs.iter().filter(|need| need.required) {
        let message = format!("the platform takes action {name:?} by itself and cannot give {:?}", need.name);
        let key = format!("action.{name}.need.{}", need.name);
        reader.fault(&key, message, "Remove the need, or its `required`");
    }
    let key = format!("action.{name}");
    if !action.not_by.is_empty() {
        let message = format!("the platform takes action {name:?} by itself, so `not_by` keeps nobody from it");
        reader.fault(&key, message, "Remove `not_by`");
    }
    if action.not_before.is_some() {
        let message = format!(
            "the platform takes action {name:?} by itself when the state is over, so it waits for no other day"
        );
        reader.fault(&key, message, "Remove `not_before`, and name the day in `latest` of the state");
    }
}

/// Whoever took an action may not take this one: it must be one that can come before it, be it this one the time
/// before.
fn check_not_by(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let edges = ways::edges(procedure);
    for other in &action.not_by {
        let (message, remedy) = match procedure.actions.get(other) {
            None => (
                format!("action {name:?} is not for whoever took {other:?}, which is no action"),
                format!("Add [actions.{other}] or correct `not_by`"),
            ),
            Some(before) => {
                let after = ways::closure(std::iter::once(before.to.as_str()), &edges);
                if action.from.iter().any(|from| after.contains(from.as_str())) {
                    continue;
                }
                (
                    format!("action {name:?} is not for whoever took {other:?}, which can never come before it"),
                    format!("Name an action that leads towards {name:?}, or correct `not_by`"),
                )
            }
        };
        reader.fault(&format!("action.{name}"), message, remedy);
    }
}

/// Only what staff of a counter or a supervisor take can be kept from the unit that has the case: what that unit itself
/// takes would be left to nobody.
fn check_not_by_unit(name: &str, action: &Action, reader: &mut Reader<'_>) {
    let by_others = matches!(action.by, By::Counter | By::Desk | By::Supervisor) || !reader.knows_taker(name);
    if action.not_by_unit && (!by_others || action.from.is_empty()) {
        let message = format!("action {name:?} is kept from the unit that has the case, but is not taken by others");
        let remedy = "Let `by` be counter, desk or supervisor in a case that is open, or remove `not_by_unit`";
        reader.fault(&format!("action.{name}"), message, remedy);
    }
}

fn check_consent(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let key = format!("action.{name}");
    let by_party = matches!(action.by, By::Party(_)) || !reader.knows_taker(name);
    if (action.gives_consent || action.withdraws_consent) && !by_party {
        let message = format!("action {name:?} speaks of a consent but is not taken by a party");
        reader.fault(&key, message, "Let `by` be a role of [parties], or remove the word");
    }
    if action.gives_consent && action.withdraws_consent {
        let message = format!("action {name:?} both gives and withdraws a consent");
        reader.fault(&key, message, "Keep one of the two words");
    }
    let consenting = || procedure.from_state(&action.to).iter().any(|(_, other)| other.gives_consent);
    if action.asks_consent && (matches!(action.by, By::Party(_)) || !consenting()) {
        let message = format!("action {name:?} asks for consents that nobody can give after it");
        reader.fault(&key, message, "Let it lead to a state in which parties consent, or remove `asks_consent`");
    }
    if let Some(role) = action.voids_consent.iter().find(|role| !procedure.parties.contains_key(*role)) {
        let message = format!("action {name:?} voids the consent of {role:?}, who takes no part");
        reader.fault(&key, message, format!("Add [parties.{role}] or correct `voids_consent`"));
    }
    for role in &action.consent {
        if !procedure.parties.contains_key(role) {
            let message = format!("action {name:?} asks for the consent of {role:?}, who takes no part");
            reader.fault(&key, message, format!("Add [parties.{role}] or correct `consent`"));
            continue;
        }
        let by = |wanted: &dyn Fn(&Action) -> bool| {
            procedure.actions.values().any(|other| other.by == By::Party(role.clone()) && wanted(other))
        };
        if !by(&|other| other.gives_consent) {
            let message = format!("action {name:?} asks for the consent of {role:?}, who has no way to give it");
            reader.fault(&key, message, format!("Add an action of {role:?} with `gives_consent = true`"));
        } else if !by(&|other| other.withdraws_consent) {
            let message = format!("action {name:?} asks for the consent of {role:?}, who has no way to withdraw it");
            reader.fault(&key, message, format!("Add an action of {role:?} with `withdraws_consent = true`"));
        }
    }
}

fn check_not_before(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let Some(NotBefore::Day(day)) = &action.not_before else { return };
    if !procedure.actions.values().any(|other| asks_day(other, day)) {
        let message = format!("action {name:?} waits for the day {day:?}, which no action names");
        let remedy = format!("Let the action that promises the day need a date {day:?} with `required = true`");
        reader.fault(&format!("action.{name}"), message, remedy);
    }
}

fn check_most(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let Some(most) = &action.returns_at_most else { return };
    let key = format!("action.{name}");
    if action.from.is_empty() {
        let message = format!("action {name:?} opens a case, so it is taken once in it and never returns");
        reader.fault(&key, message, "Remove `returns_at_most`");
        return;
    }
    if most.times == 0 {
        let message = format!("action {name:?} may never be taken");
        reader.fault(&key, message, "Write `times = 1` or more, or remove the action");
    }
    let Some(then) = &most.then else {
        if most.only_then {
            let message = format!("action {name:?} says `only_then` and names no action in `then`");
            reader.fault(&key, message, "Name the action in `then`, or remove `only_then`");
        }
        return;
    };
    if then == name {
        let message = format!("after {name:?} has been taken so often, it is to follow itself");
        reader.fault(&key, message, "Name another action in `then`, or remove `then`");
        return;
    }
    let follows = |other: &Action| other.from.iter().any(|from| action.from.contains(from));
    if !procedure.actions.get(then).is_some_and(follows) {
        let message =
            format!("after {name:?} has been taken so often, {then:?} is to follow, which cannot be taken there");
        reader.fault(&key, message, format!("Add [actions.{then}] with the same `from`, or correct `then`"));
    }
}

fn check_escalation(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let named = procedure.states.get(&action.to).is_some_and(|state| state.office.is_some());
    if action.escalates && named {
        let message = format!("action {name:?} goes up a level, to a state that names the level of its office");
        reader.fault(&format!("action.{name}"), message, "Remove `office` from the state, or `escalates`");
    }
    if action.descends && (named || action.escalates || action.hands_to.is_some()) {
        let message = format!("action {name:?} goes down a level and elsewhere as well");
        let remedy = "Keep one of `descends`, `escalates`, `hands_to` and the `office` of the state";
        reader.fault(&format!("action.{name}"), message, remedy);
    }
}

/// The unit to which an action hands a case over is one that it asks for; nobody has a case in hand before it is open.
fn check_hand_over(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let key = format!("action.{name}");
    if action.from.is_empty() && (action.unassigned || action.together || action.hands_to.is_some()) {
        let message = format!("action {name:?} opens a case, which nobody has in hand yet");
        reader.fault(&key, message, "Remove `unassigned`, `together` and `hands_to`");
        return;
    }
    check_hand(procedure, name, action, reader);
    let Some(unit) = &action.hands_to else { return };
    if !action.needs.iter().any(|need| need.name == *unit && need.kind == NeedKind::Unit) {
        let message = format!("action {name:?} hands the case to {unit:?}, for which it does not ask");
        reader.fault(&key, message, format!("Let it need {unit:?} with `kind = \"unit\"`, or correct `hands_to`"));
    }
    if action.escalates {
        let message = format!("action {name:?} both hands the case to a unit and goes up a level");
        reader.fault(&key, message, "Keep one of `hands_to` and `escalates`");
    }
    if procedure.states.get(&action.to).is_some_and(|state| state.office.is_some()) {
        let message =
            format!("action {name:?} hands the case to a unit, in a state that names the level of its office");
        reader.fault(&key, message, "Remove `office` from the state, or `hands_to`");
    }
}

/// A case is in the hand of whoever of the office took a step, unless the step sends it elsewhere.
fn check_hand(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    if action.hand != Some(Hand::Taker) {
        return;
    }
    let key = format!("action.{name}");
    if action.by != By::Office && reader.knows_taker(name) {
        let message = format!("action {name:?} puts the case in the hand of its taker, who is not of the office");
        reader.fault(&key, message, "Write `by = \"office\"`, or remove `hand`");
    }
    let leaves = action.escalates || action.descends || action.hands_to.is_some();
    if leaves || procedure.states.get(&action.to).is_some_and(|state| state.office.is_some()) {
        let message = format!("action {name:?} puts the case in the hand of its taker and sends it elsewhere");
        reader.fault(&key, message, "Keep `hand = \"taker\"`, or what sends it elsewhere");
    }
}

/// What an action asks for is another one that can follow it and is not granted without end: it gives more time, or is
/// taken only so often.
fn check_asked(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let Some(asked) = &action.asks_for else { return };
    let bounded = |other: &Action| other.extends.is_some() || other.returns_at_most.is_some();
    let follows = |other: &Action| bounded(other) && other.from.contains(&action.to);
    if asked == name || !procedure.actions.get(asked).is_some_and(follows) {
        let message = format!("action {name:?} asks for {asked:?}, which is not granted after it, or without bound");
        let remedy = format!(
            "Let [actions.{asked}] have `extends` or `returns_at_most` and follow `from` {:?}, or correct `asks_for`",
            action.to
        );
        reader.fault(&format!("action.{name}"), message, remedy);
    }
}

/// Only a party leaves a case alone, from a state in which she can, to another end than that of the case.
fn check_leaves(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    if action.leaves.is_empty() {
        return;
    }
    let key = format!("action.{name}");
    if !matches!(action.by, By::Party(_)) && reader.knows_taker(name) {
        let message = format!("action {name:?} lets somebody leave who is no party");
        reader.fault(&key, message, "Let `by` be a role of [parties], or remove `leaves`");
    }
    for (from, to) in &action.leaves {
        let leads = procedure.states.get(to).is_some_and(|state| !state.terminal) && *to != action.to;
        if !action.from.contains(from) || !leads {
            let message = format!("action {name:?} cannot leave a case in {from:?} that goes on in {to:?}");
            reader.fault(&key, message, "Name a state of `from`, and one that is not the end, or correct `leaves`");
        }
    }
}

/// Whoever joins is named by a role of the procedure and by the handle of a person.
fn check_joins(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let Some(joins) = &action.joins else { return };
    let roles = |need: &Need| match &need.kind {
        NeedKind::Choice { options } => options.iter().all(|option| procedure.parties.contains_key(&option.code)),
        _ => false,
    };
    let has_role = action.needs.iter().any(|need| need.name == joins.role && need.required && roles(need));
    let is_person = |need: &Need| need.name == joins.who && need.required && need.kind == NeedKind::Person;
    if !has_role || !action.needs.iter().any(is_person) || action.from.is_empty() {
        let message = format!("action {name:?} does not ask who joins the case, and as which party");
        let remedy = "Let it need a choice among the roles of [parties] and a person, both with `required = true`";
        reader.fault(&format!("action.{name}"), message, remedy);
    }
}

/// The answer that chooses the limit of a clock is a choice that the action asks for. The clock is one whose limits the
/// department gives, and it has not started before.
fn check_limit_by(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let Some(by) = &action.limit_by else { return };
    let key = format!("action.{name}");
    let of_the_item = procedure.clocks.get(&by.clock).is_some_and(|clock| clock.limit == LimitRule::Item);
    if !of_the_item {
        let message =
            format!("action {name:?} chooses the limit of {:?}, which is no clock with `limit = \"item\"`", by.clock);
        reader.fault(
            &key,
            message,
            format!("Write `limit = \"item\"` in [clocks.{}], or correct `limit_by`", by.clock),
        );
    }
    let is_choice = |need: &Need| need.name == by.need && matches!(need.kind, NeedKind::Choice { .. });
    if !action.needs.iter().any(is_choice) {
        let message =
            format!("action {name:?} chooses a limit by {:?}, for which it does not ask as a choice", by.need);
        reader.fault(
            &key,
            message,
            format!("Let it need {:?} with `kind = \"choice\"`, or correct `limit_by`", by.need),
        );
    }
    let runs = |state: &String| {
        let state = procedure.states.get(state);
        state.is_some_and(|state| procedure.clock_in(state, &by.clock) != ClockState::NotStarted)
    };
    if action.from.is_empty() || action.from.iter().any(runs) {
        let message = format!("action {name:?} chooses the limit of {:?} where it may have started", by.clock);
        reader.fault(&key, message, "Choose it in a state in which the clock has not started, or remove `limit_by`");
    }
}
