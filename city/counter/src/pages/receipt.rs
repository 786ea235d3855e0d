//! The receipt 受理回执: number, date and why, who decides, what is missing, and the way ahead. One sheet that prints.
//! It shows the code of its owner once, when it was just given.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use cases::kind::{Kind, Picture};
use cases::{CaseView, ReceiptCode};
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::time::Instant;
use places::Nearest;
use vault::PersonField;
use web::{Choice, InPath, Page, Qr, WebError, render};

use super::gone::{self, Gone};
use super::proof::RECEIPT_COOKIE;
use super::renew::documents;
use crate::Counter;

#[derive(Template)]
#[template(path = "counter/receipt.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
struct ReceiptPage {
    page: Page,
    /// What kind of case it is, whose department chooses some of the words.
    kind: Option<Arc<dyn Kind>>,
    /// What that department tells of it: words and what they say.
    told: Vec<(String, String)>,
    /// The pictures that she sent in herself, for her alone.
    pictures: Vec<Picture>,
    number: String,
    view: CaseView,
    staff: bool,
    /// Her name as a mask. It is empty where the item asks for none, and once it was erased.
    name: String,
    /// When it was handed in, with the year.
    on: String,
    /// The code, while it is shown.
    shown: Option<Shown>,
    /// Whether this visitor may renew a lost code.
    may_renew: bool,
    /// The papers that prove who she is.
    documents: Vec<Choice>,
    /// Where the receipt is as PDF; empty where there is none.
    pdf: String,
    /// The counter that took it in, else that of the applicant's community. None for a matter for which nobody goes to
    /// a counter.
    nearest: Option<Nearest>,
    /// It is not known yet in which community she lives.
    is_unsettled: bool,
    /// It was accepted, not only handed in.
    was_accepted: bool,
}

impl ReceiptPage {
    /// The text of a key, or of the one that the department of the case has in its place.
    fn say(&self, key: &'static str) -> String {
        self.page.t(self.key(key))
    }

    /// The same for what is said of the matter.
    fn say_of(&self, key: &'static str) -> String {
        self.page.t1(self.key(key), "item", &self.view.item)
    }

    fn key(&self, key: &'static str) -> &'static str {
        self.kind.as_ref().map_or(key, |kind| kind.words(key))
    }
}

/// What is read of a case for its receipt.
struct Read {
    kind: Option<Arc<dyn Kind>>,
    told: Vec<(String, String)>,
    pictures: Vec<Picture>,
    view: CaseView,
    name: String,
    opened: Instant,
    code: Option<ReceiptCode>,
    /// The counter that took it in, else where she lives.
    at: PlacePath,
    is_unsettled: bool,
    was_accepted: bool,
}

/// A code as the receipt shows it.
struct Shown {
    /// In groups.
    code: String,
    /// The square that opens the form with number and code filled in.
    qr: Option<Qr>,
}

/// `GET /receipt/{number}`: for the applicant with her pass or account, and for staff who see the case.
///
/// # Errors
/// 404 for everybody else: it says where the number and the code lead, whether there is such a case or not.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    let asked = number.to_string();
    let seen = counter.receipt(&page, number).await;
    let staff = page.visitor.staff();
    let Read { kind, told, pictures, view, name, opened, code, at, is_unsettled, was_accepted } = match seen {
        Err(Fault::NotFound) if !staff => return gone::answer(page, Gone::Receipt(asked)),
        seen => seen?,
    };
    let (view, whose) = (view.on_paper(), if staff { "cases" } else { "follow" });
    let has_pdf = counter.prints_pdf && view.has_letters;
    let pdf = if has_pdf { format!("/{whose}/{}/letters/receipt.pdf", view.number) } else { String::new() };
    let shown = code.map(|code| counter.code_shown_for(&view.number, &code));
    // A desk is not hers: there the code is shown once. In her own browser it stays until the cookie ends, because she
    // may enlarge the page first.
    let ended = shown.as_ref().filter(|_| staff).map(|_| (SET_COOKIE, counter.code_shown(&view.number)));
    let may_renew = staff && page.may(Permission::CaseAccept);
    let nearest = if view.has_letters { counter.cases.hall.places.nearest(&page, at.id()).await? } else { None };
    let (number, documents) = (view.number.clone(), documents(&page, ""));
    let on = format!("{} {}", page.full_date(opened), page.time_of_day(opened));
    let drawn = ReceiptPage {
        page,
        kind,
        told,
        pictures,
        number,
        view,
        staff,
        name,
        on,
        shown,
        may_renew,
        documents,
        pdf,
        nearest,
        is_unsettled,
        was_accepted,
    };
    let drawn = render(&drawn)?;
    Ok((AppendHeaders(ended), drawn).into_response())
}

impl Counter {
    /// Reads what the receipt of a case shows to whoever holds it, applied for it or handles it.
    async fn receipt(self: &Arc<Self>, page: &Page, number: CaseNumber) -> Result<Read, Fault> {
        let (here, desk, drawn) = (self.clone(), self.cases.clone(), page.clone());
        let pass = page.cookie(cases::PASS_COOKIE);
        let held = page.cookie(RECEIPT_COOKIE).and_then(|value| ReceiptCode::parse(&value));
        let read = self.cases.hall.store.read(move |tx| {
            let (known, own) = match here.owned(tx, &drawn, &number) {
                Err(Fault::NotFound) => {
                    (desk.seen(tx, number.as_str(), &drawn.visitor.actor, pass.as_deref(), drawn.now)?, false)
                }
                own => (own?, !drawn.visitor.staff()),
            };
            let holder = held.as_ref().map(|code| desk.holder_of(tx, &known, code)).transpose()?.flatten();
            let sealed: Vec<_> = known.sealed().into_iter().collect();
            let mask = desk.hall.vault.masked(tx, &sealed)?.into_iter().next();
            let name = mask.and_then(|(_, mut fields)| fields.remove(&PersonField::Name)).unwrap_or_default();
            let opened = known.case.opened_at;
            let code = held.clone().filter(|_| holder.is_some());
            let at = known.case.counter().unwrap_or(known.case.residence()).clone();
            let (is_unsettled, was_accepted) = (known.case.is_unsettled(), known.case.accepted_at.is_some());
            let kind = desk.kinds.get(&known.case.kind);
            let pictures = match kind.as_ref().zip(known.person.filter(|_| own)) {
                Some((kind, record)) => kind.own_pictures(tx, &drawn, &known.case, record)?,
                None => Vec::new(),
            };
            let view = desk.view(tx, &drawn, &known)?.for_her();
            let case = view.words.told(&drawn, &known.case);
            Ok::<_, Fault>(Read {
                told: kind.as_ref().map(|kind| kind.told(&case, &drawn)).unwrap_or_default(),
                kind,
                pictures,
                view,
                name,
                opened,
                code,
                at,
                is_unsettled,
                was_accepted,
            })
        });
        read.await
    }

    /// Number and code stand behind the `#` of the address, which no browser sends to a server.
    fn code_shown_for(&self, number: &str, code: &ReceiptCode) -> Shown {
        let qr = Qr::of(&format!("{}/follow#{number}.{}", self.public_url, code.plain()));
        Shown { code: code.grouped(), qr }
    }
}
