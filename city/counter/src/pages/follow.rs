//! These pages let an applicant, and every other party whose record is sealed, follow a case with its number and the
//! code of her receipt: where it is, what is next, and who looked at her data. She supplies papers and withdraws here.
//! Number and telephone alone show how far the case is, and nothing personal.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use cases::kind::{Kind, PartyStep, Picture};
use cases::{ActionForm, CaseView, Doing, Hearer, RequestLine, TalkLine, events_of};
use cases::{Known, NoticeLine, Saying, StepGiven, Unkept};
use hall::{AccessPage, Fault};
use house::BesideLink;
use kernel::case::{Acting, Case, Command, Event, Recorded};
use kernel::identifier::CaseNumber;
use kernel::procedure::By;
use kernel::refusal::{Code, Refusal};
use web::{InPath, Light, Page, PostForm, Problem, WebError, render, render_status};

use super::followed::Followed;
use super::handing::HANDED_IN;
use super::notices::Buttons;
use super::proof::{FOLLOWING, Proved, Typed};
use crate::{Counter, Why};

#[derive(Template)]
#[template(path = "counter/follow.html")]
struct FollowPage {
    page: Page,
    number: String,
    telephone: String,
    /// What was refused of the whole form.
    problem: Option<Problem>,
    /// The fields that were left empty.
    missing: Vec<Problem>,
    /// Where the number and her code belong if she joined what somebody else brought up.
    joined: Option<BesideLink>,
    /// Her code as she typed it, which a form of its own takes there; empty where nothing leads there.
    code: String,
    mine: Vec<MyCase>,
    notices: Vec<NoticeLine>,
}

/// A case of the signed-in resident.
struct MyCase {
    number: String,
    item: String,
    state: String,
    light: Light,
    said: String,
}

#[derive(Template)]
#[template(path = "counter/status.html")]
struct StatusPage {
    page: Page,
    post: String,
    /// What kind of case it is, whose department chooses some of the words.
    kind: Option<Arc<dyn Kind>>,
    /// What that department tells of it: words and what they say.
    told: Vec<(String, String)>,
    /// That department's own pages about it.
    links: Vec<BesideLink>,
    view: CaseView,
    actions: Vec<ActionForm>,
    /// What was typed into a step that is not among them.
    unkept: Option<Unkept>,
    /// The step by which she hands in what she was asked for.
    hand_in: Option<ActionForm>,
    /// The key of what is said after she handed in what she was asked for; empty where she did not.
    done: &'static str,
    /// The step of her own that she just took; none where she came from elsewhere.
    did: Option<String>,
    accesses: AccessPage,
    talk: Vec<TalkLine>,
    requests: Vec<RequestLine>,
    /// The pictures that she sent in herself.
    pictures: Vec<Picture>,
    /// What the buttons of her messages say.
    buttons: Buttons,
    may_rate: bool,
    may_rate_again: bool,
    may_write: bool,
    /// The address of her receipt; empty for another party than the applicant, who has neither receipt nor letters.
    receipt: String,
    problem: Option<Problem>,
}

impl StatusPage {
    /// The text of a key, or of the one that the department of the case has in its place.
    fn say(&self, key: &'static str) -> String {
        self.page.t(self.kind.as_ref().map_or(key, |kind| kind.words(key)))
    }

    /// Whether the case waits for what she can do now: then that comes first.
    fn asks_her(&self) -> bool {
        let usual = |action: &ActionForm| action.primary && action.from.is_none();
        let is_asked = self.view.first.turn.is_some() || self.view.first.own.question.is_some();
        is_asked && self.actions.iter().any(usual)
    }

    /// The office that does it.
    fn office(&self) -> &str {
        let done = self.view.first.done.as_ref().and_then(|done| done.office.as_deref());
        done.unwrap_or(&self.view.office)
    }

    /// She may write to the office and read what it wrote to her, whichever party she is.
    fn may_talk(&self) -> bool {
        !self.page.visitor.staff() && self.view.seals_words()
    }

    /// She left data of her own: she can have them shown and corrected, and is told of what happens.
    fn has_data(&self) -> bool {
        !self.page.visitor.staff() && !self.view.person.is_empty()
    }

    /// Whether something was said to her that she has not answered: then that comes before how it stands.
    fn is_spoken_to(&self) -> bool {
        let waits = |line: &TalkLine| line.kind == "to_applicant" && !line.is_seen;
        self.may_talk() && !self.view.ended && self.talk.iter().any(waits)
    }
}

