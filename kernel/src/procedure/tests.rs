//! Tests of reading and checking: the shipped procedures pass, planted faults are found at their line.

use super::*;
use proptest::prelude::*;

const SHIPPED: [(&str, &str); 8] = [
    ("direct", include_str!("../../../data/procedures/direct.toml")),
    ("separate", include_str!("../../../data/procedures/separate.toml")),
    ("online", include_str!("../../../data/procedures/online.toml")),
    ("levels", include_str!("../../../data/procedures/levels.toml")),
    ("direct", include_str!("../../../data/procedures/direct-1.toml")),
    ("separate", include_str!("../../../data/procedures/separate-1.toml")),
    ("online", include_str!("../../../data/procedures/online-1.toml")),
    ("levels", include_str!("../../../data/procedures/levels-1.toml")),
];
/// The procedures of the stories: no counter takes part in them.
const MATTERS: [&str; 6] = [
    include_str!("../case/stories/lamp.toml"),
    include_str!("../case/stories/building.toml"),
    include_str!("../case/stories/mediation.toml"),
    include_str!("../case/stories/resolution.toml"),
    include_str!("../case/stories/admission.toml"),
    include_str!("../case/stories/promise.toml"),
];

const GOOD: &str = r#"name = "lamp"
version = 2
title = { zh = "路灯", en = "Lamp" }
start = ["report"]

[states.open]
title = { zh = "处理中", en = "Open" }
clock = "running"
waits_for = "office"

[states.asked]
title = { zh = "待补正", en = "Asked" }
clock = "stopped"
ground = "correction"
waits_for = "applicant"

[states.done]
title = { zh = "已办结", en = "Done" }
clock = "ended"
outcome = "granted"
waits_for = "nobody"
terminal = true

[actions.report]
title = { zh = "上报", en = "Report" }
to = "open"
by = "counter"
permission = "case.accept"
starts_clock = true

[actions.ask]
title = { zh = "要求补正", en = "Ask" }
from = ["open"]
to = "asked"
by = "office"
permission = "case.handle"
needs = [{ name = "papers", kind = "papers", required = true, title = { zh = "材料", en = "Papers" } }]

[actions.answer]
title = { zh = "补正", en = "Answer" }
from = ["asked"]
to = "open"
by = "applicant"

[actions.finish]
title = { zh = "办结", en = "Finish" }
from = ["open"]
to = "done"
by = "office"
permission = "case.decide"
primary = true
"#;

