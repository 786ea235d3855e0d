//! This page tells the figures of a place and a month: every share with both its numbers, each of which opens the
//! reports that it counts; a score of weighted shares; and a board by kind and by street that says where its parts do
//! not add up. Nothing is counted of a worker.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use hall::figures::{Period, read};
use kernel::figure::{Figure, Indicator, Part, month_of};
use kernel::permission::{Permission, Scope};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Date, date_plus_days};
use store::Tx;
use web::{Page, WebError, render};

use crate::Grid;
use crate::records::board;
use crate::rules::board::{Board, Pair, Side, percent, score, share};
use crate::words::figures::{CLOSED, FILED, INDICATORS, ON_TIME, OVERDUE, REPORTED, SATISFIED, UNCLEAR};
use crate::words::{GRID_SCORE_CLOSED, GRID_SCORE_ON_TIME, GRID_SCORE_SATISFIED};

/// The address of the page, and of the reports behind a cell of its board.
pub(super) const HERE: &str = "/report/figures";
pub(super) const ROWS: &str = "/report/figures/rows";
/// Kinds that a board shows at most, and places.
const KINDS: i64 = 500;
const PLACES: i64 = 1_000;
/// The sums that are told beside the shares.
const SUMS: [&Indicator; 5] = [&REPORTED, &FILED, &CLOSED, &OVERDUE, &UNCLEAR];

#[derive(Template)]
#[template(path = "grid/figures.html")]
struct FiguresPage {
    page: Page,
    place: String,
    month: String,
    before: String,
    after: String,
    sums: Vec<Number>,
    shares: Vec<Share>,
    score: Option<String>,
    weights: String,
    board: Option<BoardInWords>,
}

/// A number that opens what it counts.
struct Number {
    title: String,
    amount: i64,
    href: String,
}

/// A share with both its numbers.
struct Share {
    title: String,
    how: String,
    /// The percentage; none of nothing.
    told: Option<String>,
    part: Number,
    whole: Number,
}

/// The board in words.
struct BoardInWords {
    total: [Number; 2],
    kinds: Vec<Line>,
    streets: Vec<Line>,
    gaps: Vec<String>,
}

/// A line of the board: what it counts, the address of the board of that place, and how many were filed and closed.
struct Line {
    name: String,
    href: String,
    pair: [Number; 2],
}

/// What was counted in a place and a month: the total, and its parts by kind and by the places directly inside.
struct Counted {
    total: Pair,
    kinds: Vec<(String, Pair)>,
    streets: Vec<(PlaceId, Pair)>,
}

/// What is asked for.
pub(super) struct Wanted {
    /// The place, with the department to which the visitor's post there is limited.
    pub(super) scope: Scope,
    /// The first day of the month.
    pub(super) first: Date,
    /// Its last day.
    pub(super) last: Date,
}

impl Wanted {
    /// Reads the place and the month. The place is one that this visitor may read, or lies in one.
    pub(super) fn read(grid: &Grid, page: &Page) -> Option<Self> {
        let scopes = page.visitor.actor.scopes(Permission::CaseRead);
        let tree = grid.hall.places.tree();
        let scope = match page.query.opt("place") {
            None => scopes.into_iter().next()?,
            Some(id) => {
                let place = tree.get(PlaceId(id.parse().ok()?)).filter(|place| place.level <= Level::Community)?;
                let wide = scopes.into_iter().find(|scope| scope.place.contains(&place.path))?;
                Scope { place: place.path.clone(), ..wide }
            }
        };
        let first: Date = match page.query.opt("month") {
            None => page.today().first_of_month(),
            Some(month) => format!("{month}-01").parse().ok()?,
        };
        Some(Self { scope, first, last: first.last_of_month() })
    }

    /// The address of the reports that a sum counts, for whoever may see all of them.
    fn href(&self, page: &Page, indicator: &Indicator) -> String {
        let Scope { place, department } = &self.scope;
        let rows = indicator.rows.filter(|rows| rows.open_to(&page.visitor.actor, place, department.as_deref()));
        let department = department.clone().unwrap_or_default();
        let part = Part { place: place.id(), own: false, department, from: self.first, to: self.last };
        rows.map(|rows| (rows.address)(indicator.code, &part)).unwrap_or_default()
    }

    /// The address of the board of a place.
    pub(super) fn board_of(&self, place: PlaceId) -> String {
        format!("{HERE}?place={place}&month={}", month_of(self.first))
    }

