//! The page of powers of attorney: who may act for whom, what he may do, until when, and who saw the paper. Whoever
//! mediates writes them down; a party names one of her own side herself, and takes back what she gave.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::{Known, events_of};
use hall::{Fault, Sent};
use kernel::case::{BY_AGENT, Case, Event, Recorded};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError, render, render_status};

use super::LABELS;
use crate::Hearings;
use crate::actions::powers::powers_of;
use crate::actions::told::{agent_told, member_told, special_told};
use crate::records::powers::files;
use crate::refusals::Why;
use crate::rules::people::members;
use crate::words::HEARINGS_REPRESENTATIVES;
use crate::words::people::Member;
use crate::words::power::{NewPower, Power, PowerDeed, PowerFile, SPECIALS};

/// Why a power is refused whose agent is called as somebody is who cannot be one.
const ALIKE: [Code; 2] = [Why::HearingsAgentMediates, Why::HearingsAgentOther];

#[derive(Template)]
#[template(path = "hearings/powers.html")]
struct PowersPage {
    page: Page,
    number: String,
    /// Where its forms are sent.
    here: String,
    /// A party reads it.
    is_own: bool,
    powers: Vec<Line>,
    /// Who may give one; empty for a party, who gives her own.
    givers: Vec<Choice>,
    /// Who of the own side may represent; the first is nobody.
    fellows: Vec<Choice>,
    specials: Vec<Choice>,
    /// How many may represent a side.
    most: i64,
    /// Whether one can be given now.
    is_open: bool,
    /// Whether it is asked if the agent is somebody else of the same name.
    is_alike: bool,
    form: Form,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "hearings/power_code.html")]
struct CodePage {
    page: Page,
    number: String,
    /// Where the powers stand.
    back: String,
    code: String,
}

/// A power as the page shows it.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
struct Line {
    id: String,
    giver: String,
    agent: String,
    special: String,
    until: String,
    paper: String,
    /// Who added its paper as a file, and when; empty where nobody did.
    file: String,
    /// What was said by it, each time in words.
    said: Vec<String>,
    /// Whether its agent is a guardian: his paper shows that he is.
    is_guardian: bool,
    /// Whether it can be taken back here.
    can_end: bool,
    /// Whether its paper can be added here as a file.
    can_add: bool,
    /// Whether its code can be given here, with which it is used online.
    has_code: bool,
    /// Whether it can be noted here that its paper was seen.
    can_see: bool,
    /// That was refused, and stands beside its day.
    is_refused: bool,
}

/// Whose page it is.
#[derive(Clone, Copy)]
enum Reads {
    /// Whoever mediates.
    Staff,
    /// One of the parties.
    Party(Member),
}

/// What is read for the page.
struct Read {
    known: Known,
    reads: Reads,
    powers: Vec<Power>,
    /// The papers that were added as files.
    files: Vec<PowerFile>,
    /// What was said by powers.
    said: Vec<SaidBy>,
    most: i64,
}

/// A step that an agent took, or that was noted for him.
struct SaidBy {
    /// The identity of the power.
    power: String,
    /// When and what, in words.
    told: String,
}

/// `GET /cases/{number}/powers`
///
/// # Errors
/// 404 for everybody who does not mediate this dispute.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    desk.powers_page(page, number, Form::default(), &[]).await
}

/// `POST /cases/{number}/powers`: writes one down, or that one was taken back.
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    if let Some(power) = form.opt("code_of") {
        return desk.code_page(page, number, power, &form).await;
    }
    let (actor, now, sent) = (page.visitor.actor.clone(), page.now, Sent::of(&form, &number));
    let done = match deed(&form) {
        Ok(deed) => desk.change_powers(number.to_string(), deed, sent, actor, now).await,
        Err(fault) => Err(fault),
    };
    let done = done.map(|()| format!("/cases/{number}/powers"));
    let again = |refusal| async move { desk.powers_page(page, number, form.into_form(), &[refusal]).await };
    web::answer(done, again).await
}

/// `GET /follow/{number}/powers`: for a party.
///
/// # Errors
/// 404 for everybody who is no party of this mediation.
pub async fn own(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    desk.powers_page(page, number, Form::default(), &[]).await
}

