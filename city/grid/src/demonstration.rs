//! This file fills the communities of one street of the demonstration with a few weeks of reports, through the
//! department's own actions: in every state, at the same spots again and again, joined, sent back, late, and found on
//! the round.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Cases, Step};
use hall::Fault;
use house::{OpenFault, Stage};
use kernel::case::{Case, Command, Relation};
use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::{Level, PlacePath};
use kernel::procedure::By;
use kernel::time::{Date, Instant, date_plus_days};
use places::geography::Geography;
use uuid::Uuid;

use crate::words::{ASK_SHELVE, MERGE, OTHER, REPORTER, SHELVE, Saying, Spot, UNTIL};
use crate::{Grid, finding, records};

/// A step: how many minutes after the one before, the action, and what is answered.
type Deed = (i64, &'static str, &'static [(&'static str, &'static str)]);

/// Where reports are.
#[derive(Clone, Copy)]
enum At {
    /// In any community of the street.
    Any,
    /// In those of the street whose worker cannot sign in.
    Others,
    /// In the one whose worker can: a few, so that each of her lists has something.
    Own,
    /// In other streets of the district.
    Far,
}

/// How some reports went.
struct Course {
    /// How many days ago each of them was reported.
    days: &'static [i64],
    /// A worker found them on the round.
    found: bool,
    /// Where they are.
    at: At,
    /// What is wrong, and what is said of it; none for one of those that come again and again.
    matter: Option<(&'static str, &'static str)>,
    /// What was done.
    deeds: &'static [Deed],
}

const MINUTES_OF_A_DAY: i64 = 24 * 60;
/// Minutes of the day at which the first is reported, and over which the others are spread.
const FROM_MINUTE: u32 = 9 * 60;
const SPREAD: u32 = 180;
const STRIDE: u32 = 37;
/// Days for which something is put off.
const PUT_OFF: i64 = 30;
/// Of so many reports one is a report that others met with too, and whose reporter left a telephone.
const MET_EVERY: usize = 4;
/// Of so many reports one is not shown to others.
const HIDDEN_EVERY: usize = 11;
/// How many others met with it.
const OTHERS: usize = 2;
/// Communities in which something is wrong, and compounds of each: few, so that the same comes back to the same spot.
const PLACES: usize = 4;
/// See [`PLACES`].
const SPOTS: usize = 2;
/// Other streets in which something is wrong.
const STREETS: usize = 3;

const FILE: Deed = (40, "file", &[("seen", "there")]);
const SEND: Deed = (20, "dispatch", &[]);
const NONE_TAKEN: (&str, &str) = ("no_photo", "当时没有带相机，请到现场看。");
const DONE: Deed = (110, "handle", &[("report", "处置前堆在路边；派人派车清走；处置后地面已冲洗干净。"), NONE_TAKEN]);
const LATE: Deed = (4 * MINUTES_OF_A_DAY, "handle", &[("report", "车辆检修，晚了几天；现已全部清走。"), NONE_TAKEN]);
const SEEN: Deed = (120, "verify", &[("checked", "there")]);
const YES: Deed = (300, "confirm", &[("satisfied", "yes")]);
const SENT: [Deed; 2] = [FILE, SEND];

