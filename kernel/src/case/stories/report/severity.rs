//! Limits of a report by how severe it is, where the catalogue has them.

use super::*;
use crate::procedure::LimitBy;

/// Reported where the catalogue has limits by severity.
fn by_severity() -> Story {
    let mut story = report(hours(8), &[]);
    if let Some(opening) = &mut story.matter {
        let limits = [("A", hours(1)), ("B", hours(4)), ("C", hours(8))];
        opening.limits.extend(limits.map(|(answer, limit)| (LimitBy::key("handle", answer), limit)));
        opening.limits.insert(LimitBy::key("other", "A"), hours(1));
    }
    story.tell(
        "2026-06-01T08:10 record#5          report point=41.8057,123.4315 -> reported
         2026-06-01T08:50 worker@1.2.3.4.#1 file                          -> filed
         2026-06-01T09:00 worker@1.2.3.4.#1 dispatch                      ! form.missing
         2026-06-01T09:00 worker@1.2.3.4.#1 dispatch severity=D           ! form.choice",
    )
}

#[test]
fn how_severe_it_is_sets_the_limit_where_the_catalogue_says_so() {
    for (severity, due_at) in [("A", "2026-06-01 10:00"), ("B", "2026-06-01 15:00"), ("C", "2026-06-02 09:00")] {
        let line = format!("2026-06-01T09:00 worker@1.2.3.4.#1 dispatch severity={severity} -> handling");
        let story = by_severity().tell(&line);
        assert_eq!(due(&story, "handle"), due_at, "{severity}");
        assert!(!story.case().limits.contains_key("other=A"), "no step chooses the limit of that clock");
    }
    report(hours(8), &[]).tell(
        "2026-06-01T08:10 record#5          report point=41.8057,123.4315 -> reported
         2026-06-01T08:50 worker@1.2.3.4.#1 file                          -> filed
         2026-06-01T09:00 worker@1.2.3.4.#1 dispatch severity=A           ! form.field_unknown
         2026-06-01T09:00 worker@1.2.3.4.#1 dispatch                      -> handling",
    );
}
