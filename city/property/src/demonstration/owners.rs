//! This file makes the owners of one compound of the demonstration's community: their register of two buildings, a vote
//! that was counted, and one in which ballots are taken.

use std::sync::Arc;

use hall::{Fault, Sent};
use house::{Invented, OpenFault, Seed, Stage};
use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::{Level, PlacePath};
use kernel::time::{Date, Instant, date_plus_days};
use store::Tx;
use uuid::Uuid;
use web::{Form, PostForm};

use crate::actions::ballots::Sheet;
use crate::actions::by::By;
use crate::actions::register::Import;
use crate::actions::votes::Call;
use crate::records::votes;
use crate::rules::votes::{MatterDraft, VoteDraft};
use crate::words::area::Area;
use crate::words::register::{BuildingDraft, Ground, OwnerDraft, Purpose, UnitDraft};
use crate::words::votes::{Caller, Coverage, MatterKind};
use crate::{May, Property};

const KEEPER: &str = "罗文博";
/// Is the seed of the chance that decides who the owners are.
const SEED: u64 = 278;
/// How many buildings the register has.
const BUILDINGS: usize = 2;
/// The stairs of a building, and the doors of each: the number and the area in square centimetres.
const STAIRS: [&str; 2] = ["1单元", "2单元"];
const DOORS: [(&str, i64); 6] =
    [("101", 895_000), ("102", 742_000), ("201", 895_000), ("202", 742_000), ("301", 895_000), ("302", 742_500)];
/// Names with characters that few machines write; the other names are drawn.
const RARE: [&str; 4] = ["𠮷晓明", "欧阳㛃", "佟𬭎", "古丽米热·艾比布力"];
/// The units that are not usual, by their place in the register: the same owner as the unit before, two owners, a shop,
/// and one that the developer has not sold.
const SAME_OWNER: usize = 5;
const TWO_OWNERS: usize = 8;
const SHOP: usize = 12;
const UNSOLD: usize = 23;
/// Who stands for the owners' committee, and how many are elected.
const CANDIDATES: [&str; 6] = ["沈明远", "何佩兰", "郭立群", "梁秀珍", "宋家栋", "于海生"];
const SEATS: i64 = 5;
/// Why votes are called though the register has two buildings.
const PARTIAL: &str = "演示名册只录入了两栋楼。";
/// When ballots begin and end to be taken, in minutes from midnight.
const OPENS: u32 = 9 * 60;
const ENDS: u32 = 18 * 60;

/// A vote of the demonstration.
struct Told {
    title: &'static str,
    /// The day of its notice, its first and its last day, counted from today.
    days: [i64; 3],
    /// What each matter is, what it is called, and what exactly is decided.
    matters: [(MatterKind, &'static str, &'static str); 2],
    /// Who stands for election in the first matter.
    candidates: &'static [&'static str],
    /// How many sheets come back, the first ones.
    sheets: i64,
}

const COUNTED: Told = Told {
    title: "选举业主委员会委员",
    days: [-46, -30, -16],
    matters: [
        (MatterKind::Committee, "选举第三届业主委员会委员", "候选人的简历贴在各单元门口。"),
        (MatterKind::ChangeShared, "东门空地改作停车场", "空地约二百平方米，改成十二个车位，收入归全体业主。"),
    ],
    candidates: &CANDIDATES,
    sheets: 18,
};
const OPEN: Told = Told {
    title: "换电梯和物业合同",
    days: [-20, -4, 10],
    matters: [
        (MatterKind::Company, "和现在的物业公司续签两年合同", "服务和收费都不变，电梯由物业每月检查。"),
        (MatterKind::RaiseFund, "续筹维修资金换电梯", "每平方米交十五元，只用来换两栋楼的电梯。"),
    ],
    candidates: &[],
    sheets: 6,
};

/// Who keeps the register, where and when.
struct Scene {
    desk: Arc<Property>,
    ground: Ground,
    /// The households that the places know in the compound.
    households: i64,
    actor: Actor,
    today: Date,
}

