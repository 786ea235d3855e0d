//! These stories are about the ground under the map: a point finds its community, and the tiles of the map hold exactly
//! what their reader may see.

#[path = "../../../../platform/tiles/tests/decoder/mod.rs"]
mod decoder;

use std::collections::BTreeSet;

use crate::open311::client::{self, Client};
use crate::open311::program;
use axum::http::Method;
use city_stories::{Browser, Story, Town};
use decoder::{Layer, decode};
use kernel::earth::{Point, Tile};
use testkit::Reply;
use tiles::Value;

const STREET: &str = "大北街道";
const PLACE: &str = "华炉社区";
const HEAP: &str = "event/0102/heap";

/// A point so many metres north of a building of a community, by the building's number; with its compound.
pub(crate) fn standing(town: &Town, community: &str, number: usize, north: f64) -> (Point, String) {
    let ground = town.city.places.geography_blocking().unwrap().unwrap();
    let inside = ground.inside(&town.city.places.tree(), &town.named(community));
    let building = &ground.buildings[inside.buildings[number] as usize];
    let point = ground.plane().unwrap().to_point((building.at.x, building.at.y + north)).unwrap();
    (point, ground.compound_of(building).unwrap().name.clone())
}

/// The form of a screen on a page.
fn screen(page: &Reply, name: &str) -> testkit::Form {
    page.forms().into_iter().find(|form| form.get("screen") == Some(name)).unwrap()
}

/// She says what is wrong and where, and chooses the kind.
pub(crate) fn said(she: &mut Browser, wher: &str) -> Reply {
    drop(she.open("/report/new").expect(200));
    let form = screen(&she.page(), "say");
    let which = she.send(form.set("what", "楼下垃圾没人收").set("where", wher));
    if which.status != 200 {
        return which;
    }
    she.submit(screen(&which, "which").set("kind", HEAP)).expect(200)
}

/// She reports it there. Returns the number of the case.
pub(crate) fn reports(she: &mut Browser, wher: &str) -> String {
    let last = screen(&said(she, wher), "send");
    let receipt = she.submit(last).expect(200);
    receipt.address.trim_start_matches("/receipt/").to_owned()
}

/// The layer of a tile, if there is something in it.
fn layer(reader: &mut Browser, tile: Tile, name: &str) -> Option<Layer> {
    let address = format!("/map/tiles/{}/{}/{}", tile.zoom(), tile.column(), tile.row());
    let reply = reader.get(&address).expect(200);
    assert_eq!(reply.header("content-type"), Some("application/vnd.mapbox-vector-tile"));
    decode(&reply.bytes).remove(name)
}

/// How many reports a tile says it holds, and the pages of those that stand alone.
fn counted(reader: &mut Browser, tile: Tile) -> (i64, BTreeSet<String>) {
    let (mut sum, mut pages) = (0, BTreeSet::new());
    let Some(layer) = layer(reader, tile, "reports") else { return (sum, pages) };
    for feature in &layer.features {
        let facts = layer.facts(feature);
        let Value::Whole(count) = facts["count"] else { panic!("{facts:?}") };
        sum += count;
        if let Some(Value::Text(page)) = facts.get("href") {
            pages.insert(page.clone());
        }
    }
    (sum, pages)
}

