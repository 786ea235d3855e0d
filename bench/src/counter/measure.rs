//! This file runs the stages over HTTP: it says what is asked, as which person, and on how many connections.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use counter::catalogue::Item;
use kernel::case::Case;
use kernel::language::Lang;
use kernel::place::{Level, PlacePath};
use lianglin::City;
use lianglin::demonstration::{Invented, Seed};
use testkit::encoded;
use uuid::Uuid;

use super::city::{Account, Accounts};
use super::http::{self, Answer, Browser, Next, Request};
use super::life::filled;
use super::plan::Plans;
use super::server::{STATIC_PAGE, Server};
use super::{Site, text};
use crate::figures::{Stage, ratio};
use crate::processor;

/// Says how many cases are looked at and searched for.
const NUMBERS: usize = 5_000;
/// Limits the seconds to wait until the messages of a stage that writes were sent.
const TELLING: u64 = 300;
/// Lists words of one character and of two, beside those that are made of the city's own names.
const SHORT: [&str; 6] = ["老", "区", "医", "证", "保", "街"];
const PAIRS: [&str; 6] = ["高龄", "社区", "医疗", "就业", "残疾", "受理"];

/// Applications open at a time.
pub const CONNECTIONS: [usize; 2] = [1, 32];
/// A step through the communities that has no divisor with their number.
pub const STRIDE: usize = 7_919;

/// Numbers the stages. Each invents people of its own, because the platform asks first about somebody whose same matter
/// is open.
static STAGE: AtomicU64 = AtomicU64::new(1);

/// Holds what is asked for. It is made while the database is open in this process.
pub struct Target {
    worker: Account,
    handler: Account,
    organiser: Account,
    items: Vec<Item>,
    /// Where applicants live: the identity of the community and the code of its district.
    homes: Vec<(String, String)>,
    numbers: Vec<String>,
    steps: Vec<(String, String)>,
    questions: Vec<String>,
    figures: Vec<String>,
}

/// Prepares everything that is asked for later.
pub fn target(city: &Arc<City>, accounts: &Accounts, plans: &Plans) -> Result<Target, String> {
    let tree = city.places.tree();
    let open = |plan: &&super::plan::Plan| plans.items.get(plan.item).is_some_and(|item| !item.confidential);
    let every = (plans.cases.len() / NUMBERS).max(1);
    let numbers: Result<Vec<String>, String> =
        plans.cases.iter().step_by(every).filter(open).map(|plan| plans.number(plan)).collect();
    let items: Vec<Item> = city.counter.catalogue().items().cloned().collect();
    let homes: Vec<String> = tree.of_level(Level::Street).map(|place| place.named(Lang::Zh).to_owned()).collect();
    let word = |item: &Item| item.name.zh.chars().take(2).collect::<String>();
    let questions = homes.iter().zip(items.iter().cycle()).map(|(home, item)| format!("{home} {}", word(item)));
    let month = cases::rules::figures::month(city.cases.hall.calendar().zone(), plans.now);
    let places = tree.of_level(Level::District).map(|place| format!("/figures?place={}&month={month}", place.id.0));
    let home = |(place, code): (&PlacePath, &String)| (place.id().0.to_string(), code.clone());
    Ok(Target {
        worker: accounts.worker.clone(),
        handler: accounts.handler.clone(),
        organiser: accounts.organiser.clone(),
        questions: questions.collect(),
        figures: places.collect(),
        items,
        homes: plans.communities.iter().zip(&plans.codes).map(home).collect(),
        numbers: numbers?,
        steps: Vec::new(),
    })
}

/// Returns the usual step of a case as its page's form sends it: the case's number and the form.
fn step(city: &City, case: &Case) -> Result<(String, String), String> {
    let procedure = city.cases.procedure_of(case).map_err(text)?;
    let actions = procedure.from_state(&case.state);
    let usual = actions.iter().find(|(_, action)| action.primary).or_else(|| actions.first());
    let (name, action) = usual.ok_or("a case that was just opened cannot go on")?;
    let (fields, papers) = filled(action, case);
    let drawn = ("drawn".to_owned(), case.sequence.to_string());
    let mut form = vec![("action".to_owned(), (*name).to_owned()), drawn];
    form.extend(fields.into_iter().map(|(name, value)| (format!("field_{name}"), value)));
    form.extend(papers.into_iter().map(|paper| ("papers".to_owned(), paper)));
    // A step that decides is confirmed in the same form.
    form.push(("sure".to_owned(), "1".to_owned()));
    form.push(("_once".to_owned(), Uuid::now_v7().to_string()));
    Ok((case.number.clone(), encoded(&form)))
}

