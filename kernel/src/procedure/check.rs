//! This checks a procedure: whatever it lets happen must be somebody's to do, come to an end, and treat the clocks
//! lawfully.

use super::reader::Reader;
use super::{By, ClockState, NeedKind, Procedure, State, Waits, check_clocks, check_words, ways};
use crate::language::{Bilingual, Lang};
use crate::place::Level;
use std::collections::BTreeSet;

/// Notes every fault of the procedure.
pub(super) fn check(procedure: &Procedure, reader: &mut Reader<'_>) {
    check_head(procedure, reader);
    check_titles(procedure, reader);
    check_edges(procedure, reader);
    check_needs(procedure, reader);
    check_bulk(procedure, reader);
    for (name, state) in &procedure.states {
        check_waiting(procedure, name, state, reader);
        check_wait(procedure, name, state, reader);
    }
    check_clocks::check(procedure, reader);
    check_words::check(procedure, reader);
    check_ways(procedure, reader);
}

fn check_head(procedure: &Procedure, reader: &mut Reader<'_>) {
    let plain = |each: char| each.is_ascii_lowercase() || each.is_ascii_digit() || each == '_';
    let names = procedure.states.keys().map(|name| ("state", name));
    let names = names.chain(procedure.actions.keys().map(|name| ("action", name)));
    let names = names.chain(procedure.parties.keys().map(|name| ("party", name)));
    let names = names.chain(procedure.clocks.keys().map(|name| ("clock", name)));
    let names = names.chain(procedure.outcomes.keys().map(|name| ("outcome", name)));
    for (kind, name) in names {
        if name.is_empty() || !name.chars().all(plain) {
            let message = format!("{kind} {name:?} is not a plain name");
            reader.fault(&format!("{kind}.{name}"), message, "Use small letters, digits and _ only");
        }
    }
    if procedure.name.is_empty() || !procedure.name.chars().all(plain) {
        reader.fault("name", "the procedure's name is not a plain name", "Use small letters, digits and _ only");
    }
    if procedure.version < 1 {
        reader.fault("version", "a version is counted from 1", "Write `version = 1` or more");
    }
    if procedure.start.is_empty() {
        reader.fault("name", "no action opens a case", "Name one or more in `start = [\"…\"]`");
    }
    check_start(procedure, reader);
}

fn check_start(procedure: &Procedure, reader: &mut Reader<'_>) {
    let mut seen = BTreeSet::new();
    for name in &procedure.start {
        let key = format!("start.{name}");
        if !seen.insert(name) {
            reader.fault(&key, format!("start names {name:?} twice"), "Remove one of them");
        }
        let Some(action) = procedure.actions.get(name) else {
            reader.fault(&key, format!("start names {name:?}, which is no action"), format!("Add [actions.{name}]"));
            continue;
        };
        if !action.from.is_empty() {
            let message = format!("{name:?} opens a case but also says `from`");
            reader.fault(&key, message, "Remove `from`, or take it out of `start`");
        }
        if !action.by.opens() && reader.knows_taker(name) {
            let message = format!("{name:?} opens a case but is taken by {}", action.by.code());
            reader.fault(&key, message, "A case is opened by applicant, counter, office or a party");
        }
    }
}

fn check_titles(procedure: &Procedure, reader: &mut Reader<'_>) {
    check_title("name", "the procedure", &procedure.title, reader);
    for (name, party) in &procedure.parties {
        check_title(&format!("party.{name}"), &format!("party {name:?}"), &party.title, reader);
    }
    for (name, clock) in &procedure.clocks {
        check_title(&format!("clock.{name}"), &format!("clock {name:?}"), &clock.title, reader);
    }
    for (name, ending) in &procedure.outcomes {
        check_title(&format!("outcome.{name}"), &format!("outcome {name:?}"), &ending.title, reader);
    }
    for (name, state) in &procedure.states {
        check_title(&format!("state.{name}"), &format!("state {name:?}"), &state.title, reader);
    }
    for (name, action) in &procedure.actions {
        check_title(&format!("action.{name}"), &format!("action {name:?}"), &action.title, reader);
        if let Some(done) = &action.done {
            check_title(&format!("action.{name}"), &format!("`done` of action {name:?}"), done, reader);
        }
        for need in &action.needs {
            let key = format!("action.{name}.need.{}", need.name);
            check_title(&key, &format!("need {:?} of action {name:?}", need.name), &need.title, reader);
            for option in options(&need.kind) {
                check_title(&key, &format!("option {:?} of need {:?}", option.code, need.name), &option.title, reader);
            }
        }
    }
}

