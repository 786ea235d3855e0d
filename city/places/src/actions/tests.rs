//! These tests run on both engines. Grids are adopted once and as of their day, by one of those who ask at the same
//! time. The day before stays as it was.

use super::grids::{Adopting, PLAN, adopt, ask, call_off, works};
use super::*;
use crate::records::adoption::{self, Adoption};
use crate::records::grids as grids_records;
use crate::refusals::Why;
use crate::rules::geography::{NewBuilding, NewCompound, invent};
use crate::rules::grids::counted::Counted;
use crate::rules::grids::given::Calls;
use crate::rules::grids::ground::{Ground, Limits};
use crate::rules::grids::proposal::{Asked, Mode, Proposal};
use crate::words::{AdoptionState, Author};
use jobs::{NewWork, Rules, Runner, WorkState};
use kernel::permission::{ActorKind, Grant};
use planning::mobilize::Home;
use planning::partition::Border;
use planning::shape::Point;
use std::collections::BTreeMap;
use testkit::{FixedClock, TestStore, ZONE};

const EDITION: &str = "code,name,level,parent,kind\n210100000000,沈阳市,city,,市\n210102000000,和平区,district,210100000000,区\n\
    210102013000,南湖街道,street,210102000000,街道\n210102013001,文安路社区,community,210102013000,社区\n\
    210102013002,文萃路社区,community,210102013000,社区\n";
const LIMITS: Limits = Limits { least: 200, most: 400, target: 300, deviation: 2 };

/// Returns the leader who adopts and calls off.
fn leader() -> Author {
    Author { account: None, name: "李岺".to_owned() }
}

const QUEUE: Rules = Rules {
    attempts: 3,
    lease_seconds: 60,
    first_delay_seconds: 10,
    longest_delay_seconds: 15,
    idle_milliseconds: 5,
    outbox_batch: 2,
    lane_workers: 4,
    lane_jobs: 2,
    lane_failures: 3,
};

/// Holds a street of two communities on one engine.
struct Street {
    store: TestStore,
    places: Arc<Places>,
    clock: FixedClock,
}

impl Street {
    fn each() -> Vec<Self> {
        testkit::stores().into_iter().map(Self::on).collect()
    }

    fn on(store: TestStore) -> Self {
        store::migrate(&store, &[jobs::MIGRATIONS, crate::MIGRATIONS]).unwrap();
        let clock = FixedClock::local("2026-11-23 10:00");
        import(&store, EDITION, "2023-06-30".parse().unwrap(), "test", clock.now()).unwrap();
        let places = Arc::new(
            Places::new(
                store.store(),
                UnitPlan::load("units.toml", include_str!("../../../../data/shenyang/units.toml")).unwrap(),
            )
            .unwrap(),
        );
        Self { store, places, clock }
    }

    fn today(&self) -> Date {
        ZONE.date(self.clock.now())
    }

    fn path(&self, code: &str) -> PlacePath {
        self.places.tree().by_code(code).unwrap().path.clone()
    }

    fn street(&self) -> PlacePath {
        self.path("210102013000")
    }

    /// Lays six buildings in a row in the first community and four in the second.
    fn lay(&self, names: &[&str]) {
        let (first, second) = (self.path("210102013001").id(), self.path("210102013002").id());
        let at = |x: usize, y: f64| Point { x: f64::from(u32::try_from(x).unwrap()) * 50.0, y };
        let compound =
            |community, name: &str, y| NewCompound { community, name: name.to_owned(), at: at(3, y), gates: vec![0] };
        let building = |(x, name): (usize, &&str)| NewBuilding {
            id: None,
            compound: u32::from(x >= 6),
            name: (*name).to_owned(),
            at: at(x, if x < 6 { 0.0 } else { 900.0 }),
            home: Home { node: 0, access: 0 },
            households: 100,
        };
        let count = u32::try_from(names.len()).unwrap();
        let touch = (1..count).filter(|b| *b != 6).map(|b| Border { a: b - 1, b, metres: 20 });
        let new = NewGeography {
            source: "test".to_owned(),
            nodes: vec![at(0, 0.0)],
            compounds: vec![compound(first, "新世界", 0.0), compound(second, "文萃", 900.0)],
            buildings: names.iter().enumerate().map(building).collect(),
            borders: touch.collect(),
            ..NewGeography::default()
        };
        let now = self.clock.now();
        self.store.write_blocking(move |tx| lay_geography(tx, &new, now)).unwrap();
    }