/// The key of what is said after she handed in: whether anything is left for her to do, which stands below.
fn after_hand_in(view: &CaseView) -> &'static str {
    let lacks = !view.missing.is_empty() || !view.missing_reason.is_empty() || !view.to_bring.is_empty();
    if lacks || view.waits_for == "applicant" { "counter-asked-done-left" } else { "counter-asked-done-next" }
}

/// What somebody who takes part sees of a case.
struct Seen {
    view: CaseView,
    actions: Vec<ActionForm>,
    unkept: Option<Unkept>,
    accesses: AccessPage,
    talk: Vec<TalkLine>,
    requests: Vec<RequestLine>,
    pictures: Vec<Picture>,
    buttons: Buttons,
    case: Case,
    /// Whether she is the applicant.
    own: bool,
    /// The pages of its department for her.
    links: Vec<BesideLink>,
    /// The step of her own that she just took; none where she came from elsewhere.
    did: Option<String>,
}

/// `GET /follow`. A number of another kind leads to the page that knows it.
pub async fn get(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    let number = page.query.get("number").to_owned();
    if let Some(known) = counter.shown.numbered(&number) {
        return Ok(Redirect::to(&known).into_response());
    }
    let (mine, notices) = (counter.mine(&page).await?, counter.cases.clone().unread_notices(&page).await?);
    let [telephone, code] = [const { String::new() }; 2];
    let (problem, missing, joined) = (None, Vec::new(), None);
    render(&FollowPage { page, number, telephone, problem, missing, joined, code, mine, notices })
}

/// `POST /follow`: checks number and code and hands out a pass; without a code it shows how far the case is. A wrong
/// number, a wrong telephone and a wrong code get the same answer. A number of another kind is sent on as it is, with
/// its code, to the page that knows it, and so is the code of whoever joined a case. Who is done has the pass taken
/// away.
pub async fn post(State(counter): State<Arc<Counter>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    if form.has("done") {
        return Ok(([(SET_COOKIE, counter.no_pass())], Redirect::to("/follow")).into_response());
    }
    if let Some(known) = counter.shown.numbered(form.get("number")) {
        return Ok(Redirect::temporary(&known).into_response());
    }
    let typed = Typed {
        number: form.get("number").to_owned(),
        telephone: form.get("telephone").to_owned(),
        code: form.get("code").to_owned(),
    };
    let missing = missing(&page, &typed);
    if !missing.is_empty() {
        return counter.asked_again(page, typed, &missing).await;
    }
    let parties = !page.visitor.staff();
    let guess = typed.counted(counter.guess(&page, FOLLOWING));
    match web::settled(counter.proved(&guess, &typed, parties).await)? {
        Ok(Proved::Glance(known)) => counter.glance(page, known).await,
        // The page where she reads of it takes number and code as they were sent.
        Ok(Proved::Joined) => {
            let link =
                CaseNumber::parse(&typed.number).ok().and_then(|asked| counter.cases.kinds.joined(&page, &asked));
            link.map(|link| Redirect::temporary(&link.href).into_response()).ok_or(WebError::NotFound)
        }
        Ok(Proved::Whole(known, record)) => {
            let pass = counter.proof_cookie(&page, &known, record, &typed.code);
            let cookies = std::iter::once(pass).chain(counter.known_device(&guess)?);
            let target = if page.visitor.staff() {
                format!("/cases/{}", known.case.number)
            } else {
                format!("/follow/{}", known.case.number)
            };
            let cookies = AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)));
            Ok((cookies, Redirect::to(&target)).into_response())
        }
        Err(refusal) => {
            let again = counter.asked_again(page, typed, std::slice::from_ref(&refusal)).await?;
            Ok(web::too_often(&refusal, again))
        }
    }
}

/// Returns what was left empty: the number, and both the code and the telephone, of which one is enough.
fn missing(page: &Page, typed: &Typed) -> Vec<Refusal> {
    let is_empty = |text: &str| text.trim().is_empty();
    let number = Refusal::new(Code::FormMissing).field("number").with("label", page.t("cases-number"));
    let proof = Refusal::new(Why::CounterProofMissing).field("code");
    let number = is_empty(&typed.number).then_some(number);
    number.into_iter().chain((is_empty(&typed.code) && is_empty(&typed.telephone)).then_some(proof)).collect()
}

