//! Stories of cases as tables of steps: `day who action key=value -> state`, or `! code` where it is refused.

mod asked;
mod consent;
mod deadlines;
mod handling;
mod hearings;
mod lamp;
mod matters;
mod report;
mod several;
mod stored;

use super::*;
use crate::calendar::{Calendar, Unit};
use crate::permission::{Actor, ActorKind, Grant, Permission};
use crate::procedure::{Procedure, load};
use crate::refusal::Refusal;
use std::collections::BTreeSet;

const DIRECT: &str = include_str!("../../../../data/procedures/direct.toml");
const SEPARATE: &str = include_str!("../../../../data/procedures/separate.toml");
const ONLINE: &str = include_str!("../../../../data/procedures/online.toml");
const LEVELS: &str = include_str!("../../../../data/procedures/levels.toml");

pub(super) fn calendar() -> Calendar {
    let days = include_str!("../../../../data/calendar/holidays_cn_2004_2026.csv");
    Calendar::parse(days, include_str!("../../../../data/calendar/city.toml")).unwrap()
}

pub(super) fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

/// `health@1.2.`
fn office(text: &str) -> Target {
    let (department, place) = text.split_once('@').unwrap();
    Target { place: path(place), department: Some(department.to_owned()) }
}

/// `2026-11-23` at ten, or `2026-06-01T22:36`.
fn at(text: &str, calendar: &Calendar) -> Instant {
    let (date, time) = text.split_once('T').unwrap_or((text, "10:00"));
    let (hour, minute) = time.split_once(':').unwrap();
    calendar.zone().instant(date.parse().unwrap(), hour.parse::<u32>().unwrap() * 60 + minute.parse::<u32>().unwrap())
}

/// The hours of another city: 08:00 to 12:00 and 14:00 to 18:00.
fn eight_hours() -> Calendar {
    let days = include_str!("../../../../data/calendar/holidays_cn_2004_2026.csv");
    let hours = "[[opening]]\nfrom = \"08:00\"\nuntil = \"12:00\"\n[[opening]]\nfrom = \"14:00\"\nuntil = \"18:00\"\n";
    Calendar::parse(days, &format!("utc_offset_minutes = 480\n{hours}")).unwrap()
}

/// `worker@1.2.3.4.`, `civil@1.2.` (a department's own post), `watch@1.` (supervisor), `applicant`, `nobody`,
/// `system`; `civil@1.2.#3` is another person of the same post, `account#5` a resident's account, `record#5` whoever
/// proved that a sealed record is hers.
pub(super) fn actor(who: &str) -> (Actor, Relation) {
    let (who, number) = who.split_once('#').unwrap_or((who, "7"));
    let number = Uuid::from_u128(number.parse().unwrap());
    let (name, place) = who.split_once('@').unwrap_or((who, ""));
    let desk = [
        Permission::CaseAccept,
        Permission::CaseRead,
        Permission::CaseHandle,
        Permission::CaseDecide,
        Permission::CaseDeliver,
    ];
    let (department, permissions): (Option<&str>, &[Permission]) = match name {
        "applicant" => return (Actor::nobody(), Relation::applicant(true)),
        "nobody" => return (Actor::nobody(), Relation::default()),
        "system" => return (Actor::system(), Relation::default()),
        "record" => return (Actor::nobody(), Relation::of_record(number)),
        "account" => {
            let resident = Actor { account: Some(number), kind: ActorKind::Resident, ..Actor::nobody() };
            return (resident, Relation::default());
        }
        "worker" => (None, &desk),
        "watch" => (None, &[Permission::CaseRead, Permission::CaseSupervise]),
        department => (Some(department), &desk),
    };
    let grant = Grant {
        post: Uuid::nil(),
        role: name.to_owned(),
        place: path(place),
        department: department.map(str::to_owned),
        permissions: permissions.iter().copied().collect(),
    };
    (
        Actor { account: Some(number), name: name.to_owned(), kind: ActorKind::Staff, grants: vec![grant] },
        Relation::default(),
    )
}

