//! This is the demonstration city: real places and items, and invented people. An installation uses nothing of it
//! unless it asks for it.
//!
//! Everything is done through the departments' own actions at past moments, so that the demonstration shows what the
//! platform really does.

mod people;
mod story;
mod units;

use std::path::Path;
use std::sync::Arc;

use kernel::calendar::Calendar;
use kernel::time::Instant;
use serde::Serialize;

use crate::{AppError, City};

use house::Stage;
pub use house::{Invented, Seed};
pub use people::{NewPerson, first_operator, open_account};

/// Names the district that gets a ground.
const DISTRICT: &str = "和平区";

/// A sign-in that the demonstration made. It is printed and handed to browser tests. Passwords are generated at the
/// first start.
#[derive(Serialize, Clone)]
pub struct SignIn {
    /// The code of the role.
    pub role: String,
    /// The name to sign in with.
    pub login: String,
    /// The generated password.
    pub password: String,
    /// The person's name.
    pub name: String,
    /// Where she is on duty.
    pub place: String,
    /// The department that her post names.
    pub department: Option<String>,
}

/// A case that people can follow: number and code.
#[derive(Serialize, Clone)]
pub struct Followed {
    /// The number.
    pub number: String,
    /// The code of its receipt.
    pub code: String,
    /// The invented applicant's telephone number.
    pub telephone: String,
    /// Its state.
    pub state: String,
    /// Its item.
    pub item: String,
}

/// Says what the demonstration made.
#[derive(Serialize)]
pub struct Made {
    /// The accounts of staff.
    pub accounts: Vec<SignIn>,
    /// Some cases, at least one in every state.
    pub cases: Vec<Followed>,
    /// How many cases there are.
    pub total: usize,
}

/// Fills an empty city. It calls `tick` once for every case. From then on the platform knows that it is a
/// demonstration: no role asks for the one-time code, and the page of sign-in says so.
///
/// # Errors
/// Fails with what a department refuses, because the demonstration takes no way around the rules.
pub fn fill(city: &Arc<City>, calendar: &Calendar, now: Instant, tick: &mut dyn FnMut()) -> Result<Made, AppError> {
    units::register(city)?;
    city.store.write_blocking(move |tx| identity::mark_demonstration(tx, now))?;
    let accounts = people::staff(city, now)?;
    let today = city.hall.day(now);
    let (worker, mediator) = (people::worker(city)?, people::mediator(city)?);
    let (district, street, community) = (DISTRICT, story::NEAR_STREET, story::OWN_COUNTER);
    let stage = Stage { now, today, district, street, community, worker, mediator };
    for demonstrate in &city.work.demonstration {
        demonstrate(&stage)?;
    }
    let cases = story::cases(city, calendar, now, tick)?;
    let total = cases.len();
    Ok(Made { accounts, cases: story::one_of_each(cases), total })
}

impl Made {
    /// Writes sign-ins and cases as JSON that only the owner can read.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub fn write(&self, file: &Path) -> Result<(), AppError> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        let text = serde_json::to_string_pretty(self).map_err(|fault| AppError::Said(fault.to_string()))?;
        let opened = std::fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(file);
        let mut opened = opened.map_err(AppError::outside(file.display().to_string()))?;
        opened.write_all(text.as_bytes()).map_err(AppError::outside(file.display().to_string()))
    }
}
