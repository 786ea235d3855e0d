//! Several people on one side of a mediation: nothing goes on before each of them has consented, each takes back her
//! own consent, and a clear no of one leaves the others to say anew whether they go on without her.

use super::consent::answered;
use super::hearings::dispute;
use super::*;
use crate::case::FOR_WHOM;
use crate::procedure::By;
use proptest::prelude::*;

/// Two people on each side: their roles, and who they are, in the order of their numbers.
const PEOPLE: [(&str, &str); 4] =
    [("first", "record#5"), ("first", "record#8"), ("second", "record#6"), ("second", "record#9")];
const MEDIATOR: &str = "mediation@1.2.3.4.#1";
/// The states before an agreement is in effect. Whoever takes part may say no in each.
const OPEN: [&str; 5] = ["applied", "inviting", "talks", "together", "to_sign"];

/// A dispute of two families.
fn families() -> Story {
    let mut story = dispute();
    if let Some(opening) = &mut story.matter {
        for (role, record) in [("first", 8), ("second", 9)] {
            let party = Party::new(Holder::Record(Uuid::from_u128(record)));
            opening.parties.entry(role.to_owned()).or_default().push(party);
        }
    }
    story
}

/// All four agreed to mediation.
fn talks() -> Story {
    families().tell(
        "2026-02-02T09:00 record#5                apply facts=x                           -> applied
         2026-02-02T09:10 mediation@1.2.3.4.#1    take_on nowhere_else=yes                -> inviting
         2026-02-02T09:20 record#6                second_agrees                           -> inviting
         2026-02-02T09:20 record#9                second_agrees                           -> inviting
         2026-02-02T09:30 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card ! case.consent_missing
         2026-02-02T09:40 mediation@1.2.3.4.#1    first_agrees how_said=person behalf     ! form.missing
         2026-02-02T09:40 mediation@1.2.3.4.#1    first_agrees how_said=person for_whom=00000000-0000-0000-0000-000000000006 behalf ! form.choice
         2026-02-02T09:40 mediation@1.2.3.4.#1    first_agrees how_said=person for_whom=00000000-0000-0000-0000-000000000008 behalf -> inviting
         2026-02-02T09:50 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card -> talks",
    )
}

#[test]
fn each_of_several_consents_and_takes_back_for_herself_alone() {
    talks().tell(
        "2026-02-03T09:00 record#5                first_goes_on                           -> talks
         2026-02-03T09:00 record#6                second_goes_on                          -> talks
         2026-02-03T09:00 record#9                second_goes_on                          -> talks
         2026-02-03T09:10 mediation@1.2.3.4.#1    session record=r                        ! case.consent_missing
         2026-02-03T09:20 record#8                first_goes_on                           -> talks
         2026-02-03T09:30 record#9                second_withdraws                        -> talks
         2026-02-03T09:40 mediation@1.2.3.4.#1    session record=r                        ! case.consent_missing
         2026-02-03T09:50 record#9                second_goes_on                          -> talks
         2026-02-03T09:50 mediation@1.2.3.4.#1    session record=r                        ! case.consent_missing
         2026-02-03T10:00 record#6                second_goes_on                          -> talks
         2026-02-03T10:00 record#5                first_goes_on                           -> talks
         2026-02-03T10:00 record#8                first_goes_on                           -> talks
         2026-02-03T10:10 mediation@1.2.3.4.#1    draft                                   -> to_sign
         2026-02-03T10:20 record#5                first_signs has_read=yes                -> to_sign
         2026-02-03T10:20 record#6                second_signs has_read=yes               -> to_sign
         2026-02-03T10:20 record#9                second_signs has_read=yes               -> to_sign
         2026-02-03T10:30 mediation@1.2.3.4.#1    seal effect_on=2026-02-03               ! case.consent_missing
         2026-02-03T10:40 record#8                first_signs has_read=yes                -> to_sign
         2026-02-03T10:50 mediation@1.2.3.4.#1    seal effect_on=2026-02-03               -> in_effect
         2026-02-04T09:00 record#5                first_asks_court                        -> in_effect
         2026-02-04T09:00 record#6                second_asks_court                       -> in_effect
         2026-02-04T09:00 record#9                second_asks_court                       -> in_effect
         2026-02-04T09:10 mediation@1.2.3.4.#1    to_court court=c sent_on=2026-02-04     ! case.consent_missing
         2026-02-04T09:20 record#8                first_asks_court                        -> in_effect
         2026-02-04T09:30 mediation@1.2.3.4.#1    to_court court=c sent_on=2026-02-04     -> at_court",
    );
}

