//! In these stories a street secretary asks for a proposal of grids, sees what it changes, adopts it today or from a
//! coming day, and calls it off. Others look, or find nothing.

use city_stories::{Browser, Town, cells};
use jobs::{Rules, Runner};
use kernel::place::{PlaceId, PlacePath};
use places::geography::invent;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use testkit::{Reply, ZONE};

pub(crate) const STREET: &str = "南湖街道";
const QUEUE: Rules = Rules {
    attempts: 3,
    lease_seconds: 60,
    first_delay_seconds: 10,
    longest_delay_seconds: 15,
    idle_milliseconds: 5,
    outbox_batch: 2,
    lane_workers: 2,
    lane_jobs: 1,
    lane_failures: 3,
};

/// Lays an invented ground in the street. Each community except the last has two grids: one holds a single building,
/// the other all the rest.
pub(crate) fn lay(town: &Town) {
    let (places, street) = (&town.city.places, town.named(STREET));
    let new = invent(&places.tree(), std::slice::from_ref(&street), 5);
    let (now, on) = (town.clock.now(), ZONE.date(town.clock.now()));
    town.store().write_blocking(move |tx| places::lay_geography(tx, &new, now)).unwrap();
    let ground = places.geography_blocking().unwrap().unwrap();
    let mut communities: BTreeMap<PlaceId, Vec<i64>> = BTreeMap::new();
    for building in &ground.buildings {
        communities.entry(ground.community_of(building).unwrap()).or_default().push(building.id);
    }
    communities.pop_last();
    let opened = town.store().write_blocking(move |tx| {
        for (community, buildings) in &communities {
            let grids = places::open_grids(tx, *community, 2, on)?;
            let members: Vec<(i64, PlaceId)> =
                buildings.iter().enumerate().map(|(at, one)| (*one, grids[usize::from(at > 0)])).collect();
            places::put_into_grids(tx, &members, on)?;
        }
        Ok::<_, places::DecideError>(())
    });
    opened.unwrap();
    places.reload_blocking().unwrap();
}

/// Does the work of places that is due, as the server does it.
pub(crate) fn works(town: &Town) {
    let runner = Runner::new(town.store().store(), town.clock.clock(), QUEUE);
    let works = places::works(&town.city.places, &town.clock.clock());
    works.into_iter().fold(runner, |runner, (kind, does)| runner.handle(kind, does)).run_due().unwrap();
}

pub(crate) fn address(place: &PlacePath) -> String {
    format!("/places/{}/grids", place.id())
}

/// Asks for a proposal on the page of a place. Returns its address.
fn proposes(town: &Town, who: &mut Browser, place: &PlacePath, mode: &str) -> String {
    let form = who.open(&address(place)).expect(200).form(&address(place)).set("mode", mode);
    let (first, again) = (who.send(form.clone()).expect(303), who.send(form).expect(303));
    assert_eq!(first.location(), again.location(), "{}: sent twice", town.engine);
    first.location().unwrap().to_owned()
}

pub(crate) fn adopts(who: &mut Browser, proposal: &str, on: &str, note: &str) -> Reply {
    let form = who.open(proposal).expect(200).form(&format!("{proposal}/adopt"));
    who.send(form.set("on", on).set("note", note).set("sure", "1"))
}

/// Returns the grid in which each building lies on a day.
pub(crate) fn grids_on(town: &Town, on: &str) -> BTreeMap<i64, PlaceId> {
    let on = on.parse().unwrap();
    town.store().read_blocking(move |tx| places::grids_on(tx, on)).unwrap()
}

/// An adoption on a wrong day, without a word, or unsure, is refused, and what was typed stays.
fn no_adoption(town: &Town, secretary: &mut Browser, proposal: &str) {
    for (on, note, said) in [
        ("2026-11-22", "12号", "生效日期”填的日期已经过去了"),
        ("never", "12号", "不是有效的日期"),
        ("2026-11-23", "", "决定文号或说明”还没有填写"),
        ("2026-11-23", &"长".repeat(121), "太长，最多 120 个字"),
    ] {
        let refused = adopts(secretary, proposal, on, note).expect(422);
        assert!(refused.words().contains(said), "{}: {said} in {}", town.engine, refused.words());
        assert_eq!(refused.form(&format!("{proposal}/adopt")).get("note"), Some(note), "what was typed stays");
    }
    let form = secretary.open(proposal).expect(200).form(&format!("{proposal}/adopt"));
    let unsure = secretary.send(form.set("on", "2026-11-23").set("note", "12号")).expect(422);
    assert!(unsure.words().contains("还没有确认"), "{}: nobody moves 1,000 homes unasked", town.engine);
}

