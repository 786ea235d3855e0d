//! The audit (审计): the signed heads of the days, and whether every event is as it was written.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::REFRESH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use hall::Fault;
use jobs::{NewWork, Work};
use kernel::permission::Permission;
use kernel::place::PlacePath;
use store::audit::Head;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Light, Page, PostForm, WebError, Working, render_status};

use crate::Overview;
use crate::chores::{Finding, VERIFY, Verified};

/// Days and verifications that are shown.
const SHOWN: i64 = 31;

#[derive(Template)]
#[template(path = "overview/audit.html")]
struct AuditPage {
    page: Page,
    working: Option<Working>,
    newest: Option<Outcome>,
    heads: Table,
    /// The signature of the newest head in full, to be noted elsewhere; empty before the first night.
    signature: String,
    earlier: Vec<Earlier>,
}

/// What the newest verification found.
struct Outcome {
    light: Light,
    text: String,
    faults: Vec<String>,
}

/// A verification that was asked for.
struct Earlier {
    when: String,
    by: String,
    light: Light,
}

/// What the page reads.
struct Seen {
    heads: Vec<Head>,
    works: Vec<Work>,
    newest: Option<Work>,
}

/// `GET /audit`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::AuditRead)?;
    let city = desk.city()?;
    let read = desk.hall.store.read(move |tx| {
        let (heads, works) = (store::audit::heads(tx, SHOWN)?, jobs::works(tx, VERIFY, &city, SHOWN)?);
        let done = works.iter().find(|work| !work.state.open()).map(|work| work.id);
        let newest = match done {
            Some(id) => jobs::work(tx, id)?,
            None => None,
        };
        Ok::<_, Fault>(Seen { heads, works, newest })
    });
    drawn(page, &read.await?)
}

/// `POST /audit`: asks for a verification, unless one goes on.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn ask(State(desk): State<Arc<Overview>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::AuditRead)?;
    let (actor, now, place) = (page.visitor.actor.clone(), page.now, desk.city()?);
    // The form's own key is the work's identity: sent twice it is one verification.
    let id = form.key().parse::<Uuid>().unwrap_or_else(|_| Uuid::now_v7());
    let asked = desk.hall.store.write(move |tx| {
        if jobs::works(tx, VERIFY, &place, SHOWN)?.iter().any(|work| work.state.open()) {
            return Ok(());
        }
        let new = NewWork {
            id,
            kind: VERIFY.to_owned(),
            place: place.clone(),
            asked: serde_json::json!({}),
            by: actor.account,
            by_name: actor.name.clone(),
        };
        jobs::ask(tx, &new, now)?;
        Ok::<_, Fault>(())
    });
    asked.await?;
    Ok(Redirect::to("/audit").into_response())
}

impl Overview {
    /// The whole city: a chain of events is verified for all districts at once.
    pub(super) fn city(&self) -> Result<PlacePath, WebError> {
        self.hall.places.tree().root().map(|place| place.path.clone()).ok_or(WebError::NotFound)
    }
}

fn drawn(page: Page, seen: &Seen) -> Result<Response, WebError> {
    let running = seen.works.iter().find(|work| work.state.open());
    let still = page.query.get("still") == "1";
    let working = running.map(|work| Working {
        share: work.share,
        text: page.t("overview-audit-working"),
        stop: None,
        still: if still { String::new() } else { "/audit?still=1".to_owned() },
    });
    let (again, newest) = (working.is_some() && !still, seen.newest.as_ref().map(|work| found(&page, work)));
    let earlier = seen.works.iter().map(|work| Earlier {
        when: page.minute(work.asked_at),
        by: work.asked_name.clone(),
        light: light(&page, work),
    });
    let shown = AuditPage {
        working,
        newest,
        heads: table(&page, &seen.heads),
        signature: seen.heads.first().map(|head| data_encoding::HEXLOWER.encode(&head.signature)).unwrap_or_default(),
        earlier: earlier.collect(),
        page,
    };
    let mut response = render_status(StatusCode::OK, &shown)?;
    if again {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// How a verification stands.
fn light(page: &Page, work: &Work) -> Light {
    let class = match work.state.code() {
        "done" => "ok",
        "failed" => "late",
        "stopped" => "none",
        _ => "soon",
    };
    Light { class, text: page.t(&format!("overview-audit-{}", work.state.code())) }
}

/// The answer in words; one that failed or was called off says so alone.
fn found(page: &Page, work: &Work) -> Outcome {
    let Some(verified) = Verified::read(work) else {
        return Outcome { light: light(page, work), text: work.said.clone(), faults: Vec::new() };
    };
    let (streams, events, days) =
        (verified.streams.to_string(), verified.events.to_string(), verified.days.to_string());
    let well = verified.fault_count == 0;
    let text = page.text(
        "overview-audit-read",
        &[("when", &page.minute(work.changed_at)), ("streams", &streams), ("events", &events), ("days", &days)],
    );
    let light = if well {
        Light { class: "ok", text: page.t("overview-audit-well") }
    } else {
        Light { class: "late", text: page.t1("overview-audit-faults", "count", verified.fault_count) }
    };
    Outcome { light, text, faults: verified.faults.iter().map(|fault| sentence(page, fault)).collect() }
}

fn sentence(page: &Page, fault: &Finding) -> String {
    let (district, sequence) = (fault.district.to_string(), fault.sequence.to_string());
    page.text(
        &format!("overview-fault-{}", fault.code),
        &[("district", &district), ("stream", &fault.stream), ("sequence", &sequence), ("day", &fault.day)],
    )
}

/// The heads of the days, the newest first.
fn table(page: &Page, heads: &[Head]) -> Table {
    let column = |kind, key: &str| Column::new(kind, page.t(&format!("overview-audit-{key}")));
    let columns = vec![
        column(ColumnKind::Date, "day"),
        column(ColumnKind::Number, "number"),
        column(ColumnKind::Number, "streams"),
        column(ColumnKind::Moment, "sealed"),
        column(ColumnKind::Text, "signature"),
    ];
    let row = |head: &Head| -> Vec<Cell> {
        let signature: String = data_encoding::HEXLOWER.encode(&head.signature).chars().take(16).collect();
        vec![head.day.into(), head.number.into(), head.streams.into(), head.sealed_at.into(), signature.into()]
    };
    Table::new(page.t("overview-audit-heads"), columns).with(heads.iter().map(row))
}
