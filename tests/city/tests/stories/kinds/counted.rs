//! A kind counts the steps of its cases for its own department, each in the transaction of the step.

use city_stories::Town;
use hall::figures::{Asked, sum};
use kernel::calendar::{Limit, Unit};

use super::lamp;
use super::told::{FILES, place_of, register};

#[test]
fn a_kind_counts_the_steps_that_are_taken_and_no_others() {
    for town in Town::each_with(&FILES) {
        register(&town);
        // One report is refused, then it is reported, filed and dispatched.
        let matter = lamp(&town, Limit::new(4, Unit::WorkingHour), "2026-06-01T09:20");
        let counted = || {
            let place = place_of(&town, "street");
            let asked = move |tx: &mut dyn store::Tx| {
                let (own, department, month) = (false, None, "2026-06");
                sum(tx, &Asked { publisher: "lamp", place: &place, own, department, month, slots: &[1] })
            };
            town.store().read_blocking(asked).unwrap().of(1)
        };
        assert_eq!(counted(), 3, "{}", town.engine);
        drop(matter.tell("2026-06-01T10:00 lights@street#2 handle -> handled"));
        assert_eq!(counted(), 4, "{}", town.engine);
        town.verify();
    }
}
