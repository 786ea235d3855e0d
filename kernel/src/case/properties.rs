//! Properties over random sound procedures and random sequences of commands.

use super::stories::{actor, calendar, opening, path};
use super::*;
use crate::calendar::Calendar;
use crate::permission::Actor;
use crate::procedure::{By, ClockState, Procedure, load};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(calendar);

const WHO: [&str; 11] = [
    "applicant",
    "nobody",
    "system",
    "worker@1.9.9.9.",
    "worker@1.2.3.4.",
    "civil@1.2.",
    "health@1.2.",
    "civil@1.3.",
    "watch@1.",
    "civil@1.2.#2",
    "account#5",
];
const BY: [&str; 6] = [
    "by = \"applicant\"",
    "by = \"counter\"\npermission = \"case.accept\"",
    "by = \"desk\"\npermission = \"case.decide\"",
    "by = \"office\"\npermission = \"case.handle\"",
    "by = \"supervisor\"\npermission = \"case.supervise\"",
    "by = \"system\"",
];

/// An edge of a random procedure: from (none opens the case), to, who takes it.
type Edge = (Option<usize>, usize, usize);

const CLOCKS: [&str; 4] = ["not_started", "running", "stopped", "ended"];

/// States in layers by what the clock does, so that it starts before it runs and ends before the end.
fn procedure_text(counts: (usize, usize, usize, usize), extra: &[(usize, usize, usize)]) -> String {
    let (before, running, stopped, ended) = counts;
    let mut clocks = vec![0; before];
    clocks.extend(vec![1; running]);
    clocks.extend(vec![2; stopped]);
    clocks.extend(vec![3; ended + 1]);
    let last = clocks.len() - 1;
    let mut edges: Vec<Edge> = vec![(None, 0, 1)];
    let main: Vec<usize> = (0..=last).filter(|state| clocks[*state] != 2).collect();
    edges.extend(main.windows(2).map(|pair| (Some(pair[0]), pair[1], 3)));
    for state in (0..=last).filter(|state| clocks[*state] == 2) {
        edges.extend([(Some(before), state, 3), (Some(state), before, 0)]);
    }
    for (from, to, by) in extra {
        let (from, to) = (from % last, to % (last + 1));
        let lawful = matches!((clocks[from], clocks[to]), (0, 0 | 1 | 3) | (1 | 2, 1..=3) | (3, 3));
        if lawful {
            edges.push((Some(from), to, by % BY.len()));
        }
    }
    let mut text = write(&clocks, &edges);
    write_words(&mut text, before, last);
    text
}

/// The words beside states and edges, in the first state that runs: consent that is withdrawn, somebody else, so
/// often at most, a clock that a step starts and another gives more time, the end of a state.
fn write_words(text: &mut String, running: usize, last: usize) {
    let title = "title = { zh = \"名\", en = \"Name\" }";
    let _ = writeln!(text, "[parties.one]\n{title}\nkind = \"account\"\nmax = 1");
    for clock in ["promised", "legal"] {
        let _ = writeln!(text, "[clocks.{clock}]\n{title}\nlimit = \"item\"");
    }
    let _ = writeln!(text, "[clocks.extra]\n{title}\nlimit = {{ amount = 3, unit = \"urgent_hour\" }}");
    let words = [
        ("agree", "by = \"party:one\"\ngives_consent = true"),
        ("disagree", "by = \"one\"\nwithdraws_consent = true"),
        ("look", "by = \"office\"\npermission = \"case.handle\"\nreturns_at_most = { times = 2, then = \"meet\" }"),
        (
            "meet",
            "by = \"office\"\npermission = \"case.handle\"\nconsent = [\"one\"]\nnot_by = [\"look\"]\nstarts = [\"extra\"]",
        ),
        (
            "more",
            "by = \"office\"\npermission = \"case.handle\"\nextends = { clock = \"extra\", at_most = 1, never_overdue = true }",
        ),
        ("reach", "by = \"office\"\npermission = \"case.handle\"\nends = [\"extra\"]"),
    ];
    for (name, word) in words {
        let _ = writeln!(text, "[actions.{name}]\n{title}\nfrom = [\"s{running}\"]\nto = \"s{running}\"\n{word}");
    }
    let _ = writeln!(text, "[actions.lapse]\n{title}\nfrom = [\"s{running}\"]\nto = \"s{last}\"\nby = \"system\"");
}

