//! This says where everything of a procedure's diagram stands: states as cards in columns, the lines between them in
//! lanes of their own.
//!
//! A card lists its actions, and a line leaves the action's row for the card it leads to; so no label ever lies on a
//! line. Lines to the same card share their way. A line over several columns passes each column in a slot between the
//! cards.

use super::{Action, Procedure, State};
use std::collections::{BTreeMap, BTreeSet};

/// Height of a card's head, in units of the drawing.
pub(super) const HEAD: i32 = 52;
/// Height of a row.
pub(super) const ROW: i32 = 26;
const FOOT: i32 = 8;
const SPACE: i32 = 26;
const SLOT: i32 = 4;
const LANE: i32 = 12;
const MARGIN: i32 = 32;
const TOP: i32 = 84;

/// A card: a state, or the beginning when it has none.
pub(super) struct Card<'p> {
    /// The state; none for the card of the actions that open a case.
    pub state: Option<(&'p str, &'p State)>,
    /// Its actions in order.
    pub rows: Vec<(&'p str, &'p Action)>,
    column: usize,
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Card<'_> {
    /// The middle of a row.
    pub(super) fn row_y(&self, row: usize) -> i32 {
        self.y + HEAD + ROW * count(row) + ROW / 2
    }
}

/// A line as the points it turns at, from the row to the card.
pub(super) struct Line {
    /// The points.
    pub points: Vec<(i32, i32)>,
    /// Whether it ends at a card and not in a shared way.
    pub arrow: bool,
    /// Whether it belongs to a usual next step.
    pub primary: bool,
}

/// The diagram laid out.
pub(super) struct Layout<'p> {
    /// The cards.
    pub cards: Vec<Card<'p>>,
    /// The lines.
    pub lines: Vec<Line>,
    /// Width of the whole.
    pub width: i32,
    /// Height of what the cards and lines need, from the top of the drawing.
    pub height: i32,
}

/// A shared way to a card: the card's index, and whether it runs back to the left.
type Way = (usize, bool);

/// A piece of line across one gap between columns.
struct Piece {
    gap: usize,
    way: Way,
    /// Column whose edge it leaves, and height.
    from: (usize, i32),
    /// Column whose edge it reaches, and height.
    to: (usize, i32),
    arrow: bool,
    primary: bool,
}

pub(super) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX / 1024)
}

/// The width a text takes at a size: Chinese signs are as wide as high, Latin letters less than two thirds of it.
pub(super) fn text_width(text: &str, size: i32) -> i32 {
    text.chars().map(|each| if each.is_ascii() { size * 62 / 100 } else { size }).sum()
}

/// Lays the procedure out. `row_width` and `head_width` give what they need.
pub(super) fn lay_out(
    procedure: &Procedure,
    row_width: impl Fn(&Action) -> i32,
    head_width: impl Fn(&State) -> i32,
) -> Layout<'_> {
    let mut cards = cards(procedure);
    for card in &mut cards {
        let head = card.state.map_or(60, |(_, state)| head_width(state));
        let rows = card.rows.iter().map(|(_, action)| row_width(action)).max().unwrap_or_default();
        card.width = head.max(rows).max(170);
        card.height = HEAD + ROW * count(card.rows.len()) + if card.rows.is_empty() { 0 } else { FOOT };
    }
    let slots = place(&mut cards);
    let pieces = pieces(&cards, &slots);
    let (width, sides, lanes) = columns(&mut cards, &pieces);
    let drawn: Vec<Line> =
        pieces.iter().map(|piece| line(piece, &sides, &lanes)).chain(crossings(&slots, &pieces, &sides)).collect();
    let lowest = cards.iter().map(|card| card.y + card.height).chain(slots.values().copied()).max().unwrap_or(TOP);
    Layout { cards, lines: drawn, width, height: lowest + MARGIN }
}

fn cards(procedure: &Procedure) -> Vec<Card<'_>> {
    let columns = columns_of(procedure);
    let named = procedure.start.iter().filter_map(|name| procedure.actions.get_key_value(name));
    let mut starts: Vec<(&str, &Action)> = named.map(|(name, action)| (name.as_str(), action)).collect();
    starts.sort_by_key(|(_, action)| action.order);
    let place = |state, rows, column| Card { state, rows, column, x: 0, y: 0, width: 0, height: 0 };
    let states = procedure.states_in_order().into_iter().map(|(name, state)| {
        let column = columns.get(name).copied().unwrap_or(1);
        place(Some((name, state)), procedure.from_state(name), column)
    });
    std::iter::once(place(None, starts, 0)).chain(states).collect()
}

