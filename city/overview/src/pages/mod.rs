//! Pages of the overview: the start pages of each kind of work, the search for everything, and what everybody may look
//! up.

pub mod accesses;
pub mod audit;
pub mod day;
pub(crate) mod figures;
pub mod find;
pub mod help;
pub mod jobs;
pub mod listing;
pub mod map;
pub mod report;
pub mod tiles;

use kernel::refusal::{Code, Refusal};
use web::{Page, WebError};

/// Lets only staff on duty pass.
fn on_duty(page: &Page) -> Result<(), WebError> {
    match (page.visitor.staff(), page.visitor.signed_in()) {
        (true, _) => Ok(()),
        (false, false) => Err(WebError::SignIn),
        (false, true) => {
            let missing = Refusal::new(Code::PermissionMissing).with("permission", page.t("overview-on-duty"));
            Err(missing.into())
        }
    }
}
