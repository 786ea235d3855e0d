//! These stories are about guesses: at number and code or telephone, at a password, at a token. Guesses are slowed and
//! nobody is locked out, however many come at the same moment, from wherever, and whichever server answers.

use city_stories::{Browser, PASSWORD, Story, Town};
use lianglin::City;
use std::sync::Arc;

/// What a page says that has to wait.
const WAIT: &str = "操作太频繁";
const DEVICE: &str = "lianglin_device";

fn wrong_tries(town: &Town) -> u32 {
    town.city.cases.hall.figure(counter::words::FOLLOW_LOOKUP_ATTEMPTS, town.clock.now()).unwrap()
}

/// Lets the first wait pass.
fn wait_first(town: &Town) {
    let seconds = town.city.cases.hall.figure(rulebook::TRIES_FIRST_WAIT_SECONDS, town.clock.now()).unwrap();
    town.clock.plus_seconds(seconds);
}

/// Says whether a guess at number and telephone was looked at, from an address of its own.
fn looked_at(town: &Town, number: &str, telephone: &str) -> bool {
    let reply = town.visitor().post("/follow", &[("number", number), ("telephone", telephone)]);
    let waits = reply.words().contains(WAIT);
    assert_eq!(reply.status.as_u16(), if waits { 429 } else { 422 }, "{}", reply.words());
    assert_eq!(reply.header("retry-after").is_some(), waits, "{}", reply.words());
    !waits
}

fn applied(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    story.tell("she applies for MZ-11 living in 华炉社区");
    story
}

#[test]
fn four_hundred_guesses_at_once_get_no_more_through_than_five_in_a_row() {
    for town in Town::each() {
        let mut story = applied(&town, 601);
        let (number, telephone, code) = (story.number.clone(), story.resident.telephone.clone(), story.code.clone());
        let (town, asked) = (&town, number.as_str());
        let through: usize = std::thread::scope(|scope| {
            let guesser = |guesser: u32| {
                scope.spawn(move || {
                    let guess = |guess: &u32| looked_at(town, asked, &format!("139{guesser:04}{guess:04}"));
                    (0..50).filter(guess).count()
                })
            };
            let guessers: Vec<_> = (0..8).map(guesser).collect();
            guessers.into_iter().map(|guesser| guesser.join().unwrap()).sum()
        });
        assert_eq!(through, usize::try_from(wrong_tries(town)).unwrap(), "{}", town.engine);
        let page = story.at("she").follows_with(&number, &code).expect(200);
        assert_eq!(page.address, format!("/follow/{number}"), "the device on which she applied waits for no stranger");
        assert_eq!(town.visitor().follows(&number, &telephone).status, 429, "another device waits");
        let page = town.visitor().follows_with(&number, &code);
        assert_eq!(page.address, format!("/follow/{number}"), "{}: a code waits for no telephone", town.engine);
        wait_first(town);
        assert_eq!(town.visitor().follows(&number, &telephone).status, 200, "{}: and not for long", town.engine);
    }
}

#[test]
fn guesses_at_a_code_are_slowed_and_a_device_is_known_by_the_code_alone() {
    for town in Town::each() {
        let story = applied(&town, 604);
        let (number, telephone, code) = (story.number.clone(), story.resident.telephone.clone(), story.code.clone());
        let (mut by_telephone, mut by_code) = (town.visitor(), town.visitor());
        drop(by_telephone.follows(&number, &telephone).expect(200));
        drop(by_code.follows_with(&number, &code).expect(200));
        assert_eq!(by_telephone.cookie(DEVICE), None, "{}: a telephone is known to many", town.engine);
        for guess in 0..wrong_tries(&town) {
            let reply = town.visitor().follows_with(&number, "AAAAA-AAAAA").expect(422);
            assert!(!reply.words().contains(WAIT), "{}: {guess}", town.engine);
        }
        let waits = by_telephone.follows_with(&number, &code).expect(429);
        assert!(waits.words().contains(WAIT), "{}: {}", town.engine, waits.words());
        assert_eq!(by_code.follows_with(&number, &code).expect(200).address, format!("/follow/{number}"));
    }
}

#[test]
fn nobody_counts_up_the_numbers_of_a_telephone_that_is_known() {
    for town in Town::each() {
        let mut story = applied(&town, 602);
        let (number, telephone) = (story.number.clone(), story.resident.telephone.clone());
        for guess in 0..wrong_tries(&town) {
            assert!(looked_at(&town, &format!("210104-2019-{guess:07}-1"), &telephone), "{}: {guess}", town.engine);
        }
        assert!(!looked_at(&town, &number, &telephone), "{}: the right number waits too", town.engine);
        assert!(looked_at(&town, &number, "13900000000"), "{}: another telephone does not", town.engine);
        let code = story.code.clone();
        drop(story.at("she").follows_with(&number, &code).expect(200));
    }
}

