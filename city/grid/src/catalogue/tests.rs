//! Tests of the catalogue of the grid, as it is shipped and as it is refused.

use super::*;
use kernel::calendar::Unit as Counted;

const FILES: [&str; 9] =
    ["areas", "categories", "components", "danger", "events", "left_out", "services", "sets", "units"];

pub(crate) fn files() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/catalogue/grid");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}.toml")).unwrap();
    FILES.iter().map(|name| (format!("{name}.toml"), read(name))).collect()
}

pub(crate) fn shipped() -> Catalogue {
    Catalogue::load(&files())
        .unwrap_or_else(|faults| panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

/// The files with one text in place of another.
pub(super) fn with(file: &str, text: &str, other: &str) -> Vec<(String, String)> {
    let mut files = files();
    let (_, content) = files.iter_mut().find(|(name, _)| name == file).unwrap();
    assert!(content.contains(text), "{file} has not {text}");
    *content = content.replacen(text, other, 1);
    files
}

#[test]
fn the_catalogue_that_is_shipped_is_in_order() {
    let catalogue = shipped();
    let of = |system: &str| catalogue.kinds().iter().filter(|kind| kind.system == system).count();
    assert_eq!((of("component"), of("event"), of("service")), (86, 51, 13));
    let report = catalogue.report().to_string();
    assert!(report.starts_with("150 kinds of the grid, "), "{report}");
    let counts: Vec<usize> = report.lines().filter(|line| line.contains("big classes")).map(conditions_told).collect();
    let conditions: usize = catalogue.kinds().iter().map(|kind| kind.conditions.len()).sum();
    assert_eq!((counts.len(), counts.iter().sum::<usize>()), (3, conditions), "{report}");
    assert_eq!(report.matches("  16 digits").count(), 1, "{report}");
    assert_eq!(report.matches("  10 digits").count(), 2, "{report}");
    for line in ["8 categories: 4 sourced, 4 provisional", "185 services: 0 sourced, 185 provisional"] {
        assert!(report.lines().any(|told| told == line), "{report}");
    }
    for kind in catalogue.kinds() {
        assert!(catalogue.unit(&kind.unit).is_some() && !kind.conditions.is_empty(), "{}", kind.key());
        for label in ["群体性", "集体性", "邪教", "流浪乞讨", "上访"] {
            assert!(!kind.name.zh.contains(label), "{} labels people", kind.key());
            assert!(catalogue.leaves_out(label).is_some(), "{label} is left out of a city's sheet too");
        }
    }
}

/// The number of conditions in a line of the report.
fn conditions_told(line: &str) -> usize {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.iter().position(|word| *word == "conditions").map(|at| words[at - 1].parse().unwrap()).unwrap()
}

#[test]
fn one_kind_has_several_conditions_each_with_its_own_limit() {
    let catalogue = shipped();
    let table = [
        ("missing", 2, Counted::UrgentHour),
        ("broken", 4, Counted::WorkingHour),
        ("rattling", 2, Counted::WorkingDay),
        ("sunk", 5, Counted::WorkingDay),
    ];
    for (code, amount, unit) in table {
        let (kind, condition) = catalogue.condition(&format!("component/0129/{code}")).unwrap();
        assert_eq!((kind.name.zh.as_str(), condition.limit), ("园林井盖", Limit::new(amount, unit)));
        assert!(!condition.closes.zh.is_empty());
    }
    let (_, building) = catalogue.condition("event/0101/building").unwrap();
    let limits: Vec<Limit> = building.milestones.iter().map(|each| each.limit).chain([building.limit]).collect();
    let expected = [(4, Counted::WorkingHour), (7, Counted::WorkingDay), (20, Counted::WorkingDay)];
    assert_eq!(limits, expected.map(|(amount, unit)| Limit::new(amount, unit)));
}

#[test]
fn severity_and_area_change_a_limit() {
    let catalogue = shipped();
    let (_, snow) = catalogue.condition("event/0407/snow").unwrap();
    let hours = |amount| Limit::new(amount, Counted::UrgentHour);
    assert_eq!(snow.limit_at(None, Some(Area::Core)), hours(4));
    assert_eq!(snow.limit_at(None, Some(Area::General)), hours(8));
    assert_eq!(snow.limit_at(None, None), snow.limit);
    let severe = Condition { by_severity: BTreeMap::from([(Severity::Urgent, hours(1))]), ..snow.clone() };
    assert_eq!(severe.limit_at(Some(Severity::Urgent), Some(Area::Core)), hours(1), "severity goes before the area");
    assert_eq!(severe.limit_at(Some(Severity::Ordinary), Some(Area::Core)), hours(4));
}

#[test]
fn a_place_is_in_the_area_that_the_city_names_nearest_to_it() {
    let areas = "[[area]]\nclass = \"core\"\nplaces = [\"210102001000\"]\n\n[[area]]\nclass = \"other\"\n\
                 places = [\"210102000000\", \"210102001002\"]\n";
    let mut files = files();
    files.push(("mine.toml".to_owned(), areas.to_owned()));
    let catalogue = Catalogue::load(&files).unwrap();
    let area = |codes: &[&str]| catalogue.area_of(codes.iter().copied());
    assert_eq!(area(&["210102001001", "210102001000", "210102000000"]), Some(Area::Core));
    assert_eq!(area(&["210102001002", "210102001000", "210102000000"]), Some(Area::Other), "the nearest counts");
    assert_eq!(area(&["210103001001", "210103001000"]), None);
    files.push(("again.toml".to_owned(), areas.replace("\"core\"", "\"general\"")));
    let faults = Catalogue::load(&files).unwrap_err();
    assert!(faults[0].to_string().starts_with("again.toml:1: the place 210102001000 is in two classes"), "{faults:?}");
}

#[test]
fn a_condition_counts_at_its_hours() {
    let catalogue = shipped();
    let table = [
        ("event/0104/after_eight", 7 * 60 + 59, false),
        ("event/0104/after_eight", 8 * 60, true),
        ("event/0508/night", 23 * 60, true),
        ("event/0508/night", 5 * 60 + 59, true),
        ("event/0508/night", 6 * 60, false),
        ("event/0508/day", 6 * 60, true),
        ("event/0102/heap", 3 * 60, true),
    ];
    for (key, minute, counts) in table {
        assert_eq!(catalogue.condition(key).unwrap().1.counts_at(minute), counts, "{key} at {minute}");
    }
}

#[test]
fn keys_name_one_thing_in_one_system() {
    let catalogue = shipped();
    assert_eq!(catalogue.kind("event/0102").unwrap().name.zh, "暴露垃圾");
    assert_eq!(catalogue.kind("event/0102/heap").unwrap().name.zh, "暴露垃圾");
    assert_eq!(catalogue.kind("component/0102").unwrap().name.zh, "污水井盖");
    for key in ["0102", "event/9999", "event", "", "event/0102/none", "event/0102/heap/more", "/", "//"] {
        assert!(catalogue.condition(key).is_none(), "{key}");
    }
    assert!(catalogue.kind("0102").is_none());
}

#[test]
fn whoever_says_it_in_her_own_words_finds_it() {
    let catalogue = shipped();
    let table = [
        ("路灯不亮", "component/0118"),
        ("我家楼下路灯坏了好几天了", "component/0118"),
        ("楼道灯不亮", "service/0101"),
        ("井盖不见了", "component/0114"),
        ("下水道井盖丢了", "component/0102"),
        ("楼下垃圾没人收", "event/0102"),
        ("有煤气味", "event/0403"),
        ("電梯壞了", "service/0103"),
        ("共享单车堵着路", "event/0506"),
        ("半夜施工睡不着", "event/0301"),
        ("僵尸车占了车位", "event/0107"),
        ("树倒了压着车", "component/0402"),
        ("暖气不热", "service/0106"),
        ("流浪狗追人", "event/0599"),
        ("street light", "component/0118"),
        ("a burst gas pipe", "event/0403"),
    ];
    for (words, key) in table {
        let found: Vec<String> = catalogue.search(words, 3).into_iter().map(Kind::key).collect();
        assert_eq!(found.first().map(String::as_str), Some(key), "{words}: {found:?}");
    }
    let lamp = catalogue.search("路灯不亮", 1)[0];
    let order = |said: &str| lamp.conditions_by(said).iter().map(|one| one.when.zh.clone()).collect::<Vec<_>>();
    let plain: Vec<String> = lamp.conditions.iter().map(|one| one.when.zh.clone()).collect();
    assert!(plain[0].contains("一盏不亮") && order("路灯坏了") == plain, "the commonest first: {plain:?}");
    assert!(order("路灯杆倾斜")[0].contains("倾斜"), "{:?}", order("路灯杆倾斜"));
    let first = |said: &str| catalogue.search(said, 1)[0].conditions_by(said)[0].code.clone();
    assert_eq!(["流浪狗", "stray dogs", "遛狗不拴绳"].map(first), ["stray", "stray", "loose"]);
    assert_eq!(order(""), plain, "nothing said, the order of the catalogue");
    let dangerous = [
        "路灯漏电",
        "路灯灯杆的电线露出来了",
        "路灯杆电线外露",
        "灯杆倾斜",
        "灯杆要倒",
        "路灯歪了",
        "街灯漏电",
        "灯柱要倒",
        "exposed wires on the lamp post",
    ];
    for said in dangerous {
        // Where the danger itself has kinds, these stand first.
        let found = catalogue.search(said, 3);
        let lamp = found.iter().find(|kind| kind.key() == "component/0118");
        let first = lamp.map(|lamp| lamp.conditions_by(said)[0].code.as_str());
        assert_eq!(first, Some("bare"), "{said}: {:?}", found.iter().map(|kind| kind.key()).collect::<Vec<_>>());
    }
    assert!(catalogue.search("", 3).is_empty() && catalogue.search("qzx", 3).is_empty());
}

#[test]
fn what_people_commonly_say_finds_its_kind_among_the_first_three() {
    let catalogue = shipped();
    let table = [
        ("楼道里的灯坏了半个月，天黑看不见台阶", "service/0101"),
        ("狗叫一晚上睡不着", "event/0599"),
        ("邻居家的狗天天晚上叫", "event/0599"),
        ("垃圾桶满了好几天没人倒", "event/0102"),
        ("楼道里堆满了纸箱子", "event/0507"),
        ("楼上漏水，我家屋顶都湿了", "service/0105"),
        ("下水道堵了往外冒脏水", "event/0404"),
        ("路面有个大坑，摔了好几个人", "event/0401"),
        ("人行道的砖松了，绊倒老人", "event/0110"),
        ("单元门关不上，谁都能进", "service/0104"),
        ("小区停水两天了", "service/0201"),
        ("家里没电了", "service/0202"),
        ("暖气管子爆了", "event/0405"),
        ("楼下烧烤摊油烟呛人", "event/0510"),
        ("广场舞音响太吵", "event/0508"),
        ("车停在消防通道上", "event/0505"),
        ("电线掉在地上了", "event/0408"),
        ("雪没人扫，路特别滑", "event/0407"),
        ("健身器材坏了", "component/0126"),
        ("红绿灯不亮了", "component/0214"),
        ("墙上全是小广告", "event/0201"),
        ("轮椅上不去，没有坡道", "service/0302"),
        ("有人在楼顶搭棚子", "event/0101"),
        ("电动车在楼道里充电", "event/0506"),
        ("公厕没水冲", "component/0301"),
        ("street lamp is broken", "component/0118"),
        ("the lamp in the stairwell is out", "service/0101"),
        ("dog barking all night", "event/0599"),
        ("rubbish has not been collected for a week", "event/0102"),
        ("manhole cover is missing", "component/0114"),
        ("the lift is stuck", "service/0103"),
        ("there is a smell of gas", "event/0403"),
        ("a tree has fallen on a car", "component/0402"),
        ("my flat is cold, no heating", "service/0106"),
        ("big hole in the road", "event/0110"),
        ("cars parked in the fire lane", "event/0505"),
        ("noise from a building site at night", "event/0301"),
        ("snow and ice on the pavement", "event/0407"),
        ("water is leaking from the roof", "service/0105"),
        ("no power since this morning", "service/0202"),
    ];
    for (words, key) in table {
        let found: Vec<String> = catalogue.search(words, 3).into_iter().map(Kind::key).collect();
        assert!(found.iter().any(|one| one == key), "{words}: {found:?}");
    }
    let first = |words: &str| catalogue.search(words, 1).first().map(|kind| kind.key());
    assert_eq!(
        first("楼道里的灯坏了半个月，天黑看不见台阶").as_deref(),
        Some("service/0101"),
        "not the lamps of the street"
    );
    assert_eq!(first("street lamp is broken").as_deref(), Some("component/0118"), "neither a cover nor a tree");
    assert!(catalogue.condition(super::UNCLEAR).is_some(), "who cannot say what it is has a choice too");
}

#[test]
fn what_is_wrong_in_a_file_is_said_with_its_line() {
    let table = [
        ("sets.toml", "limit = \"2紧急工作时\"", "limit = \"2小时\"", "no limit"),
        ("events.toml", "from = \"2019-01-01\"", "from = \"1 May\"", "no day from which"),
        ("components.toml", "digits = 16", "digits = 15", "no full code of GB/T 30428 has 15 digits"),
        ("units.toml", "last = true", "last = false", "0 units of the district"),
        ("units.toml", "code = \"water\"", "code = \"water\"\nlast = true", "2 units of the district"),
        ("sets.toml", "from = \"08:00\"", "from = \"8点\"", "no time of day"),
        ("sets.toml", "call = [\"95598\", \"119\"]", "call = []", "without a number"),
        ("sets.toml", "core = ", "centre = ", "no class of areas centre"),
        ("components.toml", "code = \"0101\"", "code = \"101\"", "four digits"),
        ("components.toml", "code = \"0102\"", "code = \"0101\"", "stands twice"),
        ("components.toml", "code = \"0102\"", "code = \"9902\"", "no big class"),
        ("components.toml", "unit = \"water\"", "unit = \"waters\"", "unit waters is not known"),
        ("events.toml", "set = \"rubbish\"", "set = \"rubbishes\"", "has no conditions"),
        ("events.toml", "en = \"Exposed rubbish\"", "en = \"\"", "missing in English"),
        ("events.toml", "暴露垃圾", "集体性事件", "labels people's opinions"),
        ("events.toml", "[[kind]]", "[[kinds]]", "unknown field"),
    ];
    for (file, text, other, told) in table {
        let faults = Catalogue::load(&with(file, text, other)).unwrap_err();
        let fault = faults.iter().find(|fault| fault.message.contains(told));
        let fault = fault.unwrap_or_else(|| panic!("{told}: {faults:?}"));
        assert!(fault.file == file && fault.line > 0, "{fault}");
    }
}
