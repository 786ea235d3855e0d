//! This file checks an answer of `lianglin plan grids` from buildings, borders and grids alone: what each grid is,
//! which of them must be out of bounds, and what is said to be the best.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::language::Bilingual;
use planning::partition::{
    Avoiding, Better, Border, Known, Part, SmallPiece, Verdict, Why, Wrong, check, known, parts,
};

use super::small::{SMALL, Small};
use super::{MOVES, Task, Told, WORDS, drawn, faulty, households_moved, listed, moved, moves, summary, word};
use crate::AppError;
use crate::plan::answer::{Once, Row, Shape, Sheet, Wrongs, follows, numbers, sheet};
use crate::plan::checked::Checked;
use crate::plan::claims::Claims;
use crate::plan::summary::Summary;
use crate::plan::table::{Ids, both, short};
use crate::plan::town::{Buildings, Bundle};
use crate::plan::{read, told, words};

/// How far a bound in `pieces.csv` may lie above what is proven, metres: it has one decimal.
const ROUNDED: f64 = 1e-3;
/// Limits how many signs of a word are shown.
const SHOWN: usize = 80;

/// Checks the answer that is in `out`.
pub fn verify(town: impl Into<Bundle>, out: &Path, task: &Task) -> Result<Checked, AppError> {
    let bundle = town.into();
    let buildings = bundle.buildings_by(&task.weight, None).map_err(told)?;
    let borders = bundle.borders(&buildings).map_err(told)?;
    if let Some(fault) = task.bounds.fault() {
        return Err(faulty(bundle.folder(), None, &fault));
    }
    let claims = Claims::read(out)?;
    let mut wrongs = Wrongs::default();
    let count = buildings.grid.len();
    let grid = numbers(out, "grids.bin", count, ["网格号", "楼栋"], ["grids", "buildings"])?;
    let parts = whole(out, &buildings, &borders, task, &grid, &mut wrongs)?;
    let pieces = pieces(out, &buildings, &parts, &mut wrongs)?;
    wrongs.end()?;
    let prices = prices(out, &buildings, &mut wrongs)?;
    let claimed: Vec<Option<f64>> = parts.iter().zip(&pieces).map(|(part, piece)| piece.claimed(part)).collect();
    let report = check(&buildings.grid, &borders, &task.bounds, &grid);
    let least = task.bounds.least;
    let read = Read { town: &buildings, borders: &borders, grid: &grid, parts: &parts, pieces: &pieces, least };
    let small = read.small_as_said(claims.as_ref());
    let mut checked = Checked {
        summary: summary(task, &report, &buildings, &tolds(&parts, &pieces), &small, None),
        holds: vec![
            both(
                "每栋楼都在一个网格里，每个网格都在一个社区之内，而且相连。",
                "each building is in one grid, and each grid hangs together inside its community",
            ),
            both("户数、边界和目标值都和由表算出的一样。", "sizes, borders and the objective are those of the tables"),
        ],
        unavoidable: Vec::new(),
        unproven: Vec::new(),
    };
    follows(&out.join("grids.geojson"), &drawn(&buildings, &grid), &mut wrongs);
    compare_moves(out, task, &buildings, &grid, &mut checked.summary, &mut wrongs)?;
    if let Some(lang) = bundle.lang() {
        listed::listing(&bundle, task, &buildings, &grid, &report, &small).compare(out, lang, &mut wrongs)?;
    }
    let heard = bundle.heard();
    heard.tell(&mut checked.summary);
    if let Some(claims) = &claims {
        claims.compare(&checked.summary, &[], &mut wrongs);
    }
    let found = known(&parts, &claimed, &prices);
    // What the check tells is what it knows, not what the answer claims.
    checked.summary.notes = heard.told();
    judged(&read, &found, out, &mut checked, &mut wrongs)?;
    Ok(checked)
}

/// An answer as it is read, beside the tables.
struct Read<'a> {
    town: &'a Buildings,
    borders: &'a [Border],
    grid: &'a [u32],
    parts: &'a [Part],
    /// What the answer says of each part.
    pieces: &'a [Piece],
    least: u32,
}

