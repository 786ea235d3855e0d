//! These stories are about what comes with a report: photos that only those who handle it see until a worker releases
//! each one, and those who met with the same thing and hear how it goes.

use city_stories::{Browser, PICTURE, Story, Town, code_on};
use kernel::identifier::CaseNumber;
use testkit::{Form, Reply};
use uuid::Uuid;

const PLACE: &str = "华炉社区";
const TELEPHONE: &str = "13800000302";
/// The first bytes of a JPEG.
const JPEG: &[u8] = &[0xFF, 0xD8, 0xFF];

/// The form of a screen on a page.
pub(crate) fn on(page: &Reply, screen: &str) -> Form {
    let form = page.forms().into_iter().find(|form| form.get("screen") == Some(screen));
    form.unwrap_or_else(|| panic!("no screen {screen}: {}", page.words()))
}

/// She takes a picture first, says what and where, and stands before the last screen.
pub(crate) fn with_photos(she: &mut Browser, photos: &[&[u8]]) -> Reply {
    drop(she.open("/report/new").expect(200));
    let said = on(&she.page(), "say").set("what", "垃圾成堆").set("where", PLACE);
    let files: Vec<(&str, &str, &[u8])> = photos.iter().map(|bytes| ("photo", "IMG_0001.jpg", *bytes)).collect();
    let which = she.uploads(&said, &files).expect(200);
    she.submit(on(&which, "which").set("kind", "event/0102/heap")).expect(200)
}

pub(crate) fn number_of(receipt: &Reply) -> String {
    assert!(receipt.address.starts_with("/receipt/"), "{}", receipt.words());
    receipt.address.trim_start_matches("/receipt/").to_owned()
}

/// She chose her community on her device and looks at what was reported there.
fn near(town: &Town, stage: &str) -> Reply {
    let mut she = town.visitor();
    let place = town.named(PLACE);
    drop(she.open("/nearby").expect(200));
    drop(she.post("/nearby", &[("place", &place.id().to_string()), ("keep", "yes")]).expect(303));
    she.open(&format!("/report/near{stage}")).expect(200)
}

/// The address of the first photo on a page, as a visitor would ask for it.
fn photo_on(page: &Reply, begins: &str) -> Option<String> {
    page.links().into_iter().find(|link| link.starts_with(begins) && link.len() > begins.len())
}