/// What a counter asks for: five working days promised, twenty by law.
pub(super) fn opening(procedure: &Procedure, action: &str, counter: Option<PlacePath>, confidential: bool) -> Opening {
    let limit = |amount| Limit::new(amount, Unit::WorkingDay);
    let applicant = Party::new(Holder::Record(Uuid::from_u128(5)));
    let parties = procedure.parties.keys().filter(|role| *role == "applicant");
    let clocks =
        procedure.clocks.keys().map(|name| (name.clone(), Term::Limit(limit(if name == LEGAL { 20 } else { 5 }))));
    Opening {
        kind: SERVICE.to_owned(),
        action: action.to_owned(),
        number: "210102-2026-0000123-7".to_owned(),
        place: path("1.2.3.4."),
        point: None,
        parties: parties.map(|role| (role.clone(), vec![applicant.clone()])).collect(),
        office: Target { place: path("1.2."), department: Some("civil".to_owned()) },
        counter,
        clocks: clocks.collect(),
        limits: BTreeMap::from([
            ("case.accept_or_tell_missing_working_days".to_owned(), limit(5)),
            ("case.supply_missing_days".to_owned(), Limit::new(30, Unit::CalendarDay)),
        ]),
        confidential,
        fields: BTreeMap::new(),
        service: Some(Application {
            item: "MZ-01".to_owned(),
            item_version: 1,
            papers: BTreeMap::from([("ID".to_owned(), Paper::default())]),
            online: false,
        }),
    }
}

/// A case under way in a story.
struct Story {
    procedure: Procedure,
    calendar: Calendar,
    confidential: bool,
    /// What is opened, where it is not the counter's.
    matter: Option<Opening>,
    case: Option<Case>,
    last: Vec<Event>,
    log: Vec<Recorded>,
}

impl Story {
    fn new(procedure: &str) -> Self {
        let procedure = load("story.toml", procedure).unwrap();
        Self {
            procedure,
            calendar: calendar(),
            confidential: false,
            matter: None,
            case: None,
            last: Vec::new(),
            log: Vec::new(),
        }
    }

    /// A matter without a counter, at an office, with these parties and clocks; in a city that works from eight to
    /// twelve and from two to six.
    fn matter(procedure: &str, office: Target, parties: &[(&str, Holder)], clocks: &[(&str, Term)]) -> Self {
        let story = Self::new(procedure);
        let counters = opening(&story.procedure, "", None, false);
        let one = |(role, holder): &(&str, Holder)| ((*role).to_owned(), vec![Party::new(holder.clone())]);
        let matter = Opening {
            kind: story.procedure.name.clone(),
            place: office.place.clone(),
            office,
            parties: parties.iter().map(one).collect(),
            clocks: clocks.iter().map(|(name, term)| ((*name).to_owned(), *term)).collect(),
            service: None,
            ..counters
        };
        Self { calendar: eight_hours(), matter: Some(matter), ..story }
    }

    fn rating(&self, verb: &str, words: &[&str], score: &str, until: &str) -> Command {
        let (score, until) = (score.parse().unwrap(), at(until, &self.calendar));
        if verb == "rate_again" {
            return Command::RateAgain { score, until };
        }
        let aspects = words.iter().filter_map(|word| word.strip_prefix('+')).map(str::to_owned).collect();
        Command::Rate { score, aspects, comment_handle: None, until }
    }

