//! The sessions of a mediation and the proposals that were made: when, where, who came, what was said. What one side
//! said alone opens for the mediator who wrote it down, for a purpose.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::Looking;
use hall::{Fault, PurposeFields, Sent, Stated};
use kernel::case::Case;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError, render_status};

use super::clauses::choices;
use super::point::room_told;
use super::{LABELS, time_in};
use crate::Hearings;
use crate::actions::consents::consents;
use crate::actions::guarding::guarded;
use crate::actions::inside::{Change, Deed, handles};
use crate::actions::reading::{Proposal, Session};
use crate::actions::rooms::{Arranging, Coming, Taken, arranged};
use crate::actions::told::member_told;
use crate::records;
use crate::rules::asking::asked;
use crate::rules::people::consents as agrees;
use crate::rules::room::time_faults;
use crate::rules::session::{asks, awaits, faults, is_caucus, is_held_in, is_met_in, open_ways, proposal_faults};
use crate::rules::talk_day::{clock, minute};
use crate::words::SIDES;
use crate::words::asking::{APPLIED, INVITING};
use crate::words::inside::{ANSWERS, KEPT, NewProposal, NewSession, PRESENT, PROPOSERS, Said, WAYS, named};
use crate::words::people::Member;
use crate::words::room::Room;

#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
#[derive(Template)]
#[template(path = "hearings/sessions.html")]
struct SessionsPage {
    page: Page,
    number: String,
    may_write: bool,
    may_arrange: bool,
    /// One of those who are awaited at a session does not agree to go on, so that none is arranged.
    is_unagreed: bool,
    /// The mediation has not begun: sessions come later.
    is_early: bool,
    /// What each side said of the step about which it was asked: the side and its words.
    consents: Vec<(String, String)>,
    sessions: Vec<Line>,
    /// The sessions that are still to come.
    coming: Vec<ComingLine>,
    /// The rooms in which one can be held; none where the hearing point has none.
    rooms: Vec<Choice>,
    proposals: Vec<ProposalLine>,
    typed: Typed,
    ways: Vec<Choice>,
    present: Vec<Choice>,
    /// Who can have made a proposal now; none where nobody agrees to go on.
    proposers: Vec<Choice>,
    why: PurposeFields,
    problems: Vec<Problem>,
}

/// What was typed.
struct Typed {
    held_on: String,
    begins: String,
    place: String,
    invited: String,
    said: String,
    made_on: String,
    proposal: String,
    on: String,
    starts: String,
    ends: String,
}

/// A session that is still to come.
struct ComingLine {
    id: String,
    when: String,
}

/// A session as the page shows it.
struct Line {
    id: String,
    when: String,
    way: String,
    came: String,
    place: String,
    invited: String,
    said: String,
    by: String,
    /// This visitor may open it, stating a purpose.
    opens: bool,
    /// It is sealed to whoever wrote it down.
    is_sealed: bool,
}

/// A proposal as the page shows it.
struct ProposalLine {
    id: String,
    when: String,
    by: String,
    what: String,
    answer: String,
    /// The answers that this visitor may note; none where she may not.
    answers: Vec<Choice>,
}

/// What is read of the sessions of a mediation.
struct Read {
    case: Case,
    sessions: Vec<Session>,
    proposals: Vec<Proposal>,
    coming: Vec<Taken>,
    rooms: Vec<Room>,
    consents: Vec<(String, String)>,
    /// The step about which both sides were asked.
    asked: Option<String>,
}

/// What a form does: it changes the file, or takes a room for a session that is still to come.
enum Doing {
    Change(Change),
    Coming(Coming),
}

/// A look at what one side said alone: which session, what for, by which form.
#[derive(Clone)]
struct Opening {
    session: Uuid,
    purpose: Result<String, Refusal>,
    once: String,
}

/// `GET /cases/{number}/sessions`
///
/// # Errors
/// 404 if this visitor may not see the case, or if it is no mediation.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    desk.sessions_page(page, number.to_string(), &Form::default(), &[]).await
}

