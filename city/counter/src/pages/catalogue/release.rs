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
use web::{Choice, Crumb, Form, InPath, Page, PostForm, Problem, WebError, render, render_status};

use super::{Edited, crumbs, problems};
use crate::Counter;
use crate::catalogue::ItemCode;
use crate::editing::{Basis, read_document};
use crate::records::OwnDocument;

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
    /// What was typed of a document that is to be entered.
    document: Form,
}

/// What was typed on the page, to be shown again.
#[derive(Default)]
struct Typed {
    from: String,
    basis: String,
    document: Form,
    problems: Vec<Problem>,
}

/// The characters of a clause that a choice shows.
const CLAUSE_SHOWN: usize = 60;

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
    let typed = Typed { from: page.today().to_string(), basis: page.query.get("basis").to_owned(), ..Typed::default() };
    render(&counter.release_page(page, &edited, typed).await?)
}

/// `POST /catalogue/{code}/document`: enters a document of the city, which a release can name then.
///
/// # Errors
/// Answers 404 for an item that is not this visitor's to edit.
pub async fn document(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
    form: PostForm,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    let refusal = match read_document(&form, page.today()) {
        Ok(own) => {
            let own = counter.add_document(&edited.code, own, &page.visitor.actor, form.key(), page.now).await?;
            let chosen = Form::default().with("basis", format!("{}/{}", own.key(), own.clause));
            let address = format!("/catalogue/{}/release{}", edited.code, chosen.address_with(&[]));
            return Ok(Redirect::to(&address).into_response());
        }
        Err(refusal) => refusal,
    };
    let problems = vec![page.problem(&refusal)];
    let from = page.today().to_string();
    let typed = Typed { from, problems, document: form.into_form(), ..Typed::default() };
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &counter.release_page(page, &edited, typed).await?)
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
    let problems = vec![page.problem(&refusal)];
    let typed = Typed { from: from.to_owned(), basis: chosen.to_owned(), problems, ..Typed::default() };
    let drawn = counter.release_page(page, &edited, typed).await?;
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
    async fn release_page(&self, page: Page, edited: &Edited, typed: Typed) -> Result<ReleasePage, WebError> {
        let Some(draft) = &edited.draft else { return Err(WebError::NotFound) };
        let checked = self.checked_draft(&edited.form, page.now);
        let own = draft.is_edited_by(page.visitor.actor.account);
        let opens = checked.entry.as_ref().is_some_and(|(item, _)| self.opens(item));
        let four_eyes = self.cases.hall.figure(crate::words::CATALOGUE_FOUR_EYES, page.now)?;
        let own = match (own, four_eyes || opens) {
            (true, true) => "counter-release-other",
            (true, false) => "counter-release-own",
            (false, _) => "",
        };
        let bases = self.bases(&page, &typed.basis, &self.own_documents().await?);
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
            problems: typed.problems,
            from: typed.from,
            bases,
            once: page.once(),
            document: typed.document,
            page,
        })
    }

    /// The clauses on which a release can rest, in words: those of the city's own documents first.
    fn bases(&self, page: &Page, chosen: &str, own: &[OwnDocument]) -> Vec<Choice> {
        let choice = |key: String, document: &str, clause: &str, words: &str| {
            let mut shown: String = words.chars().take(CLAUSE_SHOWN).collect();
            if words.chars().count() > CLAUSE_SHOWN {
                shown.push('…');
            }
            let values = [("document", document), ("clause", clause), ("words", shown.as_str())];
            Choice::new(format!("{key}/{clause}"), page.text("counter-release-clause", &values), chosen)
        };
        let none = Choice::new("", page.t("counter-release-choose"), chosen);
        let city = own.iter().map(|own| {
            let title = page.t2("counter-release-document", "title", &own.title, "number", &own.number);
            choice(own.key(), &title, &own.clause, &own.words)
        });
        let register = self.cases.hall.rulebook.documents().flat_map(|document| {
            let title = page.of(&document.title);
            let clause =
                |clause: &rulebook::Clause| choice(document.id.clone(), title, &clause.number, page.of(&clause.text));
            document.clauses.iter().map(clause).collect::<Vec<_>>()
        });
        std::iter::once(none).chain(city).chain(register).collect()
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