const COURSES: &[Course] = &[
    Course { days: &[0, 1], found: false, at: At::Others, matter: None, deeds: &[] },
    Course { days: &[1, 2], found: false, at: At::Others, matter: None, deeds: &[FILE] },
    Course { days: &[1, 2, 3], found: false, at: At::Any, matter: None, deeds: &SENT },
    Course { days: &[9, 12, 16], found: false, at: At::Any, matter: None, deeds: &SENT },
    Course { days: &[1, 2], found: false, at: At::Others, matter: None, deeds: &[FILE, SEND, DONE] },
    Course { days: &[1, 2, 3], found: false, at: At::Any, matter: None, deeds: &[FILE, SEND, DONE, SEEN] },
    Course {
        days: &[4, 6, 8, 11, 14, 17, 20, 23, 26],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[FILE, SEND, DONE, SEEN, YES],
    },
    Course {
        days: &[5, 10, 15],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[FILE, SEND, DONE, SEEN, (700, "confirm", &[("satisfied", "mostly")])],
    },
    Course {
        days: &[13, 19],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[FILE, SEND, LATE, SEEN, (200, "confirm", &[("satisfied", "no")])],
    },
    Course { days: &[18, 22, 25], found: false, at: At::Any, matter: None, deeds: &[FILE, SEND, LATE, SEEN, YES] },
    Course {
        days: &[7, 21],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[FILE, SEND, DONE, (60, "send_back", &[("reason", "墙角还剩一堆没清。")]), DONE, SEEN, YES],
    },
    Course {
        days: &[3, 6],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[FILE, SEND, DONE, SEEN, (180, "still_wrong", &[("reason", "清了一半，靠单元门那边还在。")])],
    },
    Course {
        days: &[5, 12],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[(90, "not_there", &[("reason", "到现场看了，已经清走，没有看到。")])],
    },
    Course {
        days: &[9],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[(90, "decline", &[("reason", "在小区围墙里面，请找物业服务企业。")])],
    },
    Course {
        days: &[1],
        found: false,
        at: At::Others,
        matter: None,
        deeds: &[FILE, SEND, (30, "ask_time", &[("reason", "要等吊车，明天才有。")])],
    },
    Course {
        days: &[2],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[
            FILE,
            SEND,
            (30, "ask_time", &[("reason", "要等吊车，明天才有。")]),
            (30, "prolong", &[("reason", "吊车已经约好。")]),
        ],
    },
    Course {
        days: &[1],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[FILE, SEND, (30, "ask_reporter", &[("question", "是东门还是西门？")])],
    },
    Course {
        days: &[1],
        found: false,
        at: At::Others,
        matter: None,
        deeds: &[FILE, SEND, (30, "ask_desk", &[("question", "旁边的花坛也一起清吗？")])],
    },
    Course {
        days: &[2],
        found: false,
        at: At::Others,
        matter: None,
        deeds: &[FILE, SEND, (60, "not_ours", &[("reason", "在红线以里，应由物业清。")])],
    },
    Course {
        days: &[4],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[FILE, SEND, (60, "go_up", &[("reason", "和物业的边界说不清，请上一级定。")])],
    },
    Course {
        days: &[15],
        found: false,
        at: At::Any,
        matter: None,
        deeds: &[
            FILE,
            SEND,
            (90, ASK_SHELVE, &[("reason", "那一段正在修路，修完才能清。")]),
            (60, SHELVE, &[("reason", "修路的告示看过了，修完就清。")]),
        ],
    },
    Course { days: &[0, 1], found: true, at: At::Others, matter: None, deeds: &[] },
    Course { days: &[2, 4, 6], found: true, at: At::Any, matter: None, deeds: &[SEND, DONE, SEEN] },
];

/// What waits for the worker who can sign in, one or two in each of her lists, and what goes on in other streets.
const NEAR_AND_FAR: &[Course] = &[
    own(0, ("component/0114/rattling", "路口的井盖一过车就响，晃得厉害。"), &[]),
    own(1, ("component/0118/out", "楼头那盏路灯好几天不亮了。"), &[]),
    own(1, ("event/0201/there", "电线杆和单元门上贴满了小广告。"), &[FILE]),
    own(1, ("component/0501/broken", "宣传栏的玻璃碎了，只剩一半。"), &[FILE, SEND, WANTS_TIME]),
    own(1, ("event/0507/standing", "楼后的旧木料放了一个多月。"), &[FILE, SEND, WANTS_SHELF]),
    own(1, ("event/0108/standing", "旧沙发扔在楼头，没人管。"), &[FILE, SEND, ASKS]),
    own(2, ("event/0511/there", "便道上拉绳子晾被子，过不去人。"), &[FILE, SEND, CLEARED]),
    far(&[0, 2, 4], None, &[]),
    far(&[1], Some(("component/0118/several", "这条街连着三盏路灯不亮。")), &[FILE]),
    far(&[1, 3, 5, 6], None, &SENT),
    far(&[7, 10, 15], None, &[FILE, SEND, DONE, SEEN, YES]),
];
const WANTS_TIME: Deed = (30, "ask_time", &[("reason", "玻璃要定做，下周才到。")]);
const WANTS_SHELF: Deed = (30, ASK_SHELVE, &[("reason", "物主在外地，说好下个月回来拉走。")]);
const ASKS: Deed = (30, "ask_desk", &[("question", "旁边的花坛也一起清吗？")]);
const CLEARED: Deed =
    (110, "handle", &[("report", "处置前拉着三道绳子；请住户收走，绳子拆了；处置后便道通了。"), NONE_TAKEN]);

