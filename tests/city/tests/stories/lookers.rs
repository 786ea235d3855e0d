//! These stories are about those who look after the platform and after personal data: the operator with the background
//! work, and the protection officer with who looked at whose data.

use city_stories::{Resident, Story, Town, cells};
use jobs::NewJob;
use lianglin::demonstration::Seed;
use serde_json::json;

#[test]
fn the_operator_sees_why_a_job_was_given_up_and_tries_again_or_drops_it() {
    for town in Town::each() {
        let now = town.clock.now();
        let job = |key: &str| NewJob::new("exchange.deliver", key, json!({}), now);
        let (first, second) = (job("a-given-up"), job("b-given-up"));
        let (again, dropped) = (first.id, second.id);
        let given_up = town.store().write_blocking(move |tx| {
            for job in [&first, &second] {
                jobs::enqueue(tx, job)?;
                let args = store::args![now, "connection", job.id];
                tx.exec("update jobs_job set failed_at = $1, last_error = $2, attempts = 8 where id = $3", &args)?;
            }
            Ok::<_, store::StoreError>(())
        });
        given_up.unwrap();
        let mut operator = town.staff("jobs.operator", "operator", &town.named("沈阳市"), None);
        assert!(operator.open("/work").expect(200).links().contains(&"/jobs".to_owned()), "{}", town.engine);
        let page = operator.open("/jobs").expect(200);
        assert!(page.words().contains("连不上对方") && page.words().contains("给其他系统发消息"), "{}", page.words());
        for raw in ["connection", "exchange.deliver"] {
            assert!(!page.words().contains(raw), "{}: {raw}: {}", town.engine, page.words());
        }
        let page = operator.submit(page.form(&format!("/jobs/{again}/again"))).expect(200);
        assert!(page.words().contains("已排队，马上再试"), "{}: {}", town.engine, page.words());
        assert!(!operator.open("/jobs").expect(200).words().contains("已排队"), "{}: it is told once", town.engine);
        let page = operator.submit(page.form(&format!("/jobs/{dropped}/drop"))).expect(200);
        assert!(page.words().contains("没有放弃的任务"), "{}", page.words());
        assert_eq!(operator.post(&format!("/jobs/{dropped}/again"), &[]).status, 404, "dropped is dropped");
        let left = town.store().read_blocking(move |tx| jobs::counts(tx, now)).unwrap();
        assert_eq!(left.failed, 0, "{}", town.engine);

        let mut elsewhere = town.staff("jobs.elsewhere", "operator", &town.named("沈河区"), None);
        let page = elsewhere.open("/jobs").expect(200);
        assert!(page.forms().iter().all(|form| !form.action.starts_with("/jobs/")), "jobs are the whole city's");
        assert_eq!(elsewhere.post(&format!("/jobs/{again}/drop"), &[]).status, 403);
        let mut worker = town.staff("jobs.worker", "community_worker", &town.named("文安路社区"), None);
        assert_eq!(worker.get("/jobs").status, 403);
        town.verify();

        let waits = NewJob::planned("exchange.deliver", "c-waits", json!({}), town.clock.now());
        assert_eq!(town.store().write_blocking(move |tx| jobs::enqueue(tx, &waits)), Ok(true));
        town.clock.plus_seconds(2 * 3_600);
        let words = operator.open("/jobs").expect(200).words();
        assert!(words.contains("到时间超过 5 分钟的") && words.contains("做不过来"), "{}: {words}", town.engine);
    }
}

