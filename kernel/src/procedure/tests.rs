//! Tests of reading and checking: the shipped procedures pass, planted faults are found at their line.

use super::*;
use proptest::prelude::*;

const SHIPPED: [(&str, &str); 4] = [
    ("direct", include_str!("../../../data/procedures/direct.toml")),
    ("separate", include_str!("../../../data/procedures/separate.toml")),
    ("online", include_str!("../../../data/procedures/online.toml")),
    ("levels", include_str!("../../../data/procedures/levels.toml")),
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
    ("by = \"applicant\"", "by = \"mayor\"", "43: unknown variant `mayor`"),
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
    ("kind = \"papers\"", "kind = \"number\"", "37: unknown variant `number`"),
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
    assert_eq!(roles, 12);
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
