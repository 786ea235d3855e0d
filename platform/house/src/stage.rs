//! The stage of a demonstration: what departments are told when they put something into a demonstration city.

use std::sync::Arc;

use kernel::time::{Date, Instant};
use uuid::Uuid;

use crate::fault::OpenFault;

/// What a demonstration is about.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The moment at which it is made.
    pub now: Instant,
    /// The city's day at that moment.
    pub today: Date,
    /// The Chinese name of the district that gets a ground of compounds and ways.
    pub district: &'static str,
    /// The Chinese name of a street of that district, where most things happen.
    pub street: &'static str,
    /// The Chinese name of the community of that street where its people work.
    pub community: &'static str,
    /// The account of a community worker of that street who can sign in; none if it was not opened.
    pub worker: Option<Uuid>,
    /// The account of a mediator of that community who can sign in; none if it was not opened.
    pub mediator: Option<Uuid>,
}

/// Puts something into a demonstration city, through the actions of its department.
pub type Demonstrate = Arc<dyn Fn(&Stage) -> Result<(), OpenFault> + Send + Sync>;