#[test]
fn a_point_finds_its_community_and_is_kept_with_the_report() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (point, compound) = standing(&town, PLACE, 0, 3.0);
        let mut she = town.visitor();
        let page = she.open("/report/new").expect(200);
        assert!(page.header("permissions-policy").unwrap().contains("geolocation=(self)"), "she may be asked");
        let button = page
            .body()
            .split("data-here=\"#f-where\"")
            .nth(1)
            .and_then(|rest| rest.split('>').next())
            .map(str::to_owned);
        assert!(button.is_some_and(|tag| tag.ends_with("hidden")), "not without a script");
        let elsewhere = she.open("/items").expect(200);
        assert!(elsewhere.header("permissions-policy").unwrap().contains("geolocation=()"));
        let page = said(&mut she, &point.to_string());
        assert!(page.words().contains(PLACE) && page.words().contains(&compound), "{}", page.words());
        let receipt = she.submit(screen(&page, "send")).expect(200);
        let number = receipt.address.trim_start_matches("/receipt/").to_owned();
        let community = town.named(PLACE);
        let found = town.store().read_blocking(move |tx| grid_of(tx, &number));
        let (path, x, y) = found.unwrap();
        assert_eq!(path, community.to_string());
        let ground = town.city.places.geography_blocking().unwrap().unwrap();
        let (east, north) = ground.plane().unwrap().to_metres(point);
        let near =
            |metres: f64, decimetres: i64| (metres - f64::from(i32::try_from(decimetres).unwrap()) / 10.0).abs() < 0.1;
        assert!(near(east, x) && near(north, y), "{x} {y}");
        let mut near = town.visitor();
        let (again, _) = standing(&town, PLACE, 0, 23.0);
        assert!(said(&mut near, &again.to_string()).words().contains("是同一件吗"), "{}: 20 metres away", town.engine);
        town.verify();
    }
}

#[test]
fn everybody_may_see_the_city_on_the_map_but_nothing_that_was_reported() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (point, _) = standing(&town, PLACE, 0, 0.0);
        let mut she = town.visitor();
        drop(reports(&mut she, &point.to_string()));
        let about = she.get("/map/places.json").expect(200);
        let told: serde_json::Value = serde_json::from_slice(&about.bytes).unwrap();
        assert_eq!(told["tiles"][0], "/map/places/{z}/{x}/{y}");
        let layers = told["vector_layers"].as_array().unwrap();
        let ids: Vec<&str> = layers.iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["places", "grids", "compounds", "buildings", "names"], "{}", town.engine);
        let mut leader = town.staff("map.leader", "secretary_street", &town.named(STREET), None);
        for zoom in [9, 13, 16] {
            let tile = Tile::of(point, zoom);
            let address = |of: &str| format!("/map/{of}/{}/{}/{}", tile.zoom(), tile.column(), tile.row());
            let layers = decode(&she.get(&address("places")).expect(200).bytes);
            assert!(layers.contains_key("places"), "{}: {zoom}", town.engine);
            assert_eq!(layers.contains_key("buildings"), zoom == 16, "{}: {zoom}", town.engine);
            assert!(layers.keys().all(|name| ids.contains(&name.as_str())), "{}: {zoom}", town.engine);
            let hers = decode(&leader.get(&address("tiles")).expect(200).bytes);
            assert!(hers.contains_key("reports"), "{}: whoever supervises sees it: {zoom}", town.engine);
            assert!(she.get(&address("tiles")).location().is_some(), "{}: and nobody else", town.engine);
        }
        assert_eq!(she.get("/map/places/30/0/0").status, 404, "{}", town.engine);
    }
}

