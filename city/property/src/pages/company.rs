//! The page of a company, for everybody: what it is, where it serves and until when, who is on duty, and the sum of
//! what is on record of it with each record, also what an appeal took out.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::place::PlacePath;
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Crumb, InPath, Light, Page, WebError, render};

use super::companies::{MOST, crumbs, scaled};
use super::frame::{heads, holds, staff_note, way_from};
use super::tables::commitments;
use super::typed::said;
use crate::Companies;
use crate::actions::by::places_of;
use crate::actions::company::keeps;
use crate::permissions::May;
use crate::records::{company as records, grade as grades, table as tables};
use crate::rules::company::{NoticeDays, came_late, renewal_last_day};
use crate::rules::grade::{self, points};
use crate::words::company::{Company, Contract, OnDuty, Party};
use crate::words::grade::{Appeal, Noted, Sort};
use crate::words::table::{Commitment, Tally};

#[derive(Template)]
#[template(path = "property/company.html")]
struct CompanyPage {
    page: Page,
    crumbs: Vec<Crumb>,
    company: Company,
    place: String,
    party: String,
    /// By which scale it is graded.
    scale: String,
    /// What the city's staff should know of the scale; empty for everybody else.
    note: String,
    sum: Vec<(String, String)>,
    total: String,
    grade: String,
    records: Vec<RecordLine>,
    contracts: Table,
    notices: Vec<(String, String)>,
    staff: Table,
    removals: Vec<(String, String)>,
    /// What it promised at three-party tables: how much stands how, and each of them.
    promised: Vec<(String, String)>,
    commitments: Table,
    may_edit: bool,
    may_enter: bool,
}

/// A record as the page shows it.
struct RecordLine {
    day: String,
    valid_to: String,
    kind: String,
    points: String,
    reason: String,
    source: String,
    counts: bool,
    is_out: bool,
    light: Light,
    /// What the company says and what was answered; empty without an appeal.
    says: String,
    answer: String,
    /// Where and until when the company appeals; empty once it did or the record no longer counts.
    how: String,
    /// Where the appeal is entered, or where somebody answers; empty for whoever may not.
    next: String,
    next_text: String,
}

/// What is read of a company.
struct Read {
    company: Company,
    contracts: Vec<Contract>,
    staff: Vec<OnDuty>,
    records: Vec<Noted>,
    promised: Vec<Tally>,
    commitments: Vec<Commitment>,
}

/// `GET /property/companies/{id}`
///
/// # Errors
/// 404 if there is no such company, or a failure.
pub async fn get(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let read = move |tx: &mut dyn Tx| {
        let company = records::company(tx, id)?.ok_or(Fault::NotFound)?;
        let (contracts, staff) = (records::contracts_of(tx, id, MOST)?, records::staff_of(tx, id, MOST)?);
        let (records, promised) = (grades::of_company(tx, id, MOST)?, tables::tallies(tx, id)?);
        let commitments = tables::of_company(tx, id, MOST)?;
        Ok::<_, Fault>(Read { company, contracts, staff, records, promised, commitments })
    };
    let read = desk.hall.store.read(read).await?;
    render(&desk.company_page(page, read)?)
}

impl Companies {
    fn company_page(&self, page: Page, read: Read) -> Result<CompanyPage, WebError> {
        let (today, company) = (page.today(), read.company);
        let scale = self.scales.used().ok_or_else(|| WebError::Failed("property/scales.toml: used".to_owned()))?;
        let sum = grade::sum(scale, &read.records, today);
        let part = |key: &str, tenths: i64| (page.t(key), points(tenths));
        let parts = [
            part("property-sum-base", sum.base),
            part("property-sum-basis", sum.basis),
            part("property-sum-good", sum.good),
            part("property-sum-bad", sum.bad.saturating_neg()),
        ];
        let days = self.notice_days(&company.path, today)?;
        let own = places_of(&page.visitor.actor, May::PropertyCompany);
        let is_own = |path: &PlacePath| own.iter().any(|place| place.contains(path));
        let notices = read.contracts.iter().filter(|contract| is_own(&contract.path) && contract.noticed_by.is_none());
        let notice = |one: &Contract| (one.compound.clone(), format!("/property/contracts/{}/notice", one.id));
        let removals = read.staff.iter().filter(|staff| is_own(&staff.path));
        let removal = |one: &OnDuty| {
            let text = format!("{} · {}", one.compound, said(&page, "property-post-", one.work.code()));
            (text, format!("/property/staff/{}/out", one.id))
        };
        let kept = |one: &Tally| (said(&page, "property-kept-", one.state.code()), one.commitments.to_string());
        let promised = read.promised.iter().map(kept).collect();
        let since = company.party_since.map(|day| page.t1("property-party-since", "date", page.full_date(day)));
        let organised = said(&page, "property-party-", company.party.code());
        let mut served = read.contracts.iter().filter(|one| one.is_in_force(today)).map(|one| &one.path);
        let home = served.next().filter(|home| served.all(|path| path == *home)).unwrap_or(&company.path);
        Ok(CompanyPage {
            crumbs: way_from(self, &page, crumbs(&page), home),
            place: self.hall.places.tree().chain(&company.path, page.lang),
            party: if company.party == Party::None { organised } else { organised + &since.unwrap_or_default() },
            scale: scaled(&page, scale),
            note: staff_note(&page, scale.note.as_ref()),
            sum: parts.into(),
            total: points(sum.total),
            grade: sum.grade.clone().unwrap_or_else(|| page.t("property-grade-none")),
            records: read.records.iter().map(|record| self.record_line(&page, record, today)).collect(),
            contracts: self.contract_table(&page, &read.contracts, days),
            notices: notices.map(notice).collect(),
            staff: Self::staff_table(&page, &read.staff),
            removals: removals.map(removal).collect(),
            promised,
            commitments: commitments(&page, page.t("property-promised"), &read.commitments, false),
            may_edit: keeps(&page.visitor.actor, &company),
            may_enter: !own.is_empty(),
            company,
            page,
        })
    }