impl Read<'_> {
    /// Counts the grids below the least by their cause. `proven` says of a part whether no division of it keeps the
    /// bounds.
    fn small(&self, proven: impl Fn(usize) -> bool) -> Small {
        let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
        for (building, grid) in self.town.grid.iter().zip(self.grid) {
            *sizes.entry(*grid).or_default() += u64::from(building.households);
        }
        let is_small = |grid: &&u32| sizes.get(*grid).is_some_and(|size| *size < u64::from(self.least));
        let piece = |(at, part): (usize, &Part)| SmallPiece {
            community: part.community,
            building: part.buildings.first().copied().unwrap_or_default(),
            buildings: part.buildings.len(),
            households: part.households,
            small: part.grids.iter().filter(is_small).count() as u64,
            proven: proven(at),
        };
        let pieces = self.parts.iter().enumerate().map(piece).filter(|piece| piece.small > 0);
        Small::of(self.town, self.borders, self.least, &pieces.collect::<Vec<SmallPiece>>())
    }

    /// Does the same as the answer says it. Earlier versions said nothing of the causes.
    fn small_as_said(&self, claims: Option<&Claims>) -> Small {
        if claims.is_some_and(Claims::is_earlier) {
            return Small::default();
        }
        self.small(|at| matches!(self.pieces[at].verdict, Verdict::Fewest | Verdict::None))
    }
}

/// Decides of all parts what holds, and tells it.
fn judged(
    read: &Read<'_>,
    found: &[Known],
    out: &Path,
    checked: &mut Checked,
    wrongs: &mut Wrongs,
) -> Result<(), AppError> {
    let mut proven = 0;
    let mut judge = Judge { town: read.town, checked: &mut *checked, wrongs: &mut *wrongs, out };
    for ((part, piece), known) in read.parts.iter().zip(read.pieces).zip(found) {
        judge.bounds(part, piece, &known.avoiding);
        proven += usize::from(judge.best(part, piece, known));
    }
    wrongs.end()?;
    let small = read.small(|at| matches!(found[at].avoiding, Avoiding::Impossible(_)));
    let told = std::mem::take(&mut checked.summary.notes);
    checked.summary.notes = small.notes().chain(told).collect();
    for (name, value) in &mut checked.summary.more {
        match (*name, small.figure()) {
            ("pieces_proven_best", _) => *value = proven.into(),
            (SMALL, Some((_, counts))) => *value = counts,
            _ => {}
        }
    }
    if proven > 0 {
        let all = read.parts.len();
        checked.holds.push(both(
            format!("{all} 片里有 {proven} 片，分成同样多的网格没有更好的分法。"),
            format!("for {proven} of {all} pieces no division into as many grids is better"),
        ));
    }
    Ok(())
}

/// Returns the parts of the division. Refuses one whose grids do not hang together or cross communities.
fn whole(
    out: &Path,
    buildings: &Buildings,
    borders: &[Border],
    task: &Task,
    grid: &[u32],
    wrongs: &mut Wrongs,
) -> Result<Vec<Part>, AppError> {
    match parts(&buildings.grid, borders, &task.bounds, grid) {
        Ok(parts) => Ok(parts),
        Err(found) => {
            for wrong in &found {
                wrongs.add(&out.join("grids.bin"), 0, broken(buildings, wrong));
            }
            wrongs.end().map(|()| Vec::new())
        }
    }
}

/// Says what is wrong with a grid.
fn broken(town: &Buildings, wrong: &Wrong) -> Bilingual {
    let name = |building: &u32| town.ids.written(*building as usize);
    let (zh, en) = match wrong {
        Wrong::Crossing { grid, one, other } => {
            let (one, other) = (name(one), name(other));
            (
                format!("网格 {grid} 跨了社区：楼栋 {one} 和楼栋 {other} 不在同一个社区"),
                format!("grid {grid} has building {one} of one community and building {other} of another"),
            )
        }
        Wrong::Torn { grid, one, other } => {
            let (one, other) = (name(one), name(other));
            (
                format!("网格 {grid} 不相连：从楼栋 {one} 走不到楼栋 {other}"),
                format!(
                    "grid {grid} does not hang together: inside it no way leads from building {one} to building {other}"
                ),
            )
        }
        Wrong::Company { grid, large, other } => {
            let (large, other) = (name(large), name(other));
            (
                format!("网格 {grid} 里的楼栋 {large} 自己就超过上限，楼栋 {other} 却不必和它在一起"),
                format!(
                    "grid {grid} has building {large}, which alone is above the most, and building {other}, which need \
                     not be there"
                ),
            )
        }
        Wrong::Alone { grid, one, large } => {
            let (one, large) = (name(one), name(large));
            (
                format!("网格 {grid} 太小，里面的楼栋 {one} 可以并入楼栋 {large} 的网格，那个网格反正超过上限"),
                format!(
                    "grid {grid} is too small, and its building {one} could be in the grid of building {large}, which \
                     is above the most anyway"
                ),
            )
        }
    };
    both(format!("{zh}。请重新规划。"), format!("{en}. Plan again."))
}