fn check_title(key: &str, what: &str, title: &Bilingual, reader: &mut Reader<'_>) {
    if let Some(lang) = title.missing() {
        let language = lang.pick("Chinese", "English");
        let field = if lang == Lang::Zh { "zh" } else { "en" };
        reader.fault(key, format!("{what} has no {language} title"), format!("Add `{field}` to its title"));
    }
}

fn options(kind: &NeedKind) -> &[super::Choice] {
    if let NeedKind::Choice { options } = kind { options } else { &[] }
}

/// A state that lasts a while is left by something that waits for its end, and nothing waits for the end of another.
fn check_wait(procedure: &Procedure, name: &str, state: &State, reader: &mut Reader<'_>) {
    let key = format!("state.{name}");
    let waited = procedure.from_state(name).iter().any(|(_, action)| action.after_wait);
    match (state.at_least.is_some(), waited) {
        (true, false) => {
            let remedy = "Mark the action that ends it with `after_wait = true`, or remove `at_least`";
            reader.fault(&key, format!("state {name:?} lasts a while, and no action waits for its end"), remedy);
        }
        (false, true) => {
            let remedy = "Say `at_least` of the state, or remove `after_wait` from the action";
            reader.fault(&key, format!("an action waits for the end of state {name:?}, which says no length"), remedy);
        }
        _ => {}
    }
    if state.office.is_some_and(|level| !matches!(level, Level::District | Level::Street | Level::Community)) {
        let remedy = "Write district, street or community, or leave it out for whoever decides";
        reader.fault(&key, format!("state {name:?} lies at a level that has no office"), remedy);
    }
}

fn check_edges(procedure: &Procedure, reader: &mut Reader<'_>) {
    for (name, action) in &procedure.actions {
        let known = |state: &String| procedure.states.contains_key(state);
        if !known(&action.to) {
            let message = format!("action {name:?} leads to {:?}, which is no state", action.to);
            reader.fault(&format!("action.{name}.to"), message, format!("Add [states.{}] or correct `to`", action.to));
        }
        if action.from.is_empty() && !procedure.start.contains(name) {
            let message = format!("action {name:?} can never be taken: it neither opens a case nor says `from`");
            reader.fault(&format!("action.{name}"), message, "Add `from`, or name it in `start`");
        }
        let mut seen = BTreeSet::new();
        for from in &action.from {
            let key = format!("action.{name}.from.{from}");
            if !seen.insert(from) {
                reader.fault(&key, format!("action {name:?} names {from:?} twice"), "Remove one of them");
            }
            match procedure.states.get(from) {
                None => {
                    let message = format!("action {name:?} is taken in {from:?}, which is no state");
                    reader.fault(&key, message, format!("Add [states.{from}] or correct `from`"));
                }
                Some(state) if state.terminal => {
                    let message = format!("action {name:?} leaves {from:?}, which is terminal");
                    reader.fault(&key, message, "Nothing follows a terminal state: correct `from` or `terminal`");
                }
                Some(_) => {}
            }
        }
    }
}

fn check_needs(procedure: &Procedure, reader: &mut Reader<'_>) {
    for (name, action) in &procedure.actions {
        let mut seen = BTreeSet::new();
        for need in &action.needs {
            let key = format!("action.{name}.need.{}", need.name);
            if need.name.is_empty() || !seen.insert(&need.name) {
                let message = format!("action {name:?} asks for {:?} twice or without a name", need.name);
                reader.fault(&key, message, "Give every need a name of its own");
            }
            if let NeedKind::Number { least, most } = need.kind
                && least > most
            {
                let message = format!("need {:?} of action {name:?} has no number between its bounds", need.name);
                reader.fault(&key, message, "Let `least` be no more than `most`");
            }
            let codes: BTreeSet<&str> = options(&need.kind).iter().map(|option| option.code.as_str()).collect();
            let choice = matches!(need.kind, NeedKind::Choice { .. });
            if choice && (codes.len() < 2 || codes.len() != options(&need.kind).len()) {
                let message = format!("need {:?} of action {name:?} has fewer than two different options", need.name);
                reader.fault(&key, message, "Add `options` with codes of their own");
            }
        }
        if action.needs.iter().filter(|need| need.kind == NeedKind::Papers).count() > 1 {
            let message = format!("action {name:?} asks for papers twice");
            reader.fault(&format!("action.{name}"), message, "Keep one need of kind papers");
        }
    }
}

