//! A proposal of grids (划分方案) says what was asked, which grid each building would lie in, and what is gained.

use std::collections::{BTreeMap, BTreeSet};

use kernel::place::PlaceId;
use kernel::time::Date;
use planning::partition::{Bounds, Grids, PieceReport, Report, Verdict, check};
use serde::{Deserialize, Serialize};

use super::carrying::{carried_on, kept};
use super::counted::Counted;
use super::given::{Calls, Drawn, Given, Wish};
use super::ground::{Ground, Limits, Standing, Today};
use super::known::{Causes, Known, SmallGrids};
use super::numbering::Called;

/// Says how grids are drawn again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The planner mends what is out of bounds and moves few households.
    Keep,
    /// The planner draws as if there were no grids.
    Anew,
    /// A person draws.
    Given,
    /// The grids get their codes in order; no building moves.
    Renumber,
}

impl Mode {
    /// Returns the stable name in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Anew => "anew",
            Self::Given => "given",
            Self::Renumber => "renumber",
        }
    }

    /// Reads the stable name of a way that can be asked for without drawing.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Keep, Self::Anew, Self::Renumber].into_iter().find(|mode| mode.code() == code)
    }
}

/// Holds what was asked for. It is kept with the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// How the grids are drawn.
    pub mode: Mode,
    /// The revision of the geography that the work uses.
    pub revision: i64,
    /// The day whose grids count as today's.
    pub on: Date,
    /// How many households a grid may have.
    pub limits: Limits,
    /// What a person draws: nothing where the planner does.
    #[serde(default, skip_serializing_if = "Given::is_empty")]
    pub given: Given,
    /// What a person calls the grids that she draws.
    #[serde(default, skip_serializing_if = "Calls::is_empty")]
    pub calls: Calls,
    /// What the planner balances in place of households. The limits are then limits of this.
    #[serde(default, skip_serializing_if = "Counted::is_empty")]
    pub counted: Counted,
}

/// A building in a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its identity.
    pub building: i64,
    /// Its households.
    pub households: u32,
    /// The grid in which it lies today.
    pub from: Option<i64>,
    /// Its proposed grid, as a position in [`Part::grids`].
    pub to: u32,
}

/// A piece of a community whose buildings hang together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// One of its buildings: the one that is too large if that is the problem, otherwise the first.
    pub building: i64,
    /// How many buildings it has.
    pub buildings: u32,
    /// How many households it has.
    pub households: u64,
    /// How many grids it is divided into.
    pub grids: u32,
    /// What is known of its division.
    pub known: Known,
    /// The best value that a division into as many grids can have, or nothing if it was not asked for.
    pub bound: Option<f64>,
}

/// Says how good a division is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// How many grids it has.
    pub grids: u64,
    /// How many of these are out of bounds.
    pub out: u64,
    /// How many of those cannot be mended: a whole piece that is too small, or a building that is too large.
    pub unavoidable: u64,
    /// How many grids do not hang together.
    pub torn: u64,
    /// How many buildings have no grid.
    pub without: u64,
    /// The weight of the borders that are cut, in metres.
    pub cut: u64,
    /// The sum of the households by which the grids differ from the mean.
    pub deviation: f64,
    /// What the planner makes small: the cut and the deviation together.
    pub objective: f64,
    /// How many times a compound is cut, added up.
    pub splits: u64,
}

impl Figures {
    /// Looks at a division of the ground. `grid` has a number for each building, and nothing where a building lies in
    /// no grid.
    pub fn of(ground: &Ground, limits: &Limits, grid: &[Option<u32>]) -> Self {
        let mut households: BTreeMap<u32, u64> = BTreeMap::new();
        for (building, grid) in ground.buildings.iter().zip(grid) {
            if let Some(grid) = grid {
                *households.entry(*grid).or_default() += u64::from(building.households);
            }
        }
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let beyond = grid.iter().flatten().max().map_or(0, |most| most + 1);
        let whole: Vec<u32> = ground
            .buildings
            .iter()
            .zip(grid)
            .map(|(building, grid)| grid.unwrap_or_else(|| beyond.saturating_add(building.community)))
            .collect();
        let bounds: Bounds = limits.bounds();
        let Report { disconnected, excused, unavoidable, cut, deviation, objective, compound_splits, .. } =
            check(&ground.buildings, &ground.borders, &bounds, &whole);
        let out = households.values().filter(|one| limits.standing(**one) != Standing::Within).count();
        Self {
            grids: count(households.len()),
            out: count(out),
            unavoidable: count((excused + unavoidable).min(out)),
            torn: count(disconnected),
            without: count(grid.iter().filter(|one| one.is_none()).count()),
            cut,
            deviation,
            objective,
            splits: count(compound_splits),
        }
    }
}

