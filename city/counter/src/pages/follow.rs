//! These pages let an applicant follow a case with its number and the telephone: where it is, what is next, and who
//! looked at her data. She supplies papers, withdraws and rates here.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{ASPECTS, ActionForm, CaseView, Doing, RequestLine, TalkLine};
use cases::{Known, NoticeLine, StepGiven, district};
use cases::{PASS_COOKIE, Pass};
use hall::AccessLine;
use hall::Fault;
use kernel::case::{Case, Command, Relation};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use uuid::Uuid;
use vault::{PersonField, VaultError};
use web::{InPath, Light, Page, PostForm, Problem, WebError, render, render_status};

use crate::Counter;

/// How long a pass lasts, in seconds: long enough to read and act, short enough for a shared telephone.
const PASS_SECONDS: i64 = 3_600;

#[derive(Template)]
#[template(path = "counter/follow.html")]
struct FollowPage {
    page: Page,
    number: String,
    telephone: String,
    problem: Option<Problem>,
    mine: Vec<MyCase>,
    notices: Vec<NoticeLine>,
}

/// A case of the signed-in resident.
struct MyCase {
    number: String,
    item: String,
    state: String,
    light: Light,
}

#[derive(Template)]
#[template(path = "counter/status.html")]
struct StatusPage {
    page: Page,
    post: String,
    view: CaseView,
    actions: Vec<ActionForm>,
    accesses: Vec<AccessLine>,
    talk: Vec<TalkLine>,
    requests: Vec<RequestLine>,
    /// What the button says: `yes` tells her again, `no` leaves her to look herself.
    tell: &'static str,
    may_rate: bool,
    may_rate_again: bool,
    may_write: bool,
    problem: Option<Problem>,
}

/// `GET /follow`
pub async fn get(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    let number = page.query.get("number").to_owned();
    let (mine, notices) = (counter.mine(&page).await?, counter.cases.clone().unread_notices(&page).await?);
    render(&FollowPage { page, number, telephone: String::new(), problem: None, mine, notices })
}

/// `POST /follow`: checks number and telephone and hands out a pass. A wrong number and a wrong telephone get the same
/// answer.
pub async fn post(State(counter): State<Arc<Counter>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let (number, telephone) = (form.get("number").to_owned(), form.get("telephone").to_owned());
    match web::settled(counter.prove(page.address(), &number, &telephone, page.now).await)? {
        Ok(known) => {
            let cookie = counter.pass_cookie(&page, district(&known.case), known.case.id.0)?;
            let target = if page.visitor.staff() {
                format!("/cases/{}", known.case.number)
            } else {
                format!("/follow/{}", known.case.number)
            };
            Ok(([(SET_COOKIE, cookie)], Redirect::to(&target)).into_response())
        }
        Err(refusal) => {
            let (mine, notices) = (counter.mine(&page).await?, counter.cases.clone().unread_notices(&page).await?);
            render_status(
                StatusCode::UNPROCESSABLE_ENTITY,
                &FollowPage { problem: Some(Problem::of(&refusal, page.lang)), page, number, telephone, mine, notices },
            )
        }
    }
}

/// `GET /follow/{number}`
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn status(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<String>,
) -> Result<Response, WebError> {
    counter.status(page, number, None, StepGiven::default()).await
}

/// `POST /follow/{number}/act`: a step that is the applicant's own.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn act(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<String>,
    form: PostForm,
) -> Result<Response, WebError> {
    let fields = form.under("field_").map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let papers = form.all("papers").into_iter().map(str::to_owned).collect();
    let command =
        Command::Act { action: form.get("action").to_owned(), fields, papers, counter: None, on_behalf: false };
    counter.own_step(page, number, command, form.key().to_owned()).await
}

