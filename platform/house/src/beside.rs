//! What departments show on the page of a case: links to pages of their own, and the files that they keep of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::Page;

/// The case beside which something is shown.
#[derive(Clone, Copy, Debug)]
pub struct CaseAt<'c> {
    /// The district that keeps it.
    pub district: PlaceId,
    /// Its identity.
    pub id: Uuid,
    /// The number people read.
    pub number: &'c str,
    /// Its kind, as in `service`.
    pub kind: &'c str,
}

/// A link to a page of another department about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BesideLink {
    /// The local address.
    pub href: String,
    /// The words, with how much there is.
    pub text: String,
    /// Whether something there should be settled before the case is decided or ends.
    pub is_open: bool,
}

/// What a department keeps of a case and shows on pages of its own: the links for this visitor.
pub type Beside = Arc<dyn Fn(&mut dyn Tx, &Page, CaseAt<'_>) -> Result<Vec<BesideLink>, StoreError> + Send + Sync>;

/// A file that lies at a case, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// Its identity.
    pub id: String,
    /// The code of the paper that it was sent for.
    pub material: String,
    /// What it is and how large it is. Its name is never kept.
    pub text: String,
    /// When it came.
    pub at: Instant,
    /// Whether the applicant sent it herself.
    pub is_hers: bool,
    /// The local address where this visitor looks at it.
    pub href: String,
    /// Whether this visitor may take it back.
    pub is_removable: bool,
}

/// What lies at a case: its files, the oldest first, and the originals that are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFiles {
    /// The files.
    pub files: Vec<CaseFile>,
    /// How many MB a file may have.
    pub megabytes: String,
    /// The codes of the papers whose originals somebody keeps for the applicant.
    pub kept: BTreeSet<String>,
}

/// The files of a case; none where cases of its kind have no files.
pub type FilesOf = Arc<dyn Fn(&mut dyn Tx, &Page, CaseAt<'_>) -> Result<Option<CaseFiles>, StoreError> + Send + Sync>;
