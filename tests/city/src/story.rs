//! This is the language in which stories are told. Each line is one step and says who does what, through pages alone.
//!
//! `she` is the resident. Staff appear with `NAME is ROLE at PLACE [for DEPARTMENT]` and sign in at a browser of their
//! own.

use crate::desk::Resident;
use crate::{Browser, Town};
use kernel::case::Case;
use lianglin::demonstration::Seed;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::{Form, Reply};

static LOGINS: AtomicU32 = AtomicU32::new(1);

/// Holds a story of one case.
pub struct Story<'t> {
    /// The city in which it happens.
    pub town: &'t Town,
    people: BTreeMap<String, Browser>,
    /// The resident.
    pub resident: Resident,
    /// The number of her case, once there is one.
    pub number: String,
    /// The code of her receipt.
    pub code: String,
}

impl<'t> Story<'t> {
    /// Begins a story about an invented resident.
    pub fn new(town: &'t Town, seed: u64) -> Self {
        let resident = Resident::next(&mut Seed::new(seed));
        let people = BTreeMap::from([("she".to_owned(), town.visitor())]);
        Self { town, people, resident, number: String::new(), code: String::new() }
    }

    /// Tells the story, a step a line. What follows `#` is a remark.
    ///
    /// # Panics
    /// Panics at the first step that does not happen as told.
    pub fn tell(&mut self, text: &str) -> &mut Self {
        for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
            if !line.is_empty() {
                eprintln!("{}: {line}", self.town.engine);
                self.step(line);
            }
        }
        self
    }

    /// Returns somebody's browser.
    ///
    /// # Panics
    /// Panics if nobody of that name appeared.
    pub fn at(&mut self, who: &str) -> &mut Browser {
        self.people.get_mut(who).unwrap_or_else(|| panic!("{who} has not appeared"))
    }

    /// Returns the name with which somebody signs in.
    ///
    /// # Panics
    /// Panics if nobody of that name appeared, or if she did not sign in.
    pub fn login(&mut self, who: &str) -> String {
        self.at(who).login().unwrap_or_else(|| panic!("{who} has not signed in")).to_owned()
    }

    /// Returns the case as the store holds it.
    ///
    /// # Panics
    /// Panics if there is none.
    pub fn case(&self) -> Case {
        let (desk, number) = (self.town.city.cases.clone(), self.number.clone());
        let known = self.town.store().read_blocking(move |tx| desk.known_number(tx, &number));
        known.unwrap_or_else(|fault| panic!("{}: {fault}", self.number)).case
    }

    fn step(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["it", "is", rest @ ..] => self.town.clock.set_local(&rest.join(" ")),
            ["case", "is", state] => assert_eq!(self.case().state, *state),
            ["case", "due", day] => {
                assert_eq!(self.case().promised_due().map(|due| due.to_string()).as_deref(), Some(*day));
            }
            [who, "is", role, "at", place, rest @ ..] => self.appears(who, role, place, rest.get(1).copied()),
            [who, "takes", item, "for", "a", "resident", "of", place] => self.takes(who, item, "", place),
            [who, "takes", item, "with", papers, "for", "a", "resident", "of", place] => {
                self.takes(who, item, papers, place);
            }
            ["she", "applies", "for", item, "living", "in", place] => self.applies(item, place),
            ["she", "uploads", material] => self.uploads(material),
            ["she", "follows", "it"] => drop(self.followed("she", "/follow/")),
            ["she", "follows", "it", "by", telephone] => {
                (*telephone).clone_into(&mut self.resident.telephone);
                let page = self.town.visitor().follows(&self.number, telephone).expect(200);
                assert_eq!(page.address, "/follow", "{}", page.words());
                drop(self.followed("she", "/follow/"));
            }
            [who, "answers", "request", rest @ ..] => self.answers_request(who, rest, 200),
            [who, "cannot", "answer", "request", rest @ ..] => self.answers_request(who, rest, 422),
            [who, "opens", "it", "by", "code"] => drop(self.followed(who, "/cases/")),
            ["she", "rates", score] => self.rates(score),
            ["she", "may", "not", "rate"] => self.may_not_rate(),
            [who, "finds", "it", "in", list] => assert!(self.lists(who, list), "{who} does not find it in {list}"),
            [who, "misses", "it", "in", list] => assert!(!self.lists(who, list), "{who} finds it in {list}"),
            [who, "opens", "it"] => drop(self.case_page(who).expect(200)),
            [who, "cannot", "open", "it"] => drop(self.case_page(who).expect(404)),
            [who, "handed", "it", "on"] => {
                let (page, list) = (self.case_page(who).expect(200), format!("/queue?done={}", self.number));
                assert!(page.address == list && page.words().contains(&self.number), "{who}: {}", page.words());
            }
            [who, "may", "not", action] => {
                assert!(self.at(who).offered(action).is_none(), "{who} may {action}");
            }
            [who, "looks", "for", purpose] => self.looks(who, purpose),
            [who, "urges", note] => self.urges(who, note),
            [who, "reads", rest @ ..] => self.reads(who, &rest.join(" "), true),
            [who, "does", "not", "read", rest @ ..] => self.reads(who, &rest.join(" "), false),
            [who, "does", "not", "take", action, rest @ ..] => self.does_not_take(who, action, rest),
            [who, "does", action, rest @ ..] => self.does(who, action, rest),
            [who, "sends", deed, rest @ ..] => self.sends(who, deed, rest),
            _ => panic!("no such step: {line}"),
        }
    }

    fn appears(&mut self, who: &str, role: &str, place: &str, department: Option<&str>) {
        let login = format!("staff.{}", LOGINS.fetch_add(1, Ordering::Relaxed));
        let place = self.town.named(place);
        self.town.account(&login, who, role, &place, department);
        let mut browser = self.town.visitor();
        browser.sign_in(&login, crate::town::PASSWORD);
        self.people.insert(who.to_owned(), browser);
    }

    /// Takes an application; `papers` are the codes of those whose originals are seen, as `A+B`.
    fn takes(&mut self, who: &str, item: &str, papers: &str, place: &str) {
        let (town, resident, community) = (self.town, self.resident.clone(), self.town.named(place));
        let papers: Vec<&str> = papers.split('+').filter(|code| !code.is_empty()).collect();
        let taken = self.at(who).takes_with(town, item, &papers, &resident, &community);
        (self.number, self.code) = (taken.number, taken.code);
    }

    fn applies(&mut self, item: &str, place: &str) {
        let (town, resident, community) = (self.town, self.resident.clone(), self.town.named(place));
        let taken = self.at("she").applies(town, item, &resident, &community);
        (self.number, self.code) = (taken.number, taken.code);
    }

    fn followed(&mut self, who: &str, to: &str) -> Reply {
        let (number, code) = (self.number.clone(), self.code.clone());
        if who != "she" {
            drop(self.at(who).open("/queue").expect(200)); // She signs in again if the session has ended.
        }
        let page = self.at(who).follows_with(&number, &code).expect(200);
        assert_eq!(page.address, format!("{to}{number}"), "{}", page.words());
        page
    }

    fn case_page(&mut self, who: &str) -> Reply {
        let address = format!("/cases/{}", self.number);
        self.at(who).open(&address)
    }

    fn lists(&mut self, who: &str, list: &str) -> bool {
        let number = self.number.clone();
        self.at(who).listed(list).contains(&number)
    }

    fn reads(&mut self, who: &str, text: &str, there: bool) {
        let words = self.at(who).page().words();
        assert_eq!(words.contains(text), there, "{who}: {text}\n{words}");
    }

    fn does(&mut self, who: &str, action: &str, with: &[&str]) {
        let address = if who == "she" { format!("/follow/{}", self.number) } else { format!("/cases/{}", self.number) };
        let town = self.town;
        let browser = self.at(who);
        drop(browser.open(&address).expect(200));
        let form =
            browser.offered(action).unwrap_or_else(|| panic!("{action} is not offered: {}", browser.page().words()));
        let form = with.iter().fold(form, |form, pair| filled(form, pair));
        let reply = browser.confirms(form).expect(200);
        let landed = reply.address.split('?').next().unwrap_or_default();
        // Whoever gave a case out of her hands goes on with her list.
        assert!(landed == address || landed == "/queue" && who != "she", "{who} {action}: {}", reply.address);
        let told = who == "she" || reply.body().contains("role=\"status\"");
        assert!(told, "{who} is not told that {action} is done: {}", reply.words());
        // A decision leaves after some seconds. The page in front is the case as it stands then.
        drop(browser.until_left(town, reply));
    }

    /// Uploads a picture in the row of a paper that was asked for.
    fn uploads(&mut self, material: &str) {
        let address = format!("/follow/{}", self.number);
        let browser = self.at("she");
        drop(browser.open(&address).expect(200));
        let form = crate::form_for(browser, &format!("{address}/papers"), material);
        let reply = browser.uploads(&form, &[("file", "paper.png", crate::PICTURE)]).expect(200);
        assert_eq!(reply.address, address, "{}", reply.words());
    }

    /// Answers the open request about personal data.
    fn answers_request(&mut self, who: &str, with: &[&str], status: u16) {
        let (page, action) = (format!("/cases/{}", self.number), format!("/cases/{}/request", self.number));
        let browser = self.at(who);
        let form = browser.open(&page).expect(200).form(&action);
        let form = with.iter().fold(form, |form, pair| {
            let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("no field: {pair}"));
            form.set(name, value)
        });
        drop(browser.submit(form).expect(status));
    }

    /// Tries a step that is offered, and checks that it is refused.
    fn does_not_take(&mut self, who: &str, action: &str, with: &[&str]) {
        let address = format!("/cases/{}", self.number);
        let before = self.case();
        let browser = self.at(who);
        drop(browser.open(&address).expect(200));
        let form = browser.offered(action).unwrap_or_else(|| panic!("{action} is not offered"));
        let form = with.iter().fold(form, |form, pair| filled(form, pair));
        drop(browser.submit(form).expect(422));
        assert_eq!(self.case(), before, "a refused step changes nothing");
    }

    /// Does a deed beside the steps, by the form of its address.
    fn sends(&mut self, who: &str, deed: &str, with: &[&str]) {
        let (number, town) = (self.number.clone(), self.town);
        let (page, action) = match (who, deed) {
            ("she", deed) => (format!("/follow/{number}"), format!("/follow/{number}/{deed}")),
            (_, "say") => (format!("/cases/{number}"), format!("/cases/{number}/say")),
            _ => (format!("/cases/{number}"), format!("/cases/{number}/do/{deed}")),
        };
        let browser = self.at(who);
        let opened = browser.open(&page).expect(200);
        let found = opened.forms().into_iter().find(|form| form.action == action);
        let form = found.unwrap_or_else(|| panic!("{deed} is not offered: {}", opened.words()));
        let form = with.iter().fold(form, |form, pair| {
            let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("no field: {pair}"));
            let value = if name == "place" { town.named(value).as_str().to_owned() } else { value.to_owned() };
            if form.offers.iter().any(|known| known == name) && form.get(name).is_none() {
                crate::chosen(form, name, &value)
            } else {
                form.set(name, &value)
            }
        });
        let reply = browser.submit(form).expect(200);
        assert_eq!(reply.address.split('?').next(), Some(page.as_str()), "{}", reply.words());
    }

    fn rates(&mut self, score: &str) {
        let (rate, address) = (format!("/follow/{}/rate", self.number), format!("/follow/{}", self.number));
        let browser = self.at("she");
        let form = browser.open(&address).expect(200).form(&rate);
        drop(browser.submit(form.set("score", score)).expect(200));
    }

    fn may_not_rate(&mut self) {
        let (rate, address) = (format!("/follow/{}/rate", self.number), format!("/follow/{}", self.number));
        let before = self.town.counts();
        let browser = self.at("she");
        let page = browser.open(&address).expect(200);
        assert!(page.forms().iter().all(|form| form.action != rate), "rating is offered");
        drop(browser.post(&rate, &[("score", "1"), ("_once", "a-second-rating")]).expect(422));
        assert_eq!(self.town.counts(), before);
    }

    fn looks(&mut self, who: &str, purpose: &str) {
        let (case, person) = (format!("/cases/{}", self.number), format!("/cases/{}/person", self.number));
        let browser = self.at(who);
        let form = browser.open(&case).expect(200).form(&person);
        drop(browser.submit(form.set("purpose", "other").set("purpose_word", purpose)).expect(200));
    }

    fn urges(&mut self, who: &str, note: &str) {
        let (case, urge) = (format!("/cases/{}", self.number), format!("/cases/{}/do/supervise", self.number));
        let browser = self.at(who);
        let form = browser.open(&case).expect(200).form(&urge);
        drop(browser.submit(form.set("note", note)).expect(200));
    }
}

/// Types `name=value` into a step's form. `papers=A+B` ticks boxes.
fn filled(form: Form, pair: &str) -> Form {
    let (name, value) = pair.split_once('=').unwrap_or_else(|| panic!("no field: {pair}"));
    if name != "papers" {
        return form.set(&format!("field_{name}"), value);
    }
    value.split('+').fold(form, |form, paper| crate::chosen(form, "papers", paper))
}