    fn command(&self, who: &str, verb: &str, words: &[&str]) -> Command {
        let pairs = words.iter().filter_map(|word| word.split_once('='));
        let mut fields: BTreeMap<String, String> = pairs.map(|(key, value)| (key.into(), value.into())).collect();
        let papers = fields.remove("papers");
        let papers: Vec<String> = papers.iter().flat_map(|list| list.split(',')).map(str::to_owned).collect();
        let post = who.split_once('#').map_or(who, |(post, _)| post);
        let own = post.split_once('@').map(|(_, place)| place.to_owned());
        let counter = fields.remove("at").or(own).map(|place| path(&place));
        let mut take = |key: &str| fields.remove(key).unwrap_or_default();
        match verb {
            "rate" | "rate_again" => self.rating(verb, words, &take("score"), &take("until")),
            "follow_up" => Command::FollowUp { answer: take("answer") },
            "appeal" => Command::Appeal { reason: take("reason") },
            "decide_appeal" => Command::DecideAppeal { upheld: words.contains(&"upheld"), reason: take("reason") },
            "supervise" => Command::Supervise { note: take("note"), answer_by: "2026-12-01".parse().unwrap() },
            "account" => Command::Account { number: take("number").parse().unwrap(), answer: take("answer") },
            "assign" => {
                let name = take("name");
                let to = Handler { account: Uuid::from_u128(9), name: name.clone() };
                Command::Assign { to: Some(to).filter(|_| !name.is_empty()) }
            }
            "extend" => Command::Extend { amount: take("amount").parse().unwrap(), reason: take("reason"), most: 10 },
            "transfer" => Command::Transfer { to: office(&take("office")), reason: take("reason") },
            "consult" => Command::Consult {
                office: office(&take("office")),
                question: take("question"),
                due: "2026-12-01".parse().unwrap(),
                joint: words.contains(&"joint"),
            },
            "answer" => Command::Answer {
                number: take("number").parse().unwrap(),
                agrees: !words.contains(&"against"),
                text: take("text"),
            },
            "explain" => Command::Explain { reason: LateReason::parse(&take("reason")).unwrap(), note: take("note") },
            "recompute" => Command::Recompute,
            "receive" => {
                let form = match take("form").as_str() {
                    "copy" => PaperForm::Copy,
                    "electronic" => PaperForm::Electronic,
                    _ => PaperForm::Original,
                };
                let counter = if words.contains(&"office") { None } else { counter };
                Command::Receive { papers: papers.into_iter().map(|paper| (paper, form)).collect(), counter }
            }
            "waive" => Command::Waive { papers: papers.into_iter().collect() },
            "take_back" => {
                let is_seen = words.contains(&"seen");
                let seen = papers.iter().filter(|_| is_seen).map(|code| (code.clone(), PaperForm::Original)).collect();
                Command::TakeBack { papers: papers.into_iter().collect(), seen, counter: None }
            }
            "lives_at" => Command::Settle { place: path(&take("place")), office: office(&take("office")) },
            "relocate" => Command::Relocate { from: path(&take("from")), to: path(&take("to")) },
            start if self.case.is_none() && self.procedure.start.iter().any(|name| name == start) => {
                let counters = opening(&self.procedure, start, counter, self.confidential);
                Command::Open(Box::new(match &self.matter {
                    Some(matter) => Opening { action: start.to_owned(), fields, ..matter.clone() },
                    None => counters,
                }))
            }
            action => {
                let on_behalf = words.contains(&"behalf");
                Command::Act { action: action.to_owned(), fields, papers, counter, on_behalf }
            }
        }
    }

    fn step(&mut self, line: &str) -> Result<String, Refusal> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (actor, relation) = actor(words[1]);
        let command = self.command(words[1], words[2], &words[3..]);
        let now = at(words[0], &self.calendar);
        let before = self.case.clone();
        let acting = Acting { actor: &actor, relation: &relation };
        let moment = Moment { calendar: &self.calendar, now };
        let events = decide(&self.procedure, before.as_ref(), &command, acting, moment)?;
        let by = sign(&self.procedure, before.as_ref(), &command, &actor, &relation)?;
        for event in &events {
            let recorded = Recorded { id: CaseId(Uuid::nil()), at: now, by: by.clone(), event: event.clone() };
            self.case = Some(fold(self.case.take(), &recorded, &self.procedure).unwrap());
            self.log.push(recorded);
        }
        self.last = events;
        Ok(self.case.as_ref().map(|case| case.state.clone()).unwrap_or_default())
    }

    fn tell(mut self, text: &str) -> Self {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (step, expected) = line.split_once(" -> ").or_else(|| line.split_once(" ! ")).expect("-> or !");
            let found = self.step(step).unwrap_or_else(|refusal| {
                assert!(!refusal.to_string().contains('…'), "a detail is missing: {refusal}");
                refusal.code.to_string()
            });
            assert_eq!(found, expected.trim(), "{line}");
        }
        self
    }

    fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }
}