/// Makes the register and its votes.
///
/// # Errors
/// Fails with what the department refuses.
pub(super) fn fill(desk: &Arc<Property>, stage: &Stage) -> Result<(), OpenFault> {
    let tree = desk.hall.places.tree();
    let found = tree.of_level(Level::Community).find(|place| place.named(Lang::Zh) == stage.community);
    let Some(community) = found else { return Ok(()) };
    let Some(geography) = desk.hall.places.geography_blocking()? else { return Ok(()) };
    let own = geography.compounds.iter().zip(0_u32..).filter(|one| one.0.community == community.id);
    let ground = |one: (&places::geography::Compound, u32)| {
        let inside = geography.buildings.iter().filter(|building| building.compound == one.1);
        let buildings = inside.map(|building| (building.id, building.name.clone())).collect();
        let (path, name) = (community.path.clone(), one.0.name.clone());
        (Ground { id: one.0.id, path, name, buildings }, i64::from(one.0.households))
    };
    let mut grounds = own.map(ground);
    let Some((ground, households)) = grounds.find(|one| one.0.buildings.len() >= BUILDINGS) else { return Ok(()) };
    let actor = keeper(&community.path);
    let scene = Scene { desk: desk.clone(), ground, households, actor, today: stage.today };
    let (import, ids) = (scene.register(), std::array::from_fn(|_| Uuid::now_v7()));
    let done = desk.hall.store.write_blocking(move |tx| scene.played(tx, &import, ids));
    done?;
    Ok(())
}

impl Scene {
    fn played(&self, tx: &mut dyn Tx, import: &Import, ids: [Uuid; 4]) -> Result<(), Fault> {
        let [counted, its_seal, open, open_seal] = ids;
        self.desk.import(tx, import, &self.actor)?;
        self.vote(tx, &COUNTED, counted, its_seal)?;
        if let Some(vote) = votes::find(tx, counted)? {
            self.desk.count(tx, &vote, vote.ends_at.plus_minutes(1))?;
        }
        self.vote(tx, &OPEN, open, open_seal)
    }

    /// A day so many days later, or earlier if there are fewer than none.
    fn day(&self, days: i64) -> Date {
        date_plus_days(self.today, days).unwrap_or(self.today)
    }

    /// A minute of such a day.
    fn at(&self, days: i64, minute: u32) -> Instant {
        self.desk.hall.zone().instant(self.day(days), minute)
    }

    /// The register: the first two buildings of the compound with all of their units.
    fn register(&self) -> Import {
        let mut seed = Seed::new(SEED);
        let mut buildings = Vec::new();
        for (id, name) in self.ground.buildings.iter().take(BUILDINGS) {
            let first = buildings.len() * STAIRS.len() * DOORS.len();
            let mut units: Vec<UnitDraft> = Vec::new();
            for stair in STAIRS {
                for (label, area) in DOORS {
                    let before = units.last().map(|unit| unit.owners.clone()).unwrap_or_default();
                    let owners = owners(&mut seed, first + units.len(), before);
                    units.push(unit(stair, label, area, first + units.len(), owners));
                }
            }
            let stated = Some(units.iter().map(|unit| unit.area).sum());
            buildings.push(BuildingDraft { id: *id, name: name.clone(), stated, units });
        }
        Import::new(self.ground.clone(), buildings, sent("register"), self.at(-60, OPENS))
    }