#[test]
fn a_proposal_goes_from_asking_to_grids_in_the_tree() {
    for town in Town::each() {
        lay(&town);
        let place = town.named("文安路社区");
        let mut secretary = town.staff("grids.secretary", "secretary_street", &town.named(STREET), None);
        let page = secretary.open(&format!("/places/{}", place.id())).expect(200);
        assert!(page.links().contains(&address(&place)), "{:?}", page.links());
        let page = secretary.open(&address(&place)).expect(200);
        let words = page.words();
        for text in ["最少 200 户、最多 400 户，目标 300 户", "演示数据", "第001网格", "户数偏少", "户数偏多"]
        {
            assert!(words.contains(text), "{}: {text} in {words}", town.engine);
        }
        assert!(page.body().contains("<figure class=\"map\">") && page.body().contains("dot g0"), "{}", town.engine);

        let proposal = proposes(&town, &mut secretary, &place, "keep");
        let waiting = secretary.get(&proposal).expect(200);
        assert_eq!(waiting.header("refresh"), Some("2"));
        assert!(waiting.body().contains("<progress") && waiting.words().contains("正在划分网格"));
        assert_eq!(secretary.get(&format!("{proposal}?still=1")).expect(200).header("refresh"), None);
        works(&town);
        let done = secretary.get(&proposal).expect(200);
        assert_eq!(done.header("refresh"), None);
        let words = done.words();
        for text in ["户换网格", "户数不合适的网格", "偏离平均的户数", "换网格的楼栋", "采用这份方案"]
        {
            assert!(words.contains(text), "{}: {text} in {words}", town.engine);
        }
        assert_eq!(done.body().matches("<figure class=\"map\">").count(), 2, "today's and the proposed");
        assert!(done.body().contains(" moved\""), "those who move are ringed");
        let file = secretary.get(&format!("{proposal}/moves.xlsx")).expect(200);
        assert!(cells(&file.bytes).contains("第002网格"), "{}", cells(&file.bytes));

        no_adoption(&town, &mut secretary, &proposal);
        let before = grids_on(&town, "2026-11-22");
        let to = adopts(&mut secretary, &proposal, "2026-11-23", "南湖街党发〔2026〕12号").expect(303);
        let page = secretary.open(to.location().unwrap()).expect(200);
        let words = page.words();
        assert!(words.contains("方案已采用，网格今天起生效") && words.contains("南湖街党发〔2026〕12号"), "{words}");
        assert!(!words.contains("户数偏少") && !words.contains("户数偏多"), "{}: {words}", town.engine);
        assert!(page.body().contains(">已采用</span>"), "{}: the proposal says so too: {words}", town.engine);
        assert!(words.contains("还没有网格负责人的"), "{}: {words}", town.engine);
        assert_eq!(grids_on(&town, "2026-11-22"), before, "{}: the day before stays", town.engine);
        let tree = town.city.places.tree();
        let drawn: Vec<_> = tree.children(place.id()).collect();
        assert!(drawn.len() > 2, "{}: new grids stand in the tree", town.engine);
        let newest = secretary.open(&format!("/places/{}", drawn.last().unwrap().id)).expect(200).words();
        assert!(newest.contains("划定：第") && newest.contains("经人工核对"), "{newest}");
        let again = secretary.open(&proposal).expect(200);
        assert!(again.words().contains("这份方案已由grids.secretary采用"), "{}", again.words());
        assert!(again.forms().iter().all(|form| !form.action.ends_with("/adopt")));
        let fields = [("on", "2026-11-23"), ("note", "13号"), ("sure", "1")];
        let twice = secretary.post(&format!("{proposal}/adopt"), &fields).expect(422);
        assert!(twice.words().contains("已经有人做过"), "{}", twice.words());
        let file = secretary.get(&format!("{}.xlsx", address(&place))).expect(200);
        assert!(cells(&file.bytes).contains(&drawn.last().unwrap().code));
        let later = town.clock.now().plus_days(1);
        assert!(town.store().write_blocking(move |tx| jobs::forget_work(tx, later)).unwrap() > 0);
        let kept = secretary.open(&proposal).expect(200).words();
        assert!(kept.contains("这份方案已由grids.secretary采用"), "{}: what was adopted is kept: {kept}", town.engine);
    }
}

