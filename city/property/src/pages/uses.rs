//! Uses of the maintenance fund that were entered as cases: the form by which one is entered, the page on which the
//! owners' vote on it is entered, and the uses of a community for everybody.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::Fault;
use kernel::case::Case;
use kernel::identifier::CaseNumber;
use kernel::money::Fen;
use kernel::permission::{Permission, Target, may};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Choice, Crumb, Form, InPath, Page, Pager, PostForm, Problem, WebError, render, render_status};

use super::account::address;
use super::frame::{Part, done, heads, holds, place_above, sender};
use super::fund::{VOTED, vote};
use super::typed::{Around, Drawn, Field, LABELS, Typed, said, worded};
use crate::Companies;
use crate::actions::account::paying;
use crate::actions::by::places_of;
use crate::actions::fund::{Entered, OPEN_TO_VOTE, Plan};
use crate::permissions::May;
use crate::records::account as accounts;
use crate::records::fund as records;
use crate::records::votes;
use crate::rules::account::{amount, balance, free_from};
use crate::rules::fund::{never, refused_by};
use crate::words::account::Account;
use crate::words::company::LINE_MOST;
use crate::words::fund::{Asker, FUND, Finding, FundCase, Range, Subject, Vote, WORKS_MOST};
use crate::words::register::Ground;

/// The most uses on a page, and the most votes to choose from.
const MOST: i64 = 200;
/// The address of the uses of her places.
const LIST: &str = "/property/fund/cases";
/// The choice that says that the vote was on paper alone.
const PAPER: &str = "paper";

#[derive(Template)]
#[template(path = "property/uses.html")]
struct UsesPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    list: Table,
    /// The accounts of the compounds of the community, and of their buildings.
    accounts: Table,
    may_enter: bool,
}

/// The uses of the places of whoever takes applications in.
#[derive(Template)]
#[template(path = "property/fund_cases.html")]
struct CasesPage {
    page: Page,
    list: Table,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "property/use.html")]
struct UsePage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    /// Why no vote is entered; empty unless it is an emergency.
    why: String,
    action: String,
    /// What is known of the use: words and what they say.
    facts: Vec<(String, String)>,
    /// The vote of the register; empty if there is none or it was entered from paper.
    vote: String,
    /// The account that pays; empty if nobody keeps one.
    account: String,
    fields: Vec<Field>,
    problems: Vec<Problem>,
}

/// What is read of a use.
struct Read {
    case: Case,
    row: FundCase,
    /// The counted votes of its compound: identity and title.
    votes: Vec<(Uuid, String)>,
    /// The account that pays, and what is left there for it, fen.
    account: Option<(Account, i128)>,
}

/// `GET /property/fund/cases`: the uses of her places, the latest first, for whoever takes applications in.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn cases(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyFund)?;
    let (places, part) = (places_of(&page.visitor.actor, May::PropertyFund), Part::asked(&page));
    let read = move |tx: &mut dyn Tx| {
        let mut found = Vec::new();
        for place in &places {
            found.extend(records::inside(tx, place, part.most())?);
        }
        Ok::<_, Fault>(found)
    };
    let mut found = desk.hall.store.read(read).await?;
    found.sort_by_key(|one| std::cmp::Reverse(one.opened_at));
    let pager = part.cut(&page, &mut found);
    let tree = desk.hall.places.tree();
    let named = [
        (ColumnKind::Link, "works"),
        (ColumnKind::Text, "compound"),
        (ColumnKind::Text, "community"),
        (ColumnKind::Money, "budget"),
        (ColumnKind::Text, "state"),
    ];
    let row = |one: &FundCase| -> Vec<Cell> {
        vec![
            Cell::link(one.works.as_str(), format!("/cases/{}", one.number)),
            one.compound.clone().into(),
            tree.chain(&one.path, page.lang).into(),
            Fen::new(one.budget_fen).into(),
            desk.stage(&page, one).into(),
        ]
    };
    let list = Table::new(page.t("property-uses"), heads(&page, named)).with(found.iter().map(row));
    render(&CasesPage { page, list, pager })
}

