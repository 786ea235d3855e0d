//! The account of the maintenance fund of a compound or of a building, for everybody: what came in, what each use cost,
//! interest, and what was there after each; and the forms of those who keep it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::money::Fen;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Crumb, Form, InPath, Page, Pager, PostForm, WebError, render};

use super::frame::{Part, done, heads, holds, only_theirs, own_id, place_above, sender};
use super::typed::{Around, Drawn, Typed, said, worded};
use crate::Companies;
use crate::actions::account as actions;
use crate::permissions::May;
use crate::records::account as records;
use crate::records::fund;
use crate::rules::account::{amount, balance};
use crate::words::account::{Account, Entry, Line, Opened, Posting};
use crate::words::company::LINE_MOST;
use crate::words::register::Ground;

#[derive(Template)]
#[template(path = "property/account.html")]
struct AccountPage {
    page: Page,
    crumbs: Vec<Crumb>,
    account: Account,
    place: String,
    balance: String,
    /// What was allowed and is not paid yet.
    held: String,
    /// What is left for other uses.
    free: String,
    list: Table,
    pager: Pager,
    may_enter: bool,
}

/// What is read of an account.
struct Read {
    account: Account,
    balance: i128,
    held: i128,
    lines: Vec<Line>,
}

/// `GET /property/accounts/{id}`
///
/// # Errors
/// 404 if there is no such account, or a failure.
pub async fn get(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let part = Part::asked(&page);
    let read = move |tx: &mut dyn Tx| {
        let account = records::find(tx, id)?.ok_or(Fault::NotFound)?;
        let balance = balance(&records::days(tx, &account)?);
        let held = fund::held(tx, &account, Uuid::nil())?;
        let lines = records::lines(tx, &account, part.span())?;
        Ok::<_, Fault>(Read { account, balance, held, lines })
    };
    let Read { account, balance, held, mut lines } = desk.hall.store.read(read).await?;
    let pager = part.ends(&page, &mut lines);
    render(&AccountPage {
        crumbs: vec![place_above(&desk, &page, &account.path), crumb(&page, &account)],
        place: desk.hall.places.tree().chain(&account.path, page.lang),
        balance: amount(balance).to_string(),
        held: amount(held).to_string(),
        free: amount(balance.saturating_sub(held)).to_string(),
        list: listed(&page, &lines),
        pager,
        may_enter: holds(&page, May::PropertyFund, &account.path),
        account,
        page,
    })
}

/// `GET /property/accounts/new`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn new(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyFund)?;
    let grounds = desk.compounds(&page, May::PropertyFund).await?;
    desk.account_form(&page, &Form::default(), &grounds, &[])
}

/// `POST /property/accounts/new`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn open(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyFund)?;
    let id = own_id(&page, &form);
    let grounds = desk.compounds(&page, May::PropertyFund).await?;
    let (account, opening) = match desk.read_account(&page, &form, &grounds, id) {
        Ok(read) => read,
        Err(faults) => return desk.account_form(&page, &form, &grounds, &faults),
    };
    let ground = grounds.iter().map(|one| one.id).find(|id| id.to_string() == form.get("ground"));
    let by = sender(&page, &form, "");
    let act = move |tx: &mut dyn Tx| actions::open(tx, &account, ground, &opening, &by);
    let again = |refusal| async { desk.account_form(&page, &form, &grounds, &[refusal]) };
    done(&desk.hall, act, |()| address(id), again).await
}

/// `GET /property/accounts/{id}/entry`
///
/// # Errors
/// Sign-in needed, no permission, 404 for an account that is not hers, or a failure.
pub async fn entry(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let account = desk.own_account(&page, id).await?;
    entry_form(&page, &account, &Form::default(), &[])
}

/// `POST /property/accounts/{id}/entry`
///
/// # Errors
/// As [`entry`].
pub async fn enter(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let account = desk.own_account(&page, id).await?;
    let entry = match read_entry(&page, &form, &account) {
        Ok(entry) => entry,
        Err(faults) => return entry_form(&page, &account, &form, &faults),
    };
    let by = sender(&page, &form, id);
    let act = move |tx: &mut dyn Tx| actions::enter(tx, &entry, &by);
    let again = |refusal| async { entry_form(&page, &account, &form, &[refusal]) };
    done(&desk.hall, act, |()| address(id), again).await
}

/// The address of an account.
pub(super) fn address(id: Uuid) -> String {
    format!("/property/accounts/{id}")
}

/// The way to the uses of the community of an account.
fn crumb(page: &Page, account: &Account) -> Crumb {
    Crumb { text: page.t("property-uses"), href: format!("/property/fund/of/{}", account.path.id()) }
}

