//! In these stories a leader reads the board of a month: every number opens the reports that it counts, and nobody else
//! opens them.

use crate::oversight::{found, pages};
use city_stories::{Story, Town};
use kernel::place::PlaceId;
use std::collections::BTreeSet;

/// The page of the reports behind a number.
const ROWS: &str = "/report/figures/rows";

fn cell(place: PlaceId, kind: &str, only: &str) -> String {
    format!("{ROWS}?place={place}&month=2026-11{kind}{only}")
}

#[test]
fn every_number_of_the_board_opens_the_reports_that_it_counts() {
    // Two rows a page: the list goes on from one community to the next.
    for town in Town::each_figured(&[("list.page_size", 2)]) {
        let mut story = Story::new(&town, 411);
        story.tell(
            "zhao is community_worker at 华炉社区
             qian is community_worker at 付家社区
             wu is district_handler at 大东区 for sanitation
             sun is organiser_district at 沈河区
             佟建国 is organiser_district at 大东区",
        );
        let finds = [("zhao", "华炉社区"), ("zhao", "华炉社区"), ("qian", "付家社区")];
        let numbers: Vec<String> = finds.iter().map(|(who, place)| found(story.at(who), place)).collect();
        let all: BTreeSet<String> = numbers.iter().map(|number| format!("/cases/{number}")).collect();
        story.number.clone_from(&numbers[0]);
        let (case, zone) = (story.case(), town.city.hall.zone());
        let closes =
            move |tx: &mut dyn store::Tx| grid::records::handling::set_stage(tx, case.shard, case.id.0, "closed", zone);
        town.store().write_blocking(closes).unwrap();

        let (district, street) = (town.named("大东区").id(), town.named("大北街道").id());
        let leader = story.at("佟建国");
        let links = leader.open("/report/figures").expect(200).links();
        for (place, kind, only, count) in [
            (district, "", "", 3),
            (district, "", "&only=closed", 1),
            (district, "&kind=event/0102", "", 3),
            (district, "&kind=event/0102", "&only=closed", 1),
            (street, "", "", 3),
            (street, "", "&only=closed", 1),
        ] {
            let address = cell(place, kind, only);
            assert!(links.contains(&address), "{}: {address}: {links:?}", town.engine);
            let (words, listed) = pages(leader, &address);
            assert!(listed.len() == count && listed.is_subset(&all), "{}: {address}: {listed:?}", town.engine);
            assert!(words.contains("2026年11月"), "{}: {words}", town.engine);
        }
        let rows = links.iter().find(|link| link.starts_with("/report/rows?")).unwrap();
        let back = leader.open(rows).expect(200).links();
        let board = format!("/report/figures?place={district}&month=2026-11");
        assert!(back.contains(&board), "{}: {rows}: {back:?}", town.engine);
        let inside = leader.open(&format!("/report/figures?place={street}&month=2026-11")).expect(200).links();
        for (name, count) in [("华炉社区", 2), ("付家社区", 1)] {
            let address = cell(town.named(name).id(), "", "");
            assert!(inside.contains(&address), "{}: {address}: {inside:?}", town.engine);
            assert_eq!(pages(leader, &address).1.len(), count, "{}: {name}", town.engine);
        }
        for address in ["/report/figures", "/report/hurts", "/report/work", "/supervise"] {
            let page = leader.open(address).expect(200);
            assert!(page.body().contains("data-print"), "{}: {address} is printed", town.engine);
        }
        let none = cell(district, "&kind=event/0101", "");
        assert!(leader.open(&none).expect(200).words().contains("这里没有这样的反映"), "{}", town.engine);
        for who in ["wu", "sun"] {
            assert_eq!(story.at(who).get(&cell(district, "", "")).status, 404, "{}: {who}", town.engine);
        }
        town.recount_board();
    }
}