/// Everything that lies on the shelf.
pub(crate) fn shelf(town: &Town) -> Vec<Vec<u8>> {
    let (mut folders, mut found) = (vec![town.opening.configuration.files_folder()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.push(std::fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

/// Makes everything that lies on the shelf unreadable, under the names that it has.
fn spoil_shelf(town: &Town) {
    let mut folders = vec![town.opening.configuration.files_folder()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                std::fs::write(entry.path(), b"spoilt").unwrap();
            }
        }
    }
}

#[test]
fn a_photo_and_words_are_seen_by_the_public_only_after_a_worker_released_each() {
    for town in Town::each() {
        let mut story = Story::new(&town, 311);
        let mut she = town.visitor();
        let page = with_photos(&mut she, &[PICTURE]);
        assert!(page.words().contains("已带 1 张照片"), "{}", page.words());
        let form = on(&page, "send").set("words", "三单元王家门口").set("telephone", TELEPHONE);
        let sent = she.submit(form.clone()).expect(200);
        let number = number_of(&sent);
        assert!(she.send(form).expect(303).location().unwrap().contains(&number), "sent twice, done once");
        let kept = shelf(&town);
        assert_eq!(kept.len(), 1, "{}", town.engine);
        assert!(!kept[0].starts_with(JPEG) && !kept[0].starts_with(&PICTURE[..4]), "it lies sealed");
        story.number.clone_from(&number);

        let page = near(&town, "");
        assert!(page.words().contains("暴露垃圾") && page.words().contains("已收到"), "{}", page.words());
        assert!(!page.words().contains("王家") && photo_on(&page, "/report/photo/").is_none(), "{}", page.words());

        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             sun is community_worker at 永顺社区",
        );
        let photos = format!("/cases/{number}/photos");
        let zhao = story.at("zhao");
        assert!(zhao.open(&format!("/cases/{number}")).expect(200).links().contains(&photos));
        let page = zhao.open(&photos).expect(200);
        assert!(page.words().contains("王家"), "who handles it reads it: {}", page.words());
        let (district, id) = only_photo(&town, &number);
        let inside = format!("{photos}/{id}");
        let outside = format!("/report/photo/{district}/{id}");
        assert_eq!(town.visitor().get(&outside).status, 404, "not released");
        assert_eq!(zhao.get(&inside).location(), Some(photos.as_str()), "a purpose first");
        let before = town.counts().looks;
        drop(zhao.open(&photos).expect(200));
        let why = zhao.page().form(&format!("{photos}/open"));
        drop(zhao.submit(why.set("purpose", "handling")).expect(200));
        let (part, token) = (id.to_string(), token(&page));
        let refused = zhao.post(&photos, &[("part", &part), ("public", "yes"), ("_token", &token)]).expect(422).words();
        assert!(refused.contains("看过照片"), "{}: a purpose alone is no look: {refused}", town.engine);
        let shown = zhao.get(&inside).expect(200);
        assert!(shown.bytes.starts_with(JPEG) && shown.header("content-type") == Some("image/jpeg"));
        assert_eq!(town.counts().looks, before + 1, "{}: the look is written down", town.engine);
        let squares = zhao.open(&photos).expect(200).body();
        assert!(squares.contains("alt=\"第 1 张照片：随反映送来 · 2026年11月23日"), "{}: {squares}", town.engine);
        drop(zhao.get(&inside).expect(200));
        assert_eq!(town.counts().looks, before + 1, "{}: once for one purpose", town.engine);

        for (who, status) in [("wu", 403), ("sun", 404)] {
            let other = story.at(who);
            for part in ["words", &id.to_string()] {
                assert_eq!(other.post(&photos, &[("part", part), ("public", "yes")]).status, status, "{who} {part}");
            }
        }
        turn_over(story.at("zhao"), &photos, id, Some("yes"));
        let page = near(&town, "");
        assert!(page.words().contains("三单元王家门口"), "{}: {}", town.engine, page.words());
        assert_eq!(photo_on(&page, "/report/photo/"), Some(outside.clone()));
        let open = town.visitor().get(&outside).expect(200);
        assert!(open.bytes.starts_with(JPEG) && open.header("content-security-policy").unwrap().contains("sandbox"));
        assert!(!page.body().contains(TELEPHONE));

        turn_over(story.at("zhao"), &photos, id, None);
        assert_eq!(town.visitor().get(&outside).status, 404, "{}: taken back", town.engine);
        assert!(!near(&town, "").words().contains("王家"));
        assert_eq!(town.acts(kernel::place::PlaceId(district), id), ["grid.released", "grid.taken_back"]);
        town.verify();
    }
}

/// She releases the words and the photo of a report, or takes both back.
pub(crate) fn turn_over(worker: &mut Browser, address: &str, photo: Uuid, public: Option<&str>) {
    for part in ["words".to_owned(), photo.to_string()] {
        drop(worker.open(address).expect(200));
        let form = parts_on(&worker.page(), address, &part);
        assert_eq!(form.get("public"), public, "{part}");
        drop(worker.submit(form).expect(200));
    }
}

/// A worker says why she looks, and releases a photo or takes it back.
fn release_photo(worker: &mut Browser, address: &str, photo: Uuid) {
    let asked = worker.open(address).expect(200).forms();
    if let Some(why) = asked.into_iter().find(|form| form.action == format!("{address}/open")) {
        drop(worker.submit(why.set("purpose", "handling")).expect(200));
    }
    drop(worker.get(&format!("{address}/{photo}")).expect(200));
    let form = parts_on(&worker.open(address).expect(200), address, &photo.to_string());
    drop(worker.submit(form).expect(200));
}

/// The form that releases a part or takes it back.
fn parts_on(page: &Reply, address: &str, part: &str) -> Form {
    let form = page.forms().into_iter().find(|form| form.action == address && form.get("part") == Some(part));
    form.unwrap_or_else(|| panic!("{part} cannot be released: {}", page.words()))
}

/// The district and the identity of the first photo of a report.
pub(crate) fn only_photo(town: &Town, number: &str) -> (i64, Uuid) {
    let (cases, number) = (town.city.cases.clone(), number.to_owned());
    let read = town.store().read_blocking(move |tx| {
        let key = cases.known_number(tx, &number)?.key();
        Ok::<_, hall::Fault>((key.district.0, grid::records::photo::of_case(tx, key.district, key.id)?[0].id))
    });
    read.unwrap()
}

#[test]
fn what_is_hidden_is_never_released_and_what_is_erased_is_gone() {
    for town in Town::each() {
        let mut story = Story::new(&town, 312);
        let mut she = town.visitor();
        let page = with_photos(&mut she, &[PICTURE]);
        let number = number_of(&she.submit(on(&page, "send").set("hidden", "1").set("words", "就是他家")).expect(200));
        story.number.clone_from(&number);
        story.tell("zhao is community_worker at 华炉社区");
        let photos = format!("/cases/{number}/photos");
        let (district, id) = only_photo(&town, &number);
        let zhao = story.at("zhao");
        let page = zhao.open(&photos).expect(200);
        assert!(page.words().contains("不让别人看到"), "{}", page.words());
        for part in ["words", &id.to_string()] {
            let refused = zhao.post(&photos, &[("part", part), ("public", "yes"), ("_token", &token(&page))]);
            assert_eq!(refused.status, 422, "{}: {part}", town.engine);
        }
        assert_eq!(town.visitor().get(&format!("/report/photo/{district}/{id}")).status, 404);
        assert!(near(&town, "").words().contains("还没有人反映过"), "nothing of it is shown");

        let (cases, now, asked) = (town.city.cases.clone(), town.clock.now(), number.clone());
        let erased = town.store().write_blocking(move |tx| {
            let known = cases.known_number(tx, &asked)?;
            cases.hall.vault.erase(tx, known.key().district, known.record()?, now)?;
            Ok::<_, hall::Fault>(())
        });
        erased.unwrap();
        let page = story.at("zhao").open(&photos).expect(200);
        assert!(page.words().contains("没有照片") && !page.words().contains("他家"), "{}", page.words());
        town.verify();
    }
}

#[test]
fn where_the_rule_wants_photos_of_the_work_a_report_is_not_done_without() {
    for town in Town::each() {
        let mut story = Story::new(&town, 319);
        let mut she = town.visitor();
        let page = with_photos(&mut she, &[PICTURE]);
        let number = number_of(&she.submit(on(&page, "send")).expect(200));
        story.number.clone_from(&number);
        town.clock.plus_seconds(60);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             wu does not take handle report=清走了
             case is handling",
        );
        let refused = |words: &str| assert!(words.contains("照片要有 1 张，现在有 0 张"), "{}: {words}", town.engine);
        refused(&story.at("wu").page().words());
        let (photos, add) = (format!("/cases/{number}/photos"), format!("/cases/{number}/photos/add"));
        let form = story.at("wu").open(&photos).expect(200).form(&add);
        drop(story.at("wu").uploads(&form, &[("photo", "a.png", PICTURE)]).expect(200));
        // The picture that came with the report shows no work.
        story.tell("wu does not take handle report=清走了");
        refused(&story.at("wu").page().words());
        let form = story.at("wu").open(&photos).expect(200).form(&add);
        drop(story.at("wu").uploads(&form, &[("photo", "a.png", &picture(3))]).expect(200));
        story.tell(
            "wu does handle report=清走了
             zhao does verify checked=there
             case is asked",
        );
        town.verify();
    }
}

