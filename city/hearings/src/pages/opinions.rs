//! Whoever keeps a hearing point reads what was said there, answers it, in public only in words that she released, or
//! says which case it became.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::figures::CountedRow;
use hall::{Fault, Line, Listed, Opening, Sent};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Form, InPath, Page, PostForm, Problem, WebError, render, render_status};

use super::LABELS;
use super::said::stage_key;
use crate::Hearings;
use crate::actions::opinions::{Becomes, Settling};
use crate::actions::reach;
use crate::permissions::May;
use crate::records::opinion as kept;
use crate::words::figures::{GATHERED_PAGE, GATHERED_ROWS, OPINIONS};
use crate::words::opinion::{NEW, Opinion, Wanted};

/// How many of a place are shown that wait, and that were settled.
const SHOWN: i64 = 200;

const OPENING: Opening = Opening {
    address: GATHERED_PAGE,
    indicators: OPINIONS,
    permission: GATHERED_ROWS.permission,
    export: Permission::CaseExport,
    home: None,
};

#[derive(Template)]
#[template(path = "hearings/opinions.html")]
struct ListPage {
    page: Page,
    waiting: Table,
    settled: Table,
}

#[derive(Template)]
#[template(path = "hearings/opinion.html")]
struct OpinionPage {
    page: Page,
    number: String,
    place: String,
    /// The community, as the forms of cases ask for it.
    wher: String,
    /// Her words, for the forms of cases; empty once they were erased.
    words: String,
    at: String,
    wanted: String,
    state: String,
    is_new: bool,
    is_public: bool,
    said: String,
    answer: String,
    question: String,
    became: String,
    /// The number of the case that it became, where this visitor may see it; else empty.
    case: String,
    form: Form,
    problems: Vec<Problem>,
}

/// `GET /hearings/opinions`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn list(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    let places = reach(&page.visitor.actor);
    let read = move |tx: &mut dyn Tx| {
        let (mut waiting, mut settled): (Vec<Opinion>, Vec<Opinion>) = (Vec::new(), Vec::new());
        for place in &places {
            waiting.extend(kept::waiting(tx, place, SHOWN)?);
            settled.extend(kept::settled(tx, place, SHOWN)?);
        }
        Ok::<_, Fault>((waiting, settled))
    };
    let (waiting, settled) = desk.hall.store.read(read).await?;
    let waiting = desk.opinions(&page, "hearings-opinions-waiting", &waiting);
    let settled = desk.opinions(&page, "hearings-opinions-settled", &settled);
    render(&ListPage { page, waiting, settled })
}

/// `GET /hearings/opinions/{number}`
///
/// # Errors
/// 404 for everybody who does not keep that hearing point.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    desk.opinion_page(page, number, Form::default(), &[]).await
}

/// `POST /hearings/opinions/{number}`: answers it, or says which case it became.
///
/// # Errors
/// 404 for everybody who does not keep that hearing point.
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    let text = |name: &str| form.get(name).trim().to_owned();
    let becomes = if form.has("turn") { Becomes::Case(text("case")) } else { Becomes::Answer(text("answer")) };
    let released = (form.get("release") == "1").then(|| text("question"));
    let settling = Settling {
        number: number.clone(),
        actor: page.visitor.actor.clone(),
        sent: Sent::of(&form, &number),
        now: page.now,
    };
    let done = desk.settle(becomes, released, settling).await.map(|()| format!("/hearings/opinions/{number}"));
    let again = |refusal| async move { desk.opinion_page(page, number, form.into_form(), &[refusal]).await };
    web::answer(done, again).await
}

/// `GET /hearings/gathered`: what a published figure of opinions counts, as far as this visitor may read it.
///
/// # Errors
/// Sign-in needed, no permission, 404 for what is no part of a figure that this visitor may look into, or a failure.
pub async fn rows(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let drawn = page.clone();
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| Hearings::opinions_behind(tx, &drawn, things);
    hall::rows_page(&desk.hall, page, OPENING, fill).await
}