/// Where the report of a number is.
fn grid_of(tx: &mut dyn store::Tx, number: &str) -> Result<(String, i64, i64), store::StoreError> {
    let rows = tx.rows("select path, x, y from grid_report where number = $1", &store::args![number])?;
    let row = rows.first().ok_or_else(|| store::StoreError::data("no report"))?;
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

#[test]
fn a_point_that_is_none_here_says_why_and_keeps_nothing() {
    for town in Town::each() {
        let (mut she, before) = (town.visitor(), town.counts());
        let unmapped = said(&mut she, "41.8057,123.4315").expect(422);
        assert!(unmapped.words().contains("还没有对上经纬度"), "{}", unmapped.words());
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (point, _) = standing(&town, PLACE, 0, 0.0);
        let (latitude, longitude) = point.degrees();
        for (wher, why) in [
            (format!("{longitude},{latitude}"), "好像写反了"),
            ("43.9,125.3".to_owned(), "不在本市"),
            ("0,0".to_owned(), "不在本市"),
            ("41.8".to_owned(), "没有看懂"),
        ] {
            let page = said(&mut she, &wher).expect(422);
            assert!(page.words().contains(why), "{wher}: {}", page.words());
            assert!(page.body().contains("name=\"where\""), "{wher}: it can be written again");
        }
        let good = screen(&said(&mut she, &point.to_string()), "send");
        assert_eq!(she.send(good.set("at", "g:43.9,125.3")).status, 422, "a form that was tampered with");
        assert_eq!(town.counts().people, before.people, "{}: nothing is kept", town.engine);
    }
}

#[test]
fn the_tiles_of_the_map_add_up_to_what_their_reader_may_see() {
    // Of many reports a wide map counts those of a square together: the sums are the same.
    for town in Town::each().into_iter().chain(Town::each_figured(&[("grid.map_one_by_one", 1)])) {
        drop(town.lays_ground(&[town.named(STREET), town.named("南湖街道")], 5));
        let mut she = town.visitor();
        let points = [0, 7, 14].map(|number| standing(&town, PLACE, number, 0.0).0);
        let here: Vec<String> = points.iter().map(|point| reports(&mut she, &point.to_string())).collect();
        let (there, _) = standing(&town, "文安路社区", 0, 0.0);
        let other = reports(&mut she, &there.to_string());
        // Of this one only the community is known: it stands in its middle.
        drop(reports(&mut she, PLACE));
        let mut street = town.staff("street.map", "secretary_street", &town.named(STREET), None);
        let mut city = town.staff("city.map", "organiser_city", &town.named("沈阳市"), None);
        let page = |number: &String| format!("/cases/{number}");
        let add_up = |street: &mut Browser, city: &mut Browser, expected: (i64, i64)| {
            for zoom in [0, 9, 12, 14, 16] {
                let (mut seen, mut all) = (0, 0);
                for tile in squares(&town, zoom) {
                    let (count, alone) = counted(street, tile);
                    assert!(!alone.contains(&page(&other)), "{}: not hers", town.engine);
                    seen += count;
                    all += counted(city, tile).0;
                }
                assert_eq!((seen, all), expected, "{}: zoom {zoom}", town.engine);
            }
        };
        add_up(&mut street, &mut city, (4, 5));
        for (number, point) in here.iter().zip(points) {
            let (_, alone) = counted(&mut street, Tile::of(point, 17));
            assert!(alone.contains(&page(number)), "{}: {number} in {alone:?}", town.engine);
        }
        let mut story = Story::new(&town, 319);
        story.number.clone_from(&here[0]);
        story.tell(
            "zhao is community_worker at 华炉社区
             zhao does not_there reason=没有",
        );
        town.hears();
        add_up(&mut street, &mut city, (3, 4));
        let mut worker = town.staff("worker.map", "community_worker", &town.named(PLACE), None);
        assert_eq!(worker.get("/map/tiles/0/0/0").status, 403);
        for gone in ["/map/tiles/18/0/0", "/map/tiles/3/9/0", "/map/tiles/-1/0/0", "/map/tiles/a/0/0"] {
            assert_eq!(city.get(gone).status, 404, "{gone}");
        }
    }
}

#[test]
fn a_post_of_a_unit_sees_on_the_map_the_reports_of_its_unit_and_no_others() {
    // Of many reports a wide map counts those of a square together, of each unit by itself: the sums are the same.
    for town in Town::each().into_iter().chain(Town::each_figured(&[("grid.map_one_by_one", 1)])) {
        drop(town.lays_ground(&[town.named(STREET), town.named("南湖街道")], 5));
        let (mut she, whole, street) = (town.visitor(), town.named("沈阳市"), town.named(STREET));
        let points = [0, 7, 14].map(|number| standing(&town, PLACE, number, 0.0).0);
        let here: Vec<String> = points.iter().map(|point| reports(&mut she, &point.to_string())).collect();
        drop(reports(&mut she, &standing(&town, "文安路社区", 0, 0.0).0.to_string()));
        // Of this one only the community is known.
        drop(reports(&mut she, PLACE));
        let mut readers = [
            town.staff("all.unit", "organiser_city", &whole, Some("sanitation")),
            town.staff("own.unit", "secretary_street", &street, Some("sanitation")),
            town.staff("street.unit", "organiser_city", &whole, Some("street")),
            town.staff("every.unit", "organiser_city", &whole, None),
        ];
        let add_up = |readers: &mut [Browser; 4], expected: [i64; 4]| {
            for zoom in [6, 9, 10, 12, 14, 16] {
                let tiles = squares(&town, zoom);
                let sums = readers.each_mut().map(|one| tiles.iter().map(|tile| counted(one, *tile).0).sum::<i64>());
                assert_eq!(sums, expected, "{}: zoom {zoom}", town.engine);
            }
        };
        add_up(&mut readers, [5, 4, 0, 5]);
        let mut story = Story::new(&town, 377);
        story.number.clone_from(&here[0]);
        story.tell(&format!(
            "zhao is community_worker at 华炉社区
             wu is street_handler at {STREET} for street
             zhao does file
             zhao does dispatch unit=street@{street}
             case is handling"
        ));
        add_up(&mut readers, [4, 3, 1, 5]);
        let (_, alone) = counted(&mut readers[2], Tile::of(points[0], 17));
        assert_eq!(alone, BTreeSet::from([format!("/cases/{}", here[0])]), "{}", town.engine);
        story.number.clone_from(&here[1]);
        story.tell("zhao does not_there reason=没有");
        add_up(&mut readers, [3, 2, 1, 4]);
    }
}

#[test]
fn other_programs_say_in_degrees_where_something_is() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (point, _) = standing(&town, PLACE, 0, 3.0);
        let (latitude, longitude) = point.degrees();
        let (lat, long) = (latitude.to_string(), longitude.to_string());
        let mut client = program(&town, "随手拍", "沈阳市", &["report.send"]);
        let sends = |client: &mut Client, lat: &str, long: &str| {
            let what = [("service_code", "event-0102"), ("attribute[condition]", "heap"), ("lat", lat), ("long", long)];
            client.sends("requests", "json", &what)
        };
        for (north, east) in [(long.as_str(), lat.as_str()), ("43.9", "125.3"), ("41.8", ""), ("north", "east")] {
            let refused = sends(&mut client, north, east);
            assert_eq!(refused.status, 400, "{north},{east}: {}", refused.body());
        }
        let taken = sends(&mut client, &lat, &long).expect(201);
        let answer = client::json(&taken);
        let number = answer[0]["service_request_id"].as_str().unwrap().to_owned();
        let told = client.get(&format!("requests/{number}"), "");
        let near = |name: &str, own: f64| told[0][name].as_f64().is_some_and(|told| (told - own).abs() < 0.000_01);
        let is_point = near("lat", latitude) && near("long", longitude);
        assert!(!is_point && told[0]["lat"].is_f64(), "{}: a point says whose home it is: {told}", town.engine);
        assert!(told[0]["address"].as_str().unwrap().contains(PLACE), "{}: {told}", town.engine);
        town.verify();
    }
}