/// What one of a side consents to no longer counts.
fn lapses(mut story: Story, when: &str, role: &str, number: usize) -> Story {
    let (platform, relation) = actor("system");
    let (acting, now) = (Acting { actor: &platform, relation: &relation }, at(when, &story.calendar));
    let moment = Moment { calendar: &story.calendar, now };
    let command = Command::Lapse { role: role.to_owned(), number };
    let events = decide(&story.procedure, story.case.as_ref(), &command, acting, moment).unwrap();
    for event in &events {
        let recorded = Recorded { id: CaseId(Uuid::nil()), at: now, by: Signature::system(), event: event.clone() };
        story.case = Some(fold(story.case.take(), &recorded, &story.procedure).unwrap());
    }
    story.last = events;
    story
}

#[test]
fn what_one_of_several_agreed_to_lapses_alone_and_is_said_anew() {
    let story = talks().tell(
        "2026-02-03T09:00 record#5                first_goes_on                           -> talks
         2026-02-03T09:00 record#8                first_goes_on                           -> talks
         2026-02-03T09:00 record#6                second_goes_on                          -> talks
         2026-02-03T09:00 record#9                second_goes_on                          -> talks",
    );
    let story = lapses(story, "2026-02-03T09:10", "second", 1);
    let [lapsed] = story.last.as_slice() else { panic!("{:?}", story.last) };
    assert_eq!(serde_json::to_string(lapsed).unwrap(), r#"{"kind":"lapsed","role":"second","number":1}"#);
    let story = lapses(story, "2026-02-03T09:10", "second", 1);
    assert!(story.last.is_empty(), "there is nothing left to lapse: {:?}", story.last);
    let story = story.tell(
        "2026-02-03T09:20 mediation@1.2.3.4.#1    session record=r                        ! case.consent_missing
         2026-02-03T09:30 record#9                second_goes_on                          -> talks
         2026-02-03T09:40 mediation@1.2.3.4.#1    session record=r                        -> talks",
    );
    let (worker, relation) = actor(MEDIATOR);
    let moment = Moment { calendar: &story.calendar, now: at("2026-02-03T09:50", &story.calendar) };
    let command = Command::Lapse { role: "first".to_owned(), number: 0 };
    let acting = Acting { actor: &worker, relation: &relation };
    let refused = decide(&story.procedure, story.case.as_ref(), &command, acting, moment).unwrap_err();
    assert_eq!(refused.code.to_string(), "permission.system_only");
}

#[test]
fn a_clear_no_of_one_leaves_the_others_to_go_on_and_of_the_last_ends_it() {
    let story = talks().tell(
        "2026-02-03T09:00 record#5                first_goes_on                           -> talks
         2026-02-03T09:00 record#8                first_goes_on                           -> talks
         2026-02-03T09:00 record#6                second_goes_on                          -> talks
         2026-02-03T09:10 record#9                second_refuses is_sure=yes              -> talks
         2026-02-03T09:20 mediation@1.2.3.4.#1    session record=r                        ! case.consent_missing
         2026-02-03T09:30 record#9                second_goes_on                          ! permission.sign_in
         2026-02-03T09:40 record#5                first_goes_on                           -> talks
         2026-02-03T09:40 record#8                first_goes_on                           -> talks
         2026-02-03T09:50 mediation@1.2.3.4.#1    second_goes_on how_said=person behalf   -> talks
         2026-02-03T10:00 mediation@1.2.3.4.#1    session record=r                        -> talks",
    );
    assert_eq!(story.case().outcome, None);
    assert_eq!(story.case().standing("second").count(), 1);
    let ended = story.tell("2026-02-03T11:00 record#6 second_refuses is_sure=yes -> refused");
    assert_eq!(ended.case().outcome.as_deref(), Some("refused"));
}

#[test]
fn whoever_joins_is_asked_like_all_and_what_was_said_before_is_said_anew() {
    let story = dispute().tell(
        "2026-02-02T09:00 record#5                apply facts=x                           -> applied
         2026-02-02T09:10 mediation@1.2.3.4.#1    take_on nowhere_else=yes                -> inviting
         2026-02-02T09:20 record#6                second_agrees                           -> inviting
         2026-02-02T09:30 mediation@1.2.3.4.#1    join side=third who=00000000-0000-0000-0000-000000000009 ! form.choice
         2026-02-02T09:30 mediation@1.2.3.4.#1    join side=second who=00000000-0000-0000-0000-000000000006 ! form.choice
         2026-02-02T09:30 mediation@1.2.3.4.#1    join side=second who=00000000-0000-0000-0000-000000000009 -> inviting
         2026-02-02T09:40 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card ! case.consent_missing
         2026-02-02T09:50 record#5                first_agrees                            -> inviting
         2026-02-02T09:50 record#6                second_agrees                           -> inviting
         2026-02-02T09:50 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card ! case.consent_missing
         2026-02-02T10:00 record#9                second_agrees                           -> inviting
         2026-02-02T10:10 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card -> talks",
    );
    assert_eq!(story.case().parties_of("second").len(), 2);
}

/// A random try: which person of a side, which of the actions, whether a mediator notes it for her, how much later.
#[derive(Clone, Debug)]
struct Try {
    person: usize,
    what: usize,
    noted: bool,
    minutes: i64,
}

fn any_try() -> impl Strategy<Value = Try> {
    let noted = proptest::bool::weighted(0.3);
    (0usize..2, 0usize..1_000, noted, 0i64..2_000).prop_map(|(person, what, noted, minutes)| Try {
        person,
        what,
        noted,
        minutes,
    })
}

/// A mediation of two families, who consented and who left, as the law counts it.
struct Walk {
    story: Story,
    given: BTreeSet<&'static str>,
    left: BTreeSet<&'static str>,
    now: Instant,
}

impl Walk {
    fn new() -> Self {
        let story = families().tell("2026-02-02T09:00 record#5 apply facts=x -> applied");
        let now = at("2026-02-02T09:00", &story.calendar);
        Self { story, given: BTreeSet::from(["record#5"]), left: BTreeSet::new(), now }
    }

    fn standing<'w>(&'w self, role: &'w str) -> impl Iterator<Item = &'static str> + 'w {
        PEOPLE.into_iter().filter(move |(of, who)| *of == role && !self.left.contains(who)).map(|(_, who)| who)
    }

    fn decide(&self, who: &str, command: &Command) -> Result<Vec<Event>, Refusal> {
        let (actor, relation) = actor(who);
        let acting = Acting { actor: &actor, relation: &relation };
        let moment = Moment { calendar: &self.story.calendar, now: self.now };
        decide(&self.story.procedure, self.story.case.as_ref(), command, acting, moment)
    }

    fn step(&mut self, one: &Try) {
        self.now = self.now.plus_minutes(one.minutes);
        let from = self.story.case().state.clone();
        let here = self.story.procedure.from_state(&from);
        let Some((name, action)) = here.get(one.what % here.len().max(1)) else { return };
        let (name, action) = ((*name).to_owned(), (*action).clone());
        let target = match &action.by {
            By::Party(role) => PEOPLE.into_iter().filter(|(of, _)| of == role).map(|(_, who)| who).nth(one.person),
            _ => None,
        };
        let mut command = answered(&self.story.procedure, &name);
        let who = match (target, &action.by) {
            (Some(she), _) if !one.noted => she,
            (None, By::System) => "system",
            _ => MEDIATOR,
        };
        if let (Command::Act { on_behalf, fields, .. }, Some(she), MEDIATOR) = (&mut command, target, who) {
            let (_, relation) = actor(she);
            *on_behalf = true;
            fields.insert(FOR_WHOM.to_owned(), relation.record.unwrap().to_string());
        }
        let Ok(events) = self.decide(who, &command) else { return };
        for role in &action.consent {
            let given =
                |she: &'static str| assert!(self.given.contains(she), "{name} in {from} without the consent of {she}");
            self.standing(role).for_each(given);
        }
        let (actor, relation) = actor(who);
        let by = sign(&self.story.procedure, self.story.case.as_ref(), &command, &actor, &relation).unwrap();
        for event in events {
            let recorded = Recorded { id: CaseId(Uuid::nil()), at: self.now, by: by.clone(), event };
            self.story.case = Some(fold(self.story.case.take(), &recorded, &self.story.procedure).unwrap());
        }
        self.take(&action, &from, target);
    }

    fn take(&mut self, action: &crate::procedure::Action, from: &str, target: Option<&'static str>) {
        let state = &self.story.case().state;
        if *state != from && from != "applied" {
            self.given.clear();
        }
        for (role, who) in PEOPLE {
            if action.consent.iter().chain(&action.voids_consent).any(|named| named == role) {
                self.given.remove(who);
            }
        }
        let Some(she) = target else { return };
        if !action.leaves.is_empty() {
            self.left.insert(she);
            self.given.clear();
        }
        if action.gives_consent {
            self.given.insert(she);
        }
        if action.withdraws_consent {
            self.given.remove(she);
        }
    }

    /// What holds of every moment of it.
    fn is_lawful(&self) {
        let (case, procedure) = (self.story.case(), &self.story.procedure);
        let (state, is_open) = (case.state.as_str(), !procedure.states[&case.state].terminal);
        for (role, who) in PEOPLE {
            let says_no = self.decide(who, &answered(procedure, &format!("{role}_refuses")));
            let is_there = !self.left.contains(who);
            assert_eq!(says_no.is_ok(), is_there && OPEN.contains(&state), "{who} says no in {state}");
            if !is_there {
                let refused = |name: &String| self.decide(who, &answered(procedure, name)).is_err();
                assert!(procedure.actions.keys().all(refused), "{who} left and takes a step in {state}");
            }
            assert!(!is_open || self.standing(role).next().is_some(), "it goes on without {role}");
        }
        if state == "refused" {
            assert_eq!(case.outcome.as_deref(), Some("refused"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_step_is_taken_without_the_consent_of_each_of_several(
        tries in proptest::collection::vec(any_try(), 1..80),
    ) {
        let mut walk = Walk::new();
        walk.is_lawful();
        for one in &tries {
            walk.step(one);
            walk.is_lawful();
        }
    }
}