/// What `pieces.csv` says of a part.
struct Piece {
    line: u64,
    verdict: Verdict,
    bound: Option<f64>,
}

impl Piece {
    /// Returns what no division is said to cost less than, metres.
    fn claimed(&self, part: &Part) -> Option<f64> {
        if self.verdict == Verdict::Best { Some(part.objective) } else { self.bound }
    }
}

/// Reads `pieces.csv` and compares what it says of each part with the part. Returns one for each part.
fn pieces(out: &Path, town: &Buildings, parts: &[Part], wrongs: &mut Wrongs) -> Result<Vec<Piece>, AppError> {
    let columns = [
        ("community", Shape::Id),
        ("building", Shape::Id),
        ("buildings", Shape::Whole),
        ("households", Shape::Whole),
        ("grids", Shape::Whole),
        ("verdict", Shape::Word),
        ("bound", Shape::Perhaps),
    ];
    let said = sheet(out, "pieces", &columns, wrongs)?;
    let first = |part: &Part| part.buildings.first().map(|&building| building as usize);
    let place: BTreeMap<Option<usize>, usize> = parts.iter().map(first).zip(0..).collect();
    let numbers = Ids::numbered("pieces", parts.len());
    let mut once = Once::new(&numbers, "片区", "piece");
    let mut pieces: Vec<Option<Piece>> = parts.iter().map(|_| None).collect();
    for row in &said.rows {
        let building = row.text(1);
        let known = town.ids.row(building).and_then(|building| place.get(&Some(building)));
        let Some(&at) = known else {
            let said_of = both(
                format!("楼栋 {building} 不是任何一片的第一栋。结果是用别的表做的，请重新规划。"),
                format!(
                    "building {building} is not the first of any piece. The answer belongs to other tables: plan again."
                ),
            );
            wrongs.add(&said.path, row.line, said_of);
            continue;
        };
        if once.note(&said.path, row.line, at, wrongs) {
            pieces[at] = Some(piece(&said, row, town, &parts[at], wrongs));
        }
    }
    once.end(&said.path, wrongs);
    wrongs.end()?;
    Ok(pieces.into_iter().flatten().collect())
}

/// Compares one line with its part.
fn piece(said: &Sheet, row: &Row, town: &Buildings, part: &Part, wrongs: &mut Wrongs) -> Piece {
    let community = part.community as usize;
    if town.communities.row(row.text(0)) != Some(community) {
        wrongs.differs(&said.path, row.line, "community", row.text(0), town.communities.written(community));
    }
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let figures = [
        (2, "buildings", whole(part.buildings.len())),
        (3, "households", part.households as i64),
        (4, "grids", whole(part.grids.len())),
    ];
    for (at, name, found) in figures {
        if row.whole(at) != found {
            wrongs.differs(&said.path, row.line, name, row.whole(at), found);
        }
    }
    let (line, bound) = (row.line, row.decimal(6));
    let verdict = WORDS.iter().find(|(_, word)| *word == row.text(5)).map(|(verdict, _)| *verdict);
    let fits = |verdict: Verdict| match verdict {
        Verdict::Kept | Verdict::Best => part.out.is_empty(),
        Verdict::Small => !part.out.is_empty() && part.avoiding() == Avoiding::Impossible(Why::Small),
        Verdict::Large => part.large.is_some(),
        Verdict::Fewest | Verdict::None | Verdict::NotFound => !part.out.is_empty() && part.large.is_none(),
    };
    if !verdict.is_some_and(fits) {
        wrongs.add(&said.path, row.line, unfit(row.text(5), &part.out));
    }
    if let Some(bound) = bound.filter(|bound| *bound > part.objective + ROUNDED) {
        wrongs.differs(&said.path, line, "bound", bound, format!("{:.1}", part.objective));
    }
    Piece { line, verdict: verdict.unwrap_or(Verdict::NotFound), bound }
}