/// The squares of a zoom that cover all buildings, and one more on each side.
fn squares(town: &Town, zoom: u8) -> Vec<Tile> {
    let ground = town.city.places.geography_blocking().unwrap().unwrap();
    let plane = ground.plane().unwrap();
    let tiles = ground.buildings.iter().map(|one| Tile::of(plane.to_point((one.at.x, one.at.y)).unwrap(), zoom));
    let found: BTreeSet<(u32, u32)> = tiles.map(|tile| (tile.column(), tile.row())).collect();
    let columns = found.iter().map(|tile| tile.0).min().unwrap()..=found.iter().map(|tile| tile.0).max().unwrap();
    let rows = found.iter().map(|tile| tile.1).min().unwrap()..=found.iter().map(|tile| tile.1).max().unwrap();
    let wide = |edge: std::ops::RangeInclusive<u32>| edge.start().saturating_sub(1)..=edge.end() + 1;
    let (columns, rows) = (wide(columns), wide(rows));
    columns.flat_map(|column| rows.clone().filter_map(move |row| Tile::new(zoom, column, row))).collect()
}

#[test]
fn a_tile_shows_places_grids_and_buildings_and_the_description_names_every_layer() {
    for town in Town::each() {
        let mut leader = town.staff("leader.map", "secretary_street", &town.named(STREET), None);
        assert!(leader.get("/map/tiles/14/13806/6093").expect(200).bytes.is_empty(), "nothing is laid");
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let json: serde_json::Value = serde_json::from_slice(&leader.get("/map/tiles.json").expect(200).bytes).unwrap();
        let layers: BTreeSet<&str> =
            json["vector_layers"].as_array().unwrap().iter().filter_map(|layer| layer["id"].as_str()).collect();
        assert_eq!(
            layers,
            BTreeSet::from(["places", "grids", "compounds", "buildings", "names", "stations", "reports"])
        );
        let (point, compound) = standing(&town, PLACE, 0, 0.0);
        let (latitude, longitude) = point.degrees();
        let edges: Vec<f64> = json["bounds"].as_array().unwrap().iter().filter_map(serde_json::Value::as_f64).collect();
        assert!(edges[0] <= longitude && longitude <= edges[2] && edges[1] <= latitude && latitude <= edges[3]);
        let tile = Tile::of(point, 16);
        let names = |layer: &Layer| -> BTreeSet<String> {
            let name = |feature| match layer.facts(feature).remove("name") {
                Some(Value::Text(name)) => name,
                other => panic!("{other:?}"),
            };
            layer.features.iter().map(name).collect()
        };
        let places = layer(&mut leader, tile, "places").unwrap();
        assert!(names(&places).contains(PLACE) && places.features.iter().all(|feature| feature.kind == 3));
        let written = layer(&mut leader, tile, "names");
        assert!(written.is_none_or(|layer| layer.features.iter().all(|feature| feature.kind == 1)));
        assert!(names(&layer(&mut leader, tile, "compounds").unwrap()).contains(&compound));
        assert!(!layer(&mut leader, tile, "buildings").unwrap().features.is_empty());
        let wide = layer(&mut leader, Tile::of(point, 12), "places").unwrap();
        assert_eq!(names(&wide), BTreeSet::from([STREET.to_owned()]));
        assert!(layer(&mut leader, Tile::of(point, 12), "buildings").is_none(), "too wide for buildings");
    }
}