fn is_page(answer: &Answer) -> bool {
    answer.status == 200
}

fn is_page_or_redirect(answer: &Answer) -> bool {
    answer.status == 200 || answer.status == 303
}

fn is_redirect(answer: &Answer) -> bool {
    answer.status == 303
}

fn is_receipt(answer: &Answer) -> bool {
    answer.status == 303 && answer.location.starts_with("/receipt/")
}

/// Returns one address after another, again and again.
fn round(paths: Vec<String>, good: fn(&Answer) -> bool) -> Next {
    let at = AtomicUsize::new(0);
    Arc::new(move || {
        let at = at.fetch_add(1, Ordering::Relaxed) % paths.len().max(1);
        paths.get(at).map(|path| Request { path: path.clone(), form: None, good })
    })
}

fn search(words: impl Iterator<Item = String>) -> Vec<String> {
    words.map(|words| format!("/search?{}", encoded(&[("q".to_owned(), words)]))).collect()
}

fn owned(words: &[&str]) -> Vec<String> {
    search(words.iter().map(|word| (*word).to_owned()))
}

impl Target {
    /// Takes in the cases that wait for one step each.
    pub fn prepare(&mut self, city: &City, cases: &[Case]) -> Result<(), String> {
        self.steps = cases.iter().map(|case| step(city, case)).collect::<Result<_, String>>()?;
        Ok(())
    }

    /// Returns what is looked at: its name, the person and the addresses.
    fn pages(&self) -> Vec<(&'static str, &Account, Next)> {
        let (worker, handler, city) = (&self.worker, &self.handler, &self.organiser);
        let case = self.numbers.iter().map(|number| format!("/cases/{number}")).collect();
        let one = |path: &str| round(vec![path.to_owned()], is_page);
        vec![
            ("case page", city, round(case, is_page)),
            ("queue, community", worker, one("/queue")),
            ("queue, district office", handler, one("/queue")),
            ("supervision, city", city, one("/supervise")),
            ("reasons of lateness, city", city, one("/supervise/late")),
            ("search, number", city, round(search(self.numbers.iter().cloned()), is_page_or_redirect)),
            ("search, one character", city, round(owned(&SHORT), is_page)),
            ("search, two characters", city, round(owned(&PAIRS), is_page)),
            ("search, several words", city, round(search(self.questions.iter().cloned()), is_page)),
            ("figures, district", city, round(self.figures.clone(), is_page)),
        ]
    }

    /// Makes applications at the worker's desk, each of another invented person, over all items in turn. The people
    /// live all over the city, or all in the worker's own community.
    fn applications(&self, whole_city: bool) -> Next {
        let (items, own) = (self.items.clone(), self.worker.place.id().0.to_string());
        let homes: Vec<_> = self.homes.iter().filter(|(home, _)| whole_city || *home == own).cloned().collect();
        let (at, seed) = (
            AtomicUsize::new(0),
            Mutex::new(Seed::new(u64::from(std::process::id()) + STAGE.fetch_add(1, Ordering::Relaxed))),
        );
        Arc::new(move || {
            let at = at.fetch_add(1, Ordering::Relaxed);
            let item = items.get(at % items.len().max(1))?;
            // Neighbours in the list live in one district, so a stride spreads them.
            let (residence, code) = homes.get(at.wrapping_mul(STRIDE) % homes.len().max(1))?;
            let person = Invented::next(&mut seed.lock().unwrap_or_else(PoisonError::into_inner), code);
            let mut fields: Vec<(String, String)> = [
                ("item", item.code.as_str()),
                ("residence", residence.as_str()),
                ("name", person.name.as_str()),
                ("resident_id", person.resident_id.as_str()),
                ("telephone", person.telephone.as_str()),
                ("bank_card", person.bank_card.as_str()),
                ("address", person.address.as_str()),
                ("age_told", "1"),
            ]
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
            let papers = item.materials.iter().map(|material| ("papers".to_owned(), material.code.clone()));
            fields.extend(papers);
            fields.push(("_once".to_owned(), Uuid::now_v7().to_string()));
            Some(Request { path: "/desk".to_owned(), form: Some(encoded(&fields)), good: is_receipt })
        })
    }

    /// Makes one step of each case that was prepared, from the case `from` on.
    fn steps(&self, from: usize) -> Next {
        let (steps, at) = (self.steps.clone(), AtomicUsize::new(from));
        Arc::new(move || {
            let (number, form) = steps.get(at.fetch_add(1, Ordering::Relaxed))?;
            Some(Request { path: format!("/cases/{number}/act"), form: Some(form.clone()), good: is_redirect })
        })
    }
}

