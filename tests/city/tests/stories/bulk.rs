//! These stories handle many cases at once. A handler ticks rows of her queue. What cannot be done together is refused,
//! and the rest is done.

use crate::shared;
use city_stories::{Browser, Resident, Town};
use kernel::case::Case;
use lianglin::demonstration::Seed;
use testkit::Reply;

fn case(town: &Town, number: &str) -> Case {
    let (desk, number) = (town.city.cases.clone(), number.to_owned());
    town.store().read_blocking(move |tx| desk.known_number(tx, &number)).unwrap().case
}

fn tick(who: &mut Browser, numbers: &[&str], with: &[(&str, &str)]) -> Reply {
    let mut fields: Vec<(&str, &str)> = numbers.iter().map(|number| ("case", *number)).collect();
    fields.extend(with);
    // A step is tried before it is taken, and the page of that says what it showed of each case.
    let is_step = with.iter().any(|(name, value)| *name == "deed" && value.starts_with("act:"));
    let tried = if is_step { who.post("/queue/bulk", &fields).forms() } else { Vec::new() };
    let shown = tried.iter().flat_map(|form| &form.fields).filter(|(name, _)| name.starts_with("drawn."));
    fields.extend(shown.map(|(name, value)| (name.as_str(), value.as_str())));
    fields.push(("sure", "1"));
    who.post("/queue/bulk", &fields)
}

/// Makes applications over a counter or online, for residents of one community.
fn applications(town: &Town, seed: u64, item: &str, online: bool) -> Vec<String> {
    let community = town.named("华炉社区");
    let mut seed = Seed::new(seed);
    let mut worker =
        town.staff(if online { "bulk.taker" } else { "bulk.worker" }, "community_worker", &community, None);
    let mut one = || {
        let resident = Resident::next(&mut seed);
        let taken = if online {
            town.visitor().applies(town, item, &resident, &community)
        } else {
            worker.takes(town, item, &resident, &community)
        };
        taken.number
    };
    vec![one(), one(), one()]
}

#[test]
fn a_handler_takes_several_cases_in_hand_gives_them_on_and_lets_go() {
    for town in shared() {
        let numbers = applications(town, 301, "MZ-11", false);
        let all: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let district = town.named("大东区");
        let mut handler = town.staff("bulk.handler", "district_handler", &district, Some("civil_affairs"));
        let colleague =
            town.account("bulk.colleague", "赵敏", "district_handler", &district, Some("civil_affairs")).to_string();
        let page = handler.open("/queue").expect(200);
        let body = page.body();
        assert!(body.contains("name=\"case\"") && !body.contains("checked></label>"), "{body}");
        let leader = town.account("bulk.leader", "钱立", "organiser_district", &district, None).to_string();
        let offered = handler.open("/queue").expect(200).body();
        assert!(offered.contains(&colleague) && !offered.contains(&leader), "only who works on cases: {offered}");
        assert!(handler.open("/queue?select=all").expect(200).body().contains("checked></label>"));

        let reply = tick(&mut handler, &all, &[("deed", "me"), ("_once", "bulk-me-1")]).expect(200);
        assert!(reply.words().contains("办好 3 件"), "{}", reply.words());
        let in_hand = |number: &str| case(town, number).handler.map(|handler| handler.name);
        assert!(all.iter().all(|number| in_hand(number).is_some()));
        let taken_back = |page: &Reply| -> usize {
            let form = page.forms().into_iter().find(|form| form.action == "/queue/bulk");
            form.map_or(0, |form| form.fields.iter().filter(|(name, _)| name == "case").count())
        };
        assert_eq!(taken_back(&reply), 3);
        let before = town.counts();
        drop(tick(&mut handler, &all, &[("deed", "me"), ("_once", "bulk-me-1")]).expect(200));
        assert_eq!(town.counts(), before, "sent twice, done once");

        drop(
            tick(&mut handler, &all[..2], &[("deed", "give"), ("to", &colleague), ("_once", "bulk-give")]).expect(200),
        );
        assert_eq!(in_hand(all[0]).as_deref(), Some("赵敏"));
        assert_ne!(in_hand(all[2]).as_deref(), Some("赵敏"));
        let undo = handler.page().forms().into_iter().find(|form| form.action == "/queue/bulk").unwrap();
        assert_eq!(handler.submit(undo.set("deed", "nobody")).expect(200).words().matches("办好 2 件").count(), 1);
        assert_eq!(in_hand(all[0]), None);

        drop(tick(&mut handler, &all[1..2], &[("deed", "give"), ("to", &colleague), ("_once", "bulk-give-2")]));
        let reply = tick(&mut handler, &all, &[("deed", "me"), ("_once", "bulk-me-2")]).expect(200);
        assert!(reply.words().contains("办好 3 件"), "{}", reply.words());
        assert_eq!(taken_back(&reply), 1, "one was nobody's, one a colleague's, one hers before");
    }
}

