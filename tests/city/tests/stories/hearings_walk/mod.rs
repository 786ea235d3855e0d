//! A mediation as its department keeps it, walked at random on its own desk and not through pages: wherever it stands,
//! each step is tried by everybody, with and without each consent, and then somebody takes one. No step that needs the
//! consent of both sides is taken without it, and without it to the text and the question of now; a clear no ends the
//! mediation wherever it stands; after the end nothing follows.
//!
//! Who consented is counted here once more by the words of the law, and not by what the procedure says of itself. To
//! see it fail, take `consent` off `session` in `data/procedures/mediation.toml`, or take `was_asked` or `acts_rightly`
//! out of `Mediations::check` in `city/hearings/src/kind.rs`.

mod law;

use std::collections::{BTreeMap, BTreeSet};

use cases::{Doing, Key, Step};
use city_stories::{Town, wait};
use hall::Fault;
use hearings::Hearings;
use hearings::actions::inside::file_record;
use hearings::records::{inside, sides};
use hearings::rules::asking::steps;
use hearings::words::inside::{FileRow, NamedRow, NewClause};
use hearings::words::triage::Told;
use hearings::words::{Bringing, Class, Motion, Side};
use kernel::case::{Case, Command, Relation};
use kernel::language::Bilingual;
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::procedure::{By, Need, NeedKind, Procedure};
use kernel::time::{Date, Instant};
use testkit::{Chance, ZONE};
use uuid::Uuid;
use vault::{NewRecord, Person};

use self::law::{BY_ITSELF, EVERYBODY, GIVES, LEFT_OUT, Law, NEEDS, ON_PAPER, OPEN, SIDES, TALKS, TEXTS, Who, said};
use crate::hearings::{FACTS, PLACE};

/// Whoever is invited, or mediates: the name alone.
const HELPER: &str = "孟宪章";
/// How many mediations are walked, and how far: the first one straight to the court, each third one only a little.
const WALKS: u64 = 10;
const FAR: usize = 28;
const NEAR: usize = 6;
/// What the first walk asks both sides about, in this order.
const PLAN: [&str; 3] = ["session", "sit_together", "draft"];

/// Those who have to do with a mediation, and those who have not.
#[derive(Clone)]
struct Cast {
    records: [Uuid; 2],
    mediator: Actor,
    elsewhere: Actor,
    worker: Actor,
}

impl Cast {
    fn of(&self, who: Who) -> (Actor, Relation) {
        let [first, second] = self.records;
        match who {
            Who::First => (Actor::nobody(), Relation::of_record(first)),
            Who::Second => (Actor::nobody(), Relation::of_record(second)),
            Who::Stranger => (Actor::nobody(), Relation::of_record(Uuid::from_u128(3))),
            Who::Mediator => (self.mediator.clone(), Relation::default()),
            Who::Elsewhere => (self.elsewhere.clone(), Relation::default()),
            Who::Worker => (self.worker.clone(), Relation::default()),
            Who::Nobody => (Actor::nobody(), Relation::default()),
            Who::System => (Actor::system(), Relation::default()),
        }
    }
}

/// Somebody of the staff with a post of a role in each of these places.
fn staff(town: &Town, role: &str, places: &[PlacePath], department: Option<&str>) -> Actor {
    let permissions = &town.city.identity.roles().get(role).unwrap().permissions;
    let grant = |place: &PlacePath| Grant {
        post: Uuid::from_u128(1),
        role: role.to_owned(),
        place: place.clone(),
        department: department.map(str::to_owned),
        permissions: permissions.clone(),
    };
    let grants = places.iter().map(grant).collect();
    Actor { account: Some(Uuid::now_v7()), name: "李".to_owned(), kind: ActorKind::Staff, grants }
}

/// What somebody answers to a need of a step; none where nothing is answered.
fn answer(action: &str, need: &Need, noted: bool, today: Date) -> Option<String> {
    let is_paper = ON_PAPER.contains(&said(action).1);
    match need.name.as_str() {
        "how_said" if is_paper => return noted.then(|| "yes".to_owned()),
        "how_said" => return noted.then(|| "person".to_owned()),
        "paper_on" => return (noted && is_paper).then(|| today.to_string()),
        "has_read" | "is_sure" => return (!noted).then(|| "yes".to_owned()),
        _ => {}
    }
    match &need.kind {
        NeedKind::Choice { options } => options.first().map(|option| option.code.clone()),
        NeedKind::Text if need.required && matches!(need.name.as_str(), "mediator" | "whom") => Some(HELPER.to_owned()),
        _ if !need.required => None,
        NeedKind::Consent => Some("yes".to_owned()),
        NeedKind::Date => Some(today.to_string()),
        _ => Some("x".to_owned()),
    }
}