    /// Opens grids in the first community and puts the buildings into them. The letter A means the first grid.
    fn drawn(&self, letters: &str) {
        let buildings: Vec<i64> = self.ground().ids;
        let (community, on) = (self.path("210102013001").id(), self.today());
        let letters: Vec<u32> = letters.chars().map(|letter| u32::from(letter) - u32::from('A')).collect();
        let done = self.store.write_blocking(move |tx| {
            let grids = open_grids(tx, community, letters.iter().max().unwrap() + 1, on)?;
            let members: Vec<(i64, PlaceId)> =
                buildings.iter().zip(&letters).map(|(building, grid)| (*building, grids[*grid as usize])).collect();
            geography::put_into_grids(tx, &members, on)?;
            Ok::<_, DecideError>(())
        });
        done.unwrap();
        self.places.reload_blocking().unwrap();
    }

    fn ground(&self) -> Ground {
        let laid = self.places.geography_blocking().unwrap().unwrap();
        Ground::of(&laid, &self.places.tree(), &self.street())
    }

    fn runner(&self) -> Runner {
        let runner = Runner::new(self.store.store(), self.clock.clock(), QUEUE);
        works(&self.places, &self.clock.clock())
            .into_iter()
            .fold(runner, |runner, (kind, does)| runner.handle(kind, does))
    }

    /// Asks for a proposal and returns the work.
    fn asks(&self, mode: Mode, key: &str) -> Uuid {
        let revision = self.places.geography_blocking().unwrap().unwrap().revision;
        let asked = Asked {
            mode,
            revision,
            on: self.today(),
            limits: LIMITS,
            given: BTreeMap::new(),
            calls: Calls::default(),
            counted: Counted::default(),
        };
        let new = NewWork {
            id: Uuid::now_v7(),
            kind: PLAN.to_owned(),
            place: self.street(),
            asked: serde_json::to_value(asked).unwrap(),
            by: None,
            by_name: "王晓燕".to_owned(),
        };
        let (key, now) = (key.to_owned(), self.clock.now());
        self.store.write_blocking(move |tx| ask(tx, &new, &key, now)).unwrap()
    }

    fn proposes(&self, mode: Mode) -> (Uuid, Proposal) {
        let work = self.asks(mode, &Uuid::now_v7().to_string());
        self.runner().run_due().unwrap();
        let found = self.store.read_blocking(move |tx| jobs::work(tx, work)).unwrap().unwrap();
        assert_eq!((found.state, found.said.as_str()), (WorkState::Done, ""), "{}", self.store.name);
        (work, serde_json::from_slice(&found.answer.unwrap()).unwrap())
    }

    /// Returns what the log tells of an adoption.
    fn acts(&self, adoption: Uuid) -> Vec<String> {
        let district = self.street().district();
        let entries = self.store.read_blocking(move |tx| store::log::read(tx, district, adoption)).unwrap();
        entries.into_iter().map(|entry| entry.kind).collect()
    }

    fn adopting(&self, work: Uuid, day: &str) -> Adopting {
        let day: Date = day.parse().unwrap();
        Adopting {
            id: Uuid::now_v7(),
            job: Uuid::now_v7(),
            work,
            day,
            begins: ZONE.instant(day, 0),
            today: self.today(),
            note: "南湖街党发〔2026〕12号".to_owned(),
            by: leader(),
            key: Uuid::now_v7().to_string(),
        }
    }

    fn adopts(&self, adopting: &Adopting) -> Result<(), Code> {
        let (adopting, now) = (adopting.clone(), self.clock.now());
        match self.store.write_blocking(move |tx| adopt(tx, &adopting, now)) {
            Ok(()) => Ok(()),
            Err(DecideError::Refused(refusal)) => Err(refusal.code),
            Err(DecideError::Store(fault)) => panic!("{fault}"),
        }
    }

