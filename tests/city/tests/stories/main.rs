//! These stories show the platform as people meet it. Every story runs through the pages, without JavaScript, on SQLite
//! and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever fails in a story fails it at once"
)]

mod ages;
mod agreement;
mod asking;
mod bad_input;
mod base_map;
mod boards;
mod bodies;
mod bodies_corrected;
mod brought;
mod bulk;
mod calendar;
mod companies;
mod corrected;
mod costs;
mod decisions;
mod demonstrated;
mod editing;
mod every_item;
mod exchange;
mod faults;
mod field;
mod field_more;
mod figures;
mod filled_database;
mod finding;
mod follow;
mod forms;
mod grid_shapes;
mod grid_sheets;
mod grid_workers;
mod grids;
mod guessing;
mod guide;
mod handling;
mod hearings;
mod hearings_choosing;
mod hearings_counted;
mod hearings_disputes;
mod hearings_file;
mod hearings_guardians;
mod hearings_hands;
mod hearings_odd;
mod hearings_opinions;
mod hearings_own;
mod hearings_pages;
mod hearings_passing;
mod hearings_people;
mod hearings_powers;
mod hearings_reminded;
mod hearings_rooms;
mod hearings_sides;
mod hearings_talks;
mod hearings_triage;
mod hearings_walk;
mod hurts;
mod kinds;
mod letters;
mod living;
mod lookers;
mod main_job;
mod map;
mod markup;
mod mobilization;
mod network;
mod odd_days;
mod offers;
mod on_paper;
mod once;
mod open311;
mod oversight;
mod own_data;
mod people;
mod personal_data;
mod photos;
mod plain;
mod programs;
mod proofs;
mod property_at_once;
mod property_checked;
mod property_corrections;
mod property_first;
mod property_fund;
mod property_register;
mod property_reminded;
mod property_told;
mod property_votes;
mod reasons;
mod receipt_code;
mod routes;
mod safekeeping;
mod second_person;
mod sent_papers;
mod sought;
mod stations;
mod strangers;
mod street;
mod street_border;
mod street_danger;
mod street_danger_later;
mod street_desk;
mod street_found;
mod street_limits;
mod street_resident;
mod street_told;
mod street_words;
mod street_work;
mod two_people;
mod unchosen;
mod upgrade;
mod visits;
mod ways;
mod words;

use city_stories::Town;
use std::sync::LazyLock;

/// Holds fields of a form and what is written into them.
type Fields = &'static [(&'static str, &'static str)];

/// Holds towns whose clock stands still. Stories share them if they do not disturb one another.
static SHARED: LazyLock<Vec<Town>> = LazyLock::new(Town::each);

fn shared() -> &'static [Town] {
    &SHARED
}