#[test]
fn a_street_is_drawn_as_a_whole_for_a_coming_day() {
    for town in Town::each() {
        lay(&town);
        let (street, place) = (town.named(STREET), town.named("文安路社区"));
        let mut organiser = town.staff("grids.organiser", "organiser_district", &town.named("和平区"), None);
        let district = organiser.open(&address(&town.named("和平区"))).expect(200).words();
        assert!(district.contains("文安路社区") && district.contains("合计"), "{district}");
        let city = town.staff("grids.city", "organiser_city", &town.named("沈阳市"), None);
        let mut city = city;
        assert!(city.open(&address(&town.named("沈阳市"))).expect(200).words().contains("和平区"));
        assert_eq!(city.post(&address(&town.named("沈阳市")), &[("mode", "anew")]).status, 422, "too wide");
        assert_eq!(organiser.post(&address(&street), &[("mode", "otherwise")]).status, 422);

        let stopped = proposes(&town, &mut organiser, &street, "keep");
        let form = organiser.open(&stopped).expect(200).form(&format!("{stopped}/stop"));
        assert!(organiser.submit(form).expect(200).words().contains("计算停了"));
        works(&town);
        assert!(organiser.open(&stopped).expect(200).words().contains("没有方案"));

        let proposal = proposes(&town, &mut organiser, &street, "anew");
        works(&town);
        let whole = organiser.open(&proposal).expect(200);
        assert!(whole.words().contains("各社区") && !whole.body().contains("<figure"), "{}", whole.words());
        assert!(whole.words().contains("户原来没有网格，这次编入"), "{}: {}", town.engine, whole.words());
        assert!(
            whole.words().contains("采用以后撤销 "),
            "{}: the whole says what goes: {}",
            town.engine,
            whole.words()
        );
        let own = format!("{proposal}?community={}", place.id());
        assert!(whole.links().contains(&own), "{:?}", whole.links());
        let part = organiser.open(&own).expect(200);
        assert!(part.body().matches("<figure class=\"map\">").count() == 2 && part.words().contains("看整份方案"));
        assert_eq!(organiser.get(&format!("{proposal}?community=1")).status, 404);

        let today = grids_on(&town, "2026-11-23");
        let to = adopts(&mut organiser, &proposal, "2026-12-01", "和平区民政〔2026〕3号").expect(303);
        let page = organiser.open(to.location().unwrap()).expect(200);
        assert!(page.words().contains("到生效日期自动生效") && page.words().contains("待生效"), "{}", page.words());
        let off = |page: &Reply| {
            let forms = page.forms();
            forms.into_iter().find(|form| form.action.starts_with("/places/adoptions/")).unwrap()
        };
        let form = off(&page);
        assert!(organiser.submit(form.clone()).expect(200).words().contains("已撤回，网格不变"));
        let to = adopts(&mut organiser, &proposal, "2026-12-01", "和平区民政〔2026〕4号").expect(303);
        let other = proposes(&town, &mut organiser, &place, "keep");
        works(&town);
        let waits = organiser.open(&other).expect(200).words();
        assert!(waits.contains("另有一份方案") || waits.contains("没有改动"), "{waits}");
        assert_eq!(grids_on(&town, "2026-12-01"), today, "{}: nothing changes before the day", town.engine);

        town.clock.set_local("2026-12-01 00:00");
        works(&town);
        assert_ne!(grids_on(&town, "2026-12-01"), today, "{}", town.engine);
        assert_eq!(grids_on(&town, "2026-11-30"), today, "{}", town.engine);
        let buildings = town.city.places.geography_blocking().unwrap().unwrap().buildings.len();
        assert_eq!(grids_on(&town, "2026-12-01").len(), buildings, "each building lies in one grid");
        let page = organiser.open(to.location().unwrap().split('?').next().unwrap()).expect(200);
        assert!(page.words().contains("已生效"), "{}", page.words());
        assert_eq!(organiser.post(&form.action, &[]).status, 303, "called off before is called off");
        let mut secretary = town.staff("grids.second", "secretary_street", &street, None);
        assert!(secretary.open(&address(&place)).expect(200).words().contains("和平区民政〔2026〕4号"));
    }
}