/// `POST /follow/{number}/rate`: one rating, voluntary, by the applicant alone.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn rate(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<String>,
    form: PostForm,
) -> Result<Response, WebError> {
    let score = form.get("score").parse().unwrap_or(0);
    let aspects = form.all("aspects").into_iter().filter(|code| ASPECTS.contains(code)).map(str::to_owned).collect();
    counter.own_rating(page, number, score, aspects, form.key().to_owned()).await
}

/// `POST /follow/{number}/again`: once more, after what was poor was put right.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn rate_again(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<String>,
    form: PostForm,
) -> Result<Response, WebError> {
    let days = counter.cases.hall.figure(crate::words::RATING_AGAIN_DAYS, page.now)?;
    let (counter_, drawn, asked) = (counter.clone(), page.clone(), number.clone());
    let known = counter.cases.hall.store.read(move |tx| counter_.owned(tx, &drawn, &asked)).await;
    let answered = match known {
        Ok(known) => known.case.rated().and_then(|rated| rated.followed_up_at),
        Err(Fault::NotFound) => return Ok(Redirect::to("/follow").into_response()),
        Err(fault) => return Err(fault.into()),
    };
    let until = answered.unwrap_or(page.now).plus_days(days);
    let command = Command::RateAgain { score: form.get("score").parse().unwrap_or(0), until };
    counter.own_step(page, number, command, form.key().to_owned()).await
}

/// `POST /follow/{number}/say`: a message to the office.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn say(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<String>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (own, drawn, asked) = (counter.clone(), page.clone(), number.clone());
    let said = counter
        .cases
        .hall
        .store
        .write(move |tx| {
            let known = own.as_applicant(tx, &drawn, &asked)?;
            own.cases.said(tx, &drawn, &known, ("from_applicant", form.get("text"), form.key()))
        })
        .await;
    counter.followed(page, number, said, StepGiven::default()).await
}

/// `POST /follow/{number}/notices`: whether she is told outside of the platform or looks herself.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn notices(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<String>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (own, drawn, asked) = (counter.clone(), page.clone(), number.clone());
    let kept = counter.cases.hall.store.write(move |tx| {
        let known = own.as_applicant(tx, &drawn, &asked)?;
        let quiet = match form.get("tell") {
            "yes" => false,
            "no" => true,
            _ => return Err(Refusal::new(Code::FormChoice).field("tell").with("label", "tell").into()),
        };
        Ok::<_, Fault>(cases::set_quiet(tx, (district(&known.case), known.case.id.0), quiet, drawn.now)?)
    });
    counter.followed(page, number, kept.await, StepGiven::default()).await
}

impl Counter {
    /// Returns the cookie that lets the visitor follow one case.
    ///
    /// # Errors
    /// Never fails today. The signature allows for a key that is not there.
    pub fn pass_cookie(&self, page: &Page, district: PlaceId, id: Uuid) -> Result<String, WebError> {
        let pass = Pass { district, id, until: page.now.plus_seconds(PASS_SECONDS) };
        let secure = if self.https { "; Secure" } else { "" };
        Ok(format!(
            "{PASS_COOKIE}={}; Path=/; Max-Age={PASS_SECONDS}; HttpOnly; SameSite=Lax{secure}",
            self.cases.pass_key.write(&pass)
        ))
    }

    /// Returns the case whose number and telephone these are. There is one refusal for every way of being wrong. `from`
    /// is where the guess came from: a network address, or a system that asks for its own users.
    ///
    /// # Errors
    /// Refuses with `case.not_found`, and after too many attempts.
    pub async fn prove(&self, from: &str, number: &str, telephone: &str, now: Instant) -> Result<Known, Fault> {
        let tries = self.tries(from, "follow", Some(number), now)?;
        let (desk, asked, given) = (self.cases.clone(), number.to_owned(), telephone.to_owned());
        let found = self
            .cases
            .hall
            .store
            .read(move |tx| {
                let known = desk.known_number(tx, &asked)?;
                let (shard, record) = (district(&known.case), known.record()?);
                let matches = match desk.hall.vault.matches(tx, shard, record, PersonField::Telephone, &given) {
                    Err(VaultError::Malformed { .. } | VaultError::Erased) => false,
                    answer => answer?,
                };
                Ok::<_, Fault>(matches.then_some(known))
            })
            .await;
        match found {
            Ok(Some(known)) => Ok(known),
            Ok(None) | Err(Fault::NotFound) => {
                self.tried_in_vain(&tries, now);
                Err(Refusal::new(Code::CaseNotFound).into())
            }
            Err(fault) => Err(fault),
        }
    }

