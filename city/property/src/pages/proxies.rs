//! Written proxies of a vote: who entered which one for which units, and the way to withdraw one.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::identifier::Telephone;
use kernel::line;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use vault::PersonField;
use web::{Choice, Form, InPath, Page, Pager, PostForm, Problem, WebError};

use super::LABELS;
use super::frame::{Part, done, form_page, past_end, sender};
use crate::Property;
use crate::actions::ballots::Paper;
use crate::permissions::May;
use crate::records::parts;
use crate::records::votes::Vote;
use crate::words::PROXY_UNITS;
use crate::words::register::NAME_MOST;

/// The field that says that somebody is not the proxy of the same name.
const ANOTHER: &str = "another";
/// The value of the field `deed` by which a proxy is withdrawn.
const WITHDRAW: &str = "withdraw";

#[derive(Template)]
#[template(path = "property/proxies.html")]
struct ProxiesPage {
    page: Page,
    id: Uuid,
    title: String,
    hint: String,
    lines: Vec<Line>,
    pager: Pager,
    number: String,
    agent: String,
    telephone: String,
    /// The box that says that this is not the proxy of the same name; none where nobody has the same name.
    another: Vec<Choice>,
    /// That the vote is over, in place of the form; none before its end.
    over: Option<Problem>,
    problems: Vec<Problem>,
}

/// A proxy as the page shows it: the name stays masked.
struct Line {
    number: i64,
    units: String,
    agent: String,
    given: String,
    withdrawn: String,
}

/// `GET /property/votes/{vote}/proxies`
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    desk.proxies_page(page, id, &Form::default(), &[]).await
}

/// `POST /property/votes/{vote}/proxies`: enters a written proxy, or withdraws one.
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let (own, by) = (desk.clone(), sender(&page, &form, id));
    let deed = if form.get("deed") == WITHDRAW {
        Deed::Withdraw(form.get("number").parse().map_err(|_| WebError::NotFound)?)
    } else {
        match paper(&form) {
            Ok(paper) => Deed::Give(paper),
            Err(wrong) => return desk.proxies_page(page, id, &form, &wrong).await,
        }
    };
    let act = move |tx: &mut dyn Tx| match &deed {
        Deed::Give(paper) => own.give_proxy(tx, id, paper, &by),
        Deed::Withdraw(number) => own.withdraw_proxy(tx, id, *number, &by),
    };
    let again = |refusal| async { desk.proxies_page(page, id, &form, &[refusal]).await };
    done(&desk.hall, act, |()| format!("/property/votes/{id}/proxies"), again).await
}

/// What a form does with written proxies.
enum Deed {
    /// One is entered.
    Give(Paper),
    /// That of a number is withdrawn.
    Withdraw(i64),
}

/// Reads a written proxy.
fn paper(form: &Form) -> Result<Paper, Vec<Refusal>> {
    let mut wrong = Vec::new();
    for field in ["number", "name", "telephone"] {
        if form.get(field).is_empty() {
            wrong.push(Refusal::new(Code::FormMissing).field(field));
        }
    }
    let name = line::name(form.get("name"));
    wrong.extend(line::name_fault(&name).filter(|_| !name.is_empty()).map(|code| Refusal::new(code).field("name")));
    if name.chars().count() > NAME_MOST {
        wrong.push(Refusal::new(Code::FormTooLong).field("name").with("limit", NAME_MOST));
    }
    let telephone = Telephone::parse(form.get("telephone"));
    if telephone.is_err() && !form.get("telephone").is_empty() {
        wrong.push(Refusal::new(Code::FormTelephone).field("telephone"));
    }
    match telephone {
        Ok(telephone) if wrong.is_empty() => {
            let (number, telephone) = (form.get("number").to_owned(), telephone.as_str().to_owned());
            Ok(Paper { number, name, telephone, is_another: form.has(ANOTHER), record: Uuid::now_v7() })
        }
        _ => Err(wrong),
    }
}

impl Property {
    async fn proxies_page(
        self: &Arc<Self>,
        page: Page,
        id: Uuid,
        form: &Form,
        wrong: &[Refusal],
    ) -> Result<Response, WebError> {
        let (part, shown) = (Part::asked(&page), page.clone());
        let more = move |own: &Self, tx: &mut dyn Tx, vote: &Vote| {
            let proxies = parts::proxies(tx, vote.district, vote.id, part.span())?;
            let wanted: Vec<_> = proxies.iter().map(|proxy| (vote.district, proxy.agent)).collect();
            let masked = own.hall.vault.masked(tx, &wanted)?;
            let mut lines = Vec::with_capacity(proxies.len());
            for proxy in proxies {
                let person = masked.iter().find(|(agent, _)| *agent == proxy.agent);
                let name = person.and_then(|(_, person)| person.get(&PersonField::Name)).cloned();
                lines.push(Line {
                    number: proxy.number,
                    units: proxy.units,
                    agent: name.unwrap_or_else(|| shown.t("property-owner-erased")),
                    given: format!("{} {}", proxy.given_name, shown.minute(proxy.given_at)),
                    withdrawn: proxy.withdrawn_at.map(|at| shown.minute(at)).unwrap_or_default(),
                });
            }
            let most = own.hall.figure_at(PROXY_UNITS, &vote.path, own.hall.day(vote.opens_at))?;
            Ok::<_, Fault>((lines, most))
        };
        let (vote, (mut lines, most)) = self.of_own_vote(&page, id, more).await?;
        let pager = part.ends(&page, &mut lines);
        let (over, others) = past_end(&page, &vote, wrong);
        let has_namesake = form.has(ANOTHER) || wrong.iter().any(|one| one.field.as_deref() == Some(ANOTHER));
        let ticked = if form.has(ANOTHER) { "1" } else { "" };
        let another = has_namesake.then(|| Choice::new("1", page.t("property-proxy-another"), ticked));
        let drawn = ProxiesPage {
            id,
            title: vote.title,
            hint: page.t1("property-proxy-hint", "most", most),
            lines,
            pager,
            number: form.get("number").to_owned(),
            agent: form.get("name").to_owned(),
            telephone: form.get("telephone").to_owned(),
            another: another.into_iter().collect(),
            over,
            problems: page.problems(LABELS, &others),
            page,
        };
        form_page(wrong, &drawn)
    }
}
