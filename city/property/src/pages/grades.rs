//! Forms about what is on record of a company: a record, the company's appeal and the answer to it; and the list of
//! appeals that wait.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Choice, Form, InPath, Page, Pager, PostForm, WebError, render};

use super::choices::with_none;
use super::companies::{MOST, address};
use super::contracts::way;
use super::frame::{Part, done, heads, only_theirs, own_id, sender};
use super::typed::{Around, Drawn, Typed, said, worded};
use crate::Companies;
use crate::actions::by::places_of;
use crate::actions::grade as actions;
use crate::permissions::May;
use crate::records::company as companies;
use crate::records::grade::{self as records, Answer};
use crate::refusals::Why;
use crate::rules::grade::{most_tenths, points, tenths, valid_to};
use crate::words::company::{Company, LINE_MOST, LINES_MOST};
use crate::words::grade::{Appeal, Noted, Sort};

/// The answers to an appeal.
const ANSWERS: [Appeal; 2] = [Appeal::Upheld, Appeal::Rejected];

#[derive(Template)]
#[template(path = "property/appeals.html")]
struct AppealsPage {
    page: Page,
    list: Table,
    pager: Pager,
}

/// `GET /property/companies/{id}/record`
///
/// # Errors
/// Sign-in needed, no permission, 404 if there is no such company, or a failure.
pub async fn new(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let company = desk.known(id).await?;
    desk.record_form(page, company, Form::default(), Vec::new()).await
}

/// `POST /property/companies/{id}/record`
///
/// # Errors
/// As [`new`].
pub async fn enter(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let company = desk.known(id).await?;
    let record = match desk.read_record(&page, &form, own_id(&page, &form), id) {
        Ok(record) => record,
        Err(faults) => return desk.record_form(page, company, form.into_form(), faults).await,
    };
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::enter(tx, &record, &by);
    let again = |refusal| async { desk.record_form(page, company, form.into_form(), vec![refusal]).await };
    done(&desk.hall, act, |()| address(id), again).await
}

/// `GET /property/records/{id}/appeal`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a record that is not of her places, or a failure.
pub async fn appeal(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let (record, company) = desk.own_record(&page, id, May::PropertyCompany).await?;
    appeal_form(&page, &record, &company, &Form::default(), &[])
}

/// `POST /property/records/{id}/appeal`
///
/// # Errors
/// As [`appeal`].
pub async fn enter_appeal(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let (record, company) = desk.own_record(&page, id, May::PropertyCompany).await?;
    let mut typed = Typed::of(&form);
    let (says, on) = (typed.lines("appeal_says", LINES_MOST), typed.past_day("appealed_on", page.today()));
    let Some(on) = on.filter(|_| !typed.is_wrong()) else {
        return appeal_form(&page, &record, &company, &form, &typed.faults());
    };
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::appeal(tx, id, &says, on, &by);
    let again = |refusal| async { appeal_form(&page, &record, &company, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(company.id), again).await
}

/// `GET /property/records/{id}/answer`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a record that is not of her places, or a failure.
pub async fn answer(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyAppeal)?;
    let (record, company) = desk.own_record(&page, id, May::PropertyAppeal).await?;
    answer_form(&page, &record, &company, &Form::default(), &[])
}

/// `POST /property/records/{id}/answer`
///
/// # Errors
/// As [`answer`].
pub async fn enter_answer(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyAppeal)?;
    let (record, company) = desk.own_record(&page, id, May::PropertyAppeal).await?;
    let mut typed = Typed::of(&form);
    let says = typed.lines("answer", LINES_MOST);
    let appeal = typed.one_of("appeal", |code| Appeal::parse(code).filter(|appeal| ANSWERS.contains(appeal)));
    let Some(appeal) = appeal.filter(|_| !typed.is_wrong()) else {
        return answer_form(&page, &record, &company, &form, &typed.faults());
    };
    let (today, by_name) = (page.today(), page.visitor.actor.name.clone());
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| {
        actions::answer(tx, id, &Answer { appeal, says: &says, on: today, by_name: &by_name }, &by)
    };
    let again = |refusal| async { answer_form(&page, &record, &company, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(company.id), again).await
}

/// `GET /property/appeals`: the appeals that wait for an answer.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn list(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyAppeal)?;
    let (places, part) = (places_of(&page.visitor.actor, May::PropertyAppeal), Part::asked(&page));
    let read = move |tx: &mut dyn Tx| {
        let mut found: Vec<(Noted, String)> = Vec::new();
        for place in &places {
            for record in records::open_appeals(tx, place, part.most())? {
                let name = companies::company(tx, record.company_id)?.map(|company| company.name);
                found.push((record, name.unwrap_or_default()));
            }
        }
        Ok::<_, Fault>(found)
    };
    let mut found = desk.hall.store.read(read).await?;
    let pager = part.cut(&page, &mut found);
    let named = [
        (ColumnKind::Link, "company-name"),
        (ColumnKind::Text, "reason"),
        (ColumnKind::Text, "points"),
        (ColumnKind::Date, "appealed-on"),
    ];
    let row = |one: &(Noted, String)| -> Vec<Cell> {
        let (record, name) = one;
        vec![
            Cell::link(name.as_str(), format!("/property/records/{}/answer", record.id)),
            record.reason.clone().into(),
            points(record.tenths).into(),
            record.appealed_on.into(),
        ]
    };
    let list = Table::new(page.t("property-appeals"), heads(&page, named)).with(found.iter().map(row));
    render(&AppealsPage { page, list, pager })
}