/// Says that a verdict does not fit the grids that are out of bounds.
fn unfit(verdict: &str, out: &[u32]) -> Bilingual {
    let (verdict, out) = (short(verdict, SHOWN), out.iter().map(u32::to_string).collect::<Vec<_>>().join(", "));
    let (zh, en) = if out.is_empty() {
        ("各网格都在范围里".to_owned(), "within bounds".to_owned())
    } else {
        (format!("网格 {out} 超出范围"), format!("out of bounds in grids {out}"))
    };
    both(
        format!("verdict 写的是 {verdict}，由表算出来是：{zh}。请重新规划，不要改动结果文件。"),
        format!("verdict says {verdict}, and the tables give {en}. Plan again, and leave the answer as it is."),
    )
}

/// Reads the prices that prove bounds. There are none where no bound needs any.
fn prices(out: &Path, town: &Buildings, wrongs: &mut Wrongs) -> Result<BTreeMap<u32, f64>, AppError> {
    if !out.join("grid_prices.csv").exists() {
        return Ok(BTreeMap::new());
    }
    let said = sheet(out, "grid_prices", &[("building", Shape::Id), ("price", Shape::Decimal)], wrongs)?;
    let mut once = Once::new(&town.ids, "楼栋", "building");
    let mut prices = BTreeMap::new();
    for row in &said.rows {
        let place = once.take(&said.path, row.line, row.text(0), wrongs);
        if let (Some(place), Some(price)) = (place.and_then(|place| u32::try_from(place).ok()), row.decimal(1)) {
            prices.insert(place, price);
        }
    }
    Ok(prices)
}

/// Returns what is said of each part in the words of a summary.
fn tolds(parts: &[Part], pieces: &[Piece]) -> Vec<Told> {
    parts.iter().zip(pieces).map(|(part, piece)| told_of(part, piece)).collect()
}

/// Compares `moves.csv` with the old grids that the answer keeps, where it was made from some.
fn compare_moves(
    out: &Path,
    task: &Task,
    buildings: &Buildings,
    grid: &[u32],
    summary: &mut Summary,
    wrongs: &mut Wrongs,
) -> Result<(), AppError> {
    let (kept, path) = (out.join("old_grids.bin"), out.join("moves.csv"));
    if task.old.is_none() && !kept.exists() && !path.exists() {
        return Ok(());
    }
    let old = numbers(out, "old_grids.bin", grid.len(), ["原网格号", "楼栋"], ["old grids", "buildings"])?;
    // A plan may have been written over the grids that it was made from.
    let answer = out.join("grids.bin").canonicalize().ok();
    let given = task.old.as_deref().filter(|path| path.canonicalize().ok() != answer);
    if let Some(given) = given
        && words(&read(given)?) != old
    {
        let said = both(
            format!("结果不是从 {} 的网格做出来的。请用规划时的那个文件检查。", given.display()),
            format!("the answer was not made from the grids of {}. Check with the file of the plan.", given.display()),
        );
        wrongs.add(&kept, 0, said);
    }
    let rows = moves(buildings, &old, grid);
    summary.more.push(households_moved(&rows));
    let shape = |name: &str| if name == "building" { Shape::Id } else { Shape::Whole };
    let columns: Vec<(&str, Shape)> = MOVES.split(',').map(|name| (name, shape(name))).collect();
    drop(sheet(out, "moves", &columns, wrongs)?);
    follows(&path, &moved(buildings, &rows), wrongs);
    Ok(())
}

/// Decides of each part what holds, what cannot be avoided and what is not proven.
struct Judge<'a> {
    town: &'a Buildings,
    checked: &'a mut Checked,
    wrongs: &'a mut Wrongs,
    out: &'a Path,
}

