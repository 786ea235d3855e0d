//! These stories are about work in the field: what phones send comes once, in whatever order; what two people changed
//! is shown to somebody field by field; what is refused stays until somebody acts; nothing follows whoever walks.

use city_stories::{Browser, PICTURE, Town, chosen};
use serde_json::{Value, json};
use testkit::{Form, Reply};
use uuid::Uuid;

pub(super) const PLACE: &str = "华炉社区";
/// Two halves of what stands for a photo, and the SHA-256 of all of it.
pub(super) const HALVES: [&[u8]; 2] = [b"first half, ", b"second half"];
pub(super) const DIGEST: &str = "8b4756ee8369020609b69fad9fc7e13db5500dbfd410b70e50a4d2a03e37c7bc";

/// The pieces of photos that are kept as they came.
const KEPT: &str = "select photo from grid_field_piece";
/// The SHA-256 of the picture.
pub(super) const OF_PICTURE: &str = "2e9b06dc65a4dec84a3eb3124553ec93ca27c78221e64ab2177d0f1412cfcb20";

pub(super) fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

/// Sends an entry as a phone does, and returns what it is told.
pub(super) fn enters(worker: &mut Browser, entry: &Value) -> Value {
    let reply = worker.post("/field/entries", &[("entry", &entry.to_string())]).expect(200);
    serde_json::from_str(&reply.body()).unwrap()
}

/// Sends a piece of a photo.
pub(super) fn piece(worker: &mut Browser, entry: &str, photo: &str, at: usize, bytes: &[u8]) -> Reply {
    drop(worker.open("/field/open").expect(200));
    let action = format!("/field/photos/{photo}?entry={}&at={at}", entry.replace('/', "%2F"));
    let form = Form { action, method: "post".to_owned(), ..Form::default() };
    worker.uploads(&form, &[("piece", "piece", bytes)])
}

pub(super) fn told(reply: Reply) -> Value {
    serde_json::from_str(&reply.expect(200).body()).unwrap()
}

pub(super) fn tasks(worker: &mut Browser) -> Value {
    serde_json::from_str(&worker.open("/field/tasks.json").expect(200).body()).unwrap()
}

pub(super) fn found(number: u128, town: &Town, photos: &Value) -> Value {
    let at = format!("p:{}", town.named(PLACE).id());
    json!({ "id": id(number), "kind": "report", "condition": "event/0102/heap", "at": at, "words": "", "photos": photos })
}

/// A resident reports, and the worker reads it among her tasks.
pub(super) fn reported(town: &Town, worker: &mut Browser, what: &str, kind: &str) -> Value {
    let mut she = town.visitor();
    drop(she.open("/report/new").expect(200));
    let form = |she: &Browser, screen: &str| {
        she.page().forms().into_iter().find(|form| form.get("screen") == Some(screen)).unwrap()
    };
    let said = form(&she, "say").set("what", what).set("where", PLACE);
    drop(she.submit(said).expect(200));
    let which = form(&she, "which").set("kind", kind);
    drop(she.submit(which).expect(200));
    let send = form(&she, "send");
    let receipt = she.submit(send).expect(200);
    let number = receipt.address.trim_start_matches("/receipt/").to_owned();
    let list = tasks(worker);
    let task = list["tasks"].as_array().unwrap().iter().find(|task| task["number"] == number.as_str());
    task.unwrap_or_else(|| panic!("{number} is no task: {list}")).clone()
}

pub(super) fn act(number: u128, before: Option<u128>, task: &Value, saw: &str, action: &str) -> Value {
    json!({
        "id": id(number), "before": before.map(id), "kind": "act", "case": task["id"], "version": task["version"],
        "saw": saw, "action": action, "fields": {},
    })
}

pub(super) fn state(town: &Town, task: &Value) -> String {
    let (desk, number) = (town.city.cases.clone(), task["number"].as_str().unwrap().to_owned());
    town.store().read_blocking(move |tx| desk.known_number(tx, &number)).unwrap().case.state
}

