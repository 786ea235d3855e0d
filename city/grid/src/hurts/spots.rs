//! Reports of one kind that come back to the same spot.

use uuid::Uuid;

use crate::rules::is_near;
use crate::words::{Report, Spot};

/// Several reports of one kind at one spot.
#[derive(Clone, Debug, PartialEq)]
pub struct SpotOf {
    /// The newest of them, around which the others lie.
    pub newest: Report,
    /// All of them, the newest first.
    pub cases: Vec<Uuid>,
}

/// The spot of a report.
fn spot(report: &Report) -> Spot {
    Spot { community: report.path.clone(), compound: report.compound, at: report.x.zip(report.y), point: None }
}

/// Returns the spots at which there are at least so many of these reports, which are of one kind and the newest first.
/// Each report belongs to one spot: the newest one of those that are left takes all within so many metres of it. A
/// report of which only the community is known is at no spot.
#[must_use]
pub fn spots(reports: &[Report], metres: i64, times: usize) -> Vec<SpotOf> {
    let placed = |report: &&Report| report.compound.is_some() || report.x.is_some();
    let mut left: Vec<&Report> = reports.iter().filter(placed).collect();
    let mut found = Vec::new();
    while let Some(newest) = left.first().copied() {
        let around = spot(newest);
        let (here, elsewhere): (Vec<&Report>, Vec<&Report>) =
            left.into_iter().partition(|report| report.case_id == newest.case_id || is_near(report, &around, metres));
        left = elsewhere;
        if here.len() >= times {
            found.push(SpotOf { newest: newest.clone(), cases: here.iter().map(|report| report.case_id).collect() });
        }
    }
    found
}
