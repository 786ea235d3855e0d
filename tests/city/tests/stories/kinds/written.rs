//! What is written about a matter in which nobody's data are sealed: it is sealed all the same, kept as long as a
//! person's data would be, and deleted then.

use cases::Words;
use city_stories::Town;
use kernel::calendar::{Limit, Unit};
use kernel::case::{Event, Recorded, handled};

use super::lamp;
use super::told::{FILES, Matter, day, register};

/// What stands here in place of words that were deleted.
const ERASED: &str = "(erased)";

/// The events of a matter as they are stored, and the words that are still kept.
fn kept(town: &Town, matter: &Matter<'_>) -> (Vec<Recorded>, Words) {
    let (desk, known) = (town.city.cases.clone(), matter.known());
    let read = town.store().read_blocking(move |tx| {
        let events = desk.events(tx, &known.case)?;
        Ok::<_, hall::Fault>((events, desk.words_of(tx, &known.key())?))
    });
    read.unwrap()
}

/// What the higher level wrote, as its event holds it.
fn note(events: &[Recorded]) -> &str {
    let mut notes = events.iter().filter_map(|one| match &one.event {
        Event::Supervised { note, .. } => Some(note.as_str()),
        _ => None,
    });
    notes.next_back().unwrap()
}

#[test]
fn words_about_a_matter_of_nobody_are_sealed_and_deleted_in_time() {
    for town in Town::each_with(&FILES) {
        register(&town);
        let matter = lamp(&town, Limit::new(4, Unit::WorkingHour), "2026-06-01T09:20").tell(
            "2026-06-01T10:00 watch@district   supervise note=报灯的老人摔过 by=2026-06-03 -> dispatched
             2026-06-01T10:10 lights@street#2 handle -> handled",
        );
        assert!(matter.known().person.is_none(), "{}: nobody's data are sealed", town.engine);
        let (events, words) = kept(&town, &matter);
        assert!(handled(note(&events)).is_some(), "{}: {}", town.engine, note(&events));
        assert_eq!(words.read(note(&events), ERASED), "报灯的老人摔过", "{}", town.engine);
        let far = day("2126-01-01");
        let over = |town: &Town| {
            let hall = town.city.hall.clone();
            town.store().read_blocking(move |tx| hall.vault.expired(tx, far, 9)).unwrap()
        };
        assert!(over(&town).is_empty(), "{}: it is kept while the matter runs", town.engine);
        let matter = matter.tell(
            "2026-06-01T10:20 lights@street#3 verify -> verified
             2026-06-01T14:10 lights@street#3 close -> closed",
        );
        let records = over(&town);
        assert_eq!(records.len(), 1, "{}: one record of its own", town.engine);
        let (hall, now) = (town.city.hall.clone(), town.clock.now());
        let erased = town.store().write_blocking(move |tx| {
            records.iter().try_for_each(|(district, record)| hall.vault.erase(tx, *district, *record, now))
        });
        erased.unwrap();
        let (events, words) = kept(&town, &matter);
        assert_eq!(words.read(note(&events), ERASED), ERASED, "{}", town.engine);
        town.verify();
    }
}
