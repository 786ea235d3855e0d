//! Whoever mediates invites the sides of a dispute here: each gets a code of her own, on a sheet that is handed to her
//! or read out to her. It is shown once; a lost one is made anew for whoever showed who she is.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Known, Looking, ReceiptCode};
use counter::Why as CounterWhy;
use hall::{Fault, Sent};
use kernel::identifier::CaseNumber;
use kernel::language::{Bilingual, Lang};
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use vault::PersonField;
use web::{Choice, InPath, Page, PostForm, Problem, Qr, WebError, render_status, too_often};

use super::LABELS;
use crate::Hearings;
use crate::actions::inviting::{Shown, SideAsked, SideSeen};
use crate::actions::joining::{FIELDS, Joining};
use crate::actions::naming::letter;
use crate::actions::siding::Naming;
use crate::actions::told::member_told;
use crate::refusals::Why;
use crate::rules::people::record_of;
use crate::words::asking::INVITING;
use crate::words::people::Member;
use crate::words::{self, CLASS, SIDES};

/// The papers with which somebody shows who she is. They are called as at the counter.
const PAPERS: [&str; 4] = ["id-card", "household", "permit", "passport"];

#[derive(Template)]
#[template(path = "hearings/invite.html")]
struct InvitePage {
    page: Page,
    number: String,
    sides: Vec<Side>,
    /// The form by which somebody is added to a side.
    joining: Joins,
    papers: Vec<Choice>,
    sheet: Option<Sheet>,
    /// Whether it is asked if the name is of somebody else than the agent of the other side who is called so.
    is_alike: bool,
    problems: Vec<Problem>,
}

/// A side as the page shows it.
struct Side {
    code: String,
    title: String,
    name: String,
    has_code: bool,
    /// Who gave the name by which papers call her.
    named: String,
    /// What was typed as her name.
    typed: String,
    /// Nobody gave it yet: the form stands open.
    is_unnamed: bool,
}

/// The form by which somebody is added to a side: which sides there are, and what was typed.
#[derive(Default)]
struct Joins {
    /// Whether somebody can be added now.
    is_open: bool,
    sides: Vec<Choice>,
    who: words::Side,
}

/// The invitation, while the code is shown.
struct Sheet {
    /// Which of the people of a side it is for.
    side: String,
    title: String,
    /// Her name, in full where it could be opened, else masked.
    name: String,
    class: String,
    place: String,
    /// Who invites her, how they are reached and by when she answers.
    facts: Vec<(String, String)>,
    issuer: String,
    code: String,
    qr: Option<Qr>,
}

/// What the page shows beside the sides: the invitation while the code is shown, and the name that was typed for a side
/// and refused.
#[derive(Default)]
struct Drawn {
    sheet: Option<Sheet>,
    typed: Option<(Member, String)>,
    joins: Option<(&'static str, words::Side)>,
}

/// `GET /cases/{number}/invitation`
///
/// # Errors
/// 404 for everybody who does not mediate this dispute.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    desk.invite_page(page, &number, Drawn::default(), &[]).await
}

/// `POST /cases/{number}/invitation`: gives a side her code, or a new one for a lost one, or takes her name from the
/// paper that was seen.
///
/// # Errors
/// 404 for everybody who does not mediate this dispute.
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    if form.has("join") {
        return desk.take_in(page, &number, form).await;
    }
    let Some(member) = Member::read(form.get("side")) else {
        let label = Bilingual::new("哪一方", "Which side");
        let missing = Refusal::new(Code::FormChoice).with_both("label", &label);
        return desk.invite_page(page, &number, Drawn::default(), &[missing]).await;
    };
    if form.has("real_name") {
        return desk.take_name(page, &number, member, form).await;
    }
    let asked = SideAsked { number: number.to_string(), member, once: form.key().to_owned() };
    let (actor, now) = (page.visitor.actor.clone(), page.now);
    let given = if form.has("renew") {
        let shown = match shown(&page, &form) {
            Ok(shown) => shown,
            Err(refusal) => return desk.invite_page(page, &number, Drawn::default(), &[refusal]).await,
        };
        let guess = desk.counter.guess(&page, "renew").at_number(number.as_str());
        let renewed = desk.counter.guarded(&guess, desk.renew(asked, shown, actor, now)).await;
        renewed.and_then(|given| given.ok_or_else(|| Refusal::new(CounterWhy::CounterProofWrong).into()))
    } else {
        desk.invite(asked, actor, now).await
    };
    match web::settled(given)? {
        Ok((known, code)) => {
            let name = desk.name_on_letter(&page, number.as_str(), member, form.key()).await?;
            let sheet = Sheet { name, ..desk.invitation(&page, &known, member, &code).await? };
            desk.invite_page(page, &number, Drawn { sheet: Some(sheet), ..Drawn::default() }, &[]).await
        }
        Err(refusal) => {
            let again = desk.invite_page(page, &number, Drawn::default(), std::slice::from_ref(&refusal)).await?;
            Ok(too_often(&refusal, again))
        }
    }
}