#[test]
fn a_report_counts_with_its_last_photo_and_comes_once() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let before = town.counts();
        let photos = json!([{ "id": id(11), "bytes": 23, "digest": DIGEST }]);
        let mut entry = found(1, &town, &photos);
        entry["words"] = json!("桶边又堆上了");
        let line = enters(&mut zhao, &entry);
        assert_eq!((line["state"].as_str(), line["photos"][0]["have"].as_i64()), (Some("photos"), Some(0)));
        assert_eq!(town.counts().cases, before.cases, "{}: no case without its photo", town.engine);
        let key = line["key"].as_str().unwrap().to_owned();
        assert_eq!(told(piece(&mut zhao, &key, &id(11), 0, HALVES[0]))["have"], 12);
        // The line was cut before the answer came: the same piece again, and one that leaves a gap.
        assert_eq!(told(piece(&mut zhao, &key, &id(11), 0, HALVES[0]))["have"], 12);
        assert_eq!(told(piece(&mut zhao, &key, &id(11), 20, HALVES[1]))["have"], 12);
        assert_eq!(enters(&mut zhao, &entry)["photos"][0]["have"], 12, "it says where to go on");
        // What came damaged begins anew.
        let damaged = told(piece(&mut zhao, &key, &id(11), 12, b"second hal!"));
        assert_eq!((&damaged["have"], &damaged["damaged"]), (&json!(0), &json!(true)));
        assert_eq!(piece(&mut zhao, &key, &id(11), 0, &[7; 24]).status, 422, "longer than the photo");
        drop(piece(&mut zhao, &key, &id(11), 0, HALVES[0]).expect(200));
        let whole = told(piece(&mut zhao, &key, &id(11), 12, HALVES[1]));
        assert_eq!(whole["entry"]["state"], "done", "{}: {whole}", town.engine);
        let number = whole["entry"]["number"].as_str().unwrap().to_owned();
        assert!(number.contains("-W"), "{number}");
        let again = enters(&mut zhao, &entry);
        assert_eq!((again["state"].as_str(), again["number"].as_str()), (Some("done"), Some(number.as_str())));
        assert_eq!(town.counts().cases, before.cases + 1, "{}: sent twice, done once", town.engine);
        drop(zhao.open(&format!("/cases/{number}")).expect(200));

        let other = json!({ "id": id(1), "kind": "report", "condition": "component/0118/out", "at": entry["at"] });
        let reply = zhao.post("/field/entries", &[("entry", &other.to_string())]);
        assert_eq!(reply.status, 422, "another entry under the same identity");
        let mut wu = town.staff("wujing", "community_worker", &town.named(PLACE), None);
        assert_eq!(piece(&mut wu, &key, &id(11), 0, HALVES[0]).status, 404, "it is not her phone's");
        let list = wu.open("/field").expect(200).words();
        assert!(list.contains("发现时写的：桶边又堆上了"), "{}: no resident said it: {list}", town.engine);
        town.verify();
    }
}

#[test]
fn photos_from_the_field_come_to_their_report_once() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let photos = json!([{ "id": id(11), "bytes": PICTURE.len(), "digest": OF_PICTURE }]);
        let line = enters(&mut zhao, &found(1, &town, &photos));
        let key = line["key"].as_str().unwrap().to_owned();
        let whole = told(piece(&mut zhao, &key, &id(11), 0, PICTURE));
        assert_eq!(whole["entry"]["state"], "done", "{}: {whole}", town.engine);
        let page = format!("/cases/{}/photos", whole["entry"]["number"].as_str().unwrap());
        assert!(zhao.open(&page).expect(200).words().contains("没有照片"), "{}: not yet", town.engine);
        town.clock.plus_seconds(600);
        town.hears();
        let (desk, number) = (town.city.cases.clone(), whole["entry"]["number"].as_str().unwrap().to_owned());
        let came = town.store().read_blocking(move |tx| {
            let known = desk.known_number(tx, &number)?;
            let photos = grid::records::photo::of_case(tx, known.key().district, known.key().id)?;
            Ok::<_, hall::Fault>((photos[0].at, known.case.opened_at))
        });
        let (at, opened_at) = came.unwrap();
        assert_eq!(at, opened_at, "{}: it shows what was found, and no work, however late it comes", town.engine);
        let shown = zhao.open(&page).expect(200).words();
        assert!(shown.contains("第 1 张") && shown.contains("zhaoli 添加"), "{}: {shown}", town.engine);
        assert_eq!(enters(&mut zhao, &found(1, &town, &photos))["state"], "done", "the phone asks again");
        town.hears();
        assert!(!zhao.open(&page).expect(200).words().contains("第 2 张"), "{}", town.engine);
        // A step of a case brings its photos too.
        let task = reported(&town, &mut zhao, "垃圾", "event/0102/heap");
        let mut step = act(2, None, &task, "reported", "file");
        step["photos"] = json!([{ "id": id(12), "bytes": PICTURE.len(), "digest": OF_PICTURE, "shows": "before" }]);
        assert_eq!(task["actions"][0]["photos"][0][0], "place", "{}: what its photos show: {task}", town.engine);
        let key = enters(&mut zhao, &step)["key"].as_str().unwrap().to_owned();
        let sent_at = town.clock.plus_seconds(600);
        assert_eq!(told(piece(&mut zhao, &key, &id(12), 0, PICTURE))["entry"]["state"], "done");
        town.clock.plus_seconds(600);
        town.hears();
        let page = format!("/cases/{}/photos", task["number"].as_str().unwrap());
        let shown = zhao.open(&page).expect(200).words();
        assert!(shown.contains("zhaoli 添加"), "{}: {shown}", town.engine);
        let (desk, number) = (town.city.cases.clone(), task["number"].as_str().unwrap().to_owned());
        let kept = town.store().read_blocking(move |tx| {
            let key = desk.known_number(tx, &number)?.key();
            let photos = grid::records::photo::of_case(tx, key.district, key.id)?;
            Ok::<_, hall::Fault>((photos[0].shows.clone(), photos[0].at))
        });
        let (side, at) = kept.unwrap();
        assert_eq!(side.as_deref(), Some("before"), "{}: as the phone said", town.engine);
        assert_eq!(at, sent_at, "{}: neither when somebody reported it nor when it came to the report", town.engine);
        town.verify();
    }
}