/// The column of each state: one after the last column of those that lead to it; steps back do not count. Terminal
/// states stand last.
fn columns_of(procedure: &Procedure) -> BTreeMap<&str, usize> {
    let mut columns: BTreeMap<&str, usize> = BTreeMap::new();
    let states = procedure.states_in_order();
    let before = |from: &str, to: &str| {
        let order = |name: &str| procedure.states.get(name).map_or(0, |state| state.order);
        order(from) < order(to)
    };
    for (name, _) in &states {
        let into = procedure.actions.values().filter(|action| action.to == **name).flat_map(|action| &action.from);
        let last = into.filter(|from| before(from, name)).filter_map(|from| columns.get(from.as_str())).max();
        let column = last.copied().unwrap_or(0) + 1;
        columns.insert(name, column);
    }
    let last = columns.values().copied().max().unwrap_or(1);
    for (name, state) in &states {
        if state.terminal {
            columns.insert(name, last);
        }
    }
    columns
}

/// Every action's way: the card and row it leaves, the card it reaches.
fn ways(cards: &[Card<'_>]) -> Vec<(usize, usize, Way)> {
    let mut ways = Vec::new();
    for (from, card) in cards.iter().enumerate() {
        for (row, (_, action)) in card.rows.iter().enumerate() {
            let reached = |card: &Card<'_>| card.state.is_some_and(|(name, _)| *name == action.to);
            if let Some((to, target)) = cards.iter().enumerate().find(|(_, card)| reached(card)) {
                ways.push((from, row, (to, target.column <= card.column)));
            }
        }
    }
    ways
}

/// Gives each card its height on the page, and each way a slot in every column it passes. Slots by column and way.
fn place(cards: &mut [Card<'_>]) -> BTreeMap<(usize, Way), i32> {
    let ways = ways(cards);
    let mut passed: BTreeSet<(usize, Way)> = BTreeSet::new();
    for (from, _, way) in &ways {
        let (Some(from), Some(to)) = (cards.get(*from), cards.get(way.0)) else { continue };
        let (low, high) = (from.column.min(to.column), from.column.max(to.column));
        passed.extend((low + 1..high).map(|column| (column, *way)));
    }
    let mut slots: BTreeMap<(usize, Way), i32> = BTreeMap::new();
    let last = cards.iter().map(|card| card.column).max().unwrap_or_default();
    for column in 0..=last {
        let wish = |way: Way, slots: &BTreeMap<(usize, Way), i32>, cards: &[Card<'_>]| {
            wished(column, way, &ways, slots, cards)
        };
        let mut things: Vec<(i32, Result<usize, Way>)> = Vec::new();
        for (index, _) in cards.iter().enumerate().filter(|(_, card)| card.column == column) {
            let y = wish((index, false), &slots, cards).unwrap_or(TOP + HEAD / 2) - HEAD / 2;
            things.push((y, Ok(index)));
        }
        for (_, way) in passed.range((column, (0, false))..(column + 1, (0, false))) {
            things.push((wish(*way, &slots, cards).unwrap_or(10_000), Err(*way)));
        }
        things.sort_by_key(|(y, _)| *y);
        stack(column, things, cards, &mut slots);
    }
    slots
}

/// The height at which a way would arrive straight: the mean of where it comes from.
fn wished(
    column: usize,
    way: Way,
    ways: &[(usize, usize, Way)],
    slots: &BTreeMap<(usize, Way), i32>,
    cards: &[Card<'_>],
) -> Option<i32> {
    let before = column.checked_sub(1)?;
    let rows = ways.iter().filter(|(_, _, each)| *each == way);
    let rows = rows.filter_map(|(from, row, _)| {
        cards.get(*from).filter(|card| card.column == before).map(|card| card.row_y(*row))
    });
    let heights: Vec<i32> = rows.chain(slots.get(&(before, way)).copied()).collect();
    (!heights.is_empty()).then(|| heights.iter().sum::<i32>() / count(heights.len()))
}

fn stack(
    column: usize,
    things: Vec<(i32, Result<usize, Way>)>,
    cards: &mut [Card<'_>],
    slots: &mut BTreeMap<(usize, Way), i32>,
) {
    let mut free = TOP;
    for (wish, thing) in things {
        let wish = if wish >= 9_000 { free } else { wish };
        match thing {
            Ok(index) => {
                if let Some(card) = cards.get_mut(index) {
                    card.y = wish.max(free);
                    free = card.y + card.height + SPACE;
                }
            }
            Err(way) => {
                let y = wish.max(free);
                slots.insert((column, way), y);
                free = y + SLOT + SPACE / 2;
            }
        }
    }
}

/// Every piece of line across a gap.
fn pieces(cards: &[Card<'_>], slots: &BTreeMap<(usize, Way), i32>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = BTreeSet::new();
    for (from, row, way) in ways(cards) {
        let (Some(source), Some(target)) = (cards.get(from), cards.get(way.0)) else { continue };
        let primary = source.rows.get(row).is_some_and(|(_, action)| action.primary);
        let mut at = (source.column, source.row_y(row));
        loop {
            let same = at.0 == target.column;
            let next = if same {
                at.0
            } else if way.1 {
                at.0 - 1
            } else {
                at.0 + 1
            };
            let arrives = next == target.column;
            let y = if arrives {
                target.y + if way.1 { 38 } else { HEAD / 2 }
            } else {
                slots.get(&(next, way)).copied().unwrap_or(at.1)
            };
            let gap = if same { at.0 } else { at.0.min(next) };
            if done.insert((at, next, y, way)) || primary {
                pieces.push(Piece { gap, way, from: at, to: (next, y), arrow: arrives, primary });
            }
            if arrives {
                break;
            }
            at = (next, y);
        }
    }
    pieces.sort_by_key(|piece| piece.primary);
    pieces
}

/// The left and right edge of every column, by column.
type ColumnEdges = BTreeMap<usize, (i32, i32)>;
/// The lane of every way in every gap.
type Lanes = BTreeMap<(usize, Way), i32>;

/// Sets the columns side by side, each gap as wide as its lanes need.
fn columns(cards: &mut [Card<'_>], pieces: &[Piece]) -> (i32, ColumnEdges, Lanes) {
    let last = cards.iter().map(|card| card.column).max().unwrap_or_default();
    let (mut edges, mut lanes) = (ColumnEdges::new(), Lanes::new());
    let mut x = MARGIN;
    for column in 0..=last {
        let width = cards.iter().filter(|card| card.column == column).map(|card| card.width).max().unwrap_or(20);
        edges.insert(column, (x, x + width));
        for card in cards.iter_mut().filter(|card| card.column == column) {
            (card.x, card.width) = (x, width);
        }
        x += width + 18;
        for way in lane_order(column, pieces) {
            lanes.insert((column, way), x);
            x += LANE;
        }
        x += if column == last { MARGIN - 18 } else { 22 };
    }
    (x, edges, lanes)
}

/// The ways that bend in a gap, so ordered that those that go up stand apart from those that go down.
fn lane_order(gap: usize, pieces: &[Piece]) -> Vec<Way> {
    let mut keys: BTreeMap<Way, (i32, i32)> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| piece.gap == gap && bends(piece)) {
        let down = piece.to.1 > piece.from.1;
        let key = if down { (1, -piece.to.1) } else { (0, piece.to.1) };
        keys.entry(piece.way).or_insert(key);
    }
    let mut ways: Vec<Way> = keys.keys().copied().collect();
    ways.sort_by_key(|way| keys.get(way).copied());
    ways
}

fn bends(piece: &Piece) -> bool {
    piece.from.1 != piece.to.1 || piece.from.0 == piece.to.0
}

fn line(piece: &Piece, edges: &ColumnEdges, lanes: &Lanes) -> Line {
    let edge = |column: usize| edges.get(&column).copied().unwrap_or_default();
    let ((from_left, from_right), (to_left, to_right)) = (edge(piece.from.0), edge(piece.to.0));
    let same = piece.from.0 == piece.to.0;
    let (start, end) = match (same, piece.way.1) {
        (true, _) => (from_right, to_right),
        (false, true) => (from_left, to_right),
        (false, false) => (from_right, to_left),
    };
    let (from, to) = ((start, piece.from.1), (end, piece.to.1));
    let lane = lanes.get(&(piece.gap, piece.way)).copied().filter(|_| bends(piece));
    let points = lane.map_or_else(|| vec![from, to], |x| vec![from, (x, from.1), (x, to.1), to]);
    Line { points, arrow: piece.arrow, primary: piece.primary }
}

/// The straight lines through the slots of the columns passed; a usual next step shows there too.
fn crossings(slots: &BTreeMap<(usize, Way), i32>, pieces: &[Piece], edges: &ColumnEdges) -> Vec<Line> {
    let across = |((column, way), y): (&(usize, Way), &i32)| {
        let (left, right) = edges.get(column).copied().unwrap_or_default();
        let primary = pieces.iter().any(|piece| piece.primary && piece.way == *way && piece.to == (*column, *y));
        Line { points: vec![(left, *y), (right, *y)], arrow: false, primary }
    };
    slots.iter().map(across).collect()
}
