//! This page lists the letters of a case, one below another. The visitor opens each of them or takes it as PDF.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use counter::Followed;
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use store::Tx;
use web::{InPath, Page, WebError, render};

use crate::words::{Kind, Reader};
use crate::{Letters, rules};

#[derive(Template)]
#[template(path = "letters/list.html")]
struct ListPage {
    page: Page,
    number: String,
    item: String,
    /// The address of the case for this reader.
    back: String,
    lines: Vec<Line>,
    /// The address of the courier label for those who hand results over. It is empty for others.
    label: String,
}

/// One letter of the list.
struct Line {
    title: String,
    note: String,
    href: String,
    pdf: String,
}

/// Answers `GET /cases/{number}/letters`.
///
/// # Errors
/// Answers 404 if there is no such case or this visitor may not see it.
pub async fn get(
    State(letters): State<Arc<Letters>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    Ok(letters.list(page, Reader::Staff, Followed::Number(number)).await?)
}

/// Answers `GET /follow/{number}/letters` for the applicant, with her pass or her account.
///
/// # Errors
/// Without pass or account it leads back to the form that asks for number and code, and from a case without letters
/// back to the case.
pub async fn own(
    State(letters): State<Arc<Letters>>,
    page: Page,
    InPath(number): InPath<Followed>,
) -> Result<Response, WebError> {
    let drawn = page.clone();
    match letters.list(page, Reader::Applicant, number.clone()).await {
        Err(Fault::NotFound) => Ok(letters.away(&drawn, &number).await?.into_response()),
        answer => Ok(answer?),
    }
}

impl Letters {
    /// Leads away whoever finds no letters: back to her case if it is hers and has none, else to the form that asks for
    /// number and code.
    pub(super) async fn away(self: &Arc<Self>, page: &Page, number: &Followed) -> Result<Redirect, Fault> {
        let (letters, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let owned = move |tx: &mut dyn Tx| letters.counter.owned(tx, &drawn, asked.number()?).map(drop);
        match self.counter.cases.hall.store.read(owned).await {
            Ok(()) => Ok(Redirect::to(&format!("/follow/{number}"))),
            Err(Fault::NotFound) => Ok(number.to_form()),
            Err(fault) => Err(fault),
        }
    }

    async fn list(self: &Arc<Self>, page: Page, reader: Reader, number: Followed) -> Result<Response, Fault> {
        let (letters, drawn) = (self.clone(), page.clone());
        let (case, kinds) = self
            .counter
            .cases
            .hall
            .store
            .read(move |tx| {
                let desk = &letters.counter.cases;
                let known = letters.reach(tx, &drawn, reader, number.number()?)?;
                let events = desk.events(tx, &known.case)?;
                let kinds = rules::letters(desk.procedure_of(&known.case)?, &known.case, &events);
                Ok::<_, Fault>((known.case, kinds))
            })
            .await?;
        let base = reader.base(&case.number);
        let lines = kinds.into_iter().map(|kind| self.line(&page, &base, kind)).collect();
        let posts = reader == Reader::Staff && page.may(Permission::CaseDeliver);
        let facts = self.counter.cases.items.facts_of(case.item(), case.item_version());
        let drawn = ListPage {
            item: facts.map_or_else(|| case.item().to_owned(), |facts| facts.name.get(page.lang).to_owned()),
            back: base.trim_end_matches("/letters").to_owned(),
            label: if posts { format!("{base}/label") } else { String::new() },
            number: case.number,
            lines,
            page,
        };
        render(&drawn).map_err(|fault| Fault::Broken(fault.to_string()))
    }

    fn line(&self, page: &Page, base: &str, kind: Kind) -> Line {
        let address = format!("{base}/{}", kind.code());
        // Staff say on the page of the letter why it is opened, and take the PDF there.
        let asks = kind.names_in_full() && base.starts_with("/cases/");
        Line {
            title: page.t(&format!("letters-title-{}", kind.code())),
            note: if kind.names_in_full() { page.t("letters-list-logged") } else { String::new() },
            pdf: if self.press.available() && !asks { format!("{address}.pdf") } else { String::new() },
            href: address,
        }
    }
}