#[test]
fn a_photo_that_is_too_large_for_the_report_is_kept_and_the_history_says_so() {
    for town in Town::each_figured(&[("papers.image_pixels", 0)]) {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let photos = json!([{ "id": id(11), "bytes": PICTURE.len(), "digest": OF_PICTURE }]);
        let key = enters(&mut zhao, &found(1, &town, &photos))["key"].as_str().unwrap().to_owned();
        let whole = told(piece(&mut zhao, &key, &id(11), 0, PICTURE));
        assert_eq!(whole["entry"]["state"], "done", "{}: {whole}", town.engine);
        town.hears();
        let page = format!("/cases/{}/photos", whole["entry"]["number"].as_str().unwrap());
        assert!(zhao.open(&page).expect(200).words().contains("没有照片"), "{}", town.engine);
        let open = zhao.open("/field/open").expect(200).words();
        assert!(open.contains("有照片太大"), "{}: {open}", town.engine);
        let kept = town.store().read_blocking(|tx| Ok::<_, store::StoreError>(tx.rows(KEPT, &[])?.len())).unwrap();
        assert_eq!(kept, 1, "{}: what came stays as it came", town.engine);
        assert_eq!(town.hears(), 0, "{}: nobody tries again", town.engine);
        town.verify();
    }
}