#[test]
fn a_proposal_is_stale_once_the_ground_is_laid_again() {
    for town in Town::each() {
        lay(&town);
        let place = town.named("文安路社区");
        let mut secretary = town.staff("grids.stale", "secretary_street", &town.named(STREET), None);
        let proposal = proposes(&town, &mut secretary, &place, "keep");
        works(&town);
        let form = secretary.open(&proposal).expect(200).form(&format!("{proposal}/adopt"));
        let (new, now) = (invent(&town.city.places.tree(), &[town.named(STREET)], 5), town.clock.now());
        town.store().write_blocking(move |tx| places::lay_geography(tx, &new, now)).unwrap();
        let refused = secretary.send(form.set("on", "2026-11-23").set("note", "12号").set("sure", "1")).expect(422);
        assert!(refused.words().contains("这份方案不能采用了"), "{}", refused.words());
        let page = secretary.open(&proposal).expect(200);
        assert!(page.words().contains("不能再采用") && !page.body().contains("<figure"), "{}", page.words());
        assert!(page.forms().iter().all(|form| !form.action.ends_with("/adopt")));
    }
}

#[test]
fn others_look_without_drawing_or_find_nothing() {
    for town in Town::each() {
        let place = town.named("文安路社区");
        let mut secretary = town.staff("grids.owner", "secretary_street", &town.named(STREET), None);
        let bare = secretary.open(&address(&place)).expect(200);
        assert!(
            bare.words().contains("这里还没有楼栋数据")
                && bare.forms().iter().all(|form| form.action != address(&place))
        );
        assert_eq!(secretary.post(&address(&place), &[("mode", "anew")]).status, 422, "no buildings");
        lay(&town);
        let proposal = proposes(&town, &mut secretary, &place, "keep");
        works(&town);
        let adopt = format!("{proposal}/adopt");
        let to = adopts(&mut secretary, &proposal, "2026-12-01", "12号").expect(303);
        let page = secretary.open(to.location().unwrap()).expect(200);
        let off = page.forms().into_iter().find(|form| form.action.ends_with("/off")).unwrap().action;

        let mut worker = town.staff("grids.worker", "community_worker", &place, None);
        let page = worker.open(&address(&place)).expect(200);
        assert!(page.words().contains("第001网格") && page.forms().iter().all(|form| form.action != address(&place)));
        assert!(!page.body().contains("/places/adoptions/"));
        assert!(worker.open(&proposal).expect(200).forms().iter().all(|form| form.action != adopt));
        let mut other = town.staff("grids.other", "secretary_street", &town.named("大北街道"), None);
        let fields = [("mode", "keep"), ("on", "2026-11-23"), ("note", "x")];
        for (action, plans) in [(address(&place), 404), (format!("{proposal}/stop"), 404), (adopt, 404), (off, 404)] {
            assert_eq!(worker.post(&action, &fields).status, 403, "{action}");
            assert_eq!(other.post(&action, &fields).status, plans, "{action}");
            let answer = town.visitor().post(&action, &fields);
            assert!(answer.location().is_some_and(|to| to.starts_with("/sign-in")), "{action}: {}", answer.status);
        }
        let file = format!("{}.xlsx", address(&place));
        for read in [address(&place), file, proposal.clone(), format!("{proposal}/moves.xlsx")] {
            assert_eq!(other.get(&read).status, 404, "{read}");
            assert_eq!(worker.get(&read).status, 200, "{read}");
            assert!(town.visitor().get(&read).location().is_some_and(|to| to.starts_with("/sign-in")), "{read}");
        }
        let page = town.visitor().open(&format!("/places/{}", place.id())).expect(200);
        assert!(!page.links().contains(&address(&place)), "the link is for those who may read");
        assert!(town.visitor().get("/places/adoptions/x/off").status == 405);
        let english = worker.open(&format!("{}?lang=en", address(&place))).expect(200).words();
        assert!(english.contains("Current grids") && english.contains("Grid 001"), "{english}");
    }
}