fn write(clocks: &[usize], edges: &[Edge]) -> String {
    let title = "title = { zh = \"名\", en = \"Name\" }";
    let mut text = format!("name = \"random\"\nversion = 1\n{title}\nstart = [\"a0\"]\n");
    let last = clocks.len() - 1;
    for (state, clock) in clocks.iter().enumerate() {
        let first = edges.iter().find(|(from, ..)| *from == Some(state)).map(|(.., by)| *by);
        let waits = if first == Some(0) { "applicant" } else { "office" };
        let waits = if state == last { "nobody" } else { waits };
        let clock = CLOCKS[*clock];
        let _ = writeln!(text, "[states.s{state}]\n{title}\nclock = \"{clock}\"\nwaits_for = \"{waits}\"");
        match clock {
            "stopped" => text.push_str("ground = \"correction\"\n"),
            "ended" => text.push_str("outcome = \"granted\"\n"),
            "running" if clocks.iter().position(|clock| *clock == 1) == Some(state) => {
                text.push_str("latest = { amount = 10, unit = \"calendar_day\", then = \"lapse\" }\n");
            }
            _ => {}
        }
        let _ = writeln!(text, "terminal = {}", state == last);
    }
    for (action, (from, to, by)) in edges.iter().enumerate() {
        let starts = clocks[*to] == 1 && from.is_none_or(|from| clocks[from] == 0);
        let from = from.map(|from| format!("from = [\"s{from}\"]\n")).unwrap_or_default();
        let by = BY[*by];
        let _ = writeln!(text, "[actions.a{action}]\n{title}\n{from}to = \"s{to}\"\n{by}\nstarts_clock = {starts}");
        if action % 3 == 2 {
            let kind = if action % 2 == 0 { "reason" } else { "papers" };
            let _ = writeln!(text, "needs = [{{ name = \"n\", kind = \"{kind}\", required = true, {title} }}]");
        }
    }
    text
}

fn any_procedure() -> impl Strategy<Value = Procedure> {
    let counts = (0usize..3, 1usize..4, 0usize..3, 0usize..3);
    let extra = proptest::collection::vec((0usize..20, 0usize..20, 0usize..20), 0..12);
    (counts, extra).prop_map(|(counts, extra)| {
        let text = procedure_text(counts, &extra);
        load("random.toml", &text).unwrap_or_else(|faults| panic!("{faults:#?}\n{text}"))
    })
}

/// A random try: who, what, which counter, how many minutes later.
#[derive(Clone, Debug)]
struct Try {
    who: usize,
    what: usize,
    text: Option<String>,
    papers: Vec<String>,
    counter: Option<usize>,
    on_behalf: bool,
    fits: bool,
    minutes: i64,
}

fn any_try() -> impl Strategy<Value = Try> {
    let text = proptest::option::weighted(0.8, "\\PC{0,6}");
    let papers = proptest::collection::vec("[A-C]?", 0..3);
    let counter = proptest::option::weighted(0.9, 0usize..4);
    let flags = (proptest::bool::weighted(0.2), proptest::bool::weighted(0.7));
    (0..WHO.len(), 0usize..53, text, papers, counter, flags, -3_000i64..30_000).prop_map(
        |(who, what, text, papers, counter, (on_behalf, fits), minutes)| Try {
            who,
            what,
            text,
            papers,
            counter,
            on_behalf,
            fits,
            minutes,
        },
    )
}

