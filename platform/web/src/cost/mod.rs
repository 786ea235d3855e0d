//! What a request costs: what a route declares, what each class of requests may take, and the door before each route
//! that looks at all of it before anything is read.

mod body;
mod class;
mod declared;
mod door;
mod limits;
mod quota;
mod turns;

pub use class::Class;
pub(crate) use declared::{Bare, Said};
pub use declared::{Cost, Need};
pub use door::Doors;
pub(crate) use door::{Door, pass};
pub use limits::{Bounds, Limits};
pub use turns::Place;