fn faults(text: &str) -> Vec<String> {
    load("lamp.toml", text).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn the_shipped_procedures_are_sound() {
    for (name, text) in SHIPPED {
        let procedure = load(name, text).unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert_eq!(procedure.name, name);
        assert_eq!(procedure.start.len(), 2, "{name}: over the counter and online");
    }
}

#[test]
fn a_direct_matter_takes_three_steps() {
    let direct = load("direct", SHIPPED[0].1).unwrap();
    let mut state = direct.actions["accept_at_counter"].to.clone();
    let mut taken = vec!["accept_at_counter"];
    while let Some((name, action)) = direct.from_state(&state).first() {
        taken.push(name);
        state = action.to.clone();
    }
    assert_eq!(taken, ["accept_at_counter", "grant", "hand_over"]);
    assert!(direct.actions["grant"].needs.iter().all(|need| !need.required));
}

#[test]
fn the_example_is_sound_and_read_whole() {
    let lamp = load("lamp.toml", GOOD).unwrap();
    assert_eq!((lamp.version, lamp.start.as_slice()), (2, &["report".to_owned()][..]));
    assert_eq!(lamp.states["asked"].ground.as_deref(), Some("correction"));
    assert_eq!(lamp.actions["answer"].permission, Permission::CaseApply);
    assert_eq!(lamp.actions["ask"].needs[0].kind, NeedKind::Papers);
    assert_eq!(lamp.actions["ask"].told().en, "Ask", "its title where nothing else is said");
    let later = GOOD.replacen("to = \"asked\"", "to = \"asked\"\ndone = { zh = \"已要求\", en = \"Asked for\" }", 1);
    assert_eq!(load("lamp.toml", &later).unwrap().actions["ask"].told().en, "Asked for");
    let names = |list: Vec<(&str, &Action)>| list.into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(names(lamp.from_state("open")), ["finish", "ask"], "the usual step first");
    let states: Vec<&str> = lamp.states_in_order().into_iter().map(|(name, _)| name).collect();
    assert_eq!(states, ["open", "asked", "done"], "as the file has them");
}

/// Each row plants one fault by replacing a text, and names the line and the words of the fault expected.
#[rustfmt::skip]
const PLANTED: &[(&str, &str, &str)] = &[
    ("name = \"lamp\"", "name = \"Lamp one\"", "1: the procedure's name is not a plain name"),
    ("version = 2", "version = 0", "2: a version is counted from 1"),
    ("version = 2", "version = \"two\"", "2: invalid type"),
    ("zh = \"路灯\", ", "", "1: the procedure has no Chinese title"),
    ("start = [\"report\"]", "start = []", "1: no action opens a case"),
    ("start = [\"report\"]", "start = [\"report\", \"report\"]", "4: start names \"report\" twice"),
    ("start = [\"report\"]", "start = [\"report\", \"call\"]", "4: start names \"call\", which is no action"),
    ("start = [\"report\"]", "start = [\"report\", \"ask\"]", "4: \"ask\" opens a case but also says `from`"),
    ("by = \"counter\"", "by = \"desk\"", "4: \"report\" opens a case but is taken by desk"),
    ("en = \"Asked\"", "en = \" \"", "11: state \"asked\" has no English title"),
    ("en = \"Ask\"", "en = \"\"", "31: action \"ask\" has no English title"),
    ("to = \"asked\"", "to = \"asked\"\ndone = { zh = \"已要求\" }", "31: `done` of action \"ask\" has no English title"),
    ("en = \"Papers\"", "en = \"\"", "37: need \"papers\" of action \"ask\" has no English title"),
    ("to = \"asked\"", "to = \"aked\"", "34: action \"ask\" leads to \"aked\", which is no state"),
    ("to = \"asked\"", "to = \"open\"", "11: state \"asked\" can never be reached"),
    ("from = [\"asked\"]", "from = [\"aked\"]", "41: action \"answer\" is taken in \"aked\", which is no state"),
    ("from = [\"asked\"]", "from = [\"asked\", \"asked\"]", "41: action \"answer\" names \"asked\" twice"),
    ("from = [\"asked\"]", "from = [\"asked\", \"done\"]", "41: action \"answer\" leaves \"done\", which is terminal"),
    ("from = [\"asked\"]\n", "", "39: action \"answer\" can never be taken"),
    ("by = \"applicant\"\n", "", "39: nobody may take action \"answer\""),
    ("permission = \"case.handle\"\n", "", "31: nobody may take action \"ask\": it names no permission"),
    ("permission = \"case.handle\"", "permission = \"case.hndle\"", "36: action \"ask\" asks for \"case.hndle\", which is no permission"),
    ("permission = \"case.handle\"", "permission = \"case.supervise\"", "36: action \"ask\" is taken by office but asks for case.supervise"),
    ("by = \"applicant\"", "by = \"applicant\"\npermission = \"case.decide\"", "44: action \"answer\" is taken by applicant but asks for case.decide"),
    ("by = \"applicant\"", "by = \"mayor\"", "43: action \"answer\" is taken by \"mayor\", who is nobody here"),
    ("by = \"applicant\"", "by = \"counter\"\npermission = \"case.accept\"", "11: \"asked\" waits for applicant, who can take no action in it"),
    ("to = \"done\"", "to = \"open\"", "6: a clock that never stops: nothing ends it after \"open\""),
    ("terminal = true", "terminal = false", "17: no way from \"done\" to an end"),
    ("clock = \"ended\"", "clock = \"running\"", "17: a clock that never stops: \"done\" is terminal, its clock is running"),
    ("outcome = \"granted\"\n", "", "47: action \"finish\" ends the case without an outcome"),
    ("ground = \"correction\"\n", "", "11: the clock is stopped in \"asked\" without a legal ground"),
    ("clock = \"stopped\"", "clock = \"running\"", "11: \"asked\" gives a ground for stopping the clock but does not stop it"),
    ("starts_clock = true\n", "", "26: action \"report\" starts the clock without saying so"),
    ("by = \"applicant\"", "by = \"applicant\"\nstarts_clock = true", "42: action \"answer\" says it starts the clock but does not"),
    ("clock = \"stopped\"\nground = \"correction\"", "clock = \"not_started\"", "33: action \"ask\" would start the clock again"),
    ("waits_for = \"nobody\"", "waits_for = \"office\"", "17: terminal state \"done\" waits for somebody"),
    ("waits_for = \"applicant\"", "waits_for = \"nobody\"", "11: \"asked\" waits for nobody, who can take no action in it"),
    ("by = \"office\"\npermission = \"case.handle\"", "by = \"office\"\nprimary = true\npermission = \"case.handle\"", "6: \"open\" has two usual next steps for office"),
    ("permission = \"case.decide\"", "permission = \"case.decide\"\nin_bulk = true", "45: action \"finish\" is taken in bulk but decides a case or stops its clock"),
    ("permission = \"case.handle\"", "permission = \"case.handle\"\nin_bulk = true", "31: action \"ask\" is taken in bulk but asks for \"papers\" of each case"),
    ("permission = \"case.accept\"", "permission = \"case.accept\"\nin_bulk = true", "24: action \"report\" is taken in bulk but opens a case or is not taken by staff at a desk"),
    ("kind = \"papers\"", "kind = \"choice\"", "37: need \"papers\" of action \"ask\" has fewer than two different options"),
    ("kind = \"papers\"", "kind = \"numbers\"", "37: unknown variant `numbers`"),
    ("kind = \"papers\"", "options = [{ code = \"a\", title = { zh = \"甲\", en = \"A\" } }], kind = \"papers\"", "37: need \"papers\" of action \"ask\" has options but is no choice"),
    ("[actions.finish]", "[actions.ask]", "45: duplicate key"),
    ("primary = true", "prime = true", "51: unknown field `prime`"),
    ("[states.done]", "[states.\"Done!\"]", "17: state \"Done!\" is not a plain name"),
    ("[states.done]", "[states.done", "17: "),
];

#[test]
fn a_planted_fault_is_found_at_its_line() {
    let mut missed = Vec::new();
    for (text, planted, expected) in PLANTED {
        assert!(GOOD.contains(text), "{text}");
        let found = faults(&GOOD.replacen(text, planted, 1));
        if !found.iter().any(|fault| fault.starts_with(&format!("lamp.toml:{expected}"))) {
            missed.push((planted, expected, found.clone()));
        }
        assert!(found.iter().all(|fault| fault.split(". ").count() >= 2 && !fault.ends_with("..")), "{found:#?}");
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn the_matters_without_a_counter_are_sound_and_drawn_with_their_words() {
    for text in MATTERS {
        let procedure = load("matter.toml", text).unwrap_or_else(|faults| panic!("{faults:#?}"));
        for lang in crate::language::Lang::ALL {
            let svg = draw(&procedure, lang);
            let parties = procedure.parties.values().map(|party| &party.title);
            for title in parties.chain(procedure.clocks.values().map(|clock| &clock.title)) {
                assert!(svg.contains(title.get(lang)), "{} {title:?}", procedure.name);
            }
        }
    }
    let shown = draw(&load("admission.toml", MATTERS[4]).unwrap(), crate::language::Lang::En);
    assert!(shown.contains("at most admission.decide_working_days → Not decided in time: refused"), "{shown}");
    let shown = draw(&load("lamp.toml", MATTERS[0]).unwrap(), crate::language::Lang::Zh);
    assert!(shown.contains("最长 365 天 → 到期唤醒"), "{shown}");
}

#[test]
fn the_counters_two_clocks_and_four_outcomes_are_there_where_a_file_names_none() {
    let lamp = load("lamp.toml", GOOD).unwrap();
    assert_eq!(lamp.clocks.keys().collect::<Vec<_>>(), ["legal", "promised"]);
    assert_eq!(lamp.outcomes.keys().collect::<Vec<_>>(), ["granted", "not_accepted", "refused", "withdrawn"]);
    assert!(lamp.parties.is_empty() && lamp.rules().is_empty());
    let direct = load("direct.toml", SHIPPED[0].1).unwrap();
    let rules: Vec<&str> = direct.rules().into_iter().collect();
    assert_eq!(rules, ["case.accept_or_tell_missing_working_days", "case.supply_missing_days"]);
}

/// Each row plants one fault in the matter of that number: the text, what stands there instead, a text of the line at
/// which it is found, and the words.
#[rustfmt::skip]
const WORDS: &[(usize, &str, &str, &str, &str)] = &[
    (0, "not_by = [\"handle\"]\nescalates = true", "not_by = [\"handle\"]\nhands_to = \"unit\"", "[actions.go_up]", "action \"go_up\" hands the case to \"unit\", for which it does not ask"),
    (0, "not_by = [\"handle\"]\nescalates = true", "escalates = true\nhands_to = \"unit\"\nneeds = [{ name = \"unit\", kind = \"unit\", title = { zh = \"甲\", en = \"A\" } }]", "[actions.go_up]", "action \"go_up\" both hands the case to a unit and goes up a level"),
    (0, "not_by = [\"handle\"]\nescalates = true", "not_by = [\"handle\"]\nescalates = true\nhand = \"taker\"", "[actions.go_up]", "action \"go_up\" puts the case in the hand of its taker and sends it elsewhere"),
    (0, "by = \"party:reporter\"", "by = \"party:reporter\"\nhand = \"taker\"", "[actions.report]", "action \"report\" puts the case in the hand of its taker, who is not of the office"),
    (0, "by = \"party:reporter\"", "by = \"party:reporter\"\nunassigned = true", "[actions.report]", "action \"report\" opens a case, which nobody has in hand yet"),
    (0, "by = \"party:reporter\"", "by = \"party:reporter\"\ntogether = true", "[actions.report]", "action \"report\" opens a case, which nobody has in hand yet"),
    (0, "permission = \"case.handle\"\nprimary = true", "permission = \"case.handle\"\nlimit_by = { clock = \"mend\", need = \"severity\" }\nprimary = true", "[actions.handle]", "action \"handle\" chooses the limit of \"mend\", which is no clock with `limit = \"item\"`"),
    (0, "permission = \"case.handle\"\nprimary = true", "permission = \"case.handle\"\nlimit_by = { clock = \"handle\", need = \"severity\" }\nprimary = true", "[actions.handle]", "action \"handle\" chooses a limit by \"severity\", for which it does not ask as a choice"),
    (0, "permission = \"case.handle\"\nprimary = true", "permission = \"case.handle\"\nlimit_by = { clock = \"handle\", need = \"severity\" }\nprimary = true", "[actions.handle]", "action \"handle\" chooses the limit of \"handle\" where it may have started"),
    (0, "permission = \"case.handle\"\nprimary = true", "permission = \"case.handle\"\nasks_for = \"prolong\"\nprimary = true", "[actions.handle]", "action \"handle\" asks for \"prolong\", which is not granted after it, or without bound"),
    (0, "permission = \"case.handle\"\nprimary = true", "permission = \"case.handle\"\nasks_for = \"wake\"\nprimary = true", "[actions.handle]", "action \"handle\" asks for \"wake\", which is not granted after it, or without bound"),
    (0, "kind = [\"nobody\", \"account\", \"record\"]", "kind = []", "[parties.reporter]", "nobody can be party \"reporter\""),
    (0, "max = 1", "max = 0", "[parties.reporter]", "party \"reporter\" has no number between its bounds"),
    (0, "max = 1", "max = 1\nsealed = true", "[parties.reporter]", "party \"reporter\" is sealed but may be of kind account"),
    (0, "max = 1", "max = 1\nmust_consent = true", "[parties.reporter]", "party \"reporter\" must consent, and no action asks for it"),
    (0, "[parties.reporter]", "[parties.desk]", "[parties.desk]", "party \"desk\" has a name that `by` keeps for somebody else"),
    (3, "[parties.owner]", "[parties.office]", "[parties.office]", "party \"office\" has a name that `by` keeps for somebody else"),
    (0, "kind = [\"nobody\", ", "kind = [\"anybody\", ", "kind = [\"anybody\"", "record, account, unit, organisation or nobody"),
    (2, "permission = \"case.decide\"\nconsent = [\"first\", \"second\"]", "permission = \"case.decide\"\nconsent = [\"first\"]", "[actions.agree]", "action \"agree\" does what party \"second\" must consent to, without asking"),
    (2, "consent = [\"first\", \"second\"]\nneeds", "consent = [\"first\", \"third\"]\nneeds", "[actions.session]", "action \"session\" asks for the consent of \"third\", who takes no part"),
    (2, "by = \"second\"\npermission = \"case.handle\"\ngives_consent = true", "by = \"second\"\npermission = \"case.handle\"", "[actions.agree]", "asks for the consent of \"second\", who has no way to give it"),
    (2, "by = \"second\"\npermission = \"case.handle\"\nwithdraws_consent = true", "by = \"second\"\npermission = \"case.handle\"", "[actions.agree]", "asks for the consent of \"second\", who has no way to withdraw it"),
    (2, "primary = true\n\n[actions.first_agrees]", "gives_consent = true\n\n[actions.first_agrees]", "[actions.take_on]", "action \"take_on\" speaks of a consent but is not taken by a party"),
    (2, "gives_consent = true", "gives_consent = true\nwithdraws_consent = true", "[actions.first_agrees]", "action \"first_agrees\" both gives and withdraws a consent"),
    (2, "limit = { rule = \"mediation.days\" }", "limit = { amount = 3 }", "[clocks.talks]", "clock \"talks\" has no limit that can be counted"),
    (2, "limit = { rule = \"mediation.days\" }", "limit = \"soon\"", "limit = \"soon\"", "\"item\", \"given\", { rule"),
    (1, "amount = 4, unit = \"working_hour\"", "amount = 0, unit = \"working_hour\"", "[clocks.stop]", "clock \"stop\" has a limit of 0 in the unit working_hour"),
    (1, "amount = 4, unit = \"working_hour\"", "amount = 87601, unit = \"urgent_hour\"", "[clocks.stop]", "clock \"stop\" has a limit of 87601 in the unit urgent_hour"),
    (1, "amount = 7, unit = \"working_day\"", "amount = 3651, unit = \"working_day\"", "[clocks.fine]", "clock \"fine\" has a limit of 3651 in the unit working_day"),
    (0, "amount = 365, unit = \"calendar_day\"", "amount = 0, unit = \"working_hour\"", "[states.shelved]", "the end of state \"shelved\" has a limit of 0 in the unit working_hour"),
    (0, "amount = 365, ", "amount = 3651, ", "[states.shelved]", "the end of state \"shelved\" has a limit of 3651 in the unit calendar_day"),
    (1, "waits_for = \"office\"", "waits_for = \"office\"\nat_least = { amount = 0, unit = \"calendar_day\" }", "[states.open]", "the least time of state \"open\" has a limit of 0 in the unit calendar_day"),
    (1, "waits_for = \"office\"", "waits_for = \"office\"\nat_least = { amount = 87601, unit = \"working_hour\" }", "[states.open]", "the least time of state \"open\" has a limit of 87601 in the unit working_hour"),
    (3, "not_by = [\"report\"]", "not_before = { amount = 0, unit = \"working_day\" }", "[actions.confirm]", "the day that action \"confirm\" waits for has a limit of 0 in the unit working_day"),
    (3, "not_by = [\"report\"]", "not_before = { amount = 0, unit = \"urgent_hour\" }", "[actions.confirm]", "the day that action \"confirm\" waits for has a limit of 0 in the unit urgent_hour"),
    (2, "outcome = \"ended\"", "outcome = \"stopped\"", "[states.ended]", "state \"ended\" comes out as \"stopped\", which is no outcome"),
    (2, "outcome = \"ended\"", "outcome = \"agreed\"", "[outcomes.ended]", "outcome \"ended\" can never come about"),
    (0, "zh = \"处置时限\", ", "", "[clocks.handle]", "clock \"handle\" has no Chinese title"),
    (0, ", en = \"Mended\"", "", "[outcomes.mended]", "outcome \"mended\" has no English title"),
    (0, "by = \"party:reporter\"", "by = \"party:caller\"", "by = \"party:caller\"", "action \"report\" is taken by \"party:caller\", who is nobody here"),
    (0, "from = [\"shelved\"]\nto = \"dispatched\"\nby = \"system\"", "from = [\"shelved\"]\nto = \"dispatched\"\nby = \"system\"\nneeds = [{ name = \"why\", kind = \"text\", required = true, title = { zh = \"因\", en = \"Why\" } }]", "name = \"why\"", "the platform takes action \"wake\" by itself and cannot give \"why\""),
    (0, "from = [\"shelved\"]\nto = \"dispatched\"\nby = \"system\"", "from = [\"shelved\"]\nto = \"dispatched\"\nby = \"system\"\nnot_by = [\"shelve\"]", "[actions.wake]", "the platform takes action \"wake\" by itself, so `not_by` keeps nobody from it"),
    (0, "from = [\"shelved\"]\nto = \"dispatched\"\nby = \"system\"", "from = [\"shelved\"]\nto = \"dispatched\"\nby = \"system\"\nnot_before = { amount = 3, unit = \"calendar_day\" }", "[actions.wake]", "the platform takes action \"wake\" by itself when the state is over, so it waits for no other day"),
    (0, "then = \"wake\"", "then = \"dispatch\"", "[states.shelved]", "\"dispatch\" is to follow, which the platform cannot take in it"),
    (0, "from = [\"shelved\"]\nto = \"dispatched\"", "from = [\"shelved\"]\nto = \"shelved\"", "[states.shelved]", "\"wake\" leads to it again"),
    (0, ", then = \"wake\"", "", "[states.shelved]", "\"shelved\" lasts at most so long, but neither staff nor the platform ends it"),
    (0, "latest = { amount = 365, ", "latest = { rule = \"shelf\", amount = 365, ", "[states.shelved]", "the end of state \"shelved\" has no limit that can be counted"),
    (0, "until = \"until\"", "until = \"day\"", "[states.shelved]", "\"shelved\" ends on the day \"day\", for which action \"shelve\" does not ask"),
    (4, "terminal = true\noutcome = \"admitted\"", "terminal = true\noutcome = \"admitted\"\nlatest = { amount = 1, unit = \"calendar_day\" }", "[states.admitted]", "terminal state \"admitted\" lasts at most so long"),
    (0, "not_by = [\"handle\"]\nprimary", "not_by = [\"mend\"]\nprimary", "[actions.verify]", "action \"verify\" is not for whoever took \"mend\", which is no action"),
    (0, "not_by = [\"handle\"]\nprimary", "not_by = [\"handle\", \"close\"]\nprimary", "[actions.verify]", "action \"verify\" is not for whoever took \"close\", which can never come before it"),
    (3, "starts_clock = true", "starts_clock = true\nnot_by = [\"report\"]", "[actions.resolve]", "action \"resolve\" is not for whoever took \"report\", which can never come before it"),
    (0, "not_by = [\"handle\"]\nprimary", "not_by = [\"handle\"]\nnot_by_unit = true\nprimary", "[actions.verify]", "action \"verify\" is kept from the unit that has the case, but is not taken by others"),
    (0, "returns_at_most = { times = 2", "returns_at_most = { times = 0", "[actions.send_back]", "action \"send_back\" may never be taken"),
    (0, "then = \"go_up\"", "only_then = true", "[actions.send_back]", "action \"send_back\" says `only_then` and names no action in `then`"),
    (0, "then = \"go_up\"", "then = \"send_back\"", "[actions.send_back]", "after \"send_back\" has been taken so often, it is to follow itself"),
    (0, "by = \"party:reporter\"", "by = \"party:reporter\"\nreturns_at_most = { times = 1 }", "[actions.report]", "action \"report\" opens a case, so it is taken once in it and never returns"),
    (0, "then = \"go_up\"", "then = \"settle\"", "[actions.send_back]", "\"settle\" is to follow, which cannot be taken there"),
    (0, "[states.above]", "[states.above]\noffice = \"street\"", "[actions.go_up]", "action \"go_up\" goes up a level, to a state that names the level of its office"),
    (0, "from = [\"dispatched\"]\nto = \"dispatched\"\nby = \"office\"\npermission = \"case.decide\"\nextends", "from = [\"filed\"]\nto = \"filed\"\nby = \"office\"\npermission = \"case.decide\"\nextends", "[actions.prolong]", "action \"prolong\" extends \"handle\", which has not started wherever it is taken"),
    (0, "from = [\"dispatched\"]\nto = \"dispatched\"\nby = \"office\"\npermission = \"case.decide\"\nextends", "from = [\"verified\"]\nto = \"verified\"\nby = \"office\"\npermission = \"case.decide\"\nextends", "[actions.prolong]", "action \"prolong\" extends \"handle\", which has ended wherever it is taken"),
    (1, "starts_clock = true", "starts_clock = true\nends = [\"stop\"]\n\n[actions.more]\ntitle = { zh = \"延期\", en = \"More\" }\nfrom = [\"open\"]\nto = \"open\"\nby = \"office\"\npermission = \"case.handle\"\nextends = { clock = \"stop\", at_most = 1 }", "[actions.more]", "action \"more\" extends \"stop\", which has ended wherever it is taken"),
    (3, "starts_clock = true", "starts_clock = true\nneeds = [{ name = \"due\", kind = \"text\", required = true, title = { zh = \"完成日期\", en = \"Due\" } }]", "name = \"due\"", "clock \"due\" runs to a date that must be given, and action \"resolve\" asks for it in another way"),
    (3, "starts_clock = true", "starts_clock = true\nneeds = [{ name = \"due\", kind = \"date\", title = { zh = \"完成日期\", en = \"Due\" } }]", "name = \"due\"", "clock \"due\" runs to a date that must be given, and action \"resolve\" asks for it in another way"),
    (0, "extends = { at_most = 2", "extends = { at_most = 0", "[actions.prolong]", "action \"prolong\" extends a clock but never may"),
    (0, "extends = { at_most", "extends = { clock = \"mend\", at_most", "[actions.prolong]", "action \"prolong\" turns \"mend\", which is no clock"),
    (1, "ends = [\"stop\"]", "ends = [\"stopp\"]", "[actions.stop_work]", "action \"stop_work\" turns \"stopp\", which is no clock"),
    (1, "ends = [\"stop\"]", "stops = [\"stop\"]", "[actions.stop_work]", "action \"stop_work\" stops a clock without a legal ground"),
    (1, "ends = [\"stop\"]", "ground = \"court\"", "[actions.stop_work]", "action \"stop_work\" gives a ground for stopping a clock but stops none"),
    (1, "ends = [\"stop\"]", "extends = { at_most = 1 }", "[actions.stop_work]", "action \"stop_work\" extends a clock without saying which"),
    (1, "waits_for = \"office\"", "waits_for = \"office\"\nclocks = { halt = \"running\" }", "[states.open]", "state \"open\" turns \"halt\", which is no clock"),
    (1, "outcome = \"demolished\"", "outcome = \"demolished\"\nclocks = { fine = \"running\" }", "[states.gone]", "\"gone\" is terminal, and \"fine\" has not ended in it"),
    (1, "waits_for = \"office\"", "waits_for = \"office\"\nclocks = { fine = \"stopped\" }", "[states.open]", "the clock is stopped in \"open\" without a legal ground"),
    (1, "least = 1, most = 30", "least = 31, most = 30", "name = \"floors\"", "need \"floors\" of action \"file\" has no number between its bounds"),
    (1, "kind = \"place\"", "kind = \"place\", least = 1", "name = \"where\"", "need \"where\" of action \"file\" has bounds but is no number"),
    (3, "waits_for = \"party\"", "waits_for = \"counter\"", "[states.open]", "\"open\" waits for counter, who can take no action in it"),
    (3, "not_by = [\"report\"]", "not_before = \"day\"", "[actions.confirm]", "action \"confirm\" waits for the day \"day\", which no action names"),
    (3, "not_by = [\"report\"]", "not_before = { amount = 3 }", "[actions.confirm]", "the day that action \"confirm\" waits for has no limit that can be counted"),
];

#[test]
fn a_fault_in_the_new_words_is_found_at_its_line_with_a_remedy() {
    let mut missed = Vec::new();
    for (matter, text, planted, line, expected) in WORDS {
        let text_of = MATTERS[*matter];
        assert!(text_of.contains(text), "{text}");
        let broken = text_of.replacen(text, planted, 1);
        let number = 1 + broken.lines().position(|each| each.contains(line)).unwrap_or_else(|| panic!("{line}"));
        let found = load("matter.toml", &broken).err().unwrap_or_default();
        let hit = |fault: &Fault| fault.line == number && fault.message.contains(expected) && !fault.remedy.is_empty();
        if !found.iter().any(hit) {
            missed.push((planted, expected, number, found));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn who_takes_an_action_is_told_first_where_it_is_nobody() {
    let opening = "applicant, counter, office, reporter, or";
    let step = "applicant, counter, desk, office, supervisor, system, reporter, or";
    let report = "action \"report\" is taken by \"clerk\", who is nobody here";
    let file = "action \"file\" is taken by \"clerk\", who is nobody here";
    for (by, planted, message, known) in [
        ("by = \"party:reporter\"", "by = \"clerk\"", report, opening),
        ("by = \"party:reporter\"", "by = \"clerk\"\npermission = \"case.accept\"", report, opening),
        ("by = \"office\"\npermission", "by = \"clerk\"\npermission", file, step),
    ] {
        let found = load("lamp.toml", &MATTERS[0].replacen(by, planted, 1)).unwrap_err();
        assert_eq!(found[0].message, message);
        assert!(found[0].remedy.contains(known), "{}", found[0]);
        assert_eq!(found.len(), 1, "nothing is concluded from it: {found:#?}");
    }
}

#[test]
fn the_longest_amount_may_be_written_and_no_days_mean_the_same_day() {
    for (most, unit) in
        [(3650, "calendar_day"), (3650, "working_day"), (87_600, "working_hour"), (87_600, "urgent_hour")]
    {
        let same_day = unit.ends_with("day");
        for (amount, sound) in [(0, same_day), (1, true), (most, true), (most + 1, false)] {
            let limit = format!("amount = {amount}, unit = \"{unit}\"");
            let text = MATTERS[1].replacen("amount = 4, unit = \"working_hour\"", &limit, 1);
            assert!(text.contains(&limit), "{limit}");
            assert_eq!(load("building.toml", &text).is_ok(), sound, "{limit}");
        }
    }
}

#[test]
fn only_what_decides_nothing_and_is_the_same_in_all_is_taken_in_bulk() {
    let procedure = load("separate", SHIPPED[1].1).unwrap();
    let with = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
    let refused = |name: &str, fields| procedure.may_in_bulk(name, &fields).err().map(|refusal| refusal.code.as_str());
    assert_eq!(refused("accept", BTreeMap::new()), None);
    assert_eq!(refused("hand_over", with("handed_to", "paid")), None);
    assert_eq!(refused("hand_over", with("handed_to", "in_person")), Some("case.one_by_one"));
    assert_eq!(refused("hand_over", with("result_number", "辽A-1")), Some("case.one_by_one"), "of one case alone");
    assert_eq!(refused("grant", with("basis", "x")), Some("case.one_by_one"));
    assert_eq!(refused("no_such_step", BTreeMap::new()), Some("case.action_unknown"));
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_lines() {
    let broken = GOOD.replace("en = \"Asked\"", "en = \"\"").replace("to = \"done\"", "to = \"dne\"");
    let lines: Vec<usize> = load("lamp.toml", &broken).unwrap_err().iter().map(|fault| fault.line).collect();
    assert!(lines.len() > 2 && lines.is_sorted(), "{lines:?}");
}

#[test]
fn every_permission_of_a_role_exists_and_every_action_has_a_role() {
    #[derive(Deserialize)]
    struct Role {
        code: String,
        levels: Vec<String>,
        permissions: Vec<String>,
    }
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/roles");
    let mut held = std::collections::BTreeSet::new();
    let mut roles = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let role: Role = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(path.file_stem().unwrap().to_str(), Some(role.code.as_str()));
        assert!(role.levels.iter().all(|level| crate::place::Level::parse(level).is_some()), "{}", role.code);
        held.extend(role.permissions.iter().filter_map(|text| Permission::find(text, Permission::ALL)));
        roles += 1;
    }
    assert_eq!(roles, 13);
    assert_eq!(held.len(), Permission::ALL.len(), "a permission no role holds: {held:?}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(cut in 0usize..2000, put in "\\PC{0,12}") {
        let kept: String = GOOD.chars().take(cut).chain(put.chars()).chain(GOOD.chars().skip(cut + 5)).collect();
        if let Err(faults) = load("lamp.toml", &kept) {
            let lines = kept.lines().count() + 1;
            prop_assert!(!faults.is_empty() && faults.iter().all(|fault| (1..=lines).contains(&fault.line)));
        }
    }
}