impl Figures {
    /// Adds grids that hold no building. Each of them counts as a grid that is too small.
    fn with_empty(mut self, empty: usize) -> Self {
        let empty = u64::try_from(empty).unwrap_or(u64::MAX);
        self.grids += empty;
        self.out += empty;
        self
    }
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.grids += other.grids;
        self.out += other.out;
        self.unavoidable += other.unavoidable;
        self.torn += other.torn;
        self.without += other.without;
        self.cut += other.cut;
        self.deviation += other.deviation;
        self.objective += other.objective;
        self.splits += other.splits;
    }
}

/// Says what a living grid is called today, and what it is going to be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    /// What it is called today.
    pub before: Called,
    /// What it is going to be called.
    pub after: Called,
}

/// Says what is proposed for one community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The community.
    pub community: i64,
    /// The grids that live there today.
    pub living: Vec<i64>,
    /// The grid of today that each proposed grid carries on, or nothing for a new grid.
    pub grids: Vec<Option<i64>>,
    /// Its buildings.
    pub members: Vec<Member>,
    /// The grids of today that are going to have another name, code or kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub recalled: BTreeMap<i64, Recalled>,
    /// What new grids are to be called, by their position in the list of grids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub wishes: BTreeMap<u32, Wish>,
    /// Its pieces.
    pub pieces: Vec<Piece>,
    /// How many of its grids are too small, by the cause. Proposals of earlier versions name none.
    #[serde(default, skip_serializing_if = "Causes::is_empty")]
    pub small: Causes,
    /// The figures of today's grids, or nothing if no building has a grid.
    pub before: Option<Figures>,
    /// The figures of the proposal.
    pub after: Figures,
}

impl Part {
    /// Returns the grid of today in which a building would lie, or nothing if that grid is new.
    pub fn to(&self, member: &Member) -> Option<i64> {
        self.grids.get(member.to as usize).copied().flatten()
    }

    /// Says whether a building changes its grid. A building that has no grid today changes it too.
    pub fn changes(&self, member: &Member) -> bool {
        member.from.is_none() || self.to(member) != member.from
    }

    /// Counts the households of all buildings.
    pub fn households(&self) -> u64 {
        self.members.iter().map(|member| u64::from(member.households)).sum()
    }

    /// Counts the households that get another grid than today's.
    pub fn moved(&self) -> u64 {
        let moved = |member: &&Member| member.from.is_some() && self.changes(member);
        self.members.iter().filter(moved).map(|member| u64::from(member.households)).sum()
    }

    /// Returns today's grids that end with it.
    pub fn ending(&self) -> Vec<i64> {
        self.living.iter().copied().filter(|grid| !self.grids.contains(&Some(*grid))).collect()
    }

    /// Returns how many grids are new.
    pub fn opened(&self) -> u32 {
        u32::try_from(self.grids.iter().filter(|grid| grid.is_none()).count()).unwrap_or(u32::MAX)
    }

    /// Returns what each new grid is to be called, in the order in which they are opened.
    pub fn opening(&self) -> Vec<Wish> {
        let new = (0..).zip(&self.grids).filter(|(_, grid)| grid.is_none());
        new.map(|(at, _)| self.wishes.get(&at).cloned().unwrap_or_default()).collect()
    }

    /// Counts the pieces for which it is proven that no division into as many grids is better.
    pub fn proven(&self) -> usize {
        self.pieces.iter().filter(|piece| piece.known == Known::Best).count()
    }

    /// Says whether it is still about the grids as they are.
    pub fn fits(&self, today: &Today) -> bool {
        let community = PlaceId(self.community);
        let living: BTreeSet<PlaceId> = self.living.iter().copied().map(PlaceId).collect();
        let same = |member: &Member| today.of(member.building, community) == member.from.map(PlaceId);
        let called = |(grid, one): (&i64, &Recalled)| today.called.get(&PlaceId(*grid)) == Some(&one.before);
        today.of_community(community) == living && self.members.iter().all(same) && self.recalled.iter().all(called)
    }
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// What was asked for.
    pub asked: Asked,
    /// A part for each community that has buildings.
    pub parts: Vec<Part>,
}

