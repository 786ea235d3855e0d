//! These tests import the five real editions of Shenyang one after another on both engines. They check which place
//! stays which, what the map of 2020 says, and what is refused.
#![expect(clippy::unwrap_used, reason = "a fault in a test's own setting must fail that test at once")]

use jiff::civil::date;
use kernel::{
    language::Lang,
    permission::{Actor, ActorKind, Grant},
    place::{Level, PlaceId},
    time::{Date, Instant},
};
use places::May;
use places::{ImportError, Report, Tree, UnitPlan};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Instant as Stopwatch;
use store::{Store, StoreError, scalar};
use uuid::Uuid;

const NOW: Instant = Instant::from_micros(1_700_000_000_000_000);
const DAYS: [Date; 5] =
    [date(2019, 10, 31), date(2020, 6, 30), date(2021, 10, 31), date(2022, 10, 31), date(2023, 6, 30)];

fn edition(on: Date) -> String {
    let path = format!("{}/../../data/shenyang/editions/shenyang_divisions_{on}.csv", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn import(store: &Store, on: Date) -> Report {
    places::import(store, edition(on), on, "test", NOW).unwrap()
}

fn empty(store: &Store) {
    store::migrate(store, &[places::MIGRATIONS]).unwrap();
}

fn tree(store: &Store) -> Tree {
    store.read_blocking(|tx| places::load_tree(tx)).unwrap()
}

fn tree_at(store: &Store, on: Date) -> Tree {
    store.read_blocking(move |tx| places::tree_at(tx, on)).unwrap()
}

fn listed(on: Date) -> BTreeMap<String, String> {
    let text = edition(on);
    let rows = text.lines().skip(1).filter_map(|line| line.split_once(','));
    rows.map(|(code, rest)| (code.to_owned(), rest.split(',').next().unwrap().to_owned())).collect()
}

fn of(tree: &Tree) -> BTreeMap<String, String> {
    tree.all().map(|place| (place.code.clone(), place.name.zh.clone())).collect()
}

/// Checks that every path equals its parent's chain, and that every code belongs to one place.
fn sound(tree: &Tree) {
    for place in tree.all() {
        let chain: Vec<PlaceId> = tree.ancestors(place.id).iter().map(|above| above.id).chain([place.id]).collect();
        assert_eq!(place.path.ids(), chain, "{}", place.name.zh);
        assert_eq!(tree.by_code(&place.code).unwrap().id, place.id);
    }
}

/// Returns the table of the README, as the imports report it.
fn table(reports: &[Report]) -> String {
    let mut table = "| edition | level | listed | same | recoded | renamed | transferred | created | of these split | ended | of these merged | to review |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n".to_owned();
    for report in reports {
        for level in [Level::District, Level::Street, Level::Community] {
            let counts = report.of(level);
            let listed = counts.same + counts.recoded + counts.renamed + counts.transferred + counts.created;
            let cells = [
                listed,
                counts.same,
                counts.recoded,
                counts.renamed,
                counts.transferred,
                counts.created,
                counts.split,
                counts.abolished,
                counts.merged,
                counts.in_review,
            ];
            let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
            writeln!(table, "| {} | {} | {} |", report.on, level.code(), cells.join(" | ")).unwrap();
        }
    }
    table
}

#[test]
fn five_editions_leave_each_community_one_identity() {
    let readme = include_str!("../README.md");
    for test in testkit::stores() {
        let store = test.store();
        empty(&store);
        let mut reports = Vec::new();
        let mut before: Option<Tree> = None;
        for on in DAYS {
            let start = Stopwatch::now();
            reports.push(import(&store, on));
            println!("{} {on}: {:?}", test.name, start.elapsed());
            // An import takes less than one second on an idle machine. The bound leaves room for tests that run beside
            // this one.
            assert!(start.elapsed().as_secs() < 10, "{}: an import is a matter of seconds", test.name);
            let now = tree(&store);
            sound(&now);
            assert_eq!(of(&now), listed(on), "{on}: the tree is the edition");
            if let Some(before) = before {
                let kept = now.of_level(Level::Community).filter(|place| before.get(place.id).is_some()).count();
                let counts = reports.last().unwrap().of(Level::Community);
                assert_eq!(kept, counts.same + counts.recoded + counts.renamed + counts.transferred);
            }
            before = Some(now);
        }
        let table = table(&reports);
        assert!(readme.contains(&table), "the README of this crate shows the observed table:\n{table}");
        for on in DAYS {
            let then = tree_at(&store, on);
            sound(&then);
            assert_eq!(of(&then), listed(on), "{on}: a question about that day is answered with that day's map");
        }
        one_code_each(&store);
        what_became_of_some(&store);
    }
}

fn one_code_each(store: &Store) {
    let alive: Option<i64> = store
        .read_blocking(|tx| {
            let sql = "select count(*) from places_place p where p.alive_to is null and (select count(*) from places_code c \
                       where c.place = p.id and c.valid_to is null) <> 1";
            scalar(tx, sql, &[])
        })
        .map_err(|error: StoreError| error)
        .unwrap();
    assert_eq!(alive, Some(0), "every living place has exactly one living code");
}

fn what_became_of_some(store: &Store) {
    let first = tree_at(store, DAYS[0]);
    let last = tree(store);
    // 西塔街道 was merged into 北市场街道 in 2020. Its community 安图 moved with it and is the same place.
    let community = first.by_code("210102007002").unwrap();
    let now = last.get(community.id).unwrap();
    assert_eq!((now.name.zh.as_str(), now.code.as_str()), ("安图社区", "210102023013"));
    assert!(last.chain(&now.path, Lang::Zh).ends_with("和平区 · 北市场街道 · 安图社区"));
    assert!(first.chain(&community.path, Lang::Zh).ends_with("和平区 · 西塔街道 · 安图社区"));
    let street = first.by_code("210102007000").unwrap().id;
    assert!(last.get(street).is_none());
    let history = store.read_blocking(move |tx| places::history(tx, street)).unwrap();
    let told: Vec<_> = history.changes.iter().map(|change| (change.kind, change.other)).collect();
    assert_eq!(told, [(places::ChangeKind::MergedInto, Some(last.by_code("210102023000").unwrap().id))]);
    // On 2020-01-01 the map of 2019 still holds; a day before the first edition has no map.
    assert_eq!(of(&tree_at(store, date(2020, 1, 1))), listed(DAYS[0]));
    assert!(tree_at(store, date(2019, 10, 30)).is_empty());
    let id = community.id;
    let then = store.read_blocking(move |tx| places::place_at(tx, id, date(2020, 1, 1))).unwrap().unwrap();
    assert_eq!((then.code.as_str(), then.path.clone()), ("210102007002", community.path.clone()));
    let below = store.read_blocking(move |tx| places::children_at(tx, street, date(2020, 1, 1))).unwrap();
    assert_eq!(below.len(), first.children(street).count());
    // The code of 地王社区 was given to 建院社区 in the same edition. They are not the same place until a person says
    // so.
    assert_ne!(first.by_code("210103018002").unwrap().id, last.by_code("210103018002").unwrap().id);
    let code = |on: Date| {
        store.read_blocking(move |tx| places::by_code_at(tx, places::SYSTEM_NBS, "210103018002", on)).unwrap()
    };
    assert_eq!(code(date(2020, 1, 1)), Some(first.by_code("210103018002").unwrap().id));
}

#[test]
fn names_that_many_places_bear_stay_apart() {
    let names = listed(DAYS[4]);
    let mut bearers: BTreeMap<&String, usize> = BTreeMap::new();
    for name in names.iter().filter(|(code, _)| !code.ends_with("000")).map(|(_, name)| name) {
        *bearers.entry(name).or_default() += 1;
    }
    let shared = bearers.values().filter(|count| **count > 1).count();
    let test = testkit::sqlite();
    empty(&test);
    import(&test, DAYS[3]);
    import(&test, DAYS[4]);
    let ids: BTreeSet<PlaceId> = tree(&test).all().map(|place| place.id).collect();
    assert_eq!(ids.len(), names.len());
    assert!(shared > 100, "{shared} names are borne by several communities");
}

#[test]
fn the_same_edition_again_changes_nothing() {
    for test in testkit::stores() {
        empty(&test);
        for on in [DAYS[0], DAYS[1]] {
            import(&test, on);
            let before = dump(&test);
            let again = import(&test, on);
            assert!(again.again && again.moved == 0);
            let counts = again.of(Level::Community);
            assert_eq!(counts.created + counts.abolished + counts.renamed + counts.transferred + counts.recoded, 0);
            assert_eq!(dump(&test), before, "{}", test.name);
        }
    }
}

fn dump(store: &Store) -> Vec<String> {
    let tables = ["place", "name", "code", "parent", "change", "review", "edition", "counter"];
    store
        .read_blocking(move |tx| {
            let mut rows = Vec::new();
            for table in tables {
                let order = if table == "code" { "1, 2, 3" } else { "1, 2" };
                rows.extend(tx.rows(&format!("select * from places_{table} order by {order} limit 100000"), &[])?);
            }
            Ok::<_, StoreError>(rows.iter().map(|row| format!("{row:?}")).collect())
        })
        .unwrap()
}

#[test]
fn a_damaged_name_waits_for_a_person_and_a_city_may_have_no_districts() {
    let test = testkit::sqlite();
    empty(&test);
    let first =
        "区划一览\n代码;名称\n４４１９００００００００;东莞市\n441900003000;东城街道\n441900003001;文安路社区\n";
    places::import(&test, first, DAYS[3], "a.csv", NOW).unwrap();
    let before = tree(&test);
    sound(&before);
    let street = before.by_code("441900003000").unwrap();
    assert_eq!(before.ancestors(street.id).len(), 2, "the city, and the city as its own district");
    let second = "\u{feff}code,name,remark\n441900000000,东莞市,\n441900003000,东城街道,\n441900003001,文?路社区,x\n";
    let report = places::import(&test, second, DAYS[4], "b.csv", NOW).unwrap();
    assert_eq!(
        (report.damaged.as_slice(), report.untaken.as_slice()),
        (["441900003001 文?路社区".to_owned()].as_slice(), ["remark".to_owned()].as_slice())
    );
    assert_eq!(test.read_blocking(|tx| places::open_reviews(tx)).unwrap(), 1);
    let known = before.by_code("441900003001").unwrap().id;
    assert_eq!(
        tree(&test).by_code("441900003001").unwrap().id,
        known,
        "its code says which it is, and a person its name"
    );
    sound(&tree(&test));
}

#[test]
fn what_cannot_be_right_is_refused_and_nothing_is_stored() {
    let test = testkit::sqlite();
    empty(&test);
    import(&test, DAYS[2]);
    let before = dump(&test);
    let older = places::import(&test, edition(DAYS[1]), DAYS[1], "test", NOW).unwrap_err();
    assert!(matches!(&older, ImportError::Older { newest, .. } if *newest == DAYS[2]), "{older}");
    assert!(older.to_string().contains("older than the newest one imported (2021-10-31)"));
    let different = places::import(&test, edition(DAYS[3]), DAYS[2], "test", NOW).unwrap_err();
    assert!(matches!(different, ImportError::Different { .. }), "{different}");
    let broken = edition(DAYS[3]).replacen("210102000000,和平区,district", "2.1E+11,和平区,district", 1);
    let ImportError::Rows(faults) = places::import(&test, &broken, DAYS[3], "test", NOW).unwrap_err() else {
        panic!("rows")
    };
    assert!(faults[0].to_string().starts_with("line 3: \"2.1E+11\" is not a code"), "{}", faults[0]);
    let other = "code,name,level,parent\n210200000000,大连市,city,\n";
    let other = places::import(&test, other, DAYS[3], "test", NOW).unwrap_err();
    assert!(matches!(other, ImportError::OtherCity { .. }), "{other}");
    assert_eq!(dump(&test), before);
}

#[test]
fn search_finds_in_a_real_city_within_milliseconds() {
    let test = testkit::sqlite();
    empty(&test);
    import(&test, DAYS[4]);
    let tree = tree(&test);
    for words in ["文安路", "wenanlu"] {
        assert_eq!(tree.search(words, 5)[0].name.zh, "文安路社区", "{words}");
    }
    assert!(tree.search("wal", 20).iter().any(|place| place.name.zh == "文安路社区"));
    assert_eq!(tree.search("大东", 5)[0].name.zh, "大东区");
    assert_eq!(tree.search("dadong", 5)[0].name.zh, "大东区");
    assert_eq!(tree.search("shenyang", 5)[0].name.zh, "沈阳市");
    let start = Stopwatch::now();
    for words in [
        "文安路",
        "wenanlu",
        "wal",
        "大东",
        "x",
        "和平 文安路",
        "zzzzzzzzzzzzzzz",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        tree.search(words, 20);
    }
    println!("eight searches over {} places: {:?}", tree.len(), start.elapsed());
    assert!(start.elapsed().as_secs() < 3, "even unoptimised and beside other tests");
}

/// Returns somebody with `place.edit` over the whole city.
fn editor(tree: &Tree) -> Actor {
    let grant = Grant {
        post: Uuid::from_u128(1),
        role: "test".to_owned(),
        place: tree.root().unwrap().path.clone(),
        department: None,
        permissions: [May::PlaceEdit].into(),
    };
    Actor { account: Some(Uuid::from_u128(2)), name: "李岺".to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}

#[test]
fn doubts_units_and_grids_work_on_both_engines() {
    for test in testkit::stores() {
        let store = test.store();
        empty(&store);
        import(&store, DAYS[0]);
        import(&store, DAYS[1]);
        let plan = UnitPlan::load("units.toml", include_str!("../../../data/shenyang/units.toml")).unwrap();
        let again = plan.clone();
        assert!(store.write_blocking(move |tx| places::establish_units(tx, &plan)).unwrap() > 2700);
        assert_eq!(store.write_blocking(move |tx| places::establish_units(tx, &again)).unwrap(), 0, "made once");
        let before = tree(&store);
        let community = before.by_code("210103018002").unwrap().id;
        let grids = store.write_blocking(move |tx| places::open_grids(tx, community, 2, DAYS[1])).unwrap();
        let counter = store.read_blocking(move |tx| places::unit_for(tx, community, "civil_affairs")).unwrap().unwrap();
        assert_eq!(counter.department, places::COMMUNITY_COUNTER, "a community has one counter for everything");

        let open = store.read_blocking(|tx| places::reviews(tx, false, 0, 100)).unwrap();
        assert_eq!(store.read_blocking(|tx| places::open_reviews(tx)).unwrap(), i64::try_from(open.len()).unwrap());
        let doubt = open.iter().find(|review| review.after == community).unwrap().clone();
        let (actor, number) = (editor(&before), doubt.id);
        let stamp = places::Stamp { message: Uuid::from_u128(3), at: NOW };
        store.write_blocking(move |tx| places::decide(tx, &actor, number, true, stamp)).unwrap();
        let now = tree(&store);
        sound(&now);
        one_code_each(&store);
        assert_eq!(now.len(), before.len() + grids.len());
        assert_eq!(now.by_code("210103018002").unwrap().id, doubt.before);
        assert_eq!(now.get(grids[0]).unwrap().parent, Some(doubt.before), "grids follow");
        let survivor = doubt.before;
        assert_eq!(
            store.read_blocking(move |tx| places::units(tx, survivor)).unwrap().len(),
            1,
            "and so does the counter"
        );
        assert!(import(&store, DAYS[1]).again, "the decision does not contradict the edition");
        import(&store, DAYS[2]);
        assert_eq!(tree(&store).by_code("210103018002").unwrap().id, doubt.before);
    }
}