impl Try {
    /// Who tries it: mostly somebody whom the action is for, so that the walk moves.
    fn who(&self, procedure: &Procedure, command: &Command) -> &'static str {
        let by = match command {
            Command::Act { action, .. } if self.fits => procedure.actions.get(action).map(|action| &action.by),
            _ => None,
        };
        match by {
            Some(By::Applicant) => "applicant",
            Some(By::Counter | By::Desk | By::Office) if self.minutes % 2 == 0 => "civil@1.2.#2",
            Some(By::Counter | By::Desk | By::Office) => "civil@1.2.",
            Some(By::Party(_)) => "account#5",
            Some(By::Supervisor) => "watch@1.",
            Some(By::System) => "system",
            None => WHO[self.who],
        }
    }

    fn command(&self, procedure: &Procedure, confidential: bool, case: Option<&Case>, now: Instant) -> Command {
        let counter = self.counter.map(|index| path(["1.9.9.9.", "1.2.3.4.", "1.2.", "1.3."][index]));
        // Mostly an action of the state the case is in: a walk that moves, with stumbles.
        let here: Vec<String> = case.map_or_else(Vec::new, |case| {
            procedure.from_state(&case.state).into_iter().map(|(name, _)| name.to_owned()).collect()
        });
        let name = match self.what {
            what @ 0..24 if !here.is_empty() => here[what % here.len()].clone(),
            what => format!("a{}", what % 20),
        };
        match self.what {
            36 | 37 => Command::Rate {
                score: self.papers.len().try_into().unwrap(),
                aspects: BTreeSet::new(),
                comment_handle: None,
                until: now,
            },
            38 => Command::Supervise {
                note: self.text.clone().unwrap_or_default(),
                answer_by: "2026-12-01".parse().unwrap(),
            },
            39 => Command::Recompute,
            40..53 => self.beside(now),
            _ if case.is_none() || self.what == 35 => {
                let mut opening = opening(procedure, "a0", counter, confidential);
                let one = Party::new(Holder::Account(Uuid::from_u128(5)));
                opening.parties.insert("one".to_owned(), vec![one]);
                Command::Open(Box::new(opening))
            }
            _ => {
                let asked = procedure.actions.get(&name).is_none_or(|action| !action.needs.is_empty());
                let text = self.text.iter().filter(|_| asked || !self.fits);
                let fields = text.map(|text| ("n".to_owned(), text.clone())).collect();
                Command::Act { action: name, fields, papers: self.papers.clone(), counter, on_behalf: self.on_behalf }
            }
        }
    }
}

impl Try {
    /// A deed beside the procedure.
    fn beside(&self, now: Instant) -> Command {
        let text = self.text.clone().unwrap_or_default();
        let office = Target {
            place: path(["1.2.", "1.3.", "1."][self.who % 3]),
            department: self.fits.then(|| "health".to_owned()),
        };
        let (number, due) = (self.papers.len(), "2026-12-01".parse().unwrap());
        match self.what {
            40 => Command::RateAgain { score: number.try_into().unwrap(), until: now },
            41 => Command::FollowUp { answer: text },
            42 => Command::Appeal { reason: text },
            43 => Command::DecideAppeal { upheld: self.fits, reason: text },
            44 => Command::Assign { to: self.fits.then(|| Handler { account: Uuid::nil(), name: text }) },
            45 => Command::Extend { amount: number.try_into().unwrap(), reason: text, most: 3 },
            46 => Command::Transfer { to: office, reason: text },
            47 => Command::Consult { office, question: text, due, joint: self.fits },
            48 => Command::Answer { number, agrees: self.fits, text },
            49 => Command::Account { number, answer: text },
            51 => {
                Command::Explain { reason: if self.fits { LateReason::Other } else { LateReason::Check }, note: text }
            }
            52 => Command::Settle { place: path(if self.fits { "1.2.3.4." } else { "1.2." }), office },
            50 => Command::Relocate { from: path("1.2."), to: path("1.2.") },
            _ => Command::Receive {
                papers: self.papers.iter().map(|paper| (paper.clone(), PaperForm::Copy)).collect(),
                counter: self.counter.map(|_| path("1.2.3.4.")),
            },
        }
    }
}

