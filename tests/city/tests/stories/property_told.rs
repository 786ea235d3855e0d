//! These stories are about what owners are told of a vote by itself: that it was called, has opened, was called off or
//! counted; and about what the log keeps of what people wrote.

use city_stories::{Browser, Town};
use jobs::Job;
use serde_json::json;
use store::{StoreError, Tx, args};
use uuid::Uuid;

use crate::bodies::{deed, entered};
use crate::property_register::{PLACE, code_for, links};
use crate::property_votes::{calls, five};

/// The job that was planned for the opening of a vote, as the server does it.
fn opens(town: &Town, vote: &str) {
    let chore = town.city.work.chores.iter().find(|chore| chore.kind == "property.open").unwrap();
    let now = town.clock.now();
    let job = Job {
        id: Uuid::now_v7(),
        kind: chore.kind.to_owned(),
        payload: json!({ "vote": vote.rsplit('/').next().unwrap() }),
        run_at: now,
        attempt: 1,
        last: false,
    };
    (chore.handler)(&town.city.store, &job, now).unwrap();
}

/// What is told to somebody under her matters.
fn told(she: &mut Browser) -> String {
    // Her browser signs in again if her session has ended.
    drop(she.open("/property/votes").expect(200));
    she.open("/follow").expect(200).words()
}

#[test]
fn whoever_may_vote_is_told_when_a_vote_is_called_opens_is_called_off_and_is_counted() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let mut second = town.staff("second", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let (mut she, _) = town.neighbour(661);
        let (mut stranger, _) = town.neighbour(662);
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        drop(links(&mut she, &code).expect(200));
        let off = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        town.tells_owners();
        let words = told(&mut she);
        assert!(words.contains("您的小区要表决：更换电梯"), "{}: {words}", town.engine);
        assert!(she.open("/follow").expect(200).links().contains(&off), "{}: it leads there", town.engine);
        assert!(!told(&mut stranger).contains("更换电梯"), "{}: nobody else is told", town.engine);
        let address = format!("{off}/off");
        let form = keeper.open(&address).expect(200).form(&address).set("off_reason", "名册漏了一户");
        drop(keeper.submit(form).expect(200));
        assert!(!told(&mut she).contains("表决撤销了"), "{}: one person alone does not", town.engine);
        let form = second.open(&address).expect(200).form(&address).set("deed", "confirm");
        drop(second.submit(form).expect(200));
        town.tells_owners();
        assert!(told(&mut she).contains("表决撤销了：更换电梯"), "{}: {}", town.engine, told(&mut she));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        // Before it opens and after it was called off nobody is told that she may vote; then everybody is, once.
        opens(&town, &vote);
        town.clock.set_local("2026-12-08 09:00");
        opens(&town, &off);
        assert!(!told(&mut she).contains("可以投票了"), "{}: {}", town.engine, told(&mut she));
        opens(&town, &vote);
        opens(&town, &vote);
        let words = told(&mut she);
        assert_eq!(words.matches("可以投票了：更换电梯").count(), 1, "{}: {words}", town.engine);
        town.clock.set_local("2026-12-20 20:01");
        drop(keeper.open(&vote).expect(200));
        town.tells_owners();
        assert!(told(&mut she).contains("表决结果出来了：更换电梯"), "{}: {}", town.engine, told(&mut she));
        assert!(!told(&mut stranger).contains("更换电梯"), "{}", town.engine);
        town.verify();
    }
}

