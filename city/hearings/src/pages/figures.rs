//! Disputes by the classes of the Ministry, without names, and the disputes behind a published figure. Small numbers
//! are withheld from whoever may not see the disputes.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::figures::CountedRow;
use hall::hiding::Hidden;
use hall::{Fault, Listed, Opening};
use kernel::figure::{Indicator, Part, month_of};
use kernel::money::Fen;
use kernel::permission::{Permission, Scope};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::rule::measure::Money;
use kernel::time::{Date, date_plus_days};
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError, render};

use crate::Hearings;
use crate::records;
use crate::rules::allowance::{all, rates};
use crate::rules::counting::{
    self, FAILED_COLUMN, KEPT_COLUMN, Line, OPEN_COLUMN, REFUSED_COLUMN, SUM_COLUMN, UNANSWERED_COLUMN,
};
use crate::words::figures::{BROUGHT, FAILED, INDICATORS, PERFORMED, REFUSED, ROWS, ROWS_PAGE, SETTLED};
use crate::words::{BODIES, Class, HEARINGS_ALLOWANCE, MEDIATION, OpenAt, PlaceTally, SOURCES, Tally};

/// The most months whose disputes are offered one by one.
const MONTHS: usize = 24;

const OPENING: Opening = Opening {
    address: ROWS_PAGE,
    indicators: INDICATORS,
    permission: ROWS.permission,
    export: Permission::CaseExport,
    home: None,
};

#[derive(Template)]
#[template(path = "hearings/figures.html")]
struct FiguresPage {
    page: Page,
    list: Table,
    sources: Table,
    bodies: Table,
    /// By community; none where there is one alone.
    communities: Option<Table>,
    /// Those that have not ended, by community; none where there is none.
    open: Option<Table>,
    /// The disputes behind each sum, one by one, for whoever may see them: where, and of each sum its name and address.
    rows: Vec<(String, Vec<(String, String)>)>,
    /// The place that is looked at, of those whose figures this visitor reads; empty for all of them.
    place: String,
    /// Who transferred disputes; none where nobody did, or where it would tell a small number.
    authorities: Option<Table>,
    /// The money that agreements speak of.
    money: String,
    /// What a mediator gets for each, and for all of them.
    allowance: String,
    /// What a mediator gets is an example as yet, to be set by the city.
    is_example: bool,
    from: String,
    to: String,
    /// Small numbers are withheld, and only a whole month is shown.
    is_withheld: bool,
}

/// A table that splits the disputes, before it is drawn.
struct Split {
    head: &'static str,
    /// The names of its lines.
    names: Vec<String>,
    lines: Vec<Line>,
    sum: Line,
}

