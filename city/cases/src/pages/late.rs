//! Why cases are late (超期原因): how often the offices below gave each reason in a month, and the cases behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::case::LateReason;
use kernel::figure::month_of;
use kernel::permission::Permission;
use kernel::time::{Date, Instant, Zone, date_plus_days};
use serde::Deserialize;
use web::{Page, WebError, render};

use super::queue::workbook;
use super::row::Row;
use super::supervise::{open_below, side_of};
use super::work::late_words;
use crate::Cases;
use crate::records::late::{self, Given};
use crate::records::{CaseRow, InTime, Lit, Share, figures};
use crate::rules::UNSAID;
use crate::rules::figures::month_asked;
use hall::Fault;

/// What is shown.
#[derive(Deserialize, Default)]
pub struct Asked {
    /// As `2026-11`; this month when left out.
    #[serde(default)]
    month: String,
    /// Code of a reason; the cases without one when left out.
    #[serde(default)]
    reason: String,
    /// Anything leaves the cases that are still open.
    #[serde(default)]
    open: String,
}

impl Asked {
    fn which(&self) -> Which {
        Which { reason: Reason::of(&self.reason), only_open: !self.open.is_empty() }
    }
}

#[derive(Template)]
#[template(path = "cases/late.html")]
struct LatePage {
    page: Page,
    place: String,
    month: String,
    /// The months before and after, where there is one.
    before: String,
    after: Option<String>,
    lines: Vec<Line>,
    /// Open and late today without a word; told in the current month alone.
    unexplained: Option<i64>,
    /// How these numbers and the number of late cases elsewhere belong together; told in the current month alone.
    standing: Option<Standing>,
    reason: String,
    /// What the addresses of the month before, the month after and the workbook add, to list the same rows.
    narrow: &'static str,
    title: String,
    rows: Vec<Row>,
    /// There are more cases than the page shows: as many as it shows.
    more: Option<usize>,
}

/// The late cases of today: the same as everywhere, parted by whether a reason was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    /// Late now, as every list counts it.
    late: i64,
    /// Of these, with a reason.
    explained: i64,
    /// Of these, without a word.
    silent: i64,
    /// Of these, late at the desk alone: nobody owes a word.
    desk: i64,
    /// Not late any more, with a word still owed.
    earlier: i64,
}

impl Standing {
    /// `unexplained` holds those without a word, late now or before.
    fn of(late: i64, explained: i64, desk: i64, unexplained: i64) -> Self {
        let silent = late.saturating_sub(explained).saturating_sub(desk).max(0);
        Self { late, explained, silent, desk, earlier: unexplained.saturating_sub(silent).max(0) }
    }
}

/// One reason.
struct Line {
    code: &'static str,
    name: String,
    cases: i64,
    open: i64,
    /// In per cent of all that were given; none for what is no reason.
    share: Option<i64>,
}

/// Which late cases are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// Their office said this.
    Said(LateReason),
    /// They ended late without a word.
    Unsaid,
    /// They are late today, and nothing was said yet.
    NotYet,
}

/// The rows that are listed, and go into the workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Which {
    reason: Reason,
    only_open: bool,
}

impl Which {
    /// What stands above the rows.
    fn title(self, page: &Page) -> String {
        let words = self.reason.words(page);
        if self.only_open { format!("{words} · {}", page.t("cases-late-open")) } else { words }
    }
}

impl Reason {
    fn of(code: &str) -> Self {
        LateReason::parse(code).map_or(if code == UNSAID { Self::Unsaid } else { Self::NotYet }, Self::Said)
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Said(reason) => reason.code(),
            Self::Unsaid => UNSAID,
            Self::NotYet => "",
        }
    }

    fn words(self, page: &Page) -> String {
        match self {
            Self::Said(reason) => late_words(page, reason),
            Self::Unsaid => page.t("cases-late-unsaid"),
            Self::NotYet => page.t("cases-late-none"),
        }
    }
}

struct Seen {
    counts: BTreeMap<String, (i64, i64)>,
    unexplained: i64,
    late: i64,
    explained: i64,
    desk: i64,
    rows: Vec<Row>,
}

impl Seen {
    fn standing(&self) -> Standing {
        Standing::of(self.late, self.explained, self.desk, self.unexplained)
    }
}

/// A month with its days.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    month: String,
    first: Date,
    last: Date,
}

impl Span {
    /// The month that was asked for; the one of `now` when it was none. Nothing when it is no month or lies ahead.
    fn of(asked: &str, zone: Zone, now: Instant) -> Option<Self> {
        let first = month_asked(asked, zone, now)?;
        Some(Self { month: month_of(first), first, last: first.last_of_month() })
    }

    fn holds(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }

    fn beside(&self, days: i64) -> Option<String> {
        let from = if days < 0 { self.first } else { self.last };
        let date = date_plus_days(from, days)?;
        Some(month_of(date))
    }
}

