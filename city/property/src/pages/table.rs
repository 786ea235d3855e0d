//! One three-party table: its agenda with the position of each side, what was promised, what is left from before, and
//! the minutes with what stood there before a correction. It prints. The forms are for those who lead the tables of its
//! community.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::refusal::Refusal;
use kernel::time::show_minute_of_day;
use store::Tx;
use uuid::Uuid;
use web::table::Table as Drawing;
use web::{Crumb, Form, InPath, Page, PostForm, WebError, render};

use super::frame::{done, holds, only_theirs, own_id, sender, way_from};
use super::held::{Earlier, came, earlier};
use super::sides::Sides;
use super::tables::{address, address_of, commitments, crumbs, way};
use super::typed::{Around, Drawn, Typed, said, worded};
use crate::Companies;
use crate::actions::table::{self as actions, Said};
use crate::permissions::May;
use crate::records::corrections;
use crate::records::table as records;
use crate::refusals::Why;
use crate::words::company::{LINE_MOST, LINES_MOST};
use crate::words::corrections::Correction;
use crate::words::table::{Commitment, Issue, Kept, Outcome, Parties, Party, Stage, Table};

/// The most commitments that are left from before.
const LEFT_MOST: i64 = 200;
/// The most earlier versions of the minutes.
const EARLIER_MOST: i64 = 50;

#[derive(Template)]
#[template(path = "property/table.html")]
struct TablePage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    table: Table,
    place: String,
    held_on: String,
    stage: String,
    attended: String,
    sides: Vec<(String, String)>,
    /// The sides that came, each with a line to sign on paper.
    signs: Vec<String>,
    /// The sides that were missing when it was held; empty before that.
    absent: String,
    /// For whoever leads it, the sides of which nobody entered who they are; empty for others.
    unknown: String,
    left: Drawing,
    agenda: Vec<Agenda>,
    leads: bool,
    is_called: bool,
    /// What stood in the minutes before each correction, the latest first.
    earlier: Vec<Earlier>,
}

/// An issue as the page shows it.
struct Agenda {
    id: Uuid,
    title: String,
    positions: Vec<(String, String)>,
    commitments: Drawing,
}

/// What is read of a table.
struct Read {
    table: Table,
    issues: Vec<Issue>,
    promised: Vec<Commitment>,
    left: Vec<Commitment>,
    sides: Sides,
    corrected: Vec<Correction>,
}

/// `GET /property/tables/{id}`
///
/// # Errors
/// 404 if there is no such table, or a failure.
pub async fn get(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let here = desk.clone();
    let read = move |tx: &mut dyn Tx| {
        let table = records::table(tx, id)?.ok_or(Fault::NotFound)?;
        let (issues, promised) = (records::issues(tx, &table)?, records::commitments_of(tx, &table)?);
        let mut left = records::open_commitments(tx, &table.path, LEFT_MOST)?;
        // What another table of the compound left unfinished is on the agenda of this one without anybody's doing.
        left.retain(|one| one.compound == table.compound && one.table_id != id && one.promised_on <= table.held_on);
        let sides = here.sides(tx, &table)?;
        let corrected = corrections::of_subject(tx, table.district, table.id, EARLIER_MOST)?;
        Ok::<_, Fault>(Read { table, issues, promised, left, sides, corrected })
    };
    let read = desk.hall.store.read(read).await?;
    render(&desk.table_page(page, read))
}

/// `GET /property/tables/{id}/issue`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a table that is not hers, or a failure.
pub async fn issue(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let table = desk.led(&page, id).await?;
    issue_form(&page, &table, None, &Form::default(), &[])
}

/// `POST /property/tables/{id}/issue`
///
/// # Errors
/// As [`issue`].
pub async fn add_issue(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let table = desk.led(&page, id).await?;
    let own = own_id(&page, &form);
    desk.take_issue(page, table, None, own, form).await
}

/// `GET /property/issues/{id}/edit`
///
/// # Errors
/// As [`issue`].
pub async fn edit_issue(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let (issue, table) = desk.led_issue(&page, id).await?;
    let fields = [
        ("issue", issue.title.clone()),
        ("committee", issue.committee.clone()),
        ("owners", issue.owners.clone()),
        ("company", issue.company.clone()),
        ("street", issue.street.clone()),
    ];
    let form = fields.into_iter().fold(Form::default(), |form, (name, value)| form.with(name, value));
    issue_form(&page, &table, Some(id), &form, &[])
}

/// `POST /property/issues/{id}/edit`
///
/// # Errors
/// As [`issue`].
pub async fn change_issue(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (issue, table) = desk.led_issue(&page, id).await?;
    desk.take_issue(page, table, Some(issue), id, form).await
}

/// `GET /property/issues/{id}/commitment`
///
/// # Errors
/// As [`issue`].
pub async fn commitment(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let (issue, table) = desk.led_issue(&page, id).await?;
    commitment_form(&page, &issue, &table, &Form::default(), &[])
}

