//! In these stories somebody asks for what is for another age. She is told before she fills in the rest, and so is the
//! worker at the desk; both may go on.

use crate::shared;
use city_stories::{Resident, Story};
use lianglin::demonstration::Seed;
use testkit::{Form, Reply};

const PLACE: &str = "华炉社区";
const APPLY: &str = "/apply/MZ-11";

fn young(seed: u64) -> Resident {
    Resident::next(&mut Seed::new(seed)).born("199")
}

fn who(form: Form, resident: &Resident) -> Form {
    form.set("name", &resident.name).set("resident_id", &resident.resident_id).set("telephone", &resident.telephone)
}

fn desk(page: &Reply) -> Form {
    let found = page.forms().into_iter().find(|form| form.action == "/desk" && form.method == "post");
    found.unwrap_or_else(|| panic!("the desk takes nothing: {}", page.words()))
}

fn told(story: &mut Story<'_>, receipt: &Reply) -> Option<String> {
    let number = receipt.address.strip_prefix("/receipt/").unwrap_or_else(|| panic!("{}", receipt.words()));
    number.clone_into(&mut story.number);
    story.case().fields.get("form.age").cloned()
}

#[test]
fn somebody_too_young_is_told_before_she_fills_in_the_rest_and_once_more_before_she_sends() {
    for town in shared() {
        let (mut she, resident) = (town.visitor(), young(801));
        let first = she.open(APPLY).expect(200).form(APPLY);
        let asked = she.submit(first.set("residence_words", PLACE).set("search", "1")).expect(200);
        assert!(asked.words().contains("这一项给满80周岁的人"), "it is said where she is asked: {}", asked.words());
        let page = she.submit(who(asked.form(APPLY), &resident)).expect(200);
        let words = page.words();
        assert!(words.contains("年龄对不上") && words.contains("照您填的证件号"), "{words}");
        assert!(!words.contains("银行卡号"), "nothing else is asked before: {words}");
        assert!(!page.body().contains("name=\"bank_card\" type"), "{}", page.body());

        let number = she.submit(page.form(APPLY).set("back", "who")).expect(200);
        assert_eq!(number.form(APPLY).get("resident_id"), Some(resident.resident_id.as_str()), "she may correct it");
        let old = Resident::next(&mut Seed::new(802));
        let right = she.submit(who(number.form(APPLY), &old)).expect(200);
        assert_eq!(right.form(APPLY).get("question"), Some("bank_card"), "{}", right.words());

        let on = she.submit(page.form(APPLY).set("go_on", "bank_card")).expect(200);
        let form = on.form(APPLY).set("bank_card", &resident.bank_card);
        let check = she.submit(form).expect(200);
        assert!(check.words().contains("照您填的证件号"), "once more before she sends: {}", check.words());
        let receipt = she.submit(check.form(APPLY)).expect(200);
        let mut story = Story::new(town, 803);
        assert_eq!(told(&mut story, &receipt).as_deref(), Some("told"), "{}", town.engine);
    }
}

#[test]
fn what_was_not_told_is_told_before_it_is_sent() {
    for town in shared() {
        let (mut she, resident) = (town.visitor(), young(811));
        let home = town.named(PLACE).id().0.to_string();
        let fields = [
            ("question", "check"),
            ("residence", home.as_str()),
            ("name", resident.name.as_str()),
            ("resident_id", resident.resident_id.as_str()),
            ("telephone", resident.telephone.as_str()),
            ("bank_card", resident.bank_card.as_str()),
            ("_once", "sent without having been told"),
        ];
        let before = town.counts().cases;
        let reply = she.post(APPLY, &fields).expect(200);
        assert!(reply.words().contains("年龄对不上"), "{}", reply.words());
        assert_eq!(town.counts().cases, before, "{}: nothing is sent", town.engine);
    }
}

#[test]
fn who_is_old_enough_or_has_a_paper_without_a_day_of_birth_is_told_nothing() {
    for town in shared() {
        let place = town.named(PLACE);
        let (mut she, old) = (town.visitor(), Resident::next(&mut Seed::new(821)));
        let receipt = she.applies(town, "MZ-11", &old, &place).receipt;
        let mut story = Story::new(town, 822);
        assert_eq!(told(&mut story, &receipt), None, "{}", town.engine);
        let foreigner = Resident { resident_id: "CAN210141030512".to_owned(), ..Resident::next(&mut Seed::new(823)) };
        let mut she = town.visitor();
        let first = she.open(APPLY).expect(200).form(APPLY);
        let asked = she.submit(first.set("residence_words", PLACE).set("search", "1")).expect(200);
        let page = she.submit(who(asked.form(APPLY), &foreigner)).expect(200);
        assert_eq!(page.form(APPLY).get("question"), Some("bank_card"), "{}", page.words());
    }
}

#[test]
fn a_guardian_who_gave_her_own_number_learns_whose_it_should_be() {
    for town in shared() {
        let (mut she, resident) = (town.visitor(), young(831));
        let (apply, place) = ("/apply/MZ-15", PLACE);
        let first = she.open(apply).expect(200).form(apply);
        let asked = she.submit(first.set("residence_words", place).set("search", "1")).expect(200);
        let words = she.submit(who(asked.form(apply), &resident)).expect(200).words();
        assert!(words.contains("未满18周岁") && words.contains("替别人办的，请填那个人的证件号"), "{words}");
    }
}

#[test]
fn the_worker_confirms_that_the_person_was_told() {
    for town in shared() {
        let mut worker = town.staff("tells.age", "community_worker", &town.named("文安路社区"), None);
        let resident = young(841);
        let form = resident.fill(worker.desk_form("MZ-11")).set("residence_words", PLACE);
        let before = town.counts().cases;
        let refused = worker.submit(form).expect(422);
        assert!(refused.words().contains("这一项给满80周岁的人"), "{}", refused.words());
        assert_eq!(town.counts().cases, before);
        let receipt = worker.submit(desk(&refused).set("age_told", "1")).expect(200);
        let mut story = Story::new(town, 842);
        assert_eq!(told(&mut story, &receipt).as_deref(), Some("told"), "{}", town.engine);
        let case = worker.open(&format!("/cases/{}", story.number)).expect(200);
        assert!(case.words().contains("年龄对不上，已经告诉本人"), "{}", case.words());

        let old = Resident::next(&mut Seed::new(843));
        let mut form = old.fill(worker.desk_form("MZ-11")).set("residence_words", PLACE);
        form.fields.push(("age_told".to_owned(), "1".to_owned()));
        let receipt = worker.submit(form).expect(200);
        assert_eq!(told(&mut story, &receipt), None, "a box that is ticked for nothing is not kept");
    }
}
