//! This story walks along the links of everybody's pages: no link leads to whom it refuses, no page has an id twice,
//! and whatever points at an id finds it.

use city_stories::{Browser, Story, Town};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Where everybody begins.
const STARTS: [&str; 6] = ["/", "/work", "/today", "/mine", "/items", "/help"];
/// Most pages that one person reads.
const MOST: usize = 150;
/// Who walks: role, place and department.
const WALKERS: [(&str, &str, Option<&str>); 9] = [
    ("community_worker", "华炉社区", None),
    ("street_handler", "大北街道", Some("civil_affairs")),
    ("district_handler", "大东区", Some("civil_affairs")),
    ("secretary_community", "华炉社区", None),
    ("organiser_district", "大东区", None),
    ("auditor", "沈阳市", None),
    ("protection_officer", "沈阳市", None),
    ("operator", "沈阳市", None),
    ("catalogue_editor", "沈阳市", None),
];

/// Addresses that differ by their numbers and values alone are one kind.
fn kind(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let part = |part: &str| {
        if part.contains(|letter: char| letter.is_ascii_digit()) { "{}".to_owned() } else { part.to_owned() }
    };
    let path: Vec<String> = path.split('/').map(part).collect();
    let names: BTreeSet<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", path.join("/"), names.into_iter().collect::<Vec<_>>().join("&"))
}

/// The values of an attribute on a page, as they are written.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let opening = format!(" {attribute}=\"");
    page.split(opening.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// What is wrong with the ids of a page.
fn faults(page: &str) -> Vec<String> {
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    for id in values(page, "id") {
        *known.entry(id).or_default() += 1;
    }
    let twice = known.iter().filter(|(_, count)| **count > 1).map(|(id, _)| format!("#{id} stands twice"));
    let pointing = ["for", "aria-describedby", "aria-labelledby"];
    let named = pointing.iter().flat_map(|attribute| values(page, attribute)).flat_map(str::split_whitespace);
    let lost = named.filter(|id| !known.contains_key(*id)).map(|id| format!("nothing is called #{id}"));
    twice.chain(lost).collect()
}

/// Walks along links, one page of each kind, and returns what is wrong.
fn walk(browser: &mut Browser, begins: &[String]) -> Vec<String> {
    let mut open: VecDeque<(String, String)> = begins.iter().map(|start| (start.clone(), String::new())).collect();
    let (mut kinds, mut wrong, mut read) = (BTreeSet::new(), Vec::new(), 0);
    while let Some((address, from)) = open.pop_front() {
        if read >= MOST || !kinds.insert(kind(&address)) {
            continue;
        }
        read += 1;
        let reply = browser.open(&address);
        let status = reply.status.as_u16();
        if matches!(status, 403 | 404) || status >= 500 {
            wrong.push(format!("{from} leads to {address}, which answers {status}"));
        }
        if !reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            continue;
        }
        let page = reply.body();
        wrong.extend(faults(&page).into_iter().map(|fault| format!("{address}: {fault}")));
        let links = reply.links().into_iter().map(|link| link.split('#').next().unwrap_or_default().to_owned());
        let own = links.filter(|link| link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/sign-"));
        open.extend(own.map(|link| (link, address.clone())));
    }
    assert!(read >= begins.len(), "nothing was read");
    wrong
}

#[test]
fn every_link_leads_on_and_every_id_stands_once() {
    let town = Town::small();
    let mut story = Story::new(&town, 341);
    story.tell("she applies for MZ-11 living in 华炉社区");
    let (number, code) = (story.number.clone(), story.code.clone());
    let starts = STARTS.map(str::to_owned);
    let mut wrong = BTreeMap::new();
    let mut she = town.visitor();
    drop(she.follows_with(&number, &code).expect(200));
    let own = ["/", "/items", "/help", "/nearby"].map(str::to_owned).into_iter().chain([format!("/follow/{number}")]);
    wrong.insert("she", walk(&mut she, &own.collect::<Vec<_>>()));
    for (at, (role, place, department)) in WALKERS.into_iter().enumerate() {
        let mut walker = town.staff(&format!("walks.{at}"), role, &town.named(place), department);
        wrong.insert(role, walk(&mut walker, &starts));
    }
    wrong.retain(|_, faults| !faults.is_empty());
    assert_eq!(wrong, BTreeMap::new());
}

#[test]
fn the_faults_of_a_page_are_found() {
    assert!(faults("<p id=\"a\"><label for=\"a\">").is_empty());
    assert_eq!(faults("<p id=\"a\"><b id=\"a\">"), ["#a stands twice"]);
    assert_eq!(faults("<p id=\"a\"><input aria-describedby=\"a b\">"), ["nothing is called #b"]);
}

/// Says whether a robots.txt lets an address be read: the longest rule that fits counts.
fn lets(robots: &str, address: &str) -> bool {
    let begins = |rule: &str| match rule.split_once('*') {
        Some((head, tail)) => address.strip_prefix(head).is_some_and(|rest| rest.contains(tail)),
        None => address.starts_with(rule),
    };
    let fits = |rule: &str| rule.strip_suffix('$').map_or_else(|| begins(rule), |whole| address == whole);
    let rules = robots.lines().filter_map(|line| line.split_once(": "));
    let rules = rules.filter(|(name, rule)| matches!(*name, "Allow" | "Disallow") && fits(rule));
    rules.max_by_key(|(_, rule)| rule.len()).is_none_or(|(name, _)| name == "Allow")
}

#[test]
fn public_pages_are_found_by_search_engines_and_say_what_they_are() {
    let town = Town::small();
    let mut nobody = town.visitor();
    let robots = nobody.get("/robots.txt").expect(200).body();
    let place = format!("/places/{}", town.named("华炉社区").id());
    let public = ["/", "/items", "/items/MZ-11", "/family", "/report", "/nearby", "/figures", "/rulebook"];
    let published = ["/help", "/privacy", "/verify", "/follow", place.as_str()];
    for address in public.into_iter().chain(published) {
        assert!(address == "/follow" || lets(&robots, address), "{address}: {robots}");
        let page = nobody.open(address).expect(200).body();
        let (_, rest) = page.split_once("<meta name=\"description\" content=\"").unwrap_or_else(|| panic!("{address}"));
        assert!(rest.split('"').next().is_some_and(|said| said.chars().count() > 8), "{address}: {rest:.80}");
    }
    for address in [
        "/follow",
        "/places/review",
        "/places/units/1",
        "/places/12/grids",
        "/places/12?on=2026-01-01",
        "/follow/210104-2026-0000001-4",
        "/mine",
        "/apply/MZ-11",
        "/desk",
        "/cases/x",
        "/verify?n=1",
        "/find?q=a",
    ] {
        assert!(!lets(&robots, address), "{address}: {robots}");
    }
}
