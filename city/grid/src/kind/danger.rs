//! What staff read before anything else of a report that speaks of danger to life: that whoever reported was told whom
//! to call, and that it comes first.

use kernel::case::Case;
use web::Page;

use super::{Reports, edition};
use crate::catalogue::Stop;
use crate::rules::heard_in;
use crate::words::{KIND, WORDS_FIELD};

impl Reports {
    /// Words and what they say, while a report is open whose words or condition speak of danger. They are heard anew
    /// each time the page is drawn, and nothing of it is kept.
    pub(super) fn danger_told(&self, page: &Page, case: &Case) -> Option<(String, String)> {
        if case.closed_at.is_some() {
            return None;
        }
        let known = case.fields.get(KIND).and_then(|key| self.catalogue.condition_of(key, edition(case)));
        let condition = known.map(|(_, condition)| condition);
        let said = case.fields.get(WORDS_FIELD).map(String::as_str).unwrap_or_default();
        let heard = self.catalogue.heard(&heard_in(said, condition));
        let chosen = condition.and_then(|condition| condition.stop.as_ref());
        let stops: Vec<&Stop> = chosen.into_iter().chain(heard.into_iter().map(|danger| &danger.stop)).collect();
        let mut numbers: Vec<&str> = Vec::new();
        for number in stops.iter().flat_map(|stop| &stop.call) {
            if !numbers.contains(&number.as_str()) {
                numbers.push(number);
            }
        }
        let says: Vec<&str> = stops.iter().map(|stop| stop.say.get(page.lang)).collect();
        let (numbers, says) = (numbers.join(page.lang.pick("、", ", ")), says.join(page.lang.pick("", " ")));
        let told = || page.t2("grid-fact-danger-told", "numbers", numbers, "says", says);
        (!stops.is_empty()).then(|| (page.t("grid-fact-danger"), told()))
    }
}
