//! What somebody may mean who says that something is wrong: the conditions that her words find, and what was already
//! reported near there.

use kernel::place::PlaceId;
use uuid::Uuid;
use web::{Choice, Page, WebError};

use crate::Grid;
use crate::catalogue::{Condition, Kind};
use crate::records::shown;
use crate::words::Report;

/// Kinds that words may mean.
const KINDS: usize = 6;

/// A report that may be of the same thing.
pub(super) struct Near {
    pub id: String,
    pub what: String,
    pub when: String,
    pub place: String,
    pub met: i64,
    /// Her words, where a worker released them.
    pub words: String,
}

impl Grid {
    /// What the words may mean: each condition of each kind that they find.
    pub(super) fn kinds(&self, page: &Page, said: &str, chosen: &str) -> Vec<Choice> {
        let found = self.catalogue.search(said, KINDS);
        found.into_iter().flat_map(|kind| conditions(page, kind, said, chosen)).collect()
    }

    /// Every condition of every kind, to choose from where none of those offered is right.
    pub(super) fn all_kinds(&self, page: &Page) -> Vec<Choice> {
        let none = Choice::new("", page.t("grid-any-none"), "");
        let every = self.catalogue.kinds().iter().flat_map(|kind| conditions(page, kind, "", "-"));
        std::iter::once(none).chain(every).collect()
    }

    /// The reports that others may see, with the words that a worker released.
    pub(super) async fn near_lines(&self, page: &Page, near: Vec<Report>) -> Result<Vec<Near>, WebError> {
        let public: Vec<Report> = near.into_iter().filter(|report| report.public).collect();
        let keys: Vec<(PlaceId, Uuid)> = public.iter().map(|report| (report.district, report.case_id)).collect();
        let said = self.hall.store.read(move |tx| shown::of_cases(tx, &keys)).await?;
        let line = |report: Report| {
            let condition = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
            let what = condition
                .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
            let words = said.iter().find(|one| one.case_id == report.case_id).and_then(|one| one.words.clone());
            Near {
                id: format!("{}/{}", report.district.0, report.case_id),
                what: what.unwrap_or_default(),
                when: page.minute(report.reported_at),
                place: self.hall.places.tree().chain(&report.path, page.lang),
                met: report.met,
                words: words.unwrap_or_default(),
            }
        };
        Ok(public.into_iter().map(line).collect())
    }
}

/// The conditions of a kind that count at this time of day, or all where none of them does.
fn conditions(page: &Page, kind: &Kind, said: &str, chosen: &str) -> Vec<Choice> {
    let minute = page.zone().minute_of_day(page.now);
    let none = kind.conditions.iter().all(|condition| !condition.counts_at(minute));
    let choice = |condition: &Condition| {
        let key = format!("{}/{}", kind.key(), condition.code);
        let words = format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang));
        Choice::new(key, words, chosen)
    };
    let now = kind.conditions_by(said).into_iter().filter(|condition| none || condition.counts_at(minute));
    now.map(choice).collect()
}
