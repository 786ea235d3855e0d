//! The letter that a step would give, as its page shows it before anybody confirms the step. The department that writes
//! letters supplies it.

use std::sync::{OnceLock, Weak};

use hall::Fault;
use kernel::case::{Case, Recorded};
use store::Tx;
use web::Page;

use crate::actions::Known;

/// What a letter is drafted from.
pub struct Drafting<'d> {
    /// The page on which it is shown.
    pub page: &'d Page,
    /// The case as it stands.
    pub known: &'d Known,
    /// What happened to it so far, in words.
    pub events: &'d [Recorded],
    /// What happens with the step, in words.
    pub foreseen: &'d [Recorded],
    /// The case after the step.
    pub after: &'d Case,
}

/// Drafts the letters of cases.
pub trait Drafts: Send + Sync {
    /// The letter that goes out with a step as a piece of a page, with masks in place of the person's data, without
    /// seal and code. None where no letter goes out.
    ///
    /// # Errors
    /// A failure of store or vault, or a figure that the rulebook does not have.
    fn draft(&self, tx: &mut dyn Tx, drafting: &Drafting<'_>) -> Result<Option<String>, Fault>;
}

/// Who drafts letters: supplied once, by the department that writes them; nobody before that.
#[derive(Default)]
pub struct LateDrafts(OnceLock<Weak<dyn Drafts>>);

impl LateDrafts {
    /// Supplies who drafts. Whoever is there already is kept.
    pub fn supply(&self, drafts: Weak<dyn Drafts>) {
        self.0.get_or_init(|| drafts);
    }

    /// The letter of a step, as [`Drafts::draft`] gives it; none where nobody drafts letters.
    pub(crate) fn draft(&self, tx: &mut dyn Tx, drafting: &Drafting<'_>) -> Result<Option<String>, Fault> {
        match self.0.get().and_then(Weak::upgrade) {
            Some(drafts) => drafts.draft(tx, drafting),
            None => Ok(None),
        }
    }
}
