//! After the end: who took part, without what anybody chose; and the audit sheet that anybody recounts, as a file and
//! as a page that is read or printed at the counter.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use hall::Fault;
use kernel::line::number;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{InPath, Page, Pager, WebError, render};

use super::ballot::{in_words, why_back};
use super::frame::{COLUMN, Part, headed};
use crate::Property;
use crate::actions::votes::CORRECTIONS_MOST;
use crate::records::ballots::{self, Cast};
use crate::records::corrections;
use crate::records::parts::{self, TookPart};
use crate::records::votes::{self, Matter, Vote};
use crate::refusals::Why;
use crate::words::corrections::Correction;

/// The fewest signs of a check code by which a line is looked up.
const CODE_LEAST: usize = 8;

#[derive(Template)]
#[template(path = "property/roll.html")]
struct RollPage {
    page: Page,
    id: Uuid,
    title: String,
    list: Table,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "property/audit.html")]
struct AuditPage {
    page: Page,
    id: Uuid,
    title: String,
    matters: Vec<Matter>,
    list: Table,
    pager: Pager,
    /// The check code that somebody looks for, or its beginning; empty if nobody does.
    code: String,
    /// What its ballot chose, and its area; none where no ballot has that code, or several begin so.
    found: Option<(String, String)>,
    /// Why nothing is found; empty if something is, or nobody looks.
    missing: String,
    /// The ballots on paper that were taken back: their number, and why.
    taken_back: Table,
}

/// What is read of the audit sheet.
struct Lines {
    matters: Vec<Matter>,
    casts: Vec<Cast>,
    found: Vec<Cast>,
    taken_back: Vec<Correction>,
}

/// `GET /property/votes/{vote}/roll`: no moment stands there, since it could be joined with what somebody saw.
///
/// # Errors
/// A refusal before the end and of a vote that was called off, 404 for what is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let part = Part::asked(&page);
    let read = move |tx: &mut dyn Tx, vote: &Vote| {
        let found = parts::took_part(tx, vote.district, vote.id, part.span())?;
        Ok::<_, Fault>(found)
    };
    let (vote, mut found) = desk.counted(&page, id, read).await?;
    let pager = part.ends(&page, &mut found);
    let row = |one: &TookPart| -> Vec<Cell> {
        vec![one.units.clone().into(), page.t(&format!("property-way-{}", one.way.code())).into()]
    };
    let named = [(ColumnKind::Text, "unit"), (ColumnKind::Text, "way")];
    let list = Table::new(page.t("property-roll"), headed(&page, COLUMN, named)).with(found.iter().map(row));
    render(&RollPage { page, id, title: vote.title, list, pager })
}

/// `GET /property/votes/{vote}/audit`: the lines of the audit sheet, for those who have no use for a file. With
/// `?code=` it says whether a check code stands there, of which the beginning is enough.
///
/// # Errors
/// A refusal before the end and of a vote that was called off, 404 for what is not hers, or a failure.
pub async fn lines(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let part = Part::asked(&page);
    let code = number(page.query.get("code")).split_whitespace().collect::<String>().to_ascii_lowercase();
    let wanted = code.clone();
    let is_enough = code.len() >= CODE_LEAST && code.bytes().all(|sign| sign.is_ascii_hexdigit());
    let read = move |tx: &mut dyn Tx, vote: &Vote| {
        let (district, id) = (vote.district, vote.id);
        let found = if is_enough { ballots::casts_from(tx, district, id, &wanted)? } else { Vec::new() };
        let (matters, casts) = (votes::matters(tx, district, id)?, parts::casts(tx, district, id, part.span())?);
        let taken_back = corrections::of_subject(tx, district, id, CORRECTIONS_MOST)?;
        Ok::<_, Fault>(Lines { matters, casts, found, taken_back })
    };
    let (vote, mut lines) = desk.counted(&page, id, read).await?;
    let pager = part.ends(&page, &mut lines.casts);
    let row = |one: &Cast| -> Vec<Cell> {
        let chosen = chosen(&page, &one.choices);
        vec![one.commitment.clone().into(), Cell::Hundredths(one.area.hundredths()), chosen.into()]
    };
    let named = [(ColumnKind::Text, "commitment"), (ColumnKind::Number, "area"), (ColumnKind::Text, "choices")];
    let list =
        Table::new(page.t("property-audit-page"), headed(&page, COLUMN, named)).with(lines.casts.iter().map(row));
    let back = |one: &Correction| -> Vec<Cell> { vec![one.number.into(), why_back(&page, one).into()] };
    let named = [(ColumnKind::Number, "number"), (ColumnKind::Text, "why")];
    let taken_back =
        Table::new(page.t("property-backs"), headed(&page, COLUMN, named)).with(lines.taken_back.iter().map(back));
    let missing = match lines.found.as_slice() {
        [_] => String::new(),
        _ if code.is_empty() => String::new(),
        [] if code.len() < CODE_LEAST => page.t("property-audit-short"),
        [] => page.t("property-audit-missing"),
        _ => page.t("property-audit-several"),
    };
    let only = lines.found.first().filter(|_| missing.is_empty());
    let found = only.map(|one| (chosen(&page, &one.choices), one.area.show()));
    let (title, matters) = (vote.title, lines.matters);
    render(&AuditPage { page, id, title, matters, list, pager, code, found, missing, taken_back })
}

/// What a ballot chose, in words, with the number of each matter: `1. 同意　2. 反对`.
fn chosen(page: &Page, choices: &str) -> String {
    let told = crate::rules::ballots::read(choices).unwrap_or_default();
    let each = (1_usize..).zip(told).map(|one| format!("{}. {}", one.0, in_words(page, one.1)));
    each.collect::<Vec<_>>().join(page.lang.pick("；", "; "))
}

/// `GET /property/votes/{vote}/audit.csv`
///
/// # Errors
/// A refusal before the end and of a vote that was called off, 404 for what is not hers, or a failure.
pub async fn audit(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let own = desk.clone();
    let (_, sheet) = desk.counted(&page, id, move |tx: &mut dyn Tx, vote: &Vote| own.sheet(tx, vote)).await?;
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\"")];
    Ok((headers, sheet.written()).into_response())
}

impl Property {
    /// A counted vote that this visitor may see, with what is read of it. Whoever may see it and comes too early reads
    /// when to come again.
    async fn counted<T: Send + 'static>(
        self: &Arc<Self>,
        page: &Page,
        id: Uuid,
        mut read: impl FnMut(&mut dyn Tx, &Vote) -> Result<T, Fault> + Send + 'static,
    ) -> Result<(Vote, T), WebError> {
        let (own, actor, now) = (self.clone(), page.visitor.actor.clone(), page.now);
        let read = move |tx: &mut dyn Tx| -> Result<(Vote, T), Fault> {
            let vote = own.seen(tx, id, &actor)?.vote;
            if vote.off_at.is_some() {
                return Err(Refusal::new(Why::VoteOff).into());
            }
            if vote.counted_at.is_none() && vote.is_over(now) {
                return Err(Refusal::new(Why::VoteSheetSoon).into());
            }
            if vote.counted_at.is_none() {
                let ends = own.hall.zone().show_minute(vote.ends_at);
                return Err(Refusal::new(Why::VoteSheetLater).with("ends", ends).into());
            }
            let found = read(tx, &vote)?;
            Ok((vote, found))
        };
        Ok(self.hall.store.read(read).await?)
    }
}