/// Holds the planner's answer for one community beside today's grids. The lists follow the order of its buildings.
struct Division<'a> {
    community: PlaceId,
    /// The ground of this community alone, and the same with what is counted.
    ground: &'a Ground,
    counted: &'a Ground,
    /// The buildings of the whole ground, by which the planner counts.
    all: &'a [i64],
    /// The grid of today.
    from: &'a [Option<PlaceId>],
    /// The planner's number of the proposed grid.
    to: Vec<u32>,
    pieces: &'a [PieceReport],
    /// Why grids are too small.
    small: Causes,
    /// The grid of today that each number is, where a person says so.
    kept: Option<&'a BTreeMap<u32, i64>>,
    /// What a person calls the new grids, by the planner's number.
    wishes: &'a BTreeMap<u32, Wish>,
}

impl Proposal {
    /// Puts the planner's answer beside today's grids.
    pub fn new(asked: Asked, ground: &Ground, today: &Today, drawn: &Grids) -> Self {
        Self::beside(asked, ground, today, drawn, None, &BTreeMap::new())
    }

    /// Puts what a person draws beside today's grids.
    pub fn of_given(asked: Asked, ground: &Ground, today: &Today, drawn: &Drawn) -> Self {
        let wish = |(number, word): (&u32, &String)| Some((*number, asked.calls.new.get(word)?.clone()));
        let (wishes, living) = (drawn.words.iter().filter_map(wish).collect(), asked.calls.living.clone());
        let kept = kept(drawn, ground, today, &asked.calls);
        let mut proposal = Self::beside(asked, ground, today, &drawn.grids, Some(&kept), &wishes);
        proposal.recall(today, &living);
        proposal
    }

    fn beside(
        asked: Asked,
        ground: &Ground,
        today: &Today,
        drawn: &Grids,
        kept: Option<&BTreeMap<u32, i64>>,
        wishes: &BTreeMap<u32, Wish>,
    ) -> Self {
        let (from, counted) = (ground.from(today), asked.counted.on(ground));
        let small = SmallGrids::of(&counted, asked.limits.least, drawn);
        let parts = (0..)
            .zip(&ground.communities)
            .map(|(number, community)| {
                let (part, at) = ground.part(|building| building.community == number);
                let (counted, _) = counted.part(|building| building.community == number);
                let pick = |grids: &[u32]| -> Vec<u32> { at.iter().filter_map(|at| grids.get(*at).copied()).collect() };
                let from: Vec<Option<PlaceId>> = at.iter().filter_map(|at| from.get(*at).copied()).collect();
                let pieces: Vec<PieceReport> =
                    drawn.pieces.iter().filter(|piece| piece.community == number).cloned().collect();
                let division = Division {
                    community: *community,
                    ground: &part,
                    counted: &counted,
                    all: &ground.ids,
                    from: &from,
                    to: pick(&drawn.grid),
                    pieces: &pieces,
                    small: small.in_community(number),
                    kept,
                    wishes,
                };
                Self::part(&asked.limits, today, division)
            })
            .collect();
        Self { asked, parts }
    }

