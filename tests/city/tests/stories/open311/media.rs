//! Photos, words and points of reports that programs send: photos come with a report and wait for a worker, and
//! everybody is told what a worker released, in the middle of its community.

use super::client::{error, is_request, json};
use super::{HEAP, PLACE, TELEPHONE, WORDS, id, program, reader, with};
use crate::photos::{only_photo, picture, shelf, turn_over};
use city_stories::{Browser, PICTURE, Story, Town};
use serde_json::Value;

/// A worker says why she looks at the photos of a report, and looks at them.
fn looks(worker: &mut Browser, photos: &str) {
    let why = worker.open(photos).expect(200).form(&format!("{photos}/open"));
    drop(worker.submit(why.set("purpose", "handling")).expect(200));
    let body = worker.open(photos).expect(200).body();
    let pictures = body.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next());
    for picture in pictures.filter(|address| address.starts_with(photos)) {
        drop(worker.get(picture).expect(200));
    }
}

#[test]
fn photos_come_with_a_report_and_everybody_is_told_what_is_released() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(PLACE)], 7));
        let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
        let mut world = reader(&town);
        let (before, kept) = (town.counts(), shelf(&town).len());
        let fields = [&HEAP[..], &[("attribute[external_id]", "P-1")]].concat();
        let mut sent = || {
            let reply = she.sends_files("requests", &fields, &[("media", PICTURE)]).expect(201);
            id(&json(&reply)[0])
        };
        let number = sent();
        assert_eq!(sent(), number, "{}: sent twice, done once", town.engine);
        assert_eq!(town.counts().cases, before.cases + 1, "{}", town.engine);
        let told = world.get(&format!("requests/{number}"), "")[0].clone();
        is_request(&told);
        assert_eq!((&told["description"], &told["media_url"]), (&Value::Null, &Value::Null), "{}", town.engine);
        assert!(shelf(&town).len() > kept, "{}: it lies on the shelf", town.engine);

        let mut story = Story::new(&town, 341);
        story.number.clone_from(&number);
        story.tell(&format!("zhao is community_worker at {PLACE}"));
        let photos = format!("/cases/{number}/photos");
        let (district, photo) = only_photo(&town, &number);
        looks(story.at("zhao"), &photos);
        turn_over(story.at("zhao"), &photos, photo, Some("yes"));
        let told = world.get(&format!("requests/{number}"), "")[0].clone();
        is_request(&told);
        assert_eq!(told["description"], WORDS, "{}: her words, and no address that nobody looked at", town.engine);
        let address = format!("/report/photo/{district}/{photo}");
        assert!(told["media_url"].as_str().is_some_and(|url| url.ends_with(&address)), "{}: {told}", town.engine);
        assert!(town.visitor().get(&address).expect(200).bytes.starts_with(&[0xFF, 0xD8, 0xFF]), "{}", town.engine);
        assert!(!told.to_string().contains(TELEPHONE), "{told}");
        let listed = world.get("requests", "status=open");
        assert_eq!(listed[0]["description"], WORDS, "{}: in lists as well", town.engine);

        turn_over(story.at("zhao"), &photos, photo, None);
        let told = world.get(&format!("requests/{number}"), "")[0].clone();
        assert_eq!((&told["description"], &told["media_url"]), (&Value::Null, &Value::Null), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn everybody_is_told_the_middle_of_the_community_and_not_the_point() {
    for town in Town::each() {
        let place = town.named(PLACE);
        let ground = town.lays_ground(std::slice::from_ref(&place), 7);
        let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
        let flat = ground.plane().unwrap();
        let own = ground.buildings.iter().filter(|one| ground.community_of(one) == Some(place.id()));
        let points: Vec<(f64, f64)> = own.map(|one| flat.to_point((one.at.x, one.at.y)).unwrap().degrees()).collect();
        let mut told = Vec::new();
        for point in [points.first().unwrap(), points.last().unwrap()] {
            let (latitude, longitude) = (format!("{:.7}", point.0), format!("{:.7}", point.1));
            let fields = [&HEAP[..], &[("lat", latitude.as_str()), ("long", longitude.as_str())]].concat();
            let number = id(&she.send("requests", &fields));
            let request = she.get(&format!("requests/{number}"), "")[0].clone();
            is_request(&request);
            let at = (request["lat"].as_f64().unwrap(), request["long"].as_f64().unwrap());
            assert_ne!(at, *point, "{}: not the door", town.engine);
            told.push(at);
        }
        assert_eq!(told[0], told[1], "{}: one middle", town.engine);
        let spread = |of: fn(&(f64, f64)) -> f64| {
            let all = points.iter().map(of);
            (all.clone().fold(f64::MAX, f64::min), all.fold(f64::MIN, f64::max))
        };
        let (south, north) = spread(|point| point.0);
        let (west, east) = spread(|point| point.1);
        let inside = (south..=north).contains(&told[0].0) && (west..=east).contains(&told[0].1);
        assert!(inside, "{}: {told:?}", town.engine);
    }
}

#[test]
fn photos_that_cannot_be_taken_are_refused_and_keep_nothing() {
    let town = Town::small();
    let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
    let before = (town.counts().cases, shelf(&town).len());
    let many: Vec<Vec<u8>> = (0..4).map(picture).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|bytes| ("media", bytes.as_slice())).collect();
    for (files, said) in [
        (vec![("media", &b"MZ\x90 program"[..])], "不是照片"),
        (vec![("photo", PICTURE)], "media"),
        (vec![("media", PICTURE), ("media", &PICTURE[..40])], "打不开"),
        (many, "最多 3 张"),
    ] {
        let reply = she.sends_files("requests", &HEAP, &files);
        let (status, told) = error(&reply, &json(&reply));
        assert_eq!(status, 400, "{told}");
        assert!(told.contains(said), "{said}: {told}");
    }
    let mut nobody = reader(&town);
    let reply = nobody.sends_files("requests", &HEAP, &[("media", PICTURE)]);
    assert_eq!(error(&reply, &json(&reply)).0, 403, "photos are read of nobody");
    let fields = [&HEAP[..], &[("api_key", she.key.as_str())]].concat();
    let reply = nobody.sends_files("requests", &fields, &[("media", PICTURE)]);
    assert!(error(&reply, &json(&reply)).1.contains("api_key"), "a key in the body comes too late");
    let update = [("service_request_id", "x"), ("status", "closed")];
    let reply = she.sends_files("servicerequestupdates", &update, &[("media", PICTURE)]);
    assert_eq!(error(&reply, &json(&reply)).0, 400, "{}", reply.body());
    let reply = she.sends("requests", "json", &with("media_url", "file:///etc/passwd"));
    assert!(error(&reply, &json(&reply)).1.contains("media_url"), "{}", reply.body());
    assert_eq!((town.counts().cases, shelf(&town).len()), before, "nothing is kept");
}