/// `GET /hearings/figures?from=…&to=…&place=…`: of the places of this visitor's posts or one inside them, this year if
/// no days are named. Whoever may not see the disputes reads a whole month, without small numbers.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a place that is not hers, or a failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let (zone, today) = (desk.hall.zone(), page.today());
    let Reach { places, sees } = desk.reach_of(&page)?;
    let day = |name: &str| page.query.get(name).parse::<Date>().ok();
    let from = day("from").unwrap_or_else(|| today.first_of_year());
    let to = day("to").unwrap_or(today).max(from);
    let (from, to) = if sees { (from, to) } else { (to.first_of_month(), to.last_of_month()) };
    let span = (zone.instant(from, 0), zone.instant(to, 1_440));
    let asked = places.clone();
    let read = move |tx: &mut dyn Tx| {
        let (mut found, mut local, mut fen): (Vec<Tally>, Vec<PlaceTally>, i64) = (Vec::new(), Vec::new(), 0);
        let mut open = Vec::new();
        for place in &asked {
            open.extend(records::open_by_place(tx, place, today)?);
            found.extend(records::tallies(tx, place, span)?);
            local.extend(records::tallies_by_place(tx, place, span)?);
            fen = fen.saturating_add(records::money(tx, place, span)?);
        }
        Ok::<_, Fault>((found, local, fen, open))
    };
    let (found, local, fen, open) = desk.hall.store.read(read).await?;
    let least = if sees { 0 } else { i64::from(desk.hall.figure(hall::FIGURES_LEAST, page.now)?) };
    let splits = desk.splits(&page, &found, &local);
    let told = counting::hidden(&splits.each_ref().map(|split| split.lines.clone()), least);
    let [list, sources, bodies, communities] = &splits;
    let drawn = |at: usize, split: &Split| split.table(&page, told.get(at));
    let is_hidden = told.first().is_some_and(|hidden| is_settled_hidden_at(list.lines.len(), hidden));
    let shown = |text: String| if is_hidden { page.t("hearings-figures-withheld") } else { text };
    let drawn = FiguresPage {
        list: drawn(0, list),
        sources: drawn(1, sources),
        bodies: drawn(2, bodies),
        communities: (communities.lines.len() > 1).then(|| drawn(3, communities)),
        open: desk.open_table(&page, &open, least),
        rows: if sees { desk.rows_of(&page, &places, from, to) } else { Vec::new() },
        place: page.query.get("place").to_owned(),
        authorities: desk.authorities(&page, &found, least, told.get(1)),
        money: shown(page.t1("hearings-yuan", "yuan", Fen::new(fen))),
        allowance: desk.allowance(&page, &found, list, told.first())?,
        is_example: desk.is_example(today)?,
        from: from.to_string(),
        to: to.to_string(),
        is_withheld: !sees,
        page,
    };
    render(&drawn)
}

/// The places whose figures somebody reads.
pub(super) struct Reach {
    pub places: Vec<PlacePath>,
    /// Whether she sees the disputes everywhere there, or at least knows that they are there: by posts of the
    /// department that mediates.
    pub sees: bool,
}

pub(super) fn reach(page: &Page) -> Reach {
    // A post of another department tells nothing of mediations.
    let is_own = |scope: &Scope| scope.department.as_deref().is_none_or(|department| department == MEDIATION);
    let scopes: Vec<Scope> = page.visitor.actor.scopes(Permission::CaseRead).into_iter().filter(is_own).collect();
    let inside = |path: &PlacePath| scopes.iter().any(|scope| scope.place != *path && scope.place.contains(path));
    let mut places: Vec<_> = scopes.iter().map(|scope| scope.place.clone()).filter(|path| !inside(path)).collect();
    places.sort();
    places.dedup();
    let mediates = |path: &PlacePath| {
        let mut explicit = scopes.iter().filter(|scope| scope.department.is_some());
        explicit.any(|scope| scope.place.contains(path))
    };
    let sees = places.iter().all(mediates);
    Reach { places, sees }
}

/// `GET /hearings/rows`: the disputes behind a figure, as far as this visitor may read them.
///
/// # Errors
/// Sign-in needed, no permission, 404 for what is no part of a figure that this visitor may look into, or a failure.
pub async fn rows(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let (here, drawn) = (desk.clone(), page.clone());
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| here.behind_figure(tx, &drawn, things);
    hall::confidential_rows_page(&desk.hall, page, OPENING, fill).await
}

impl Hearings {
    /// The disputes that were counted, as far as this visitor may read them, in the order of the things.
    fn behind_figure(&self, tx: &mut dyn Tx, page: &Page, things: &[CountedRow]) -> Result<Listed, Fault> {
        let lines = self.cases.lines_behind(tx, page, things, cells)?;
        let others = things.len().saturating_sub(lines.len());
        Ok(Listed {
            columns: vec![
                Column::new(ColumnKind::Link, page.t("hearings-fact-class")),
                Column::new(ColumnKind::Text, page.t("hearings-column-state")),
            ],
            lines,
            note: if others == 0 { String::new() } else { page.t1("hearings-rows-others", "n", others) },
        })
    }
}