#[test]
fn steps_come_in_any_order_and_what_others_did_meanwhile_is_shown() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let task = reported(&town, &mut zhao, "楼下垃圾没人收", "event/0102/heap");
        let list = zhao.open("/field").expect(200);
        let number = task["number"].as_str().unwrap();
        for expected in ["暴露垃圾 · 垃圾成堆", "反映人说：", "楼下垃圾没人收", "办到什么样算好：", number]
        {
            assert!(list.words().contains(expected), "{expected}: {}", list.words());
        }
        assert!(task["actions"].as_array().unwrap().iter().any(|action| action["name"] == "file"), "{task}");

        // The second step comes first, and waits for the one before it.
        let later = act(2, Some(1), &task, "filed", "dispatch");
        assert_eq!(enters(&mut zhao, &later)["state"], "parked");
        assert_eq!(state(&town, &task), "reported");
        assert_eq!(enters(&mut zhao, &act(1, None, &task, "reported", "file"))["state"], "done");
        assert_eq!(
            (state(&town, &task).as_str(), enters(&mut zhao, &later)["state"].as_str()),
            ("handling", Some("done"))
        );

        // A colleague without a line did the same, and something else.
        let mut wu = town.staff("wujing", "community_worker", &town.named(PLACE), None);
        let other = reported(&town, &mut zhao, "路灯不亮", "component/0118/out");
        assert_eq!(enters(&mut zhao, &act(3, None, &other, "reported", "file"))["state"], "done");
        assert_eq!(enters(&mut wu, &act(4, None, &other, "reported", "file"))["state"], "done", "equal edits agree");
        let mut declined = act(5, None, &other, "reported", "decline");
        declined["fields"] = json!({ "reason": "归高速公路管" });
        assert_eq!(enters(&mut wu, &declined)["state"], "conflict");
        assert_eq!(state(&town, &other), "filed", "{}: nothing is overwritten", town.engine);

        // It stays on her phone and on the page of whoever supervises, until somebody acts.
        let listed = tasks(&mut wu);
        assert_eq!(listed["entries"][0]["id"], id(5).as_str(), "{listed}");
        let mut lin = town.staff("linhua", "secretary_community", &town.named(PLACE), None);
        let page = lin.open("/field/open").expect(200);
        for expected in ["不属于受理范围", "已立案，待派遣", "已收到，待核查", "归高速公路管", "wujing"]
        {
            assert!(page.words().contains(expected), "{expected}: {}", page.words());
        }
        let form = page.forms().into_iter().find(|form| form.get("take-state") == Some("theirs")).unwrap();
        assert!(page.words().contains("wujing在手机上写的（11月23日送到）"), "{}", page.words());
        assert!(page.words().contains("现在的（zhaoli 2026年11月23日 10:"), "{}", page.words());
        assert!(page.words().contains("“不属于受理范围”这一步不能再办了"), "{}", page.words());
        assert!(page.words().contains("手机记下时，办件有"), "{}: on which version it was made", page.words());
        assert!(!page.body().contains("value=\"mine\""), "{}: what cannot be is not offered", town.engine);
        let key = form.get("entry").unwrap().to_owned();
        let undecided = lin.post("/field/open", &[("entry", key.as_str()), ("deed", "decide")]);
        assert_eq!(undecided.status, 422, "{}: nothing is chosen for anybody", town.engine);
        drop(lin.submit(chosen(form, "deed", "decide")).expect(200));
        assert!(!lin.page().words().contains("归高速公路管"), "{}", lin.page().words());
        let (words, number) = (lin.page().words(), other["number"].as_str().unwrap());
        assert!(words.contains("已定：用现在的"), "{}: what was decided is said: {words}", town.engine);
        assert!(lin.page().links().iter().any(|link| link.ends_with(number)), "{}: of which case", town.engine);
        assert_eq!(enters(&mut wu, &declined)["state"], "over");
        assert_eq!(state(&town, &other), "filed");
        town.verify();
    }
}

#[test]
fn a_photo_of_a_step_that_came_too_late_stays_with_the_case() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let task = reported(&town, &mut zhao, "垃圾", "event/0102/heap");
        let mut late = act(1, None, &task, "reported", "file");
        late["fields"] = json!({ "seen": "there" });
        late["photos"] = json!([{ "id": id(12), "bytes": PICTURE.len(), "digest": OF_PICTURE }]);
        let key = enters(&mut zhao, &late)["key"].as_str().unwrap().to_owned();
        // She goes on at the desk before the photo is here.
        assert_eq!(enters(&mut zhao, &act(2, None, &task, "reported", "file"))["state"], "done");
        let list = tasks(&mut zhao);
        let steps = list["tasks"][0]["actions"].as_array().unwrap();
        let sends = steps.iter().find(|step| step["name"] == "dispatch").unwrap()["needs"].to_string();
        assert!(sends.contains("负责的单位"), "{}: to whom it goes: {sends}", town.engine);
        assert_eq!(enters(&mut zhao, &act(3, None, &task, "filed", "dispatch"))["state"], "done");
        town.clock.plus_seconds(600);
        assert_eq!(told(piece(&mut zhao, &key, &id(12), 0, PICTURE))["entry"]["state"], "conflict");
        let page = zhao.open("/field/open").expect(200);
        for expected in ["暴露垃圾 · 华炉社区", "到现场看了", "这一步不能再办了", "照片会留在办件里"]
        {
            assert!(page.words().contains(expected), "{expected}: {}", page.words());
        }
        assert!(!page.words().contains("别人也改"), "{}: she did so herself", town.engine);
        let form = page.forms().into_iter().find(|form| form.get("take-state") == Some("theirs")).unwrap();
        drop(zhao.submit(chosen(form, "deed", "decide")).expect(200));
        town.hears();
        assert_eq!(state(&town, &task), "handling", "{}: the case stays as it is", town.engine);
        let photos = format!("/cases/{}/photos", task["number"].as_str().unwrap());
        let shown = zhao.open(&photos).expect(200).words();
        assert!(shown.contains("第 1 张") && shown.contains("zhaoli 添加"), "{}: {shown}", town.engine);
        let (desk, number) = (town.city.cases.clone(), task["number"].as_str().unwrap().to_owned());
        let came = town.store().read_blocking(move |tx| {
            let known = desk.known_number(tx, &number)?;
            let photos = grid::records::photo::of_case(tx, known.key().district, known.key().id)?;
            Ok::<_, hall::Fault>((photos[0].at, known.case.opened_at))
        });
        let (at, opened_at) = came.unwrap();
        assert!(at <= opened_at, "{}: it shows what was found, and no work: {at:?} {opened_at:?}", town.engine);
        town.verify();
    }
}