#[test]
fn a_direct_matter_is_done_in_one_visit() {
    let story = Story::new(DIRECT).tell(
        "2026-11-23 nobody          accept_at_counter                      ! permission.sign_in
         2026-11-23 worker@1.9.9.9. accept_at_counter at=1.2.3.4.          ! permission.outside_place
         2026-11-23 worker@1.9.9.9. accept_at_counter                      -> handling
         2026-11-23 worker@1.2.3.4. grant                                  ! permission.other_counter
         2026-11-23 worker@1.9.9.9. grant                                  -> granted
         2026-11-23 worker@1.9.9.9. hand_over                              ! form.missing
         2026-11-23 worker@1.9.9.9. hand_over handed_to=pigeon             ! form.choice
         2026-11-23 worker@1.9.9.9. hand_over handed_to=in_person name=Li  ! form.field_unknown
         2026-11-23 worker@1.5.5.5. hand_over handed_to=in_person          -> closed
         2026-11-23 worker@1.9.9.9. grant                                  ! case.ended
         2026-11-23 applicant       withdraw                               ! case.ended
         2026-11-23 worker@1.9.9.9. fly                                    ! case.action_unknown",
    );
    let case = story.case();
    assert_eq!((case.decided(), case.counter()), (Some(Outcome::Granted), Some(&path("1.9.9.9."))));
    assert!(!case.online() && case.closed_at.is_some() && case.accepted_at == Some(case.opened_at));
    assert_eq!(case.shard, PlaceId(2), "the district of the residence, not of the counter");
    assert_eq!(case.sequence, 4, "opened, dates, granted, handed over");
}

#[test]
fn a_direct_matter_applied_for_online_is_accepted_where_she_lives() {
    let story = Story::new(DIRECT).tell(
        "2026-11-23 applicant       apply_online  -> submitted
         2026-11-23 worker@1.9.9.9. accept        ! permission.other_counter
         2026-11-24 worker@1.2.3.4. accept        -> handling
         2026-11-24 worker@1.2.3.4. grant         -> granted",
    );
    assert_eq!(story.case().counter(), Some(&path("1.2.3.4.")));
    assert_eq!(story.case().promised_due(), Some("2026-12-01".parse().unwrap()), "counted from acceptance");
}

#[test]
fn a_separate_matter_is_taken_in_anywhere_and_decided_by_the_office() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 worker@1.9.9.9. accept_at_counter                           -> handling
         2026-11-24 worker@1.9.9.9. grant basis=law                             ! permission.outside_place
         2026-11-24 health@1.2.     grant basis=law                             ! permission.other_department
         2026-11-24 watch@1.        grant basis=law                             ! permission.missing
         2026-11-24 civil@1.3.      grant basis=law                             ! permission.outside_place
         2026-11-24 civil@1.2.      request_correction reason=income            ! form.paper_missing
         2026-11-24 civil@1.2.      request_correction papers=IN,AU             ! form.missing
         2026-11-24 civil@1.2.      request_correction papers=IN,AU reason=both -> correction
         2026-11-25 civil@1.2.      grant basis=law                             ! case.action_not_possible_here
         2026-11-25 nobody          supply papers=IN                            ! permission.not_applicant
         2026-11-26 worker@1.5.5.5. supply papers=IN                            ! permission.not_applicant
         2026-11-26 applicant       supply papers=ZZ                            ! form.paper_unknown
         2026-11-26 applicant       supply papers=IN,ZZ                         ! form.paper_unknown
         2026-11-26 applicant       supply papers=ID                            ! form.paper_missing
         2026-11-26 worker@1.5.5.5. supply papers=IN behalf                     -> handling
         2026-11-26 watch@1.2.3.4.  supervise note=hurry                        ! permission.outside_place
         2026-11-26 watch@1.        supervise                                   ! form.missing
         2026-11-26 watch@1.2.      supervise note=hurry                        -> handling
         2026-11-27 applicant       rate score=5 until=2027-01-01               ! rating.too_early
         2026-11-27 civil@1.2.      grant basis=law                             -> granted
         2026-11-27 applicant       withdraw                                    ! case.action_not_possible_here
         2026-11-28 worker@1.7.7.7. hand_over handed_to=by_proxy                -> closed
         2026-11-28 worker@1.7.7.7. rate score=5 until=2027-01-01               ! permission.not_applicant
         2026-11-28 nobody          rate score=5 until=2027-01-01               ! permission.not_applicant
         2026-11-28 applicant       rate score=6 until=2027-01-01               ! rating.score
         2026-11-28 applicant       rate score=0 until=2027-01-01               ! rating.score
         2026-11-28 applicant       rate score=4 until=2026-11-27               ! rating.too_late
         2026-11-28 applicant       rate score=4 until=2026-12-27               -> closed
         2026-11-28 applicant       rate score=5 until=2026-12-27               ! rating.already_given",
    );
    let case = story.case();
    assert_eq!(case.rating(), Some(4));
    assert_eq!(case.missing(), &BTreeSet::from(["AU".to_owned()]), "asked for and not brought");
    assert!(case.papers().contains_key("IN") && case.papers().contains_key("ID"));
    assert_eq!(case.promised().unwrap().pauses.len(), 1);
    assert_eq!(case.promised().unwrap().pauses[0].ground, "correction");
    assert_eq!(case.promised_due(), Some("2026-12-02".parse().unwrap()), "two days of waiting did not count");
}