impl Hearings {
    /// The places whose figures a page asks for: those of this visitor's posts, or one inside them that it names.
    fn reach_of(&self, page: &Page) -> Result<Reach, WebError> {
        let reach = reach(page);
        let Some(asked) = page.query.opt("place") else { return Ok(reach) };
        let tree = self.hall.places.tree();
        let id = asked.parse().map(PlaceId).map_err(|_| WebError::NotFound)?;
        let path = tree.get(id).map(|place| place.path.clone()).ok_or(WebError::NotFound)?;
        if !reach.places.iter().any(|place| place.contains(&path)) {
            return Err(WebError::NotFound);
        }
        Ok(Reach { places: vec![path], ..reach })
    }

    /// The disputes that have not ended and those that are late, by community. Where a community has so few that they
    /// are not told, only the sum is, and nothing where that is small too. The same holds of those that are late.
    fn open_table(&self, page: &Page, open: &[OpenAt], least: i64) -> Option<Table> {
        let (all, late) = open.iter().fold((0, 0), |sum, one| (sum.0 + one.open, sum.1 + one.late));
        if all == 0 {
            return None;
        }
        let columns = vec![
            Column::new(ColumnKind::Text, page.t("hearings-field-place")),
            Column::new(ColumnKind::Number, page.t("hearings-column-open")),
            Column::new(ColumnKind::Number, page.t("hearings-column-late")),
        ];
        let tree = self.hall.places.tree();
        let line = |name: String, open: i64, late: Option<i64>| -> Vec<Cell> {
            let told = |count: Option<i64>| {
                count.map_or_else(|| Cell::Text(page.t("hearings-figures-withheld")), Cell::Number)
            };
            let open = Some(open).filter(|open| *open >= least);
            vec![name.into(), told(open), told(open.and(late))]
        };
        let is_told = open.len() > 1 && open.iter().all(|one| one.open >= least);
        let tells_late = open.iter().all(|one| counting::tells_late(one.open, one.late, least));
        let of = |one: &OpenAt| line(tree.chain(&one.path, page.lang), one.open, tells_late.then_some(one.late));
        let each = open.iter().filter(|_| is_told).map(of);
        let late = counting::tells_late(all, late, least).then_some(late);
        let sum = line(page.t("hearings-column-sum"), all, late);
        Some(Table::new(page.t("hearings-tile-open"), columns).with(each.chain([sum])))
    }

    /// The lists of the disputes behind the sums of some days, place by place and month by month.
    fn rows_of(&self, page: &Page, places: &[PlacePath], from: Date, to: Date) -> Vec<(String, Vec<(String, String)>)> {
        let (tree, months) = (self.hall.places.tree(), months(from, to));
        let behind = |path: &PlacePath, [from, to]: [Date; 2]| {
            // What the whole city has is listed by whole months alone.
            let is_city = path.level() == Level::City;
            let (first, last) = if is_city { (from.first_of_month(), to.last_of_month()) } else { (from, to) };
            let department = MEDIATION.to_owned();
            let part = Part { place: path.id(), own: false, department, from: first, to: last };
            let month = page.month_name(&month_of(from));
            let opened = |sum: Indicator| (page.t(sum.title), (ROWS.address)(sum.code, &part));
            let text = format!("{} · {month}", tree.chain(path, page.lang));
            (text, [BROUGHT, SETTLED, PERFORMED, REFUSED, FAILED].map(opened).to_vec())
        };
        let mut lists = Vec::new();
        for path in places {
            lists.extend(months.iter().map(|days| behind(path, *days)));
        }
        lists
    }

