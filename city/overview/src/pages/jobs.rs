//! The background work (后台任务) for whoever runs the platform: what was given up and why, what waits and when it
//! comes, and which destinations do not answer. Jobs carry no personal data, and neither do the reasons that are shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Fault;
use jobs::{Counts, Destination, JobCursor, JobRecord, LATE_MINUTES, Late};
use kernel::permission::{Permission, Target, may};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use web::{InPath, Light, Page, Pager, PostForm, WebError, render};

use crate::Overview;
use crate::permissions::May;

/// Jobs of each list on one page.
const SHOWN: i64 = 50;
/// Destinations that fail, at most.
const DESTINATIONS: i64 = 50;
/// Characters of a reason that are shown.
const REASON_CHARACTERS: usize = 300;

#[derive(Template)]
#[template(path = "overview/jobs.html")]
struct JobsPage {
    page: Page,
    counts: Counts,
    /// What has been due for too long: what it is called, and how much since when; empty where nothing is.
    late: (String, String),
    /// Somebody has to look after the queue.
    is_behind: bool,
    /// When the next job comes; empty where none waits.
    next: String,
    /// Whether this visitor may try again and drop.
    manages: bool,
    /// What was done just now; empty if nothing was.
    done: String,
    /// The destinations that fail.
    destinations: Vec<DestinationLine>,
    /// What was given up, then what waits.
    lists: [List; 2],
}

/// One list of jobs with its words.
struct List {
    /// The name of its part of the address.
    name: &'static str,
    title: String,
    /// The heading of the moments.
    when: String,
    none: String,
    none_next: String,
    jobs: Vec<Line>,
    pager: Pager,
}

/// One job.
struct Line {
    id: Uuid,
    kind: String,
    /// To whom it goes; empty for the platform's own work.
    to: String,
    light: Light,
    when: String,
    attempts: i64,
    reason: String,
    /// Whether it may be tried again: it was given up, or it waits after an attempt that failed.
    may_hurry: bool,
    is_given_up: bool,
}

/// A destination that does not take what is sent to it.
struct DestinationLine {
    /// The name of its lane.
    lane: String,
    name: String,
    /// Its own page, or nothing.
    href: String,
    failures: i64,
    /// Until when nothing is sent to it; empty where the next one is tried as it comes.
    until: String,
    reason: String,
}

/// What the page reads.
struct Seen {
    lanes: Vec<Destination>,
    /// What departments call the destinations, by their lanes.
    names: BTreeMap<String, String>,
    counts: Counts,
    late: Late,
    next: Option<JobRecord>,
    failed: Vec<JobRecord>,
    waiting: Vec<JobRecord>,
}

/// `GET /jobs`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::JobRead)?;
    let cursor = |name: &str| JobCursor::parse(page.query.get(name));
    let (failed, waiting, now) = (cursor("failed"), cursor("waiting"), page.now);
    let shown = desk.shown.clone();
    let read = desk.hall.store.read(move |tx| {
        let mut seen = Seen {
            lanes: jobs::restless_destinations(tx, DESTINATIONS)?,
            names: BTreeMap::new(),
            counts: jobs::counts(tx, now)?,
            late: jobs::late(tx, now)?,
            next: jobs::waiting_jobs(tx, None, 1)?.into_iter().next(),
            // One more than is shown tells whether the list goes on.
            failed: jobs::given_up_jobs(tx, failed, SHOWN + 1)?,
            waiting: jobs::waiting_jobs(tx, waiting, SHOWN + 1)?,
        };
        for lane in seen.destinations() {
            if let Some(name) = shown.destination(tx, &lane)? {
                seen.names.insert(lane, name);
            }
        }
        Ok::<_, Fault>(seen)
    });
    let seen = read.await?;
    let manages = desk.manages(&page).is_ok();
    render(&drawn(page, seen, manages))
}

/// `POST /jobs/{job}/again`: one that was given up goes back into the queue, one that waits after a failure comes now.
///
/// # Errors
/// Sign-in needed, no permission, 404 where there is nothing to try again, or a failure.
pub async fn again(
    State(desk): State<Arc<Overview>>,
    page: Page,
    InPath(job): InPath<Uuid>,
    _form: PostForm,
) -> Result<Response, WebError> {
    let deed = Deed { kind: "jobs.again", told: "again" };
    let done = desk.do_with(page, job, deed, |tx, job, now| {
        let back = jobs::retry(tx, job, now)?;
        Ok(back || jobs::hurry(tx, job, now)?)
    });
    done.await
}