/// `POST /cases/{number}/sessions`: a session that was held or is arranged, a proposal that was made, or what came of
/// one.
///
/// # Errors
/// 404 if this visitor may not see the case, no permission, or a failure.
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    let doing = match doing(&page, &form) {
        Ok(doing) => doing,
        Err(faults) => return desk.sessions_page(page, number.to_string(), &form, &faults).await,
    };
    let deed = Deed {
        number: number.to_string(),
        actor: page.visitor.actor.clone(),
        sent: Sent::of(&form, &number),
        once: form.key().to_owned(),
        // The step of the procedure says that there is a record; its words lie in the file alone.
        said: KEPT.to_owned(),
        now: page.now,
    };
    let done = match doing {
        Doing::Change(change) => desk.change(change, deed).await,
        Doing::Coming(coming) => desk.arrange(coming, deed).await,
    };
    match web::settled(done)? {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{number}/sessions")).into_response()),
        Err(refusal) => desk.sessions_page(page, number.to_string(), &form, &[refusal]).await,
    }
}

/// `POST /cases/{number}/sessions/open`: what one side said alone, for the purpose that is stated.
///
/// # Errors
/// 404 if this visitor may not see the case or did not write it down; no permission; a failure.
pub async fn open(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::PersonOpen)?;
    let session = form.get("session").parse::<Uuid>().map_err(|_| WebError::NotFound)?;
    let stated = Stated::of(&form);
    let purpose = desk.hall.purposes.stated(&stated.code, &stated.word);
    let opening = Opening { session, purpose, once: form.key().to_owned() };
    let (here, asked, actor, now) = (desk.clone(), number.to_string(), page.visitor.actor.clone(), page.now);
    let look = move |tx: &mut dyn Tx| {
        let known = here.mediation(tx, &asked, &actor, now)?;
        let purpose = opening.purpose.clone()?;
        let looking = Looking { actor: &actor, purpose: &purpose, now, once: Some(&opening.once) };
        here.open_caucus(tx, &known, opening.session, &looking)
    };
    let opened = web::settled(desk.hall.store.write(look).await)?;
    let refusal = opened.as_ref().err().cloned();
    // What is wrong with the purpose stands beside its field.
    let told: Vec<Refusal> = refusal.iter().filter(|refusal| refusal.field.is_none()).cloned().collect();
    let mut drawn = desk.read_sessions(page, number.to_string(), &form, &told).await?;
    drawn.why = desk.hall.purposes.fields(&drawn.page, &stated, refusal.as_ref());
    if let Ok(said) = opened {
        let said = said.unwrap_or_default();
        for line in drawn.sessions.iter_mut().filter(|line| line.id == session.to_string()) {
            (line.place, line.invited, line.said) = (said.place.clone(), said.invited.clone(), said.said.clone());
            line.opens = false;
        }
    }
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    render_status(status, &drawn)
}

/// What a form does.
///
/// # Errors
/// What is missing or wrong, by its field.
fn doing(page: &Page, form: &Form) -> Result<Doing, Vec<Refusal>> {
    let today = page.today();
    let id = |field: &'static str| {
        let unknown = |_| vec![Refusal::new(Code::FormChoice).field(field)];
        form.get("id").parse::<Uuid>().map_err(unknown)
    };
    match form.get("deed") {
        "propose" => proposal(form, today).map(|proposal| Doing::Change(Change::Propose(proposal))),
        "answer" => Ok(Doing::Change(Change::Answer(id("proposal")?, form.get("answer").to_owned()))),
        "arrange" => arranging(page, form).map(|new| Doing::Coming(Coming::Arrange(new))),
        "call_off" => Ok(Doing::Coming(Coming::CallOff(id("in_room")?))),
        _ => session(form, today).map(|session| Doing::Change(Change::Session(session))),
    }
}

/// The session that a form arranges.
fn arranging(page: &Page, form: &Form) -> Result<Arranging, Vec<Refusal>> {
    let (day, room) = (form.get("on").parse::<Date>().ok(), form.get("in_room").parse::<Uuid>().ok());
    let (starts, ends) = (minute(form.get("starts")), minute(form.get("ends")));
    let mut faults = time_faults(day, (starts, ends), page.today(), page.zone().minute_of_day(page.now));
    faults.extend(room.is_none().then(|| Refusal::new(Code::FormChoice).field("in_room")));
    let read = day.zip(room).zip(starts.zip(ends)).filter(|_| faults.is_empty());
    let Some(((day, room), (begins_at, ends_at))) = read else { return Err(faults) };
    Ok(Arranging { id: Uuid::now_v7(), room, day, begins_at, ends_at })
}

