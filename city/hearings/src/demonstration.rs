//! This file fills the hearing point of one community of the demonstration, through the department's own actions: what
//! is there and when people talk, three disputes at different steps, and two opinions.

use std::sync::Arc;

use cases::{Cases, Doing};
use hall::{Fault, Sent};
use house::{OpenFault, Stage};
use kernel::case::{Command, Relation};
use kernel::identifier::CaseNumber;
use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::{Level, PlacePath};
use kernel::time::{Date, Instant, date_plus_days};
use store::Tx;
use uuid::Uuid;
use web::{Form, PostForm};

use crate::actions::inside::{Change, Deed};
use crate::actions::opinions::{Becomes, Settling};
use crate::actions::point_id;
use crate::actions::siding::Naming;
use crate::words::inside::{APART, DONE, Head, KEPT, NewClause, NewProposal, NewSession, PART, Said, WRITTEN};
use crate::words::opinion::{Saying, Wanted};
use crate::words::people::Member;
use crate::words::room::Room;
use crate::words::talk::Remark;
use crate::words::triage::Told;
use crate::words::{Bringing, Keeping, MEDIATION, Motion, Point, SECOND, SIDES, Side, THINGS};
use crate::{Hearings, May};

/// A step of a mediation: how many days ago, the minute of that day, the action, and what is answered.
type Step = (i64, u32, &'static str, &'static [(&'static str, &'static str)]);

/// What whoever begins to mediate says.
const BEGUN: [(&str, &str); 7] = [
    ("nowhere_else", "yes"),
    ("rights", "yes"),
    ("first_paper", "id_card"),
    ("second_paper", "id_card"),
    ("mediator", MEDIATOR),
    ("tie", "none"),
    ("open", "closed"),
];
/// How the two disputes went until the mediation began: both sides agree, and the mediator checks who they are.
const NOISE_ASKED: [Step; 2] = [(8, 540, "take_on", &[("nowhere_else", "yes")]), (7, 1_080, "second_agrees", &[])];
/// See [`NOISE_ASKED`].
const LEAK_ASKED: [Step; 2] = [(23, 540, "take_on", &[("nowhere_else", "yes")]), (22, 1_080, "second_agrees", &[])];
/// How the dispute about noise went until its session: both are asked about it and agree.
const NOISE: [Step; 4] = [
    (6, 600, "begin", &BEGUN),
    (4, 1_080, "ask", &[("next", "session")]),
    (4, 1_140, "first_goes_on", &[]),
    (4, 1_200, "second_goes_on", &[]),
];
/// Both are asked whether they sit down together, and agree.
const NOISE_GOES_ON: [Step; 3] = [
    (2, 1_080, "ask", &[("next", "sit_together")]),
    (2, 1_140, "first_goes_on", &[]),
    (2, 1_200, "second_goes_on", &[]),
];
/// How the dispute about a leak began.
const LEAK: [Step; 1] = [(21, 600, "begin", &BEGUN)];
/// How its agreement was signed: both are asked about the text, read it and agree.
const LEAK_SIGNED: [Step; 7] = [
    (15, 1_080, "ask", &[("next", "draft")]),
    (15, 1_140, "first_goes_on", &[]),
    (15, 1_200, "second_goes_on", &[]),
    (14, 600, "draft", &[]),
    (13, 1_080, "first_signs", &[("has_read", "yes")]),
    (13, 1_140, "second_signs", &[("has_read", "yes")]),
    (12, 600, "seal", &[]),
];

const MEDIATOR: &str = "邱雁";
const KEEPER: &str = "王晓燕";
/// When people talk: Wednesdays from two to four, in minutes from midnight.
const WEEKDAY: i64 = 3;
const OPENS_AT: i64 = 14 * 60;
const CLOSES_AT: i64 = 16 * 60;
/// How many of those who can host do.
const HOSTS: usize = 2;

/// Where it happens, who does it, and when.
struct Scene {
    desk: Arc<Hearings>,
    community: PlacePath,
    mediator: Actor,
    keeper: Actor,
    today: Date,
    now: Instant,
    /// Identities of what is written into files, in the order in which it is written.
    written: [Uuid; 5],
}

/// Something that is brought: how many days ago, by whom, against whom, about what.
struct Brought {
    days: i64,
    class: &'static str,
    detail: &'static str,
    facts: &'static str,
    own: (&'static str, &'static str),
    other: &'static str,
    told: Told,
}

