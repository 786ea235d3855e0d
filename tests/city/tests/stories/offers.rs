//! In this story nothing is offered that its reader may not do: whoever follows the links of her own pages is never
//! told that she may not.

use city_stories::{Browser, Story, Town, chosen};
use std::collections::{BTreeSet, VecDeque};

/// Pages that one person opens at most.
const PAGES: usize = 60;

/// The columns are: the role, the place, the department.
const PEOPLE: [(&str, &str, Option<&str>); 12] = [
    ("community_worker", "文安路社区", None),
    ("street_handler", "大北街道", Some("civil_affairs")),
    ("district_handler", "大东区", Some("civil_affairs")),
    ("city_handler", "沈阳市", Some("civil_affairs")),
    ("secretary_community", "文安路社区", None),
    ("secretary_street", "大北街道", None),
    ("organiser_district", "大东区", None),
    ("organiser_city", "沈阳市", None),
    ("auditor", "沈阳市", None),
    ("protection_officer", "沈阳市", None),
    ("operator", "沈阳市", None),
    ("catalogue_editor", "沈阳市", None),
];

/// A link without what differs from row to row: of pages of one kind one is looked at.
fn kind(link: &str) -> String {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    path.split('/')
        .map(|part| if part.chars().any(|one| one.is_ascii_digit()) { "#" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

/// Follows the links of her pages, from the first one on. Returns how many pages there were.
fn walks(browser: &mut Browser, role: &str) -> usize {
    let mut known = BTreeSet::from(["/".to_owned()]);
    let mut next = VecDeque::from(["/".to_owned()]);
    let mut opened = 0;
    while let Some(address) = next.pop_front().filter(|_| opened < PAGES) {
        opened += 1;
        let page = browser.open(&address);
        assert_ne!(page.status, 403, "{role} is led to {address}, which she may not open: {}", page.words());
        let is_page = page.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
        for link in if is_page { page.links() } else { Vec::new() } {
            let inside = link.starts_with('/') && !link.starts_with("//");
            let elsewhere = ["/assets", "/api/", "/follow", "/sign-", "/verify"];
            if inside && !elsewhere.iter().any(|begin| link.starts_with(begin)) && known.insert(kind(&link)) {
                next.push_back(link.split('#').next().unwrap_or_default().to_owned());
            }
        }
    }
    opened
}

#[test]
fn no_link_leads_to_what_its_reader_may_not_do() {
    let town = Town::small();
    let mut story = Story::new(&town, 951);
    story.tell(
        "
        王晓燕 is community_worker at 文安路社区
        王晓燕 takes MZ-11 for a resident of 华炉社区
        ",
    );
    let originals = format!("/cases/{}/originals", story.number);
    let worker = story.at("王晓燕");
    let form = worker.open(&originals).expect(200).form(&originals);
    drop(worker.submit(chosen(form, "papers", "HK")).expect(200));
    for (role, place, department) in PEOPLE {
        let mut browser = town.staff(&format!("walks.{role}"), role, &town.named(place), department);
        let opened = walks(&mut browser, role);
        assert!(opened >= 5, "{role} was led to {opened} pages only");
    }
}