/// The session that a form says.
fn session(form: &Form, today: Date) -> Result<NewSession, Vec<Refusal>> {
    let (held_on, begins_at) = (form.get("held_on").parse::<Date>().ok(), minute(form.get("begins")));
    let undated = held_on.is_none().then(|| Refusal::new(Code::FormDate).field("held_on"));
    let untimed = begins_at.is_none().then(|| Refusal::new(Code::FormInvalid).field("begins"));
    let text = |name: &str| form.get(name).to_owned();
    let session = NewSession {
        id: Uuid::now_v7(),
        held_on: held_on.unwrap_or(today),
        begins_at: begins_at.unwrap_or(0),
        way: text("way"),
        came: form.all("came").into_iter().map(str::to_owned).collect(),
        said: Said { place: text("place_held"), invited: text("invited"), said: text("said") },
    };
    let wrong: Vec<Refusal> = undated.into_iter().chain(untimed).chain(faults(&session, today)).collect();
    if wrong.is_empty() { Ok(session) } else { Err(wrong) }
}

/// The proposal that a form says.
fn proposal(form: &Form, today: Date) -> Result<NewProposal, Vec<Refusal>> {
    let made_on = form.get("made_on").parse::<Date>().ok();
    let undated = made_on.is_none().then(|| Refusal::new(Code::FormDate).field("made_on"));
    let proposal = NewProposal {
        id: Uuid::now_v7(),
        made_on: made_on.unwrap_or(today),
        made_by: form.get("made_by").to_owned(),
        what: form.get("proposal").to_owned(),
    };
    let wrong: Vec<Refusal> = undated.into_iter().chain(proposal_faults(&proposal, today)).collect();
    if wrong.is_empty() { Ok(proposal) } else { Err(wrong) }
}

impl Hearings {
    async fn sessions_page(
        self: &Arc<Self>,
        page: Page,
        number: String,
        form: &Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        render_status(status, &self.read_sessions(page, number, form, faults).await?)
    }

    async fn read_sessions(
        self: &Arc<Self>,
        page: Page,
        number: String,
        form: &Form,
        faults: &[Refusal],
    ) -> Result<SessionsPage, WebError> {
        let (desk, drawn) = (self.clone(), page.clone());
        let read = move |tx: &mut dyn Tx| {
            let known = desk.mediation(tx, &number, &drawn.visitor.actor, drawn.now)?;
            let (key, consents) = (known.key(), desk.said_of_step(tx, &drawn, &known.case)?);
            let (sessions, proposals) = (desk.sessions_here(tx, &key)?, desk.proposals(tx, &key)?);
            let coming = arranged(tx, &known.case)?;
            let rooms = match records::point(tx, &known.case.place)? {
                Some(point) => records::room::rooms(tx, point.district, point.id)?,
                None => Vec::new(),
            };
            let (events, procedure) = (desk.cases.events(tx, &known.case)?, desk.cases.procedure_of(&known.case)?);
            let asked = asked(&events, procedure).map(str::to_owned);
            Ok::<_, Fault>(Read { case: known.case, sessions, proposals, coming, rooms, consents, asked })
        };
        let read = self.hall.store.read(read).await?;
        let why = self.hall.purposes.fields(&page, &Stated::default(), None);
        let handler = handles(&read.case, &page.visitor.actor);
        let today = page.today().to_string();
        let typed = |name: &str| form.get(name).to_owned();
        let day = |name: &str| form.opt(name).map_or_else(|| today.clone(), str::to_owned);
        let room = |room: &Room| Choice::new(room.id.to_string(), room_told(&page, room), form.get("in_room"));
        let agrees = |side: &str| agrees(&read.case, side);
        let open = open_ways(&read.case.state, read.asked.as_deref(), agrees);
        let is_open = |way: &(&str, &str)| open.is_empty() || open.contains(&way.0);
        let ways: Vec<(&str, &str)> = WAYS.into_iter().filter(is_open).collect();
        let makes = |by: &(&str, &str)| asks(by.0).iter().all(|side| agrees(side));
        let proposers: Vec<(&str, &str)> = PROPOSERS.into_iter().filter(makes).collect();
        let came = form.all("came");
        let present = PRESENT.iter().map(|known| Choice {
            chosen: came.contains(&known.0) || (came.is_empty() && known.0 == "mediator"),
            ..Choice::new(known.0, page.t(known.1), "")
        });
        Ok(SessionsPage {
            number: read.case.number.clone(),
            may_write: handler && is_held_in(&read.case.state),
            may_arrange: handler && is_met_in(&read.case.state),
            is_unagreed: !awaits(&read.case.state).iter().all(|side| agrees(side)),
            is_early: [APPLIED, INVITING].contains(&read.case.state.as_str()),
            consents: read.consents,
            sessions: read.sessions.iter().map(|session| line(&page, session)).collect(),
            coming: ahead(&page, &read.coming),
            rooms: read.rooms.iter().map(room).collect(),
            proposals: read.proposals.iter().map(|proposal| proposal_line(&page, proposal, handler)).collect(),
            typed: Typed {
                held_on: day("held_on"),
                begins: typed("begins"),
                place: typed("place_held"),
                invited: typed("invited"),
                said: typed("said"),
                made_on: day("made_on"),
                proposal: typed("proposal"),
                on: typed("on"),
                starts: typed("starts"),
                ends: typed("ends"),
            },
            ways: choices(&page, &ways, form.get("way")),
            present: present.collect(),
            proposers: choices(&page, &proposers, form.get("made_by")),
            why,
            problems: page.problems(LABELS, faults),
            page,
        })
    }
}