/// Fills the hearing point.
///
/// # Errors
/// Fails with what the department refuses.
pub(crate) fn fill(desk: &Arc<Hearings>, stage: &Stage) -> Result<(), OpenFault> {
    let tree = desk.hall.places.tree();
    let found = tree.of_level(Level::Community).find(|place| place.named(Lang::Zh) == stage.community);
    let Some(community) = found.map(|place| place.path.clone()) else { return Ok(()) };
    // Only somebody with an account writes the record of a session.
    if stage.mediator.is_none() {
        return Ok(());
    }
    let scene = Scene {
        desk: desk.clone(),
        mediator: mediator(&community, stage.mediator),
        keeper: keeper(&community, stage.worker),
        community,
        today: stage.today,
        now: stage.now,
        written: std::array::from_fn(|_| Uuid::now_v7()),
    };
    desk.hall.store.write_blocking(move |tx| scene.played(tx))?;
    Ok(())
}

impl Scene {
    fn played(&self, tx: &mut dyn Tx) -> Result<(), Fault> {
        let offered = self.desk.host_offers(tx, &self.community, self.now)?.into_iter();
        let hosts = offered.take(HOSTS).map(|one| one.host).collect();
        let keeping = Keeping { point: self.point(), remarks: remarks(), rooms: self.rooms(), hosts };
        self.desk.kept_point(tx, &keeping, &self.keeper, &key("point"))?;
        self.noise(tx)?;
        self.leak(tx)?;
        self.brought(tx, &DOG)?;
        self.opinions(tx)
    }

    /// A minute of a day so many days ago.
    fn at(&self, days: i64, minute: u32) -> Instant {
        self.desk.hall.zone().instant(self.day(-days), minute)
    }

    /// A day so many days later, or earlier if there are fewer than none.
    fn day(&self, days: i64) -> Date {
        date_plus_days(self.today, days).unwrap_or(self.today)
    }

    fn point(&self) -> Point {
        Point {
            district: self.community.district(),
            id: point_id(self.community.id()),
            path: self.community.clone(),
            room: "党群服务中心一楼评理说事室".to_owned(),
            hours: "周一至周五 8:30—17:00".to_owned(),
            telephone: "024-23456782".to_owned(),
            weekday: WEEKDAY,
            opens_at: OPENS_AT,
            closes_at: CLOSES_AT,
            things: THINGS.map(|thing| thing.0).join(" "),
            changed_name: KEEPER.to_owned(),
            changed_at: self.now,
        }
    }

    /// A room for everybody, and a small one for talks with one side.
    fn rooms(&self) -> Vec<Room> {
        let rooms = [("评理室", 12, true), ("调解室", 4, false)].into_iter();
        let room = |(name, seats, step_free): (&str, i64, bool)| {
            let (district, id, name) = (self.community.district(), Uuid::nil(), name.to_owned());
            Room { district, id, name, seats, step_free }
        };
        rooms.map(room).collect()
    }

    /// Takes a dispute in, and returns its number.
    fn brought(&self, tx: &mut dyn Tx, brought: &Brought) -> Result<String, Fault> {
        let side = |name: &str, telephone: &str| Side {
            name: name.to_owned(),
            telephone: telephone.to_owned(),
            ..Side::default()
        };
        let bringing = Bringing {
            class: self.desk.classes.get(brought.class).cloned().ok_or(Fault::NotFound)?,
            detail: brought.detail.to_owned(),
            community: self.community.clone(),
            facts: brought.facts.to_owned(),
            own: side(brought.own.0, brought.own.1),
            other: side(brought.other, ""),
            more: [Vec::new(), Vec::new()],
            motion: Motion::Application,
            transfer: None,
            told: brought.told,
        };
        let at = self.at(brought.days, 1_150);
        let given = self.desk.brought(tx, &bringing, &Actor::nobody(), &key(brought.facts), at)?;
        Ok(given.case.number)
    }

    /// Takes steps one after another: a side by what she can prove, and everything else the mediator.
    fn stepped(&self, tx: &mut dyn Tx, number: &str, steps: &[Step]) -> Result<(), Fault> {
        for step in steps {
            let (days, minute, action, answers) = *step;
            let known = self.desk.cases.known_number(tx, number)?;
            let side = SIDES.into_iter().find(|side| action.starts_with(&format!("{side}_")));
            let record = side.and_then(|side| Cases::sealed_party(&known.case, side));
            let (actor, relation) = match record {
                Some(record) => (Actor::nobody(), Relation::of_record(record)),
                None => (self.mediator.clone(), Relation::default()),
            };
            let said = answers.iter().map(|answer| (answer.0.to_owned(), answer.1.to_owned()));
            // An agreement holds from the day on which it is sealed.
            let held = (action == "seal").then(|| ("effect_on".to_owned(), self.day(-days).to_string()));
            let command = Command::Act {
                action: action.to_owned(),
                fields: said.chain(held).collect(),
                papers: Vec::new(),
                counter: None,
                on_behalf: false,
            };
            let (once, now) = (key(&format!("{number} {action} {days}")), self.at(days, minute));
            let doing = Doing { command: &command, once: &once, actor: &actor, relation, drawn: None, now };
            self.desk.cases.go_on(tx, known, &doing)?;
        }
        Ok(())
    }

