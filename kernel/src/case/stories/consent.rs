//! Consent as a property: whatever anybody tries in whatever order in a mediation, no step that needs the consent of
//! both sides is ever taken without what each of them gave to it; whoever gave a consent can take it back; and a clear
//! no ends the mediation wherever it stands.

use super::hearings::dispute;
use super::*;
use crate::case::HOW_SAID;
use crate::procedure::{By, NeedKind};
use proptest::prelude::*;

/// Both sides, a stranger with a sealed record, the mediators of this and of another community, the platform.
const WHO: [&str; 6] = ["record#5", "record#6", "record#7", "mediation@1.2.3.4.#1", "mediation@1.9.9.9.#1", "system"];
/// The sides: their roles, and who they are.
const SIDES: [(&str, &str); 2] = [("first", "record#5"), ("second", "record#6")];
/// The states before an agreement is in effect. A clear no ends the mediation in each.
const OPEN: [&str; 5] = ["applied", "inviting", "talks", "together", "to_sign"];

/// A random try: who, which of the actions, whether it fits whoever may take it, how many minutes later.
#[derive(Clone, Debug)]
struct Try {
    who: usize,
    what: usize,
    fits: bool,
    here: bool,
    /// Whether a mediator notes in her name what a side said, where the step is a side's.
    noted: bool,
    minutes: i64,
}

fn any_try() -> impl Strategy<Value = Try> {
    let flags = (proptest::bool::weighted(0.9), proptest::bool::weighted(0.95), proptest::bool::weighted(0.3));
    (0..WHO.len(), 0usize..1_000, flags, 0i64..2_000).prop_map(|(who, what, (fits, here, noted), minutes)| Try {
        who,
        what,
        fits,
        here,
        noted,
        minutes,
    })
}

