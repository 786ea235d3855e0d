//! This story is about the reports of a demonstration: they show every state, what comes back to the same spot, what
//! others met with, and what is late.

use std::collections::BTreeSet;

use city_stories::Town;
use house::Stage;
use store::StoreError;

const STREET: &str = "南湖街道";
const COMMUNITY: &str = "文安路社区";
const STATES: [&str; 16] = [
    "above",
    "asked",
    "asked_back",
    "asking_time",
    "asking_to_shelve",
    "closed",
    "disputed",
    "filed",
    "handled",
    "handling",
    "merged",
    "not_a_case",
    "not_there",
    "queried",
    "reported",
    "shelved",
];

#[test]
fn a_demonstration_has_reports_in_every_state_that_come_back_and_are_late() {
    for town in Town::each() {
        let (district, street) = (town.named("和平区"), town.named(STREET));
        town.account("demo.street", "宋春梅", "street_handler", &street, Some("street"));
        town.account("demo.clean", "吴志刚", "district_handler", &district, Some("sanitation"));
        drop(town.lays_ground(std::slice::from_ref(&street), 5));
        let now = town.clock.now();
        let (today, worker, mediator) = (town.city.hall.day(now), None, None);
        let stage = Stage { now, today, district: "和平区", street: STREET, community: COMMUNITY, worker, mediator };
        let desk = town.city.house.get::<grid::Grid>().unwrap();
        grid::demonstration::fill(&desk, &stage).unwrap();

        let read = town.store().read_blocking(|tx| {
            let sql = "select distinct state from cases_case where procedure = 'report'";
            let states = tx.rows(sql, &[])?.iter().map(|row| row.get(0)).collect::<Result<BTreeSet<String>, _>>()?;
            let counted: Option<i64> = store::scalar(tx, "select count(*) from grid_report", &[])?;
            let met: Option<i64> = store::scalar(tx, "select max(met) from grid_report", &[])?;
            Ok::<_, StoreError>((states, counted, met))
        });
        town.works();
        let (states, counted, met) = read.unwrap();
        assert_eq!(states, BTreeSet::from(STATES.map(str::to_owned)), "{}: every state", town.engine);
        assert!(counted.is_some_and(|counted| (55..=85).contains(&counted)), "{}: {counted:?}", town.engine);
        assert_eq!(met, Some(3), "{}: others met with some of them", town.engine);

        let mut leader = town.staff("demo.chief", "secretary_street", &street, None);
        let hurts = leader.open("/report/hurts").expect(200).words();
        for nothing in ["没有同一处反复的", "没有退回过的", "没有超期的"] {
            assert!(!hurts.contains(nothing), "{}: {nothing}: {hurts}", town.engine);
        }
        let own = town.named(COMMUNITY);
        let mut secretary = town.staff("demo.secretary", "secretary_community", &own, None);
        let figures = secretary.open("/report/figures").expect(200).words();
        assert!(!figures.contains("立案率 0.00 %"), "{}: {figures}", town.engine);
        // Whoever tries out her own work finds something in each of her lists, of several kinds.
        let mut worker = town.staff("demo.worker", "community_worker", &own, None);
        for list in ["look", "send", "time", "shelve", "answer", "check"] {
            let words = worker.open(&format!("/report/work?list={list}")).expect(200).words();
            assert!(!words.contains("现在没有"), "{}: {list}: {words}", town.engine);
        }
        let told: serde_json::Value =
            serde_json::from_slice(&worker.get("/field/tasks.json").expect(200).bytes).unwrap();
        let tasks = told["tasks"].as_array().map(Vec::len);
        assert!(tasks.is_some_and(|tasks| (6..=12).contains(&tasks)), "{}: {told}", town.engine);
        town.verify();
    }
}