    fn part(limits: &Limits, today: &Today, division: Division<'_>) -> Part {
        let Division { community, ground, counted, all, from, to, pieces, small, kept, wishes } = division;
        let households = |at: usize| ground.buildings.get(at).map_or(0, |building| building.households);
        let buildings: Vec<_> = from
            .iter()
            .zip(&to)
            .enumerate()
            .map(|(at, (from, to))| (from.map(|grid| grid.0), *to, households(at)))
            .collect();
        let kept = kept.cloned().unwrap_or_else(|| carried_on(&buildings));
        // Grids that live on come first, by their identity. New ones follow in the order of their first building.
        let mut labels: Vec<(bool, i64, u32)> = Vec::new();
        for (first, label) in (0_i64..).zip(&to) {
            if labels.iter().all(|(.., known)| known != label) {
                let carried = kept.get(label);
                labels.push((carried.is_none(), carried.copied().unwrap_or(first), *label));
            }
        }
        labels.sort_unstable();
        let number: BTreeMap<u32, u32> = labels.iter().map(|(.., label)| *label).zip(0..).collect();
        let to: Vec<u32> = to.iter().filter_map(|label| number.get(label).copied()).collect();
        let member = |((building, from), (to, at)): ((&i64, &Option<PlaceId>), (&u32, usize))| Member {
            building: *building,
            households: households(at),
            from: from.map(|grid| grid.0),
            to: *to,
        };
        let members: Vec<Member> = ground.ids.iter().zip(from).zip(to.iter().zip(0..)).map(member).collect();
        let piece = |report: &PieceReport| piece(report, counted, all, limits, &to);
        let today_numbers = today_numbers(ground, from);
        let proposed: Vec<Option<u32>> = to.iter().copied().map(Some).collect();
        let lived_in: BTreeSet<PlaceId> = from.iter().flatten().copied().collect();
        let empty = today.of_community(community).difference(&lived_in).count();
        Part {
            community: community.0,
            living: today.of_community(community).into_iter().map(|grid| grid.0).collect(),
            grids: labels.iter().map(|(.., label)| kept.get(label).copied()).collect(),
            pieces: pieces.iter().map(piece).collect(),
            small,
            before: today_numbers.map(|grid| Figures::of(counted, limits, &grid).with_empty(empty)),
            after: Figures::of(counted, limits, &proposed),
            recalled: BTreeMap::new(),
            wishes: number.iter().filter_map(|(label, at)| Some((*at, wishes.get(label)?.clone()))).collect(),
            members,
        }
    }

    /// Notes what grids of today are going to be called. Grids that end are left out, and so are those that are called
    /// so already.
    pub fn recall(&mut self, today: &Today, called: &BTreeMap<i64, Called>) {
        for part in &mut self.parts {
            for (grid, after) in called {
                let before = today.called.get(&PlaceId(*grid)).filter(|before| *before != after);
                let stays = part.grids.contains(&Some(*grid));
                if let (Some(before), true) = (before, stays) {
                    let one = Recalled { before: before.clone(), after: after.clone() };
                    part.recalled.insert(*grid, one);
                }
            }
        }
    }

    /// Returns what is proposed for one community.
    pub fn of(&self, community: i64) -> Option<&Part> {
        self.parts.iter().find(|part| part.community == community)
    }

    /// Returns the communities that it is about.
    pub fn communities(&self) -> Vec<PlaceId> {
        self.parts.iter().map(|part| PlaceId(part.community)).collect()
    }

    /// Returns the grids of today that are going to be called otherwise.
    pub fn recalled(&self) -> impl Iterator<Item = (&i64, &Recalled)> {
        self.parts.iter().flat_map(|part| &part.recalled)
    }

    /// Counts the households that get another grid than today's.
    pub fn moved(&self) -> u64 {
        self.parts.iter().map(Part::moved).sum()
    }

    /// Says whether its adoption would change anything.
    pub fn changes(&self) -> bool {
        let moves = |part: &Part| part.members.iter().any(|member| part.changes(member));
        self.parts.iter().any(|part| moves(part) || !part.ending().is_empty() || !part.recalled.is_empty())
    }

    /// Says whether it is still about the buildings and grids as they are.
    pub fn fits(&self, revision: Option<i64>, today: &Today) -> bool {
        revision == Some(self.asked.revision) && self.parts.iter().all(|part| part.fits(today))
    }
}

/// Numbers today's grids. Returns nothing if no building has a grid.
pub fn today_numbers(ground: &Ground, from: &[Option<PlaceId>]) -> Option<Vec<Option<u32>>> {
    let numbers = ground.numbered(from);
    let known = from.iter().any(Option::is_some);
    known.then(|| from.iter().zip(numbers).map(|(grid, number)| grid.map(|_| number)).collect())
}

/// Returns a piece in the form in which it is kept. `all` holds the buildings of the whole ground, by which the planner
/// counts.
fn piece(report: &PieceReport, ground: &Ground, all: &[i64], limits: &Limits, to: &[u32]) -> Piece {
    let first = all.get(report.building as usize).copied().unwrap_or_default();
    let own = ground.ids.iter().position(|id| *id == first).and_then(|at| to.get(at));
    let large = ground.ids.iter().zip(&ground.buildings).zip(to).find(|((_, building), grid)| {
        report.verdict == Verdict::Large && Some(*grid) == own && building.households > limits.most
    });
    Piece {
        building: large.map_or(first, |((id, _), _)| *id),
        buildings: report.buildings,
        households: report.households,
        grids: report.grids,
        known: report.verdict.into(),
        bound: report.bound,
    }
}