#[test]
fn what_is_refused_stays_until_somebody_acts_and_holds_up_nobody() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let task = reported(&town, &mut zhao, "楼下垃圾没人收", "event/0102/heap");
        let refused = enters(&mut zhao, &act(1, None, &task, "reported", "no_such_step"));
        assert_eq!(refused["state"], "refused", "{refused}");
        assert!(!refused["words"].as_str().unwrap().is_empty() && !refused["remedy"].as_str().unwrap().is_empty());
        let after = enters(&mut zhao, &act(2, Some(1), &task, "reported", "file"));
        assert_eq!(after["state"], "done", "{}: one bad entry blocks nothing", town.engine);
        // A case of elsewhere, a place of elsewhere, and one that is none.
        let mut wu = town.staff("wujing", "community_worker", &town.named("永顺社区"), None);
        for (number, entry) in [
            (3, act(3, None, &task, "filed", "dispatch")),
            (4, found(4, &town, &json!([]))),
            (
                5,
                json!({
                    "id": id(5), "kind": "report", "condition": "event/0102/heap", "at": "p:0",
                }),
            ),
        ] {
            assert_eq!(enters(&mut wu, &entry)["state"], "refused", "{number}");
        }
        assert_eq!(state(&town, &task), "filed");
        let page = wu.open("/field/open").expect(200);
        assert!(page.words().contains("不归您办") && page.words().matches("再办一次").count() >= 3, "{}", page.words());
        assert!(!zhao.open("/field/open").expect(200).words().contains("不归您办"), "those are not hers");
        let mut stranger = town.staff("linhua", "secretary_community", &town.named("文安路社区"), None);
        assert!(stranger.open("/field/open").expect(200).words().contains("没有要处理的"));

        let form = zhao.open("/field/open").expect(200).form("/field/open");
        let gone = form.get("entry").unwrap().to_owned();
        drop(zhao.submit(chosen(form, "deed", "let_go")).expect(200));
        assert!(zhao.page().words().contains("没有要处理的"), "{}", zhao.page().words());
        let fields = [("entry", gone.as_str()), ("deed", "again")];
        assert_eq!(stranger.post("/field/open", &fields).status, 404);
        for bad in ["", "{}", "[]", "{\"id\":1}"] {
            assert_eq!(zhao.post("/field/entries", &[("entry", bad)]).status, 422, "{bad}");
        }
    }
}

/// Takes a step on the page of a case.
fn takes(who: &mut Browser, town: &Town, task: &Value, action: &str, answers: &[(&str, &str)]) {
    drop(who.open(&format!("/cases/{}", task["number"].as_str().unwrap())).expect(200));
    let step = who.offered(action).unwrap_or_else(|| panic!("{action}: {}", who.page().words()));
    let step = answers.iter().fold(step, |step, (name, answer)| step.set(name, answer));
    drop(who.decides(town, step));
}