    /// Takes the name of the other side from the paper that was seen.
    fn named(&self, tx: &mut dyn Tx, number: &str, name: &str, at: Instant) -> Result<(), Fault> {
        let naming = Naming {
            number: number.to_owned(),
            member: Member::first_of(SECOND),
            name: name.to_owned(),
            sent: sent(&key(&format!("{number} name"))),
            purpose: "照证件核对、登记姓名".to_owned(),
            told_apart: false,
        };
        self.desk.took_name(tx, &naming, &self.mediator, at)
    }

    /// Writes something into the file of a mediation.
    fn writes(&self, tx: &mut dyn Tx, number: &str, change: &Change, at: Instant) -> Result<(), Fault> {
        let about = format!("{number} {change:?}");
        let (sent, once) = (sent(&key(&about)), key(&about));
        let said = if matches!(change, Change::Session(_)) { KEPT } else { WRITTEN }.to_owned();
        let deed = Deed { number: number.to_owned(), actor: self.mediator.clone(), sent, once, said, now: at };
        self.desk.changed(tx, change, &deed)
    }

    /// A dispute that is being mediated: both sides agree, there was one session, and one proposal was made.
    fn noise(&self, tx: &mut dyn Tx) -> Result<(), Fault> {
        let [session, proposal, ..] = self.written;
        let number = self.brought(tx, &UPSTAIRS)?;
        self.stepped(tx, &number, &NOISE_ASKED)?;
        self.named(tx, &number, "史建国", self.at(6, 590))?;
        self.stepped(tx, &number, &NOISE)?;
        let said = Said {
            place: "评理说事室".to_owned(),
            invited: String::new(),
            said: "楼下要求晚上九点后别再拍球、拖椅子；楼上说孩子小，愿意铺地垫，但白天管不住。".to_owned(),
        };
        let session = NewSession {
            id: session,
            held_on: self.day(-3),
            begins_at: 840,
            way: APART.to_owned(),
            came: ["mediator", "first", "second"].map(str::to_owned).into(),
            said,
        };
        self.writes(tx, &number, &Change::Session(session), self.at(3, 960))?;
        self.stepped(tx, &number, &NOISE_GOES_ON)?;
        let proposal = NewProposal {
            id: proposal,
            made_on: self.day(-1),
            made_by: "mediator".to_owned(),
            what: "楼上客厅铺隔音地垫，晚上九点后不拍球；楼下有事先打电话，不敲暖气管。".to_owned(),
        };
        self.writes(tx, &number, &Change::Propose(proposal), self.at(1, 980))
    }

    /// A dispute that is settled: one clause of the agreement was kept, one in part, and one is still to be kept.
    fn leak(&self, tx: &mut dyn Tx) -> Result<(), Fault> {
        let [_, _, mended, paid, looked] = self.written;
        let number = self.brought(tx, &LEAKING)?;
        self.stepped(tx, &number, &LEAK_ASKED)?;
        self.named(tx, &number, LEAKING.other, self.at(21, 590))?;
        self.stepped(tx, &number, &LEAK)?;
        let head = Head {
            facts: "楼上卫生间防水坏了，水渗到楼下，次卧的顶和墙面起皮。两边认这个原因，对赔多少有争议。".to_owned(),
            duties: "楼上负责修好防水、赔墙面；楼下负责开门配合施工。".to_owned(),
        };
        let written = self.at(15, 900);
        self.writes(tx, &number, &Change::Head(head), written)?;
        for (id, owes, what, fen, due) in [
            (mended, "second", "重做卫生间防水，做闭水试验", 0, -5),
            (paid, "second", "赔墙面和顶的修补钱八百元，分两次给", 80_000, 10),
            (looked, "first", "施工那几天在家开门，修完一起验收", 0, 15),
        ] {
            let (owes, what, due) = (owes.to_owned(), what.to_owned(), self.day(due));
            let clause = NewClause { id, owes, what, fen, due, lasting: false };
            self.writes(tx, &number, &Change::Add(clause), written)?;
        }
        self.stepped(tx, &number, &LEAK_SIGNED)?;
        for (id, stage, words, days) in
            [(mended, DONE, "防水做好了，闭水两天没有再渗。", 6), (paid, PART, "先给了四百元，有收条。", 3)]
        {
            let noted = Change::Note(id, stage.to_owned(), words.to_owned());
            self.writes(tx, &number, &noted, self.at(days, 900))?;
        }
        Ok(())
    }

