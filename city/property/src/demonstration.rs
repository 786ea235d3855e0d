//! This file makes the property company of the demonstration: a company that serves a compound of the demonstration's
//! street, what is on record of it, a three-party table with a commitment, and the income of a lift's advertising.
//! `owners` makes the owners' register of a compound and its votes.

mod owners;

use std::sync::Arc;

use counter::Counter;
use hall::{Fault, Sent};
use house::{OpenFault, Stage};
use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::{Level, PlacePath};
use kernel::time::{Date, date_plus_days};
use store::Tx;
use uuid::Uuid;
use web::{Form, PostForm};

use crate::actions::by::By;
use crate::actions::{company as companies, grade as grades, income as incomes, table as tables};
use crate::words::area::Area;
use crate::words::company::{Bond, Company, Contract, Party};
use crate::words::grade::{Appeal, Noted, Sort};
use crate::words::income::{Income, Payer, Portion};
use crate::words::table::{self as words, Commitment, Issue, Kept, Stage as TableStage, Table};
use crate::{Companies, May};

/// The example of the standard for credit codes; it belongs to nobody.
const CODE: &str = "91350100M000100Y43";
const KEEPER: &str = "佟建国";
/// When the table begins, a minute of its day.
const BEGINS: i64 = 14 * 60;

/// Where it happens, and when.
struct Scene {
    district: PlacePath,
    community: PlacePath,
    compound: String,
    today: Date,
    actor: Actor,
    counter: Arc<Counter>,
    now: kernel::time::Instant,
}

/// Makes the company and what belongs to it.
///
/// # Errors
/// Fails with what the department refuses.
pub(crate) fn fill(desk: &Arc<Companies>, stage: &Stage) -> Result<(), OpenFault> {
    owners::fill(&desk.votes, stage)?;
    let tree = desk.hall.places.tree();
    let named = |level, name: &str| tree.of_level(level).find(|place| place.named(Lang::Zh) == name);
    let places = named(Level::District, stage.district).zip(named(Level::Street, stage.street));
    let Some((district, street)) = places else { return Ok(()) };
    let community = tree.of_level(Level::Community).find(|place| street.path.contains(&place.path));
    let Some(community) = community else { return Ok(()) };
    let ground = desk.hall.places.geography_blocking()?;
    let compound = ground.as_ref().and_then(|ground| {
        let own = ground.compounds.iter().find(|compound| compound.community == community.id)?;
        Some(own.name.clone())
    });
    let scene = Scene {
        district: district.path.clone(),
        community: community.path.clone(),
        compound: compound.unwrap_or_else(|| "北苑".to_owned()),
        today: stage.today,
        actor: keeper(&district.path),
        counter: desk.votes.counter.clone(),
        now: stage.now,
    };
    let ids: [Uuid; 9] = std::array::from_fn(|_| Uuid::now_v7());
    let done = desk.hall.store.write_blocking(move |tx| scene.played(tx, ids));
    done?;
    Ok(())
}

impl Scene {
    fn played(&self, tx: &mut dyn Tx, ids: [Uuid; 9]) -> Result<(), Fault> {
        let [company, contract, basis, good, bad, table, issue, commitment, income] = ids;
        companies::register(tx, &self.company(company), &self.counter, &self.by("company"))?;
        companies::add_contract(tx, &self.contract(contract, company), &self.counter, &self.by("contract"))?;
        for (id, kind, points, reason, days) in [
            (basis, Sort::Basis, 79, "年度检查", -200),
            (good, Sort::Good, 6, "物业企业成立党组织，被评为示范项目", -120),
            (bad, Sort::Bad, 1, "电梯停了三天没有告知", -40),
        ] {
            let record = Noted { id, company_id: company, kind, tenths: points * 10, ..self.record(reason, days) };
            grades::enter(tx, &record, &self.by(reason))?;
        }
        tables::call(tx, &self.table(table), &self.by("table"))?;
        tables::enter_issue(tx, &self.issue(issue, table), &self.by("issue"))?;
        tables::promise(tx, &self.commitment(commitment, issue, table), &self.by("commitment"))?;
        let (income, portions) = self.income(income);
        incomes::publish(tx, &income, &portions, &self.counter, &self.by("income"))
    }

    fn by(&self, about: &str) -> By {
        let sent = Sent::of(&PostForm::from(Form::default()), about);
        By { actor: self.actor.clone(), sent, now: self.now }
    }