#[test]
fn whoever_works_on_a_report_adds_photos_of_it_once_and_they_go_with_the_case() {
    for town in Town::each() {
        let mut story = Story::new(&town, 318);
        let mut she = town.visitor();
        let page = with_photos(&mut she, &[PICTURE]);
        let number = number_of(&she.submit(on(&page, "send")).expect(200));
        story.number.clone_from(&number);
        story.tell("zhao is community_worker at 华炉社区");
        let (photos, add) = (format!("/cases/{number}/photos"), format!("/cases/{number}/photos/add"));
        let form = story.at("zhao").open(&photos).expect(200).form(&add);
        let nothing = story.at("zhao").submit(form.clone());
        assert_eq!(nothing.status, 422, "{}", nothing.words());
        let fake = story.at("zhao").uploads(&form, &[("photo", "a.png", b"not a picture")]);
        assert_eq!(fake.status, 422, "{}", fake.words());
        assert_eq!(shelf(&town).len(), 1, "{}: nothing of it is kept", town.engine);
        for _ in 0..2 {
            let sent =
                story.at("zhao").uploads(&form, &[("photo", "a.png", &picture(3)), ("photo", "b.png", &picture(4))]);
            assert_eq!(sent.status, 200, "{}", sent.words());
            assert_eq!(shelf(&town).len(), 3, "{}: sent twice, there once", town.engine);
        }
        let page = story.at("zhao").open(&photos).expect(200);
        assert_eq!(page.words().matches("zhao 添加").count(), 2, "{}: {}", town.engine, page.words());
        assert_eq!(
            page.words().matches("已收到，待核查 · 2026年11月23日").count(),
            2,
            "{}: {}",
            town.engine,
            page.words()
        );
        story.tell(
            "wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch",
        );
        assert!(
            story.at("wu").open(&photos).expect(200).forms().iter().any(|form| form.action == add),
            "he handles it"
        );
        let mut far = town.staff("far", "district_handler", &town.named("和平区"), Some("civil_affairs"));
        assert_eq!(far.uploads(&form, &[("photo", "a.png", &picture(5))]).status, 404);
        story.tell(
            "wu does handle report=清了 no_photo=相机坏了
             zhao does verify checked=there",
        );
        town.hears();
        town.verify();
    }
}