/// Takes one step; checks everything that must hold of it, and gives the case after.
fn step(
    procedure: &Procedure,
    case: Option<Case>,
    command: &Command,
    who: &str,
    now: Instant,
    log: &mut Vec<Recorded>,
) -> Option<Case> {
    let (actor, relation) = actor(who);
    let acting = Acting { actor: &actor, relation: &relation };
    let moment = Moment { calendar: &CALENDAR, now };
    let answer = decide(procedure, case.as_ref(), command, acting, moment);
    let again = decide(procedure, case.as_ref(), command, acting, moment);
    assert_eq!(answer, again, "the same arguments give the same answer");
    let Ok(events) = answer else { return case };
    let by = sign(procedure, case.as_ref(), command, &actor, &relation).expect("what is decided can be signed");
    let stranger = actor.account.is_none() && !relation.is_applicant && actor != Actor::system();
    let powerless = actor.grants.is_empty() && stranger;
    assert!(!powerless, "somebody without grant and relation never succeeds");
    if let (Some(case), Command::Act { action, .. }) = (&case, command) {
        let listed = possible(procedure, case, &actor, &relation);
        // Whoever has consented is not asked to consent again, though it would change nothing.
        let consents = procedure.actions.get(action).is_some_and(|action| action.gives_consent);
        assert!(consents || listed.iter().any(|(name, _)| name == action), "what succeeds is listed as possible");
    }
    let before = case.clone();
    let mut after = case;
    for event in events {
        let recorded = Recorded { id: CaseId(Uuid::nil()), at: now, by: by.clone(), event };
        let sequence = after.as_ref().map_or(0, |case| case.sequence);
        let folded = fold(after, &recorded, procedure).expect("what is decided can be folded");
        assert_eq!(folded.sequence, sequence + 1);
        after = Some(folded);
        log.push(recorded);
    }
    let after = after?;
    lawful(procedure, before.as_ref(), &after, command, now);
    if let (Some(before), Command::Act { action, .. }) = (&before, command) {
        worded(before, &after, action, actor.account, now);
    }
    Some(after)
}

/// The words beside states and edges hold.
fn worded(before: &Case, after: &Case, action: &str, account: Option<Uuid>, now: Instant) {
    let consents = |case: &Case| case.parties_of("one").iter().all(|party| party.consented_at.is_some());
    match action {
        "agree" => assert!(consents(after)),
        "disagree" => assert!(!consents(after), "withdrawn"),
        "meet" => {
            assert!(consents(before) && !consents(after), "asked for, and used up");
            let looked = before.taken.get("look").and_then(|taken| taken.by);
            assert!(looked.is_none() || looked != account, "somebody else");
        }
        "lapse" => assert!(before.latest.is_some_and(|due| due.is_over(&CALENDAR, now)), "not before its time"),
        _ => assert_eq!(consents(before), consents(after), "nobody consents by what others do"),
    }
    assert!(after.taken.get("look").is_none_or(|taken| taken.times <= 2), "so often at most");
    let (old, new) = (before.clock("extra").unwrap(), after.clock("extra").unwrap());
    assert!(new.extensions <= 1 && old.extensions <= new.extensions);
    assert!(old.started.is_none() || old.started == new.started, "a clock starts once");
    assert!(old.ended.is_none() || old.ended == new.ended, "a clock ends once");
    assert!(old.paused_micros(now) <= new.paused_micros(now), "time stood still is not taken back");
    assert!(old.started.is_some() || new.started.is_none() || action == "meet", "a step starts it and no state");
}