#[test]
fn whoever_knows_the_code_does_not_guess_the_telephone() {
    for town in Town::each() {
        let story = applied(&town, 605);
        let (number, code) = (story.number.clone(), story.code.clone());
        let mut known = town.visitor();
        for guess in 0..wrong_tries(&town) {
            drop(known.follows_with(&number, &code).expect(200));
            let reply = known.follows(&number, &format!("138{guess:08}")).expect(422);
            assert!(!reply.words().contains(WAIT), "{}: {guess}", town.engine);
        }
        drop(known.follows_with(&number, &code).expect(200));
        let waits = known.follows(&number, "13899999999").expect(429);
        assert!(waits.words().contains(WAIT), "{}: a right code forgives no wrong telephone", town.engine);
    }
}

#[test]
fn another_server_and_a_restart_know_of_the_guesses() {
    for town in Town::each() {
        let story = applied(&town, 603);
        let (number, telephone) = (story.number.clone(), story.resident.telephone.clone());
        for guess in 0..wrong_tries(&town) {
            assert!(looked_at(&town, &number, &format!("139{guess:08}")), "{}: {guess}", town.engine);
        }
        let city = Arc::new(City::open(&town.opening, town.store().store()).unwrap());
        let mut elsewhere = Browser::new(city.router());
        let waits = elsewhere.follows(&number, &telephone).expect(429);
        assert!(waits.words().contains(WAIT), "{}: {}", town.engine, waits.words());
        wait_first(&town);
        drop(elsewhere.follows(&number, &telephone).expect(200));
    }
}

#[test]
fn sixty_wrong_passwords_lock_no_office_out() {
    for town in Town::each() {
        let place = town.named("文安路社区");
        let worker = town.staff("office0", "community_worker", &place, None);
        for colleague in 1..12 {
            let login = format!("office{colleague}");
            town.account(&login, &login, "community_worker", &place, None);
        }
        let device = worker.cookie(DEVICE).unwrap();
        // Everybody sits behind one address.
        let mut stranger = worker.clone();
        stranger.set_cookie("lianglin_session", "");
        stranger.set_cookie(DEVICE, "");
        let signs_in = |browser: &Browser, login: &str, password: &str| {
            browser.clone().post("/sign-in", &[("login", login), ("password", password)])
        };
        for guess in 0..60 {
            let reply = signs_in(&stranger, &format!("office{}", guess % 12), "guess").expect(422);
            assert!(!reply.words().contains(WAIT), "{}: {guess}", town.engine);
        }
        let mut hers = stranger.clone();
        hers.set_cookie(DEVICE, &device);
        assert_eq!(signs_in(&hers, "office0", PASSWORD).status, 303, "{}: her own device", town.engine);
        let waits = signs_in(&stranger, "office1", PASSWORD).expect(429);
        assert!(waits.words().contains(WAIT), "{}: {}", town.engine, waits.words());
        let seconds = waits.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok()).unwrap();
        assert!(waits.words().contains(&format!("{seconds} 秒")), "{}: as the page says", town.engine);
        assert_eq!(signs_in(&hers, "office1", PASSWORD).status, 429, "it is known for its owner alone");
        wait_first(&town);
        assert_eq!(signs_in(&stranger, "office1", PASSWORD).status, 303, "{}: a new device", town.engine);
        town.verify();
    }
}

#[test]
fn a_program_that_guesses_tokens_is_told_how_long_to_wait() {
    for town in Town::each() {
        let now = town.clock.now();
        let most = town.city.cases.hall.figure(counter::words::FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS, now).unwrap();
        let mut program = town.visitor().with_header("authorization", "Bearer lianglin_guess");
        for guess in 0..most {
            assert_eq!(program.get("/api/v1/items").status, 401, "{}: {guess}", town.engine);
        }
        let reply = program.get("/api/v1/items").expect(429);
        let seconds: i64 = reply.header("retry-after").and_then(|seconds| seconds.parse().ok()).unwrap();
        assert!((1..=60).contains(&seconds), "{}: {seconds}", town.engine);
        let mut elsewhere = town.visitor().with_header("authorization", "Bearer lianglin_guess");
        assert_eq!(elsewhere.get("/api/v1/items").status, 401, "{}", town.engine);
        wait_first(&town);
        assert_eq!(program.get("/api/v1/items").status, 401, "{}", town.engine);
    }
}

#[test]
fn whoever_guesses_at_saved_applications_waits() {
    for town in Town::each() {
        let rule = counter::words::FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS;
        let free = town.city.cases.hall.figure(rule, town.clock.now()).unwrap();
        let mut guesser = town.visitor();
        for at in 0..free {
            // The page of a link that was just made is no way around the count.
            let asked = if at % 2 == 0 { "" } else { "?saved=1" };
            drop(guesser.open(&format!("/apply/resume/{:032x}{asked}", at + 1)).expect(404));
        }
        let sends = format!("/apply/resume/{:032x}/send", free + 1);
        let stopped = guesser.post(&sends, &[("telephone", "1"), ("_once", "guess")]);
        assert!(stopped.words().contains(WAIT), "{}: {}", town.engine, stopped.words());
        for asked in ["", "?saved=1"] {
            let stopped = guesser.open(&format!("/apply/resume/{:032x}{asked}", free + 1));
            assert_ne!(stopped.status, 404, "{}: {asked}: {}", town.engine, stopped.words());
            assert!(stopped.words().contains(WAIT), "{}: {asked}: {}", town.engine, stopped.words());
        }
    }
}