/// The steps about which both sides are asked with a name.
fn is_named(next: &str) -> bool {
    matches!(next, "invite" | "substitute")
}

/// One step that somebody might take, and the consents that stand then: none where they are those of the case.
#[derive(Clone)]
struct Trial {
    who: Who,
    action: String,
    command: Command,
    standing: Option<[Option<Instant>; 2]>,
}

/// A case in which the first of each side consented at these moments.
fn consented(case: &Case, standing: [Option<Instant>; 2]) -> Case {
    let mut case = case.clone();
    for (side, at) in SIDES.into_iter().zip(standing) {
        for party in case.parties.get_mut(side).into_iter().flatten() {
            party.consented_at = at;
        }
    }
    case
}

/// Somebody brings a dispute about a leak.
fn bringing(community: &PlacePath) -> Bringing {
    let side = |name: &str, telephone: &str| Side {
        name: name.to_owned(),
        telephone: telephone.to_owned(),
        address: String::new(),
    };
    let class = Class {
        code: "neighbours".to_owned(),
        title: Bilingual::new("邻里", "Neighbours"),
        called: Bilingual::default(),
        first: true,
        allowance: None,
        detail: Vec::new(),
        knows: Vec::new(),
    };
    Bringing {
        class,
        detail: String::new(),
        community: community.clone(),
        facts: FACTS.to_owned(),
        own: side("李岺", "13800000302"),
        other: side("王立新", ""),
        more: [Vec::new(), Vec::new()],
        motion: Motion::Application,
        transfer: None,
        told: Told::default(),
    }
}

/// A mediation that somebody asked for, on its way.
struct Walk<'t> {
    town: &'t Town,
    procedure: &'t Procedure,
    cast: Cast,
    district: PlaceId,
    id: Uuid,
    case: Case,
    law: Law,
    chance: Chance,
    number: u64,
    /// When the text was written last.
    written: Option<Instant>,
    /// How often both sides were asked.
    questions: usize,
    /// Why the last step was refused; empty where it was taken.
    refused: String,
}

impl<'t> Walk<'t> {
    fn begin(town: &'t Town, number: u64) -> Self {
        let (community, now) = (town.named(PLACE), town.clock.now());
        let desk = town.city.house.get::<Hearings>().unwrap();
        let once = Uuid::now_v7().to_string();
        let applied = wait(desk.bring(bringing(&community), Actor::nobody(), once, now, None));
        let case = applied.unwrap_or_else(|fault| panic!("{fault}")).case;
        let records = SIDES.map(|side| cases::Cases::sealed_party(&case, side).unwrap());
        let above = [Level::Community, Level::Street, Level::District, Level::City];
        let above: Vec<PlacePath> = above.into_iter().filter_map(|level| community.at(level)).collect();
        let people = Cast {
            records,
            mediator: staff(town, "mediator", &above, Some("mediation")),
            elsewhere: staff(town, "mediator", &[town.named("付家社区")], Some("mediation")),
            worker: staff(town, "community_worker", &[community], None),
        };
        let (district, id) = (cases::district(&case), case.id.0);
        let procedure = town.city.cases.procedure_of(&case).unwrap();
        let law = Law { given: BTreeSet::from(["first"]), ..Law::default() };
        let (chance, refused) = (Chance::new(number + 1), String::new());
        let (written, questions) = (None, 0);
        let walk = Self {
            town,
            procedure,
            cast: people,
            district,
            id,
            case,
            law,
            chance,
            number,
            written,
            questions,
            refused,
        };
        walk.opens_file(now);
        walk
    }

    /// The mediator took the name of the other side from its paper, and the file lies there.
    fn opens_file(&self, now: Instant) {
        let (vault, district, id) = (self.town.city.vault.clone(), self.district, self.id);
        let done = self.town.store().write_blocking(move |tx| {
            let file = NewRecord {
                id: file_record(id),
                district,
                person: Person::new(),
                purpose: "人民调解卷宗".to_owned(),
                retain_until: None,
                at: now,
            };
            vault.seal(tx, &file)?;
            let (side, named_name) = ("second".to_owned(), "李".to_owned());
            let named = NamedRow { side, by_herself: false, named_name, named_at: now };
            sides::name(tx, &Key { district, id }, &named)?;
            Ok::<_, Fault>(())
        });
        done.unwrap();
    }

    fn is_over(&self) -> bool {
        self.procedure.states[&self.case.state].terminal
    }