#[test]
fn a_step_about_work_that_was_sent_back_is_not_taken_for_the_work_handed_in_again() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let mut wu = town.staff("wusan", "district_handler", &town.named("大东区"), Some("sanitation"));
        let task = reported(&town, &mut zhao, "垃圾", "event/0102/heap");
        assert_eq!(enters(&mut zhao, &act(1, None, &task, "reported", "file"))["state"], "done");
        assert_eq!(enters(&mut zhao, &act(2, None, &task, "filed", "dispatch"))["state"], "done");
        let handed_in = [("field_report", "清了"), ("field_no_photo", "相机坏了")];
        let sent_back = [("field_reason", "还有一堆")];
        let told = |zhao: &mut Browser| {
            let list = tasks(zhao);
            let found = list["tasks"].as_array().unwrap().iter().find(|one| one["number"] == task["number"]);
            found.unwrap_or_else(|| panic!("it is no task: {list}")).clone()
        };
        let verified = |number: u128, seen: &Value| {
            let mut step = act(number, None, seen, "handled", "verify");
            step["fields"] = json!({ "checked": "there" });
            step
        };
        takes(&mut wu, &town, &task, "handle", &handed_in);
        let old = verified(3, &told(&mut zhao));
        takes(&mut zhao, &town, &task, "send_back", &sent_back);
        takes(&mut wu, &town, &task, "handle", &handed_in);

        // What her phone kept was said of the work as it was handed in before.
        assert_eq!(enters(&mut zhao, &old)["state"], "conflict", "{}", town.engine);
        assert_eq!(state(&town, &task), "handled", "{}", town.engine);
        let decides =
            |page: &Reply| page.forms().into_iter().find(|form| form.offers.contains(&"take-state".to_owned()));
        let page = zhao.open("/field/open").expect(200);
        assert!(page.words().contains("说的是前一次的“已处置，待核实”"), "{}", page.words());
        let late = chosen(decides(&page).unwrap(), "take-state", "mine");
        // Nobody decides on a page that is older than the work either.
        takes(&mut zhao, &town, &task, "send_back", &sent_back);
        takes(&mut wu, &town, &task, "handle", &handed_in);
        drop(zhao.open("/field/open").expect(200));
        let page = zhao.submit(chosen(late, "deed", "decide")).expect(422);
        assert!(page.words().contains("这一条现在不是这个样子了"), "{}", page.words());
        assert_eq!(state(&town, &task), "handled", "{}", town.engine);
        let theirs = chosen(decides(&page).unwrap(), "take-state", "theirs");
        drop(zhao.submit(chosen(theirs, "deed", "decide")).expect(200));
        assert_eq!(enters(&mut zhao, &old)["state"], "over", "{}", town.engine);

        // A version that the case never had is decided by a person, and once she has looked her step is taken, once.
        let mut ahead = verified(4, &told(&mut zhao));
        ahead["version"] = json!(1_000);
        assert_eq!(enters(&mut zhao, &ahead)["state"], "conflict", "{}", town.engine);
        assert_eq!(state(&town, &task), "handled", "{}", town.engine);
        let theirs = chosen(decides(&zhao.open("/field/open").expect(200)).unwrap(), "take-state", "theirs");
        drop(zhao.submit(chosen(theirs, "deed", "decide")).expect(200));
        assert_eq!(enters(&mut zhao, &ahead)["state"], "over", "{}", town.engine);
        let again = verified(5, &told(&mut zhao));
        for _ in 0..2 {
            assert_eq!(enters(&mut zhao, &again)["state"], "done", "{}", town.engine);
        }
        assert_eq!(state(&town, &task), "asked", "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_step_on_a_version_that_the_case_never_had_is_decided_by_a_person() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let task = reported(&town, &mut zhao, "垃圾", "event/0102/heap");
        let mut ahead = act(1, None, &task, "reported", "file");
        ahead["version"] = json!(task["version"].as_i64().unwrap() + 1);
        for _ in 0..2 {
            assert_eq!(enters(&mut zhao, &ahead)["state"], "conflict", "{}: nobody can have seen it", town.engine);
        }
        assert_eq!(state(&town, &task), "reported", "{}: nothing is applied", town.engine);
        let page = zhao.open("/field/open").expect(200);
        assert!(page.words().contains("对不上"), "{}: {}", town.engine, page.words());
        let decides = page.forms().into_iter().find(|form| form.offers.contains(&"take-state".to_owned()));
        let mine = chosen(decides.unwrap(), "take-state", "mine");
        let page = zhao.submit(chosen(mine, "deed", "decide")).expect(200);
        assert!(page.words().contains("已定：按手机上写的办"), "{}: {}", town.engine, page.words());
        assert_eq!(enters(&mut zhao, &ahead)["state"], "done", "{}", town.engine);
        assert_eq!(state(&town, &task), "filed", "{}: somebody looked and decided so", town.engine);
        town.verify();
    }
}