/// `POST /jobs/{job}/drop`: one that was given up is never tried again.
///
/// # Errors
/// Sign-in needed, no permission, 404 where it was not given up, or a failure.
pub async fn drop(
    State(desk): State<Arc<Overview>>,
    page: Page,
    InPath(job): InPath<Uuid>,
    _form: PostForm,
) -> Result<Response, WebError> {
    let deed = Deed { kind: "jobs.dropped", told: "dropped" };
    desk.do_with(page, job, deed, |tx, job, now| Ok(jobs::drop_job(tx, job, now)?)).await
}

/// `POST /jobs/lanes/now`: a destination to which nothing is sent for a while is tried now.
///
/// # Errors
/// Sign-in needed, no permission, 404 where nothing of it failed, or a failure.
pub async fn try_now(State(desk): State<Arc<Overview>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let lane = form.get("lane").to_owned();
    let stream = Uuid::new_v5(&Uuid::NAMESPACE_URL, lane.as_bytes());
    let deed = Deed { kind: "jobs.lane_tried", told: "now" };
    desk.do_with(page, stream, deed, move |tx, _, now| Ok(jobs::try_destination(tx, &lane, now)?)).await
}

/// What is done with a job.
#[derive(Clone, Copy)]
struct Deed {
    /// As the record of deeds calls it.
    kind: &'static str,
    /// As the page that follows tells it.
    told: &'static str,
}

impl Seen {
    /// The lanes of everything that is shown, each once.
    fn destinations(&self) -> BTreeSet<String> {
        let of_jobs = self.failed.iter().chain(&self.waiting).map(|job| &job.lane);
        self.lanes.iter().map(|lane| &lane.lane).chain(of_jobs).filter(|lane| !lane.is_empty()).cloned().collect()
    }
}

impl Overview {
    /// Lets whoever may look after the background work of the whole city pass: jobs belong to no district.
    fn manages(&self, page: &Page) -> Result<(), WebError> {
        page.require(May::JobManage)?;
        may(&page.visitor.actor, May::JobManage, &Target::at(self.city()?))?;
        Ok(())
    }

    /// Does something with a job and writes down who did it, in one transaction.
    async fn do_with(
        &self,
        page: Page,
        job: Uuid,
        what: Deed,
        deed: impl Fn(&mut dyn Tx, Uuid, Instant) -> Result<bool, Fault> + Send + 'static,
    ) -> Result<Response, WebError> {
        self.manages(&page)?;
        let (district, actor, at) = (self.city()?.id(), page.visitor.actor.clone(), page.now);
        let done = self.hall.store.write(move |tx| {
            if !deed(tx, job, at)? {
                return Err(Fault::NotFound);
            }
            let detail = json!({});
            let (by, by_name) = (actor.account, actor.name.as_str());
            let act = store::log::Act { district, stream: job, kind: what.kind, detail: &detail, by, by_name, at };
            Ok(store::log::note(tx, &act)?)
        });
        done.await?;
        Ok(Redirect::to(&format!("/jobs?done={}", what.told)).into_response())
    }
}

fn drawn(page: Page, seen: Seen, manages: bool) -> JobsPage {
    let Seen { lanes, names, counts, late, next, failed, waiting } = seen;
    let destinations = lanes.into_iter().map(|lane| destination(&page, lane, &names)).collect();
    let next = next.map(|job| page.minute(job.run_at)).unwrap_or_default();
    let failed = List {
        title: page.t("overview-jobs-given-up"),
        when: page.t("overview-jobs-when-failed"),
        none: page.t("overview-jobs-none-failed"),
        none_next: page.t("overview-jobs-none-failed-next"),
        ..listed(&page, "failed", failed, &names, |job| job.failed_at.unwrap_or(job.run_at))
    };
    let waiting = List {
        title: page.t("overview-jobs-waiting"),
        when: page.t("overview-jobs-when"),
        none: page.t("overview-jobs-none-waiting"),
        none_next: page.t("overview-jobs-none-waiting-next"),
        ..listed(&page, "waiting", waiting, &names, |job| job.run_at)
    };
    JobsPage {
        counts,
        late: (page.t1("overview-jobs-late", "minutes", LATE_MINUTES), late_words(&page, late)),
        is_behind: late.needs_attention(page.now),
        next,
        manages,
        done: done(&page),
        destinations,
        lists: [failed, waiting],
        page,
    }
}