/// How she showed who she is, as the form says it. She reads it in the language of the city.
fn shown(page: &Page, form: &PostForm) -> Result<Shown, Refusal> {
    let paper = PAPERS.into_iter().find(|paper| *paper == form.get("paper")).ok_or_else(|| {
        let label = Bilingual::new("看了哪种证件", "Which document did you see?");
        Refusal::new(Code::FormChoice).with_both("label", &label)
    })?;
    let texts = &page.frame().texts;
    let paper = texts.get(Lang::Zh, &format!("counter-renew-paper-{paper}"), &[]);
    let purpose = texts.get(Lang::Zh, "counter-renew-purpose", &[("paper", &paper)]);
    let unproved = texts.get(Lang::Zh, "hearings-renew-unproved", &[("paper", &paper)]);
    Ok(Shown { proof: form.get("proof").trim().to_owned(), purpose, unproved })
}

/// Who gave the name by which papers call a side.
fn named_told(page: &Page, seen: &SideSeen) -> String {
    match &seen.named {
        Some(row) if row.by_herself => page.t1("hearings-named-herself", "at", page.minute(row.named_at)),
        Some(row) => page.t2("hearings-named-by", "name", &row.named_name, "at", page.minute(row.named_at)),
        None if seen.applied => page.t("hearings-named-applied"),
        None => page.t("hearings-named-none"),
    }
}

impl Hearings {
    /// Takes the name of a side from the paper that was seen, as a form says it.
    async fn take_name(
        self: &Arc<Self>,
        page: Page,
        number: &CaseNumber,
        member: Member,
        form: PostForm,
    ) -> Result<Response, WebError> {
        let typed = form.get("real_name").to_owned();
        let naming = Naming {
            number: number.to_string(),
            member,
            name: typed.clone(),
            sent: Sent::of(&form, number),
            purpose: page.in_chinese("hearings-name-taken"),
            told_apart: form.has("told_apart"),
        };
        match web::settled(self.name_side(naming, page.visitor.actor.clone(), page.now).await)? {
            Ok(()) => Ok(Redirect::to(&format!("/cases/{number}/invitation")).into_response()),
            Err(refusal) => {
                let drawn = Drawn { typed: Some((member, typed)), ..Drawn::default() };
                self.invite_page(page, number, drawn, &[refusal]).await
            }
        }
    }

    /// Adds somebody to a side, as a form says it.
    async fn take_in(self: &Arc<Self>, page: Page, number: &CaseNumber, form: PostForm) -> Result<Response, WebError> {
        let text = |name: &str| form.get(name).trim().to_owned();
        let [name, telephone, address] = FIELDS.map(text);
        let who = words::Side { name, telephone, address };
        let side = SIDES.into_iter().find(|side| *side == form.get("join"));
        let Some(side) = side else {
            let missing = Refusal::new(Code::FormChoice).field("join");
            return self.invite_page(page, number, Drawn::default(), &[missing]).await;
        };
        let joining = Joining {
            number: number.to_string(),
            side,
            who: who.clone(),
            told_apart: form.has("told_apart"),
            sent: Sent::of(&form, number),
            once: form.key().to_owned(),
        };
        match web::settled(self.join(joining, page.visitor.actor.clone(), page.now).await)? {
            Ok(()) => Ok(Redirect::to(&format!("/cases/{number}/invitation")).into_response()),
            Err(refusal) => {
                let drawn = Drawn { joins: Some((side, who)), ..Drawn::default() };
                self.invite_page(page, number, drawn, &[refusal]).await
            }
        }
    }