/// The platform looks again at what waits, as it does every day.
pub(super) fn looks_again(town: &Town) {
    let now = town.clock.now();
    let job = jobs::NewJob::new("grid.settle_field", now.micros().to_string(), Value::Null, now);
    town.store().write_blocking(move |tx| jobs::enqueue(tx, &job).map(drop)).unwrap();
    town.hears();
}

/// The first building of the community.
pub(super) fn building(town: &Town) -> i64 {
    let ground = town.lays_ground(&[town.named("大北街道")], 5);
    let inside = ground.inside(&town.city.places.tree(), &town.named(PLACE));
    ground.buildings[inside.buildings[0] as usize].id
}

pub(super) fn visit(number: u128, before: Option<u128>, building: i64, edits: &Value) -> Value {
    let door = json!({ "building": building, "entrance": 1, "floor": 3, "door": "2" });
    json!({
        "id": id(number), "before": before.map(id), "kind": "dwelling", "door": door, "version": 0, "fields": edits,
    })
}

#[test]
fn a_dwelling_is_changed_by_two_field_by_field() {
    for town in Town::each() {
        let building = building(&town);
        let forms = format!("/field/dwellings?building={building}");
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let mut wu = town.staff("wujing", "community_worker", &town.named(PLACE), None);
        let first = json!({ "met": { "saw": "", "set": "later" }, "come_on": { "saw": "", "set": "2026-12-01" } });
        assert_eq!(enters(&mut zhao, &visit(1, None, building, &first))["state"], "done");
        // The same door from another phone: another field merges, an equal edit agrees, the same field is shown.
        let other = json!({ "agreed": { "saw": "", "set": "送一份表" }, "met": { "saw": "", "set": "later" } });
        assert_eq!(enters(&mut wu, &visit(2, None, building, &other))["state"], "done");
        let clash = json!({ "come_on": { "saw": "", "set": "2026-12-05" }, "come_for": { "saw": "", "set": "取表" } });
        assert_eq!(enters(&mut wu, &visit(3, None, building, &clash))["state"], "conflict");
        let page = zhao.open(&forms).expect(200).body();
        for expected in ["1 单元 3 层 2", "value=\"later\" selected", "送一份表", "取表"] {
            assert!(page.contains(expected), "{expected}: {page}");
        }
        let page = wu.open("/field/open").expect(200);
        assert!(page.words().contains("12月1日") && page.words().contains("12月5日"), "{}", page.words());
        let form = page.forms().into_iter().find(|form| form.offers.iter().any(|name| name == "take-come_on")).unwrap();
        assert!(page.words().contains("您在手机上写的（11月23日送到）"), "{}", page.words());
        assert!(page.words().contains("现在的（zhaoli 11月23日 改的）"), "{}", page.words());
        let form = chosen(form, "take-come_on", "mine");
        // Somebody sets a third value while the page stands open: nobody overwrites what she has not seen.
        let third = json!({ "come_on": { "saw": "2026-12-01", "set": "2026-12-24" } });
        assert_eq!(enters(&mut zhao, &visit(7, None, building, &third))["state"], "done");
        let page = wu.submit(chosen(form, "deed", "decide")).expect(422);
        assert!(page.words().contains("这一条现在不是这个样子了"), "{}", page.words());
        assert!(page.words().contains("12月24日"), "{}: the new value is shown: {}", town.engine, page.words());
        assert!(zhao.open(&forms).expect(200).body().contains("value=\"2026-12-24\""), "{}", town.engine);
        let form = page.forms().into_iter().find(|form| form.offers.iter().any(|name| name == "take-come_on")).unwrap();
        let form = chosen(form, "take-come_on", "mine");
        drop(wu.submit(chosen(form, "deed", "decide")).expect(200));
        let shown = zhao.open(&forms).expect(200);
        assert!(shown.body().contains("value=\"2026-12-05\""), "{}", shown.words());

        // It is taken back, and answered again.
        let page = wu.open("/field/open").expect(200);
        let undo = page.forms().into_iter().rfind(|form| form.get("entry").is_some_and(|key| key.ends_with(&id(2))));
        drop(wu.submit(chosen(undo.unwrap(), "deed", "undo")).expect(200));
        assert!(!zhao.open(&forms).expect(200).words().contains("送一份表"));
        let again = json!({ "agreed": { "saw": "", "set": "送两份表" } });
        assert_eq!(enters(&mut wu, &visit(4, None, building, &again))["state"], "done");
        assert!(zhao.open(&forms).expect(200).words().contains("送两份表"));

        // The page alone does the same without a phone.
        let form =
            zhao.page().forms().into_iter().find(|form| form.get("version").is_some_and(|version| version != "0"));
        drop(zhao.submit(form.unwrap().set("met", "spoken")).expect(200));
        let page = zhao.open(&forms).expect(200);
        assert!(page.body().contains("value=\"spoken\" selected"), "{}", page.words());
        let bad = json!({ "met": { "saw": "", "set": "rich" } });
        assert_eq!(enters(&mut wu, &visit(5, None, building, &bad))["state"], "refused");
        let named = json!({ "name": { "saw": "", "set": "李岺" } });
        assert_eq!(enters(&mut wu, &visit(6, None, building, &named))["state"], "refused", "there is no such field");
    }
}

