//! A lost code of a receipt is renewed here, at any counter, for whoever proves who she is. The renewal stands among
//! the looks at her data, and the code before ends.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::{Renewing, own_counter};
use hall::Fault;
use kernel::case::{Relation, may_read};
use kernel::identifier::CaseNumber;
use kernel::language::{Bilingual, Lang};
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use web::{Choice, InPath, Page, PostForm, Problem, WebError, render_refused};

use crate::Counter;
use crate::Why;
use crate::actions::Applied;

/// The papers with which somebody proves who she is, as the form names them.
const PAPERS: [&str; 4] = ["id-card", "household", "permit", "passport"];

#[derive(Template)]
#[template(path = "counter/renew.html")]
struct RenewPage {
    page: Page,
    number: String,
    documents: Vec<Choice>,
    problem: Option<Problem>,
}

/// Returns the papers with which somebody proves who she is, as choices of the form.
pub(super) fn documents(page: &Page, chosen: &str) -> Vec<Choice> {
    let choice = |paper: &str| Choice::new(paper, page.t(&format!("counter-renew-paper-{paper}")), chosen);
    PAPERS.into_iter().map(choice).collect()
}

/// `POST /receipt/{number}`: gives the person at the counter a new code. The worker types the number of the paper that
/// she saw, and it must be the one that is kept of the person. A confidential case is found by those alone who may read
/// it.
///
/// # Errors
/// Answers 403 to everybody who takes nothing in at a counter.
pub async fn post(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let guess = counter.guess(&page, "renew").at_number(number.as_str());
    let renewed = counter.guarded(&guess, counter.renewed(&page, &number, &form)).await;
    let wrong = || Refusal::new(Why::CounterProofWrong).field("proof");
    match web::settled(renewed)?.and_then(|given| given.ok_or_else(wrong)) {
        Ok(given) => Ok(counter.to_receipt(&page, &given)),
        Err(refusal) => again(page, &number, form.get("paper"), &refusal),
    }
}

/// Shows the form again with the paper that was chosen. The number is typed anew.
fn again(page: Page, number: &CaseNumber, chosen: &str, refusal: &Refusal) -> Result<Response, WebError> {
    let problem = Some(page.problem(refusal));
    let (documents, number) = (documents(&page, chosen), number.as_str().to_owned());
    render_refused(refusal, &RenewPage { page, number, documents, problem })
}

impl Counter {
    /// Renews the code, or returns nothing if the number or what was typed is wrong.
    async fn renewed(
        self: &Arc<Self>,
        page: &Page,
        number: &CaseNumber,
        form: &PostForm,
    ) -> Result<Option<Applied>, Fault> {
        let paper = PAPERS.into_iter().find(|paper| *paper == form.get("paper"));
        let paper = paper.ok_or_else(|| {
            Refusal::new(Code::FormChoice)
                .field("paper")
                .with_both("label", &Bilingual::new("看了哪种证件", "Which document did you see?"))
        })?;
        // The person reads it in the language of the city, whoever renewed the code.
        let texts = &page.frame().texts;
        let paper = texts.get(Lang::Zh, &format!("counter-renew-paper-{paper}"), &[]);
        let purpose = texts.get(Lang::Zh, "counter-renew-purpose", &[("paper", &paper)]);
        let place = own_counter(&page.visitor.actor);
        let place = place.map(|place| self.cases.hall.places.tree().chain(&place, Lang::Zh)).unwrap_or_default();
        let (here, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let (proof, once) = (form.get("proof").to_owned(), form.key().to_owned());
        let renew = move |tx: &mut dyn store::Tx| {
            let (desk, actor) = (&here.cases, &drawn.visitor.actor);
            let known = match desk.known_number(tx, asked.as_str()) {
                Err(Fault::NotFound) => return Ok(None),
                known => known?,
            };
            if known.case.confidential {
                let is_read = may_read(&known.case, actor, &Relation::default()).is_ok();
                if !is_read || !desk.kind_shows(tx, &known.case, actor)? {
                    return Ok(None);
                }
            }
            let Some(record) = here.whose(tx, &known, &proof)? else { return Ok(None) };
            let renewing = Renewing { actor, place: &place, purpose: &purpose, once: &once, now: drawn.now };
            let code = desk.renew_code(tx, &known, record, &renewing)?;
            Ok::<_, Fault>(Some(Applied { case: known.case, record: Some(record), code, again: false }))
        };
        self.cases.hall.store.write(renew).await
    }
}