#[test]
fn dates_are_told_when_they_change_and_only_then() {
    let mut story = Story::new(SEPARATE).tell("2026-11-23 applicant apply_online -> submitted");
    assert_eq!(story.last.len(), 1, "no clock, no date");
    for (line, kinds) in [
        ("2026-11-24 civil@1.2. accept", vec!["acted", "recomputed"]),
        ("2026-11-24 system recompute", vec![]),
        ("2026-11-25 civil@1.2. request_correction papers=IN reason=x", vec!["acted"]),
        ("2026-11-27 system recompute", vec!["recomputed"]),
        ("2026-11-27 applicant supply papers=IN", vec!["acted"]),
        ("2026-11-27 watch@1. supervise note=x", vec!["supervised"]),
    ] {
        story.step(line).unwrap();
        assert_eq!(story.last.iter().map(Event::kind).collect::<Vec<_>>(), kinds, "{line}");
    }
    let refusal = story.step("2026-11-27 civil@1.2. recompute").unwrap_err();
    assert_eq!(refusal.code.as_str(), "permission.system_only");
    assert_eq!(story.case().legal_due(), Some("2026-12-24".parse().unwrap()));
    assert!(!story.case().provisional);
}

#[test]
fn an_online_matter_can_be_told_online_or_at_a_counter() {
    let till_refusal = "2026-11-23 applicant apply_online -> submitted
         2026-11-23 civil@1.2. accept -> handling
         2026-11-24 civil@1.2. refuse reason=a basis=b remedy=c -> refused";
    for last in [
        "2026-11-25 civil@1.2. tell_refusal_online -> closed",
        "2026-11-25 worker@1.8.8.8. tell_refusal told_by=in_person -> closed",
    ] {
        assert_eq!(Story::new(ONLINE).tell(till_refusal).tell(last).case().decided(), Some(Outcome::Refused));
    }
}

#[test]
fn a_confidential_matter_is_for_named_posts_alone() {
    let mut story = Story::new(SEPARATE);
    story.confidential = true;
    let story = story.tell(
        "2026-11-23 worker@1.9.9.9. accept_at_counter                -> handling
         2026-11-23 worker@1.       grant basis=law                  ! permission.confidential
         2026-11-23 watch@1.        supervise note=x                 ! permission.confidential
         2026-11-23 worker@1.9.9.9. withdraw behalf                  ! permission.confidential
         2026-11-24 civil@1.2.      grant basis=law                  -> granted
         2026-11-24 worker@1.9.9.9. hand_over handed_to=in_person    ! permission.confidential
         2026-11-24 civil@1.9.      hand_over handed_to=in_person    -> closed",
    );
    for (who, code) in [
        ("applicant", None),
        ("civil@1.2.", None),
        ("civil@1.", None),
        ("worker@1.2.", Some("permission.confidential")),
        ("worker@1.9.9.9.", Some("permission.outside_place")),
        ("health@1.2.", Some("permission.other_department")),
        ("nobody", Some("permission.sign_in")),
    ] {
        let (actor, relation) = actor(who);
        let found = may_read(story.case(), &actor, &relation).err().map(|refusal| refusal.code.as_str());
        assert_eq!(found, code, "{who}");
        let listed = possible(&story.procedure, story.case(), &actor, &relation);
        assert!(listed.is_empty(), "{who}: it is over");
    }
}

