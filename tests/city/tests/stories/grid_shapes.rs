//! In these stories grids come from a program for maps, as GeoJSON, and some of them are exclusive: a market, a school.

use crate::grids::{STREET, address, adopts, grids_on, lay, works};
use city_stories::{Browser, Town};
use kernel::earth::{Datum, Point};
use kernel::place::PlacePath;
use serde_json::{Value, json};
use testkit::Reply;

const PLACE: &str = "文安路社区";

/// The buildings of the community with their points.
fn buildings(town: &Town) -> Vec<(i64, Point)> {
    let (ground, community) = (town.city.places.geography_blocking().unwrap().unwrap(), town.named(PLACE).id());
    let plane = ground.plane().unwrap();
    let own = ground.buildings.iter().filter(|one| ground.community_of(one) == Some(community));
    own.map(|one| (one.id, plane.to_point((one.at.x, one.at.y)).unwrap())).collect()
}

/// A square of about two metres around each point, as one feature in the degrees of a map.
fn around(points: &[(i64, Point)], datum: Datum, properties: &Value) -> Value {
    let square = |(_, point): &(i64, Point)| {
        let (latitude, longitude) = datum.shown(*point).degrees();
        let corner = |east: f64, north: f64| json!([longitude + east * 1e-5, latitude + north * 1e-5]);
        json!([[corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)]])
    };
    let coordinates: Vec<Value> = points.iter().map(square).collect();
    let geometry = json!({ "type": "MultiPolygon", "coordinates": coordinates });
    json!({ "type": "Feature", "properties": properties, "geometry": geometry })
}

