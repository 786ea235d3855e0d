//! The forms by which whoever leads a three-party table enters that it was held, and corrects what was entered: its
//! day, the sides that came, and the minutes. What stood there before stays readable.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Form, InPath, Page, PostForm, WebError};

use super::frame::{done, sender};
use super::tables::{address, way};
use super::typed::{Around, Drawn, Typed, said};
use crate::Companies;
use crate::actions::table::{self as actions, Corrected};
use crate::words::company::LINES_MOST;
use crate::words::corrections::{Correction, TableBefore};
use crate::words::table::{Parties, Party, Stage, Table};

/// What stood in the minutes before a correction, as the page shows it.
pub(super) struct Earlier {
    /// When it was corrected, by whom and why, in one line.
    pub told: String,
    /// The day that stood there.
    pub held_on: String,
    /// The sides that stood there.
    pub attended: String,
    /// The minutes that stood there.
    pub minutes: String,
}

/// `GET /property/tables/{id}/hold`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a table that is not hers, or a failure.
pub async fn hold(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let table = desk.led(&page, id).await?;
    let form = Form::default().with("held_on", table.held_on.to_string());
    hold_form(&page, &table, &form, &[])
}

/// `POST /property/tables/{id}/hold`
///
/// # Errors
/// As [`hold`].
pub async fn enter_held(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let table = desk.led(&page, id).await?;
    let mut typed = Typed::of(&form);
    let Some(held) = read_held(&page, &mut typed, &form, &table).filter(|_| !typed.is_wrong()) else {
        return hold_form(&page, &table, &form, &typed.faults());
    };
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::hold(tx, &held, &by);
    let again = |refusal| async { hold_form(&page, &table, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(id), again).await
}

/// `GET /property/tables/{id}/minutes`
///
/// # Errors
/// As [`hold`], and 404 for a table that was not held yet.
pub async fn minutes(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let table = desk.led(&page, id).await?;
    if table.state != Stage::Held {
        return Err(WebError::NotFound);
    }
    let form = Form::default().with("held_on", table.held_on.to_string()).with("minutes", table.minutes.as_str());
    let came = table.sides();
    let form = came.0.iter().fold(form, |form, party| form.with("attended", party.code()));
    minutes_form(&page, &table, &form, &[])
}

/// `POST /property/tables/{id}/minutes`
///
/// # Errors
/// As [`hold`].
pub async fn correct(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let table = desk.led(&page, id).await?;
    let mut typed = Typed::of(&form);
    let (held, reason) = (read_held(&page, &mut typed, &form, &table), typed.lines("why", LINES_MOST));
    let Some(after) = held.filter(|_| !typed.is_wrong()) else {
        return minutes_form(&page, &table, &form, &typed.faults());
    };
    let (to, by) = (Corrected { id: Uuid::now_v7(), after, reason }, sender(&page, &form, id));
    let act = move |tx: &mut dyn Tx| actions::correct(tx, &to, &by);
    let again = |refusal| async { minutes_form(&page, &table, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(id), again).await
}

/// Sides, in words.
pub(super) fn came(page: &Page, sides: &Parties) -> String {
    let came: Vec<String> = sides.0.iter().map(|party| said(page, "property-party-at-", party.code())).collect();
    came.join(page.lang.pick("、", ", "))
}

/// What stood in the minutes before a correction; none if it was kept in another form.
pub(super) fn earlier(page: &Page, correction: &Correction) -> Option<Earlier> {
    let before: TableBefore = serde_json::from_str(&correction.before).ok()?;
    let at = page.minute(correction.at);
    let told = [("at", at.as_str()), ("name", correction.by_name.as_str()), ("reason", correction.reason.as_str())];
    Some(Earlier {
        told: page.text("property-minutes-corrected", &told),
        held_on: before.held_on.parse::<Date>().map(|day| page.full_date(day)).unwrap_or_default(),
        attended: came(page, &Parties::parse(before.attended.split_whitespace())),
        minutes: before.minutes,
    })
}

/// What a form says of a table that was held.
fn read_held(page: &Page, typed: &mut Typed<'_>, form: &Form, table: &Table) -> Option<Table> {
    let (minutes, held_on) = (typed.lines("minutes", LINES_MOST), typed.past_day("held_on", page.today()));
    let attended = Parties::parse(form.all("attended"));
    if attended.0.is_empty() {
        typed.fault(Refusal::new(Code::FormChoice).field("attended"));
    }
    Some(Table {
        held_on: held_on?,
        state: Stage::Held,
        attended: attended.to_string(),
        minutes,
        changed_name: page.visitor.actor.name.clone(),
        changed_at: page.now,
        ..table.clone()
    })
}

fn hold_form(page: &Page, table: &Table, form: &Form, faults: &[Refusal]) -> Result<Response, WebError> {
    fields(page, form, faults).answer(Around {
        crumbs: way(page, table),
        title: page.t("property-table-hold"),
        lead: page.t("property-table-hold-lead"),
        action: format!("{}/hold", address(table.id)),
    })
}

fn minutes_form(page: &Page, table: &Table, form: &Form, faults: &[Refusal]) -> Result<Response, WebError> {
    fields(page, form, faults).field("why", "area").answer(Around {
        crumbs: way(page, table),
        title: page.t("property-minutes-correct"),
        lead: page.t("property-minutes-lead"),
        action: format!("{}/minutes", address(table.id)),
    })
}

/// The fields of a table that was held.
fn fields<'d>(page: &'d Page, form: &'d Form, faults: &[Refusal]) -> Drawn<'d> {
    let came = form.all("attended");
    let side = |party: Party| Choice {
        chosen: came.contains(&party.code()),
        ..Choice::new(party.code(), said(page, "property-party-at-", party.code()), "")
    };
    Drawn::of(page, form, faults)
        .field("held_on", "date")
        .checks("attended", Party::ALL.iter().copied().map(side).collect())
        .field("minutes", "area")
}