/// One report in the community whose worker can sign in.
const fn own(days: i64, matter: (&'static str, &'static str), deeds: &'static [Deed]) -> Course {
    let days: &'static [i64] = match days {
        0 => &[0],
        1 => &[1],
        _ => &[2],
    };
    Course { days, found: false, at: At::Own, matter: Some(matter), deeds }
}

/// Reports in other streets.
const fn far(days: &'static [i64], matter: Option<(&'static str, &'static str)>, deeds: &'static [Deed]) -> Course {
    Course { days, found: false, at: At::Far, matter, deeds }
}

/// What was said again, and joined to the first.
const AGAIN: Course = Course { days: &[2, 8], found: false, at: At::Any, matter: None, deeds: &[(50, MERGE, &[])] };

/// What is wrong, and what is said of it. All of it is the duty of those who keep the streets clean.
const MATTERS: [(&str, &str); 6] = [
    ("event/0102/heap", "垃圾桶满了，堆到了桶外边。"),
    ("event/0103/waste", "装修垃圾在楼下放了好几天。"),
    ("event/0104/after_eight", "路口一直没扫，落叶和纸屑都在。"),
    ("event/0108/standing", "旧沙发扔在楼头，没人管。"),
    ("event/0108/blocking", "床垫挡着消防通道。"),
    ("event/0112/spilt", "车上掉的沙石洒了一路。"),
];
/// The telephone of those who leave one.
const TELEPHONE: &str = "13800000501";
const KEEPER: &str = "王晓燕";
const NEIGHBOUR: &str = "李德顺";
const HANDLER: &str = "吴志刚";

/// Where it happens, and when.
struct Scene {
    desk: Arc<Grid>,
    ground: Option<Arc<Geography>>,
    /// The communities of the street, the one first whose worker can sign in.
    communities: Vec<PlacePath>,
    /// A community of each of some other streets of the district.
    far: Vec<PlacePath>,
    worker: Option<Uuid>,
    today: Date,
    now: Instant,
}

/// Fills the street. Nothing happens where there is no such street.
///
/// # Errors
/// The store failed.
pub fn fill(desk: &Arc<Grid>, stage: &Stage) -> Result<(), OpenFault> {
    let tree = desk.hall.places.tree();
    let street = tree.of_level(Level::Street).find(|place| place.named(Lang::Zh) == stage.street);
    let Some(street) = street else { return Ok(()) };
    let is_own = |community: &&places::Place| community.named(Lang::Zh) == stage.community;
    let (own, others): (Vec<_>, Vec<_>) = tree.children(street.id).partition(is_own);
    let beside = street.path.parent().map(|district| district.id());
    let beside = beside.into_iter().flat_map(|district| tree.children(district)).filter(|one| one.id != street.id);
    let far = beside.filter_map(|one| tree.children(one.id).next()).take(STREETS).map(|one| one.path.clone()).collect();
    let scene = Scene {
        desk: desk.clone(),
        far,
        ground: desk.hall.places.geography_blocking()?,
        communities: own.into_iter().chain(others).take(PLACES).map(|community| community.path.clone()).collect(),
        worker: stage.worker,
        today: stage.today,
        now: stage.now,
    };
    Ok(scene.played()?)
}

