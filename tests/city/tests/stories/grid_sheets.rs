//! In these stories a street brings its own sheet of buildings, with an extract of the map or without, sees what it
//! would change, lays it and divides it into grids. Others find nothing.

mod extract;

use crate::grids::{STREET, address, grids_on, lay, works};
use city_stories::{Browser, Town};
use kernel::place::PlacePath;
use std::fmt::Write as _;
use testkit::{Form, Reply};

const PLACE: &str = "文安路社区";

/// The buildings of the community as a sheet in WGS 84: the first has a household more than today, and one is new.
fn sheet(town: &Town) -> String {
    let ground = town.city.places.geography_blocking().unwrap().unwrap();
    let (plane, community) = (ground.plane().unwrap(), town.named(PLACE).id());
    let mut text = "南湖街道楼栋表\n社区,小区,楼栋,户数,经度,纬度,备注\n".to_owned();
    let own = ground.buildings.iter().filter(|one| ground.community_of(one) == Some(community));
    for (row, one) in own.enumerate() {
        let (latitude, longitude) = plane.to_point((one.at.x, one.at.y)).unwrap().degrees();
        let (compound, households) = (&ground.compound_of(one).unwrap().name, one.households + u32::from(row == 0));
        writeln!(text, "{PLACE},{compound},{},{households},{longitude},{latitude},", one.name).unwrap();
        if row == 0 {
            writeln!(text, "{PLACE},{compound},99号楼,12,{:.7},{latitude},", longitude + 0.000_2).unwrap();
        }
    }
    text
}

fn bring(place: &PlacePath) -> String {
    format!("/places/{}/bring", place.id())
}

/// Opens the page on which a sheet is sent. A form is sent once, so each sheet has its own.
fn opened(who: &mut Browser, place: &PlacePath) -> Form {
    let page = who.open(&bring(place)).expect(200);
    page.forms().into_iter().find(|form| form.get("rest").is_some()).unwrap().set("rest", "stays")
}

fn sends(who: &mut Browser, form: &Form, text: &str) -> Reply {
    who.uploads(form, &[("sheet", "楼栋.csv", text.as_bytes())])
}

/// Has the buildings divided and takes the proposal away in each form. Returns its address.
fn divided(town: &Town, who: &mut Browser, place: &PlacePath) -> String {
    let asks = who.open(&address(place)).expect(200).form(&address(place)).set("mode", "keep");
    let proposal = who.send(asks).expect(303).location().unwrap().to_owned();
    works(town);
    let shown = who.open(&proposal).expect(200);
    assert!(shown.words().contains("99号楼"), "{}: {}", town.engine, shown.words());
    let list = who.get(&format!("{proposal}/answer?format=csv")).expect(200).body();
    assert!(list.contains("99号楼,12,") && list.lines().count() > 2, "{}: {list}", town.engine);
    let book = who.get(&format!("{proposal}/answer?format=xlsx")).expect(200);
    assert!(book.bytes.starts_with(b"PK"), "{}", town.engine);
    let map = who.get(&format!("{proposal}/answer?format=geojson")).expect(200).body();
    let map: serde_json::Value = serde_json::from_str(&map).unwrap();
    let after = town.city.places.geography_blocking().unwrap().unwrap();
    let own = after.buildings.iter().filter(|one| after.community_of(one) == Some(place.id())).count();
    assert_eq!(map["features"].as_array().unwrap().len(), own, "{}", town.engine);
    proposal
}