    fn adoption(&self, id: Uuid) -> Adoption {
        self.store.read_blocking(move |tx| adoption::adoption(tx, id)).unwrap().unwrap()
    }

    fn grids_on(&self, on: &str) -> BTreeMap<i64, PlaceId> {
        let on: Date = on.parse().unwrap();
        self.store.read_blocking(move |tx| geography::grids_on(tx, on)).unwrap()
    }

    /// Returns the grids of a day as letters, in the order of their codes.
    fn letters(&self, on: &str) -> String {
        let grids = self.grids_on(on);
        let mut known: Vec<PlaceId> = grids.values().copied().collect();
        known.sort();
        known.dedup();
        let letter = |id: &i64| {
            let at = grids.get(id).and_then(|grid| known.iter().position(|known| known == grid));
            at.map_or('.', |at| char::from(b'A' + u8::try_from(at).unwrap()))
        };
        self.ground().ids.iter().map(letter).collect()
    }

    fn living(&self) -> Vec<String> {
        let street = self.street();
        let known = self.store.read_blocking(move |tx| grids_records::known(tx, &street)).unwrap();
        known.into_iter().filter(|grid| grid.until.is_none()).map(|grid| grid.code).collect()
    }
}

const ROW: [&str; 10] = ["1号楼", "2号楼", "3号楼", "4号楼", "5号楼", "6号楼", "1号楼", "2号楼", "3号楼", "4号楼"];

#[test]
fn what_is_adopted_today_holds_today_and_yesterday_stays_as_it_was() {
    for street in Street::each() {
        let engine = street.store.name;
        street.lay(&ROW);
        street.clock.set_local("2026-11-20 10:00");
        street.drawn("AAAAAB");
        street.clock.set_local("2026-11-23 10:00");
        let (work, proposal) = street.proposes(Mode::Keep);
        assert_eq!((proposal.parts.len(), proposal.moved()), (2, 100), "{engine}");
        let adopting = street.adopting(work, "2026-11-23");
        street.adopts(&adopting).unwrap();
        assert_eq!(street.adopts(&adopting), Ok(()), "{engine}: sent twice it is done once");
        let (before, after) = (street.letters("2026-11-22"), street.letters("2026-11-23"));
        assert_eq!((before.as_str(), after.as_str()), ("AAAAAB....", "AAAABBCCCC"), "{engine}");
        assert_eq!(street.grids_on("2026-11-23").len(), ROW.len(), "each household lies in exactly one grid");
        assert_eq!(street.living(), ["210102013001001", "210102013001002", "210102013002001"]);
        assert_eq!(street.adoption(adopting.id).state, AdoptionState::Done);
        let again = street.adopting(work, "2026-11-23");
        assert_eq!(street.adopts(&again), Err(Code::CaseAlreadyDone), "{engine}");
        // The same buildings are laid again. They keep their identity, and with it their grids.
        let known = street.grids_on("2026-11-23");
        street.lay(&ROW);
        assert_eq!(street.ground().ids, known.keys().copied().collect::<Vec<_>>(), "{engine}");
        assert_eq!(street.letters("2026-11-23"), after);
    }
}

#[test]
fn grids_that_hold_nothing_any_more_end_and_their_history_says_so() {
    for street in Street::each() {
        street.lay(&ROW);
        street.clock.set_local("2026-11-20 10:00");
        street.drawn("ABCDEF");
        street.clock.set_local("2026-11-23 10:00");
        let (work, proposal) = street.proposes(Mode::Anew);
        street.adopts(&street.adopting(work, "2026-11-23")).unwrap();
        let first = &proposal.parts[0];
        assert_eq!((first.ending().len(), first.opened()), (4, 0), "two carry on, four end");
        assert_eq!(street.letters("2026-11-23"), "AAABBBCCCC");
        assert_eq!(street.letters("2026-11-22"), "ABCDEF....");
        street.places.reload_blocking().unwrap();
        let ended = PlaceId(first.ending()[0]);
        assert!(street.places.tree().get(ended).is_none(), "{}", street.store.name);
        let told = street.store.read_blocking(move |tx| history::history(tx, ended)).unwrap();
        let on: Date = "2026-11-23".parse().unwrap();
        assert_eq!((told.changes[0].kind, told.changes[0].on), (crate::ChangeKind::Abolished, on));
        assert_eq!(told.names[0].until, Some(on));
        let opened = street.places.tree().by_code("210102013002001").unwrap().id;
        let told = street.store.read_blocking(move |tx| history::history(tx, opened)).unwrap();
        assert_eq!((told.changes[0].kind, told.changes[0].after.as_str()), (crate::ChangeKind::Opened, "第001网格"));
    }
}

