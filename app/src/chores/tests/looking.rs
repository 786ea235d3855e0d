//! Whoever wants it is told that somebody looked at her data, once a day at most.

use super::*;

const LOOKED: &str = "cases-notice-looked";

#[test]
fn an_applicant_who_wants_it_is_told_of_looks_once_a_day() {
    for house in House::each_with_gateway() {
        let account = Uuid::now_v7();
        let case = house.opened(1, Some(account));
        let (shard, id, first) = (district(&case), case.id.0, house.clock.now());
        let looked = |by: Option<Uuid>| {
            let (desk, now) = (house.city.cases.clone(), house.clock.plus_seconds(60));
            let done = house.store.write_blocking(move |tx| {
                let known = desk.known(tx, shard, id)?;
                let look =
                    vault::Look { account: by, ..vault::Look::platform("办理这件事", &known.case.number, now) };
                desk.hall.vault.looked(tx, shard, known.record()?, &look)?;
                Ok::<_, Fault>(())
            });
            done.unwrap();
        };
        let told = || {
            house.does_chore("cases.tell_looks", serde_json::json!({}));
            let outside = house.store.read_blocking(|tx| {
                let sql = "select count(*) from jobs_notice where template = $1 and channel = 'webhook'";
                store::scalar::<i64>(tx, sql, &store::args![LOOKED])
            });
            let inside = house.told(&Recipient::Account(account)).iter().filter(|text| *text == LOOKED).count();
            (inside, outside.unwrap().unwrap_or_default())
        };
        let wishes = |told: bool| {
            let case = cases::Key { district: shard, id };
            house.store.write_blocking(move |tx| cases::set_told_of_looks(tx, &case, told, first)).unwrap();
        };
        let staff = Some(Uuid::now_v7());
        looked(staff);
        assert_eq!(told(), (0, 0), "{}: nobody is told who did not ask for it", house.store.name);
        wishes(true);
        assert_eq!(told(), (1, 1), "{}", house.store.name);
        looked(staff);
        looked(staff);
        assert_eq!(told(), (1, 1), "{}: once a day", house.store.name);
        house.clock.plus_days(1);
        assert_eq!(told(), (2, 2), "{}: the rest on the next day", house.store.name);
        house.clock.plus_days(1);
        looked(None);
        looked(Some(account));
        assert_eq!(told(), (2, 2), "{}: neither the platform's looks nor her own", house.store.name);
        looked(staff);
        assert_eq!(told(), (3, 3), "{}", house.store.name);
        wishes(false);
        house.clock.plus_days(1);
        looked(staff);
        assert_eq!(told(), (3, 3), "{}: she took it back", house.store.name);
    }
}

#[test]
fn a_batch_tells_each_of_its_cases_and_one_that_cannot_be_read_holds_up_no_other() {
    for house in House::each() {
        let accounts = [(); 3].map(|()| Uuid::now_v7());
        let cases: Vec<Case> = (1..).zip(accounts).map(|(seed, account)| house.opened(seed, Some(account))).collect();
        let (now, later) = (house.clock.now(), house.clock.plus_seconds(60));
        for case in &cases {
            let (desk, shard, id) = (house.city.cases.clone(), district(case), case.id.0);
            let done = house.store.write_blocking(move |tx| {
                cases::set_told_of_looks(tx, &cases::Key { district: shard, id }, true, now)?;
                let known = desk.known(tx, shard, id)?;
                let staff = Some(Uuid::now_v7());
                let look = vault::Look {
                    account: staff,
                    ..vault::Look::platform("办理这件事", &known.case.number, later)
                };
                desk.hall.vault.looked(tx, shard, known.record()?, &look)?;
                Ok::<_, Fault>(())
            });
            done.unwrap();
        }
        let (shard, broken) = (district(&cases[1]), cases[1].id.0);
        let change = "update cases_fold set folded = 'x' where district = $1 and id = $2";
        house.store.write_blocking(move |tx| tx.exec(change, &store::args![shard, broken])).unwrap();
        for _ in 0..2 {
            house.does_chore("cases.tell_looks", serde_json::json!({}));
        }
        let told = accounts
            .map(|account| house.told(&Recipient::Account(account)).iter().filter(|text| *text == LOOKED).count());
        assert_eq!(told, [1, 0, 1], "{}", house.store.name);
    }
}