impl Scene {
    fn played(&self) -> Result<(), Fault> {
        let courses = COURSES.iter().chain(NEAR_AND_FAR);
        let each = courses.flat_map(|course| course.days.iter().map(move |days| (course, *days)));
        for (number, (course, days)) in each.enumerate() {
            drop(self.goes(course, number, days, None)?);
        }
        for (number, days) in AGAIN.days.iter().enumerate() {
            let first = Course { deeds: &SENT, ..AGAIN };
            let into = self.goes(&first, number, days + 1, None)?;
            drop(self.goes(&AGAIN, number, *days, into.as_ref())?);
        }
        Ok(())
    }

    /// Lets one report go its way, and returns it as it stands at the end. A step that a rule does not let happen ends
    /// the way.
    fn goes(&self, course: &Course, number: usize, days: i64, into: Option<&Case>) -> Result<Option<Case>, Fault> {
        let Some(saying) = self.saying(course, number) else { return Ok(None) };
        let minute = FROM_MINUTE + u32::try_from(number).unwrap_or_default() * STRIDE % SPREAD;
        let day = date_plus_days(self.today, -days).unwrap_or(self.today);
        let mut at = self.desk.hall.zone().instant(day, minute).min(self.now);
        let Some(mut case) = self.opened(&saying, course.found, at)? else { return Ok(None) };
        for (minutes, action, answers) in course.deeds {
            at = at.plus_minutes(*minutes);
            if at >= self.now {
                break;
            }
            let mut fields: BTreeMap<String, String> =
                answers.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect();
            if matches!(*action, ASK_SHELVE | SHELVE) {
                let until = date_plus_days(self.today, PUT_OFF).unwrap_or(self.today);
                fields.insert(UNTIL.to_owned(), until.to_string());
            }
            fields.extend(into.map(|into| (OTHER.to_owned(), into.number.clone())));
            match self.stepped(&case, action, fields, at)? {
                Some(next) => case = next,
                None => break,
            }
        }
        if number.is_multiple_of(MET_EVERY) && case.closed_at.is_none() {
            self.met(&case)?;
        }
        Ok(Some(case))
    }

    /// What is said, and where.
    fn saying(&self, course: &Course, number: usize) -> Option<Saying> {
        let (first, others) = self.communities.split_at_checked(1)?;
        let list = match course.at {
            At::Own => first,
            At::Others if !others.is_empty() => others,
            At::Any | At::Others => self.communities.as_slice(),
            At::Far => self.far.as_slice(),
        };
        let community = list.get(number.checked_rem(list.len())?)?;
        let own = self.communities.first() == Some(community);
        let at = number / list.len() % SPOTS;
        // Mostly it is the same matter at the same spot.
        let shift = if number.is_multiple_of(SPOTS + 1) { number } else { 0 };
        let matter = (number % list.len() + at + shift) % MATTERS.len();
        let again = MATTERS.get(if own { matter.max(1) } else { matter })?;
        let (condition, words) = course.matter.as_ref().unwrap_or(again);
        let telephone = if number.is_multiple_of(MET_EVERY) && !course.found { TELEPHONE } else { "" };
        Some(Saying {
            condition: (*condition).to_owned(),
            spot: self.spot(community, at)?,
            written: String::new(),
            words: (*words).to_owned(),
            telephone: telephone.to_owned(),
            public: !number.is_multiple_of(HIDDEN_EVERY),
            tray: None,
            seen: None,
        })
    }

    /// A compound of a community; the community where nothing is laid.
    fn spot(&self, community: &PlacePath, at: usize) -> Option<Spot> {
        let (tree, ground) = (self.desk.hall.places.tree(), self.ground.as_deref());
        let compound = ground.and_then(|ground| {
            let inside = ground.inside(&tree, community).compounds;
            let compound = ground.compounds.get(usize::try_from(*inside.get(at)?).ok()?)?;
            Some(format!("c:{}", compound.id))
        });
        finding::spot(&tree, ground, &compound.unwrap_or_else(|| format!("p:{}", community.id())))
    }

