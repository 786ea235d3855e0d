//! What the first version of the product stored is read as what its events mean now. The texts below are as it wrote
//! them; they never change.

use super::*;

const FIRST: &str = include_str!("../../../../data/procedures/separate-1.toml");

/// A log as the first version kept it: each line an event with its moment and its signature.
const LOG: &str = r#"
{"id":"00000000-0000-0000-0000-000000000001","at":1795399200000000,"by":{"account":null,"name":"","role":"applicant","on_behalf":false},"event":{"kind":"opened","item":"MZ-01","item_version":3,"procedure":"separate","procedure_version":1,"action":"apply_online","to":"submitted","number":"210102-2026-0000123-7","residence":"1.2.3.4.","counter":null,"office":{"place":"1.2.","department":"civil"},"promised":{"amount":5,"unit":"working_day"},"legal":{"amount":20,"unit":"working_day"},"confidential":false,"papers":{"ID":{"form":"original","waived":false,"later":false}},"fields":{"bank":"yes"},"online":true}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795485600000000,"by":{"account":"00000000-0000-0000-0000-000000000007","name":"Li","role":"district_handler","on_behalf":false},"event":{"kind":"acted","action":"accept","from":"submitted","to":"handling","fields":{},"papers":[],"counter":null}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795485600000000,"by":{"account":"00000000-0000-0000-0000-000000000007","name":"Li","role":"district_handler","on_behalf":false},"event":{"kind":"recomputed","promised_due":"2026-12-01","legal_due":"2026-12-22","provisional":false}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795485600000000,"by":{"account":"00000000-0000-0000-0000-000000000007","name":"Li","role":"district_handler","on_behalf":false},"event":{"kind":"assigned","to":{"account":"00000000-0000-0000-0000-000000000007","name":"Li"}}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795572000000000,"by":{"account":"00000000-0000-0000-0000-000000000007","name":"Li","role":"district_handler","on_behalf":false},"event":{"kind":"acted","action":"request_correction","from":"handling","to":"correction","fields":{"reason":"income"},"papers":["IN"],"counter":null}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795658400000000,"by":{"account":null,"name":"","role":"applicant","on_behalf":false},"event":{"kind":"acted","action":"supply","from":"correction","to":"handling","fields":{},"papers":["IN"],"counter":null}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795658400000000,"by":{"account":null,"name":"","role":"applicant","on_behalf":false},"event":{"kind":"recomputed","promised_due":"2026-12-02","legal_due":"2026-12-23","provisional":false}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795658400000000,"by":{"account":"00000000-0000-0000-0000-000000000007","name":"Li","role":"district_handler","on_behalf":false},"event":{"kind":"extended","amount":2,"reason":"archive"}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795658400000000,"by":{"account":"00000000-0000-0000-0000-000000000007","name":"Li","role":"district_handler","on_behalf":false},"event":{"kind":"recomputed","promised_due":"2026-12-04","legal_due":"2026-12-25","provisional":false}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795658400000000,"by":{"account":"00000000-0000-0000-0000-000000000007","name":"Li","role":"district_handler","on_behalf":false},"event":{"kind":"consulted","office":{"place":"1.2.","department":"health"},"question":"able","due":"2026-12-01","joint":true}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795658400000000,"by":{"account":"00000000-0000-0000-0000-000000000008","name":"Wu","role":"district_handler","on_behalf":false},"event":{"kind":"answered","number":0,"agrees":true,"text":"yes"}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795658400000000,"by":{"account":"00000000-0000-0000-0000-000000000009","name":"He","role":"city_supervisor","on_behalf":false},"event":{"kind":"supervised","note":"hurry","answer_by":"2026-12-01"}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795744800000000,"by":{"account":"00000000-0000-0000-0000-000000000007","name":"Li","role":"district_handler","on_behalf":false},"event":{"kind":"acted","action":"grant","from":"handling","to":"granted","fields":{"basis":"law"},"papers":[],"counter":null}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795831200000000,"by":{"account":null,"name":"","role":"applicant","on_behalf":false},"event":{"kind":"rated","score":4,"aspects":["speed"],"comment_handle":null}}
{"id":"00000000-0000-0000-0000-000000000001","at":1795917600000000,"by":{"account":null,"name":"","role":"system","on_behalf":false},"event":{"kind":"relocated","from":"1.2.3.4.","to":"1.2.6.4."}}
"#;