/// `POST /property/issues/{id}/commitment`
///
/// # Errors
/// As [`issue`].
pub async fn promise(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (issue, table) = desk.led_issue(&page, id).await?;
    let mut typed = Typed::of(&form);
    let (text, due_on) = (typed.lines("commitment", LINES_MOST), typed.day("due_on"));
    if due_on.is_some_and(|due_on| due_on < table.held_on) {
        typed.fault(Refusal::new(Why::PropertyDays).field("due_on"));
    }
    let side = typed.one_of("side", Party::parse);
    let (Some(side), Some(due_on), false) = (side, due_on, typed.is_wrong()) else {
        return commitment_form(&page, &issue, &table, &form, &typed.faults());
    };
    let promised = Commitment {
        district: table.district,
        id: own_id(&page, &form),
        table_id: table.id,
        issue_id: issue.id,
        path: table.path.clone(),
        compound: table.compound.clone(),
        company_id: None,
        side,
        text,
        promised_on: table.held_on,
        due_on,
        state: Kept::Open,
        reason: String::new(),
        times_put_off: 0,
        settled_on: None,
    };
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::promise(tx, &promised, &by);
    let again = |refusal| async { commitment_form(&page, &issue, &table, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(table.id), again).await
}

/// `GET /property/commitments/{id}/settle`
///
/// # Errors
/// As [`issue`].
pub async fn settle(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let commitment = desk.led_commitment(&page, id).await?;
    settle_form(&page, &commitment, &Form::default(), &[])
}

/// `POST /property/commitments/{id}/settle`
///
/// # Errors
/// As [`issue`].
pub async fn enter_outcome(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let commitment = desk.led_commitment(&page, id).await?;
    let mut typed = Typed::of(&form);
    let (reason, until) = (typed.lines_if_any("why", LINES_MOST), typed.day_if_any("until"));
    let outcome = typed.one_of("outcome", Outcome::parse);
    let Some(outcome) = outcome.filter(|_| !typed.is_wrong()) else {
        return settle_form(&page, &commitment, &form, &typed.faults());
    };
    let said = Said { outcome, reason, until, today: page.today() };
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::settle(tx, id, &said, &by);
    let again = |refusal| async { settle_form(&page, &commitment, &form, &[refusal]) };
    done(&desk.hall, act, |()| address_of(commitment.path.id()), again).await
}

fn issue_form(
    page: &Page,
    table: &Table,
    issue: Option<Uuid>,
    form: &Form,
    faults: &[Refusal],
) -> Result<Response, WebError> {
    let drawn = Drawn::of(page, form, faults)
        .field("issue", "line")
        .optional("committee", "area")
        .optional("owners", "area")
        .optional("company", "area")
        .optional("street", "area");
    let action = match issue {
        Some(id) => format!("/property/issues/{id}/edit"),
        None => format!("/property/tables/{}/issue", table.id),
    };
    let (title, lead) = (page.t("property-issue-form"), page.t("property-issue-lead"));
    drawn.answer(Around { crumbs: way(page, table), title, lead, action })
}

fn commitment_form(
    page: &Page,
    issue: &Issue,
    table: &Table,
    form: &Form,
    faults: &[Refusal],
) -> Result<Response, WebError> {
    let sides = worded(page, "property-party-at-", Party::ALL.iter().copied().map(Party::code), form.get("side"));
    let drawn = Drawn::of(page, form, faults).choice("side", sides).field("commitment", "area").field("due_on", "date");
    drawn.answer(Around {
        crumbs: way(page, table),
        title: page.t("property-commitment-new"),
        lead: issue.title.clone(),
        action: format!("/property/issues/{}/commitment", issue.id),
    })
}

fn settle_form(page: &Page, commitment: &Commitment, form: &Form, faults: &[Refusal]) -> Result<Response, WebError> {
    let codes = Outcome::ALL.iter().copied().map(Outcome::code);
    let drawn = Drawn::of(page, form, faults)
        .choice("outcome", worded(page, "property-outcome-", codes, form.get("outcome")))
        .optional("why", "area")
        .optional("until", "date");
    let side = said(page, "property-party-at-", commitment.side.code());
    drawn.answer(Around {
        crumbs: crumbs(page),
        title: page.t("property-commitment-settle"),
        lead: format!("{side} · {} · {}", commitment.text, page.full_date(commitment.due_on)),
        action: format!("/property/commitments/{}/settle", commitment.id),
    })
}

impl Companies {
    fn table_page(&self, page: Page, read: Read) -> TablePage {
        let Read { table, issues, promised, left, sides, corrected } = read;
        let leads = holds(&page, May::PropertyTable, &table.path);
        let agenda = issues.into_iter().map(|issue| agenda(&page, issue, &promised, leads)).collect();
        TablePage {
            crumbs: way_of(self, &page, &table),
            title: page.t1("property-table-title", "compound", &table.compound),
            place: self.hall.places.tree().chain(&table.path, page.lang),
            held_on: when(&page, &table),
            absent: if table.state == Stage::Held { came(&page, &missing(&table.sides())) } else { String::new() },
            unknown: if leads { came(&page, &missing(&sides.known())) } else { String::new() },
            stage: said(&page, "property-stage-", table.state.code()),
            attended: came(&page, &table.sides()),
            sides: sides.lines(&page),
            signs: table.sides().0.iter().map(|party| said(&page, "property-party-at-", party.code())).collect(),
            left: commitments(&page, page.t("property-commitments-left"), &left, leads),
            agenda,
            leads,
            is_called: table.state == Stage::Called,
            earlier: corrected.iter().filter_map(|one| earlier(&page, one)).collect(),
            table,
            page,
        }
    }

    /// The table of an identity, for whoever leads those of its community.
    pub(super) async fn led(&self, page: &Page, id: Uuid) -> Result<Table, WebError> {
        page.require(May::PropertyTable)?;
        let found = self.hall.store.read(move |tx| records::table(tx, id)).await?.ok_or(WebError::NotFound)?;
        only_theirs(page, May::PropertyTable, &found.path)?;
        Ok(found)
    }

    /// An issue with its table, for whoever leads those of its community.
    async fn led_issue(&self, page: &Page, id: Uuid) -> Result<(Issue, Table), WebError> {
        page.require(May::PropertyTable)?;
        let issue = self.hall.store.read(move |tx| records::issue(tx, id)).await?.ok_or(WebError::NotFound)?;
        let table = self.led(page, issue.table_id).await?;
        Ok((issue, table))
    }

    /// A commitment, for whoever leads the tables of its community.
    async fn led_commitment(&self, page: &Page, id: Uuid) -> Result<Commitment, WebError> {
        page.require(May::PropertyTable)?;
        let found = self.hall.store.read(move |tx| records::commitment(tx, id)).await?.ok_or(WebError::NotFound)?;
        only_theirs(page, May::PropertyTable, &found.path)?;
        Ok(found)
    }

    /// Takes what a form says of an issue; `before` is none for a new one.
    async fn take_issue(
        &self,
        page: Page,
        table: Table,
        before: Option<Issue>,
        id: Uuid,
        form: PostForm,
    ) -> Result<Response, WebError> {
        let edited = before.as_ref().map(|issue| issue.id);
        let mut typed = Typed::of(&form);
        let mut says = |name| typed.lines_if_any(name, LINES_MOST);
        let (committee, owners, company, street) = (says("committee"), says("owners"), says("company"), says("street"));
        let title = typed.line("issue", LINE_MOST);
        if typed.is_wrong() {
            return issue_form(&page, &table, edited, &form, &typed.faults());
        }
        let entered_at = before.map_or(page.now, |issue| issue.entered_at);
        let (district, table_id) = (table.district, table.id);
        let issue = Issue { district, id, table_id, title, committee, owners, company, street, entered_at };
        let by = sender(&page, &form, id);
        let act = move |tx: &mut dyn Tx| actions::enter_issue(tx, &issue, &by);
        let again = |refusal| async { issue_form(&page, &table, edited, &form, &[refusal]) };
        done(&self.hall, act, |()| address(table_id), again).await
    }
}

/// The day of a table, and the hour where it is known.
fn when(page: &Page, table: &Table) -> String {
    let day = page.full_date(table.held_on);
    let minute = table.begins_at.and_then(|minute| u32::try_from(minute).ok());
    minute.map_or_else(|| day.clone(), |minute| format!("{day} {}", show_minute_of_day(minute)))
}

/// Those of the three sides that are not among some.
fn missing(there: &Parties) -> Parties {
    let three = [Party::Committee, Party::Owners, Party::Company];
    Parties::parse(three.into_iter().filter(|party| !there.0.contains(party)).map(Party::code))
}

/// The way to the tables of a community.
fn way_of(desk: &Companies, page: &Page, table: &Table) -> Vec<Crumb> {
    let mut way = way_from(desk, page, crumbs(page), &table.path);
    way.push(Crumb { text: page.t("property-tables-here"), href: address_of(table.path.id()) });
    way
}

/// An issue as the page shows it.
fn agenda(page: &Page, issue: Issue, promised: &[Commitment], leads: bool) -> Agenda {
    let own: Vec<Commitment> = promised.iter().filter(|one| one.issue_id == issue.id).cloned().collect();
    let position = |party: Party, text: String| (said(page, "property-party-at-", party.code()), text);
    Agenda {
        id: issue.id,
        commitments: commitments(page, issue.title.clone(), &own, leads),
        title: issue.title,
        positions: vec![
            position(Party::Committee, issue.committee),
            position(Party::Owners, issue.owners),
            position(Party::Company, issue.company),
            position(Party::Street, issue.street),
        ],
    }
}
