//! This file enters the bodies of one community of the demonstration, through the department's own actions: who is who
//! around the core, elections, open questions, a meeting, and a roster of mediators.

use std::sync::Arc;

use hall::{Fault, Sent};
use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::{Level, PlacePath};
use kernel::time::{Date, date_plus_days};
use uuid::Uuid;
use web::{Form, PostForm};

use crate::actions::{Agreed, Appointed, By, Called, NewBody, NewMediator};
use crate::words::{Details, Held};
use crate::{Bodies, May};
use house::{OpenFault, Stage};

/// A body: its kind, its name, its telephone, and the days since its election; none where nobody is elected.
type Entered = (&'static str, &'static str, &'static str, Option<(i64, u32, u32)>);
const BODIES: [Entered; 9] = [
    ("party", "文安路社区党委", "024-23456781", Some((1_200, 7, 3))),
    ("residents", "文安路社区居民委员会", "024-23456782", Some((1_100, 7, 4))),
    ("mediation", "文安路社区人民调解委员会", "024-23456782", Some((1_050, 5, 2))),
    ("security", "文安路社区治安保卫委员会", "024-23456782", None),
    ("supervision", "文安路社区居务监督委员会", "024-23456783", Some((1_100, 3, 1))),
    ("owners", "文安路一小区业主委员会", "024-23456784", Some((40, 7, 3))),
    ("property", "安居物业文安路一小区项目部", "024-23456785", None),
    ("police", "文安路社区警务室", "110", None),
    ("volunteers", "文安路邻里志愿队", "024-23456786", None),
];
/// Who holds the first post of some of them: kind, name.
const HOLDERS: [(&str, &str); 3] = [("party", "罗文博"), ("residents", "罗文博"), ("mediation", "郑桂兰")];
/// A mediator: her name, what she knows well, whether she is engaged, and the name with which she signs in, if any.
type OnRoster = (&'static str, &'static str, bool, &'static str);
const MEDIATORS: [OnRoster; 3] =
    [("郑桂兰", "family", false, ""), ("孟宪章", "law", true, ""), ("邱雁", "building", false, "qiuyan")];
/// For how many days somebody has held a post, and mediators have been on the roster.
const DAYS: i64 = 90;
/// In how many days the meeting is, and the minute of the day at which it begins.
const DAYS_AHEAD: i64 = 7;
/// See [`DAYS_AHEAD`].
const AFTERNOON: u32 = 14 * 60;

/// Enters everything.
///
/// # Errors
/// Fails with what the department refuses.
pub fn enter(desk: &Arc<Bodies>, stage: &Stage) -> Result<(), OpenFault> {
    let tree = desk.hall.places.tree();
    let found = tree.of_level(Level::Community).find(|place| place.named(Lang::Zh) == stage.community);
    let Some(place) = found.map(|place| place.path.clone()) else { return Ok(()) };
    let (own, stage) = (desk.clone(), stage.clone());
    desk.hall.store.write_blocking(move |tx| {
        let actor = keeper(&place);
        for entered in &BODIES {
            own.enter_one(tx, &place, entered, &stage, &actor)?;
        }
        own.enter_talk(tx, &place, &stage, &actor)?;
        own.enter_mediators(tx, &place, &stage, &actor)
    })?;
    Ok(())
}

/// A command of its own for each thing that is entered.
fn sent(about: &str) -> Sent {
    Sent::of(&PostForm::from(Form::default()), about)
}

/// The identity of something that is entered, the same however often the transaction runs.
fn id(about: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("bodies demonstration {about}").as_bytes())
}

fn days_ago(today: Date, days: i64) -> Date {
    date_plus_days(today, -days).unwrap_or(today)
}

impl Bodies {
    fn enter_one(
        &self,
        tx: &mut dyn store::Tx,
        place: &PlacePath,
        entered: &Entered,
        stage: &Stage,
        actor: &Actor,
    ) -> Result<(), Fault> {
        let (kind, name, telephone, elected) = *entered;
        let (body, sent) = (id(name), sent(name));
        let by = By { actor, sent: &sent, now: stage.now };
        let details = Details {
            name: name.to_owned(),
            telephone: telephone.to_owned(),
            address: "文安路社区党群服务中心".to_owned(),
            hours: "周一至周五 8:30—17:00".to_owned(),
            ..Details::default()
        };
        self.open_body(tx, &NewBody { id: body, path: place.clone(), kind: kind.to_owned(), details }, &by)?;
        if let Some((days, members, women)) = elected {
            let held = Held { on: days_ago(stage.today, days), members, women, own_years: None, is_by_election: false };
            self.elect(tx, body, &held, None, &by)?;
        }
        let Some((_, holder)) = HOLDERS.iter().find(|(of, _)| *of == kind) else { return Ok(()) };
        let new = Appointed {
            id: id(&format!("{name} {holder}")),
            post: Uuid::new_v5(&body, b"post/1"),
            name: (*holder).to_owned(),
            from: days_ago(stage.today, DAYS),
            agreed: true,
        };
        self.appoint(tx, body, &new, &by)
    }

    fn enter_talk(&self, tx: &mut dyn store::Tx, place: &PlacePath, stage: &Stage, actor: &Actor) -> Result<(), Fault> {
        let sent = sent("talk");
        let by = By { actor, sent: &sent, now: stage.now };
        let (settled, open) = (id("settled"), id("open"));
        self.raise(tx, place, settled, "电动车停在哪里", &by)?;
        let agreed = Agreed {
            question: settled,
            on: stage.today,
            outcome: "3 号楼后建车棚，物业出地，居委会联系充电桩。".to_owned(),
            link: String::new(),
        };
        self.agree(tx, place, &agreed, &by)?;
        let again = self::sent("open");
        self.raise(tx, place, open, "楼道里的旧家具谁来清", &By { sent: &again, ..by })?;
        let starts_at = self.hall.zone().instant(days_ago(stage.today, -DAYS_AHEAD), AFTERNOON);
        let called = Called {
            id: id("meeting"),
            title: "楼院议事会".to_owned(),
            room: "党群服务中心二楼议事厅".to_owned(),
            starts_at,
            ends_at: starts_at.plus_minutes(90),
        };
        self.call_meeting(tx, place, &called, &by)
    }

    fn enter_mediators(
        &self,
        tx: &mut dyn store::Tx,
        place: &PlacePath,
        stage: &Stage,
        actor: &Actor,
    ) -> Result<(), Fault> {
        for (name, knows, engaged, login) in MEDIATORS {
            let sent = sent(name);
            let new = NewMediator {
                id: id(&format!("mediator {name}")),
                path: place.clone(),
                login: login.to_owned(),
                name: name.to_owned(),
                address: String::new(),
                employer: String::new(),
                specialities: vec![knows.to_owned()],
                engaged,
                from: days_ago(stage.today, DAYS),
                agreed: true,
            };
            self.engage(tx, &new, &By { actor, sent: &sent, now: stage.now })?;
        }
        Ok(())
    }
}

/// Returns the person who keeps the bodies of the community.
fn keeper(place: &PlacePath) -> Actor {
    let grant = Grant {
        post: Uuid::nil(),
        role: "secretary_community".to_owned(),
        place: place.clone(),
        department: None,
        permissions: [May::BodiesEdit].into_iter().collect(),
    };
    Actor { account: None, name: "罗文博".to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}
