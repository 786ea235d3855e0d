//! Reports of one kind that come back to the same spot.

use kernel::place::PlacePath;
use uuid::Uuid;

use crate::rules::is_within;
use crate::words::Placed;

/// Several reports of one kind at one spot.
#[derive(Clone, Debug, PartialEq)]
pub struct SpotOf {
    /// The community in which it is.
    pub community: PlacePath,
    /// The newest of them, around which the others lie.
    pub newest: Placed,
    /// All of them, the newest first.
    pub cases: Vec<Uuid>,
}

/// Whether a report is at the spot of another of the same community: within so many metres where both are known, in
/// the same compound where they are not.
fn is_at(report: &Placed, other: &Placed, metres: i64) -> bool {
    let near = is_within(report.x.zip(report.y), other.x.zip(other.y), metres);
    near.unwrap_or_else(|| report.compound == other.compound)
}

/// Returns the spots at which there are at least so many of these reports, which are of one community and one kind and
/// the newest first. Each report belongs to one spot: the newest one of those that are left takes all within so many
/// metres of it. A report of which only the community is known is at no spot.
#[must_use]
pub fn spots(community: &PlacePath, reports: &[Placed], metres: i64, times: usize) -> Vec<SpotOf> {
    let placed = |report: &&Placed| report.compound.is_some() || report.x.is_some();
    let mut left: Vec<&Placed> = reports.iter().filter(placed).collect();
    let mut found = Vec::new();
    while let Some(newest) = left.first().copied() {
        let (here, elsewhere): (Vec<&Placed>, Vec<&Placed>) =
            left.into_iter().partition(|report| report.case_id == newest.case_id || is_at(report, newest, metres));
        left = elsewhere;
        if here.len() >= times {
            let cases = here.iter().map(|report| report.case_id).collect();
            found.push(SpotOf { community: community.clone(), newest: newest.clone(), cases });
        }
    }
    found
}
