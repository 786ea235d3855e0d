//! What the file of a mediation still lacks, as whoever writes an agreement down or seals it reads before: once it
//! holds, no session is written down any more.

use hall::Fault;
use kernel::case::{Case, Recorded};
use store::Tx;
use web::Page;

use super::key;
use crate::records::{inside, passing, powers, sides};
use crate::rules::paper::{Found, parts, unseen};
use crate::words::power::PowerRow;
use crate::words::{DRAFT, ORAL, SEAL};

/// The steps before which it is said.
pub(super) const BEFORE: [&str; 3] = [DRAFT, ORAL, SEAL];

/// What is still lacking, in a sentence; none where nothing is.
pub(super) fn lacks_told(
    tx: &mut dyn Tx,
    page: &Page,
    case: &Case,
    events: &[Recorded],
) -> Result<Option<String>, Fault> {
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
