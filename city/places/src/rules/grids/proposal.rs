//! A proposal of grids (划分方案): what was asked, which grid each building would lie in, and what is gained by it.

use std::collections::{BTreeMap, BTreeSet};

use kernel::place::PlaceId;
use kernel::time::Date;
use planning::partition::{Bounds, Grids, PieceReport, Report, Verdict, check};
use serde::{Deserialize, Serialize};

use super::carrying::carried_on;
use super::ground::{Ground, Limits, Standing, Today};

/// How grids are drawn again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// What is out of bounds is mended, few households move.
    Keep,
    /// As if there were no grids.
    Anew,
}

impl Mode {
    /// The stable name in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Anew => "anew",
        }
    }

    /// Reads the stable name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Keep, Self::Anew].into_iter().find(|mode| mode.code() == code)
    }
}

/// What was asked for: kept with the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// How.
    pub mode: Mode,
    /// The laying of the geography it is asked of.
    pub revision: i64,
    /// The day whose grids are today's.
    pub on: Date,
    /// How many households a grid may have.
    pub limits: Limits,
}

/// A building in a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its identity.
    pub building: i64,
    /// Its households.
    pub households: u32,
    /// Its grid of today.
    pub from: Option<i64>,
    /// Its proposed grid, by its place in [`Part::grids`].
    pub to: u32,
}

/// What is known of a piece's division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// Within bounds.
    Kept,
    /// Within bounds and proven to be the best.
    Best,
    /// Fewer households than a grid needs.
    Small,
    /// A building alone has more households than a grid may.
    Large,
    /// No division keeps the bounds: proven.
    None,
    /// None was found.
    NotFound,
}

impl From<Verdict> for Known {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Kept => Self::Kept,
            Verdict::Best => Self::Best,
            Verdict::Small => Self::Small,
            Verdict::Large => Self::Large,
            Verdict::None => Self::None,
            Verdict::NotFound => Self::NotFound,
        }
    }
}

/// A piece of a community whose buildings hang together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// A building of it: the one that is too large where that is the reason, else the first.
    pub building: i64,
    /// Its buildings.
    pub buildings: u32,
    /// Its households.
    pub households: u64,
    /// How many grids it is divided into.
    pub grids: u32,
    /// What is known.
    pub known: Known,
    /// What no division with as many grids can be better than; none where it was not asked.
    pub bound: Option<f64>,
}

/// What a division is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Grids.
    pub grids: u64,
    /// Of these out of bounds.
    pub out: u64,
    /// Of these such as cannot be helped: a whole piece that is too small, a building that is too large.
    pub unavoidable: u64,
    /// Grids that do not hang together.
    pub torn: u64,
    /// Buildings without a grid.
    pub without: u64,
    /// Weight of the borders cut, metres.
    pub cut: u64,
    /// Households off the mean, added up.
    pub deviation: f64,
    /// What is made small: cut and deviation together.
    pub objective: f64,
    /// Compounds cut, added up.
    pub splits: u64,
}

impl Figures {
    /// Looks at a division of the ground; `grid` has one number for each building, and none where a building lies in no grid.
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
    /// With grids that hold no building: each is one too small.
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

/// What is proposed for one community.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The community.
    pub community: i64,
    /// The grids that live there today.
    pub living: Vec<i64>,
    /// Of each proposed grid the one of today that it carries on; none for a new one.
    pub grids: Vec<Option<i64>>,
    /// Its buildings.
    pub members: Vec<Member>,
    /// Its pieces.
    pub pieces: Vec<Piece>,
    /// What today's grids are worth; none where no building has one.
    pub before: Option<Figures>,
    /// What the proposal is worth.
    pub after: Figures,
}

impl Part {
    /// The grid of today that a building would lie in; none for a new one.
    pub fn to(&self, member: &Member) -> Option<i64> {
        self.grids.get(member.to as usize).copied().flatten()
    }

    /// Whether a building changes its grid, one that has none today included.
    pub fn changes(&self, member: &Member) -> bool {
        member.from.is_none() || self.to(member) != member.from
    }

    /// Households of all buildings.
    pub fn households(&self) -> u64 {
        self.members.iter().map(|member| u64::from(member.households)).sum()
    }

    /// Households that are in another grid than today.
    pub fn moved(&self) -> u64 {
        let moved = |member: &&Member| member.from.is_some() && self.changes(member);
        self.members.iter().filter(moved).map(|member| u64::from(member.households)).sum()
    }

    /// Today's grids that end with it.
    pub fn ending(&self) -> Vec<i64> {
        self.living.iter().copied().filter(|grid| !self.grids.contains(&Some(*grid))).collect()
    }

    /// How many grids are new.
    pub fn opened(&self) -> u32 {
        u32::try_from(self.grids.iter().filter(|grid| grid.is_none()).count()).unwrap_or(u32::MAX)
    }