#[test]
fn a_coming_day_is_waited_for_and_may_be_called_off() {
    for street in Street::each() {
        let engine = street.store.name;
        street.lay(&ROW);
        street.drawn("AAAAAB");
        let (work, _) = street.proposes(Mode::Keep);
        let off = street.adopting(work, "2026-12-01");
        street.adopts(&off).unwrap();
        assert_eq!(street.adopts(&street.adopting(work, "2026-12-02")), Err(Code::CaseAlreadyDone), "{engine}");
        let (id, now, district) = (off.id, street.clock.now(), street.street().district());
        street.store.write_blocking(move |tx| call_off(tx, district, id, &leader(), now)).unwrap();
        assert!(
            street.store.write_blocking(move |tx| call_off(tx, district, id, &leader(), now)).is_ok(),
            "twice is once"
        );
        let adopting = street.adopting(work, "2026-12-01");
        street.adopts(&adopting).unwrap();
        street.clock.set_local("2026-11-30 23:59");
        street.runner().run_due().unwrap();
        assert_eq!((street.letters("2026-12-01").as_str(), street.living().len()), ("AAAAAB....", 2), "{engine}");
        // No process ran at midnight. The process that starts in the morning does the work late, as of the day.
        street.clock.set_local("2026-12-01 08:00");
        let runner = street.runner();
        runner.run_due().unwrap();
        assert_eq!(street.letters("2026-12-01"), "AAAABBCCCC", "{engine}");
        assert_eq!(street.letters("2026-11-30"), "AAAAAB....");
        assert_eq!(street.adoption(adopting.id).state, AdoptionState::Done);
        assert_eq!(street.adoption(off.id).state, AdoptionState::Off);
        assert_eq!(street.living().len(), 3, "{engine}: done once");
        assert_eq!(street.acts(off.id), ["grids.adopted", "grids.off"], "{engine}");
        assert_eq!(street.acts(adopting.id), ["grids.adopted", "grids.done"], "{engine}");
        let (id, now) = (adopting.id, street.clock.now());
        let late = street.store.write_blocking(move |tx| call_off(tx, district, id, &leader(), now));
        assert!(matches!(late, Err(DecideError::Refused(refusal)) if refusal.code == Code::CaseAlreadyDone));
    }
}

#[test]
fn a_proposal_whose_buildings_or_grids_changed_is_refused_also_on_its_day() {
    for street in Street::each() {
        let engine = street.store.name;
        street.lay(&ROW);
        street.drawn("AAAAAB");
        let (work, _) = street.proposes(Mode::Keep);
        let (other, _) = street.proposes(Mode::Anew);
        street.adopts(&street.adopting(other, "2026-11-23")).unwrap();
        assert_eq!(street.adopts(&street.adopting(work, "2026-11-23")), Err(Why::GridNothing), "{engine}: grids");
        let (unchanged, proposal) = street.proposes(Mode::Keep);
        assert!(!proposal.changes());
        assert_eq!(street.adopts(&street.adopting(unchanged, "2026-11-23")), Err(Why::GridNothing), "nothing to do");
        street.lay(&ROW[..9]);
        street.drawn("ABBBBB");
        let (work, _) = street.proposes(Mode::Keep);
        let coming = street.adopting(work, "2026-12-01");
        street.adopts(&coming).unwrap();
        let now = street.letters("2026-11-23");
        street.lay(&ROW[..9]);
        street.clock.set_local("2026-12-01 00:00");
        street.runner().run_due().unwrap();
        assert_eq!(street.adoption(coming.id).state, AdoptionState::Void, "{engine}: buildings laid again");
        assert_eq!(street.letters("2026-12-01"), now);
        let work = street.asks(Mode::Keep, "k");
        assert_eq!(street.adopts(&street.adopting(work, "2026-12-01")), Err(Why::GridNothing), "not worked out yet");
        assert_eq!(street.asks(Mode::Keep, "k"), work, "asked twice is asked once");
        street.lay(&ROW[..9]);
        street.runner().run_due().unwrap();
        let found = street.store.read_blocking(move |tx| jobs::work(tx, work)).unwrap().unwrap();
        assert_eq!((found.state, found.said.as_str()), (WorkState::Failed, super::grids::CHANGED));
    }
}

