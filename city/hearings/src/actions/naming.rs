//! Says what those are called who mediate somewhere and how they are reached, as papers and pages name them.

use bodies::Bodies;
use hall::{Fault, Hall};
use kernel::case::Case;
use kernel::place::{Level, PlacePath};
use kernel::time::Date;
use store::Tx;
use web::Page;

use super::rooms::{Taken, arranged};
use super::told::time_in;
use crate::records;
use crate::rules::counting::body_of;
use crate::words::asking::INVITING;

/// Who invites to a mediation, how they are reached, and by when an answer is asked for.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The name of the committee.
    pub committee: String,
    /// Who has the matter in hand; empty while nobody has.
    pub mediator: String,
    /// Telephone, address and hours, as far as they are kept.
    pub reached: [String; 3],
    /// The last day to answer; none once both were asked.
    pub reply_by: Option<Date>,
    /// The sessions that are arranged and still to come.
    pub meets: Vec<Taken>,
}

impl Letter {
    /// What it says, in words and what they say, with the day on which it is written.
    #[must_use]
    pub fn facts(&self, page: &Page) -> Vec<(String, String)> {
        let [telephone, address, hours] = self.reached.clone();
        let facts = [
            ("hearings-letter-from", self.committee.clone()),
            ("hearings-letter-mediator", self.mediator.clone()),
            ("hearings-letter-telephone", telephone),
            ("hearings-letter-address", address),
            ("hearings-letter-hours", hours),
            ("hearings-letter-reply", self.reply_by.map(|day| page.full_date(day)).unwrap_or_default()),
            ("hearings-letter-on", page.full_date(page.today())),
        ];
        let meets = self.meets.iter().map(|taken| ("hearings-letter-meets", time_in(page, taken)));
        let facts = meets.chain(facts).filter(|(_, text)| !text.is_empty());
        facts.map(|(key, text)| (page.t(key), text)).collect()
    }
}

/// The letter that invites to a mediation. Whoever writes it has the matter in hand where nobody else has.
///
/// # Errors
/// A failure of the store.
pub fn letter(bodies: &Bodies, hall: &Hall, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Letter, Fault> {
    let handler = case.handler.as_ref().map(|handler| handler.name.clone());
    let now = (page.today(), i64::from(page.zone().minute_of_day(page.now)));
    Ok(Letter {
        committee: committee(bodies, hall, tx, page, &case.office.place)?,
        mediator: handler.unwrap_or_else(|| page.visitor.actor.name.clone()),
        reached: reached(bodies, tx, case)?,
        meets: arranged(tx, case)?.into_iter().filter(|taken| (taken.at.day, taken.at.ends_at) > now).collect(),
        reply_by: case.latest.filter(|_| case.state == INVITING).map(|latest| latest.on),
    })
}

/// By which telephone, where and when those are reached who mediate a matter: as it is kept of the committee, else of
/// the hearing point of the community.
///
/// # Errors
/// A failure of the store.
pub fn reached(bodies: &Bodies, tx: &mut dyn Tx, case: &Case) -> Result<[String; 3], Fault> {
    let kept = bodies.committee(tx, &case.office.place)?.map(|body| [body.telephone, body.address, body.hours]);
    let point = records::point(tx, &case.place)?.map(|point| [point.telephone, point.room, point.hours]);
    let (kept, point) = (kept.unwrap_or_default(), point.unwrap_or_default());
    let mut of_point = point.into_iter();
    Ok(kept.map(|text| {
        let other = of_point.next().unwrap_or_default();
        if text.is_empty() { other } else { text }
    }))
}

/// The kind of committee that mediates at a place, a code of [`crate::words::BODIES`].
///
/// # Errors
/// A failure of the store.
pub fn body_at(bodies: &Bodies, hall: &Hall, tx: &mut dyn Tx, place: &PlacePath) -> Result<&'static str, Fault> {
    let committee = bodies.committee(tx, place)?.map(|body| body.kind);
    let kind = hall.places.tree().at(place).map(|place| place.kind);
    Ok(body_of(committee.as_deref(), place.level(), kind))
}

/// The name of the committee that mediates at a place: as it is kept among the bodies there, else as such committees
/// are called.
///
/// # Errors
/// A failure of the store.
pub fn committee(
    bodies: &Bodies,
    hall: &Hall,
    tx: &mut dyn Tx,
    page: &Page,
    place: &PlacePath,
) -> Result<String, Fault> {
    if let Some(body) = bodies.committee(tx, place)? {
        return Ok(body.name);
    }
    let tree = hall.places.tree();
    let name = tree.at(place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let key = match place.level() {
        Level::Street => "hearings-committee-street",
        Level::District | Level::City => "hearings-committee-district",
        _ => "hearings-committee-community",
    };
    Ok(page.t1(key, "place", name))
}
