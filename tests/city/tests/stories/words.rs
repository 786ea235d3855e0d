//! These stories are about what people write of a case in their own words. Whoever may read the case reads it, the
//! files of the city do not hold it in plain, and it is deleted with the person while the chain of events stays whole.

use city_stories::{Story, Town, chosen};
use kernel::case::{Command, Event, handled};
use std::path::Path;
use store::once::Once;

/// Every word that is written in the story.
const WRITTEN: [&str; 7] = [
    "名下有无住房甲",
    "查无住房乙",
    "老人来过三次丙",
    "收入已核对丁",
    "等待档案戊",
    "sealed:00000000-0000-0000-0000-000000000007",
    "户口簿缺首页己",
];
/// What stands in place of words that were deleted.
const ERASED: &str = "内容已按规定删除";

fn told(town: &Town) -> Story<'_> {
    let mut story = Story::new(town, 341);
    story.tell(
        "
        王晓燕 is community_worker at 文安路社区
        孙海燕 is district_handler at 大东区 for civil_affairs
        高志强 is district_handler at 大东区 for housing
        佟建国 is organiser_district at 大东区
        王晓燕 takes MZ-11 for a resident of 华炉社区
        孙海燕 sends consult place=大东区 department=housing question=名下有无住房甲 due=2026-11-30 joint=yes
        高志强 opens it
        高志强 reads 名下有无住房甲
        高志强 sends answer number=0 text=查无住房乙 agrees=yes
        佟建国 sends supervise note=老人来过三次丙
        孙海燕 sends account number=0 answer=收入已核对丁
        孙海燕 sends extend amount=3 reason=等待档案戊
        孙海燕 sends extend amount=1 reason=sealed:00000000-0000-0000-0000-000000000007
        孙海燕 does request_correction papers=HK reason=户口簿缺首页己
        孙海燕 opens it
        ",
    );
    story
}

/// Everything that the city keeps, as far as it is text: of both engines a whole backup, of SQLite the files too.
fn stored(town: &Town) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.backup");
    store::backup::backup(town.store(), &file, |_| {}).unwrap();
    let text = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let mut all = vec![text(&file)];
    if let Some(file) = town.store().address.strip_prefix("sqlite:") {
        for entry in std::fs::read_dir(Path::new(file).parent().unwrap()).unwrap() {
            all.push(text(&entry.unwrap().path()));
        }
    }
    all
}

fn holds(files: &[String], text: &str) -> bool {
    files.iter().any(|file| file.contains(text))
}

#[test]
fn what_is_written_is_read_by_who_may_stored_sealed_and_deleted_with_the_person() {
    for town in Town::each() {
        let mut story = told(&town);
        for words in WRITTEN {
            story.tell(&format!("孙海燕 reads {words}"));
        }
        let missing = format!("/cases/{}/letters/missing", story.number);
        let letter = story.at("孙海燕").open(&missing).expect(200).words();
        assert!(letter.contains("户口簿缺首页己"), "{}: {letter}", town.engine);
        story.tell("she follows it").tell("she reads 户口簿缺首页己").tell("she reads 等待档案戊");
        let files = stored(&town);
        assert!(holds(&files, &story.number) && holds(&files, "孙海燕"), "{}: words can be looked for", town.engine);
        for words in WRITTEN {
            assert!(!holds(&files, words), "{}: {words} is stored in plain", town.engine);
        }
        every_handle_has_its_words(&town, &story);

        erase(&town, &story);
        let address = format!("/cases/{}", story.number);
        let page = story.at("孙海燕").open(&address).expect(200).words();
        assert!(page.contains(ERASED) && page.contains("延期 3 个工作日"), "{}: {page}", town.engine);
        let letter = story.at("孙海燕").open(&missing).expect(200).words();
        assert!(letter.contains(ERASED), "{}: {letter}", town.engine);
        for words in WRITTEN {
            assert!(!page.contains(words) && !letter.contains(words), "{}: {words} is told still", town.engine);
        }
        story
            .tell("佟建国 sends supervise note=档案转到哪里")
            .tell("佟建国 opens it")
            .tell("佟建国 reads 档案转到哪里");
        town.verify();
    }
}