    /// Pieces that are proven to have no better division with as many grids.
    pub fn proven(&self) -> usize {
        self.pieces.iter().filter(|piece| piece.known == Known::Best).count()
    }

    /// Whether it still speaks of the grids as they are.
    pub fn fits(&self, today: &Today) -> bool {
        let community = PlaceId(self.community);
        let living: BTreeSet<PlaceId> = self.living.iter().copied().map(PlaceId).collect();
        let same = |member: &Member| today.of(member.building, community) == member.from.map(PlaceId);
        today.of_community(community) == living && self.members.iter().all(same)
    }
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// What was asked.
    pub asked: Asked,
    /// Each community with buildings.
    pub parts: Vec<Part>,
}

impl Proposal {
    /// Puts the planner's answer beside today's grids.
    pub fn new(asked: Asked, ground: &Ground, today: &Today, drawn: &Grids) -> Self {
        let from = ground.from(today);
        let parts = (0..)
            .zip(&ground.communities)
            .map(|(number, community)| {
                let (part, at) = ground.part(|building| building.community == number);
                let pick = |grids: &[u32]| -> Vec<u32> { at.iter().filter_map(|at| grids.get(*at).copied()).collect() };
                let from: Vec<Option<PlaceId>> = at.iter().filter_map(|at| from.get(*at).copied()).collect();
                let pieces: Vec<PieceReport> =
                    drawn.pieces.iter().filter(|piece| piece.community == number).cloned().collect();
                let answer = (pick(&drawn.grid), pieces.as_slice());
                Self::part(&asked.limits, (&part, &ground.ids), (*community, &from, today), answer)
            })
            .collect();
        Self { asked, parts }
    }

    fn part(
        limits: &Limits,
        (ground, all): (&Ground, &[i64]),
        (community, from, today): (PlaceId, &[Option<PlaceId>], &Today),
        (to, pieces): (Vec<u32>, &[PieceReport]),
    ) -> Part {
        let households = |at: usize| ground.buildings.get(at).map_or(0, |building| building.households);
        let buildings: Vec<_> = from
            .iter()
            .zip(&to)
            .enumerate()
            .map(|(at, (from, to))| (from.map(|grid| grid.0), *to, households(at)))
            .collect();
        let kept = carried_on(&buildings);
        // Grids that live on come first, by their identity; new ones follow in the order of their first building.
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
        let piece = |report: &PieceReport| piece(report, (ground, all, limits), &to);
        let today_numbers = today_numbers(ground, from);
        let proposed: Vec<Option<u32>> = to.iter().copied().map(Some).collect();
        let lived_in: BTreeSet<PlaceId> = from.iter().flatten().copied().collect();
        let empty = today.of_community(community).difference(&lived_in).count();
        Part {
            community: community.0,
            living: today.of_community(community).into_iter().map(|grid| grid.0).collect(),
            grids: labels.iter().map(|(.., label)| kept.get(label).copied()).collect(),
            pieces: pieces.iter().map(piece).collect(),
            before: today_numbers.map(|grid| Figures::of(ground, limits, &grid).with_empty(empty)),
            after: Figures::of(ground, limits, &proposed),
            members,
        }
    }

    /// What is proposed for one community.
    pub fn of(&self, community: i64) -> Option<&Part> {
        self.parts.iter().find(|part| part.community == community)
    }

    /// The communities it speaks of.
    pub fn communities(&self) -> Vec<PlaceId> {
        self.parts.iter().map(|part| PlaceId(part.community)).collect()
    }

    /// Households that are in another grid than today.
    pub fn moved(&self) -> u64 {
        self.parts.iter().map(Part::moved).sum()
    }

    /// Whether adopting it would change anything.
    pub fn changes(&self) -> bool {
        let changes = |part: &Part| part.members.iter().any(|member| part.changes(member)) || !part.ending().is_empty();
        self.parts.iter().any(changes)
    }

    /// Whether it still speaks of the buildings and grids as they are.
    pub fn fits(&self, revision: Option<i64>, today: &Today) -> bool {
        revision == Some(self.asked.revision) && self.parts.iter().all(|part| part.fits(today))
    }
}

/// Today's grids numbered; none where no building has one.
pub fn today_numbers(ground: &Ground, from: &[Option<PlaceId>]) -> Option<Vec<Option<u32>>> {
    let numbers = ground.numbered(from);
    let known = from.iter().any(Option::is_some);
    known.then(|| from.iter().zip(numbers).map(|(grid, number)| grid.map(|_| number)).collect())
}

/// A piece as it is kept. `all` are the buildings of the whole ground, by which the planner counts.
fn piece(report: &PieceReport, (ground, all, limits): (&Ground, &[i64], &Limits), to: &[u32]) -> Piece {
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
