//! These stories are about those who look after the platform and after personal data: the operator with the background
//! work, and the protection officer with who looked at whose data.

use city_stories::Town;
use jobs::NewJob;
use serde_json::json;

#[test]
fn the_operator_sees_why_a_job_was_given_up_and_tries_again_or_drops_it() {
    for town in Town::each() {
        let now = town.clock.now();
        let job = |key: &str| NewJob::new("exchange.send", key, json!({}), now);
        let (first, second) = (job("a-given-up"), job("b-given-up"));
        let (again, dropped) = (first.id, second.id);
        let given_up = town.store().write_blocking(move |tx| {
            for job in [&first, &second] {
                jobs::enqueue(tx, job)?;
                let args = store::args![now, "连不上对方", job.id];
                tx.exec("update jobs_job set failed_at = $1, last_error = $2, attempts = 8 where id = $3", &args)?;
            }
            Ok::<_, store::StoreError>(())
        });
        given_up.unwrap();
        let mut operator = town.staff("jobs.operator", "operator", &town.named("沈阳市"), None);
        assert!(operator.open("/work").expect(200).links().contains(&"/jobs".to_owned()), "{}", town.engine);
        let page = operator.open("/jobs").expect(200);
        assert!(page.words().contains("连不上对方") && page.words().contains("exchange.send"), "{}", page.words());
        let page = operator.submit(page.form(&format!("/jobs/{again}/again"))).expect(200);
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
    }
}