/// The row that the first version kept beside that log.
const FOLDED: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","item":"MZ-01","item_version":3,"procedure":"separate","procedure_version":1,"number":"210102-2026-0000123-7","shard":2,"residence":"1.2.6.4.","counter":null,"office":{"place":"1.2.","department":"civil"},"decider":{"place":"1.2.","department":"civil"},"handler":{"account":"00000000-0000-0000-0000-000000000007","name":"Li"},"consultations":[{"office":{"place":"1.2.","department":"health"},"question":"able","due":"2026-12-01","joint":true,"asked_at":1795658400000000,"answer":{"agrees":true,"text":"yes","at":1795658400000000,"name":"Wu"}}],"supervisions":[{"note":"hurry","at":1795658400000000,"answer_by":"2026-12-01","answer":null,"answered_at":null}],"late":null,"confidential":false,"papers":{"ID":{"form":"original","waived":false,"later":false},"IN":{"form":"original","waived":false,"later":true}},"missing":[],"fields":{"bank":"yes"},"online":true,"state":"granted","entered_at":1795744800000000,"promised":{"limit":{"amount":5,"unit":"working_day"},"extended":2,"started":1795485600000000,"pauses":[{"from":1795572000000000,"until":1795658400000000,"ground":"correction"}],"ended":1795744800000000},"legal":{"limit":{"amount":20,"unit":"working_day"},"extended":2,"started":1795485600000000,"pauses":[{"from":1795572000000000,"until":1795658400000000,"ground":"correction"}],"ended":1795744800000000},"promised_due":"2026-12-04","legal_due":"2026-12-25","provisional":false,"opened_at":1795399200000000,"accepted_at":1795485600000000,"closed_at":null,"sequence":15,"rating":4,"rated":{"at":1795831200000000,"aspects":["speed"],"followed_up_at":null,"follow_up":null,"again":null,"appeal":null},"outcome":"granted"}"#;

/// A row of a case that was taken in at a counter, in its first state.
const TAKEN_IN: &str = r#"{"id":"00000000-0000-0000-0000-000000000002","item":"MZ-02","item_version":1,"procedure":"separate","procedure_version":1,"number":"210102-2026-0000124-5","shard":2,"residence":"1.2.3.4.","counter":"1.9.9.9.","office":{"place":"1.2.","department":"civil"},"decider":{"place":"1.2.","department":"civil"},"handler":null,"consultations":[],"supervisions":[],"confidential":true,"papers":{},"missing":[],"fields":{},"online":false,"state":"handling","entered_at":1795399200000000,"promised":{"limit":{"amount":5,"unit":"working_day"},"extended":0,"started":1795399200000000,"pauses":[],"ended":null},"legal":{"limit":{"amount":20,"unit":"working_day"},"extended":0,"started":1795399200000000,"pauses":[],"ended":null},"promised_due":"2026-11-30","legal_due":"2026-12-21","provisional":false,"opened_at":1795399200000000,"accepted_at":1795399200000000,"closed_at":null,"sequence":2,"rating":null,"rated":null,"outcome":null}"#;