    async fn mine(&self, page: &Page) -> Result<Vec<MyCase>, WebError> {
        let Some(account) = page.visitor.actor.account.filter(|_| !page.visitor.staff()) else { return Ok(Vec::new()) };
        let (desk, drawn) = (self.cases.clone(), page.clone());
        let limit = self.cases.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
        let rows = self
            .cases
            .hall
            .store
            .read(move |tx| {
                let rows = cases::of_account(tx, account, limit)?;
                desk.rows(tx, &drawn, &rows)
            })
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| MyCase { number: row.number, item: row.item, state: row.state, light: row.light })
            .collect())
    }

    /// Does the same as [`Counter::owned`] for what the applicant alone does or reads. Staff who helped her hold a pass
    /// to look, not to speak for her.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub fn as_applicant(&self, tx: &mut dyn store::Tx, page: &Page, number: &str) -> Result<Known, Fault> {
        if page.visitor.staff() { Err(Fault::NotFound) } else { self.owned(tx, page, number) }
    }

    /// Returns the case if the visitor is its applicant, by pass or by her own account.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub fn owned(&self, tx: &mut dyn store::Tx, page: &Page, number: &str) -> Result<Known, Fault> {
        let known = self.cases.known_number(tx, number)?;
        let own = known.applicant.is_some() && known.applicant == page.visitor.actor.account;
        if own || self.cases.passed(&known, page.cookie(PASS_COOKIE).as_deref(), page.now) {
            Ok(known)
        } else {
            Err(Fault::NotFound)
        }
    }

    pub(super) async fn status(
        self: &Arc<Self>,
        page: Page,
        number: String,
        refusal: Option<Refusal>,
        given: StepGiven,
    ) -> Result<Response, WebError> {
        let (counter, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let relation = Relation::applicant(!page.visitor.staff());
        let seen = self
            .cases
            .hall
            .store
            .read(move |tx| {
                let known = counter.owned(tx, &drawn, &asked)?;
                let view = counter.cases.view(tx, &drawn, &known)?;
                let actions =
                    counter.cases.action_forms(&drawn, &known.case, (&drawn.visitor.actor, &relation), &given)?;
                let accesses = counter.cases.hall.vault.accesses(tx, district(&known.case), known.record()?)?;
                let accesses: Vec<AccessLine> = accesses.iter().map(|access| AccessLine::new(&drawn, access)).collect();
                // Her words are hers: staff read them on the case, stating a purpose.
                let own = relation.is_applicant;
                let talk = if own { counter.cases.talk(tx, &drawn, &known, false)? } else { Vec::new() };
                let requests = if own { counter.cases.requests(tx, &drawn, &known)? } else { Vec::new() };
                let quiet = cases::is_quiet(tx, district(&known.case), known.case.id.0)?;
                Ok::<_, Fault>((view, actions, (accesses, talk, requests, quiet), known.case))
            })
            .await;
        let (view, actions, (accesses, talk, requests, quiet), case) = match seen {
            Ok(seen) => seen,
            Err(Fault::NotFound) => return Ok(to_follow(&number).into_response()),
            Err(fault) => return Err(fault.into()),
        };
        let may_rate = relation.is_applicant && self.may_rate(&case, &page)?;
        let rated = case.rated();
        let may_rate_again =
            relation.is_applicant && rated.is_some_and(|rated| rated.followed_up_at.is_some() && rated.again.is_none());
        let may_write = relation.is_applicant && !view.person.is_empty();
        let problem = refusal.as_ref().map(|refusal| Problem::of(refusal, page.lang));
        let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        render_status(
            status,
            &StatusPage {
                post: format!("/follow/{}/act", view.number),
                page,
                view,
                actions,
                accesses,
                talk,
                requests,
                tell: if quiet { "yes" } else { "no" },
                may_rate,
                may_rate_again,
                may_write,
                problem,
            },
        )
    }

    fn may_rate(&self, case: &Case, page: &Page) -> Result<bool, Fault> {
        let until = self.rating_until(case, page)?;
        Ok(case.rating().is_none() && case.ended_at().is_some() && until.is_some_and(|until| page.now < until))
    }

    /// Returns when the window for rating closes: a number of days after the decision.
    fn rating_until(&self, case: &Case, page: &Page) -> Result<Option<kernel::time::Instant>, Fault> {
        let days = self.cases.hall.figure(crate::words::RATING_WINDOW_DAYS, page.now)?;
        Ok(case.ended_at().map(|at| at.plus_days(days)))
    }

    async fn own_step(
        self: &Arc<Self>,
        page: Page,
        number: String,
        command: Command,
        once: String,
    ) -> Result<Response, WebError> {
        let (counter, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let given = StepGiven::of(&command);
        let done = self
            .cases
            .hall
            .store
            .write(move |tx| {
                let known = counter.owned(tx, &drawn, &asked)?;
                let (actor, relation) = (&drawn.visitor.actor, Relation::applicant(!drawn.visitor.staff()));
                let doing = Doing { command: &command, once: &once, actor, relation, now: drawn.now };
                counter.cases.go_on(tx, known, &doing).map(drop)
            })
            .await;
        self.followed(page, number, done, given).await
    }

    /// Leads back to her case, or shows the same page with what was refused. Whoever has no pass gets the form of
    /// number and telephone.
    pub(super) async fn followed(
        self: &Arc<Self>,
        page: Page,
        number: String,
        done: Result<(), Fault>,
        given: StepGiven,
    ) -> Result<Response, WebError> {
        let done = match done {
            Err(Fault::NotFound) => Ok("/follow".to_owned()),
            done => done.map(|()| format!("/follow/{number}")),
        };
        web::answer(done, |refusal| self.status(page, number, Some(refusal), given)).await
    }

    async fn own_rating(
        self: &Arc<Self>,
        page: Page,
        number: String,
        score: u8,
        aspects: BTreeSet<String>,
        once: String,
    ) -> Result<Response, WebError> {
        let (counter, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let known = self.cases.hall.store.read(move |tx| counter.owned(tx, &drawn, &asked)).await;
        let until = match known {
            Ok(known) => self.rating_until(&known.case, &page)?.unwrap_or(page.now),
            Err(Fault::NotFound) => return Ok(Redirect::to("/follow").into_response()),
            Err(fault) => return Err(fault.into()),
        };
        self.own_step(page, number, Command::Rate { score, aspects, comment_handle: None, until }, once).await
    }
}

/// Leads to the form that asks for number and telephone, with the number filled in.
pub fn to_follow(number: &str) -> Redirect {
    Redirect::to(&format!("/follow?number={}", number_only(number)))
}

/// Returns what may stand in a case's number, so that nothing else travels in an address.
fn number_only(number: &str) -> String {
    number.chars().filter(|letter| letter.is_ascii_digit() || *letter == '-').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_number_travels_in_an_address() {
        for (typed, kept) in [
            ("210104-2026-0000001-4", "210104-2026-0000001-4"),
            (" 210104 2026 ", "2101042026"),
            ("1&next=//evil.test", "1"),
            ("１２-3\r\n", "-3"),
            ("", ""),
        ] {
            assert_eq!(number_only(typed), kept, "{typed}");
        }
    }
}
