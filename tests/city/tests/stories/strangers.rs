//! In these stories strangers try to take everything: the appointments of a day, the drafts, the room for files. What
//! they take has a bound, and the others are told where to go.

use city_stories::{Browser, Resident, Slot, Story, Town};
use lianglin::demonstration::Seed;
use std::sync::mpsc::channel;
use std::time::Duration;
use store::StoreError;
use testkit::{Form, Reply};

const PLACE: &str = "华炉社区";
/// Is long enough for any machine; nobody waits for it where all is well.
const PATIENCE: Duration = Duration::from_secs(30);
/// Says when slots of a morning begin, in minutes of the day.
const MORNING: [&str; 5] = ["510", "540", "570", "600", "630"];
/// Is a picture of one red dot.
const DOT: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xDE, 0x00, 0x00, 0x00, 0x0C, 0x49,
    0x44, 0x41, 0x54, 0x78, 0xDA, 0x63, 0xF8, 0xCF, 0xC0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0xF7, 0x03, 0x41, 0x43,
    0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
];

fn status(reply: &Reply) -> u16 {
    reply.status.as_u16()
}

/// Sends forms that are ready one after the other.
fn sent(ready: Vec<(Browser, Form)>) -> Vec<Reply> {
    ready.into_iter().map(|(mut browser, form)| browser.send(form)).collect()
}

fn statuses(replies: &[Reply]) -> Vec<u16> {
    replies.iter().map(status).collect()
}

#[test]
fn strangers_with_many_telephones_leave_the_counters_their_seats() {
    for town in Town::each_figured(&[("visits.slot_capacity", 4)]) {
        let (place, slot, mut seed) = (town.named(PLACE), Slot { day: "2026-11-25", minute: "510" }, Seed::new(901));
        let mut ready = |mut browser: Browser| {
            let form = browser.to_booking(&town, "counter", &Resident::next(&mut seed), &place, slot);
            (browser, form)
        };
        let worker = town.staff("keeps.seats", "community_worker", &place, None);
        let strangers: Vec<_> = (0..4).map(|_| ready(town.visitor())).collect();
        let workers: Vec<_> = (0..3).map(|_| ready(worker.clone())).collect();
        let replies = sent(strangers);
        assert_eq!(statuses(&replies), [303, 303, 422, 422], "{}", town.engine);
        assert!(replies[2].words().contains("窗口留有"), "{}", replies[2].words());
        let people = town.counts().people;
        assert_eq!(statuses(&sent(workers)), [303, 303, 422], "{}: what is kept is the worker's", town.engine);
        assert_eq!(town.counts().people, people + 2);
    }
}

#[test]
fn home_visits_are_kept_in_the_same_way() {
    for town in Town::each() {
        let (place, slot, mut seed) = (town.named(PLACE), Slot { day: "2026-11-25", minute: "" }, Seed::new(902));
        let mut ready = |mut browser: Browser| {
            let form = browser.to_booking(&town, "home", &Resident::next(&mut seed), &place, slot);
            (browser, form)
        };
        let worker = town.staff("keeps.days", "community_worker", &place, None);
        let strangers: Vec<_> = (0..3).map(|_| ready(town.visitor())).collect();
        let workers: Vec<_> = (0..2).map(|_| ready(worker.clone())).collect();
        assert_eq!(statuses(&sent(strangers)), [303, 303, 422], "{}", town.engine);
        assert_eq!(statuses(&sent(workers)), [303, 303], "{}", town.engine);
    }
}