/// The token of the forms on a page.
fn token(page: &Reply) -> String {
    page.forms().iter().find_map(|form| form.get("_token").map(str::to_owned)).unwrap()
}

#[test]
fn fake_cut_off_and_too_many_photos_are_refused_in_words_and_nothing_is_kept() {
    for town in Town::each() {
        let mut she = town.visitor();
        drop(she.open("/report/new").expect(200));
        let said = on(&she.page(), "say").set("what", "垃圾").set("where", PLACE);
        let cut = &PICTURE[..40];
        for (odd, words) in [
            (&b"MZ\x90 program"[..], "不是照片"),
            (b"%PDF-1.7", "不是照片"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"\xFF\xD8\xFF\xE0\0\x04ab", "打不开"),
            (cut, "打不开"),
        ] {
            let refused = she.uploads(&said, &[("photo", "a.jpg", odd)]).expect(422);
            assert!(refused.words().contains(words), "{words}: {}", refused.words());
            assert_eq!(on(&refused, "say").get("what"), Some("垃圾"), "what was typed stays");
        }
        // A phone of today takes more points than the server ever decodes: it says so, and what to do.
        let fine = picture_said_to_be(1, 8_000, 6_000);
        let refused = she.uploads(&said, &[("photo", "a.png", &fine)]).expect(422);
        assert!(
            refused.words().contains("最多 40 百万像素") && refused.words().contains("截个屏"),
            "{}",
            refused.words()
        );
        let pictures: Vec<Vec<u8>> = (0..4).map(picture).collect();
        let four: Vec<(&str, &str, &[u8])> = pictures.iter().map(|one| ("photo", "a.png", one.as_slice())).collect();
        let refused = she.uploads(&said, &four).expect(422);
        assert!(refused.words().contains("最多 3 张"), "{}", refused.words());
        assert!(shelf(&town).is_empty(), "{}: nothing is kept", town.engine);
        let which = she.uploads(&said, &four[..3]).expect(200);
        assert!(which.words().contains("已带 3 张照片"), "{}", which.words());
        let sending = she.submit(on(&which, "which").set("kind", "event/0102/heap")).expect(200);
        let more = she.uploads(&on(&sending, "send").set("add", "1"), &four[3..]).expect(422);
        assert!(more.words().contains("最多 3 张") && more.words().contains("已带 3 张照片"), "{}", more.words());
        assert_eq!(more.body().matches("src=\"data:image/jpeg;base64,").count(), 3, "she sees what goes along");
        spoil_shelf(&town);
        let again = she.submit(on(&more, "send").set("add", "1")).expect(200);
        let small = again.body().matches("src=\"data:image/jpeg;base64,").count();
        assert_eq!(small, 3, "{}: the photos themselves are not read for it each time", town.engine);
        let none = she.submit(on(&again, "send").set("drop", "1")).expect(200);
        assert!(!none.words().contains("已带") && shelf(&town).is_empty(), "{}: thrown away", town.engine);
        let sent = she.submit(on(&none, "send")).expect(200);
        assert!(sent.address.starts_with("/receipt/"), "a report needs no photo: {}", sent.words());
    }
}