#[test]
fn staff_end_a_case_in_her_name_only_with_a_reason_and_her_word() {
    let open = "2026-11-23 worker@1.9.9.9. accept_at_counter -> handling";
    for (given, result) in [
        ("", "! form.missing"),
        ("her_word=telephone", "! form.missing"),
        ("reason=moved", "! case.her_word_missing"),
        ("reason=moved her_word=guessed", "! case.her_word_missing"),
        ("reason=moved her_word=counter", "-> withdrawn"),
        ("reason=moved her_word=telephone", "-> withdrawn"),
        ("reason=moved her_word=writing", "-> withdrawn"),
    ] {
        let by_staff = format!("2026-11-24 worker@1.9.9.9. withdraw behalf {given} {result}");
        drop(Story::new(SEPARATE).tell(open).tell(&by_staff));
    }
    let herself = Story::new(SEPARATE).tell(open).tell("2026-11-24 applicant withdraw -> withdrawn");
    assert_eq!(herself.case().decided(), Some(Outcome::Withdrawn), "she herself needs to say nothing");
    let odd = "2026-11-24 applicant withdraw her_word=counter ! form.field_unknown";
    drop(Story::new(SEPARATE).tell(open).tell(odd));
}

#[test]
fn an_open_matter_is_seen_by_office_counter_and_residence() {
    let story = Story::new(SEPARATE).tell("2026-11-23 worker@1.9.9.9. accept_at_counter -> handling");
    for (who, sees, does) in [
        ("applicant", true, vec!["withdraw"]),
        ("civil@1.2.", true, vec!["grant", "request_correction", "refuse", "withdraw"]),
        ("worker@1.9.9.9.", true, vec!["withdraw"]),
        ("worker@1.2.3.4.", true, vec!["withdraw"]),
        ("worker@1.5.5.5.", false, vec!["withdraw"]),
        ("watch@1.", true, vec![]),
        ("nobody", false, vec![]),
        ("system", false, vec![]),
    ] {
        let (actor, relation) = actor(who);
        assert_eq!(may_read(story.case(), &actor, &relation).is_ok(), sees, "{who}");
        let listed = possible(&story.procedure, story.case(), &actor, &relation);
        assert_eq!(listed.iter().map(|(name, _)| *name).collect::<Vec<_>>(), does, "{who}");
    }
}

#[test]
fn a_case_and_its_events_survive_storage() {
    let story = Story::new(SEPARATE).tell("2026-11-23 worker@1.9.9.9. accept_at_counter -> handling");
    let text = serde_json::to_string(story.case()).unwrap();
    assert_eq!(&serde_json::from_str::<Case>(&text).unwrap(), story.case());
    for event in &story.last {
        let value = serde_json::to_value(event).unwrap();
        assert_eq!(value["kind"], event.kind());
        assert_eq!(&serde_json::from_value::<Event>(value).unwrap(), event);
    }
}

#[test]
fn events_that_do_not_follow_are_a_fault_of_the_log() {
    let story = Story::new(SEPARATE).tell("2026-11-23 applicant apply_online -> submitted");
    let at = story.case().opened_at;
    let fold_one = |id: u128, event: &Event, case: Option<&Case>, procedure: &Procedure| {
        let recorded = Recorded { id: CaseId(Uuid::from_u128(id)), at, by: Signature::system(), event: event.clone() };
        fold(case.cloned(), &recorded, procedure).unwrap_err()
    };
    let supervised = Event::Supervised { note: "x".into(), answer_by: "2026-12-01".parse().unwrap() };
    let acted = |from: &str, to: &str| {
        let (from, to, fields) = (from.to_owned(), to.to_owned(), BTreeMap::new());
        let (action, papers, parties) = ("accept".into(), Vec::new(), Vec::new());
        Event::Acted { action, from, to, fields, papers, counter: None, parties, overdue: None, latest: None }
    };
    let case = Some(story.case());
    let own = &story.procedure;
    let newer = Procedure { version: 3, ..own.clone() };
    assert!(matches!(fold_one(0, &supervised, None, own), FoldFault::NotOpened { kind: "supervised" }));
    assert!(matches!(fold_one(0, &story.last[0], case, own), FoldFault::OpenedTwice { .. }));
    assert!(matches!(fold_one(1, &supervised, case, own), FoldFault::OtherCase { .. }));
    assert!(matches!(fold_one(0, &supervised, case, &newer), FoldFault::OtherProcedure { .. }));
    assert!(matches!(fold_one(0, &acted("handling", "granted"), case, own), FoldFault::OutOfOrder { .. }));
    assert!(matches!(fold_one(0, &acted("submitted", "moon"), case, own), FoldFault::UnknownState { .. }));
}
