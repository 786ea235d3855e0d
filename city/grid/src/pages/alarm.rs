//! The red box of whoever writes that a life is in danger: whom to call, before anything else on the page. She may go
//! on reporting all the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use cases::Key;
use hall::Fault;
use store::Tx;
use web::{Page, WebError};

use crate::catalogue::{Condition, Stop};
use crate::rules::alarm::Alarm;
use crate::words::Report;
use crate::{Grid, records};

impl Grid {
    /// The box that stands above everything else because of what was said, and the one in the form of whoever chose
    /// something that stops, which then says both.
    pub(super) fn alarms(&self, page: &Page, said: &str, chosen: Option<&Stop>) -> (Alarm, Alarm) {
        let heard = self.catalogue.heard(said).into_iter().map(|danger| &danger.stop);
        let whole = chosen.into_iter().chain(heard).fold(Alarm::default(), |alarm, stop| alarm.with(stop, page.lang));
        if chosen.is_some() { (Alarm::default(), whole) } else { (whole, Alarm::default()) }
    }

    /// Whether what was said speaks of a danger that is not among those of which a screen `warned`. What stands in a
    /// form and is the name of none says nothing: she is told again.
    pub(super) fn is_untold(&self, said: &str, warned: &str) -> bool {
        let is_told = |code: &str| warned.split(' ').any(|told| told == code);
        self.catalogue.heard(said).iter().any(|danger| !is_told(&danger.code))
    }

    /// The names of the dangers of which a text speaks, with a blank between them.
    pub(super) fn dangers_in(&self, said: &str) -> String {
        let heard = self.catalogue.heard(said);
        heard.iter().map(|danger| danger.code.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Of the reports near a spot those that may be joined instead of reporting. Whoever joins says nothing of her own:
    /// whose words speak of danger joins none, because nobody would learn of it otherwise, and a dangerous condition
    /// is joined only to one of the same danger.
    pub(super) fn joinable(&self, mut near: Vec<Report>, said: &str, chosen: Option<&Condition>) -> Vec<Report> {
        if !self.catalogue.heard(said).is_empty() {
            return Vec::new();
        }
        let codes = |condition: &Condition| -> BTreeSet<&str> {
            let heard = self.catalogue.heard(&condition.when.zh).into_iter().map(|danger| danger.code.as_str());
            heard.chain(condition.stop.is_some().then_some("")).collect()
        };
        let hers = chosen.map(codes).unwrap_or_default();
        near.retain(|report| {
            let known = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
            hers.is_subset(&known.map(|(_, known)| codes(known)).unwrap_or_default())
        });
        near
    }

    /// Whether what was said may be left unsaid by whoever joins this report.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) async fn may_join(
        self: &Arc<Self>,
        at: Key,
        said: &str,
        chosen: Option<&Condition>,
    ) -> Result<bool, WebError> {
        let read = move |tx: &mut dyn Tx| Ok::<_, Fault>(records::find(tx, at.district, at.id)?);
        let report = self.hall.store.read(read).await?;
        Ok(report.is_none_or(|report| !self.joinable(vec![report], said, chosen).is_empty()))
    }
}