/// A picture of one dot, of another colour each: a PNG whose points lie uncompressed.
pub(crate) fn picture(colour: u8) -> Vec<u8> {
    picture_said_to_be(colour, 1, 1)
}

/// The same, where its head says that it has so many points.
fn picture_said_to_be(colour: u8, width: u32, height: u32) -> Vec<u8> {
    let points = [0, 40 * colour, 0, 0];
    let mut stored = vec![0x78, 0x01, 0x01, 4, 0, 0xFB, 0xFF];
    stored.extend_from_slice(&points);
    let (low, high) =
        points.iter().fold((1_u32, 0_u32), |(low, high), byte| (low + u32::from(*byte), high + low + u32::from(*byte)));
    stored.extend_from_slice(&((high << 16) | low).to_be_bytes());
    png(width, height, &stored)
}

/// A picture of so many points, which lie packed.
pub(crate) fn png(width: u32, height: u32, packed: &[u8]) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let mut bytes = b"\x89PNG\r\n\x1A\n".to_vec();
    for (name, content) in [(&b"IHDR"[..], head.as_slice()), (b"IDAT", packed), (b"IEND", &[])] {
        let body = [name, content].concat();
        bytes.extend_from_slice(&u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(&body);
        bytes.extend_from_slice(&crc(&body).to_be_bytes());
    }
    bytes
}

/// The checksum of a part of a PNG.
fn crc(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

#[test]
fn photos_that_nobody_sends_are_cleared_away_and_whoever_comes_late_is_told() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = with_photos(&mut she, &[PICTURE]);
        assert_eq!(town.hears(), 0, "not yet");
        assert_eq!(shelf(&town).len(), 1);
        town.clock.plus_seconds(2 * 3_600 + 1);
        assert_eq!(town.hears(), 1, "{}", town.engine);
        assert!(shelf(&town).is_empty(), "{}", town.engine);
        let before = town.counts();
        let late = she.submit(on(&page, "send")).expect(422);
        assert!(late.words().contains("照片放得太久"), "{}", late.words());
        assert_eq!(town.counts().cases, before.cases, "nothing is sent without her knowing");
        assert_eq!(on(&late, "send").get("tray"), None);
        assert!(she.submit(on(&late, "send")).expect(200).address.starts_with("/receipt/"));
    }
}

