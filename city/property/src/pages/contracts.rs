//! Forms about a company in a compound: a contract, the notice that ends one, and who is on duty.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Crumb, Form, InPath, Page, PostForm, WebError};

use super::companies::{address, crumbs};
use super::frame::{done, only_theirs, own_id, sender};
use super::typed::{Around, Drawn, Typed, worded};
use crate::Companies;
use crate::actions::company as actions;
use crate::permissions::May;
use crate::records::company as records;
use crate::refusals::Why;
use crate::words::company::{Bond, Company, Contract, DAYS_MOST, LINE_MOST, NUMBER_MOST, Notice, OnDuty, Post, Side};

/// `GET /property/companies/{id}/contract`
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
    desk.contract_form(&page, &company, &Form::default(), &[])
}

/// `POST /property/companies/{id}/contract`
///
/// # Errors
/// As [`new`].
pub async fn add(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let company = desk.known(id).await?;
    let contract = match desk.read_contract(&page, &form, own_id(&page, &form), id) {
        Ok(contract) => contract,
        Err(faults) => return desk.contract_form(&page, &company, &form, &faults),
    };
    let (by, counter) = (sender(&page, &form, id), desk.votes.counter.clone());
    let act = move |tx: &mut dyn Tx| actions::add_contract(tx, &contract, &counter, &by);
    let again = |refusal| async { desk.contract_form(&page, &company, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(id), again).await
}

/// `GET /property/contracts/{id}/notice`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a contract of a compound that is not hers, or a failure.
pub async fn notice(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let contract = desk.own_contract(&page, id).await?;
    desk.notice_form(&page, &contract, &Form::default(), &[])
}

/// `POST /property/contracts/{id}/notice`
///
/// # Errors
/// As [`notice`].
pub async fn give_notice(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let contract = desk.own_contract(&page, id).await?;
    let mut typed = Typed::of(&form);
    let (by, on) = (typed.one_of("noticed_by", Side::parse), typed.past_day("noticed_on", page.today()));
    let leaves_on = typed.day("leaves_on");
    let own_days = (!typed.text("own_days").is_empty()).then(|| typed.number("own_days", 1, DAYS_MOST));
    let is_late_known = form.has("late");
    let given = match (by, on, leaves_on) {
        (Some(by), Some(on), Some(leaves_on)) if !typed.is_wrong() => {
            Notice { by, on, leaves_on, own_days, is_late_known }
        }
        _ => return desk.notice_form(&page, &contract, &form, &typed.faults()),
    };
    let days = desk.notice_days(&contract.path, page.today())?;
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::give_notice(tx, id, &given, days, &by);
    let again = |refusal| async { desk.notice_form(&page, &contract, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(contract.company_id), again).await
}

/// `GET /property/companies/{id}/staff`
///
/// # Errors
/// Sign-in needed, no permission, 404 if there is no such company, or a failure.
pub async fn staff(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let company = desk.known(id).await?;
    desk.staff_form(&page, &company, &Form::default(), &[])
}

/// `POST /property/companies/{id}/staff`
///
/// # Errors
/// As [`staff`].
pub async fn add_staff(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let company = desk.known(id).await?;
    let staff = match desk.read_staff(&page, &form, own_id(&page, &form), id) {
        Ok(staff) => staff,
        Err(faults) => return desk.staff_form(&page, &company, &form, &faults),
    };
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::add_staff(tx, &staff, &by);
    let again = |refusal| async { desk.staff_form(&page, &company, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(id), again).await
}

/// `POST /property/staff/{id}/out`: nobody is on duty there any more.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a compound that is not hers, or a failure.
pub async fn staff_out(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyCompany)?;
    let company = desk.hall.store.read(move |tx| records::on_duty(tx, id)).await?.map(|staff| staff.company_id);
    let by = sender(&page, &form, id);
    desk.hall.store.write(move |tx| actions::remove_staff(tx, id, &by)).await?;
    let to = company.map_or_else(|| "/property/companies".to_owned(), address);
    Ok(Redirect::to(&to).into_response())
}

/// The way to a company.
pub(super) fn way(page: &Page, company: &Company) -> Vec<Crumb> {
    let mut way = crumbs(page);
    way.push(Crumb { text: company.name.clone(), href: address(company.id) });
    way
}

impl Companies {
    /// The company of an identity.
    pub(super) async fn known(&self, id: Uuid) -> Result<Company, WebError> {
        self.hall.store.read(move |tx| records::company(tx, id)).await?.ok_or(WebError::NotFound)
    }

    /// The contract of an identity, for whoever enters those of its community.
    async fn own_contract(&self, page: &Page, id: Uuid) -> Result<Contract, WebError> {
        let found = self.hall.store.read(move |tx| records::contract(tx, id)).await?.ok_or(WebError::NotFound)?;
        only_theirs(page, May::PropertyCompany, &found.path)?;
        Ok(found)
    }

    fn contract_form(
        &self,
        page: &Page,
        company: &Company,
        form: &Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let kinds = Bond::ALL.iter().copied().map(Bond::code);
        let drawn = Drawn::of(page, form, faults)
            .choice("community", self.communities(page, May::PropertyCompany, form.get("community")))
            .field("compound", "line")
            .choice("kind", worded(page, "property-bond-", kinds, form.get("kind")))
            .field("paper", "line")
            .field("starts_on", "date")
            .field("ends_on", "date");
        drawn.answer(Around {
            crumbs: way(page, company),
            title: page.t("property-contract-new"),
            lead: String::new(),
            action: format!("{}/contract", address(company.id)),
        })
    }

    fn read_contract(&self, page: &Page, form: &Form, id: Uuid, company_id: Uuid) -> Result<Contract, Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let path = typed.one_of("community", |id| self.community(id));
        let (compound, paper) = (typed.line("compound", LINE_MOST), typed.numbered("paper", LINE_MOST));
        let kind = typed.one_of("kind", Bond::parse);
        let (starts_on, ends_on) = (typed.day("starts_on"), typed.day("ends_on"));
        if starts_on.zip(ends_on).is_some_and(|(starts_on, ends_on)| ends_on < starts_on) {
            typed.fault(Refusal::new(Why::PropertyDays).field("ends_on"));
        }
        match (path, kind, starts_on, ends_on) {
            (Some(path), Some(kind), Some(starts_on), Some(ends_on)) if !typed.is_wrong() => Ok(Contract {
                id,
                company_id,
                path,
                compound,
                paper,
                kind,
                starts_on,
                ends_on,
                noticed_by: None,
                noticed_on: None,
                leaves_on: None,
                changed_name: page.visitor.actor.name.clone(),
                changed_at: page.now,
                own_days: None,
            }),
            _ => Err(typed.faults()),
        }
    }

    fn notice_form(
        &self,
        page: &Page,
        contract: &Contract,
        form: &Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let days = self.notice_days(&contract.path, page.today())?;
        let sides = worded(page, "property-side-", Side::ALL.iter().copied().map(Side::code), form.get("noticed_by"));
        let late = if form.has("late") { "1" } else { "" };
        let drawn = Drawn::of(page, form, faults)
            .choice("noticed_by", sides)
            .field("noticed_on", "date")
            .field("leaves_on", "date")
            .optional("own_days", "number")
            .checks("late", vec![Choice::new("1", page.t("property-notice-late"), late)]);
        let (dismissal, renewal) = (days.dismissal.to_string(), days.renewal.to_string());
        let lead = [("dismissal", dismissal.as_str()), ("renewal", renewal.as_str())];
        drawn.answer(Around {
            crumbs: crumbs(page),
            title: page.t1("property-notice-of", "compound", &contract.compound),
            lead: page.text("property-contract-notice-lead", &lead),
            action: format!("/property/contracts/{}/notice", contract.id),
        })
    }

    fn staff_form(
        &self,
        page: &Page,
        company: &Company,
        form: &Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let work = worded(page, "property-post-", Post::ALL.iter().copied().map(Post::code), form.get("work"));
        let drawn = Drawn::of(page, form, faults)
            .choice("community", self.communities(page, May::PropertyCompany, form.get("community")))
            .field("compound", "line")
            .choice("work", work)
            .field("number", "number")
            .field("hours", "line")
            .field("telephone", "tel");
        drawn.answer(Around {
            crumbs: way(page, company),
            title: page.t("property-staff-new"),
            lead: page.t("property-staff-lead"),
            action: format!("{}/staff", address(company.id)),
        })
    }

    fn read_staff(&self, page: &Page, form: &Form, id: Uuid, company_id: Uuid) -> Result<OnDuty, Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let path = typed.one_of("community", |id| self.community(id));
        let (compound, hours) = (typed.line("compound", LINE_MOST), typed.line("hours", LINE_MOST));
        let (telephone, number) = (typed.numbered("telephone", LINE_MOST), typed.number("number", 1, NUMBER_MOST));
        match (path, typed.one_of("work", Post::parse)) {
            (Some(path), Some(work)) if !typed.is_wrong() => Ok(OnDuty {
                id,
                company_id,
                path,
                compound,
                work,
                number,
                hours,
                telephone,
                changed_name: page.visitor.actor.name.clone(),
                changed_at: page.now,
            }),
            _ => Err(typed.faults()),
        }
    }
}