    /// The disputes by class, by source, by body and by community.
    fn splits(&self, page: &Page, found: &[Tally], local: &[PlaceTally]) -> [Split; 4] {
        let classes = self.classes.class.iter();
        let classes: Vec<(&str, String)> =
            classes.map(|class| (class.code.as_str(), page.of(&class.title).to_owned())).collect();
        let known = |list: &[(&'static str, &'static str)]| -> Vec<(&'static str, String)> {
            list.iter().map(|known| (known.0, page.t(known.1))).collect()
        };
        let tree = self.hall.places.tree();
        let at = |one: &PlaceTally| Tally {
            class: one.path.to_string(),
            source: String::new(),
            authority: String::new(),
            body: String::new(),
            stage: one.stage.clone(),
            matters: one.matters,
        };
        let here: Vec<Tally> = local.iter().map(at).collect();
        let paths: BTreeSet<&PlacePath> = local.iter().map(|one| &one.path).collect();
        let named: Vec<(String, String)> =
            paths.into_iter().map(|path| (path.to_string(), tree.chain(path, page.lang))).collect();
        let named: Vec<(&str, String)> = named.iter().map(|(code, name)| (code.as_str(), name.clone())).collect();
        [
            split(page, "hearings-fact-class", found, counting::class, &classes),
            split(page, "hearings-column-source", found, counting::source, &known(&SOURCES)),
            split(page, "hearings-column-body", found, counting::body, &known(&BODIES)),
            split(page, "hearings-field-place", &here, counting::class, &named),
        ]
    }

    /// What mediators get for each matter that was settled, for one of a class with a rate of its own, and for all of
    /// them. What it comes to is told only where it tells no small number: with several rates also none of a class.
    fn allowance(&self, page: &Page, found: &[Tally], list: &Split, hidden: Option<&Hidden>) -> Result<String, Fault> {
        let each = self.hall.figure(HEARINGS_ALLOWANCE, page.now)?;
        let read = |code: &str| self.hall.rulebook.get_named_everywhere::<Money>(code, page.today());
        let rates = rates(&self.classes.class, each, read)?;
        let (lines, sum) = counting::table(found, counting::class);
        let settled = |class: &Class| lines.get(class.code.as_str()).map_or(0, |line| line.settled);
        let all = all(each, sum.settled, &rates, settled).to_string();
        let from = if rates.is_empty() { list.lines.len() } else { 0 };
        let is_hidden =
            hidden.is_some_and(|hidden| (from..=list.lines.len()).any(|place| is_settled_hidden_at(place, hidden)));
        let key = if is_hidden { "hearings-figures-allowance-each" } else { "hearings-figures-allowance" };
        let mut told = vec![page.text(key, &[("each", each.to_string().as_str()), ("all", all.as_str())])];
        for rate in rates {
            let names: Vec<&str> = rate.classes.iter().map(|class| page.of(&class.title)).collect();
            let names = names.join(page.lang.pick("、", ", "));
            told.push(page.t2("hearings-figures-allowance-other", "classes", names, "each", rate.each));
        }
        Ok(told.join(page.lang.pick("", " ")))
    }