    /// Two opinions: one answered where everybody reads it, and one that waits.
    fn opinions(&self, tx: &mut dyn Tx) -> Result<(), Fault> {
        let community = &self.community;
        let saying = |text: &str, wanted| Saying { community: community.clone(), text: text.to_owned(), wanted };
        let (lamp, path) = ("活动室晚上七点就锁门，下班的人进不去。", "小区东门的坡道太陡，推轮椅上不来。");
        let said = self.desk.taken(tx, &saying(lamp, Wanted::Public), id(lamp), &key(lamp), self.at(7, 1_170))?;
        let number = CaseNumber::parse(&said.number).map_err(|fault| Fault::Broken(fault.to_string()))?;
        let settling = Settling { number, actor: self.keeper.clone(), sent: sent("opinion"), now: self.at(5, 620) };
        let answer = Becomes::Answer("从下周起每天开到晚上九点，志愿者轮流值班。".to_owned());
        self.desk.settled(tx, &answer, Some("活动室能不能晚点锁门？"), &settling)?;
        self.desk.taken(tx, &saying(path, Wanted::Private), id(path), &key(path), self.at(1, 700)).map(drop)
    }
}

const UPSTAIRS: Brought = Brought {
    days: 9,
    class: "neighbours",
    detail: "noise",
    facts: "楼上晚上拍球、拖椅子到十一点，老人睡不好。说过两回没有用，希望晚上九点后安静。",
    own: ("佟玉兰", "13800000411"),
    other: "楼上住户",
    told: Told { danger_now: false, people: 4, times_back: 2, vulnerable: true },
};
const LEAKING: Brought = Brought {
    days: 24,
    class: "housing",
    detail: "repair",
    facts: "楼上卫生间漏水，把次卧的顶泡了，想让楼上修好、赔墙面的钱。",
    own: ("欧阳雨桐", "13800000412"),
    other: "𠮷晓明",
    told: Told { danger_now: false, people: 2, times_back: 0, vulnerable: false },
};
const DOG: Brought = Brought {
    days: 1,
    class: "neighbours",
    detail: "pets",
    facts: "三单元有人遛狗不拴绳，孩子们不敢下楼。找过两回，希望坐下来说定。",
    own: ("那淑珍", "13800000413"),
    other: "三单元养狗的住户",
    told: Told { danger_now: false, people: 8, times_back: 2, vulnerable: false },
};

/// What is said of some of the nine things.
fn remarks() -> Vec<Remark> {
    let said = [
        ("mediator", "邱雁、郑桂兰，法律方面请孟宪章"),
        ("talk_day", "每周三下午，不用预约也可以来"),
        ("box", "一楼门口，每天开箱"),
    ];
    said.map(|said| Remark { thing: said.0.to_owned(), remark: said.1.to_owned() }).into()
}

/// The identity of something, the same however often the transaction runs.
fn id(about: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("hearings demonstration {about}").as_bytes())
}

/// The key of a form about something.
fn key(about: &str) -> String {
    id(about).to_string()
}

/// A form as a command that is done once.
fn sent(about: &str) -> Sent {
    Sent::of(&PostForm::from(Form::default()), about)
}

/// Returns the person who mediates at the community.
fn mediator(community: &PlacePath, account: Option<Uuid>) -> Actor {
    let permissions = [
        Permission::CaseAccept,
        Permission::CaseRead,
        Permission::CaseHandle,
        Permission::CaseDecide,
        May::HearingsMediate,
    ];
    let grant = Grant {
        post: Uuid::nil(),
        role: "mediator".to_owned(),
        place: community.clone(),
        department: Some(MEDIATION.to_owned()),
        permissions: permissions.into_iter().collect(),
    };
    Actor { account, name: MEDIATOR.to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}

/// Returns the person who keeps the hearing point of the community.
fn keeper(community: &PlacePath, account: Option<Uuid>) -> Actor {
    let grant = Grant {
        post: Uuid::nil(),
        role: "community_worker".to_owned(),
        place: community.clone(),
        department: None,
        permissions: [May::HearingsPoint].into_iter().collect(),
    };
    Actor { account, name: KEEPER.to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}