#[test]
fn what_waits_too_long_is_applied_with_a_mark_and_the_late_one_still_counts() {
    for town in Town::each() {
        let building = building(&town);
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let second = json!({ "agreed": { "saw": "送一份表", "set": "送两份表" } });
        let later = visit(2, Some(1), building, &second);
        assert_eq!(enters(&mut zhao, &later)["state"], "parked");
        town.clock.plus_days(6);
        assert_eq!(tasks(&mut zhao)["entries"][0]["state"], "parked", "{}: a look moves nothing", town.engine);
        looks_again(&town);
        assert_eq!(tasks(&mut zhao)["entries"][0]["state"], "conflict", "{}: it clashes with nothing", town.engine);
        assert!(zhao.open("/field/open").expect(200).words().contains("前一条一直没送到"));
        let first = json!({ "agreed": { "saw": "", "set": "送一份表" } });
        assert_eq!(enters(&mut zhao, &visit(1, None, building, &first))["state"], "done");
        assert_eq!(
            enters(&mut zhao, &later)["state"],
            "done",
            "{}: the conflict was only because of that",
            town.engine
        );
        assert!(zhao.open("/field/dwellings").expect(200).words().contains("送两份表"));
        assert!(zhao.open("/field/open").expect(200).words().contains("前一条一直没送到"), "the mark stays");
    }
}

#[test]
fn rounds_are_ticked_by_day_and_the_pages_work_without_ground() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let field = zhao.open("/field").expect(200);
        assert!(field.words().contains("现在没有要去的"));
        assert_eq!(field.body().matches("两样填一样就行").count(), 2, "{}: place or coordinates", town.engine);
        assert!(zhao.open("/field/dwellings").expect(200).words().contains("还没有楼栋数据"));
        let form = zhao.open("/field/patrol").expect(200).form("/field/patrol");
        assert!(zhao.page().words().contains(PLACE), "a community without grids stands for itself");
        assert!(zhao.page().words().contains("今天该走"), "{}: {}", town.engine, zhao.page().words());
        let elsewhere = town.named("永顺社区").id().to_string();
        assert_eq!(zhao.post("/field/patrol", &[("grid", &elsewhere), ("walked", "1")]).status, 404);
        drop(zhao.submit(chosen(form, "walked", "1")).expect(200));
        assert!(
            zhao.page().words().contains("走过：") && zhao.page().words().contains("zhaoli"),
            "{}",
            zhao.page().words()
        );
        let form = zhao.page().form("/field/patrol");
        drop(zhao.submit(form).expect(200));
        assert!(!zhao.page().words().contains("走过："), "{}", zhao.page().words());

        let program = zhao.get("/field/sw.js").expect(200);
        assert_eq!(program.header("service-worker-allowed"), Some("/field"));
        assert!(program.header("content-type").unwrap().starts_with("text/javascript"));
        let manifest: Value =
            serde_json::from_str(&zhao.get("/field/manifest.webmanifest").expect(200).body()).unwrap();
        assert_eq!((manifest["start_url"].as_str(), manifest["scope"].as_str()), (Some("/field"), Some("/field")));
        let policy = zhao.get("/field").expect(200).header("content-security-policy").unwrap().to_owned();
        assert!(policy.contains("manifest-src 'self'") && !policy.contains("unsafe"), "{policy}");
        let mut she = town.visitor();
        assert!(she.get("/field").status.is_redirection(), "nobody in particular is asked to sign in");
    }
}