#[test]
fn only_steps_that_decide_nothing_are_taken_in_bulk_and_one_refusal_hinders_no_other() {
    for town in shared() {
        let numbers = applications(town, 302, "MZ-12", true);
        let all: Vec<&str> = numbers.iter().map(String::as_str).collect();
        let mut handler = town.staff("bulk.steps", "district_handler", &town.named("大东区"), Some("civil_affairs"));
        let foreign = {
            let community = town.named("文安路社区");
            town.visitor().applies(town, "MZ-12", &Resident::next(&mut Seed::new(303)), &community).number
        };
        let states = || all.iter().map(|number| case(town, number).state).collect::<Vec<_>>();
        let first = case(town, all[0]);
        assert_eq!(first.state, "submitted", "{}", first.item());

        let before = town.counts();
        let refused = tick(&mut handler, &all, &[("deed", "act:grant"), ("grant.basis", "x")]).expect(200);
        assert!(refused.words().contains("3 件没有办"), "{}", refused.words());
        assert!(refused.words().contains("一件一件"), "{}", refused.words());
        assert_eq!(town.counts(), before);

        drop(tick(&mut handler, &all[..1], &[("deed", "act:accept")]).expect(200));
        let mut with_foreign = all.clone();
        with_foreign.extend([foreign.as_str(), "210104-2026-9999999-8"]);
        let reply = tick(&mut handler, &with_foreign, &[("deed", "act:accept")]).expect(200);
        let words = reply.words();
        assert!(words.contains("办好 2 件") && words.contains("3 件没有办"), "{words}");
        assert_eq!(case(town, &foreign).state, "submitted", "not hers");
        assert!(states().iter().all(|state| state == "handling"), "{:?}", states());

        for number in &all {
            let address = format!("/cases/{number}");
            drop(handler.open(&address).expect(200));
            let grant = handler.offered("grant").unwrap().set("field_basis", "按市规定");
            drop(handler.decides(town, grant));
        }
        let mut worker = town.staff("bulk.deliver", "community_worker", &town.named("华炉社区"), None);
        let paid = [("deed", "act:hand_over"), ("hand_over.handed_to", "in_person")];
        assert!(tick(&mut worker, &all, &paid).expect(200).words().contains("3 件没有办"));
        let paid = [("deed", "act:hand_over"), ("hand_over.handed_to", "paid")];
        let mut unseen: Vec<(&str, &str)> = all.iter().map(|number| ("case", *number)).collect();
        unseen.extend(paid);
        unseen.push(("sure", "1"));
        let words = worker.post("/queue/bulk", &unseen).expect(200).words();
        assert!(words.contains("3 件没有办") && words.contains("后来办了什么"), "no page showed them: {words}");
        let held = tick(&mut worker, &all, &paid).expect(200);
        assert!(held.words().contains("3 件还有 10 秒发出"), "{}", held.words());
        assert!(states().iter().all(|state| state == "granted"), "nothing has left: {:?}", states());
        let undo = held.form("/queue/bulk").set("deed", "undo");
        assert!(worker.submit(undo).expect(200).words().contains("办好 3 件"));
        town.clock.plus_seconds(city_stories::UNDO_SECONDS);
        for number in &all {
            drop(worker.open(&format!("/cases/{number}")).expect(200));
        }
        assert!(states().iter().all(|state| state == "granted"), "what was undone never leaves: {:?}", states());

        let again = [("deed", "act:hand_over"), ("hand_over.handed_to", "paid"), ("_once", "bulk-paid-again")];
        drop(tick(&mut worker, &all, &again).expect(200));
        for number in &all {
            let page = worker.open(&format!("/cases/{number}")).expect(200);
            drop(worker.until_left(town, page));
        }
        assert!(states().iter().all(|state| state == "closed"), "{:?}", states());
        town.recount();
    }
}

#[test]
fn what_can_be_taken_together_is_said_before_it_is_taken() {
    for town in shared() {
        let numbers = applications(town, 304, "MZ-12", true);
        let mut handler = town.staff("bulk.sure", "district_handler", &town.named("大东区"), Some("civil_affairs"));
        let one = [("deed", "act:accept"), ("_once", "bulk-sure-one")];
        drop(tick(&mut handler, &[numbers[0].as_str()], &one).expect(200));
        let before = town.counts();
        let mut fields: Vec<(&str, &str)> = numbers.iter().map(|number| ("case", number.as_str())).collect();
        fields.extend([("deed", "act:accept"), ("_once", "bulk-sure")]);
        let asked = handler.post("/queue/bulk", &fields).expect(200);
        let words = asked.words();
        assert!(words.contains("2 件可以办") && words.contains("1 件办不了"), "{words}");
        assert!(words.contains(&numbers[0]) && words.contains("办理中"), "it says which one and why: {words}");
        assert!(words.contains("这一件在另一步") && !words.contains("请刷新"), "nobody was faster: {words}");
        assert_eq!(town.counts(), before, "nothing is done yet");
        let sure = city_stories::sure_form(&asked).unwrap();
        let sent: Vec<&String> =
            sure.fields.iter().filter(|(name, _)| name == "case").map(|(_, value)| value).collect();
        assert_eq!(sent.len(), 2, "{sent:?}");
        assert!(handler.submit(sure).expect(200).words().contains("办好 2 件"));
        assert!(numbers.iter().all(|number| case(town, number).state == "handling"));
    }
}

#[test]
fn nothing_ticked_an_unknown_deed_and_too_many_are_refused() {
    for town in shared() {
        let district = town.named("大东区");
        let mut handler = town.staff("bulk.odd", "district_handler", &district, Some("civil_affairs"));
        let none = handler.post("/queue/bulk", &[("deed", "me")]).expect(422);
        assert!(none.words().contains("没有勾选办件"), "{}", none.words());
        drop(handler.post("/queue/bulk", &[("deed", "everything"), ("case", "210104-2026-0000001-1")]).expect(422));
        let nobody = [("deed", "give"), ("to", ""), ("case", "210104-2026-0000001-1")];
        let nobody = handler.post("/queue/bulk", &nobody).expect(422);
        assert!(nobody.words().contains("“交给谁”"), "{}", nobody.words());
        let many: Vec<String> = (0..600).map(|number| format!("210104-2026-{number:07}-1")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let reply = tick(&mut handler, &many, &[("deed", "me")]);
        assert!(reply.status.is_client_error(), "{}", reply.status);
        drop(town.visitor().post("/queue/bulk", &[("deed", "me")]).expect(303));
    }
}
