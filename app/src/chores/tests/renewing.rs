//! Whoever holds the code of a receipt is told when it was renewed, also if she chose to look herself.

use super::*;

const RENEWED: &str = "cases-notice-renewed";

#[test]
fn whoever_holds_a_code_is_told_that_it_was_renewed() {
    for house in House::each_with_gateway() {
        let account = Uuid::now_v7();
        let case = house.opened(1, Some(account));
        let (shard, id, now) = (district(&case), case.id.0, house.clock.now());
        let key = cases::Key { district: shard, id };
        house.store.write_blocking(move |tx| cases::set_quiet(tx, &key, true, now)).unwrap();
        house.runner().run_due().unwrap();
        let community = case.residence().clone();
        for _ in 0..2 {
            let (desk, actor) = (house.city.cases.clone(), worker(&community, None));
            let renewed = house.store.write_blocking(move |tx| {
                let known = desk.known(tx, shard, id)?;
                let renewing =
                    cases::Renewing {
                        actor: &actor, place: "文安路社区", purpose: "换新查询码", once: "renew", now
                    };
                desk.renew_code(tx, &known, known.record()?, &renewing)
            });
            assert!(renewed.unwrap().is_some(), "{}", house.store.name);
            house.runner().run_due().unwrap();
        }
        let inside = house.inbox(&Recipient::Account(account));
        let inside: Vec<&Notice> = inside.iter().filter(|notice| notice.template == RENEWED).collect();
        assert_eq!(inside.len(), 1, "{}: sent twice, told once", house.store.name);
        let told = house.store.read_blocking(|tx| {
            let sql = "select id from jobs_notice where template = $1 and channel = 'webhook'";
            let id = store::scalar::<Uuid>(tx, sql, &store::args![RENEWED])?;
            let id = id.ok_or_else(|| StoreError::data("nobody is told"))?;
            jobs::notice(tx, id)?.ok_or_else(|| StoreError::data("no notice"))
        });
        let envelope =
            super::super::delivery::resolve(&house.city, &house.store, &told.unwrap(), now).unwrap().unwrap();
        for part in [case.number.as_str(), "11月23日", "文安路社区", "不是您本人"] {
            assert!(envelope.text.contains(part), "{}: {}", house.store.name, envelope.text);
        }
    }
}