/// Today's division as a planner's answer has it, with numbers of its own for the grids, changes nothing.
fn renumbered_it_is_the_same(town: &Town, secretary: &mut Browser, place: &PlacePath) {
    let today = grids_on(town, "2026-11-23");
    let ground = town.city.places.geography_blocking().unwrap().unwrap();
    let mut numbers: BTreeMap<PlaceId, usize> = BTreeMap::new();
    let mut text = "小区,楼栋,网格\n".to_owned();
    for one in ground.buildings.iter().filter(|one| ground.community_of(one) == Some(place.id())) {
        let next = numbers.len() + 7;
        let number = numbers.entry(today[&one.id]).or_insert(next);
        writeln!(text, "{},{},{number}", ground.compound_of(one).unwrap().name, one.name).unwrap();
    }
    let page = secretary.open(&format!("{}/hand", address(place))).expect(200);
    let form = page.forms().into_iter().find(|form| form.get("do") == Some("table")).unwrap();
    let work = secretary.uploads(&form, &[("file", "answer.csv", text.as_bytes())]).expect(200).address;
    works(town);
    let shown = secretary.open(&work).expect(200).words();
    assert!(shown.contains("和现在的网格一样") && shown.contains("其中 0 户换网格"), "{}: {shown}", town.engine);
}

/// A table of grids is refused with the lines that lack something, and then proposes what it says.
fn a_table_names_what_it_lacks(town: &Town, secretary: &mut Browser, place: &PlacePath) {
    let page = secretary.open(&format!("{}/hand", address(place))).expect(200);
    let table = page.forms().into_iter().find(|form| form.get("do") == Some("table")).unwrap();
    let upload = |who: &mut Browser, text: &str| who.uploads(&table, &[("file", "grids.csv", text.as_bytes())]);
    let ground = town.city.places.geography_blocking().unwrap().unwrap();
    let own = |at: &usize| ground.community_of(&ground.buildings[*at]) == Some(place.id());
    let before = grids_on(town, "2026-11-23");
    // It is one of several buildings of a grid; all buildings of a grid together would be that grid.
    let shares = |at: &usize| {
        let grid = before.get(&ground.buildings[*at].id);
        before.values().filter(|one| Some(*one) == grid).count() > 2
    };
    let at = (0..ground.buildings.len()).filter(own).find(shares).unwrap();
    let building = &ground.buildings[at];
    let compound = &ground.compound_of(building).unwrap().name;
    let wrong = format!("小区,楼栋,网格\n{compound},{},\n没有的小区,9号楼,东\n", building.name);
    let refused = upload(secretary, &wrong).expect(422).words();
    assert!(refused.contains("第 2 行") && refused.contains("没有写网格"), "{}: {refused}", town.engine);
    assert!(refused.contains("第 3 行") && refused.contains("没有“没有的小区 9号楼”"), "{}: {refused}", town.engine);
    // A table may name communities by their codes, as a register does.
    let code = town.city.places.tree().at(place).unwrap().code.clone();
    let good = format!("社区,小区,楼栋,网格\n{code},{compound},{},东片\n", building.name);
    let proposal = upload(secretary, &good).expect(200).address;
    works(town);
    let shown = secretary.open(&proposal).expect(200).words();
    assert!(shown.contains("新网格 1") && shown.contains(&building.name), "{}: {shown}", town.engine);
}