fn appeal_form(
    page: &Page,
    record: &Noted,
    company: &Company,
    form: &Form,
    faults: &[Refusal],
) -> Result<Response, WebError> {
    let drawn = Drawn::of(page, form, faults).field("appealed_on", "date").field("appeal_says", "area");
    drawn.answer(Around {
        crumbs: way(page, company),
        title: page.t("property-record-appeal"),
        lead: told(page, record),
        action: format!("/property/records/{}/appeal", record.id),
    })
}

fn answer_form(
    page: &Page,
    record: &Noted,
    company: &Company,
    form: &Form,
    faults: &[Refusal],
) -> Result<Response, WebError> {
    let answers = worded(page, "property-appeal-", ANSWERS.into_iter().map(Appeal::code), form.get("appeal"));
    let drawn = Drawn::of(page, form, faults).choice("appeal", answers).field("answer", "area");
    let lead = [told(page, record), record.appeal_says.clone()].join(" · ");
    drawn.answer(Around {
        crumbs: way(page, company),
        title: page.t("property-record-answer"),
        lead,
        action: format!("/property/records/{}/answer", record.id),
    })
}

/// A record in one line.
fn told(page: &Page, record: &Noted) -> String {
    let sort = said(page, "property-sort-", record.kind.code());
    format!("{} · {sort} {} · {}", page.full_date(record.given_on), points(record.tenths), record.reason)
}

impl Companies {
    /// A record and its company, for whoever holds a permission where it was given.
    async fn own_record(&self, page: &Page, id: Uuid, permission: Permission) -> Result<(Noted, Company), WebError> {
        let read = move |tx: &mut dyn Tx| {
            let record = records::find(tx, id)?.ok_or(Fault::NotFound)?;
            let company = companies::company(tx, record.company_id)?.ok_or(Fault::NotFound)?;
            Ok::<_, Fault>((record, company))
        };
        let (record, company) = self.hall.store.read(read).await?;
        only_theirs(page, permission, &record.path)?;
        Ok((record, company))
    }

    async fn record_form(
        &self,
        page: Page,
        company: Company,
        form: Form,
        faults: Vec<Refusal>,
    ) -> Result<Response, WebError> {
        let id = company.id;
        let contracts = self.hall.store.read(move |tx| companies::contracts_of(tx, id, MOST)).await?;
        let served = contracts.into_iter().map(|contract| contract.path);
        let places = self.record_places(&page, served.chain([company.path.clone()]), form.get("where"));
        let sorts = worded(&page, "property-sort-", Sort::ALL.iter().copied().map(Sort::code), form.get("sort"));
        let drawn = Drawn::of(&page, &form, &faults)
            .choice("where", places)
            .choice("sort", sorts)
            .field("points", "number")
            .field("reason", "line")
            .field("source", "line")
            .field("given_on", "date")
            .optional("valid_to", "date");
        drawn.answer(Around {
            crumbs: way(&page, &company),
            title: page.t("property-record-new"),
            lead: page.t("property-record-lead"),
            action: format!("{}/record", address(company.id)),
        })
    }

    /// The places of a company where this person may enter a record, or the places of her posts if there is none.
    fn record_places(&self, page: &Page, of: impl Iterator<Item = PlacePath>, current: &str) -> Vec<Choice> {
        let (tree, own) = (self.hall.places.tree(), places_of(&page.visitor.actor, May::PropertyCompany));
        let mut places: Vec<PlacePath> = of.filter(|path| own.iter().any(|place| place.contains(path))).collect();
        places.sort();
        places.dedup();
        if places.is_empty() {
            return self.posts(page, May::PropertyCompany, current);
        }
        let choice = |path: PlacePath| Choice::new(path.id().to_string(), tree.chain(&path, page.lang), current);
        with_none(page, places.into_iter().map(choice).collect(), current)
    }

    fn read_record(&self, page: &Page, form: &Form, id: Uuid, company_id: Uuid) -> Result<Noted, Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let path = typed.one_of("where", |id| self.place(id));
        let kind = typed.one_of("sort", Sort::parse);
        let amount = tenths(&typed.digits("points"));
        if amount.is_none() {
            typed.fault(Refusal::new(Why::PropertyPoints).field("points"));
        }
        let most = kind.zip(self.scales.used()).and_then(|(kind, scale)| most_tenths(scale, kind));
        if let Some(most) = most.filter(|most| amount.is_some_and(|tenths| tenths > *most)) {
            typed.fault(Refusal::new(Why::PropertyPointsMost).field("points").with("most", points(most)));
        }
        let (reason, source) = (typed.line("reason", LINE_MOST), typed.line("source", LINE_MOST));
        let (given_on, until) = (typed.past_day("given_on", page.today()), typed.day_if_any("valid_to"));
        let usual = given_on.zip(self.scales.used()).and_then(|(day, scale)| valid_to(scale, day));
        let last = until.or(usual);
        if given_on.zip(last).is_some_and(|(first, last)| last < first) {
            typed.fault(Refusal::new(Why::PropertyDays).field("valid_to"));
        }
        match (path, kind, amount, given_on.zip(last)) {
            (Some(path), Some(kind), Some(tenths), Some(days)) if !typed.is_wrong() => Ok(Noted {
                id,
                company_id,
                path,
                kind,
                tenths,
                reason,
                source,
                given_on: days.0,
                valid_to: days.1,
                entered_by: page.visitor.actor.account,
                entered_name: page.visitor.actor.name.clone(),
                entered_at: page.now,
                appeal: Appeal::None,
                appealed_on: None,
                appeal_says: String::new(),
                answer: String::new(),
                answered_on: None,
                answered_name: String::new(),
            }),
            _ => Err(typed.faults()),
        }
    }
}