impl Judge<'_> {
    /// Decides whether the grids of a part that are out of bounds must be.
    fn bounds(&mut self, part: &Part, piece: &Piece, avoiding: &Avoiding) {
        let name = told_of(part, piece).name(self.town);
        let out = part.out.len();
        match avoiding {
            Avoiding::Kept => {}
            Avoiding::Impossible(why) => {
                let grids = part.out.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
                let why = reason(self.town, why);
                self.checked.unavoidable.push(both(
                    format!("{}，网格 {grids}：{}。", name.zh, why.zh),
                    format!("{}, grids {grids}: {}", name.en, why.en),
                ));
            }
            Avoiding::Possible { grids, out: possible } => {
                let said = both(
                    format!(
                        "有 {out} 个网格超出范围，而分成 {grids} 个网格时只有 {possible} 个。请加大 --effort 重新规划。"
                    ),
                    format!(
                        "{out} grids are out of bounds, and a division into {grids} grids has {possible} of them. Plan again with more --effort."
                    ),
                );
                self.wrongs.add(&self.out.join("pieces.csv"), piece.line, said);
            }
            Avoiding::Unknown { proven } => self.checked.unproven.push(both(
                format!("{}：有 {out} 个网格超出范围，只证明了其中 {proven} 个不能避免。", name.zh),
                format!(
                    "{}: {out} of its grids are out of bounds, and it is proven of {proven} that this cannot be avoided",
                    name.en
                ),
            )),
        }
    }

    /// Decides whether the bound of a part holds. Says whether it is proven that no division is better.
    fn best(&mut self, part: &Part, piece: &Piece, known: &Known) -> bool {
        match known.better {
            None => false,
            Some(Better::None) => piece.verdict == Verdict::Best,
            Some(Better::Found(cost)) => {
                let (verdict, objective) = (word(piece.verdict), part.objective);
                let said = both(
                    format!(
                        "写的是 {verdict}，可是有一种分法只要 {cost:.1} 米，这一种要 {objective:.1} 米。请重新规划。"
                    ),
                    format!(
                        "says {verdict}, and a division costs {cost:.1} m, while this one costs {objective:.1} m. Plan again."
                    ),
                );
                self.wrongs.add(&self.out.join("pieces.csv"), piece.line, said);
                false
            }
            Some(Better::Unknown) => {
                let name = told_of(part, piece).name(self.town);
                self.checked.unproven.push(both(
                    format!("{}：分成同样多的网格，没有更好的分法。", name.zh),
                    format!("{}: that no division into as many grids is better", name.en),
                ));
                false
            }
        }
    }
}

fn told_of(part: &Part, piece: &Piece) -> Told {
    let building = part.buildings.first().copied().unwrap_or_default();
    Told { community: part.community, building, households: part.households, verdict: piece.verdict }
}

/// Says why grids must be out of bounds.
fn reason(town: &Buildings, why: &Why) -> Bilingual {
    let name = |building: &u32| town.ids.written(*building as usize);
    match why {
        Why::Small => both("整片的户数还不够一个网格", "the whole piece has fewer households than a grid needs"),
        Why::Large(building) => {
            let name = name(building);
            both(format!("楼栋 {name} 自己就超过上限"), format!("building {name} alone is above the most"))
        }
        Why::Number { needed, possible } => both(
            format!("这么多户要分成 {needed} 个网格，而够得上下限的只能有 {possible} 个"),
            format!("{needed} grids are needed for so many households, and {possible} can be filled to the least"),
        ),
        Why::Hung(buildings) => {
            let names: Vec<String> = buildings.iter().map(name).collect();
            both(
                format!("只靠楼栋 {} 和其余相连的部分，单独不够一个网格，和它合在一起又太多", names.join("、")),
                format!(
                    "what only building {} joins to the rest is too small for a grid, and too much together with it",
                    names.join(", ")
                ),
            )
        }
        Why::Tree => both(
            "楼栋的相邻关系没有环，每种分法都算过",
            "the buildings form a tree, and every division of it was reckoned",
        ),
        Why::Tried => both("每种分法都试过", "every division of the piece was tried"),
    }
}