#[test]
fn grids_are_drawn_by_hand_and_by_a_table_and_adopted_like_any_proposal() {
    for town in Town::each() {
        lay(&town);
        let place = town.named("文安路社区");
        let mut secretary = town.staff("grids.secretary", "secretary_street", &town.named(STREET), None);
        let hand = format!("{}/hand", address(&place));
        assert!(secretary.open(&address(&place)).expect(200).links().contains(&hand));
        let page = secretary.open(&hand).expect(200);
        let form =
            |page: &Reply, does: &str| page.forms().into_iter().find(|form| form.get("do") == Some(does)).unwrap();
        let living: Vec<i64> = town.city.places.tree().children(place.id()).map(|grid| grid.id.0).collect();
        let (first, second) = (living[0].to_string(), living[1].to_string());

        let merging = form(&page, "merge").set("from", &first);
        let same = secretary.submit(merging.clone().set("into", &first)).expect(422).words();
        assert!(same.contains("同一个网格"), "{}: {same}", town.engine);
        let beyond = secretary.send(merging.clone().set("into", "1")).expect(422).words();
        assert!(beyond.contains("“并入”只能从列出的选项里选"), "{}: not a grid of here: {beyond}", town.engine);
        let merged = secretary.send(merging.clone().set("into", &second)).expect(303).location().unwrap().to_owned();
        let again = secretary.send(merging.set("into", &second)).expect(303).location().unwrap().to_owned();
        assert_eq!(merged, again, "{}: sent twice", town.engine);
        works(&town);
        let shown = secretary.open(&merged).expect(200).words();
        for text in ["人工划分", "采用以后撤销 1 个网格，新设 0 个。", "采用以后撤销的网格", "第002网格（1 栋）"]
        {
            assert!(shown.contains(text), "{}: {text} in {shown}", town.engine);
        }

        let split = secretary.open(&hand).expect(200);
        let one = secretary.submit(form(&split, "split").set("grid", &first)).expect(422);
        assert!(one.words().contains("分不成两个"), "{}: a single building: {}", town.engine, one.words());
        let split =
            secretary.send(form(&split, "split").set("grid", &second)).expect(303).location().unwrap().to_owned();
        works(&town);
        let shown = secretary.open(&split).expect(200);
        assert!(shown.words().contains("新网格 1"), "{}: {}", town.engine, shown.words());
        let before = grids_on(&town, "2026-11-23");
        drop(adopts(&mut secretary, &split, "2026-11-23", "南湖街党发〔2026〕14号").expect(303));
        let after = grids_on(&town, "2026-11-23");
        assert!(before != after && before.len() == after.len(), "{}: every building lies in one grid", town.engine);

        a_table_names_what_it_lacks(&town, &mut secretary, &place);
        renumbered_it_is_the_same(&town, &mut secretary, &place);

        let mut other = town.staff("grids.other", "secretary_street", &town.named("大北街道"), None);
        assert_eq!(other.get(&hand).status, 404, "{}: not hers", town.engine);
        town.verify();
    }
}

#[test]
fn a_grid_that_ended_leads_to_the_one_in_which_its_buildings_lie() {
    for town in Town::each() {
        lay(&town);
        town.clock.set_local("2026-11-24 09:00");
        let place = town.named("文安路社区");
        let mut secretary = town.staff("grids.merging", "secretary_street", &town.named(STREET), None);
        let page = secretary.open(&format!("{}/hand", address(&place))).expect(200);
        let merging = page.forms().into_iter().find(|form| form.get("do") == Some("merge")).unwrap();
        let living: Vec<i64> = town.city.places.tree().children(place.id()).map(|grid| grid.id.0).collect();
        let (first, second) = (living[0], living[1]);
        let merging = merging.set("from", &first.to_string()).set("into", &second.to_string());
        let merged = secretary.send(merging).expect(303).location().unwrap().to_owned();
        works(&town);
        drop(adopts(&mut secretary, &merged, "2026-11-24", "南湖街党发〔2026〕15号").expect(303));
        let here = format!("/places/{first}");
        let ended = town.visitor().open(&here).expect(200);
        assert!(ended.words().contains("2026年11月24日已经撤销"), "{}: {}", town.engine, ended.words());
        assert!(ended.links().contains(&format!("/places/{second}")), "{}: {:?}", town.engine, ended.links());
        let worker = secretary.get(&format!("{here}/worker")).expect(303);
        assert_eq!(worker.location(), Some(here.as_str()), "{}: nobody has it any more", town.engine);
        town.verify();
    }
}

