//! What lists say in the words of the kinds of their cases: what tells one case from another before it is opened, and
//! what its office is called.

use std::collections::{BTreeMap, BTreeSet};

use kernel::case::SERVICE;
use kernel::place::PlaceId;
use store::Tx;
use uuid::Uuid;
use web::Page;

use crate::Cases;
use crate::kind::words_of;
use crate::records::CaseRow;
use hall::Fault;

/// The key of what lists call the office of a case: who decides it. Kinds without a decision say something else.
const OFFICE: &str = "cases-column-office";

impl Cases {
    /// What tells cases from others of their kind, by their identities, for staff alone.
    pub(super) fn told_apart(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        rows: &[CaseRow],
    ) -> Result<BTreeMap<Uuid, String>, Fault> {
        let mut told = BTreeMap::new();
        if !page.visitor.staff() {
            return Ok(told);
        }
        let codes: BTreeSet<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
        for code in codes {
            let Some(kind) = self.kinds.get(code) else { continue };
            let own = rows.iter().filter(|row| row.kind == code);
            let keys: Vec<(PlaceId, Uuid)> = own.map(|row| (row.district, row.id)).collect();
            told.extend(kind.told_in_lists(tx, page, &keys)?);
        }
        Ok(told)
    }

    /// Whether lists give the name of whoever applied for a case of a kind.
    pub(super) fn has_applicant(&self, kind: &str) -> bool {
        self.kinds.get(kind).is_none_or(|kind| kind.has_applicant())
    }

    /// The key of what the office of cases of a kind is called in lists.
    pub(super) fn office_key(&self, kind: &str) -> &'static str {
        words_of(self.kinds.get(kind).as_deref(), kind == SERVICE, OFFICE)
    }

    /// What the offices of a list are called: as the one kind of its cases says, else so that it fits all of them.
    pub(super) fn office_title(&self, page: &Page, rows: &[CaseRow]) -> String {
        let keys: BTreeSet<&'static str> = rows.iter().map(|row| self.office_key(&row.kind)).collect();
        let mut keys = keys.into_iter();
        match (keys.next(), keys.next()) {
            (Some(only), None) => page.t(only),
            (Some(_), Some(_)) => page.t("cases-column-office-any"),
            (None, _) => page.t(OFFICE),
        }
    }
}