    /// The steps that start where the mediation stands.
    fn here(&self) -> Vec<String> {
        let names = self.procedure.from_state(&self.case.state).into_iter().map(|(name, _)| name.to_owned());
        names.filter(|name| !LEFT_OUT.contains(&name.as_str())).collect()
    }

    fn command(&self, who: Who, action: &str, next: &str) -> Command {
        let step = &self.procedure.actions[action];
        let noted = who.is_staff() && matches!(step.by, By::Party(_));
        let today = ZONE.date(self.town.clock.now());
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        for need in &step.needs {
            if let Some(answer) = answer(action, need, noted, today) {
                fields.insert(need.name.clone(), answer);
            }
        }
        if action.starts_with("ask") && !next.is_empty() {
            fields.insert("next".to_owned(), next.to_owned());
            if is_named(next) {
                fields.insert("about".to_owned(), HELPER.to_owned());
            }
        }
        Command::Act { action: action.to_owned(), fields, papers: Vec::new(), counter: None, on_behalf: noted }
    }

    fn trial(&self, who: Who, action: &str, standing: Option<[Option<Instant>; 2]>) -> Trial {
        Trial { who, action: action.to_owned(), command: self.command(who, action, ""), standing }
    }

    /// To which state each of these steps would lead; none where it would be refused.
    fn foreseen(&self, trials: &[Trial]) -> Vec<Option<String>> {
        let (desk, cast, trials) = (self.town.city.cases.clone(), self.cast.clone(), trials.to_vec());
        let (district, id, now) = (self.district, self.id, self.town.clock.now());
        let told = self.town.store().read_blocking(move |tx| {
            let mut known = desk.known(tx, district, id)?;
            let stands = known.case.clone();
            let mut told = Vec::new();
            for trial in &trials {
                known.case = trial.standing.map_or_else(|| stands.clone(), |standing| consented(&stands, standing));
                let (actor, relation) = cast.of(trial.who);
                let doing = Doing { command: &trial.command, once: "", actor: &actor, relation, drawn: None, now };
                let state = match desk.foreseen(tx, &known, &doing) {
                    Ok((_, after)) => Some(after.map(|case| case.state).unwrap_or_default()),
                    Err(Fault::Refused(_)) => None,
                    Err(fault) => return Err(fault),
                };
                told.push(state);
            }
            Ok::<_, Fault>(told)
        });
        told.unwrap_or_else(|fault| panic!("{fault}"))
    }

    /// What holds of a step that somebody takes now, or would take.
    fn is_lawful(&self, who: Who, action: &str) {
        let (state, (side, word)) = (self.case.state.as_str(), said(action));
        let told = format!("walk {}: {who:?} takes {action} in {state}", self.number);
        let is_of_nobody = matches!(who, Who::Stranger | Who::Elsewhere | Who::Worker | Who::Nobody);
        assert!(!is_of_nobody, "{told}: it is none of hers");
        assert_eq!(who == Who::System, BY_ITSELF.contains(&action), "{told}");
        if let Some(side) = side {
            assert!(who == Who::of(side) || who == Who::Mediator, "{told}: it is the other side's");
            let is_noted = who == Who::Mediator && GIVES.contains(&word) && !ON_PAPER.contains(&word);
            assert!(!(is_noted && self.law.took_back.contains(side)), "{told}: she took it back herself");
        }
        if NEEDS.contains(&action) {
            let given = &self.law.given;
            assert!(SIDES.iter().all(|side| given.contains(side)), "{told}: {given:?} alone consents");
            let is_asked = !TALKS.contains(&state) || self.law.asked.as_deref() == Some(action);
            assert!(is_asked, "{told}: they were asked about {:?}", self.law.asked);
        }
    }

    /// The consents without which a step that needs both is refused: those of nobody and of one side alone, and where
    /// the text counts, those of both to an older one.
    fn lacking(&self, action: &str) -> Vec<[Option<Instant>; 2]> {
        let now = Some(self.town.clock.now());
        let older = self.written.filter(|_| TEXTS.contains(&action)).map(|written| Some(written.plus_seconds(-1)));
        let few = [[None, None], [now, None], [None, now]].into_iter();
        few.chain(older.map(|older| [older, older])).collect()
    }