#[test]
fn a_tile_holds_only_the_layers_that_are_named_and_says_which_name_no_layer_has() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (point, _) = standing(&town, PLACE, 0, 0.0);
        drop(reports(&mut town.visitor(), &point.to_string()));
        let mut leader = town.staff("layers.map", "secretary_street", &town.named(STREET), None);
        let tile = Tile::of(point, 16);
        let address =
            |of: &str, asked: &str| format!("/map/{of}/{}/{}/{}{asked}", tile.zoom(), tile.column(), tile.row());
        let layers = |leader: &mut Browser, of: &str, asked: &str| -> BTreeSet<String> {
            decode(&leader.get(&address(of, asked)).expect(200).bytes).into_keys().collect()
        };
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
        let all = layers(&mut leader, "tiles", "");
        assert!(all.is_superset(&named(&["places", "compounds", "buildings", "reports"])), "{}: {all:?}", town.engine);
        assert_eq!(layers(&mut leader, "tiles", "?layers="), all, "{}: nothing is named", town.engine);
        for (asked, expected) in [
            ("?layers=reports", &["reports"][..]),
            ("?layers=reports,places", &["places", "reports"]),
            ("?layers=%20buildings%20,,compounds", &["buildings", "compounds"]),
        ] {
            assert_eq!(layers(&mut leader, "tiles", asked), named(expected), "{}: {asked}", town.engine);
        }
        let city = layers(&mut leader, "places", "?layers=buildings");
        assert_eq!(city, named(&["buildings"]), "{}", town.engine);
        let wrong = [("tiles", "?layers=places,people"), ("places", "?layers=people"), ("places", "?layers=reports")];
        for (of, asked) in wrong {
            let refused = leader.get(&address(of, asked)).expect(400);
            assert_eq!(refused.header("content-type"), Some("application/json"), "{}: {of}{asked}", town.engine);
            let told: serde_json::Value = serde_json::from_slice(&refused.bytes).unwrap();
            let why = told["description"].as_str().unwrap();
            let wrong = asked.rsplit(['=', ',']).next().unwrap();
            assert!(why.starts_with("layers: ") && why.contains(&format!("{wrong:?}")), "{}: {told}", town.engine);
        }
        let about = leader.get("/map/tiles.json").expect(200);
        let about: serde_json::Value = serde_json::from_slice(&about.bytes).unwrap();
        let listed = about["vector_layers"].as_array().unwrap().iter().map(|layer| layer["id"].as_str().unwrap());
        let one_by_one = listed.collect::<Vec<_>>().join(",");
        drop(leader.get(&address("tiles", &format!("?layers={one_by_one}"))).expect(200));
    }
}