/// `GET /supervise/late`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    let span = Span::of(&asked.month, page.zone(), page.now).ok_or(WebError::NotFound)?;
    let which = asked.which();
    let limit = cases.page_size(&page)?;
    // One more says whether there are more.
    let mut seen = read(cases.clone(), page.clone(), span.clone(), which, limit.saturating_add(1)).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_cut = seen.rows.len() > shown;
    seen.rows.truncate(shown);
    let given = seen.counts.iter().filter(|(code, _)| code.as_str() != UNSAID);
    let total: i64 = given.map(|(_, (cases, _))| cases).sum();
    let line = |reason: Reason| {
        let (cases, open) = seen.counts.get(reason.code()).copied()?;
        let share = matches!(reason, Reason::Said(_)).then(|| cases.saturating_mul(100) / total.max(1));
        Some(Line { code: reason.code(), name: reason.words(&page), cases, open, share })
    };
    let all = LateReason::ALL.into_iter().map(Reason::Said).chain([Reason::Unsaid]);
    render(&LatePage {
        place: cases.supervised(&page),
        before: span.beside(-1).unwrap_or_default(),
        after: span.beside(1).filter(|_| span.last < page.today()),
        lines: all.filter_map(line).collect(),
        unexplained: Some(seen.unexplained).filter(|_| span.holds(page.today())),
        standing: Some(seen.standing()).filter(|_| span.holds(page.today())),
        title: which.title(&page),
        reason: which.reason.code().to_owned(),
        narrow: if which.only_open { "&open=1" } else { "" },
        more: is_cut.then_some(shown),
        rows: seen.rows,
        month: span.month,
        page,
    })
}

/// `GET /supervise/late.xlsx`: the cases that the page lists.
///
/// # Errors
/// Sign-in needed, no permission to export, or a failure.
pub async fn export(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseExport)?;
    page.require(Permission::CaseSupervise)?;
    let span = Span::of(&asked.month, page.zone(), page.now).ok_or(WebError::NotFound)?;
    let limit = cases.export_limit(&page)?;
    let name = format!("late-{}", span.month);
    let seen = read(cases, page.clone(), span, asked.which(), limit).await?;
    workbook(&page, page.t("cases-late-title"), seen.rows).xlsx(&page, &name).await
}

async fn read(cases: Arc<Cases>, page: Page, span: Span, which: Which, limit: i64) -> Result<Seen, WebError> {
    let scopes = page.visitor.actor.scopes(Permission::CaseSupervise);
    let lit = Lit { light: InTime::Late, near: cases.nearness(page.now)?, zone: page.zone() };
    let store = cases.hall.store.clone();
    let seen = store.read(move |tx| {
        let (days, today) = (span.first..=span.last, page.today());
        let (mut counts, mut unexplained) = (BTreeMap::<String, (i64, i64)>::new(), 0);
        let (mut is_late, mut explained, mut desk) = (0, 0, 0);
        let mut found: Vec<CaseRow> = Vec::new();
        let shares = Share::of(&scopes);
        let side = side_of(&page);
        for share in &shares {
            for (_, open) in open_below(tx, &cases, side, share, lit.near)? {
                is_late += open.late;
            }
            explained += late::explained(tx, side, share, lit)?;
            desk += late::at_desk(tx, side, share, lit)?;
            for given in late::counts(tx, share, &days)? {
                let sum = counts.entry(given.reason).or_default();
                *sum = (sum.0 + given.cases, sum.1 + given.open);
            }
            unexplained += figures::overdue(tx, side, share, lit.near)?;
            unexplained -= late::explained_overdue(tx, side, share, lit.near)?;
            unexplained += late::overstayed(tx, side, share, lit.near)?;
            found.extend(match which.reason {
                Reason::Said(_) | Reason::Unsaid => {
                    let given = Given { reason: which.reason.code(), days: &days, only_open: which.only_open };
                    late::cases(tx, share, given, limit)?
                }
                Reason::NotYet if span.holds(today) => late::unexplained(tx, side, share, lit.near, limit)?,
                Reason::NotYet => Vec::new(),
            });
        }
        found.sort_by(CaseRow::order);
        found.dedup_by(|a, b| a.id == b.id);
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let found = cases.shown_to(tx, &page.visitor.actor, found)?;
        let rows = cases.rows(tx, &page, &found)?;
        Ok::<_, Fault>(Seen { counts, unexplained, late: is_late, explained, desk, rows })
    });
    Ok(seen.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_late_cases_are_parted_by_whether_a_reason_was_given() {
        let parted = |late, explained, desk, unexplained| {
            let Standing { silent, earlier, .. } = Standing::of(late, explained, desk, unexplained);
            (silent, earlier)
        };
        assert_eq!(parted(32, 12, 0, 20), (20, 0), "32 there are 20 here and 12 with a reason");
        assert_eq!(parted(32, 12, 0, 23), (20, 3), "three were late before and still owe a word");
        assert_eq!(parted(17, 0, 7, 10), (10, 0), "of seven that are late at the desk nobody owes a word");
        assert_eq!(parted(0, 0, 0, 0), (0, 0));
    }

    #[test]
    fn a_month_has_its_days_and_neighbours() {
        let (zone, now) = (Zone { utc_offset_minutes: 480 }, Instant::from_micros(1_798_000_000_000_000));
        let table = [
            ("2026-11", "2026-11", "2026-11-30", "2026-10", "2026-12"),
            ("2024-02", "2024-02", "2024-02-29", "2024-01", "2024-03"),
            ("2026-12", "2026-12", "2026-12-31", "2026-11", "2027-01"),
            ("", "2026-12", "2026-12-31", "2026-11", "2027-01"),
        ];
        for (asked, month, last, before, after) in table {
            let span = Span::of(asked, zone, now).unwrap();
            assert_eq!((span.month.as_str(), span.last.to_string().as_str()), (month, last), "{asked}");
            assert_eq!((span.beside(-1).as_deref(), span.beside(1).as_deref()), (Some(before), Some(after)), "{asked}");
        }
        for asked in ["nothing", "2026-13", "2026-1", "2026-11-01", " 2026-11", "2027-01", "9999-12"] {
            assert_eq!(Span::of(asked, zone, now), None, "{asked}");
        }
    }
}
