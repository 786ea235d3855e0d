//! Pages of the desk: the queue, one case with all that is done to it, supervision, figures, search.

mod awaited;
pub mod bulk;
pub mod case;
pub mod counted;
pub mod deeds;
mod groups;
mod handed;
pub(crate) mod homes;
pub mod late;
mod lists;
pub mod month;
pub mod needs;
mod parts;
pub mod people;
pub mod queue;
pub mod requests;
pub mod row;
pub mod search;
pub(crate) mod shown;
mod standing;
pub mod steps;
pub mod supervise;
pub mod sure;
pub mod talk;
pub mod units;
pub mod view;
pub mod work;