/// `GET /property/fund/of/{id}`: the uses of a community.
///
/// # Errors
/// 404 for what is no community, or a failure.
pub async fn of_place(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let path = desk.community(&id.to_string()).ok_or(WebError::NotFound)?;
    let asked = path.clone();
    let read = move |tx: &mut dyn Tx| {
        let mut balances = Vec::new();
        for account in accounts::inside(tx, &asked, MOST)? {
            let balance = balance(&accounts::days(tx, &account)?);
            balances.push((account, balance));
        }
        Ok::<_, Fault>((records::inside(tx, &asked, MOST)?, balances))
    };
    let (found, balances) = desk.hall.store.read(read).await?;
    let may_enter = holds(&page, May::PropertyFund, &path);
    let works = |one: &FundCase| -> Cell {
        if may_enter {
            Cell::link(one.works.as_str(), format!("/cases/{}", one.number))
        } else {
            one.works.clone().into()
        }
    };
    let named = [
        (if may_enter { ColumnKind::Link } else { ColumnKind::Text }, "works"),
        (ColumnKind::Text, "compound"),
        (ColumnKind::Text, "range"),
        (ColumnKind::Money, "budget"),
        (ColumnKind::Date, "posted-on"),
        (ColumnKind::Text, "state"),
    ];
    let row = |one: &FundCase| -> Vec<Cell> {
        vec![
            works(one),
            one.compound.clone().into(),
            said(&page, "property-range-", one.range.code()).into(),
            Fen::new(one.budget_fen).into(),
            one.posted_on.into(),
            desk.stage(&page, one).into(),
        ]
    };
    let list = Table::new(page.t("property-uses"), heads(&page, named)).with(found.iter().map(row));
    let title = page.t1("property-uses-of", "place", desk.hall.places.tree().chain(&path, page.lang));
    let accounts = listed_accounts(&page, &balances);
    let crumbs = vec![place_above(&desk, &page, &path)];
    render(&UsesPage { page, crumbs, title, list, accounts, may_enter })
}

fn listed_accounts(page: &Page, balances: &[(Account, i128)]) -> Table {
    let row = |one: &(Account, i128)| -> Vec<Cell> {
        vec![Cell::link(one.0.called(), address(one.0.id)), amount(one.1).into()]
    };
    let named = [(ColumnKind::Link, "compound"), (ColumnKind::Money, "balance")];
    Table::new(page.t("property-accounts"), heads(page, named)).with(balances.iter().map(row))
}

/// `GET /property/fund/new`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn new(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyFund)?;
    let grounds = desk.compounds(&page, May::PropertyFund).await?;
    desk.use_form(&page, &Form::default(), &grounds, &[])
}

/// `POST /property/fund/new`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn enter(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyFund)?;
    let grounds = desk.compounds(&page, May::PropertyFund).await?;
    let plan = match desk.read_plan(&form, &grounds) {
        Ok(plan) => plan,
        Err(faults) => return desk.use_form(&page, &form, &grounds, &faults),
    };
    let by = sender(&page, &form, "");
    let (here, once) = (desk.clone(), form.key().to_owned());
    let act = move |tx: &mut dyn Tx| here.open_use(tx, &plan, &once, &by);
    let again = |refusal| async { desk.use_form(&page, &form, &grounds, &[refusal]) };
    done(&desk.hall, act, |case| format!("/cases/{}", case.number), again).await
}

/// `GET /cases/{number}/fund`
///
/// # Errors
/// 404 if this visitor may not see the case or it is none of the fund, or a failure.
pub async fn get(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    desk.use_page(page, number.to_string(), &Form::default(), &[]).await
}

/// `POST /cases/{number}/fund`: how the owners voted.
///
/// # Errors
/// 404 if this visitor may not see the case or it is none of the fund, no permission, or a failure.
pub async fn post(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let number = number.to_string();
    let entered = match read_vote(&form) {
        Ok(entered) => entered,
        Err(faults) => return desk.use_page(page, number, &form, &faults).await,
    };
    let by = sender(&page, &form, &number);
    let (here, asked, to) = (desk.clone(), number.clone(), format!("/cases/{number}/fund"));
    let act = move |tx: &mut dyn Tx| here.enter_vote(tx, &asked, entered, &by);
    let again = |refusal| async { desk.use_page(page, number, &form, &[refusal]).await };
    done(&desk.hall, act, |()| to, again).await
}