#[test]
fn a_sheet_of_a_street_is_looked_at_laid_and_divided() {
    for town in Town::each() {
        lay(&town);
        let place = town.named(PLACE);
        let mut secretary = town.staff("sheets.secretary", "secretary_street", &town.named(STREET), None);
        assert!(secretary.open(&address(&place)).expect(200).links().contains(&bring(&place)), "{}", town.engine);
        let form = opened(&mut secretary, &place);
        let before = town.city.places.geography_blocking().unwrap().unwrap();
        let grids = grids_on(&town, "2026-11-23");

        for (text, said) in [
            ("楼栋,经度,纬度\n甲,123.43,41.8\n", "没有户数这一列"),
            ("楼栋,户数,经度,纬度\n甲,十,123.43,41.8\n", "第 2 行"),
        ] {
            let refused = sends(&mut secretary, &form, text).expect(422).words();
            assert!(refused.contains(said), "{}: {refused}", town.engine);
        }
        let unknown = sends(&mut secretary, &form, "社区,小区,楼栋,户数,经度,纬度\n没有社区,甲,1号楼,3,123.43,41.8\n");
        let unknown = unknown.expect(200).address;
        works(&town);
        let words = secretary.open(&unknown).expect(200).words();
        assert!(
            words.contains("“社区”一列里的“没有社区”（第 2 行）：文安路社区没有叫这个名称的社区")
                && !words.contains("导入这些楼栋"),
            "{}: {words}",
            town.engine
        );

        let form = opened(&mut secretary, &place);
        let waiting = sends(&mut secretary, &form, &sheet(&town)).expect(200);
        let work = waiting.address.clone();
        assert_eq!(secretary.get(&work).expect(200).header("refresh"), Some("2"), "{}", town.engine);
        assert!(waiting.words().contains("正在和现有楼栋比对"), "{}: {}", town.engine, waiting.words());
        works(&town);
        let seen = secretary.open(&work).expect(200);
        for text in
            ["新增 1 栋，有变 1 栋，不变", "户数有变的 1 栋", "99号楼", "households = 户数", "备注", "坐标按WGS 84"]
        {
            assert!(seen.words().contains(text), "{}: {text} in {}", town.engine, seen.words());
        }
        assert!(seen.body().contains("<figure class=\"map\">"), "{}: it is drawn", town.engine);
        assert_eq!(town.city.places.geography_blocking().unwrap().unwrap().revision, before.revision, "only looked at");

        let lays = seen.form(&format!("{work}/lay"));
        let first = secretary.send(lays.clone()).expect(303).location().unwrap().to_owned();
        let again = secretary.send(lays).expect(303).location().unwrap().to_owned();
        assert_eq!(first, again, "{}: sent twice", town.engine);
        works(&town);
        let words = secretary.open(&first).expect(200).words();
        assert!(words.contains("已导入"), "{}: {words}", town.engine);
        let after = town.city.places.geography_blocking().unwrap().unwrap();
        assert_eq!(after.buildings.len(), before.buildings.len() + 1, "{}", town.engine);
        let own = before.buildings.iter().find(|one| before.community_of(one) == Some(place.id())).unwrap();
        let same = after.buildings.iter().find(|one| one.id == own.id).unwrap();
        assert_eq!((same.households, &same.name), (own.households + 1, &own.name), "{}", town.engine);
        assert_eq!(grids_on(&town, "2026-11-23"), grids, "{}: grids stay", town.engine);

        let proposal = divided(&town, &mut secretary, &place);
        let mut other = town.staff("sheets.other", "secretary_street", &town.named("大北街道"), None);
        let mut worker = town.staff("sheets.worker", "community_worker", &place, None);
        for read in [bring(&place), work.clone()] {
            assert_eq!((other.get(&read).status.as_u16(), worker.get(&read).status.as_u16()), (404, 403), "{read}");
        }
        assert_eq!(other.post(&format!("{work}/lay"), &[]).status, 404, "{}", town.engine);
        assert_eq!(other.get(&format!("{proposal}/answer")).status, 404, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_difference_that_nobody_was_shown_is_not_laid_and_what_is_gone_is_agreed_to() {
    for town in Town::each() {
        lay(&town);
        let place = town.named(PLACE);
        let mut secretary = town.staff("sheets.secretary", "secretary_street", &town.named(STREET), None);
        let revision = || town.city.places.geography_blocking().unwrap().unwrap().revision;
        let text = sheet(&town);
        let form = opened(&mut secretary, &place);
        let early = sends(&mut secretary, &form, &text).expect(200).address;
        works(&town);
        drop(secretary.open(&early).expect(200).form(&format!("{early}/lay")));

        let few: Vec<&str> = text.lines().take(3).collect();
        let form = opened(&mut secretary, &place).set("rest", "goes");
        let late = sends(&mut secretary, &form, &few.join("\n")).expect(200).address;
        works(&town);
        let (before, lays) = (revision(), secretary.open(&late).expect(200).form(&format!("{late}/lay")));
        let refused = secretary.send(lays.clone()).expect(422).words();
        assert!(refused.contains("栋楼不再保留") && refused.contains("不再保留的"), "{}: {refused}", town.engine);
        works(&town);
        assert_eq!(revision(), before, "{}: nothing is laid without a word", town.engine);
        let laid = secretary.send(lays.set("sure", "1")).expect(303).location().unwrap().to_owned();
        works(&town);
        assert!(secretary.open(&laid).expect(200).words().contains("已导入"), "{}", town.engine);

        let (after, again) = (revision(), secretary.open(&early).expect(200).form(&format!("{early}/lay")));
        let old = secretary.send(again).expect(303).location().unwrap().to_owned();
        works(&town);
        let words = secretary.open(&old).expect(200).words();
        assert!(words.contains("楼栋数据变了"), "{}: {words}", town.engine);
        assert_eq!(revision(), after, "{}: it was looked at before the other sheet was laid", town.engine);
        town.verify();
    }
}

#[test]
fn a_river_of_the_extract_parts_new_buildings_from_those_across() {
    for town in Town::each() {
        lay(&town);
        let place = town.named(PLACE);
        let mut secretary = town.staff("sheets.secretary", "secretary_street", &town.named(STREET), None);
        let ground = town.city.places.geography_blocking().unwrap().unwrap();
        let first = ground.buildings.iter().find(|one| ground.community_of(one) == Some(place.id())).unwrap();
        let (north, east) = ground.plane().unwrap().to_point((first.at.x, first.at.y)).unwrap().degrees();
        let text = sheet(&town);
        let sends = |who: &mut Browser, map: &[u8]| {
            let form = opened(who, &place);
            who.uploads(&form, &[("sheet", "楼栋.csv", text.as_bytes()), ("map", "a.osm.pbf", map)])
        };

        let road = [(east - 0.02, north), (east + 0.02, north)];
        // The new building stands 0.0002 degrees to the east of the first one.
        let river = [(east + 0.000_1, north - 0.01), (east + 0.000_1, north + 0.01)];
        let elsewhere = [(121.6, 38.9), (121.61, 38.9)];
        for (map, said) in [
            (extract::of(&[(&elsewhere, "highway", "footway")]), "离地图文件里的路超过 1 公里"),
            (b"<osm version=\"0.6\">".to_vec(), "osmium cat -o 地图.osm.pbf 地图.osm"),
            (b"no extract".to_vec(), "读不下去了"),
            (extract::crowd(1_000_001), "节点不能超过 1000000 个。请只截取这一带"),
        ] {
            let words = sends(&mut secretary, &map).expect(422).words();
            assert!(words.contains(said) && !words.contains("--map"), "{}: {said}: {words}", town.engine);
        }

        let map = extract::of(&[(&road, "highway", "footway"), (&river, "waterway", "river")]);
        let work = sends(&mut secretary, &map).expect(200).address;
        works(&town);
        let seen = secretary.open(&work).expect(200);
        for text in ["新增 1 栋", "水面、铁路、高速路 1 段，街道、小河、围墙 0 段", "被地图上的水面"]
        {
            assert!(seen.words().contains(text), "{}: {text} in {}", town.engine, seen.words());
        }
        drop(secretary.send(seen.form(&format!("{work}/lay"))).expect(303));
        works(&town);
        let after = town.city.places.geography_blocking().unwrap().unwrap();
        let at = |is: &dyn Fn(&places::geography::Building) -> bool| after.buildings.iter().position(is).unwrap();
        let old = u32::try_from(at(&|one| one.id == first.id)).unwrap();
        let new = u32::try_from(at(&|one| one.name == "99号楼")).unwrap();
        let touch = |one: u32, other: u32| {
            after.borders.iter().any(|pair| [pair.a, pair.b] == [one, other] || [pair.b, pair.a] == [one, other])
        };
        assert!(!touch(old, new), "{}: the river lies between", town.engine);
        town.verify();
    }
}