impl Hearings {
    fn opinions(&self, page: &Page, title: &str, opinions: &[Opinion]) -> Table {
        let column = |kind, key: &str| Column::new(kind, page.t(key));
        let columns = vec![
            column(ColumnKind::Link, "hearings-sheet-number"),
            column(ColumnKind::Text, "hearings-field-place"),
            column(ColumnKind::Text, "hearings-opinion-wanted"),
            column(ColumnKind::Text, "hearings-column-state"),
            column(ColumnKind::Date, "hearings-opinions-by"),
        ];
        let tree = self.hall.places.tree();
        let row = |opinion: &Opinion| {
            let place = Cell::Text(tree.chain(&opinion.path, page.lang));
            let mut cells = own_cells(page, opinion);
            cells.insert(1, place);
            cells.push(if opinion.stage == NEW { Cell::Date(opinion.answer_by) } else { Cell::Empty });
            cells
        };
        Table::new(page.t(title), columns).with(opinions.iter().map(row))
    }

    fn opinions_behind(tx: &mut dyn Tx, page: &Page, things: &[CountedRow]) -> Result<Listed, Fault> {
        let own = reach(&page.visitor.actor);
        let mut known: BTreeMap<Uuid, Option<Opinion>> = BTreeMap::new();
        for thing in things {
            if let Entry::Vacant(place) = known.entry(thing.subject) {
                place.insert(kept::find(tx, thing.subject_district, thing.subject)?);
            }
        }
        let row = |thing: &CountedRow| match known.get(&thing.subject).and_then(Option::as_ref) {
            Some(opinion) if own.iter().any(|place| place.contains(&opinion.path)) => {
                Some(Line::of(thing, own_cells(page, opinion)))
            }
            Some(_) => None,
            None => Some(Line::gone(page, thing)),
        };
        Ok(Listed {
            columns: vec![
                Column::new(ColumnKind::Link, page.t("hearings-sheet-number")),
                Column::new(ColumnKind::Text, page.t("hearings-opinion-wanted")),
                Column::new(ColumnKind::Text, page.t("hearings-column-state")),
            ],
            lines: things.iter().filter_map(row).collect(),
            note: String::new(),
        })
    }

    async fn opinion_page(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        form: Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let (desk, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let read = move |tx: &mut dyn Tx| {
            let opened = desk.opened_opinion(tx, &asked, &drawn.visitor.actor)?;
            let case = match &opened.case {
                Some(case) => desk.cases.seen(tx, &case.number, &drawn.visitor.actor, None, drawn.now),
                None => Err(Fault::NotFound),
            };
            let case = match case {
                Err(Fault::NotFound) => String::new(),
                seen => seen?.case.number,
            };
            Ok::<_, Fault>((opened, case))
        };
        let (opened, case) = self.hall.store.read(read).await?;
        let opinion = &opened.opinion;
        let wanted = Wanted::find(&opinion.wanted).unwrap_or(Wanted::Nothing);
        let erased = opened.said.is_empty();
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = OpinionPage {
            number: number.to_string(),
            place: self.hall.places.tree().chain(&opinion.path, page.lang),
            wher: self
                .hall
                .places
                .tree()
                .at(&opinion.path)
                .map(|at| at.named(page.lang).to_owned())
                .unwrap_or_default(),
            words: opened.said.clone(),
            at: page.minute(opinion.said_at),
            wanted: page.t(wanted.key()),
            state: page.t(stage_key(&opinion.stage)),
            is_new: opinion.stage == NEW,
            is_public: wanted == Wanted::Public,
            said: if erased { page.t("hearings-triage-erased") } else { opened.said.clone() },
            answer: opened.answer.clone(),
            question: opinion.question.clone(),
            became: opened.case.as_ref().map(|case| self.became(&page, case)).unwrap_or_default(),
            case,
            problems: page.problems(LABELS, faults),
            form,
            page,
        };
        render_status(status, &drawn)
    }
}

/// What the lists say of an opinion; its words stand in none.
fn own_cells(page: &Page, opinion: &Opinion) -> Vec<Cell> {
    let wanted = Wanted::find(&opinion.wanted).unwrap_or(Wanted::Nothing);
    vec![
        Cell::link(opinion.number.as_str(), format!("/hearings/opinions/{}", opinion.number)),
        Cell::Text(page.t(wanted.key())),
        Cell::Text(page.t(stage_key(&opinion.stage))),
    ]
}