/// `POST /follow/{number}/powers`: names one of her own side, or takes back what she gave.
///
/// # Errors
/// As [`own`].
pub async fn owned(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    if let Some(power) = form.opt("code_of") {
        return desk.code_page(page, number, power, &form).await;
    }
    let done = match deed(&form) {
        Ok(deed) => {
            let (here, drawn, asked, sent) = (desk.clone(), page.clone(), number.clone(), Sent::of(&form, &number));
            let write = move |tx: &mut dyn Tx| here.change_own_powers(tx, &drawn, &asked, &deed, &sent);
            desk.hall.store.write(write).await
        }
        Err(fault) => Err(fault),
    };
    let done = done.map(|()| format!("/follow/{number}/powers"));
    let again = |refusal| async move { desk.powers_page(page, number, form.into_form(), &[refusal]).await };
    web::answer(done, again).await
}

/// What a form does: it takes a power back, says that its paper was seen, or gives one.
///
/// # Errors
/// `NotFound` for what is no power; a day that is none, by its field.
fn deed(form: &PostForm) -> Result<PowerDeed, Fault> {
    if let Some(id) = form.opt("seen") {
        let id = Uuid::parse_str(id).map_err(|_| Fault::NotFound)?;
        let paper_on = form.get("seen_on").trim().parse::<Date>();
        return match paper_on {
            Ok(paper_on) => Ok(PowerDeed::Seen(id, paper_on)),
            Err(_) => Err(Refusal::new(Code::FormDate).field("seen_on").into()),
        };
    }
    match form.opt("withdraw") {
        Some(id) => Uuid::parse_str(id).map(PowerDeed::TakeBack).map_err(|_| Fault::NotFound),
        None => Ok(PowerDeed::Give(read(form)?)),
    }
}

/// The power that a form says.
///
/// # Errors
/// A day that is none, by its field.
fn read(form: &PostForm) -> Result<NewPower, Refusal> {
    let text = |name: &str| form.get(name).trim().to_owned();
    let day = |name: &'static str| match text(name).as_str() {
        "" => Ok(None),
        typed => typed.parse::<Date>().map(Some).map_err(|_| Refusal::new(Code::FormDate).field(name)),
    };
    let special: BTreeSet<&str> = form.all("special").into_iter().collect();
    Ok(NewPower {
        giver: text("giver"),
        fellow: text("fellow"),
        name: text("agent"),
        special: special.into_iter().map(str::to_owned).collect(),
        guardian: form.has("guardian"),
        until_on: day("until_on")?,
        paper_on: day("paper_on")?,
        told_apart: form.has("told_apart"),
    })
}

