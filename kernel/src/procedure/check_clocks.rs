//! Checking the clocks of a procedure: each starts once, stands only on a legal ground, is never revived, and ends
//! with an outcome.

use super::reader::Reader;
use super::{Action, ClockState, LimitRule, NeedKind, Procedure, State};
use std::collections::BTreeSet;

/// Notes every fault of the clocks.
pub(super) fn check(procedure: &Procedure, reader: &mut Reader<'_>) {
    for (name, state) in &procedure.states {
        check_ground(name, state, reader);
        check_end(procedure, name, state, reader);
        for clock in state.clocks.keys().filter(|clock| !procedure.clocks.contains_key(*clock)) {
            let message = format!("state {name:?} turns {clock:?}, which is no clock");
            reader.fault(&format!("state.{name}"), message, format!("Add [clocks.{clock}] or correct `clocks`"));
        }
    }
    for (name, action) in &procedure.actions {
        check_turns(procedure, name, action, reader);
        check_milestones(procedure, name, action, reader);
        check_extension(procedure, name, action, reader);
    }
    check_given(procedure, reader);
}

fn check_ground(name: &str, state: &State, reader: &mut Reader<'_>) {
    let key = format!("state.{name}");
    let stops = state.clock == ClockState::Stopped || state.clocks.values().any(|clock| *clock == ClockState::Stopped);
    let ground = state.ground.as_deref().is_some_and(|ground| !ground.trim().is_empty());
    if stops && !ground {
        let message = format!("the clock is stopped in {name:?} without a legal ground");
        reader.fault(&key, message, "Add `ground` with the code of the ground, as in \"correction\"");
    }
    if !stops && state.ground.is_some() {
        let message = format!("{name:?} gives a ground for stopping the clock but does not stop it");
        reader.fault(&key, message, "Remove `ground`, or write `clock = \"stopped\"`");
    }
}

fn check_end(procedure: &Procedure, name: &str, state: &State, reader: &mut Reader<'_>) {
    let key = format!("state.{name}");
    if state.terminal && state.clock != ClockState::Ended {
        let message = format!("a clock that never stops: {name:?} is terminal, its clock is {}", state.clock.code());
        reader.fault(&key, message, "Write `clock = \"ended\"` in a terminal state");
        return;
    }
    let open = |clock: &&String| procedure.clock_in(state, clock) != ClockState::Ended;
    if let Some(clock) = procedure.clocks.keys().find(open).filter(|_| state.terminal) {
        let message = format!("a clock that never stops: {name:?} is terminal, and {clock:?} has not ended in it");
        reader.fault(&key, message, "Remove that clock from `clocks` of the state");
    }
}

/// What the clocks that states start do over an action, once for each state it leaves; none before for an action that
/// opens a case.
struct Turn {
    before: Vec<Option<ClockState>>,
    after: Vec<ClockState>,
}

impl Turn {
    fn any(&self, wanted: impl Fn(Option<ClockState>, ClockState) -> bool) -> bool {
        self.before.iter().zip(&self.after).any(|(before, after)| wanted(*before, *after))
    }

    fn begins(&self) -> bool {
        use ClockState::{NotStarted, Running, Stopped};
        self.any(|from, to| matches!((from, to), (None | Some(NotStarted), Running | Stopped)))
    }

    /// The last clock ends here.
    fn ends(&self) -> bool {
        let ended = self.after.iter().all(|clock| *clock == ClockState::Ended);
        ended && !self.before.iter().all(|clock| *clock == Some(ClockState::Ended))
    }
}

fn turns(procedure: &Procedure, action: &Action, to: &State) -> Vec<Turn> {
    let names: Vec<&String> =
        procedure.clocks.iter().filter(|(_, clock)| !clock.by_steps).map(|(name, _)| name).collect();
    let in_state = |state: &State| names.iter().map(|name| procedure.clock_in(state, name)).collect::<Vec<_>>();
    let after = in_state(to);
    let opens = action.from.is_empty().then(|| vec![None; names.len()]);
    let froms = action.from.iter().filter_map(|from| procedure.states.get(from));
    let before = froms.map(|state| in_state(state).into_iter().map(Some).collect());
    opens.into_iter().chain(before).map(|before| Turn { before, after: after.clone() }).collect()
}

fn check_turns(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    use ClockState::{Ended, NotStarted, Running, Stopped};
    let Some(to) = procedure.states.get(&action.to) else { return };
    for turn in turns(procedure, action, to) {
        let (message, remedy) = if turn.any(|from, to| matches!((from, to), (None | Some(NotStarted), Stopped))) {
            (format!("action {name:?} stops a clock that never started"), "Accept the case first")
        } else if turn.any(|from, to| matches!((from, to), (Some(Running | Stopped), NotStarted))) {
            (format!("action {name:?} would start the clock again"), "A started clock runs, stands or ends")
        } else if turn.any(|from, to| matches!((from, to), (Some(Ended), NotStarted | Running | Stopped))) {
            (format!("action {name:?} revives a clock that ended"), "What follows a decision keeps `ended`")
        } else if turn.begins() && !action.starts_clock {
            (format!("action {name:?} starts the clock without saying so"), "Add `starts_clock = true`")
        } else if action.starts_clock && !turn.begins() {
            (format!("action {name:?} says it starts the clock but does not"), "Remove `starts_clock`")
        } else if turn.ends() && to.outcome.is_none() {
            (format!("action {name:?} ends the case without an outcome"), "Add `outcome` to the state it leads to")
        } else {
            continue;
        };
        reader.fault(&format!("action.{name}.to"), message, remedy);
        break;
    }
}