#[test]
fn grids_are_balanced_by_something_else_than_households() {
    for town in Town::each() {
        lay(&town);
        let place = town.named("文安路社区");
        let mut secretary = town.staff("grids.counting", "secretary_street", &town.named(STREET), None);
        let page = secretary.open(&format!("{}/hand", address(&place))).expect(200);
        let counting = |page: &Reply| page.forms().into_iter().find(|form| form.get("do") == Some("counted")).unwrap();
        let form = counting(&page);
        let ground = town.city.places.geography_blocking().unwrap().unwrap();
        let own = ground.buildings.iter().filter(|building| ground.community_of(building) == Some(place.id()));
        let row = |building: &places::geography::Building| {
            format!("{},{},10\n", ground.compound_of(building).unwrap().name, building.name)
        };
        let rows: Vec<String> = own.map(row).collect();
        let table = format!("小区,楼栋,数量\n{}", rows.concat());
        let form = form.set("counted", "独居老人").set("least", "20").set("most", "80").set("target", "40");
        let send = |who: &mut Browser, form: &testkit::Form, text: &str| {
            who.uploads(form, &[("counts", "counts.csv", text.as_bytes())])
        };
        for (field, value, words) in [
            ("counted", "", "“数的是什么”还没有填写"),
            ("least", "0", "“一个网格最少”要填整数"),
            ("most", "19", "“一个网格最多”要填整数，在 20 到"),
            ("target", "81", "“目标”要填整数，在 20 到 80 之间"),
        ] {
            let refused = send(&mut secretary, &form.clone().set(field, value), &table).expect(422);
            assert!(refused.words().contains(words), "{}: {field}: {}", town.engine, refused.words());
            assert_eq!(counting(&refused).get(field), Some(value), "what was typed stays");
        }
        let wrong = table.replacen(",10\n", ",很多\n", 1);
        let refused = send(&mut secretary, &form, &wrong).expect(422).words();
        assert!(refused.contains("第 2 行的数量"), "{}: {refused}", town.engine);
        let proposal = send(&mut secretary, &form, &table).expect(200).address;
        works(&town);
        let shown = secretary.open(&proposal).expect(200).words();
        for words in
            ["按“独居老人”划分：一个网格最少 20、最多 80，目标 40", "数量不合适的网格", "户换网格", "换网格的楼栋"]
        {
            assert!(shown.contains(words), "{}: {words}: {shown}", town.engine);
        }
        let many = counting(&secretary.open(&format!("{}/hand", address(&place))).expect(200));
        let many = many.set("counted", "独居老人").set("least", "9000").set("most", "9000").set("target", "9000");
        let scarce = send(&mut secretary, &many, &table).expect(200).address;
        works(&town);
        let shown = secretary.open(&scarce).expect(200).words();
        for words in ["“独居老人”不足 9000 的网格有", "所在的社区一共就不够，怎样划都不够"]
        {
            assert!(shown.contains(words), "{}: {words}: {shown}", town.engine);
        }
        let before = grids_on(&town, "2026-11-23");
        drop(adopts(&mut secretary, &proposal, "2026-11-23", "按独居老人").expect(303));
        let after = grids_on(&town, "2026-11-23");
        let mut sizes: BTreeMap<PlaceId, u32> = BTreeMap::new();
        for building in ground.buildings.iter().filter(|one| ground.community_of(one) == Some(place.id())) {
            *sizes.entry(after[&building.id]).or_default() += 10;
        }
        assert!(before != after && sizes.values().all(|size| *size <= 80), "{}: {sizes:?}", town.engine);
    }
}