impl Hearings {
    fn read_powers(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<Read, Fault> {
        let (known, reads) = if page.visitor.staff() {
            (self.mediated(tx, number.as_str(), &page.visitor.actor, page.now)?, Reads::Staff)
        } else {
            let (known, _, member) = self.own_side(tx, page, number)?;
            (known, Reads::Party(member))
        };
        let mut powers = powers_of(&self.hall, tx, &known.key())?;
        if let Reads::Party(member) = reads {
            // Of the others she reads nothing.
            powers.retain(|power| power.row.giver == member.code() || power.row.fellow == member.code());
        }
        let most = i64::from(self.hall.figure_at(HEARINGS_REPRESENTATIVES, &known.case.place, page.today())?);
        let files = files(tx, &known.key())?;
        let said = self.said_by(tx, page, &known.case)?;
        Ok(Read { known, reads, powers, files, said, most })
    }

    /// What was said by powers in a mediation, the oldest first.
    fn said_by(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Vec<SaidBy>, Fault> {
        let procedure = self.cases.procedure_of(case)?;
        let said = |one: &Recorded| {
            let Event::Acted { action, fields, .. } = &one.event else { return None };
            let power = fields.get(BY_AGENT).filter(|power| !power.is_empty())?;
            let step = page.of(procedure.actions.get(action)?.told());
            let date = page.date(page.zone().date(one.at));
            Some(SaidBy { power: power.clone(), told: page.t2("hearings-power-said", "date", date, "step", step) })
        };
        Ok(events_of(tx, case)?.iter().filter_map(said).collect())
    }

    /// The code of a power, once it is noted that it was given.
    async fn code_page(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        power: &str,
        form: &PostForm,
    ) -> Result<Response, WebError> {
        let power = Uuid::parse_str(power).map_err(|_| WebError::NotFound)?;
        let (desk, drawn, asked, sent) = (self.clone(), page.clone(), number.to_string(), Sent::of(form, &number));
        let write = move |tx: &mut dyn Tx| desk.code_for(tx, &drawn, &asked, power, &sent);
        let code = self.hall.store.write(write).await?.grouped();
        let path = if page.visitor.staff() { "cases" } else { "follow" };
        let back = format!("/{path}/{number}/powers");
        render(&CodePage { number: number.to_string(), back, code, page })
    }

    pub(super) async fn powers_page(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        form: Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let (desk, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let read = self.hall.store.read(move |tx: &mut dyn Tx| desk.read_powers(tx, &drawn, &asked)).await?;
        let Read { known, reads, powers, files, said, most } = read;
        let all = members(&known.case);
        let choice = |member: &Member, chosen: &str| {
            let code = member.code();
            let told = member_told(&page, &code);
            Choice::new(code, told, chosen)
        };
        let givers = match reads {
            Reads::Staff => all.iter().map(|member| choice(member, form.get("giver"))).collect(),
            Reads::Party(_) => Vec::new(),
        };
        let is_fellow = |member: &&Member| match reads {
            Reads::Staff => all.iter().filter(|one| one.side == member.side).count() > 1,
            Reads::Party(own) => own.side == member.side && own != **member,
        };
        let nobody = Choice::new("", page.t("hearings-power-nobody"), form.get("fellow"));
        let fellows = all.iter().filter(is_fellow).map(|member| choice(member, form.get("fellow")));
        let typed = form.all("special");
        let special = |(code, key): (&'static str, &'static str)| Choice {
            chosen: typed.contains(&code),
            ..Choice::new(code, page.t(key), "")
        };
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = PowersPage {
            here: match reads {
                Reads::Staff => format!("/cases/{number}/powers"),
                Reads::Party(_) => format!("/follow/{number}/powers"),
            },
            is_own: matches!(reads, Reads::Party(_)),
            powers: powers
                .iter()
                .map(|power| line(&page, reads, power, &files, &said))
                .map(|line| Line { is_refused: !faults.is_empty() && form.get("seen") == line.id, ..line })
                .collect(),
            givers,
            fellows: std::iter::once(nobody).chain(fellows).collect(),
            specials: SPECIALS.into_iter().map(special).collect(),
            most,
            is_open: known.case.closed_at.is_none(),
            is_alike: form.has("told_apart") || faults.iter().any(|fault| ALIKE.contains(&fault.code)),
            problems: page.problems(LABELS, faults),
            number: number.to_string(),
            form,
            page,
        };
        render_status(status, &drawn)
    }
}

/// A power in words.
fn line(page: &Page, reads: Reads, power: &Power, files: &[PowerFile], said: &[SaidBy]) -> Line {
    let row = &power.row;
    let paper = match (row.withdrawn_at, row.paper_on) {
        (Some(at), _) => page.t1("hearings-power-withdrawn", "at", page.minute(at)),
        (None, Some(on)) if row.noted_name.is_empty() => page.t1("hearings-power-seen-on", "date", page.date(on)),
        (None, Some(on)) => page.t2("hearings-power-seen", "date", page.date(on), "name", &row.noted_name),
        (None, None) if row.by_herself => page.t1("hearings-power-herself", "at", page.minute(row.noted_at)),
        (None, None) => page.t("hearings-power-unseen"),
    };
    let is_hers = match reads {
        Reads::Staff => true,
        Reads::Party(member) => row.giver == member.code(),
    };
    // What the law gives a guardian is not hers to take back, nor his code hers to hand on.
    let is_free = !row.is_guardian() || matches!(reads, Reads::Staff);
    let added = |file: &PowerFile| {
        page.t2(
            "hearings-power-file-added",
            "name",
            &file.added_name,
            "date",
            page.date(page.zone().date(file.added_at)),
        )
    };
    let id = row.id.to_string();
    Line {
        said: said.iter().filter(|one| one.power == id).map(|one| one.told.clone()).collect(),
        id,
        giver: member_told(page, &row.giver),
        agent: agent_told(page, power),
        special: special_told(page, row),
        until: row.until_on.map_or_else(|| page.t("hearings-power-until-end"), |on| page.date(on)),
        paper,
        file: files.iter().find(|file| file.power == row.id).map(added).unwrap_or_default(),
        is_guardian: row.is_guardian(),
        can_end: row.stands() && is_hers && is_free,
        can_add: row.stands() && matches!(reads, Reads::Staff),
        has_code: row.holds(page.today()) && is_hers && is_free,
        can_see: row.stands() && !row.is_shown() && matches!(reads, Reads::Staff),
        is_refused: false,
    }
}