fn file(features: &[Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn form(page: &Reply, does: &str) -> testkit::Form {
    page.forms().into_iter().find(|form| form.get("do") == Some(does)).unwrap()
}

/// Sends a file on the page of grids by hand.
fn sends(who: &mut Browser, place: &PlacePath, text: &str, datum: &str) -> Reply {
    let page = who.open(&format!("{}/hand", address(place))).expect(200);
    let shapes = form(&page, "shapes").set("datum", datum);
    who.uploads(&shapes, &[("shapes", "grids.geojson", text.as_bytes())])
}

#[test]
fn shapes_of_a_map_become_grids_once_they_are_adopted() {
    for town in Town::each() {
        lay(&town);
        let place = town.named(PLACE);
        let code = town.city.places.tree().get(place.id()).unwrap().code.clone();
        let mut secretary = town.staff("shapes.secretary", "secretary_street", &town.named(STREET), None);
        let all = buildings(&town);
        let (north, market) = all.split_at(all.len() - 1);
        let before = grids_on(&town, "2026-11-23");
        let wgs = Datum::Wgs84;
        let none = json!({});
        let twice = [around(&all, wgs, &none), around(market, wgs, &none)];
        let turned = {
            let mut feature = around(&all, wgs, &none);
            for part in feature["geometry"]["coordinates"].as_array_mut().unwrap() {
                part[0].as_array_mut().unwrap().iter_mut().for_each(|corner| corner.as_array_mut().unwrap().reverse());
            }
            feature
        };
        for (text, said) in [
            (file(&[around(north, wgs, &none)]), "有 1 栋楼不在任何图形里"),
            (file(&twice), "同时在第 1 个和第 2 个图形里"),
            (file(&[turned]), "第 1 个图形的经度和纬度好像写反了"),
            (file(&[around(&all, wgs, &json!({ "kind": "wholesale" }))]), "第 1 个图形的 kind"),
            ("{\"type\":".to_owned(), "不是 GeoJSON"),
        ] {
            let refused = sends(&mut secretary, &place, &text, "wgs84").expect(422).words();
            assert!(refused.contains(said), "{}: {said} in {refused}", town.engine);
        }
        let shifted = file(&[
            around(north, Datum::Gcj02, &json!({ "name": "北片" })),
            around(
                market,
                Datum::Gcj02,
                &json!({ "name": "文安路市场", "kind": "exclusive", "code": format!("{code}009") }),
            ),
        ]);
        let refused = sends(&mut secretary, &place, &shifted, "wgs84").expect(422).words();
        assert!(refused.contains("没有楼栋") || refused.contains("不在任何图形里"), "{}: {refused}", town.engine);
        let proposal = sends(&mut secretary, &place, &shifted, "gcj02").expect(200).address;
        works(&town);
        let shown = secretary.open(&proposal).expect(200).words();
        for text in ["北片", "文安路市场", "专属网格", &format!("{code}009"), "采用这份方案"] {
            assert!(shown.contains(text), "{}: {text} in {shown}", town.engine);
        }
        assert_eq!(grids_on(&town, "2026-11-23"), before, "{}: nothing changes before that", town.engine);
        drop(adopts(&mut secretary, &proposal, "2026-11-23", "街办〔2026〕2号").expect(303));

        let after = grids_on(&town, "2026-11-23");
        assert!(after.len() == before.len(), "{}: each building lies in one grid", town.engine);
        let tree = town.city.places.tree();
        let grid = tree.get(after[&market[0].0]).unwrap();
        assert_eq!((grid.kind, grid.name.zh.as_str()), (places::Kind::ExclusiveGrid, "文安路市场"), "{}", town.engine);
        assert_eq!(grid.code, format!("{code}009"), "{}", town.engine);
        let page = secretary.open(&address(&place)).expect(200);
        assert!(page.words().contains("专属网格") && page.words().contains("综合网格"), "{}", page.words());
        sent_back_it_changes_nothing(&town, &mut secretary, &page, &code);
        let mut other = town.staff("shapes.other", "secretary_street", &town.named("大北街道"), None);
        assert_eq!(other.get(&format!("{}/hand", address(&place))).status, 404, "{}: not hers", town.engine);
        town.verify();
    }
}

/// The grids of a place are downloaded as a file of their own, and the same file sent back changes nothing.
fn sent_back_it_changes_nothing(town: &Town, secretary: &mut Browser, page: &Reply, code: &str) {
    let place = town.named(PLACE);
    let export = page.links().into_iter().find(|link| link.starts_with("/ogc/collections/grids/items")).unwrap();
    let answer: Value = serde_json::from_slice(&secretary.get(&export).expect(200).bytes).unwrap();
    let named = |feature: &&Value| feature["properties"]["name"] == "北片";
    let north = answer["features"].as_array().unwrap().iter().find(named).unwrap();
    assert_eq!(north["properties"]["kind"], "general", "{}", town.engine);
    assert!(north["properties"]["code"].as_str().unwrap().starts_with(code), "{}", town.engine);
    let kept = secretary.get(&export).expect(200);
    assert_eq!(kept.header("content-disposition"), Some("attachment; filename=\"grids.geojson\""));
    for feature in answer["features"].as_array().unwrap() {
        assert!(feature["properties"]["code"].as_str().unwrap().starts_with(code), "of this place: {feature}");
    }
    // The same file sent back means that nothing changes.
    let same = sends(secretary, &place, &answer.to_string(), "wgs84").expect(200).address;
    works(town);
    let shown = secretary.open(&same).expect(200).words();
    assert!(shown.contains("其中 0 户换网格"), "{}: {shown}", town.engine);
    for wrong in ["/ogc/collections/places/items?place=1", "/ogc/collections/grids/items?place=x"] {
        assert!(secretary.get(wrong).expect(400).body().contains("place"), "{wrong}");
    }
}

#[test]
fn grids_that_another_system_publishes_are_brought_and_become_a_proposal() {
    for town in Town::each() {
        lay(&town);
        let place = town.named(PLACE);
        let mut secretary = town.staff("brought.secretary", "secretary_street", &town.named(STREET), None);
        let served = crate::open311::replayed::served(&town, 0);
        let items = format!("{served}/ogc/collections/grids/items?place={}", place.id());
        let file = lianglin::features::read(&items).unwrap();
        let on = "2026-11-23".parse().unwrap();
        let bring = |file: &[u8], apply: bool| {
            let bringing = places::Bringing { place: &place, file, datum: Datum::Wgs84, on, apply };
            places::bring_grids(&town.city.places, &town.city.rulebook, &bringing, town.clock.now()).unwrap()
        };
        let looked = bring(&file, false);
        assert!(looked.is_good() && looked.work.is_none(), "{}: {looked:?}", town.engine);
        assert_eq!(looked.buildings, buildings(&town).len(), "{}", town.engine);
        let (first, again) = (bring(&file, true), bring(&file, true));
        assert_eq!(first.work, again.work, "{}: asked twice, worked out once", town.engine);
        works(&town);
        let shown = secretary.open(&format!("/places/grids/{}", first.work.unwrap())).expect(200).words();
        assert!(shown.contains("其中 0 户换网格"), "{}: {shown}", town.engine);

        // What is wrong is told at its feature, and nothing is asked for.
        let mut wrong: Value = serde_json::from_slice(&file).unwrap();
        wrong["features"][0]["properties"]["kind"] = json!("wholesale");
        let told = bring(wrong.to_string().as_bytes(), true);
        let faulty: Vec<usize> = told.rows.iter().filter(|row| !row.faults.is_empty()).map(|row| row.number).collect();
        assert_eq!((faulty, told.work, told.faults.len()), (vec![1], None, 0), "{}", town.engine);
        let mut less: Value = serde_json::from_slice(&file).unwrap();
        drop(less["features"].as_array_mut().unwrap().pop());
        let told = bring(less.to_string().as_bytes(), true);
        assert!(!told.is_good() && told.faults.len() == 1 && told.work.is_none(), "{}: {told:?}", town.engine);
        town.verify();
    }
}

#[test]
fn a_grid_gets_a_name_and_becomes_an_exclusive_one_by_hand() {
    for town in Town::each() {
        lay(&town);
        let place = town.named(PLACE);
        let mut secretary = town.staff("kinds.secretary", "secretary_street", &town.named(STREET), None);
        let grid = town.city.places.tree().children(place.id()).next().unwrap().id;
        let page = secretary.open(&format!("{}/hand", address(&place))).expect(200);
        let each = form(&page, "each").set(&format!("kind{grid}"), "exclusive-grid");
        let long = each.clone().set(&format!("name{grid}"), &"长".repeat(41));
        let refused = secretary.send(long).expect(422).words();
        assert!(refused.contains("太长，最多 40 个字"), "{}: {refused}", town.engine);
        let each = each.set(&format!("name{grid}"), "文安路小学");
        let proposal = secretary.send(each).expect(303).location().unwrap().to_owned();
        works(&town);
        let shown = secretary.open(&proposal).expect(200).words();
        assert!(shown.contains("文安路小学") && shown.contains("专属网格"), "{}: {shown}", town.engine);
        drop(adopts(&mut secretary, &proposal, "2026-11-24", "街办〔2026〕3号").expect(303));
        town.clock.set_local("2026-11-24 00:00");
        works(&town);
        let history = secretary.open(&format!("/places/{grid}")).expect(200).words();
        for text in ["文安路小学", "专属网格", "改为专属网格", "由“第001网格”改称“文安路小学”"]
        {
            assert!(history.contains(text), "{}: {text} in {history}", town.engine);
        }
        let then = secretary.open(&format!("/places/{grid}?on=2026-11-23")).expect(200).words();
        assert!(then.contains("第001网格") && then.contains("综合网格"), "{}: {then}", town.engine);
        town.verify();
    }
}