    /// The name that the letter bears: it is for her, so it is in full. She reads in the log that it was opened; empty
    /// where this visitor may not open it.
    async fn name_on_letter(
        self: &Arc<Self>,
        page: &Page,
        number: &str,
        member: Member,
        once: &str,
    ) -> Result<String, WebError> {
        let (desk, asked, actor, now) = (self.clone(), number.to_owned(), page.visitor.actor.clone(), page.now);
        let (purpose, once) = (page.in_chinese("hearings-letter-purpose"), format!("{once}/letter"));
        let open = move |tx: &mut dyn Tx| {
            let known = desk.mediated(tx, &asked, &actor, now)?;
            let record = record_of(&known.case, member).ok_or(Fault::NotFound)?;
            let looking = Looking { actor: &actor, purpose: &purpose, now, once: Some(&once) };
            let person = desk.cases.open_party(tx, &known, record, &looking)?;
            Ok::<_, Fault>(person.get(PersonField::Name).map(|name| name.expose().clone()))
        };
        let opened = web::settled(self.hall.store.write(open).await)?;
        Ok(opened.ok().flatten().unwrap_or_default())
    }

    /// The invitation of a party with her code.
    async fn invitation(
        self: &Arc<Self>,
        page: &Page,
        known: &Known,
        member: Member,
        code: &ReceiptCode,
    ) -> Result<Sheet, WebError> {
        let (here, drawn, read) = (self.clone(), page.clone(), known.case.clone());
        let read = move |tx: &mut dyn Tx| letter(&here.bodies, &here.hall, tx, &drawn, &read);
        let letter = self.hall.store.read(read).await?;
        let case = &known.case;
        let class = case.fields.get(CLASS).and_then(|code| self.classes.get(code));
        let qr = Qr::of(&format!("{}/follow#{}.{}", self.counter.public_url, case.number, code.plain()));
        Ok(Sheet {
            side: member.code(),
            title: member_told(page, &member.code()),
            name: String::new(),
            facts: letter.facts(page),
            issuer: letter.committee,
            class: class.map(|class| page.of(class.alone()).to_owned()).unwrap_or_default(),
            place: self.hall.places.tree().chain(&case.office.place, page.lang),
            code: code.grouped(),
            qr,
        })
    }

    async fn invite_page(
        self: &Arc<Self>,
        page: Page,
        number: &CaseNumber,
        drawn: Drawn,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let Drawn { sheet, typed, joins } = drawn;
        let (known, sides) = self.sides(number.to_string(), page.visitor.actor.clone(), page.now).await?;
        let side = |seen: SideSeen| Side {
            title: member_told(&page, &seen.member.code()),
            named: named_told(&page, &seen),
            typed: typed.as_ref().filter(|one| one.0 == seen.member).map(|one| one.1.clone()).unwrap_or_default(),
            is_unnamed: seen.named.is_none() && !seen.applied,
            code: seen.member.code(),
            name: seen.name,
            has_code: seen.has_code,
        };
        let sides: Vec<Side> = sides.into_iter().map(side).collect();
        let addressed = |sheet: Sheet| {
            if !sheet.name.is_empty() {
                return sheet;
            }
            let name = sides.iter().find(|side| side.code == sheet.side).map(|side| side.name.clone());
            Sheet { name: name.unwrap_or_default(), ..sheet }
        };
        let sheet = sheet.map(addressed);
        let (chosen, who) = joins.unwrap_or(("", words::Side::default()));
        let choice = |side: &str| Choice::new(side, page.t(&format!("hearings-side-{side}")), chosen);
        let is_open = [INVITING, "talks"].contains(&known.case.state.as_str());
        let joining = Joins { is_open, sides: SIDES.map(choice).into(), who };
        let paper = |paper: &str| Choice::new(paper, page.t(&format!("counter-renew-paper-{paper}")), "");
        let papers = PAPERS.into_iter().map(paper).collect();
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let problems = page.problems(LABELS, faults);
        let is_alike = faults.iter().any(|fault| fault.code == Why::HearingsPartyActs);
        let number = number.to_string();
        render_status(status, &InvitePage { page, number, sides, joining, papers, sheet, is_alike, problems })
    }
}