    /// The numbers of a cell of the board: of a place, and of one kind or of all. Each opens what it counts.
    fn cell(&self, place: PlaceId, kind: Option<&str>, pair: Pair) -> [Number; 2] {
        let number = |only: &str, amount: i64| {
            let kind = kind.map(|kind| format!("&kind={kind}")).unwrap_or_default();
            let address = || format!("{ROWS}?place={place}&month={}{kind}{only}", month_of(self.first));
            Number { title: String::new(), amount, href: if amount > 0 { address() } else { String::new() } }
        };
        [number("", pair.filed), number("&only=closed", pair.closed)]
    }

    fn number(&self, page: &Page, indicator: &Indicator, amount: i64) -> Number {
        Number { title: page.t(indicator.title), amount, href: self.href(page, indicator) }
    }
}

/// `GET /report/figures?place=…&month=…`
///
/// # Errors
/// Sign-in needed, 404 for a place that is not this visitor's, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let wanted = Wanted::read(&grid, &page).ok_or(WebError::NotFound)?;
    let (desk, scope, months) = (grid.clone(), wanted.scope.clone(), [month_of(wanted.first)]);
    let found = grid.hall.store.read(move |tx| {
        let codes: Vec<&str> = INDICATORS.iter().map(|indicator| indicator.code).collect();
        let period = Period { place: &scope.place, department: scope.department.as_deref(), months: &months };
        let figures = read(tx, INDICATORS, &period, &codes)?;
        let whole = scope.department.is_none() && scope.place.level() < Level::Community;
        let [month] = &months;
        let board = if whole { Some(desk.board(tx, &scope.place, month)?) } else { None };
        Ok::<_, Fault>((figures, board))
    });
    let (figures, board) = found.await?;
    let near =
        |day: Option<Date>| day.map(|day| format!("{HERE}?place={}&month={}", wanted.scope.place.id(), month_of(day)));
    let (scored, weights) = grid.scored(&page, &wanted, &figures)?;
    render(&FiguresPage {
        place: grid.called(&page, &wanted),
        month: page.month_name(&month_of(wanted.first)),
        before: near(date_plus_days(wanted.first, -1)).unwrap_or_default(),
        after: near(date_plus_days(wanted.last, 1).filter(|day| *day <= page.today())).unwrap_or_default(),
        sums: SUMS.iter().map(|sum| wanted.number(&page, sum, count(&figures, sum))).collect(),
        shares: shares(&page, &wanted, &figures),
        score: scored,
        weights,
        board: board.map(|board| grid.in_words(&page, &wanted, board)),
        page,
    })
}

/// The amount of a sum.
fn count(figures: &[(&Indicator, Figure)], sum: &Indicator) -> i64 {
    let found = figures.iter().find(|(indicator, _)| indicator.code == sum.code);
    found.and_then(|(_, figure)| figure.number()).unwrap_or_default()
}

/// The shares: how much of what was filed is closed, as the score weighs it, then those that are published.
fn shares(page: &Page, wanted: &Wanted, figures: &[(&Indicator, Figure)]) -> Vec<Share> {
    let (closed, filed) = (count(figures, &CLOSED), count(figures, &FILED));
    let of_filed = Share {
        title: page.t("grid-figure-closed-share"),
        how: page.t("grid-figure-closed-share-how"),
        told: percent(closed, filed),
        part: wanted.number(page, &CLOSED, closed),
        whole: wanted.number(page, &FILED, filed),
    };
    let published = figures.iter().filter_map(|(indicator, _)| shown(page, wanted, figures, indicator));
    std::iter::once(of_filed).chain(published).collect()
}

/// A share with its numbers; none for a sum.
fn shown(page: &Page, wanted: &Wanted, figures: &[(&Indicator, Figure)], indicator: &Indicator) -> Option<Share> {
    let kernel::figure::Counted::Share { of, among } = indicator.counted else { return None };
    let sum = |code: &str| INDICATORS.iter().find(|one| one.code == code);
    let (part, whole) = (sum(of)?, sum(among.first()?)?);
    let (parts, wholes) = (count(figures, part), count(figures, whole));
    Some(Share {
        title: page.t(indicator.title),
        how: how(page, wanted, indicator),
        told: percent(parts, wholes),
        part: wanted.number(page, part, parts),
        whole: wanted.number(page, whole, wholes),
    })
}

/// How a share is counted, and what of it was counted otherwise in that month.
fn how(page: &Page, wanted: &Wanted, indicator: &Indicator) -> String {
    let how = Some(indicator.how).filter(|key| !key.is_empty()).map(|key| page.t(key));
    let otherwise = hall::counted_otherwise(page, INDICATORS, indicator, wanted.first);
    let told = how.into_iter().chain(Some(otherwise).filter(|text| !text.is_empty()));
    told.collect::<Vec<_>>().join(page.lang.pick("", " "))
}