#[test]
fn what_is_called_off_while_it_is_worked_out_leaves_no_proposal() {
    for street in Street::each() {
        street.lay(&ROW);
        let work = street.asks(Mode::Anew, "k");
        // The work looks at the clock for the first time to tell that a piece is done. At that moment somebody has just
        // called it off.
        let (store, time, off) = (street.store.store(), street.clock.clone(), std::sync::Once::new());
        let clock: kernel::time::Clock = Arc::new(move || {
            let now = time.now();
            off.call_once(|| assert!(store.write_blocking(move |tx| jobs::stop(tx, work, now)).unwrap()));
            now
        });
        let runner = Runner::new(street.store.store(), street.clock.clock(), QUEUE);
        let works = works(&street.places, &clock).into_iter();
        works.fold(runner, |runner, (kind, does)| runner.handle(kind, does)).run_due().unwrap();
        let found = street.store.read_blocking(move |tx| jobs::work(tx, work)).unwrap().unwrap();
        assert_eq!((found.state, found.answer), (WorkState::Stopped, None), "{}", street.store.name);
        assert_eq!(street.adopts(&street.adopting(work, "2026-11-23")), Err(Why::GridNothing));
    }
}

#[test]
fn of_several_who_adopt_at_once_one_wins() {
    for street in Street::each() {
        street.lay(&ROW);
        street.drawn("AAAAAB");
        let works: Vec<Uuid> =
            [Mode::Keep, Mode::Anew, Mode::Keep, Mode::Anew].map(|mode| street.proposes(mode).0).into();
        let all: Vec<Adopting> = works.iter().map(|work| street.adopting(*work, "2026-11-23")).collect();
        let done: Vec<Result<(), Code>> = std::thread::scope(|scope| {
            let running: Vec<_> = all.iter().map(|one| scope.spawn(|| street.adopts(one))).collect();
            running.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let won = done.iter().filter(|one| one.is_ok()).count();
        assert_eq!(won, 1, "{}: {done:?}", street.store.name);
        assert!(done.iter().filter_map(|one| one.as_ref().err()).all(|code| *code == Why::GridNothing), "{done:?}");
        let grids = street.grids_on("2026-11-23");
        assert_eq!(grids.len(), ROW.len(), "{}", street.store.name);
    }
}

#[test]
fn what_a_new_geography_replaces_is_counted_before() {
    for street in Street::each() {
        let replaced =
            |new: NewGeography| street.store.read_blocking(move |tx| geography::replaced_by(tx, &new)).unwrap();
        assert_eq!(replaced(NewGeography::default()), None, "{}: nothing is laid", street.store.name);
        street.lay(&ROW);
        let count = |new: NewGeography| {
            let found = replaced(new).unwrap();
            assert_eq!((found.source.as_str(), found.compounds, found.borders), ("test", 2, 8), "{found:?}");
            [found.buildings, found.compounds_gone, found.buildings_gone]
        };
        assert_eq!(count(NewGeography::default()), [ROW.len(), 2, ROW.len()], "{}", street.store.name);
        let (first, at) = (street.path("210102013001").id(), Point { x: 0.0, y: 0.0 });
        let compounds = vec![NewCompound { community: first, name: "新世界".to_owned(), at, gates: Vec::new() }];
        let building = |name: &str| {
            let home = Home { node: 0, access: 0 };
            NewBuilding { id: None, compound: 0, name: name.to_owned(), at, home, households: 1 }
        };
        // One building of the first compound stays, one is new; the second compound with the same names goes.
        let buildings = [ROW[0], "新"].map(building).to_vec();
        let fewer = NewGeography { compounds, buildings, ..NewGeography::default() };
        assert_eq!(count(fewer), [ROW.len(), 1, ROW.len() - 1], "{}", street.store.name);
    }
}

#[test]
fn a_whole_invented_street_keeps_its_bounds_and_every_building() {
    let street = Street::on(testkit::sqlite());
    let new = invent(&street.places.tree(), &[street.street()], 3);
    let now = street.clock.now();
    street.store.write_blocking(move |tx| lay_geography(tx, &new, now)).unwrap();
    let (work, proposal) = street.proposes(Mode::Anew);
    street.adopts(&street.adopting(work, "2026-11-23")).unwrap();
    let ground = street.ground();
    assert_eq!(street.grids_on("2026-11-23").keys().copied().collect::<Vec<_>>(), ground.ids);
    assert!(proposal.parts.iter().all(|part| part.after.torn == 0 && part.after.out == part.after.unavoidable));
    let grids: usize = proposal.parts.iter().map(|part| part.grids.len()).sum();
    assert_eq!(street.living().len(), grids);
}

#[test]
fn a_name_that_lost_a_sign_changes_nothing_until_somebody_decides() {
    for store in testkit::stores() {
        store::migrate(&store, &[jobs::MIGRATIONS, crate::MIGRATIONS]).unwrap();
        let now = FixedClock::local("2026-11-23 10:00").now();
        let lost = EDITION.replace("文安路", "文?路").replace("文萃路", "文\u{AD}萃路");
        import(&store, EDITION, "2023-06-30".parse().unwrap(), "before", now).unwrap();
        let report = import(&store, &lost, "2024-06-30".parse().unwrap(), "after", now).unwrap();
        let counts = report.of(Level::Community);
        assert_eq!((counts.same, counts.created, counts.abolished, counts.in_review), (2, 0, 0, 2), "{counts:?}");
        assert_eq!(report.damaged.len(), 2);
        let names = |store: &TestStore| {
            let tree = store.read_blocking(|tx| current::tree(tx)).unwrap();
            ["210102013001", "210102013002"].map(|code| tree.by_code(code).unwrap().name.zh.clone())
        };
        assert_eq!(names(&store), ["文安路社区", "文萃路社区"]);
        let again = import(&store, &lost, "2024-06-30".parse().unwrap(), "after", now).unwrap();
        assert!(again.again);
        let reviews = store.read_blocking(|tx| review::reviews(tx, false, 0, 9)).unwrap();
        for (doubt, same) in reviews.iter().zip([true, false]) {
            assert_eq!(doubt.before, doubt.after);
            let number = doubt.id;
            let tree = store.read_blocking(|tx| current::tree(tx)).unwrap();
            let path = tree.path(doubt.before).unwrap().clone();
            let grant = Grant {
                post: Uuid::nil(),
                role: "leader".to_owned(),
                place: path,
                department: None,
                permissions: [May::PlaceEdit].into(),
            };
            let actor = Actor { kind: ActorKind::Staff, grants: vec![grant], ..Actor::system() };
            let stamp = Stamp { message: Uuid::now_v7(), at: now };
            store.write_blocking(move |tx| decide(tx, &actor, number, same, stamp)).unwrap();
        }
        assert_eq!(names(&store), ["文安路社区", "文萃路社区"], "neither answer takes the damaged name");
        import(&store, EDITION, "2025-06-30".parse().unwrap(), "corrected", now).unwrap();
        assert_eq!(names(&store), ["文安路社区", "文萃路社区"]);
    }
}

#[test]
fn a_building_that_lies_in_no_grid_in_two_or_elsewhere_is_found() {
    for street in Street::each() {
        let strays = || street.places.strays_blocking(street.today()).unwrap().unwrap();
        street.lay(&ROW);
        assert_eq!(strays(), Strays::default(), "{}", street.store.name);
        street.drawn("AAAAAB");
        let sound = strays();
        assert!(sound.none() && sound.lie == 6, "{}: {sound:?}", street.store.name);
        let exec = |sql: &'static str| street.store.write_blocking(move |tx| tx.exec(sql, &[])).unwrap();
        let change = "update places_building_grid set grid = 1 \
                      where building = (select min(building) from places_building_grid)";
        assert_eq!(exec(change), 1);
        assert_eq!(strays(), Strays { elsewhere: 1, ..sound }, "{}", street.store.name);
        let delete =
            "delete from places_building_grid where building = (select min(building) from places_building_grid)";
        assert_eq!(exec(delete), 1);
        assert_eq!(strays(), Strays { lie: 5, without: 1, ..sound }, "{}", street.store.name);
        let again = "insert into places_building_grid (building, valid_from, grid) \
                     select min(building), '2020-01-01', min(grid) from places_building_grid";
        assert_eq!(exec(again), 1);
        assert_eq!(strays().twice, 1, "{}", street.store.name);
    }
}

/// A GeoJSON file with a square for a place.
fn square(code: &str) -> String {
    let ring = "[[123.43,41.80],[123.44,41.80],[123.44,41.81],[123.43,41.81],[123.43,41.80]]";
    let feature = format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{code}\"}},\
          \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}}}"
    );
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{feature}]}}")
}

