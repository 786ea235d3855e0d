//! These pages release a draft: from which day, on which document, by whom. They also take a release back before its
//! day.

use crate::refusals::Why;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Refusal;
use kernel::time::Date;
use uuid::Uuid;
use web::{Choice, Crumb, InPath, Page, PostForm, Problem, WebError, render, render_status};

use super::{Edited, crumbs, problems};
use crate::Counter;
use crate::catalogue::ItemCode;
use crate::editing::Basis;

#[derive(Template)]
#[template(path = "counter/catalogue/release.html")]
struct ReleasePage {
    page: Page,
    crumbs: Vec<Crumb>,
    code: String,
    name: String,
    /// The version it will have.
    version: i64,
    /// Who wrote the draft.
    author: String,
    /// Who is about to release it.
    releaser: String,
    /// The item would no longer be confidential.
    opens: bool,
    /// What is said where they are one person. It is empty where they are not.
    own: &'static str,
    /// Faults of the draft: nothing can be released yet.
    faults: Vec<Problem>,
    problems: Vec<Problem>,
    from: String,
    bases: Vec<Choice>,
    once: String,
}

/// `GET /catalogue/{code}/release`
///
/// # Errors
/// Answers 404 for an item that is not this visitor's to edit, or that nobody is writing.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    let today = page.today().to_string();
    render(&counter.release_page(page, &edited, &today, "", Vec::new())?)
}

/// `POST /catalogue/{code}/release`
///
/// # Errors
/// Answers 404 for an item that is not this visitor's to edit.
pub async fn post(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
    form: PostForm,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    let (from, chosen) = (form.get("from"), form.get("basis"));
    let released = match basis(from, chosen) {
        Ok(basis) => {
            let once = form.key().to_owned();
            counter.release(&edited.code, basis, &page.visitor.actor, once, page.now).await
        }
        Err(refusal) => Err(refusal.into()),
    };
    let Err(refusal) = web::settled(released)? else {
        return Ok(Redirect::to(&format!("/catalogue/{}", edited.code)).into_response());
    };
    let problem = Problem::of(&refusal, page.lang);
    let drawn = counter.release_page(page, &edited, from, chosen, vec![problem])?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &drawn)
}

/// `POST /catalogue/{code}/withdraw`: takes back a version that is not in force yet.
///
/// # Errors
/// Answers 404 for an item or a version that is not this visitor's to edit. Refuses if its day has come.
pub async fn withdraw(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
    form: PostForm,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    let id = Uuid::parse_str(form.get("release")).map_err(|_| WebError::NotFound)?;
    counter.withdraw(&edited.code, id, &page.visitor.actor, page.now).await?;
    Ok(Redirect::to(&format!("/catalogue/{}", edited.code)).into_response())
}

/// Reads the day and the clause of a form.
fn basis(from: &str, chosen: &str) -> Result<Basis, Refusal> {
    let from: Date = from.parse().map_err(|_| Refusal::new(Why::CatalogueFromPast).field("from"))?;
    let unknown = || Refusal::new(Why::CatalogueBasisUnknown).field("basis");
    let (document, clause) = chosen.split_once('/').ok_or_else(unknown)?;
    Ok(Basis { from, document: document.to_owned(), clause: clause.to_owned() })
}

impl Counter {
    fn release_page(
        &self,
        page: Page,
        edited: &Edited,
        from: &str,
        chosen: &str,
        problems_found: Vec<Problem>,
    ) -> Result<ReleasePage, WebError> {
        let Some(draft) = &edited.draft else { return Err(WebError::NotFound) };
        let checked = self.checked_draft(&edited.form, page.now);
        let own = draft.author.is_some() && draft.author == page.visitor.actor.account;
        let opens = checked.entry.as_ref().is_some_and(|(item, _)| self.opens(item));
        let four_eyes = self.cases.hall.figure(crate::words::CATALOGUE_FOUR_EYES, page.now)?;
        let own = match (own, four_eyes || opens) {
            (true, true) => "counter-release-other",
            (true, false) => "counter-release-own",
            (false, _) => "",
        };
        let none = Choice::new("", page.t("counter-release-choose"), chosen);
        let clauses = self.cases.hall.rulebook.documents().flat_map(|document| {
            let title = page.of(&document.title);
            let clause = |clause: &rulebook::Clause| {
                let text = page.t2("counter-release-clause", "document", title, "clause", &clause.number);
                Choice::new(format!("{}/{}", document.id, clause.number), text, chosen)
            };
            document.clauses.iter().map(clause).collect::<Vec<_>>()
        });
        Ok(ReleasePage {
            crumbs: crumbs(&page, Some(&edited.code)),
            code: edited.code.clone(),
            name: edited.form.get(page.lang.pick("name_zh", "name_en")).to_owned(),
            version: self.book.last_version(&edited.code) + 1,
            author: draft.author_name.clone(),
            releaser: page.visitor.actor.name.clone(),
            opens,
            own,
            faults: problems(&page, &checked.wrong),
            problems: problems_found,
            from: from.to_owned(),
            bases: std::iter::once(none).chain(clauses).collect(),
            once: page.once(),
            page,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_names_a_day_and_a_clause() {
        let table = [
            ("2026-12-31", "platform-operation/12", Ok(("2026-12-31", "platform-operation", "12"))),
            ("2028-02-29", "a/12/3", Ok(("2028-02-29", "a", "12/3"))),
            ("2027-02-29", "a/12", Err((Why::CatalogueFromPast, "from"))),
            ("", "a/12", Err((Why::CatalogueFromPast, "from"))),
            ("31.12.2026", "a/12", Err((Why::CatalogueFromPast, "from"))),
            ("2026-12-31", "", Err((Why::CatalogueBasisUnknown, "basis"))),
            ("2026-12-31", "platform-operation", Err((Why::CatalogueBasisUnknown, "basis"))),
        ];
        for (from, chosen, expected) in table {
            let found = basis(from, chosen);
            let found = found.as_ref().map(|basis| (basis.from.to_string(), &*basis.document, &*basis.clause));
            let found = found.map_err(|refusal| (refusal.code, refusal.field.as_deref().unwrap_or_default()));
            let expected = expected.map(|(from, document, clause)| (from.to_owned(), document, clause));
            assert_eq!(found, expected, "{from} {chosen}");
        }
    }
}