/// An answer of the interface for other programs.
fn json(reader: &mut Browser, address: &str) -> serde_json::Value {
    let path = address.split("/ogc").nth(1).unwrap_or_else(|| panic!("{address}"));
    serde_json::from_slice(&reader.get(&format!("/ogc{path}")).expect(200).bytes).unwrap()
}

/// The addresses of the links of a kind.
fn linked(answer: &serde_json::Value, rel: &str) -> Vec<String> {
    let links = answer["links"].as_array().unwrap().iter().filter(|link| link["rel"] == rel);
    links.map(|link| link["href"].as_str().unwrap().to_owned()).collect()
}

/// Whatever goes wrong below `/ogc` is told as JSON.
fn programs_are_told(program: &mut Browser) {
    for nowhere in ["people", "people/items", "people/items/1", "places/items/people", "places/items/999999999"] {
        let reply = program.get(&format!("/ogc/collections/{nowhere}")).expect(404);
        assert_eq!(reply.header("content-type"), Some("application/json"), "{nowhere}");
        let told: serde_json::Value = serde_json::from_slice(&reply.bytes).unwrap();
        assert_eq!(told["code"], "NotFound", "{nowhere}: {told}");
    }
    for (method, address, code) in [
        (Method::POST, "/ogc", "MethodNotAllowed"),
        (Method::DELETE, "/ogc/collections/places/items", "MethodNotAllowed"),
        (Method::GET, "/ogc/nothing/here", "NotFound"),
    ] {
        let reply = program.sends(method, address, None, "");
        assert_eq!(reply.header("content-type"), Some("application/json"), "{address}");
        let told: serde_json::Value = serde_json::from_slice(&reply.bytes).unwrap();
        assert_eq!(told["code"], code, "{address}: {told}");
    }
}