#[test]
fn every_job_is_told_in_words() {
    for town in Town::each() {
        let now = town.clock.now();
        let chores = town.city.work.chores.iter().map(|chore| chore.kind);
        let kinds: Vec<&str> = chores.chain(["app.erase_expired", "app.follow_places", "jobs.deliver"]).collect();
        assert!(kinds.len() > 20, "{kinds:?}");
        let given_up: Vec<NewJob> =
            kinds.iter().map(|kind| NewJob::new(kind, format!("{kind}:told"), json!({}), now)).collect();
        let kept = town.store().write_blocking(move |tx| {
            for job in &given_up {
                jobs::enqueue(tx, job)?;
                tx.exec("update jobs_job set failed_at = $1 where id = $2", &store::args![now, job.id])?;
            }
            Ok::<_, store::StoreError>(())
        });
        kept.unwrap();
        let mut operator = town.staff("jobs.reader", "operator", &town.named("沈阳市"), None);
        for language in ["zh-CN", "en"] {
            let words = operator.open(&format!("/jobs?lang={language}")).expect(200).words();
            for kind in &kinds {
                assert!(!words.contains(kind), "{}: {language}: {kind}", town.engine);
            }
        }
    }
}

/// Gives the handler the looks of a long day, at so many people, and returns her account.
fn busy(town: &Town, persons: i64) -> uuid::Uuid {
    let (desk, now) = (town.city.cases.clone(), town.clock.now());
    let looked = town.store().write_blocking(move |tx| {
        let sql = "select account from vault_access where name = $1 limit 1";
        let account = store::scalar::<uuid::Uuid>(tx, sql, &store::args!["孙海燕"])?.ok_or(hall::Fault::NotFound)?;
        let district = desk.hall.places.tree().root().map(|place| place.id).ok_or(hall::Fault::NotFound)?;
        for at in 0..persons {
            let look = vault::Look { account: Some(account), ..vault::Look::platform("办理这件事", "1", now) };
            let record = uuid::Uuid::from_u128(0x5EE0_0000 + u128::try_from(at).unwrap_or_default());
            desk.hall.vault.looked(tx, district, record, &look)?;
        }
        Ok::<_, hall::Fault>(account)
    });
    looked.unwrap()
}

#[test]
fn above_the_measure_of_a_day_a_second_person_confirms() {
    for town in Town::each() {
        let mut story = Story::new(&town, 405);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 looks for 核对年龄
            ",
        );
        story.resident = Resident::next(&mut Seed::new(406));
        story.tell("王晓燕 takes MZ-11 for a resident of 华炉社区");
        let most = town.city.cases.hall.figure(hall::PERSONS_A_DAY, town.clock.now()).unwrap();
        let account = busy(&town, most - 1);
        let person = format!("/cases/{}/person", story.number);
        let looks = town.counts().looks;
        let refused = story.at("孙海燕").post(&person, &[("purpose", "handling")]).expect(422);
        assert!(refused.words().contains("个人信息保护负责人"), "{}", refused.words());
        assert_eq!(town.counts().looks, looks, "{}: nobody has looked", town.engine);

        let mut officer = town.staff("measure.officer", "protection_officer", &town.named("沈阳市"), None);
        let confirm = format!("/accesses/{account}/more");
        let page = officer.open("/accesses").expect(200);
        let form = page.form(&confirm);
        let page = officer.submit(form.clone()).expect(200);
        assert!(page.forms().iter().all(|form| form.action != confirm), "{}", page.words());
        drop(officer.submit(form).expect(200));
        assert_eq!(story.at("孙海燕").post(&confirm, &[]).status, 403);
        drop(story.at("孙海燕").post(&person, &[("purpose", "handling")]).expect(200));
        assert_eq!(town.counts().looks, looks + 1);

        let hers = officer.open(&format!("/accesses?who={account}")).expect(200);
        assert!(hers.words().contains("这个人近两周"), "{}", hers.words());
        assert!(hers.words().contains("孙海燕") && !hers.words().contains("王晓燕"), "{}", hers.words());
        let older = hers.links().into_iter().find(|link| link.contains("after=")).unwrap();
        drop(officer.open(&older).expect(200));
        let sheet = cells(&officer.get(&format!("/accesses?who={account}&format=xlsx")).expect(200).bytes);
        assert!(sheet.contains(&story.number), "{}: the file has every look", town.engine);
        let empty = officer.open(&format!("/accesses?place={}", town.named("沈河区").id())).expect(200);
        assert!(empty.words().contains("这一天没有人看过个人信息"), "{}", empty.words());
        town.verify();
    }
}