impl Counter {
    /// Shows the form again with what was typed, but for the code: that stands only in the form that takes it to where
    /// it may belong.
    async fn asked_again(
        self: &Arc<Self>,
        page: Page,
        typed: Typed,
        refusals: &[Refusal],
    ) -> Result<Response, WebError> {
        let Typed { number, telephone, code } = typed;
        let (mine, notices) = (self.mine(&page).await?, self.cases.clone().unread_notices(&page).await?);
        let problems = refusals.iter().map(|refusal| page.problem(refusal));
        let (whole, missing): (Vec<_>, Vec<_>) = problems.partition(|problem| problem.field.is_empty());
        let problem = whole.into_iter().next();
        let asked = CaseNumber::parse(&number).ok().filter(|_| problem.is_some() && !code.trim().is_empty());
        let joined = asked.and_then(|asked| self.cases.kinds.joined(&page, &asked));
        let code = if joined.is_some() { code } else { String::new() };
        let again = FollowPage { page, number, telephone, problem, missing, joined, code, mine, notices };
        render_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
    }
}

/// `GET /follow/{number}`
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn status(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<Followed>,
) -> Result<Response, WebError> {
    counter.status(page, number, None, StepGiven::default()).await
}

/// `POST /follow/{number}/say`: a message to the office, from the applicant or another party.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn say(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (own, drawn, asked) = (counter.clone(), page.clone(), number.clone());
    let said = counter
        .cases
        .hall
        .store
        .write(move |tx| {
            let (known, party) = own.speaking(tx, &drawn, asked.number()?)?;
            let saying = Saying { kind: "from_applicant", text: form.get("text"), once: form.key(), party };
            own.cases.said(tx, &drawn, &known, saying)
        })
        .await;
    counter.followed(page, number, said, StepGiven::default()).await
}