/// What each side has consented to and not taken back since, as the law counts it: what was given under one text, or in
/// one state, is nothing under another. An application is the consent of whoever applies.
#[derive(Default)]
struct Given(BTreeSet<&'static str>);

impl Given {
    fn take(&mut self, action: &crate::procedure::Action, from: &str) {
        let stays = from == action.to || from == "applied";
        if !stays {
            self.0.clear();
        }
        for (role, _) in SIDES {
            if action.consent.iter().chain(&action.voids_consent).any(|named| named == role) {
                self.0.remove(role);
            }
            if action.by == By::Party(role.to_owned()) && action.gives_consent {
                self.0.insert(role);
            }
            if action.by == By::Party(role.to_owned()) && action.withdraws_consent {
                self.0.remove(role);
            }
        }
    }
}

/// Everything that an action asks for, answered.
pub(super) fn answered(procedure: &Procedure, action: &str) -> Command {
    let needs = procedure.actions.get(action).map(|action| action.needs.as_slice()).unwrap_or_default();
    let answer = |kind: &NeedKind| match kind {
        NeedKind::Choice { options } => options[0].code.clone(),
        NeedKind::Consent => "yes".to_owned(),
        NeedKind::Date => "2026-02-02".to_owned(),
        _ => "x".to_owned(),
    };
    let fields = needs.iter().map(|need| (need.name.clone(), answer(&need.kind))).collect();
    Command::Act { action: action.to_owned(), fields, papers: Vec::new(), counter: None, on_behalf: false }
}

/// A mediation that somebody asked for, and what the sides consented to.
struct Walk {
    story: Story,
    given: Given,
    now: Instant,
}

impl Walk {
    fn new() -> Self {
        let story = dispute().tell("2026-02-02T09:00 record#5 apply facts=x -> applied");
        let now = at("2026-02-02T09:00", &story.calendar);
        Self { story, given: Given(BTreeSet::from(["first"])), now }
    }

    fn decide(&self, who: &str, command: &Command) -> Result<Vec<Event>, Refusal> {
        let (actor, relation) = actor(who);
        let acting = Acting { actor: &actor, relation: &relation };
        let moment = Moment { calendar: &self.story.calendar, now: self.now };
        decide(&self.story.procedure, self.story.case.as_ref(), command, acting, moment)
    }

    /// Which action is tried, and by whom.
    fn tried(&self, one: &Try) -> (String, &'static str) {
        let (procedure, state) = (&self.story.procedure, &self.story.case().state);
        let here: Vec<&str> = procedure.from_state(state).into_iter().map(|(name, _)| name).collect();
        let all: Vec<&str> = procedure.actions.keys().map(String::as_str).collect();
        let names = if one.here && !here.is_empty() { here } else { all };
        let name = names[one.what % names.len()].to_owned();
        let who = match &procedure.actions[&name].by {
            _ if !one.fits => WHO[one.who],
            By::Party(_) if one.noted => "mediation@1.2.3.4.#1",
            By::Party(role) if role == "first" => "record#5",
            By::Party(_) => "record#6",
            By::System => "system",
            _ => "mediation@1.2.3.4.#1",
        };
        (name, who)
    }

    fn step(&mut self, one: &Try) {
        self.now = self.now.plus_minutes(one.minutes);
        let (name, who) = self.tried(one);
        let mut command = answered(&self.story.procedure, &name);
        if let Command::Act { on_behalf, .. } = &mut command {
            *on_behalf = who.starts_with("mediation");
        }
        self.says_how(who, &command);
        let Ok(events) = self.decide(who, &command) else { return };
        let from = self.story.case().state.clone();
        let action = self.story.procedure.actions[&name].clone();
        for role in &action.consent {
            assert!(self.given.0.contains(role.as_str()), "{name} in {from} without the consent of {role}");
        }
        let (actor, relation) = actor(who);
        let by = sign(&self.story.procedure, self.story.case.as_ref(), &command, &actor, &relation).unwrap();
        for event in events {
            let recorded = Recorded { id: CaseId(Uuid::nil()), at: self.now, by: by.clone(), event };
            self.story.case = Some(fold(self.story.case.take(), &recorded, &self.story.procedure).unwrap());
        }
        self.given.take(&action, &from);
    }

    /// Whatever staff note in the name of a side, they say how she said it.
    fn says_how(&self, who: &str, command: &Command) {
        let Command::Act { action, fields, on_behalf, .. } = command else { return };
        let is_sides = matches!(self.story.procedure.actions[action].by, By::Party(_));
        if !on_behalf || !is_sides {
            return;
        }
        let mut untold = command.clone();
        if let Command::Act { fields, .. } = &mut untold {
            fields.remove(HOW_SAID);
        }
        assert!(self.decide(who, &untold).is_err(), "{action} was noted, and not how she said it: {fields:?}");
    }

    /// What holds of every moment of a mediation.
    fn is_lawful(&self) {
        let (case, procedure) = (self.story.case(), &self.story.procedure);
        let state = case.state.as_str();
        for (role, who) in SIDES {
            let refuses = self.decide(who, &answered(procedure, &format!("{role}_refuses")));
            assert_eq!(refuses.is_ok(), OPEN.contains(&state), "{role} says no in {state}");
            let consents = case.parties_of(role).iter().any(|party| party.consented_at.is_some());
            if !consents || procedure.states[state].terminal {
                continue;
            }
            let ways = procedure.from_state(state).into_iter().filter(|(_, action)| {
                let is_hers = action.by == By::Party(role.to_owned());
                is_hers && (action.withdraws_consent || action.to == "refused")
            });
            let possible = ways.filter(|(name, _)| self.decide(who, &answered(procedure, name)).is_ok()).count();
            assert!(possible > 0, "{role} cannot take the consent back in {state}");
        }
        if state == "refused" {
            assert_eq!(case.outcome.as_deref(), Some("refused"));
            for who in WHO {
                let refused = |name: &String| self.decide(who, &answered(procedure, name)).is_err();
                assert!(procedure.actions.keys().all(refused), "after a clear no nothing follows");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_step_is_taken_without_the_consent_that_was_given_to_it(
        tries in proptest::collection::vec(any_try(), 1..60),
    ) {
        let mut walk = Walk::new();
        walk.is_lawful();
        for one in &tries {
            walk.step(one);
            walk.is_lawful();
        }
    }
}

#[test]
fn each_consent_is_asked_for_on_the_way_and_used_up_by_one_step() {
    // The property says nothing of steps that no walk takes: so each consent is asked for somewhere on this way.
    let walked = dispute().tell(
        "2026-02-02T09:00 record#5                apply facts=x                           -> applied
         2026-02-02T09:10 mediation@1.2.3.4.#1    take_on nowhere_else=yes                -> inviting
         2026-02-02T09:20 record#6                second_agrees                           -> inviting
         2026-02-02T09:30 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card -> talks
         2026-02-02T09:40 record#5                first_goes_on                           -> talks
         2026-02-02T09:40 record#6                second_goes_on                          -> talks
         2026-02-02T09:50 mediation@1.2.3.4.#1    sit_together record=r                   -> together
         2026-02-02T10:00 record#5                first_stays                             -> together
         2026-02-02T10:00 record#6                second_stays                            -> together
         2026-02-02T10:10 mediation@1.2.3.4.#1    apart_again                             -> talks
         2026-02-02T10:20 mediation@1.2.3.4.#1    oral effect_on=2026-02-02  ! case.consent_missing
         2026-02-02T10:30 record#5                first_goes_on                           -> talks
         2026-02-02T10:30 record#6                second_goes_on                          -> talks
         2026-02-02T10:40 mediation@1.2.3.4.#1    oral effect_on=2026-02-02  -> in_effect
         2026-02-03T10:00 record#5                first_asks_court                        -> in_effect
         2026-02-03T10:00 record#6                second_asks_court                       -> in_effect
         2026-02-03T10:10 mediation@1.2.3.4.#1    to_court court=c sent_on=2026-02-03     -> at_court
         2026-02-04T10:00 mediation@1.2.3.4.#1    accepted accepted_on=2026-02-04         -> at_court
         2026-02-05T10:00 mediation@1.2.3.4.#1    court_prolongs approved=yes             -> at_court
         2026-02-06T10:00 mediation@1.2.3.4.#1    not_confirmed reason=r next=vary        -> kept
         2026-02-06T10:10 mediation@1.2.3.4.#1    vary                                    ! case.consent_missing
         2026-02-06T10:15 mediation@1.2.3.4.#1    propose_change change=c                 -> kept
         2026-02-06T10:20 record#5                first_changes                           -> kept
         2026-02-06T10:30 record#6                second_changes                          -> kept
         2026-02-06T10:40 record#6                second_keeps                            -> kept
         2026-02-06T10:50 mediation@1.2.3.4.#1    vary                                    ! case.consent_missing
         2026-02-06T11:00 record#6                second_changes                          -> kept
         2026-02-06T11:10 mediation@1.2.3.4.#1    vary                                    -> kept",
    );
    assert_eq!(walked.case().outcome.as_deref(), Some("agreed"));
}

#[test]
fn a_consent_to_the_court_is_none_to_another_text() {
    let story = dispute().tell(
        "2026-02-02T09:00 record#5                apply facts=x                           -> applied
         2026-02-02T09:10 mediation@1.2.3.4.#1    take_on nowhere_else=yes                -> inviting
         2026-02-02T09:20 record#6                second_agrees                           -> inviting
         2026-02-02T09:30 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card -> talks
         2026-02-02T09:40 record#5                first_goes_on                           -> talks
         2026-02-02T09:40 record#6                second_goes_on                          -> talks
         2026-02-02T09:50 mediation@1.2.3.4.#1    oral effect_on=2026-02-02  -> in_effect
         2026-02-03T10:00 record#5                first_asks_court                        -> in_effect
         2026-02-03T10:00 record#6                second_asks_court                       -> in_effect
         2026-02-04T10:00 mediation@1.2.3.4.#1    not_kept reason=r                       -> broken
         2026-02-05T10:00 mediation@1.2.3.4.#1    kept_after_all report=r                 -> kept
         2026-02-05T10:10 mediation@1.2.3.4.#1    vary                                    ! case.consent_missing",
    );
    assert_eq!(story.case().state, "kept");
}

#[test]
fn a_consent_to_go_on_is_none_to_a_text_that_was_written_after_it() {
    dispute().tell(
        "2026-02-02T09:00 record#5                apply facts=x                           -> applied
         2026-02-02T09:10 mediation@1.2.3.4.#1    take_on nowhere_else=yes                -> inviting
         2026-02-02T09:20 record#6                second_agrees                           -> inviting
         2026-02-02T09:30 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card -> talks
         2026-02-02T09:40 record#5                first_goes_on                           -> talks
         2026-02-02T09:40 record#6                second_goes_on                          -> talks
         2026-02-02T09:50 mediation@1.2.3.4.#1    write change=clause                     -> talks
         2026-02-02T10:00 mediation@1.2.3.4.#1    oral effect_on=2026-02-02  ! case.consent_missing
         2026-02-02T10:00 mediation@1.2.3.4.#1    draft                                   ! case.consent_missing
         2026-02-02T10:10 record#5                first_goes_on                           -> talks
         2026-02-02T10:10 record#6                second_goes_on                          -> talks
         2026-02-02T10:20 mediation@1.2.3.4.#1    sit_together record=r                   -> together
         2026-02-02T10:30 record#5                first_stays                             -> together
         2026-02-02T10:30 record#6                second_stays                            -> together
         2026-02-02T10:40 mediation@1.2.3.4.#1    write_together change=clause            -> together
         2026-02-02T10:50 mediation@1.2.3.4.#1    oral effect_on=2026-02-02  ! case.consent_missing
         2026-02-02T11:00 record#5                first_stays                             -> together
         2026-02-02T11:00 record#6                second_stays                            -> together
         2026-02-02T11:10 mediation@1.2.3.4.#1    oral effect_on=2026-02-02  -> in_effect",
    );
}

#[test]
fn what_staff_note_for_a_side_says_how_she_said_it_and_a_signature_is_on_paper() {
    dispute().tell(
        "2026-02-02T09:00 record#5                apply facts=x                           -> applied
         2026-02-02T09:10 mediation@1.2.3.4.#1    take_on nowhere_else=yes                -> inviting
         2026-02-02T09:20 mediation@1.2.3.4.#1    second_agrees behalf                    ! form.missing
         2026-02-02T09:20 mediation@1.2.3.4.#1    second_agrees how_said=guess behalf     ! form.choice
         2026-02-02T09:20 mediation@1.2.3.4.#1    second_agrees how_said=paper behalf     ! form.missing
         2026-02-02T09:20 mediation@1.2.3.4.#1    second_agrees how_said=paper paper_on=2026-02-03 behalf ! form.date_ahead
         2026-02-02T09:20 mediation@1.2.3.4.#1 second_agrees how_said=telephone paper_on=2026-02-02 behalf ! form.invalid
         2026-02-02T09:20 mediation@1.2.3.4.#1    second_agrees how_said=telephone behalf -> inviting
         2026-02-02T09:30 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card -> talks
         2026-02-02T09:40 record#5                first_goes_on                           -> talks
         2026-02-02T09:40 mediation@1.2.3.4.#1    second_goes_on how_said=person behalf   -> talks
         2026-02-02T09:50 mediation@1.2.3.4.#1    draft                                   -> to_sign
         2026-02-02T10:00 mediation@1.2.3.4.#1    second_signs how_said=telephone behalf  ! form.consent
         2026-02-02T10:00 mediation@1.2.3.4.#1    second_signs how_said=yes behalf      ! form.missing
         2026-02-02T10:00 mediation@1.2.3.4.#1    second_signs how_said=yes paper_on=2026-02-02 behalf -> to_sign",
    );
}