fn log() -> Vec<Recorded> {
    LOG.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn folded(log: &[Recorded]) -> Case {
    let procedure = load("separate-1.toml", FIRST).unwrap();
    let step = |case, recorded: &Recorded| Some(fold(case, recorded, &procedure).unwrap());
    log.iter().fold(None, step).unwrap()
}

#[test]
fn a_row_of_the_first_version_is_what_its_log_folds_to() {
    let case: Case = serde_json::from_str(FOLDED).unwrap();
    assert_eq!(case, folded(&log()));
    assert_eq!((case.kind.as_str(), case.item(), case.item_version()), (SERVICE, "MZ-01", 3));
    assert_eq!(
        (case.promised_due(), case.legal_due()),
        (Some("2026-12-04".parse().unwrap()), Some("2026-12-25".parse().unwrap()))
    );
    assert_eq!((case.decided(), case.rating()), (Some(Outcome::Granted), Some(4)));
}

#[test]
fn a_row_of_a_counter_keeps_its_counter_and_its_clocks() {
    let case: Case = serde_json::from_str(TAKEN_IN).unwrap();
    assert_eq!(case.counter(), Some(&path("1.9.9.9.")));
    assert!(case.confidential && case.runs() && case.ended_at().is_none());
    let due = case.deadline(PROMISED, &calendar(), at("2026-11-24", &calendar())).unwrap();
    assert_eq!(Some(due.due_on), case.promised_due());
    // The day was recorded and no moment: counting again is no change.
    let (platform, relation) = actor("system");
    let procedure = load("separate-1.toml", FIRST).unwrap();
    let calendar = calendar();
    let acting = Acting { actor: &platform, relation: &relation };
    let moment = Moment { calendar: &calendar, now: at("2026-11-24", &calendar) };
    let events = decide(&procedure, Some(&case), &Command::Recompute, acting, moment);
    assert_eq!(events, Ok(Vec::new()));
}

#[test]
fn what_was_read_is_written_in_the_form_of_today_and_read_again() {
    for text in [FOLDED, TAKEN_IN] {
        let case: Case = serde_json::from_str(text).unwrap();
        let written = serde_json::to_string(&case).unwrap();
        assert!(!written.contains("residence") && !written.contains("promised_due"), "{written}");
        assert_eq!(serde_json::from_str::<Case>(&written).unwrap(), case);
    }
    for recorded in log() {
        let written = serde_json::to_string(&recorded).unwrap();
        assert_eq!(serde_json::from_str::<Recorded>(&written).unwrap(), recorded, "{written}");
    }
}

/// What today's version writes: a change of these texts is a change of what is stored for ever.
#[test]
fn the_form_of_today_is_this_one() {
    let story = Story::new(SEPARATE).tell("2026-11-23 applicant apply_online -> submitted");
    let opened = r#"{"kind":"opened","of":"service","procedure":"separate","procedure_version":2,"action":"apply_online","to":"submitted","number":"210102-2026-0000123-7","place":"1.2.3.4.","parties":{"applicant":[{"holder":{"record":"00000000-0000-0000-0000-000000000005"}}]},"office":{"place":"1.2.","department":"civil"},"clocks":{"legal":{"limit":{"amount":20,"unit":"working_day"}},"promised":{"limit":{"amount":5,"unit":"working_day"}}},"limits":{"case.accept_or_tell_missing_working_days":{"amount":5,"unit":"working_day"},"case.supply_missing_days":{"amount":30,"unit":"calendar_day"}},"latest":{"on":"2026-11-30"},"service":{"item":"MZ-01","item_version":1,"papers":{"ID":{"form":"original","waived":false,"later":false}},"online":true},"reading":1}"#;
    assert_eq!(serde_json::to_string(&story.last[0]).unwrap(), opened);
    let story = story.tell("2026-11-24 civil@1.2. accept -> handling");
    let [acted, counted] = story.last.as_slice() else { panic!("{:?}", story.last) };
    let text = r#"{"kind":"acted","action":"accept","from":"submitted","to":"handling","fields":{},"papers":[],"counter":"1.2."}"#;
    assert_eq!(serde_json::to_string(acted).unwrap(), text);
    let text = r#"{"kind":"recomputed","dues":{"legal":{"on":"2026-12-22","at":1797930000000000},"promised":{"on":"2026-12-01","at":1796115600000000}}}"#;
    assert_eq!(serde_json::to_string(counted).unwrap(), text);
}

#[test]
fn what_was_taken_back_is_kept_as_this() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 applicant apply_online                       -> submitted
         2026-11-23 applicant receive papers=ID form=electronic  -> submitted
         2026-11-23 applicant take_back papers=ID                -> submitted",
    );
    let [taken_back] = story.last.as_slice() else { panic!("{:?}", story.last) };
    assert_eq!(serde_json::to_string(taken_back).unwrap(), r#"{"kind":"taken_back","papers":["ID"]}"#);
    assert!(story.case().papers()["ID"].later);
    let story = story.tell(
        "2026-11-23 applicant receive papers=ID form=electronic  -> submitted
         2026-11-23 applicant take_back papers=ID seen           -> submitted",
    );
    let [taken_back] = story.last.as_slice() else { panic!("{:?}", story.last) };
    let text = r#"{"kind":"taken_back","papers":["ID"],"seen":{"ID":"original"}}"#;
    assert_eq!(serde_json::to_string(taken_back).unwrap(), text);
    assert!(!story.case().papers()["ID"].later);
}

#[test]
fn what_is_neither_form_is_refused() {
    for cut in ["\"promised\":", "\"item_version\":", "\"residence\":"] {
        let broken = FOLDED.replace(cut, "\"else\":");
        assert!(serde_json::from_str::<Case>(&broken).is_err(), "{cut}");
        let opened = LOG.lines().nth(1).unwrap().replace(cut, "\"else\":");
        assert!(serde_json::from_str::<Recorded>(&opened).is_err(), "{cut}");
    }
}