impl Counter {
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
            .map(|row| MyCase {
                number: row.number,
                item: row.item,
                state: row.state,
                light: row.light,
                said: row.said,
            })
            .collect())
    }

    pub(super) async fn status(
        self: &Arc<Self>,
        page: Page,
        number: Followed,
        refusal: Option<Refusal>,
        given: StepGiven,
    ) -> Result<Response, WebError> {
        let (counter, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let seen = self.cases.hall.store.read(move |tx| counter.seen(tx, &drawn, asked.number()?, &given)).await;
        let seen = match seen {
            Ok(seen) => seen,
            Err(Fault::NotFound) => return Ok(number.to_form().into_response()),
            Err(fault) => return Err(fault.into()),
        };
        let Seen { view, actions, accesses, talk, requests, pictures, buttons, case, own, did, links, unkept } = seen;
        let may_rate = own && self.may_rate(&case, &page)?;
        let rated = case.rated();
        let may_rate_again = own && rated.is_some_and(|rated| rated.followed_up_at.is_some() && rated.again.is_none());
        let may_write = own && !view.person.is_empty();
        let receipt = if own || page.visitor.staff() { format!("/receipt/{}", view.number) } else { String::new() };
        let hands = view.asked.as_ref().map(|asked| asked.hand_in.clone());
        let (hand_in, actions): (Vec<_>, Vec<_>) =
            actions.into_iter().partition(|action| hands.as_ref() == Some(&action.name));
        let handed_in = page.query.get("done") == HANDED_IN && view.asked.is_none();
        let done = if handed_in { after_hand_in(&view) } else { "" };
        let problem = refusal.as_ref().map(|refusal| page.problem(refusal));
        let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let kind = self.cases.kinds.get(&case.kind);
        render_status(
            status,
            &StatusPage {
                post: format!("/follow/{}/act", view.number),
                told: kind.as_ref().map(|kind| kind.told(&view.words.told(&page, &case), &page)).unwrap_or_default(),
                links,
                kind,
                page,
                view,
                actions,
                unkept,
                hand_in: hand_in.into_iter().next(),
                done,
                did,
                accesses,
                talk,
                requests,
                pictures,
                buttons,
                may_rate,
                may_rate_again,
                may_write,
                receipt,
                problem,
            },
        )
    }

    /// Reads what somebody who takes part sees of a case. Another party than the applicant sees her own data, and who
    /// looked at them; what each of them said and asked is her own.
    fn seen(&self, tx: &mut dyn store::Tx, page: &Page, number: &CaseNumber, given: &StepGiven) -> Result<Seen, Fault> {
        let (known, relation) = self.taking_part(tx, page, number)?;
        let other = relation.record.filter(|record| Some(*record) != known.person);
        let hearer = other.map_or(Hearer::Person, Hearer::Party);
        let (talk, requests) = if page.visitor.staff() {
            (Vec::new(), Vec::new())
        } else {
            (self.cases.talk(tx, page, &known, hearer)?, self.cases.requests(tx, page, &known, hearer)?)
        };
        let known = Known { person: relation.record.or(known.person), ..known };
        let key = known.key();
        // Her words are hers: staff read them on the case, stating a purpose.
        let own = relation.is_applicant;
        let acting = Acting { actor: &page.visitor.actor, relation: &relation };
        let at = format!("/follow/{}", known.case.number);
        let accesses = self.cases.hall.accesses(tx, page, &at, &[(key.district, known.record()?)])?;
        let actions = self.cases.action_forms(tx, page, &known.case, acting, given)?;
        Ok(Seen {
            view: self.cases.view(tx, page, &known)?,
            unkept: self.cases.unkept(page, &known.case, given, &actions)?,
            actions,
            accesses,
            talk,
            requests,
            pictures: match self.cases.kinds.get(&known.case.kind).zip(known.person.filter(|_| own)) {
                Some((kind, record)) => kind.own_pictures(tx, page, &known.case, record)?,
                None => Vec::new(),
            },
            buttons: self.message_buttons(tx, &key, other)?,
            did: self.did(tx, page, &known.case)?,
            own,
            links: match self.cases.kinds.get(&known.case.kind) {
                Some(kind) => kind.own_links(&known.case, page, known.person),
                None => Vec::new(),
            },
            case: known.case,
        })
    }

    /// The step of her own by which she came to the page again, as its kind calls what she did; none where she came
    /// from elsewhere.
    fn did(&self, tx: &mut dyn store::Tx, page: &Page, case: &Case) -> Result<Option<String>, Fault> {
        let name = page.query.get("done");
        let Ok(procedure) = self.cases.procedure_of(case) else { return Ok(None) };
        let Some(action) = procedure.actions.get(name) else { return Ok(None) };
        if !matches!(action.by, By::Applicant | By::Party(_)) {
            return Ok(None);
        }
        let events = events_of(tx, case)?;
        let is_it = |one: &Recorded| matches!(&one.event, Event::Acted { action, .. } if action == name);
        let until = events.iter().rposition(is_it).and_then(|last| events.get(..=last)).unwrap_or_default();
        let step = PartyStep { action, procedure, until, to_staff: page.visitor.staff(), record: None };
        let meant = self.cases.kinds.get(&case.kind).and_then(|kind| kind.party_meant(page, &step));
        Ok(Some(meant.unwrap_or_else(|| page.of(&action.title).to_owned())))
    }

    /// Takes a step of hers and leads back to her case.
    ///
    /// # Errors
    /// What failed for another reason than a rule.
    pub(super) async fn own_step(
        self: &Arc<Self>,
        page: Page,
        number: Followed,
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
                let (known, relation) = counter.taking_part(tx, &drawn, asked.number()?)?;
                let command = counter.cases.as_kept(&known.case, command.clone())?;
                let actor = &drawn.visitor.actor;
                let doing = Doing { command: &command, once: &once, actor, relation, drawn: None, now: drawn.now };
                counter.cases.go_on(tx, known, &doing).map(drop)
            })
            .await;
        self.followed(page, number, done, given).await
    }

    /// Tells whoever takes part that what was not found is gone; to everybody else there is no such case.
    ///
    /// # Errors
    /// What was wrong, and a failure of the store.
    pub async fn missing_told(
        self: &Arc<Self>,
        page: &Page,
        number: &Followed,
        done: Result<(), Fault>,
    ) -> Result<(), Fault> {
        if page.visitor.staff() || !matches!(done, Err(Fault::NotFound)) {
            return done;
        }
        let (counter, drawn, number) = (self.clone(), page.clone(), number.number()?.clone());
        self.cases.hall.store.read(move |tx| counter.taking_part(tx, &drawn, &number).map(drop)).await?;
        Err(Refusal::new(Why::CounterThingGone).into())
    }

    /// Leads back to her case, or shows the page again with what was refused; without a pass, the form of the code.
    ///
    /// # Errors
    /// What failed for another reason than a rule.
    pub async fn followed(
        self: &Arc<Self>,
        page: Page,
        number: Followed,
        done: Result<(), Fault>,
        given: StepGiven,
    ) -> Result<Response, WebError> {
        let done = match self.missing_told(&page, &number, done).await {
            Err(Fault::NotFound) => Ok("/follow".to_owned()),
            done => done.map(|()| format!("/follow/{number}")),
        };
        let again = |refusal| {
            let given = given.after(&refusal);
            self.status(page, number, Some(refusal), given)
        };
        web::answer(done, again).await
    }
}