fn check_milestones(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let key = format!("action.{name}");
    let extended = action.extends.iter().map(|extension| &extension.clock);
    let named = action.starts.iter().chain(&action.stops).chain(&action.ends).chain(extended);
    for clock in named.filter(|clock| !clock.is_empty() && !procedure.clocks.contains_key(*clock)) {
        let message = format!("action {name:?} turns {clock:?}, which is no clock");
        reader.fault(&key, message, format!("Add [clocks.{clock}] or correct the action"));
    }
    if action.extends.as_ref().is_some_and(|extension| extension.at_most == 0) {
        let message = format!("action {name:?} extends a clock but never may");
        reader.fault(&key, message, "Write `at_most = 1` or more, or remove `extends`");
    }
    let ground = action.ground.as_deref().is_some_and(|ground| !ground.trim().is_empty());
    if !action.stops.is_empty() && !ground {
        let message = format!("action {name:?} stops a clock without a legal ground");
        reader.fault(&key, message, "Add `ground` with the code of the ground");
    }
    if action.stops.is_empty() && action.ground.is_some() {
        let message = format!("action {name:?} gives a ground for stopping a clock but stops none");
        reader.fault(&key, message, "Remove `ground`, or name the clock in `stops`");
    }
}

/// How far a clock has come when a case is in a state; one that stands still is open.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Waiting,
    Open,
    Over,
}

impl Progress {
    /// What an action makes of it: the state it leads to, if that is another, and then the action itself.
    fn after(self, procedure: &Procedure, clock: &str, from: Option<&str>, action: &Action) -> Self {
        let by_steps = procedure.clocks.get(clock).is_some_and(|rule| rule.by_steps);
        let to = procedure.states.get(&action.to).filter(|_| from != Some(action.to.as_str()));
        let names = |clocks: &[String]| clocks.iter().any(|each| each == clock);
        let mut progress = match to.map(|state| procedure.clock_in(state, clock)) {
            Some(ClockState::Running) if self == Self::Waiting && !by_steps => Self::Open,
            Some(ClockState::Ended) => Self::Over,
            _ => self,
        };
        if progress == Self::Waiting && names(&action.starts) {
            progress = Self::Open;
        }
        if names(&action.ends) { Self::Over } else { progress }
    }
}

/// How far a clock can have come in each state, over every way through the procedure.
fn progress<'p>(procedure: &'p Procedure, clock: &str) -> BTreeSet<(&'p str, Progress)> {
    let opening = procedure.actions.values().filter(|action| action.from.is_empty());
    let mut open: Vec<(&str, Progress)> =
        opening.map(|action| (action.to.as_str(), Progress::Waiting.after(procedure, clock, None, action))).collect();
    let mut reached = BTreeSet::new();
    while let Some((state, progress)) = open.pop() {
        if !reached.insert((state, progress)) {
            continue;
        }
        for (_, action) in procedure.from_state(state) {
            open.push((action.to.as_str(), progress.after(procedure, clock, Some(state), action)));
        }
    }
    reached
}

/// More time is given to a clock that has started and not ended in some state that the action is taken in.
fn check_extension(procedure: &Procedure, name: &str, action: &Action, reader: &mut Reader<'_>) {
    let Some(extension) = &action.extends else { return };
    let clock = &extension.clock;
    if !procedure.clocks.contains_key(clock) {
        return;
    }
    let all = progress(procedure, clock);
    let here: Vec<Progress> =
        all.into_iter().filter(|(state, _)| action.from.iter().any(|from| from == state)).map(|(_, far)| far).collect();
    if here.is_empty() || here.contains(&Progress::Open) {
        return;
    }
    let why = if here.contains(&Progress::Over) { "has ended" } else { "has not started" };
    let message = format!("action {name:?} extends {clock:?}, which {why} wherever it is taken");
    let remedy = "Take it `from` a state in which the clock runs or stands, or remove `extends`";
    reader.fault(&format!("action.{name}"), message, remedy);
}

/// The date to which a clock runs is given when the case is opened, never left out. An action that opens the case and
/// asks for an answer of the clock's name asks for that date; where none does, the department gives it.
fn check_given(procedure: &Procedure, reader: &mut Reader<'_>) {
    let given = procedure.clocks.iter().filter(|(_, clock)| clock.limit == LimitRule::Given);
    for (clock, _) in given {
        for (name, action) in procedure.actions.iter().filter(|(_, action)| action.from.is_empty()) {
            let asked = action.needs.iter().filter(|need| need.name == *clock);
            for need in asked.filter(|need| need.kind != NeedKind::Date || !need.required) {
                let message = format!(
                    "clock {clock:?} runs to a date that must be given, and action {name:?} asks for it in another way"
                );
                let key = format!("action.{name}.need.{}", need.name);
                reader.fault(&key, message, "Write `kind = \"date\"` and `required = true`, or rename the need");
            }
        }
    }
}