fn listed(page: &Page, lines: &[Line]) -> Table {
    let named = [
        (ColumnKind::Date, "entry-on"),
        (ColumnKind::Text, "entry-kind"),
        (ColumnKind::Link, "entry-case"),
        (ColumnKind::Text, "note"),
        (ColumnKind::Money, "amount"),
        (ColumnKind::Money, "balance"),
    ];
    let row = |one: &Line| -> Vec<Cell> {
        let opens_case = page.visitor.staff() && !one.number.is_empty();
        let number = one.number.as_str();
        vec![
            one.entry_on.into(),
            said(page, "property-posting-", one.kind.code()).into(),
            if opens_case { Cell::link(number, format!("/cases/{number}")) } else { number.into() },
            one.note.clone().into(),
            Fen::new(one.amount_fen).into(),
            amount(one.balance_fen).into(),
        ]
    };
    Table::new(page.t("property-account"), heads(page, named)).with(lines.iter().map(row))
}

fn entry_form(page: &Page, account: &Account, form: &Form, faults: &[Refusal]) -> Result<Response, WebError> {
    let kinds = worded(page, "property-posting-", Posting::ENTERED.map(Posting::code), form.get("entry_kind"));
    let drawn = Drawn::of(page, form, faults)
        .choice("entry_kind", kinds)
        .field("amount", "number")
        .field("entry_on", "date")
        .optional("note", "line");
    let here = Crumb { text: account.called(), href: address(account.id) };
    drawn.answer(Around {
        crumbs: vec![crumb(page, account), here],
        title: page.t("property-entry-new"),
        lead: page.t("property-entry-lead"),
        action: format!("{}/entry", address(account.id)),
    })
}

/// Reads what came in, or a correction with the reason for it.
fn read_entry(page: &Page, form: &PostForm, account: &Account) -> Result<Entry, Vec<Refusal>> {
    let mut typed = Typed::of(form);
    let kind = typed.one_of("entry_kind", |code| Posting::parse(code).filter(|kind| Posting::ENTERED.contains(kind)));
    // Whatever stands in an account by mistake can be taken from it.
    let amount = if kind == Some(Posting::Less) { typed.taken("amount") } else { typed.payment("amount") };
    let on = typed.past_day("entry_on", page.today());
    let note = typed.line_if_any("note", LINE_MOST);
    if note.is_empty() && kind.is_some_and(Posting::needs_note) {
        typed.fault(Refusal::new(Code::FormMissing).field("note"));
    }
    match (kind, on) {
        (Some(kind), Some(entry_on)) if !typed.is_wrong() => Ok(Entry {
            district: account.district,
            id: own_id(page, form),
            account: account.id,
            kind,
            entry_on,
            amount_fen: kind.signed(amount.fen()),
            number: String::new(),
            note,
            entered_name: page.visitor.actor.name.clone(),
            entered_at: page.now,
        }),
        _ => Err(typed.faults()),
    }
}

impl Companies {
    /// The account of an identity, for whoever keeps it.
    async fn own_account(&self, page: &Page, id: Uuid) -> Result<Account, WebError> {
        page.require(May::PropertyFund)?;
        let found = self.hall.store.read(move |tx| records::find(tx, id)).await?.ok_or(WebError::NotFound)?;
        only_theirs(page, May::PropertyFund, &found.path)?;
        Ok(found)
    }

    fn account_form(
        &self,
        page: &Page,
        form: &Form,
        grounds: &[Ground],
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let drawn = Drawn::of(page, form, faults)
            .compound(self, grounds, May::PropertyFund)
            .optional("account_building", "line")
            .field("opening", "number")
            .field("entry_on", "date");
        drawn.answer(Around {
            crumbs: Vec::new(),
            title: page.t("property-account-new"),
            lead: page.t("property-account-lead"),
            action: "/property/accounts/new".to_owned(),
        })
    }

    /// Reads the form of an account: the account, and what is there on which day.
    fn read_account(
        &self,
        page: &Page,
        form: &Form,
        grounds: &[Ground],
        id: Uuid,
    ) -> Result<(Account, Opened), Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let named = typed.compound(self, grounds);
        let part = typed.line_if_any("account_building", LINE_MOST);
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        let opening = typed.money("opening");
        let on = typed.past_day("entry_on", page.today());
        match (named, on) {
            (Some((path, compound)), Some(on)) if !typed.is_wrong() => {
                let (opened_name, opened_at) = (page.visitor.actor.name.clone(), page.now);
                let district = path.district();
                let account = Account { district, id, path, compound, opened_name, opened_at, part };
                Ok((account, Opened { on, fen: opening.fen() }))
            }
            _ => Err(typed.faults()),
        }
    }
}
