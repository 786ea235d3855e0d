//! This is a person at a browser, in plain code: each call waits for its page.

use crate::waiting::wait;
use axum::Router;
use axum::body::Body;
use axum::http::Method;
use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::{Client, Form, Reply};

static ADDRESSES: AtomicU32 = AtomicU32::new(0x0A00_0001);

/// A browser. Somebody may have signed in there.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    credentials: Option<(String, String)>,
}

impl Browser {
    /// Opens a browser without cookies at a network address of its own.
    pub fn new(router: Router) -> Self {
        let address = Ipv4Addr::from(ADDRESSES.fetch_add(1, Ordering::Relaxed));
        let client = Client::new(router).from(SocketAddr::from((address, 40_000)));
        Self { client, credentials: None }
    }

    /// Sets a header for every request from now on, in place of the browser's own.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.client = self.client.with_header(name, value);
        self
    }

    /// Signs in as staff.
    ///
    /// # Panics
    /// Panics if the sign-in is refused.
    pub fn sign_in(&mut self, login: &str, password: &str) {
        self.credentials = Some((login.to_owned(), password.to_owned()));
        let form = wait(self.client.get("/sign-in")).expect(200).form("/sign-in");
        let reply = wait(self.client.submit_once(form.set("login", login).set("password", password)));
        assert!(reply.location().is_some(), "{login} cannot sign in: {}", reply.words());
    }

    /// Returns the name with which somebody signed in.
    pub fn login(&self) -> Option<&str> {
        self.credentials.as_ref().map(|(login, _)| login.as_str())
    }

    /// Asks for an address. It does not follow redirects.
    pub fn get(&mut self, address: &str) -> Reply {
        wait(self.client.get(address))
    }

    /// Opens a page. It follows redirects, and signs in again if the session has ended.
    pub fn open(&mut self, address: &str) -> Reply {
        let reply = self.get(address);
        let ended = reply.location().is_some_and(|to| to.starts_with("/sign-in"));
        match self.credentials.clone() {
            Some((login, password)) if ended => {
                self.sign_in(&login, &password);
                wait(self.client.open(address))
            }
            _ => wait(self.client.follow(reply)),
        }
    }

    /// Sends a form of the page in front. It does not follow redirects.
    pub fn send(&mut self, form: Form) -> Reply {
        wait(self.client.submit_once(form))
    }

    /// Sends a form of the page in front and follows redirects.
    pub fn submit(&mut self, form: Form) -> Reply {
        wait(self.client.submit(form))
    }

    /// Sends a form of the page in front with files (field, name, content) and follows redirects.
    pub fn uploads(&mut self, form: &Form, files: &[(&str, &str, &[u8])]) -> Reply {
        let reply = wait(self.client.upload(form, files));
        wait(self.client.follow(reply))
    }

    /// Sends exactly these fields. It does not follow redirects.
    pub fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Reply {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        wait(self.client.post_exactly(address, &fields))
    }

    /// Sends a body of a kind, as a program does. It does not follow redirects.
    pub fn sends(&mut self, method: Method, address: &str, kind: Option<&str>, body: &str) -> Reply {
        wait(self.client.request(method, address, Body::from(body.to_owned()), kind))
    }

    /// Returns the page in front.
    ///
    /// # Panics
    /// Panics if there is none.
    pub fn page(&self) -> Reply {
        self.client.page().cloned().unwrap_or_else(|| panic!("no page is open"))
    }

    /// Returns the value of a cookie that it keeps.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.client.cookie(name).map(str::to_owned)
    }

    /// Puts a cookie into its jar.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.client.set_cookie(name, value);
    }

    /// Returns the numbers of all cases of a list, from every page of it.
    ///
    /// # Panics
    /// Panics if a page of the list is refused.
    pub fn listed(&mut self, address: &str) -> BTreeSet<String> {
        let mut numbers = BTreeSet::new();
        let mut next = Some(address.to_owned());
        while let Some(here) = next.take() {
            let page = self.open(&here).expect(200);
            let links = page.links();
            numbers.extend(links.iter().filter_map(|link| link.strip_prefix("/cases/")).map(str::to_owned));
            next = links.into_iter().rev().find(|link| link.contains("after=") && *link != here);
        }
        numbers
    }
}

/// Chooses a radio button or box as a browser does. A hidden field of the same name stays.
///
/// # Panics
/// Panics if the page does not offer that field.
#[must_use]
pub fn chosen(mut form: Form, name: &str, value: &str) -> Form {
    assert!(form.offers.iter().any(|known| known == name), "{} offers no {name}", form.action);
    form.fields.push((name.to_owned(), value.to_owned()));
    form
}

/// Returns which words of the counter the page of a case says beside the menu: a kind that is not the counter's has
/// words of its own.
pub fn counters_words(page: &testkit::Reply) -> Vec<&'static str> {
    let body = page.body();
    let main = body.split("<main").nth(1).and_then(|rest| rest.split("</main>").next()).unwrap_or_default();
    // The way back from a page names the headings of whoever looks, not the case.
    let main = main.split_once("</nav>").map_or(main, |(_, rest)| rest);
    let words = testkit::html::words(main).to_lowercase();
    ["窗口", "申请人", "材料", "applicant", "counter"].into_iter().filter(|word| words.contains(word)).collect()
}

/// Returns every value that is offered for a field, in the order of the page.
pub fn all_values(body: &str, name: &str) -> Vec<String> {
    let mark = format!("name=\"{name}\"");
    let tags = body.split('<').filter(|tag| tag.contains(&mark));
    let value = |tag: &str| Some(tag.split_once("value=\"")?.1.split_once('"')?.0.to_owned());
    tags.filter_map(value).collect()
}