/// What is taken in many cases at once decides none of them and asks only for what can be the same in all.
fn check_bulk(procedure: &Procedure, reader: &mut Reader<'_>) {
    for (name, action) in procedure.actions.iter().filter(|(_, action)| action.in_bulk) {
        let key = format!("action.{name}");
        let staff = matches!(action.by, By::Counter | By::Desk | By::Office) || !reader.knows_taker(name);
        if action.from.is_empty() || !staff {
            let message =
                format!("action {name:?} is taken in bulk but opens a case or is not taken by staff at a desk");
            reader.fault(&key, message, "Remove `in_bulk`: it is for counter, desk and office in a case that is open");
        }
        let decides = |from: &String| {
            let outcome = |state: &str| procedure.states.get(state).and_then(|state| state.outcome.as_ref());
            outcome(&action.to).is_some() && outcome(&action.to) != outcome(from)
        };
        let stops = procedure.states.get(&action.to).is_some_and(|state| state.clock == ClockState::Stopped);
        if stops || action.from.iter().any(decides) {
            let message = format!("action {name:?} is taken in bulk but decides a case or stops its clock");
            reader.fault(&key, message, "Remove `in_bulk`: a decision is made case by case");
        }
        for need in &action.needs {
            let same = match &need.kind {
                NeedKind::Choice { options } => options.iter().any(|option| !option.one_by_one),
                _ => !need.required,
            };
            if !same {
                let message = format!("action {name:?} is taken in bulk but asks for {:?} of each case", need.name);
                reader.fault(&key, message, "Remove `in_bulk`, or let the need be a choice or left out");
            }
        }
    }
}

fn check_waiting(procedure: &Procedure, name: &str, state: &State, reader: &mut Reader<'_>) {
    let key = format!("state.{name}");
    if state.terminal && state.waits_for != Waits::Nobody {
        reader.fault(&key, format!("terminal state {name:?} waits for somebody"), "Write `waits_for = \"nobody\"`");
    }
    if state.terminal {
        return;
    }
    let waited = |by: &By| match state.waits_for {
        Waits::Applicant => *by == By::Applicant,
        Waits::Counter => matches!(by, By::Counter | By::Desk),
        Waits::Office => *by == By::Office,
        Waits::Party => matches!(by, By::Party(_)),
        Waits::Nobody => *by == By::System,
    };
    let actions = procedure.from_state(name);
    if !actions.iter().any(|(name, action)| waited(&action.by) || !reader.knows_taker(name)) {
        let message = format!("{name:?} waits for {}, who can take no action in it", state.waits_for.code());
        reader.fault(&key, message, "Add an action of theirs `from` this state, or correct `waits_for`");
    }
    let all: BTreeSet<&By> = actions.iter().map(|(_, action)| &action.by).collect();
    for by in all {
        if actions.iter().filter(|(_, action)| action.primary && action.by == *by).count() > 1 {
            let message = format!("{name:?} has two usual next steps for {}", by.code());
            reader.fault(&key, message, "Keep `primary = true` on one of them");
        }
    }
}

fn check_ways(procedure: &Procedure, reader: &mut Reader<'_>) {
    let starts = procedure.start.iter().filter_map(|name| procedure.actions.get(name)).map(|action| action.to.as_str());
    let edges = ways::edges(procedure);
    let reached = ways::closure(starts, &edges);
    let backwards = ways::reversed(&edges);
    let ends = |wanted: fn(&State) -> bool| {
        let names = procedure.states.iter().filter(|(_, state)| wanted(state)).map(|(name, _)| name.as_str());
        ways::closure(names, &backwards)
    };
    let to_end = ends(|state| state.terminal);
    let to_rest = ends(|state| state.clock == ClockState::Ended);
    for (name, state) in &procedure.states {
        let key = format!("state.{name}");
        if !reached.contains(name.as_str()) {
            let message = format!("state {name:?} can never be reached");
            reader.fault(&key, message, "Add an action that leads `to` it, or remove it");
        } else if state.clock == ClockState::Running && !to_rest.contains(name.as_str()) {
            let message = format!("a clock that never stops: nothing ends it after {name:?}");
            reader.fault(&key, message, "Add an action to a state with `clock = \"ended\"`");
        } else if !to_end.contains(name.as_str()) {
            let message = format!("no way from {name:?} to an end");
            reader.fault(&key, message, "Add an action that leads towards a state with `terminal = true`");
        }
    }
}