#[test]
fn whoever_met_with_the_same_hears_the_news_once_and_reads_it_with_her_own_code() {
    let gateway = "http://127.0.0.1:9/".to_owned();
    for town in Town::each_decided(|settings| settings.message_gateway = Some(gateway.clone())) {
        let mut story = Story::new(&town, 313);
        let (mut she, mut he) = (town.visitor(), town.visitor());
        let ready = on(&with_photos(&mut she, &[]), "send");
        let sent = she.submit(ready).expect(200);
        let number = number_of(&sent);
        story.number.clone_from(&number);
        let page = with_photos(&mut he, &[]);
        let join = on(&page, "near").set("heard", TELEPHONE).set("join", &offered(&page));
        let wrong = he.send(join.clone().set("heard", "12")).expect(422);
        assert!(wrong.words().contains("是同一件吗"), "{}", wrong.words());
        let before = town.counts().people;
        let joined = he.send(join.clone()).expect(200);
        let code = code_beside(&joined);
        assert_eq!(code_beside(&he.send(join).expect(200)), code, "{}: sent twice, counted once", town.engine);
        assert_eq!(town.counts().people, before + 1, "{}: sealed under a record of her own", town.engine);
        assert!(!joined.body().contains(TELEPHONE));
        for told in ["接下来", "先有人核查", "打印", "回首页"] {
            assert!(joined.words().contains(told), "{}: {told}: {}", town.engine, joined.words());
        }
        let look = joined.form("/report/heard");
        let read = he.submit(look).expect(200);
        assert!(read.words().contains("暴露垃圾") && read.words().contains("已收到"), "{}", read.words());

        story.tell(
            "zhao is community_worker at 华炉社区
             zhao does file
             zhao does dispatch
             wu is district_handler at 大东区 for sanitation",
        );
        assert!(town.hears() > 0);
        let told = news(&town);
        assert_eq!(told.len(), 1, "{}: of filing, not of sending out: {told:?}", town.engine);
        for (stage, shown) in [("sent_out", true), ("closed", false)] {
            let words = near(&town, &format!("?stage={stage}")).words();
            assert_eq!(words.contains("2 人遇到"), shown, "{}: {stage}: {words}", town.engine);
            assert_eq!(words.contains("这个阶段没有"), !shown, "{stage}");
        }
        let known = town.city.work.recipients.iter().find(|known| known.prefix == "heard:").unwrap();
        let handle = told[0].recipient.strip_prefix("heard:").unwrap();
        let envelope = (known.resolve)(&town.store().store(), &told[0], handle, town.clock.now()).unwrap().unwrap();
        assert_eq!(envelope.to, TELEPHONE);
        assert!(envelope.text.contains(&number) && envelope.text.contains("情况属实"), "{}", envelope.text);
        let (photos, add) = (format!("/cases/{number}/photos"), format!("/cases/{number}/photos/add"));
        let form = story.at("wu").open(&photos).expect(200).form(&add).set("shows", "after");
        drop(story.at("wu").uploads(&form, &[("photo", "a.png", &picture(3))]).expect(200));
        story.tell("wu does handle report=清了 no_photo=相机坏了\n zhao does verify checked=there");
        town.hears();
        town.hears();
        assert_eq!(news(&town).len(), 2, "{}: once for each step", town.engine);

        reads_with_her_code(&mut story, &mut he, &sent, &code, &photos);
        town.verify();
    }
}

/// Reads with the code of whoever joined: another code shows nothing, and a photo of the work only once it is released.
fn reads_with_her_code(story: &mut Story<'_>, he: &mut Browser, sent: &Reply, code: &str, photos: &str) {
    let (town, number) = (story.town, story.number.clone());
    drop(he.open("/report/heard").expect(200));
    let form = he.page().form("/report/heard").set("number", &number);
    assert_eq!(he.submit(form.clone().set("code", "23456-789AC")).status, 422, "another code");
    assert_eq!(he.submit(form.clone().set("code", &code_on(sent))).status, 422, "the reporter's is not hers");
    let form = form.set("code", code);
    let read = he.submit(form.clone()).expect(200);
    assert!(read.words().contains("大东区"), "{}: {}", town.engine, read.words());
    assert_eq!(photo_on(&read, "/report/heard/"), None, "{}: anybody can join, nobody released it", town.engine);
    let (_, id) = only_photo(town, &number);
    release_photo(story.at("zhao"), photos, id);
    let read = he.submit(form).expect(200);
    assert!(read.words().contains("暴露垃圾") && read.words().contains("已办好"), "{}", read.words());
    assert!(read.words().contains("通知一起遇到的人办理进度"), "who looked: {}", read.words());
    assert!(read.words().contains("大东区") && !read.words().contains("清了"), "who and when: {}", read.words());
    assert!(read.words().contains("处置后 · 2026年11月23日"), "what it shows: {}", read.words());
    let photo = photo_on(&read, "/report/heard/").unwrap();
    assert!(he.get(&photo).expect(200).bytes.starts_with(JPEG), "{}: the work on it", town.engine);
    assert_eq!(town.visitor().get(&photo).status, 404, "{}: with her code alone", town.engine);
    release_photo(story.at("zhao"), photos, id);
    assert_eq!(he.get(&photo).status, 404, "{}: taken back", town.engine);
    assert!(he.get(&format!("/follow/{number}")).status.is_redirection(), "she reads, and does nothing to it");
}