    /// A day so many days later, or earlier if there are fewer than none.
    fn day(&self, days: i64) -> Date {
        date_plus_days(self.today, days).unwrap_or(self.today)
    }

    fn company(&self, id: Uuid) -> Company {
        Company {
            id,
            path: self.district.clone(),
            name: "安居物业服务公司".to_owned(),
            credit_code: CODE.to_owned(),
            hotline: "024-00000000".to_owned(),
            party: Party::Branch,
            party_since: Some(self.day(-900)),
            changed_name: KEEPER.to_owned(),
            changed_at: self.now,
        }
    }

    fn contract(&self, id: Uuid, company_id: Uuid) -> Contract {
        Contract {
            id,
            company_id,
            path: self.community.clone(),
            compound: self.compound.clone(),
            paper: "安居合同第 1 号".to_owned(),
            kind: Bond::Renewed,
            starts_on: self.day(-500),
            ends_on: self.day(400),
            noticed_by: None,
            noticed_on: None,
            leaves_on: None,
            changed_name: KEEPER.to_owned(),
            changed_at: self.now,
            own_days: None,
        }
    }

    fn record(&self, reason: &str, days: i64) -> Noted {
        Noted {
            id: Uuid::nil(),
            company_id: Uuid::nil(),
            path: self.community.clone(),
            kind: Sort::Good,
            tenths: 0,
            reason: reason.to_owned(),
            source: "街道通报".to_owned(),
            given_on: self.day(days),
            valid_to: self.day(days + 364),
            entered_by: None,
            entered_name: KEEPER.to_owned(),
            entered_at: self.now,
            appeal: Appeal::None,
            appealed_on: None,
            appeal_says: String::new(),
            answer: String::new(),
            answered_on: None,
            answered_name: String::new(),
        }
    }

    fn table(&self, id: Uuid) -> Table {
        Table {
            district: self.community.district(),
            id,
            path: self.community.clone(),
            compound: self.compound.clone(),
            held_on: self.today,
            room: "党群服务中心一楼".to_owned(),
            state: TableStage::Called,
            attended: String::new(),
            envoy: "街道物业专员".to_owned(),
            minutes: String::new(),
            changed_name: KEEPER.to_owned(),
            changed_at: self.now,
            begins_at: Some(BEGINS),
        }
    }

    fn issue(&self, id: Uuid, table_id: Uuid) -> Issue {
        Issue {
            district: self.community.district(),
            id,
            table_id,
            title: "3 号楼电梯常停".to_owned(),
            committee: "月底前要修好".to_owned(),
            owners: "停一天也要先通知".to_owned(),
            company: "配件已经订了".to_owned(),
            street: String::new(),
            entered_at: self.now,
        }
    }

    fn commitment(&self, id: Uuid, issue_id: Uuid, table_id: Uuid) -> Commitment {
        Commitment {
            district: self.community.district(),
            id,
            table_id,
            issue_id,
            path: self.community.clone(),
            compound: self.compound.clone(),
            company_id: None,
            side: words::Party::Company,
            text: "电梯修好，停梯先贴通知".to_owned(),
            promised_on: self.today,
            due_on: self.day(20),
            state: Kept::Open,
            reason: String::new(),
            times_put_off: 0,
            settled_on: None,
        }
    }

    fn income(&self, id: Uuid) -> (Income, Vec<Portion>) {
        let income = Income {
            district: self.community.district(),
            id,
            path: self.community.clone(),
            compound: self.compound.clone(),
            title: String::new(),
            from_on: self.day(-200),
            to_on: self.day(-20),
            income_fen: 1_200_000,
            cost_fen: 200_000,
            published_name: KEEPER.to_owned(),
            published_at: self.now,
            payer: Some(Payer::LiftAds),
            replaces: None,
            replaced_by: None,
            reason: None,
            partial_reason: None,
        };
        let portion =
            |place, unit: &str, cm2, share_fen| Portion { place, unit: unit.to_owned(), area: Area(cm2), share_fen };
        (income, vec![portion(1, "1-101", 800_000, 400_000), portion(2, "1-102", 1_200_000, 600_000)])
    }
}

/// Returns the person who keeps the register of the district and calls its tables.
fn keeper(district: &PlacePath) -> Actor {
    let grant = Grant {
        post: Uuid::nil(),
        role: "organiser_district".to_owned(),
        place: district.clone(),
        department: None,
        permissions: [May::PropertyCompany, May::PropertyTable, May::PropertyIncome].into_iter().collect(),
    };
    Actor { account: None, name: KEEPER.to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}