/// How the owners voted, as a form says it.
fn read_vote(form: &Form) -> Result<Entered, Vec<Refusal>> {
    if form.get("vote") != PAPER {
        let vote = form.get("vote").parse::<Uuid>().map_err(|_| vec![Refusal::new(Code::FormChoice).field("vote")]);
        return vote.map(Entered::Linked);
    }
    let mut typed = Typed::of(form);
    let (from, to) = (typed.day("vote_from"), typed.day("vote_to"));
    let voted = vote(&mut typed);
    if voted.is_none() {
        typed.fault(Refusal::new(Code::FormMissing).field("entitled_heads"));
    }
    match voted {
        Some(voted) if !typed.is_wrong() => Ok(Entered::Typed(Vote {
            id: None,
            from,
            to,
            entitled_heads: voted.entitled.heads,
            entitled_area: voted.entitled.area,
            taking_heads: voted.taking_part.heads,
            taking_area: voted.taking_part.area,
            agreeing_heads: voted.agreeing.heads,
            agreeing_area: voted.agreeing.area,
        })),
        _ => Err(typed.faults()),
    }
}

impl Companies {
    /// The state of a use, as its procedure calls it.
    pub(crate) fn stage(&self, page: &Page, one: &FundCase) -> String {
        let state = self.cases.procedures().state(FUND, &one.stage);
        state.map(|state| page.of(&state.title).to_owned()).unwrap_or_default()
    }

    fn use_form(&self, page: &Page, form: &Form, grounds: &[Ground], faults: &[Refusal]) -> Result<Response, WebError> {
        let codes = |beginning, codes: Vec<&'static str>, name: &str| worded(page, beginning, codes, form.get(name));
        let ranges = |name: &str| codes("property-range-", Range::ALL.iter().map(|one| one.code()).collect(), name);
        let askers = codes("property-asker-", Asker::ALL.iter().map(|one| one.code()).collect(), "asker");
        let subjects = codes("property-subject-", Subject::ALL.iter().map(|one| one.code()).collect(), "subject");
        let drawn = Drawn::of(page, form, faults)
            .compound(self, grounds, May::PropertyFund)
            .choice("asker", askers)
            .field("asking_paper", "line")
            .field("works", "line")
            .field("budget", "number")
            .choice("subject", subjects)
            .choice("range", ranges("range"))
            .optional("part", "line")
            .choice("account", ranges("account"))
            .choice("emergency", self.emergencies(page, form.get("emergency")));
        drawn.answer(Around {
            crumbs: vec![Crumb { text: page.t("property-uses"), href: LIST.to_owned() }],
            title: page.t("property-use-new"),
            lead: page.t("property-use-lead"),
            action: "/property/fund/new".to_owned(),
        })
    }

