//! This story is about three-party tables that nobody calls and commitments that nobody settles: first the community's
//! secretary is told, some days later the street, each of them once in a month, and the page says so.

use city_stories::{Browser, PASSWORD, Town};
use jobs::Job;
use serde_json::json;
use uuid::Uuid;

use crate::companies::{COMMUNITY, called, form_at, form_behind, serving};

const TABLE: &str = "property-notice-table";
const PROMISE: &str = "property-notice-promise";

/// The morning's reminders of a day, as the server sends them by itself.
fn morning(town: &Town, day: &str) {
    town.clock.set_local(&format!("{day} 08:30"));
    let now = town.clock.now();
    for chore in town.city.work.chores.iter().filter(|chore| chore.kind.starts_with("property.remind")) {
        let kind = chore.kind.to_owned();
        let job = Job { id: Uuid::now_v7(), kind, payload: json!({}), run_at: now, attempt: 1, last: false };
        (chore.handler)(&town.city.store, &job, now).unwrap();
    }
}

/// How often somebody was told by a text.
fn told(town: &Town, template: &str, account: Uuid) -> i64 {
    let sql = format!(
        "select count(*) from jobs_notice where template = '{template}' and recipient = 'account:{account}'"
    );
    town.store().read_blocking(move |tx| store::scalar::<i64>(tx, &sql, &[])).unwrap().unwrap_or_default()
}

/// Opens an account with a post. Returns it with a browser in which she is signed in.
fn on_duty(town: &Town, login: &str, role: &str, place: &str) -> (Uuid, Browser) {
    let account = town.account(login, login, role, &town.named(place), None);
    let mut browser = town.visitor();
    browser.sign_in(login, PASSWORD);
    (account, browser)
}

/// A table of 23 November at which the company promised something until 15 December. Returns its address.
fn held(town: &Town, secretary: &mut Browser) -> String {
    let table = called(town, secretary, "2026-11-23");
    let form = form_at(secretary, &format!("{table}/issue")).set("issue", "3 号楼电梯");
    drop(secretary.submit(form).expect(200));
    let form = form_behind(secretary, &table, "/commitment").set("side", "company");
    let form = form.set("commitment", "电梯修好并贴通知").set("due_on", "2026-12-15");
    drop(secretary.submit(form).expect(200));
    let form = form_at(secretary, &format!("{table}/hold")).set("minutes", "三方都到了");
    drop(secretary.submit(city_stories::chosen(form, "attended", "company")).expect(200));
    table
}

#[test]
fn a_month_without_a_table_and_an_unsettled_commitment_are_told_to_the_secretary_and_then_to_the_street() {
    for town in Town::each() {
        serving(&town);
        let (secretary, mut her) = on_duty(&town, "secretary", "secretary_community", COMMUNITY);
        let (street, mut his) = on_duty(&town, "street", "secretary_street", "南湖街道");
        let (other, _) = on_duty(&town, "other", "secretary_community", "永顺社区");
        let table = held(&town, &mut her);
        for (day, tables, promises) in [
            ("2026-12-15", [0, 0], [0, 0]),
            ("2026-12-16", [0, 0], [1, 0]),
            // Each of them once in a month, however often somebody looks.
            ("2026-12-17", [0, 0], [1, 0]),
            ("2026-12-22", [0, 0], [1, 0]),
            ("2026-12-23", [0, 0], [1, 1]),
            // The table of 23 November holds for 31 days.
            ("2026-12-24", [0, 0], [1, 1]),
            ("2026-12-25", [1, 0], [1, 1]),
            ("2026-12-31", [1, 0], [1, 1]),
            ("2027-01-01", [2, 1], [2, 2]),
            ("2027-01-02", [2, 1], [2, 2]),
        ] {
            morning(&town, day);
            for (template, expected) in [(TABLE, tables), (PROMISE, promises)] {
                let found = [secretary, street].map(|account| told(&town, template, account));
                assert_eq!(found, expected, "{}: {day}: {template}", town.engine);
                assert_eq!(told(&town, template, other), 0, "{}: {day}: {template}: elsewhere", town.engine);
            }
        }
        let community = format!("/property/tables/of/{}", town.named(COMMUNITY).id());
        for browser in [&mut her, &mut his] {
            let queue = browser.open("/queue").expect(200);
            assert!(queue.words().contains("该开三方联席"), "{}: {}", town.engine, queue.words());
            assert!(queue.links().contains(&community) && queue.links().contains(&table), "{}", town.engine);
            let words = browser.open(&community).expect(200).words();
            for said in ["有 1 项承诺过了期限", "2026年12月25日起每月提醒", "2027年1月1日起还没办的，也提醒街道"]
            {
                assert!(words.contains(said), "{}: {said}: {words}", town.engine);
            }
        }
        let words = town.visitor().open(&community).expect(200).words();
        assert!(!words.contains("每月提醒"), "{}: it is nothing for residents: {words}", town.engine);
        settled(&town, &mut her, &community, [secretary, street]);
        town.verify();
    }
}

/// A table that is called and a commitment that is settled are told no more.
fn settled(town: &Town, her: &mut Browser, community: &str, accounts: [Uuid; 2]) {
    let form = form_behind(her, community, "/settle").set("outcome", "kept");
    drop(her.submit(form).expect(200));
    drop(called(town, her, "2027-02-10"));
    morning(town, "2027-02-01");
    for account in accounts {
        let tables = told(town, TABLE, account) - i64::from(account == accounts[0]);
        assert_eq!(tables, 1, "{}: it is called", town.engine);
        assert_eq!(told(town, PROMISE, account), 2, "{}: it is settled", town.engine);
    }
    morning(town, "2027-02-11");
    assert_eq!(told(town, TABLE, accounts[0]), 3, "{}: its day passed and nobody held it", town.engine);
}