#[test]
fn a_border_that_was_drawn_stands_in_place_of_the_line_around_buildings() {
    for street in Street::each() {
        let lay = |code: &str| lay_outlines(&street.store.store(), square(code).as_bytes(), Datum::Wgs84);
        let fault = |code: &str| match lay(code) {
            Err(OutlineError::Faults(faults)) => faults[0].code,
            other => panic!("{}: {other:?}", street.store.name),
        };
        assert_eq!(fault("210102013001"), Why::OutlineGround);
        let tree = street.places.tree();
        let origin = kernel::earth::Point::parse("41.8057,123.4315");
        let new = NewGeography { origin, ..invent(&tree, &[street.street()], 3) };
        let now = street.clock.now();
        street.store.write_blocking(move |tx| lay_geography(tx, &new, now)).unwrap();
        assert_eq!(fault("210102013999"), Why::OutlinePlace);

        let paths = [street.path("210102013001"), street.path("210102013002")];
        let drawn = || {
            let laid = street.places.geography_blocking().unwrap().unwrap();
            (laid.outlines_of(&tree, &[&paths[0], &paths[1]]), laid)
        };
        let (before, _) = drawn();
        let all: usize = lay("210102013001").unwrap().beyond;
        assert_eq!(lay("210102013001").unwrap(), Borders { places: 1, beyond: all }, "laid again it is the same");
        let (after, laid) = drawn();
        let corner = kernel::earth::Point::from_degrees(41.81, 123.44).unwrap();
        let corner = laid.plane().unwrap().to_metres(corner);
        assert_eq!((after[0].len(), after[0][0].len()), (1, 4), "{}", street.store.name);
        assert!(after[0][0].iter().any(|at| (at.0 - corner.0).hypot(at.1 - corner.1) < 0.1), "{after:?}");
        assert_eq!(after[1].len(), 1, "a line is drawn around the other one");
        let outside = |at: &&crate::rules::geography::Building| {
            let (latitude, longitude) = laid.plane().unwrap().to_degrees((at.at.x, at.at.y)).unwrap();
            !(41.80..=41.81).contains(&latitude) || !(123.43..=123.44).contains(&longitude)
        };
        let own = laid.buildings.iter().filter(|one| laid.community_of(one) == Some(paths[0].id()));
        assert_eq!(own.filter(outside).count(), all, "{}", street.store.name);

        assert_eq!(clear_outlines(&street.store.store()).unwrap(), 1);
        assert_eq!(drawn().0, before, "{}", street.store.name);
    }
}