    /// Whether one of the allowances is an example still.
    fn is_example(&self, on: Date) -> Result<bool, Fault> {
        let named = self.classes.class.iter().filter_map(|class| class.allowance.as_deref());
        for code in named.chain([HEARINGS_ALLOWANCE.code()]) {
            if self.hall.rulebook.everywhere(code, on)?.provisional {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What was transferred, by who transferred it. It splits one line of the table by sources: where that one
    /// withholds something of it, or it would itself, nothing of it is told.
    fn authorities(&self, page: &Page, found: &[Tally], least: i64, sources: Option<&Hidden>) -> Option<Table> {
        let transferred: Vec<Tally> = found.iter().filter(|one| !one.authority.is_empty()).cloned().collect();
        let authorities = self.classes.authority.iter();
        let authorities: Vec<(&str, String)> =
            authorities.map(|one| (one.code.as_str(), page.of(&one.title).to_owned())).collect();
        let split = split(page, "hearings-field-authority", &transferred, counting::authority, &authorities);
        let own = counting::hidden(std::slice::from_ref(&split.lines), least);
        let is_told = sources.into_iter().chain(&own).all(|hidden| hidden.count() == 0);
        (is_told && !transferred.is_empty()).then(|| split.table(page, None))
    }
}

/// Some days, month by month: the first and the last of each, at most those of the last [`MONTHS`] of them.
fn months(from: Date, to: Date) -> Vec<[Date; 2]> {
    let (mut found, mut last) = (Vec::new(), Some(to));
    while let Some(day) = last.filter(|day| *day >= from && found.len() < MONTHS) {
        let first = day.first_of_month().max(from);
        found.push([first, day]);
        last = date_plus_days(first, -1);
    }
    found.reverse();
    found
}

/// The lines of a split, with the names of its parts by their codes. What the named parts leave out of the sum stands
/// in a line of its own.
fn split(page: &Page, head: &'static str, tallies: &[Tally], by: counting::Key, parts: &[(&str, String)]) -> Split {
    let (found, sum) = counting::table(tallies, by);
    let shown = parts.iter().filter_map(|part| Some((part.1.clone(), *found.get(part.0)?)));
    let (mut names, mut lines): (Vec<String>, Vec<Line>) = shown.unzip();
    if let Some(rest) = counting::difference(lines.iter(), &sum) {
        names.push(page.t("hearings-column-difference"));
        lines.push(rest);
    }
    Split { head, names, lines, sum }
}

impl Split {
    /// The table, without what is hidden of it. The sum stands below its lines.
    fn table(&self, page: &Page, hidden: Option<&Hidden>) -> Table {
        let number = |name: &str| Column::new(ColumnKind::Number, page.t(&format!("hearings-column-{name}")));
        let columns = vec![
            Column::new(ColumnKind::Text, page.t(self.head)),
            number("brought"),
            number("ended"),
            number("settled"),
            Column::new(ColumnKind::Share, page.t("hearings-column-share")),
            number("performed"),
            number("refused"),
            number("unanswered"),
            number("failed"),
        ];
        let sum = (self.sum.brought > 0).then(|| (page.t("hearings-column-sum"), self.sum));
        let lines = self.names.iter().cloned().zip(self.lines.iter().copied()).chain(sum);
        let rows = lines.enumerate().map(|(place, (name, line))| {
            row(page, &name, &line, &|column| hidden.is_some_and(|hidden| hidden.at(place, column)))
        });
        Table::new(page.t(self.head), columns).with(rows)
    }
}

fn cells(row: &cases::Row) -> Vec<Cell> {
    let href = format!("/cases/{}", row.number);
    vec![Cell::numbered(row.item.as_str(), href, row.number.as_str()), row.state.as_str().into()]
}

/// Whether a table withholds how many were settled in one of its lines; the sum is the one behind the last.
fn is_settled_hidden_at(place: usize, hidden: &Hidden) -> bool {
    is_settled_hidden(&|column| hidden.at(place, column))
}

/// Whether it is withheld how many were settled: what was kept, or what was not yet, is.
fn is_settled_hidden(is_hidden: &dyn Fn(usize) -> bool) -> bool {
    is_hidden(KEPT_COLUMN) || is_hidden(OPEN_COLUMN)
}

/// A row of a table, without the columns of which something is hidden.
fn row(page: &Page, name: &str, line: &Line, is_hidden: &dyn Fn(usize) -> bool) -> Vec<Cell> {
    let withheld = || Cell::Text(page.t("hearings-figures-withheld"));
    let told = |is_hidden: bool, count: i64| if is_hidden { withheld() } else { Cell::Number(count) };
    let settled = is_settled_hidden(is_hidden);
    let brought = is_hidden(SUM_COLUMN);
    let ended = settled || [REFUSED_COLUMN, UNANSWERED_COLUMN, FAILED_COLUMN].into_iter().any(is_hidden);
    let share = if ended { None } else { line.settled_share() };
    vec![
        name.into(),
        told(brought, line.brought),
        told(ended, line.ended()),
        told(settled, line.settled),
        share.map_or(Cell::Empty, Cell::Share),
        told(is_hidden(KEPT_COLUMN), line.performed),
        told(is_hidden(REFUSED_COLUMN), line.refused),
        told(is_hidden(UNANSWERED_COLUMN), line.unanswered),
        told(is_hidden(FAILED_COLUMN), line.failed),
    ]
}