#[test]
fn a_telephone_has_so_many_appointments_ahead_also_when_they_are_sent_at_once() {
    for town in Town::each() {
        let (place, who) = (town.named(PLACE), Resident::next(&mut Seed::new(903)));
        let at = |minute| Slot { day: "2026-11-25", minute };
        let mut ready: Vec<(Browser, Form)> = Vec::new();
        for minute in MORNING {
            let mut browser = town.visitor();
            let form = browser.to_booking(&town, "counter", &who, &place, at(minute));
            ready.push((browser, form));
        }
        let before = town.counts();
        let replies: Vec<Reply> = std::thread::scope(|scope| {
            let sent: Vec<_> = ready
                .iter_mut()
                .map(|(browser, form)| {
                    let form = form.clone();
                    scope.spawn(move || browser.send(form))
                })
                .collect();
            sent.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let booked: Vec<&Reply> = replies.iter().filter(|reply| status(reply) == 303).collect();
        assert_eq!(booked.len(), 3, "{}: {:?}", town.engine, statuses(&replies));
        assert_eq!(town.counts().people, before.people + 3);
        let refused = replies.iter().find(|reply| status(reply) == 422).unwrap();
        assert!(refused.words().contains("已经有 3 个没办的预约"), "{}", refused.words());

        let mut worker = town.staff("books.more", "community_worker", &place, None);
        drop(worker.books(&town, "counter", &who, &place, at("780")));
        let mut late = town.visitor();
        let form = late.to_booking(&town, "counter", &who, &place, at("810"));
        for (reply, expected) in booked.iter().zip([422, 303]) {
            let address = reply.location().unwrap();
            drop(worker.post(&format!("{address}/act"), &[("deed", "cancel")]).expect(303));
            assert_eq!(status(&late.send(form.clone())), expected, "{}: the worker's counts too", town.engine);
        }
        town.verify();
    }
}

#[test]
fn one_network_address_books_so_many_an_hour() {
    for town in Town::each_figured(&[("visits.bookings_per_hour", 2)]) {
        let (place, mut seed, kiosk) = (town.named(PLACE), Seed::new(904), town.visitor());
        let mut books = |mut browser: Browser, minute: &str| {
            let slot = Slot { day: "2026-11-25", minute };
            let form = browser.to_booking(&town, "counter", &Resident::next(&mut seed), &place, slot);
            browser.send(form)
        };
        let first: Vec<Reply> = MORNING.iter().take(3).map(|minute| books(kiosk.clone(), minute)).collect();
        assert_eq!(statuses(&first), [303, 303, 429], "{}", town.engine);
        assert!(first[2].words().contains("31 分钟"), "{}", first[2].words());
        assert!(first[2].header("retry-after").is_some(), "{}", town.engine);
        assert_eq!(status(&books(town.visitor(), "600")), 303, "another address");
        town.clock.plus_seconds(31 * 60);
        assert_eq!(status(&books(kiosk.clone(), "630")), 303);
        assert_eq!(status(&books(kiosk.clone(), "780")), 429);
    }
}

/// Saves an application to go on later, with a name of that many characters.
fn saves(browser: &mut Browser, key: &str, letters: usize) -> Reply {
    let name = "李".repeat(letters);
    browser.post("/apply/MZ-11", &[("question", "who"), ("name", &name), ("_once", key), ("save", "1")])
}

#[test]
fn drafts_are_bounded_by_address_in_number_and_in_size() {
    for town in Town::each_figured(&[("counter.drafts_per_hour", 2), ("counter.drafts_most", 3)]) {
        let (mut one, mut other, mut third) = (town.visitor(), town.visitor(), town.visitor());
        let large = saves(&mut third, "large", 22_000);
        assert!(large.words().contains("内容太多"), "{}", large.words());
        for (key, expected) in [("a", 303), ("b", 303), ("c", 429)] {
            let reply = saves(&mut one, key, 2);
            assert_eq!(status(&reply), expected, "{}: {key}: {}", town.engine, reply.words());
        }
        assert_eq!(status(&saves(&mut other, "d", 2)), 303, "another address");
        let full = saves(&mut third, "e", 2);
        assert_eq!(status(&full), 422);
        assert!(full.words().contains("草稿太多"), "{}", full.words());
        town.clock.plus_days(31);
        assert_eq!(status(&saves(&mut third, "f", 2)), 303, "{}: the old ones are over", town.engine);
    }
}

#[test]
fn a_form_too_many_is_refused_while_somebody_else_writes() {
    for town in Town::each_figured(&[("counter.drafts_per_hour", 1)]) {
        let mut one = town.visitor();
        assert_eq!(status(&saves(&mut one, "a", 2)), 303, "{}", town.engine);
        let (store, (start, started), (end, ended)) = (town.store().store(), channel(), channel::<()>());
        let writer = std::thread::spawn(move || {
            store.write_blocking(move |_| {
                start.send(()).unwrap_or_default();
                // It writes until the other end is let go of.
                ended.recv().unwrap_or_default();
                Ok::<_, StoreError>(())
            })
        });
        started.recv_timeout(PATIENCE).unwrap();
        let (tell, told) = channel();
        let asks = std::thread::spawn(move || tell.send(saves(&mut one, "b", 2)).is_ok());
        let refused = told.recv_timeout(PATIENCE);
        drop(end);
        writer.join().unwrap().unwrap();
        assert!(asks.join().unwrap(), "{}", town.engine);
        assert_eq!(status(&refused.unwrap()), 429, "{}: it does not wait for the writer", town.engine);
    }
}

#[test]
fn applications_with_one_telephone_and_forms_from_one_address_are_bounded() {
    for town in Town::each_figured(&[("counter.online_per_telephone", 2), ("request.writes_per_hour", 4)]) {
        let (who, place) = (Resident::next(&mut Seed::new(905)), town.named(PLACE));
        let mut replies = Vec::new();
        for _ in 0..3 {
            let mut browser = town.visitor();
            let form = browser.to_check(&town, "MZ-11", &who, &place);
            replies.push(browser.send(form));
        }
        assert_eq!(statuses(&replies), [303, 303, 429], "{}", town.engine);
        assert!(replies[2].words().contains("社区窗口"), "{}", replies[2].words());

        let mut story = Story::new(&town, 906);
        story.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        let say = format!("/follow/{}/say", story.number);
        let before = town.counts();
        let said = ["a", "b", "c", "d"].map(|key| {
            let reply = story.at("she").post(&say, &[("text", "请问到哪一步了"), ("_once", key)]);
            status(&reply)
        });
        assert_eq!(said, [303, 303, 303, 429], "{}: the application was the first of four", town.engine);
        assert_eq!(town.counts().cases, before.cases);
        let mut worker = town.staff("takes.more", "community_worker", &place, None);
        let another = Resident { telephone: who.telephone.clone(), ..Resident::next(&mut Seed::new(907)) };
        drop(worker.takes(&town, "MZ-11", &another, &place));
    }
}

/// Counts the files below a folder.
fn files(folder: &std::path::Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[test]
fn files_of_a_case_are_bounded_and_what_is_refused_leaves_nothing_behind() {
    for town in Town::each_figured(&[("papers.files_per_case", 3)]) {
        let mut story = Story::new(&town, 908);
        story.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        let own = format!("/follow/{}/papers", story.number);
        let shelf = town.opening.configuration.files_folder();
        let she = story.at("she");
        let mut sends = |material: &str, count: usize| {
            let forms = she.open(&own).expect(200).forms();
            let form = forms.into_iter().find(|form| form.action == own && form.get("material") == Some(material));
            let (form, file) = (form.unwrap(), ("file", "a.png", DOT));
            let first = she.uploads(&form, &vec![file; count]);
            let again = she.uploads(&form, &vec![file; count]);
            assert_eq!(status(&first), status(&again));
            first
        };
        assert_eq!(status(&sends("HK", 2)), 200, "{}", town.engine);
        assert_eq!(files(&shelf), 2, "{}: sent twice, kept once", town.engine);
        let refused = sends("BK", 2);
        assert_eq!(status(&refused), 422, "{}", town.engine);
        assert!(refused.words().contains("最多 3 个"), "{}", refused.words());
        assert_eq!(files(&shelf), 2, "{}: nothing of what was refused", town.engine);
        assert_eq!(status(&sends("BK", 1)), 200, "{}", town.engine);

        let remove = she.open(&own).expect(200).form(&format!("{own}/remove"));
        drop(she.submit(remove).expect(200));
        let forms = she.open(&own).expect(200).forms();
        let form = forms.into_iter().find(|form| form.action == own).unwrap();
        let full = she.uploads(&form, &[("file", "a.png", DOT)]);
        assert_eq!(status(&full), 422, "{}: what was taken back today still lies there", town.engine);
        assert_eq!(files(&shelf), 3);
        town.verify();
    }
}