fn lawful(procedure: &Procedure, before: Option<&Case>, after: &Case, command: &Command, now: Instant) {
    let state = &procedure.states[&after.state];
    let clocks = |case: &Case| [case.promised().unwrap().clone(), case.legal().unwrap().clone()];
    for clock in clocks(after) {
        assert_eq!(
            clock.started.is_some() && clock.ended.is_none(),
            matches!(state.clock, ClockState::Running | ClockState::Stopped)
        );
        assert_eq!(clock.ended.is_some(), state.clock == ClockState::Ended);
        assert_eq!(clock.stands(), state.clock == ClockState::Stopped);
        assert!(clock.pauses.iter().all(|pause| pause.until.is_none_or(|until| pause.from <= until)));
        assert!(clock.pauses.windows(2).all(|pair| pair[0].until.is_some_and(|until| until <= pair[1].from)));
    }
    assert_eq!(after.closed_at.is_some(), state.terminal);
    assert_eq!(after.outcome.is_some(), state.clock == ClockState::Ended);
    assert_eq!(after.promised_due().is_some(), after.accepted_at.is_some(), "a started clock has its date told");
    let Some(before) = before else { return };
    for (old, new) in clocks(before).into_iter().zip(clocks(after)) {
        assert!(old.started.is_none() || old.started == new.started, "a clock starts once");
        assert!(old.ended.is_none() || old.ended == new.ended, "a clock ends once");
        assert!(old.paused_micros(now) <= new.paused_micros(now), "time stood still is not taken back");
        assert_eq!(old.limit, new.limit);
    }
    if let Command::Act { action, .. } = command {
        let action = &procedure.actions[action];
        assert!(action.from.contains(&before.state) && action.to == after.state, "only along the procedure");
        assert!(!procedure.states[&before.state].terminal, "nothing follows the end");
    } else {
        assert_eq!(before.state, after.state);
    }
    assert!(before.rating().is_none() || before.rating() == after.rating(), "one visit, one rating");
    let [(old, _), (new, legal)] = [before, after].map(|case| {
        let [promised, legal] = clocks(case);
        (promised.extended, legal.extended)
    });
    assert!(old <= new && new <= 3 && new == legal, "within the rule");
    assert!(before.consultations.len() <= after.consultations.len(), "what was asked stays asked");
    let rated = after.rated();
    assert!(rated.is_none_or(|rated| rated.again.is_none() || rated.followed_up_at.is_some()), "put right first");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_commands_reaches_what_the_procedure_forbids(
        procedure in any_procedure(), confidential in any::<bool>(), tries in proptest::collection::vec(any_try(), 1..40),
    ) {
        let mut now = Instant::from_micros(1_795_399_200_000_000);
        let (mut case, mut log) = (None, Vec::new());
        for attempt in &tries {
            now = now.plus_minutes(attempt.minutes);
            let command = attempt.command(&procedure, confidential, case.as_ref(), now);
            case = step(&procedure, case, &command, attempt.who(&procedure, &command), now, &mut log);
        }
        let again = log.iter().fold(None, |case, recorded| {
            let stored = serde_json::to_string(recorded).unwrap();
            Some(fold(case, &serde_json::from_str(&stored).unwrap(), &procedure).unwrap())
        });
        prop_assert_eq!(&again, &case, "the whole log folds to what its events did one by one");
        if let Some(case) = case {
            let stored = serde_json::to_string(&case).unwrap();
            prop_assert_eq!(serde_json::from_str::<Case>(&stored).unwrap(), case);
        }
    }

    #[test]
    fn nothing_typed_makes_it_panic(
        action in "\\PC{0,8}", key in "\\PC{0,8}", value in "\\PC{0,30}", paper in "\\PC{0,8}", micros in any::<i64>(), who in 0..WHO.len(),
    ) {
        let procedure = load("separate", include_str!("../../../data/procedures/separate.toml")).unwrap();
        let (actor, relation) = actor(WHO[who]);
        let acting = Acting { actor: &actor, relation: &relation };
        let moment = Moment { calendar: &CALENDAR, now: Instant::from_micros(micros) };
        let mut opening = opening(&procedure, "apply_online", None, false);
        opening.fields.insert(key.clone(), value.clone());
        opening.service.as_mut().unwrap().papers.insert(paper.clone(), Paper::default());
        let _ = decide(&procedure, None, &Command::Open(Box::new(opening)), acting, moment);
        let fields = BTreeMap::from([(key, value)]);
        let act = Command::Act { action, fields, papers: vec![paper], counter: None, on_behalf: false };
        prop_assert!(decide(&procedure, None, &act, acting, moment).is_err());
    }
}