impl Hearings {
    /// What each side said of the step about which it was asked, while the mediation goes on.
    fn said_of_step(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Vec<(String, String)>, Fault> {
        if !is_held_in(&case.state) {
            return Ok(Vec::new());
        }
        let events = self.cases.events(tx, case)?;
        let guarded = guarded(&self.hall, tx, case)?;
        let said = consents(page, case, self.cases.procedure_of(case)?, &events, &guarded);
        let mut lines = Vec::new();
        for side in SIDES {
            for (number, words) in said.get(side).into_iter().flatten().enumerate() {
                lines.push((member_told(page, &Member { side, number }.code()), words.clone()));
            }
        }
        Ok(lines)
    }
}

/// The sessions whose day is not over.
fn ahead(page: &Page, coming: &[Taken]) -> Vec<ComingLine> {
    let ahead = coming.iter().filter(|taken| taken.at.day >= page.today());
    ahead.map(|taken| ComingLine { id: taken.at.id.to_string(), when: time_in(page, taken) }).collect()
}

fn line(page: &Page, session: &Session) -> Line {
    let Session { row, said } = session;
    let caucus = is_caucus(&row.way);
    let came: Vec<String> = row.came.split(' ').map(|code| page.t(named(&PRESENT, code))).collect();
    let begins = u32::try_from(row.begins_at).map(clock).unwrap_or_default();
    let is_sealed = caucus || said.is_none();
    let said = said.clone().unwrap_or_default();
    Line {
        id: row.id.to_string(),
        when: format!("{} {begins}", page.date(row.held_on)),
        way: page.t(named(&WAYS, &row.way)),
        came: came.join(page.lang.pick("、", ", ")),
        place: said.place,
        invited: said.invited,
        said: said.said,
        by: row.written_name.clone(),
        opens: caucus && page.visitor.actor.account == Some(row.written_by),
        is_sealed,
    }
}

/// A proposal as the page shows it, with the answers that can be noted where this visitor may note one.
fn proposal_line(page: &Page, proposal: &Proposal, answers: bool) -> ProposalLine {
    let Proposal { row, what } = proposal;
    ProposalLine {
        id: row.id.to_string(),
        when: page.date(row.made_on),
        by: page.t(named(&PROPOSERS, &row.made_by)),
        what: if what.is_empty() { page.t("hearings-erased") } else { what.clone() },
        answer: page.t(named(&ANSWERS, &row.answer)),
        answers: if answers { choices(page, &ANSWERS, &row.answer) } else { Vec::new() },
    }
}