    /// Reads the form of a use. What the fund never pays is refused before a case is opened.
    fn read_plan(&self, form: &Form, grounds: &[Ground]) -> Result<Plan, Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let named = typed.compound(self, grounds);
        let ground = grounds.iter().map(|one| one.id).find(|id| id.to_string() == form.get("ground"));
        let asker = typed.one_of("asker", Asker::parse);
        let (paper, works) = (typed.numbered("asking_paper", LINE_MOST), typed.line("works", WORKS_MOST));
        let budget = typed.payment("budget");
        let subject = typed.one_of("subject", Subject::parse);
        let (range, account) = (typed.one_of("range", Range::parse), typed.one_of("account", Range::parse));
        let emergency = typed.one_of("emergency", |chosen| self.emergency(chosen));
        if let (Some(subject), Some(range), Some(account)) = (subject, range, account) {
            for found in never(subject, range, account) {
                let field = if found == Finding::Range { "account" } else { "subject" };
                if let Some(code) = refused_by(found) {
                    typed.fault(Refusal::new(code).field(field));
                }
            }
        }
        let is_whole = range == Some(Range::Compound);
        let part = if is_whole { String::new() } else { typed.line("part", LINE_MOST) };
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        match (named, asker, range, emergency) {
            (Some((path, compound)), Some(asker), Some(range), Some(emergency)) if !typed.is_wrong() => Ok(Plan {
                id: Uuid::now_v7(),
                path,
                compound,
                ground,
                asker,
                paper,
                works,
                budget_fen: budget.fen(),
                range,
                part,
                emergency,
            }),
            _ => Err(typed.faults()),
        }
    }

    fn read_use_case(&self, tx: &mut dyn Tx, number: &str, page: &Page) -> Result<Read, Fault> {
        let known = self.cases.seen(tx, number, &page.visitor.actor, None, page.now)?;
        if known.case.kind != FUND {
            return Err(Fault::NotFound);
        }
        let row = records::find(tx, cases::district(&known.case), known.case.id.0)?.ok_or(Fault::NotFound)?;
        let of_compound = |vote: &votes::Vote| Some(vote.compound) == row.ground && vote.counted_at.is_some();
        let found = votes::inside(tx, &row.path, MOST)?.into_iter().filter(of_compound);
        let votes = found.map(|vote| (vote.id, vote.title)).collect();
        let account = match paying(tx, &row)? {
            Some(account) => {
                let held = records::held(tx, &account, row.case_id)?;
                let free = free_from(&accounts::days(tx, &account)?, page.today()).saturating_sub(held);
                Some((account, free))
            }
            None => None,
        };
        Ok(Read { case: known.case, row, votes, account })
    }

    async fn use_page(
        self: &Arc<Self>,
        page: Page,
        number: String,
        form: &Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let (desk, looking) = (self.clone(), page.clone());
        let read = move |tx: &mut dyn Tx| desk.read_use_case(tx, &number, &looking);
        let Read { case, row, votes, account } = self.hall.store.read(read).await?;
        let here = Target { place: case.place.clone(), department: case.office.department.clone() };
        let is_emergency = !row.emergency.is_empty();
        let may_enter = OPEN_TO_VOTE.contains(&row.stage.as_str())
            && may(&page.visitor.actor, Permission::CaseAccept, &here).is_ok();
        let (fields, problems) = if may_enter {
            let paper = Choice::new(PAPER, page.t("property-use-paper"), form.get("vote"));
            let linked = votes.iter().map(|vote| Choice::new(vote.0.to_string(), &vote.1, form.get("vote")));
            let drawn = Drawn::of(&page, form, faults).choice("vote", linked.chain([paper]).collect());
            let drawn = drawn.optional("vote_from", "date").optional("vote_to", "date");
            VOTED.into_iter().flatten().fold(drawn, |drawn, name| drawn.optional(name, "number")).parts()
        } else {
            (Vec::new(), page.problems(LABELS, faults))
        };
        let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let vote = row.vote.map(|id| format!("/property/votes/{id}")).unwrap_or_default();
        let crumb = Crumb { text: case.number.clone(), href: format!("/cases/{}", case.number) };
        let mut facts = self.use_facts(&page, &row);
        if let Some((account, free)) = &account {
            facts.push((page.t("property-of-account"), account.called()));
            facts.push((page.t("property-of-free"), amount(*free).to_string()));
        }
        let account = account.map(|one| address(one.0.id)).unwrap_or_default();
        let action = format!("/cases/{}/fund", case.number);
        let title = page.t(if is_emergency { "property-uses" } else { "property-beside-fund" });
        let why = if is_emergency { page.t("property-use-emergency") } else { String::new() };
        let crumbs = vec![crumb];
        let drawn = UsePage { page, crumbs, title, why, action, facts, vote, account, fields, problems };
        render_status(status, &drawn)
    }

    /// What is known of a use, in words.
    fn use_facts(&self, page: &Page, row: &FundCase) -> Vec<(String, String)> {
        let heading = |name: &str| page.t(&format!("property-of-{name}"));
        let day = |day: Option<kernel::time::Date>| day.map(|day| page.full_date(day));
        let amount = |heads: i64, area: crate::words::area::Area| {
            let known = row.entitled_heads > 0;
            known.then(|| page.t2("property-amount", "heads", heads, "area", area.show()))
        };
        let lines = [
            ("compound", Some(row.compound.clone())),
            ("part", Some(row.part.clone()).filter(|part| !part.is_empty())),
            ("works", Some(row.works.clone())),
            ("budget", Some(Fen::new(row.budget_fen).to_string())),
            ("state", Some(self.stage(page, row))),
            ("posted-on", day(row.posted_on)),
            ("vote-from", day(row.vote_from)),
            ("vote-to", day(row.vote_to)),
            ("entitled", amount(row.entitled_heads, row.entitled_area)),
            ("taking-part", amount(row.taking_heads, row.taking_area)),
            ("agreeing", amount(row.agreeing_heads, row.agreeing_area)),
            ("visited-on", day(row.visited_on)),
            ("allowed", row.allowed_fen.map(|fen| Fen::new(fen).to_string())),
            ("works-on", day(row.works_on)),
            ("settled", row.settled_fen.map(|fen| Fen::new(fen).to_string())),
        ];
        lines.into_iter().filter_map(|line| Some((heading(line.0), line.1?))).collect()
    }
}