    /// Tries what everybody might do now, with the consents that stand and with fewer: every step where the mediation
    /// stands for the first time like that, else some of them.
    fn looks_around(&mut self, seen: &mut BTreeSet<(String, BTreeSet<&'static str>)>) {
        let here = self.here();
        let is_new = seen.insert((self.case.state.clone(), self.law.given.clone()));
        let some: Vec<String> = (0..2).filter_map(|_| self.chance.pick(&here).cloned()).collect();
        let (tried, mut trials) = (if is_new { &here } else { &some }, Vec::new());
        for action in tried {
            trials.extend(EVERYBODY.map(|who| self.trial(who, action, None)));
            if NEEDS.contains(&action.as_str()) {
                let lacking = self.lacking(action).into_iter();
                trials.extend(lacking.map(|standing| self.trial(Who::Mediator, action, Some(standing))));
            }
        }
        for (trial, after) in trials.iter().zip(self.foreseen(&trials)) {
            if after.is_some() {
                let Trial { who, action, standing, .. } = trial;
                assert!(standing.is_none(), "{action} in {} with {standing:?} alone", self.case.state);
                self.is_lawful(*who, action);
            }
        }
        self.may_say_no();
    }

    /// Each side ends it by a clear no, whatever stands, as long as no agreement is in effect.
    fn may_say_no(&self) {
        let refuses = SIDES.map(|side| self.trial(Who::of(side), &format!("{side}_refuses"), None));
        let expected = OPEN.contains(&self.case.state.as_str()).then(|| "refused".to_owned());
        let told = self.foreseen(&refuses);
        assert_eq!(told, [expected.clone(), expected], "a clear no in {}", self.case.state);
    }

    /// Somebody takes a step. Says whether it was taken: then it is a lawful one.
    fn takes(&mut self, who: Who, action: &str, next: &str) -> bool {
        self.does(who, action, next, None)
    }

    /// The mediator changes the text of the agreement, which is a step.
    fn writes(&mut self) {
        let action = if self.case.state == "together" { "write_together" } else { "write" };
        let now = self.town.clock.now();
        if self.does(Who::Mediator, action, "", Some(now)) {
            self.written = Some(now);
        }
    }

    fn does(&mut self, who: Who, action: &str, next: &str, writes: Option<Instant>) -> bool {
        let (district, id, now) = (self.district, self.id, self.town.clock.now());
        let (desk, vault) = (self.town.city.cases.clone(), self.town.city.vault.clone());
        let once = Uuid::now_v7().to_string();
        let step = Step { district, id, command: self.command(who, action, next), once };
        let (actor, relation) = self.cast.of(who);
        let clause = Uuid::now_v7();
        let done = self.town.store().write_blocking(move |tx| {
            if let Some(at) = writes {
                let sealed = vault.cover(tx, district, file_record(id), "hearings/walk", b"x")?;
                let (key, due) = (Key { district, id }, ZONE.date(at));
                let (owes, what) = ("both".to_owned(), String::new());
                let clause = NewClause { id: clause, owes, what, fen: 0, due, lasting: false };
                inside::add_clause(tx, &key, &clause, sealed.clone(), 0)?;
                let (record, changed_name) = (file_record(id), "李".to_owned());
                inside::put_file(tx, &key, &FileRow { record, sealed, changed_name, changed_at: at, stay: 0 })?;
            }
            desk.step(tx, &step, &actor, &relation, now)
        });
        let after = match done {
            Ok(after) => after,
            Err(Fault::Refused(refusal)) => {
                self.refused = format!("{action}: {refusal}");
                return false;
            }
            Err(fault) => panic!("walk {}: {who:?} {action}: {fault}", self.number),
        };
        self.is_lawful(who, action);
        self.refused.clear();
        self.law.take(action, who, [&self.case.state, &after.state]);
        if matches!(action, "ask" | "ask_together") {
            self.law.asked = Some(next.to_owned());
            self.questions += 1;
        }
        self.case = after;
        true
    }

    /// Somebody does something: mostly what brings the mediation on, else whatever comes to her mind.
    fn goes_on(&mut self) {
        let minutes = i64::try_from(self.chance.below(20)).unwrap();
        self.town.clock.plus_seconds(60 * (1 + minutes));
        if self.number > 0 && self.chance.once_in(3) { self.stumbles() } else { self.presses_on() }
    }

    /// About which step both sides are asked now.
    fn question(&mut self) -> String {
        let known: Vec<String> = steps(self.procedure, &self.case.state).into_iter().map(str::to_owned).collect();
        if let Some(planned) = PLAN.get(self.questions).filter(|_| self.number == 0) {
            return (*planned).to_owned();
        }
        if self.chance.once_in(2) { "draft".to_owned() } else { self.chance.pick(&known).unwrap().clone() }
    }

    fn presses_on(&mut self) {
        let (state, asked) = (self.case.state.clone(), self.law.asked.clone());
        if TALKS.contains(&state.as_str()) {
            // What was asked about and cannot be taken is asked about no more.
            if asked.is_none() || !self.refused.is_empty() {
                let (ask, next) = (if state == "talks" { "ask" } else { "ask_together" }, self.question());
                // Nobody is asked about a text that is not written.
                if TEXTS.contains(&next.as_str()) && self.written.is_none() {
                    self.writes();
                }
                // Whoever does not accept the mediator is answered by another one first.
                if !self.takes(Who::Mediator, ask, &next) {
                    self.takes(Who::Mediator, ask, "substitute");
                }
                return;
            }
            if asked.as_deref().is_some_and(|asked| TEXTS.contains(&asked)) && self.written.is_none() {
                self.writes();
                return;
            }
        }
        let goes = matches!(asked.as_deref(), Some("go_up" | "hand_down"));
        let (says, then) = match state.as_str() {
            "applied" => ("", "take_on"),
            "inviting" => ("agrees", "begin"),
            "talks" => (if goes { "passes" } else { "goes_on" }, asked.as_deref().unwrap_or_default()),
            "together" => ("stays", asked.as_deref().unwrap_or_default()),
            "to_sign" => ("signs", "seal"),
            "in_effect" => ("asks_court", "to_court"),
            "asking" => ("asks_again", "to_court"),
            "at_court" if self.number == 0 => ("", "confirmed"),
            "at_court" => ("", "not_confirmed"),
            "kept" => ("changes", "vary"),
            _ => return,
        };
        let lacks = SIDES.into_iter().find(|side| !self.law.given.contains(side)).filter(|_| !says.is_empty());
        let Some(side) = lacks else {
            self.takes(Who::Mediator, then, "");
            return;
        };
        let herself = self.number == 0 || self.law.took_back.contains(side) || self.chance.once_in(2);
        self.takes(if herself { Who::of(side) } else { Who::Mediator }, &format!("{side}_{says}"), "");
    }

    fn stumbles(&mut self) {
        if TALKS.contains(&self.case.state.as_str()) && self.chance.once_in(5) {
            self.writes();
            return;
        }
        let here = self.here();
        let Some(action) = self.chance.pick(&here).cloned() else { return };
        let step = &self.procedure.actions[&action];
        if self.procedure.states[&step.to].terminal && !self.chance.once_in(6) {
            return;
        }
        let herself = said(&action).0.map(Who::of).filter(|_| self.chance.once_in(2));
        let anybody = self.chance.pick(&EVERYBODY).copied().filter(|_| self.chance.once_in(5));
        let who = anybody.or(herself).unwrap_or(Who::Mediator);
        let next = if matches!(action.as_str(), "ask" | "ask_together") { self.question() } else { String::new() };
        self.takes(who, &action, &next);
    }

    /// Whoever does not want to any more says so, and that is the end.
    fn says_no(&mut self) {
        if !OPEN.contains(&self.case.state.as_str()) {
            return;
        }
        let side = if self.chance.once_in(2) { "first" } else { "second" };
        assert!(self.takes(Who::of(side), &format!("{side}_refuses"), ""), "{}", self.refused);
        assert_eq!((self.case.state.as_str(), self.case.outcome.as_deref()), ("refused", Some("refused")));
    }

    /// After the end nobody takes any step.
    fn nothing_follows(&mut self) {
        if !self.is_over() {
            return;
        }
        let names: Vec<String> = self.procedure.actions.keys().cloned().collect();
        let of_all = names.iter().flat_map(|action| EVERYBODY.map(|who| self.trial(who, action, None)));
        let trials: Vec<Trial> = of_all.collect();
        for (trial, after) in trials.iter().zip(self.foreseen(&trials)) {
            assert_eq!(after, None, "{:?} takes {} after the end", trial.who, trial.action);
        }
        let ended = self.case.clone();
        assert!(!self.takes(Who::Mediator, "session", "") && self.case == ended);
    }
}

#[test]
fn no_step_is_taken_without_the_consents_that_it_needs_on_any_walk() {
    let town = Town::small();
    let (mut seen, mut refused) = (BTreeSet::new(), 0);
    for number in 0..WALKS {
        let mut walk = Walk::begin(&town, number);
        for _ in 0..if number % 3 == 1 { NEAR } else { FAR } {
            walk.looks_around(&mut seen);
            if walk.is_over() {
                break;
            }
            walk.goes_on();
        }
        if number == 0 {
            // Without it nobody would know whether the walks come anywhere.
            assert_eq!(walk.case.state, "confirmed", "straight to the court: {}", walk.refused);
        }
        walk.says_no();
        refused += usize::from(walk.case.state == "refused");
        walk.nothing_follows();
    }
    assert!(refused > 0, "somebody said no");
    town.verify();
}