/// Holds a run of stages against one server.
struct Run<'s> {
    server: &'s Server,
    site: &'s Site,
    time: Duration,
    database: Option<u32>,
}

/// Measures what is looked at. The baseline is the static page.
pub fn pages(server: &Server, site: &Site, target: &Target, seconds: u64) -> Result<Vec<Stage>, String> {
    let run = Run::new(server, site, seconds);
    let mut stages = Vec::new();
    for connections in CONNECTIONS {
        let floor = run.stage("static page", &vec![String::new(); connections], &round_static(), true)?;
        let floored = floor.per_second;
        stages.push(floor);
        for (what, account, next) in target.pages() {
            let Some(cookies) = run.ready(what, account, &next, connections)? else { continue };
            stages.push(against(run.stage(what, &cookies, &next, true)?, Some(floored)));
        }
    }
    Ok(stages)
}

/// Measures what is done. The baseline is the bare loop without HTTP, whose stages come first.
pub fn works(
    server: &Server,
    site: &Site,
    target: &Target,
    seconds: u64,
    bare: Vec<Stage>,
) -> Result<Vec<Stage>, String> {
    let run = Run::new(server, site, seconds);
    let (mut stages, mut from) = (bare, 0);
    for (connections, number) in CONNECTIONS.into_iter().zip(0_usize..) {
        let baseline = stages.get(number).map(|stage| stage.per_second);
        let cookies = run.cookies(&target.worker, connections)?;
        stages.push(against(run.stage("apply at a desk", &cookies, &target.applications(true), true)?, baseline));
        server.settle(TELLING)?;
        if connections > 1 {
            let crowd = run.stage("apply, one community", &cookies, &target.applications(false), true)?;
            stages.push(against(crowd, baseline));
            server.settle(TELLING)?;
        }
        let step = run.stage("one step", &cookies, &target.steps(from), false)?;
        from += usize::try_from(step.requests + step.failed).unwrap_or(0) + connections;
        stages.push(against(step, baseline));
        server.settle(TELLING)?;
    }
    Ok(stages)
}

fn round_static() -> Next {
    round(vec![STATIC_PAGE.to_owned()], is_page)
}

fn against(mut stage: Stage, baseline: Option<f64>) -> Stage {
    stage.of_baseline = baseline.filter(|rate| *rate > 0.0).map(|rate| stage.per_second / rate);
    stage
}

impl<'s> Run<'s> {
    fn new(server: &'s Server, site: &'s Site, seconds: u64) -> Self {
        let database = crate::stages::database_process(&site.address, site.engine);
        Self { server, site, time: Duration::from_secs(seconds), database }
    }

    fn cookies(&self, account: &Account, connections: usize) -> Result<Vec<String>, String> {
        http::sign_in(self.server.port, account.login, &account.password, connections)
    }

    /// Signs in and looks whether the page exists. A page that this build does not have is left out.
    fn ready(
        &self,
        what: &str,
        account: &Account,
        next: &Next,
        connections: usize,
    ) -> Result<Option<Vec<String>>, String> {
        let cookies = self.cookies(account, connections)?;
        let (Some(request), Some(cookie)) = (next(), cookies.first()) else { return Ok(None) };
        let port = self.server.port;
        let answer = http::wait(async { Browser::connect(port, cookie).await?.ask(&request.path, None).await })?;
        if (request.good)(&answer) {
            return Ok(Some(cookies));
        }
        eprintln!("{what} is left out: {} answers {}.", request.path, answer.status);
        Ok(None)
    }

    fn stage(&self, what: &str, cookies: &[String], next: &Next, warm: bool) -> Result<Stage, String> {
        let name = format!("{}, {what}, {}", self.site.name(), cookies.len());
        let waiting = crate::stages::spinner(&name);
        if warm {
            http::load(self.server.port, cookies, next, self.time.min(Duration::from_secs(1)))?;
        }
        let used = || (processor::used_by(self.server.id()), self.database.and_then(processor::used_by_family));
        let before = used();
        let (latencies, took) = http::load(self.server.port, cookies, next, self.time)?;
        let after = used();
        let mut stage = latencies.stage(&name, took);
        let each =
            |before: Option<u64>, after: Option<u64>| Some(ratio(after?.saturating_sub(before?), stage.requests));
        let micros = (each(before.0, after.0), each(before.1, after.1));
        (stage.server_micros, stage.database_micros) = micros;
        waiting.finish_and_clear();
        Ok(stage)
    }
}