    fn opened(&self, saying: &Saying, found: bool, at: Instant) -> Result<Option<Case>, Fault> {
        let (desk, saying, once) = (self.desk.clone(), saying.clone(), Uuid::now_v7().to_string());
        let actor = if found { self.keeper(&saying.spot.community) } else { Actor::nobody() };
        let opened = self.desk.hall.store.write_blocking(move |tx| {
            if found {
                desk.found_in(tx, &saying, &actor, &once, at)
            } else {
                desk.reported_in(tx, &saying, &actor, &once, at)
            }
        });
        taken(opened)
    }

    fn stepped(
        &self,
        case: &Case,
        action: &str,
        fields: BTreeMap<String, String>,
        at: Instant,
    ) -> Result<Option<Case>, Fault> {
        let procedure = self.desk.cases.procedure_of(case)?;
        let reporter = Cases::sealed_party(case, REPORTER);
        let by = procedure.actions.get(action).map(|action| &action.by);
        // What a desk does is done at the desk of the community.
        let counter = matches!(by, Some(By::Desk | By::Counter)).then(|| case.place.clone());
        let (actor, relation) = match by {
            Some(By::Party(_)) => (Actor::nobody(), reporter.map(Relation::of_record).unwrap_or_default()),
            Some(By::Office) => (handler(case), Relation::default()),
            _ => (self.keeper(&case.place), Relation::default()),
        };
        let (papers, action) = (Vec::new(), action.to_owned());
        let command = Command::Act { action, fields, papers, counter, on_behalf: false };
        let step = Step { district: cases::district(case), id: case.id.0, command, once: Uuid::now_v7().to_string() };
        let desk = self.desk.cases.clone();
        taken(self.desk.hall.store.write_blocking(move |tx| desk.step(tx, &step, &actor, &relation, at)))
    }

    /// Others met with the same thing, and say no more.
    fn met(&self, case: &Case) -> Result<(), Fault> {
        let (district, id) = (cases::district(case), case.id.0);
        self.desk.hall.store.write_blocking(move |tx| {
            let Some(report) = records::find(tx, district, id)?.filter(|report| report.public) else { return Ok(()) };
            (0..OTHERS).try_for_each(|_| records::meet(tx, &report))?;
            Ok::<_, Fault>(())
        })
    }

    /// Whoever looks at reports in a community, sends them out and checks them.
    fn keeper(&self, community: &PlacePath) -> Actor {
        let own = self.communities.first() == Some(community);
        let permissions = [Permission::CaseAccept, Permission::CaseRead];
        let (account, name) = if own { (self.worker, KEEPER) } else { (None, NEIGHBOUR) };
        acting(account, name, "community_worker", (community.clone(), None), &permissions)
    }
}

/// Whoever puts a report right, in the unit with which it lies.
fn handler(case: &Case) -> Actor {
    let permissions = [Permission::CaseRead, Permission::CaseHandle, Permission::CaseDecide];
    let office = (case.office.place.clone(), case.office.department.clone());
    acting(None, HANDLER, "district_handler", office, &permissions)
}

/// Somebody with one post.
fn acting(
    account: Option<Uuid>,
    name: &str,
    role: &str,
    at: (PlacePath, Option<String>),
    permissions: &[Permission],
) -> Actor {
    let (place, department) = at;
    let permissions = permissions.iter().copied().collect();
    let grant = Grant { post: Uuid::nil(), role: role.to_owned(), place, department, permissions };
    Actor { account, name: name.to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}

/// What came of something; none where a rule did not let it happen.
fn taken(done: Result<Case, Fault>) -> Result<Option<Case>, Fault> {
    match done {
        Ok(case) => Ok(Some(case)),
        Err(Fault::Refused(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}