/// The events hold handles alone, and each finds its words, as the doctor sees.
fn every_handle_has_its_words(town: &Town, story: &Story<'_>) {
    let (desk, number) = (town.city.cases.clone(), story.number.clone());
    let read = town.store().read_blocking(move |tx| {
        let known = desk.known_number(tx, &number)?;
        let events = desk.events(tx, &known.case)?;
        Ok::<_, hall::Fault>((events, desk.words_of(tx, &known.key())?, desk.inspect_words(tx, None, 100)?))
    });
    let (mut events, words, inspected) = read.unwrap();
    let texts = events.iter_mut().flat_map(|one| match &mut one.event {
        Event::Opened(_) => Vec::new(),
        other => other.words_mut(None),
    });
    let texts: Vec<String> = texts.map(|text| text.as_str().to_owned()).collect();
    assert_eq!(texts.len(), WRITTEN.len(), "{}: {texts:?}", town.engine);
    for (text, written) in texts.iter().zip(WRITTEN) {
        assert!(handled(text).is_some(), "{}: {text}", town.engine);
        assert_eq!(words.read(text, ""), written, "{}", town.engine);
    }
    assert_eq!((inspected.looked, inspected.unreadable), (7, 0), "{}", town.engine);
}

/// Erases the person as the office does when she asks for it, before the case has ended.
fn erase(town: &Town, story: &Story<'_>) {
    let (desk, number, now) = (town.city.cases.clone(), story.number.clone(), town.clock.now());
    let erased = town.store().write_blocking(move |tx| {
        let (district, record) = desk.known_number(tx, &number)?.sealed().ok_or(hall::Fault::NotFound)?;
        Ok::<_, hall::Fault>(desk.hall.vault.erase(tx, district, record, now)?)
    });
    erased.unwrap();
}

#[test]
fn what_is_typed_is_remembered_under_a_key_for_those_who_send_again() {
    for town in Town::each() {
        let mut story = Story::new(&town, 342);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let (page, action) = (format!("/cases/{}", story.number), format!("/cases/{}/do/extend", story.number));
        let form = story.at("孙海燕").open(&page).expect(200).form(&action).set("amount", "2");
        let (first, other) = (form.clone().set("reason", "等待档案"), form.set("reason", "等待别的"));
        drop(story.at("孙海燕").submit(first.clone()).expect(200));
        let after = town.counts();
        drop(story.at("孙海燕").submit(first).expect(200));
        assert_eq!(town.counts(), after, "{}: sent twice, done once", town.engine);
        let refused = story.at("孙海燕").submit(other);
        assert!(refused.status.is_client_error(), "{}: other words under the same key", town.engine);
        assert_eq!(town.counts(), after, "{}", town.engine);
        assert_eq!(guessed(&town, "等待档案"), Once::Conflict, "{}: a thief cannot try out words", town.engine);
        town.verify();
    }
}

/// What a thief of the database learns who guesses what was typed with the one step that was taken.
fn guessed(town: &Town, reason: &str) -> Once {
    let now = town.clock.now();
    let most = town.city.cases.hall.figure(cases::words::CASE_EXTENSION_MOST, now).unwrap();
    let command = Command::Extend { amount: 2, reason: reason.to_owned(), most };
    tried_out(town, "cases.step", serde_json::to_string(&command).unwrap())
}

/// What a thief of the database learns who tries a text out at the one command of a scope.
fn tried_out(town: &Town, scope: &'static str, typed: String) -> Once {
    let now = town.clock.now();
    let known = town.store().write_blocking(move |tx| {
        let key = store::scalar::<String>(tx, "select key from store_once where scope = $1", &store::args![scope])?;
        store::once::begin(tx, scope, &key.unwrap(), &typed, now)
    });
    known.unwrap()
}

#[test]
fn what_a_volunteer_types_is_told_apart_under_a_key() {
    for town in Town::each() {
        let (mut she, who) = town.neighbour(343);
        let form = she.open("/mobilization/me").expect(200).form("/mobilization/me");
        let form = form.set("home_words", "文安路社区").set("name", &who.name).set("telephone", &who.telephone);
        let form = chosen(chosen(form, "roles", "gate"), "parts", "day").set("deed", "offer");
        for _ in 0..2 {
            drop(she.submit(form.clone()).expect(200));
        }
        let typed = form.fields.iter().filter(|(name, _)| !["_token", "_once"].contains(&name.as_str()));
        let typed = typed.fold(web::Form::default(), |form, (name, value)| form.with(name, value)).address_with(&[]);
        assert!(typed.contains(&who.telephone), "{}: {typed}", town.engine);
        let learned = tried_out(&town, "mobilization.me", typed);
        assert_eq!(learned, Once::Conflict, "{}: a thief cannot try out telephones", town.engine);
        town.verify();
    }
}