impl Grid {
    /// Whose figures they are: a place's, or of a unit there.
    fn called(&self, page: &Page, wanted: &Wanted) -> String {
        let tree = self.hall.places.tree();
        let at = tree.at(&wanted.scope.place).map(|place| place.named(page.lang)).unwrap_or_default();
        let unit = wanted.scope.department.as_deref().and_then(|code| self.catalogue.unit(code));
        unit.map_or_else(|| at.to_owned(), |unit| cases::office_words(at, &unit.name, page.lang))
    }

    /// The board of a place: what was reported in a month and filed, and what of it is closed, by kind and by the
    /// places directly inside.
    fn board(&self, tx: &mut dyn Tx, place: &PlacePath, month: &str) -> Result<Counted, Fault> {
        let kinds = board::by_kind(tx, place, month, KINDS)?.into_iter();
        let kinds = kinds.map(|one| (one.kind, Pair { filed: one.filed, closed: one.closed })).collect();
        let counted = board::by_place(tx, place, month, PLACES)?.into_iter();
        let counted: BTreeMap<PlacePath, Pair> =
            counted.map(|one| (one.path, Pair { filed: one.filed, closed: one.closed })).collect();
        let tree = self.hall.places.tree();
        let street = |child: &places::Place| Some((child.id, *counted.get(&child.path)?));
        let streets = tree.children(place.id()).filter_map(street).collect();
        Ok(Counted { total: board::total(tx, place, month)?, kinds, streets })
    }

    fn in_words(&self, page: &Page, wanted: &Wanted, counted: Counted) -> BoardInWords {
        let Counted { total, kinds, streets } = counted;
        let pairs = Board {
            total,
            kinds: kinds.iter().map(|(_, pair)| *pair).collect(),
            streets: streets.iter().map(|(_, pair)| *pair).collect(),
        };
        let gap = |(side, missing): (Side, Pair)| {
            let key = match side {
                Side::Kinds => "grid-board-gap-kinds",
                Side::Streets => "grid-board-gap-streets",
            };
            page.t2(key, "filed", missing.filed, "closed", missing.closed)
        };
        let (here, tree) = (wanted.scope.place.id(), self.hall.places.tree());
        let kind = |(key, pair): (String, Pair)| {
            let name = self.catalogue.kind_ever(&key).map(|kind| kind.name.get(page.lang).to_owned());
            let pair = wanted.cell(here, Some(key.as_str()), pair);
            Line { name: name.unwrap_or(key), href: String::new(), pair }
        };
        let street = |(id, pair): (PlaceId, Pair)| {
            let name = tree.get(id).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
            Line { name, href: wanted.board_of(id), pair: wanted.cell(id, None, pair) }
        };
        BoardInWords {
            total: wanted.cell(here, None, total),
            gaps: pairs.gaps().into_iter().map(gap).collect(),
            kinds: kinds.into_iter().map(kind).collect(),
            streets: streets.into_iter().map(street).collect(),
        }
    }

    /// The score of a place, and its weights in words. None while one of its shares is a share of nothing.
    fn scored(
        &self,
        page: &Page,
        wanted: &Wanted,
        figures: &[(&Indicator, Figure)],
    ) -> Result<(Option<String>, String), Fault> {
        let (place, on) = (&wanted.scope.place, wanted.last.min(page.today()));
        let weights = [GRID_SCORE_CLOSED, GRID_SCORE_SATISFIED, GRID_SCORE_ON_TIME];
        let weights = weights.map(|rule| self.hall.figure_at(rule, place, on));
        let [closed, satisfied, on_time] = weights;
        let (closed, satisfied, on_time) = (closed?, satisfied?, on_time?);
        let of = |part: &Indicator, whole: &str| {
            let whole = INDICATORS.iter().find(|one| one.code == whole)?;
            share(count(figures, part), count(figures, whole))
        };
        let shares = [
            (of(&CLOSED, FILED.code), closed),
            (of(&SATISFIED, "grid.rated"), satisfied),
            (of(&ON_TIME, "grid.due"), on_time),
        ];
        let known: Option<Vec<(i64, u32)>> =
            shares.into_iter().map(|(share, weight)| share.map(|share| (share, weight))).collect();
        let tenths = known.and_then(|known| score(&known));
        let told = [closed, satisfied, on_time].map(|weight| (weight / 10).to_string());
        let [one, two, three] = &told;
        let said = [("closed", one.as_str()), ("satisfied", two.as_str()), ("ontime", three.as_str())];
        let words = page.text("grid-score-weights", &said);
        Ok((tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)), words))
    }
}