/// Links very many more owners with a vote, each by an account of her own.
fn many_more(town: &Town, vote: &str, more: i64) {
    let vote: Uuid = vote.rsplit('/').next().unwrap().parse().unwrap();
    let link = move |tx: &mut dyn Tx| {
        // asks all districts: a story does not say which one keeps the vote
        let sql = "select district from property_vote where id = $1";
        let district: i64 = store::scalar(tx, sql, &args![vote])?.unwrap();
        for number in 1_000..1_000 + more {
            let (head, account) = (Uuid::now_v7(), Uuid::now_v7());
            let sql = "insert into property_head (district, id, compound, kind, code, account) \
                       values ($1, $2, 1, 'owners', '', $3)";
            tx.put(sql, &args![district, head, account])?;
            let sql = "insert into property_right (district, vote, number, head, units, unit_count, area_cm2, asked) \
                       values ($1, $2, $3, $4, '', 1, 1, 0)";
            tx.put(sql, &args![district, vote, number, head])?;
        }
        Ok::<_, StoreError>(())
    };
    town.store().write_blocking(link).unwrap();
}

/// How many rows a question counts.
fn counted(town: &Town, sql: &'static str) -> i64 {
    let read = move |tx: &mut dyn Tx| Ok::<_, StoreError>(store::scalar(tx, sql, &args![])?.unwrap());
    town.store().read_blocking(read).unwrap()
}

#[test]
fn very_many_owners_are_told_batch_by_batch_each_once() {
    let called = "select count(*) from jobs_notice where template = 'property-notice-vote-called'";
    let opened = "select count(*) from jobs_notice where template = 'property-notice-vote-opened'";
    let batches = "select count(*) from jobs_job where kind = 'property.tell' and done_at is not null";
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        let owners = 2 * house::BATCH + 1;
        many_more(&town, &vote, owners);
        assert_eq!(counted(&town, called), 0, "{}: the call does not wait for them", town.engine);
        town.tells_owners();
        assert_eq!((counted(&town, called), counted(&town, batches)), (owners, 3), "{}", town.engine);
        town.clock.set_local("2026-12-08 09:00");
        town.tells_owners();
        opens(&town, &vote);
        town.tells_owners();
        assert_eq!((counted(&town, opened), counted(&town, batches)), (owners, 5), "{}", town.engine);
    }
}

/// What the log keeps of what was done, by its kind.
fn logged(town: &Town, kind: &'static str) -> String {
    let read = move |tx: &mut dyn Tx| {
        // asks all districts: what is looked for may stand anywhere
        let rows = tx.rows("select payload from store_event where kind = $1", &args![kind])?;
        let payloads: Result<Vec<String>, StoreError> = rows.iter().map(|row| row.get(0)).collect();
        Ok::<_, StoreError>(payloads?.concat())
    };
    town.store().read_blocking(read).unwrap()
}

#[test]
fn the_log_says_which_fields_changed_and_nothing_that_stands_there() {
    for town in Town::each() {
        let mut secretary = town.staff("secretary", "secretary_community", &town.named(PLACE), None);
        let page = entered(&mut secretary, "owners", "翠湖业主委员会");
        let form = deed(&page, "change").set("telephone", "024-24680135").set("address", "翠湖小区一号门");
        drop(secretary.submit(form).expect(200));
        let log = logged(&town, "bodies.changed");
        assert!(log.contains("telephone") && log.contains("address"), "{}: {log}", town.engine);
        assert!(!log.contains("24680135") && !log.contains("翠湖小区一号门"), "{}: {log}", town.engine);
        let mut keeper = town.staff("keeper", "organiser_district", &town.named("大东区"), None);
        let new = "/property/companies/new";
        let form = keeper.open(new).expect(200).form(new).set("company_name", "安居物业").set("party", "none");
        let form = form.set("credit_code", "91350100M000100Y43").set("hotline", "024-11223344");
        let company = keeper.submit(form).expect(200).address;
        let edit = format!("{company}/edit");
        let form = keeper.open(&edit).expect(200).form(&edit).set("hotline", "024-55667788");
        drop(keeper.submit(form).expect(200));
        let log = logged(&town, "property.company_registered") + &logged(&town, "property.company_changed");
        assert!(log.contains("hotline") && !log.contains("11223344") && !log.contains("55667788"), "{log}");
        town.verify();
    }
}