/// How much has been due for too long, and since when; empty where nothing is.
fn late_words(page: &Page, late: Late) -> String {
    let Some(since) = late.since else { return String::new() };
    page.t2("overview-jobs-late-since", "jobs", late.jobs, "since", page.minute(since))
}

/// Says what was done just now.
fn done(page: &Page) -> String {
    match page.query.get("done") {
        "again" => page.t("overview-jobs-done-again"),
        "now" => page.t("overview-jobs-done-now"),
        "dropped" => page.t("overview-jobs-done-dropped"),
        _ => String::new(),
    }
}

/// Says in words what a job of that kind does. A kind that nobody does any more has none.
fn kind_words(page: &Page, kind: &str) -> String {
    let key = format!("overview-job-{}", kind.replace(['.', '_'], "-"));
    if page.frame().texts.has(&key) { page.t(&key) } else { kind.to_owned() }
}

/// Says in words why it was not done, where the platform has a short word for it.
fn reason_words(page: &Page, reason: Option<&str>) -> String {
    let key = match reason.unwrap_or_default() {
        "timeout" => "overview-jobs-why-timeout",
        "host" => "overview-jobs-why-host",
        "connection" => "overview-jobs-why-connection",
        "gone" => "overview-jobs-why-gone",
        "address" => "overview-jobs-why-address",
        "request" => "overview-jobs-why-request",
        "silent" => "overview-jobs-why-silent",
        other => return other.chars().take(REASON_CHARACTERS).collect(),
    };
    page.t(key)
}

/// A destination with its name in words.
fn destination(page: &Page, lane: Destination, names: &BTreeMap<String, String>) -> DestinationLine {
    let (kind, which) = lane.lane.split_once(':').unwrap_or((lane.lane.as_str(), ""));
    let (name, href) = match (kind, which) {
        ("notice", "webhook") => (page.t("overview-jobs-to-gateway"), String::new()),
        ("notice", _) => (page.t("overview-jobs-to-mail"), String::new()),
        ("check", host) => (page.t1("overview-jobs-to-check", "host", host), String::new()),
        ("exchange", system) => (page.t("overview-jobs-to-system"), format!("/systems/{system}")),
        _ => (lane.lane.clone(), String::new()),
    };
    let until = lane.paused_until.filter(|until| *until > page.now).map(|until| page.minute(until));
    DestinationLine {
        name: names.get(&lane.lane).cloned().unwrap_or(name),
        href,
        failures: lane.failures,
        until: until.unwrap_or_default(),
        reason: reason_words(page, lane.last_error.as_deref()),
        lane: lane.lane,
    }
}

/// One page of a list, still without its words, with where the next one begins.
fn listed(
    page: &Page,
    name: &'static str,
    mut jobs: Vec<JobRecord>,
    names: &BTreeMap<String, String>,
    at: impl Fn(&JobRecord) -> Instant,
) -> List {
    let pager = pager(name, &mut jobs, at);
    let jobs = jobs.iter().map(|job| line(page, job, names)).collect();
    let none = String::new;
    List { name, title: none(), when: none(), none: none(), none_next: none(), jobs, pager }
}

/// Cuts a list to one page and says where the next one begins.
fn pager(name: &str, jobs: &mut Vec<JobRecord>, at: impl Fn(&JobRecord) -> Instant) -> Pager {
    let most = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let goes_on = jobs.len() > most;
    jobs.truncate(most);
    let last = jobs.last().filter(|_| goes_on);
    let after = last.map(|job| format!("/jobs?{name}={}#{name}", JobCursor { at: at(job), id: job.id }));
    Pager { before: None, after }
}

fn line(page: &Page, job: &JobRecord, names: &BTreeMap<String, String>) -> Line {
    let (class, state, at) = match job.failed_at {
        Some(at) => ("late", "failed", at),
        None if job.lease_until.is_some_and(|until| until > page.now) => ("ok", "running", job.run_at),
        None if job.last_error.is_some() => ("soon", "tried", job.run_at),
        None if job.run_at <= page.now => ("ok", "due", job.run_at),
        None => ("none", "waiting", job.run_at),
    };
    Line {
        id: job.id,
        kind: kind_words(page, &job.kind),
        to: names.get(&job.lane).cloned().unwrap_or_default(),
        light: Light { class, text: page.t(&format!("overview-jobs-{state}")) },
        when: page.minute(at),
        attempts: job.attempts,
        reason: reason_words(page, job.last_error.as_deref()),
        may_hurry: job.failed_at.is_some() || state == "tried",
        is_given_up: job.failed_at.is_some(),
    }
}
