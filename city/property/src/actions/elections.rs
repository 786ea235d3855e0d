//! The elections among the matters of a vote.

use crate::records::votes::Matter;
use crate::rules::ballots::Election;

/// The elections among the matters of a vote. The candidates of one stand beside each other.
#[must_use]
pub fn elections(matters: &[Matter]) -> Vec<Election> {
    let mut found: Vec<Election> = Vec::new();
    for (matter, place) in matters.iter().zip(0_usize..) {
        let Some((title, seats)) = matter.election.as_ref().zip(matter.seats) else { continue };
        match found.last_mut().filter(|last| last.title == *title && last.seats == seats) {
            Some(last) => last.places.push(place),
            None => found.push(Election { title: title.clone(), seats, places: vec![place] }),
        }
    }
    found
}