#[test]
fn other_programs_read_the_map_as_features_page_by_page() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let mut she = town.visitor();
        let (point, _) = standing(&town, PLACE, 0, 0.0);
        drop(reports(&mut she, &point.to_string()));
        let last = screen(&said(&mut she, PLACE), "send").set("hidden", "1");
        drop(she.submit(last).expect(200));
        let mut program = town.visitor();
        let landing = json(&mut program, "/ogc");
        for rel in ["self", "service-desc", "conformance", "data"] {
            assert_eq!(linked(&landing, rel).len(), 1, "{rel}");
            drop(json(&mut program, &linked(&landing, rel)[0]));
        }
        let collections = json(&mut program, &linked(&landing, "data")[0]);
        let ids: Vec<&str> =
            collections["collections"].as_array().unwrap().iter().filter_map(|one| one["id"].as_str()).collect();
        assert_eq!(ids, ["places", "grids", "stations", "reports"]);

        // All pages together hold each place once, and every outline is closed and goes round as GeoJSON says.
        let (mut seen, mut next) = (BTreeSet::new(), vec!["/ogc/collections/places/items?limit=3".to_owned()]);
        while let Some(address) = next.pop() {
            let page = json(&mut program, &address);
            for feature in page["features"].as_array().unwrap() {
                assert!(seen.insert(feature["id"].as_str().unwrap().to_owned()), "{feature}");
                let ring = feature["geometry"]["coordinates"][0].as_array().unwrap();
                let corner = |at: &serde_json::Value| (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
                let corners: Vec<(f64, f64)> = ring.iter().map(corner).collect();
                assert_eq!(corners.first(), corners.last());
                let turns: f64 = corners.windows(2).map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1).sum();
                assert!(turns > 0.0, "counterclockwise: {feature}");
            }
            assert!(page["numberReturned"].as_u64().unwrap() <= 3);
            next = linked(&page, "next");
            if next.is_empty() {
                assert_eq!(page["numberMatched"].as_u64().unwrap(), u64::try_from(seen.len()).unwrap());
            }
        }
        assert!(seen.contains(&town.named(PLACE).id().to_string()), "{seen:?}");
        let one = json(&mut program, &format!("/ogc/collections/places/items/{}", town.named(PLACE).id()));
        assert_eq!(one["properties"]["name"].as_str(), Some(PLACE));

        let public = json(&mut program, "/ogc/collections/reports/items");
        assert_eq!(public["numberMatched"], 1, "{}: what is hidden is not there", town.engine);
        let told = &public["features"][0]["geometry"]["coordinates"];
        let (latitude, longitude) = point.degrees();
        let apart = (told[1].as_f64().unwrap() - latitude).hypot(told[0].as_f64().unwrap() - longitude);
        assert!(apart > 1e-5, "{}: the middle of the community, not the point", town.engine);
        let box_around = |west: f64, south: f64| format!("{west},{south},{},{}", west + 0.5, south + 0.5);
        for (bbox, count) in [(box_around(longitude - 0.2, latitude - 0.2), 1), (box_around(10.0, 50.0), 0)] {
            let found = json(&mut program, &format!("/ogc/collections/reports/items?bbox={bbox}"));
            assert_eq!(found["numberReturned"], count, "{bbox}");
        }
        for wrong in ["bbox=1,2,3", "bbox=1,2,3,4&bbox=5,6,7,8", "limit=0", "limit=x", "unheard=1"] {
            let refused = program.get(&format!("/ogc/collections/places/items?{wrong}")).expect(400);
            assert!(refused.body().contains(wrong.split('=').next().unwrap()), "{wrong}: {}", refused.body());
        }
        programs_are_told(&mut program);
    }
}

#[test]
fn each_number_of_the_map_opens_its_cases_and_a_community_is_drawn_too() {
    for town in Town::each() {
        let ground = town.lays_ground(&[town.named(STREET)], 5);
        let number = reports(&mut town.visitor(), PLACE);
        let community = town.named(PLACE);
        let rows = format!("/supervise?place={}#rows", community.id());
        let mut street = town.staff("street.numbers", "secretary_street", &town.named(STREET), None);
        let mut secretary = town.staff("community.numbers", "secretary_community", &community, None);
        for leader in [&mut street, &mut secretary] {
            let page = leader.open("/map").expect(200);
            let found = page.links().into_iter().filter(|link| *link == rows).count();
            assert_eq!(found, 2, "{}: the area and the number: {:?}", town.engine, page.links());
            let listed = leader.open(rows.trim_end_matches("#rows")).expect(200);
            assert!(listed.links().contains(&format!("/cases/{number}")), "{}: {}", town.engine, listed.words());
        }
        let page = secretary.open("/map").expect(200);
        let inside = ground.inside(&town.city.places.tree(), &community);
        // The legend has one too.
        assert_eq!(page.body().matches("class=\"dot beside\"").count(), inside.buildings.len() + 1, "{}", page.body());
        assert!(page.words().contains("华炉社区 1 "), "{}: {}", town.engine, page.words());
        assert_eq!(page.body().matches("<th scope=\"row\"").count(), 1, "its grids have no desks: {}", page.words());
    }
}
