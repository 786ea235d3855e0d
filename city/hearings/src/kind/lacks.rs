//! What whoever writes an agreement down or seals it reads before: what the file still lacks, since no session is
//! written down any more once it holds, and which meetings are called off then.

use hall::Fault;
use kernel::case::{Case, Recorded};
use store::Tx;
use web::Page;

use super::key;
use super::own::coming;
use crate::records::{inside, passing, powers, sides};
use crate::rules::paper::{Found, parts, unseen};
use crate::words::power::PowerRow;
use crate::words::{DRAFT, ORAL, SEAL};

/// The steps before which it is said what is lacking.
const BEFORE: [&str; 3] = [DRAFT, ORAL, SEAL];
/// The steps with which nobody meets any more.
const HOLDS: [&str; 2] = [ORAL, SEAL];

/// What is read before a step, a sentence each.
pub(super) fn before_told(
    tx: &mut dyn Tx,
    page: &Page,
    case: &Case,
    events: &[Recorded],
    step: &str,
) -> Result<Vec<String>, Fault> {
    let mut told = Vec::new();
    if BEFORE.contains(&step) {
        told.extend(lacks_told(tx, page, case, events)?);
    }
    if HOLDS.contains(&step) {
        let coming = coming(tx, page, case)?;
        told.extend(coming.into_iter().map(|when| page.t1("hearings-offer-calls-off", "when", when)));
    }
    Ok(told)
}

/// What is still lacking, in a sentence; none where nothing is.
fn lacks_told(tx: &mut dyn Tx, page: &Page, case: &Case, events: &[Recorded]) -> Result<Option<String>, Fault> {
    let key = key(case);
    let (stays, noted) = (passing::stays(tx, &key)?, inside::on_paper(tx, &key)?);
    let unseen = unseen(case, &sides::named(tx, &key)?);
    let mut powers = powers::of_case(tx, &key)?;
    powers.retain(PowerRow::stands);
    let (state, powers) = (case.state.as_str(), powers.as_slice());
    let found = parts(Found { events, state, noted: &noted, unseen, powers, stays: &stays });
    let names: Vec<String> = found.iter().filter(|part| part.lacks()).map(|part| page.t(part.key)).collect();
    let told = || page.t1("hearings-offer-lacks", "what", names.join(page.lang.pick("、", ", ")));
    Ok((!names.is_empty()).then(told))
}