    fn record_line(&self, page: &Page, record: &Noted, today: Date) -> RecordLine {
        let counts = grade::counts(record, today);
        let sign = if record.kind == Sort::Bad { record.tenths.saturating_neg() } else { record.tenths };
        let appealed = record.appealed_on.map(|day| page.full_date(day)).unwrap_or_default();
        let answered = record.answered_on.map(|day| page.full_date(day)).unwrap_or_default();
        let (next, key) = match record.appeal {
            Appeal::None if holds(page, May::PropertyCompany, &record.path) => ("appeal", "property-record-appeal"),
            Appeal::Open if holds(page, May::PropertyAppeal, &record.path) => ("answer", "property-record-answer"),
            _ => ("", ""),
        };
        let says =
            page.text("property-record-says", &[("date", appealed.as_str()), ("text", record.appeal_says.as_str())]);
        let answer =
            page.text("property-record-answered", &[("date", answered.as_str()), ("text", record.answer.as_str())]);
        RecordLine {
            day: page.full_date(record.given_on),
            valid_to: page.full_date(record.valid_to),
            kind: said(page, "property-sort-", record.kind.code()),
            points: if record.kind == Sort::Veto { String::new() } else { points(sign) },
            reason: record.reason.clone(),
            source: record.source.clone(),
            counts,
            is_out: record.appeal == Appeal::Upheld,
            light: light(page, record, counts),
            says: if record.appeal == Appeal::None { String::new() } else { says },
            answer: if record.answered_on.is_none() { String::new() } else { answer },
            how: self.how(page, record, today),
            next: if next.is_empty() { String::new() } else { format!("/property/records/{}/{next}", record.id) },
            next_text: if key.is_empty() { String::new() } else { page.t(key) },
        }
    }

    /// Where and until when a company appeals against a record that still counts.
    fn how(&self, page: &Page, record: &Noted, today: Date) -> String {
        if record.appeal != Appeal::None || record.valid_to < today {
            return String::new();
        }
        let place = self.hall.places.tree().at(&record.path).map(|place| place.named(page.lang).to_owned());
        let (date, place) = (page.full_date(record.valid_to), place.unwrap_or_default());
        page.t2("property-record-how", "date", date, "place", place)
    }

    fn contract_table(&self, page: &Page, contracts: &[Contract], days: NoticeDays) -> Table {
        let (tree, today) = (self.hall.places.tree(), page.today());
        let named = [
            (ColumnKind::Text, "compound"),
            (ColumnKind::Text, "where"),
            (ColumnKind::Text, "kind"),
            (ColumnKind::Date, "starts-on"),
            (ColumnKind::Date, "ends-on"),
            (ColumnKind::Text, "paper"),
            (ColumnKind::Text, "state"),
        ];
        let row = |one: &Contract| -> Vec<Cell> {
            vec![
                one.compound.clone().into(),
                tree.at(&one.path).map(|place| place.named(page.lang).to_owned()).unwrap_or_default().into(),
                said(page, "property-bond-", one.kind.code()).into(),
                one.starts_on.into(),
                one.last_day().into(),
                one.paper.clone().into(),
                contract_light(page, one, today, days).into(),
            ]
        };
        Table::new(page.t("property-contracts"), heads(page, named)).with(contracts.iter().map(row))
    }

    fn staff_table(page: &Page, staff: &[OnDuty]) -> Table {
        let named = [
            (ColumnKind::Text, "compound"),
            (ColumnKind::Text, "work"),
            (ColumnKind::Number, "number"),
            (ColumnKind::Text, "hours"),
            (ColumnKind::Text, "telephone"),
        ];
        let row = |one: &OnDuty| -> Vec<Cell> {
            vec![
                one.compound.clone().into(),
                said(page, "property-post-", one.work.code()).into(),
                one.number.into(),
                one.hours.clone().into(),
                one.telephone.clone().into(),
            ]
        };
        Table::new(page.t("property-staff"), heads(page, named)).with(staff.iter().map(row))
    }
}

/// How a record stands, in words.
fn light(page: &Page, record: &Noted, counts: bool) -> Light {
    let (class, key) = match record.appeal {
        Appeal::Open => ("soon", "property-record-under-appeal"),
        Appeal::Upheld => ("none", "property-record-out"),
        _ if counts => ("ok", "property-record-counts"),
        _ => ("none", "property-record-over"),
    };
    Light { class, text: page.t(key) }
}

/// How a contract stands, in words, with the last day for whoever does not renew it.
fn contract_light(page: &Page, contract: &Contract, today: Date, days: NoticeDays) -> Light {
    let last = renewal_last_day(contract.ends_on, days.of(contract.own_days));
    let (class, text) = if today < contract.starts_on {
        ("none", page.t("property-contract-coming"))
    } else if today > contract.last_day() {
        ("late", page.t("property-contract-over"))
    } else if let Some(side) = contract.noticed_by {
        let told = said(page, "property-contract-noticed-", side.code());
        ("soon", if came_late(contract, days) { page.t1("property-contract-late", "told", told) } else { told })
    } else if let Some(last) = last.filter(|last| today <= *last) {
        ("ok", page.t1("property-contract-until", "date", page.full_date(last)))
    } else {
        ("soon", page.t("property-contract-ends"))
    };
    Light { class, text }
}