    /// Calls a vote and enters the sheets that came back.
    fn vote(&self, tx: &mut dyn Tx, told: &Told, id: Uuid, seal: Uuid) -> Result<(), Fault> {
        let [notice, opens, ends] = told.days;
        let matter = |matter: (MatterKind, &str, &str)| {
            let draft = MatterDraft::new(matter.0, matter.1.to_owned(), matter.2.to_owned());
            if told.candidates.is_empty() || matter.0 != MatterKind::Committee {
                return draft;
            }
            let candidates = told.candidates.iter().map(|name| (*name).to_owned()).collect();
            MatterDraft { candidates, seats: SEATS, ..draft }
        };
        let ground_buildings = i64::try_from(self.ground.buildings.len()).unwrap_or(i64::MAX);
        let draft = VoteDraft {
            title: told.title.to_owned(),
            building: None,
            stair: String::new(),
            caller: Caller::Committee,
            asking: Vec::new(),
            is_committee_told: true,
            opens_on: self.day(opens),
            opens_at: self.at(opens, OPENS),
            ends_on: self.day(ends),
            ends_at: self.at(ends, ENDS),
            matters: told.matters.map(matter).into(),
            coverage: Coverage { ground_buildings, ground_households: self.households, ..Coverage::default() },
            is_partial_known: true,
            partial_reason: PARTIAL.to_owned(),
        };
        let (compound, now) = (self.ground.id, self.at(notice, OPENS));
        let kept = self.desk.own_compound(tx, compound, &self.actor)?;
        let looked_at = Some(self.desk.entitled(tx, &kept, &draft)?.looked_at(&draft));
        let call = Call { compound, draft, looked_at, id, seal, sent: sent(told.title), now };
        self.desk.call(tx, &call, &self.actor)?;
        for number in 1..=told.sheets {
            let choice = |against: bool| if against { "2" } else { "1" }.to_owned();
            let last = if told.candidates.is_empty() { vec![choice(number % 6 == 0)] } else { elected(number) };
            let choices = last.into_iter().chain([choice(number % 3 == 0)]).collect();
            let sheet = Sheet { number: number.to_string(), choices, by_proxy: false };
            let sent = sent(&format!("{} {number}", told.title));
            let by = By { actor: self.actor.clone(), sent, now: self.at(opens + 1, OPENS) };
            self.desk.enter_sheet(tx, id, &sheet, &by)?;
        }
        Ok(())
    }
}

/// What the sheet of a number says of each candidate: no more are chosen than are elected, and the last one has few.
fn elected(number: i64) -> Vec<String> {
    let turn = number % 9;
    let is_last_chosen = turn < 3;
    let choice = |place: i64| match place {
        place if place == turn => "2",
        place if place < SEATS || is_last_chosen => "1",
        _ => "3",
    };
    (0_i64..).zip(CANDIDATES).map(|candidate| choice(candidate.0).to_owned()).collect()
}

fn unit(stair: &str, label: &str, area: i64, at: usize, owners: Vec<OwnerDraft>) -> UnitDraft {
    UnitDraft {
        stair: stair.to_owned(),
        label: label.to_owned(),
        purpose: if at == SHOP { Purpose::Other } else { Purpose::Dwelling },
        area: Area(area),
        owners,
    }
}

/// The owners of the unit at a place of the register.
fn owners(seed: &mut Seed, at: usize, before: Vec<OwnerDraft>) -> Vec<OwnerDraft> {
    match at {
        SAME_OWNER => before,
        UNSOLD => Vec::new(),
        TWO_OWNERS => vec![owner(seed, None, 2), owner(seed, None, 2)],
        at => vec![owner(seed, RARE.get(at).copied(), 1)],
    }
}

/// An invented owner of one of so many equal parts.
fn owner(seed: &mut Seed, rare: Option<&str>, parts: i64) -> OwnerDraft {
    let person = Invented::next(seed, "210102");
    let name = rare.map_or(person.name, str::to_owned);
    OwnerDraft { name, telephone: person.telephone, part: 1, whole: parts }
}

/// A command of its own for each thing that is entered.
fn sent(about: &str) -> Sent {
    Sent::of(&PostForm::from(Form::default()), about)
}

/// Returns the person who keeps the register of the compound and enters its votes.
fn keeper(community: &PlacePath) -> Actor {
    let grant = Grant {
        post: Uuid::nil(),
        role: "secretary_community".to_owned(),
        place: community.clone(),
        department: None,
        permissions: [May::PropertyEdit].into_iter().collect(),
    };
    Actor { account: None, name: KEEPER.to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}