#[test]
fn grids_are_numbered_in_order_from_a_day_and_their_old_codes_are_found() {
    for town in Town::each() {
        lay(&town);
        let (place, last) =
            (town.named("文安路社区"), town.city.places.tree().get(town.named("文安路社区").id()).cloned());
        let code = last.unwrap().code;
        let mut secretary = town.staff("grids.secretary", "secretary_street", &town.named(STREET), None);
        // A grid in the north comes first, so that the codes run against the order of the map.
        let ground = town.city.places.geography_blocking().unwrap().unwrap();
        let own = |one: &&places::geography::Building| ground.community_of(one) == Some(place.id());
        let mut buildings: Vec<_> = ground.buildings.iter().filter(own).collect();
        buildings.sort_by(|a, b| a.at.y.total_cmp(&b.at.y));
        let half = buildings.len() / 2;
        let grids: Vec<PlaceId> = town.city.places.tree().children(place.id()).map(|grid| grid.id).collect();
        let members: Vec<(i64, PlaceId)> =
            buildings.iter().enumerate().map(|(at, one)| (one.id, grids[usize::from(at >= half)])).collect();
        let today = ZONE.date(town.clock.now());
        town.store().write_blocking(move |tx| places::put_into_grids(tx, &members, today)).unwrap();

        let form = |page: &Reply| page.forms().into_iter().find(|form| form.get("mode") == Some("renumber")).unwrap();
        let page = secretary.open(&address(&place)).expect(200);
        assert!(page.words().contains("按顺序重新编码"), "{}", page.words());
        let proposal = secretary.send(form(&page)).expect(303).location().unwrap().to_owned();
        works(&town);
        let shown = secretary.open(&proposal).expect(200);
        let words = shown.words();
        for text in ["统一编码", "新编码", &format!("{code}001"), &format!("{code}002"), "采用这份方案"] {
            assert!(words.contains(text), "{}: {text} in {words}", town.engine);
        }
        assert!(!words.contains("换网格的楼栋"), "{}: no building moves", town.engine);
        let refused = adopts(&mut secretary, &proposal, "2026-11-23", "街办〔2026〕1号").expect(422).words();
        assert!(refused.contains("起用的，当天不能再改"), "{}: {refused}", town.engine);
        let before = grids_on(&town, "2026-11-30");
        drop(adopts(&mut secretary, &proposal, "2026-12-01", "街办〔2026〕1号").expect(303));
        let still = town.city.places.tree().get(grids[1]).unwrap().code.clone();
        assert_eq!(still, format!("{code}002"), "{}: nothing changes before the day", town.engine);

        town.clock.set_local("2026-12-01 00:00");
        works(&town);
        let tree = town.city.places.tree();
        let called = |grid: PlaceId| tree.get(grid).map(|grid| (grid.code.clone(), grid.name.zh.clone())).unwrap();
        assert_eq!(called(grids[1]), (format!("{code}001"), "第001网格".to_owned()), "{}", town.engine);
        assert_eq!(called(grids[0]), (format!("{code}002"), "第002网格".to_owned()), "{}", town.engine);
        assert_eq!(grids_on(&town, "2026-12-01"), before, "{}: buildings stay", town.engine);
        let history = secretary.open(&format!("/places/{}", grids[1])).expect(200).words();
        assert!(history.contains(&format!("代码由 {code}002 改为 {code}001")), "{}: {history}", town.engine);
        let found = town.visitor().open(&format!("/places?q={code}002")).expect(200).words();
        assert!(found.contains(&format!("2026-12-01 以前的编码是 {code}002")), "{}: {found}", town.engine);
        let on = "2026-11-30".parse().unwrap();
        let (asked, system) = (format!("{code}002"), places::SYSTEM_GRID);
        let then = town.store().read_blocking(move |tx| places::by_code_at(tx, system, &asked, on)).unwrap();
        assert_eq!(then, Some(grids[1]), "{}: a day has its codes", town.engine);

        let page = secretary.open(&address(&place)).expect(200);
        let again = secretary.send(form(&page)).expect(303).location().unwrap().to_owned();
        works(&town);
        assert!(secretary.open(&again).expect(200).words().contains("已经是按顺序的"), "{}", town.engine);
        let mut other = town.staff("grids.other", "secretary_street", &town.named("大北街道"), None);
        assert_eq!(other.post(&address(&place), &[("mode", "renumber")]).status, 404, "{}", town.engine);
        town.verify();
    }
}
