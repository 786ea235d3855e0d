//! These stories are about what is printed or kept: it says the year of its days and the whole address of the page that
//! it means, with a square to scan; the poster of who is who is one drawing and one list.

use city_stories::{Resident, Slot, Story, Town};
use lianglin::demonstration::Seed;
use testkit::Reply;

use crate::bodies::entered;
use crate::hearings::PLACE;
use crate::hearings_opinions::{number_on, says};
use crate::hearings_talks::{booking, kept};
use crate::property_register::letters;
use crate::property_votes::{calls, five};

/// The days on a page that have no year.
fn without_year(words: &str) -> Vec<String> {
    let signs: Vec<char> = words.chars().collect();
    let mut found = Vec::new();
    for at in (0..signs.len()).filter(|at| signs[*at] == '月') {
        let from = signs[..at].iter().rposition(|sign| !sign.is_ascii_digit()).map_or(0, |last| last + 1);
        let is_day = from < at && signs.get(at + 1).is_some_and(char::is_ascii_digit);
        if is_day && from.checked_sub(1).is_none_or(|before| signs[before] != '年') {
            found.push(signs[from..signs.len().min(at + 4)].iter().collect());
        }
    }
    found
}

/// Checks that a page says the year of its days, in both languages.
fn says_years(town: &Town, page: &Reply, english: &Reply) {
    let (words, english) = (page.words(), english.words());
    assert!(words.contains("2026年"), "{}: {}: {words}", town.engine, page.address);
    assert_eq!(without_year(&words), Vec::<String>::new(), "{}: {}: {words}", town.engine, page.address);
    assert!(english.contains("2026"), "{}: {}: {english}", town.engine, page.address);
}

/// Checks that a page carries the whole address of another one, and the square that opens it.
fn carries(town: &Town, page: &Reply, path: &str) {
    let whole = format!("{}{path}", town.city.counter.public_url);
    assert!(page.words().contains(&whole), "{}: no {whole} on {}: {}", town.engine, page.address, page.words());
    assert!(page.body().contains("class=\"qr\""), "{}: {}", town.engine, page.address);
}

#[test]
fn what_owners_get_on_paper_says_the_year_and_where_the_page_is() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        drop(letters(&mut keeper, &compound));
        carries(&town, &keeper.page(), "/property/link");
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        for page in ["print", "print?sheets=1", "print?slips=1"] {
            let printed = keeper.open(&format!("{vote}/{page}")).expect(200);
            carries(&town, &printed, "/property/votes");
            let joint = if page.contains('?') { '&' } else { '?' };
            let english = keeper.open(&format!("{vote}/{page}{joint}lang=en")).expect(200);
            drop(keeper.open(&format!("{vote}/print?lang=zh")).expect(200));
            assert!(printed.words().contains("2026年12月20日"), "{}: {}", town.engine, printed.words());
            says_years(&town, &printed, &english);
        }
    }
}

#[test]
fn what_somebody_keeps_of_a_talk_an_opinion_and_a_visit_says_where_it_is_looked_up() {
    for town in Town::each() {
        drop(kept(&town, 791));
        let thanks = says(&town, "public");
        carries(&town, &thanks, &format!("/hearings/said?number={}", number_on(&thanks)));
        let mut she = town.visitor();
        let form = booking(&mut she, &town);
        let booked = she.submit(form).expect(200);
        let link = booked.links().into_iter().find(|link| link.starts_with("/hearings/booked?number=")).unwrap();
        carries(&town, &booked, &link);
        assert!(booked.words().contains("2026年11月26日（周四）"), "{}: {}", town.engine, booked.words());
        let point = she.open(&format!("/hearings?place={}", town.named(PLACE).id())).expect(200);
        assert!(point.words().contains("2026年11月26日"), "{}: {}", town.engine, point.words());
        assert_eq!(without_year(&point.words()), Vec::<String>::new(), "{}: {}", town.engine, point.words());
        let who = Resident::next(&mut Seed::new(792));
        let slot = Slot { day: "2026-11-24", minute: "540" };
        let number = she.books(&town, "counter", &who, &town.named(PLACE), slot);
        carries(&town, &she.page(), &format!("/appointments?number={number}"));

        let mut story = Story::new(&town, 793);
        story.tell("she applies for MZ-11 living in 华炉社区");
        let receipt = she.follows_with(&story.number, &story.code).expect(200);
        let receipt = she.open(&receipt.address.replace("/follow/", "/receipt/")).expect(200);
        carries(&town, &receipt, "/follow");
    }
}

#[test]
fn the_poster_of_who_is_who_fits_its_sheet_and_says_where_the_newest_is() {
    for town in Town::each() {
        let mut luo = town.staff("luo", "secretary_community", &town.named(PLACE), None);
        drop(entered(&mut luo, "mediation", "华炉调解委员会"));
        let own = format!("/bodies/{}", town.named(PLACE).id());
        let mut she = town.visitor();
        let page = she.open(&own).expect(200);
        assert!(page.body().contains("/assets/poster-"), "{}: the drawing has its own sheet of styles", town.engine);
        let poster = she.open(&format!("{own}/poster")).expect(200);
        carries(&town, &poster, &own);
        let words = poster.words();
        assert!(words.contains("2026年11月23日") && words.contains("华炉调解委员会"), "{}: {words}", town.engine);
        assert!(!words.contains(&format!(" {own} ")), "{}: no address without its beginning: {words}", town.engine);
        let english = she.open(&format!("{own}/poster?lang=en")).expect(200);
        says_years(&town, &poster, &english);
    }
}