/// The report that is offered to be joined.
pub(crate) fn offered(page: &Reply) -> String {
    let body = page.body();
    let value = body.split("name=\"join\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap().to_owned()
}

/// The code on the page of somebody who joined.
fn code_beside(page: &Reply) -> String {
    let body = page.body();
    let mut bold = body.split("<b>").skip(1).filter_map(|rest| rest.split("</b>").next());
    let code = bold.find(|text| text.len() == 11 && text.contains('-'));
    code.unwrap_or_else(|| panic!("no code: {}", page.words())).to_owned()
}

/// What those who joined are told.
fn news(town: &Town) -> Vec<jobs::Notice> {
    let sql = "select id from jobs_notice where template = 'grid-notice-news' order by not_before, id";
    let read = town.store().read_blocking(move |tx| {
        let ids: Vec<Uuid> = tx.rows(sql, &[])?.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
        ids.into_iter().map(|id| Ok::<_, store::StoreError>(jobs::notice(tx, id)?.unwrap())).collect()
    });
    read.unwrap()
}

#[test]
fn a_duplicate_keeps_those_who_said_it_informed_of_the_report_that_goes_on() {
    let gateway = "http://127.0.0.1:9/".to_owned();
    for town in Town::each_decided(|settings| settings.message_gateway = Some(gateway.clone())) {
        let mut story = Story::new(&town, 314);
        let (mut first, mut second) = (town.visitor(), town.visitor());
        let ready = on(&with_photos(&mut first, &[]), "send");
        let sent = first.submit(ready).expect(200);
        let survives = number_of(&sent);
        let again = on(&with_photos(&mut second, &[]), "send").set("telephone", TELEPHONE);
        let duplicate = number_of(&second.submit(again).expect(200));
        let (desk, now) = (town.city.house.get::<grid::Grid>().unwrap(), town.clock.now());
        let (cases, from, to) = (town.city.cases.clone(), duplicate.clone(), survives.clone());
        for _ in 0..2 {
            let (desk, cases, from, to) = (desk.clone(), cases.clone(), from.clone(), to.clone());
            let joined = town.store().write_blocking(move |tx| {
                let (from, to) = (cases.known_number(tx, &from)?.key(), cases.known_number(tx, &to)?.key());
                desk.follow_along(tx, &from, &to, now)
            });
            joined.unwrap();
        }
        story.number.clone_from(&survives);
        story.tell(
            "zhao is community_worker at 华炉社区
             zhao does file",
        );
        town.hears();
        let told = news(&town);
        assert_eq!(told.len(), 1, "{}: {told:?}", town.engine);
        assert_eq!(told[0].arguments["number"], survives.as_str());
        let known = town.city.work.recipients.iter().find(|known| known.prefix == "heard:").unwrap();
        let handle = told[0].recipient.strip_prefix("heard:").unwrap();
        let envelope = (known.resolve)(&town.store().store(), &told[0], handle, now).unwrap().unwrap();
        assert_eq!(envelope.to, TELEPHONE);
        assert!(CaseNumber::parse(&duplicate).is_ok());
    }
}

#[test]
fn the_best_conditions_stand_first_and_the_others_are_folded_away() {
    for town in Town::each() {
        let mut she = town.visitor();
        drop(she.open("/report/new").expect(200));
        let page = she.submit(on(&she.page(), "say").set("what", "路灯不亮").set("where", PLACE)).expect(200);
        let body = page.body();
        let folded = body.find("还有").unwrap();
        let kinds: Vec<usize> = body.match_indices("name=\"kind\"").map(|(at, _)| at).collect();
        assert_eq!(kinds.iter().filter(|at| **at < folded).count(), 6, "{}", page.words());
        assert!(kinds.len() > 6 && body.len() < 90 * 1024, "{} bytes", body.len());
        let (_, last) = body.split_at(kinds[kinds.len() - 1]);
        let other = last.split("value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let next = she.submit(on(&page, "which").set("kind", other.unwrap())).expect(200);
        assert!(next.forms().iter().any(|form| form.get("screen") == Some("send")), "{}", next.words());
    }
}
