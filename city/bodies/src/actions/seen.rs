//! Reads the bodies of a place as everybody sees them: the core, the others around it, who holds which post, and what
//! is vacant.

use std::sync::Arc;

use hall::Fault;
use kernel::language::Lang;
use kernel::line::name_key;
use kernel::place::PlacePath;
use kernel::time::{Date, Instant};
use store::{StoreError, Tx};
use uuid::Uuid;

use super::Sealed;
use super::mediating::Announced;
use super::people::{LABEL, POSTS};
use crate::Bodies;
use crate::records::{body as bodies, people, talk};
use crate::words::{Body, Election, Holding, Meeting, Post, Question};

/// The kind of companies that manage property.
const PROPERTY: &str = "property";
/// The most bodies of a place.
const BODIES: i64 = 200;
/// The most elections of a body, and questions and meetings of a place, that are shown.
const SHOWN: i64 = 100;

/// Somebody who holds a post.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The identity of the holding.
    pub id: Uuid,
    /// The published name; none where it was deleted.
    pub name: Option<String>,
    /// The first day.
    pub from: Date,
    /// The first day on which it is over.
    pub until: Option<Date>,
}

/// A post with those who hold it today; nobody where it is vacant.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The post.
    pub post: Post,
    /// Who holds it today.
    pub holders: Vec<Holder>,
}

impl Seat {
    /// What the post is called in a language.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        let english = Some(self.post.title_en.as_str()).filter(|title| lang == Lang::En && !title.is_empty());
        english.unwrap_or(&self.post.title_zh)
    }
}

/// A body with its posts.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The body.
    pub body: Body,
    /// Its posts in their order.
    pub seats: Vec<Seat>,
}

/// A body that another department knows, such as a company that has a contract. It stands among the others of its kind
/// without anybody entering it here.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its identity there.
    pub id: Uuid,
    /// The code of its [`crate::Kind`].
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// Its telephone.
    pub telephone: String,
    /// Where it is.
    pub address: String,
}

impl Known {
    /// The body of a place as which it stands there.
    fn standing(self, place: &PlacePath, now: Instant) -> Standing {
        let body = Body {
            district: place.district(),
            id: self.id,
            path: place.clone(),
            kind: self.kind.to_owned(),
            name: self.name,
            purpose: String::new(),
            telephone: self.telephone,
            address: self.address,
            hours: String::new(),
            elected_on: None,
            term_ends: None,
            file_by: None,
            ended_on: None,
            changed_name: String::new(),
            changed_at: now,
            compound: String::new(),
        };
        Standing { body, seats: Vec::new() }
    }
}

/// Asks a department which bodies of a place it knows on a day.
pub type AskKnown = Arc<dyn Fn(&mut dyn Tx, &PlacePath, Date) -> Result<Vec<Known>, StoreError> + Send + Sync>;

/// What is known of the order of a place (一核多元).
#[derive(Clone, Debug)]
pub struct Order {
    /// The bodies in the order of their kinds.
    pub bodies: Vec<Standing>,
    /// Its questions, the latest first.
    pub questions: Vec<Question>,
    /// Its meetings that are not over, the nearest first.
    pub meetings: Vec<Meeting>,
    /// Its mediators today.
    pub mediators: Vec<Announced>,
}

impl Bodies {
    /// Reads the order of a place as everybody sees it.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn order(&self, tx: &mut dyn Tx, place: &PlacePath, now: Instant) -> Result<Order, Fault> {
        let today = self.today(now);
        let mut bodies = Vec::new();
        for body in self.bodies_at(tx, place)? {
            let seats = self.seats(tx, &body, today)?;
            bodies.push(Standing { body, seats });
        }
        let known = self.known.get().map(|ask| ask(tx, place, today)).transpose()?;
        for known in known.unwrap_or_default() {
            // What somebody entered here says more of it.
            if bodies.iter().all(|one| one.body.kind != known.kind || one.body.name != known.name) {
                bodies.push(known.standing(place, now));
            }
        }
        bodies.sort_by_key(|one| self.kinds.place(&one.body.kind));
        Ok(Order {
            bodies,
            questions: talk::questions(tx, place, SHOWN)?,
            meetings: talk::meetings(tx, place, now, SHOWN)?,
            mediators: self.mediators_at(tx, place, now)?,
        })
    }

    /// The bodies of exactly this place that have not ended, in the order of their kinds.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn bodies_at(&self, tx: &mut dyn Tx, place: &PlacePath) -> Result<Vec<Body>, Fault> {
        let mut found = bodies::at(tx, place, BODIES)?;
        found.sort_by_key(|body| self.kinds.place(&body.kind));
        Ok(found)
    }

    /// Whether a company of that name manages property in a place today: one that was entered among its bodies, or that
    /// another department knows.
    pub(super) fn manages(&self, tx: &mut dyn Tx, place: &PlacePath, name: &str) -> Result<bool, Fault> {
        let (wanted, today) = (name_key(name), self.today((self.hall.clock)()));
        let is_it = |kind: &str, name: &str| kind == PROPERTY && name_key(name) == wanted;
        if self.bodies_at(tx, place)?.iter().any(|body| is_it(&body.kind, &body.name)) {
            return Ok(true);
        }
        let known = self.known.get().map(|ask| ask(tx, place, today)).transpose()?.unwrap_or_default();
        Ok(known.iter().any(|body| is_it(body.kind, &body.name)))
    }

    /// The posts of a body that have not ended, with those who hold them on a day.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn seats(&self, tx: &mut dyn Tx, body: &Body, today: Date) -> Result<Vec<Seat>, Fault> {
        let (posts, holdings) = (people::posts(tx, body, POSTS)?, people::holdings(tx, body, POSTS)?);
        let mut seats = Vec::new();
        for post in posts.into_iter().filter(|post| post.ended_on.is_none()) {
            let mut holders = Vec::new();
            for one in holdings.iter().filter(|one| one.post == post.id && holds(one, today)) {
                holders.push(self.held(tx, one)?);
            }
            seats.push(Seat { post, holders });
        }
        Ok(seats)
    }

    /// Everybody who holds or held a post of a body, the latest first, with the titles of their posts.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn held_ever(&self, tx: &mut dyn Tx, body: &Body) -> Result<Vec<(Post, Holder)>, Fault> {
        let (posts, holdings) = (people::posts(tx, body, POSTS)?, people::holdings(tx, body, POSTS)?);
        let mut found = Vec::new();
        for one in &holdings {
            if let Some(post) = posts.iter().find(|post| post.id == one.post) {
                found.push((post.clone(), self.held(tx, one)?));
            }
        }
        Ok(found)
    }

    /// The elections of a body, the latest first.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn elections(&self, tx: &mut dyn Tx, body: &Body) -> Result<Vec<Election>, Fault> {
        Ok(bodies::elections(tx, body, SHOWN)?)
    }

    fn held(&self, tx: &mut dyn Tx, one: &Holding) -> Result<Holder, Fault> {
        let at = Sealed { district: one.district, record: one.id };
        let name = self.uncover(tx, at, LABEL, one.name.as_deref())?;
        Ok(Holder { id: one.id, name, from: one.from_on, until: one.until_on })
    }
}

/// Whether somebody holds a post on a day.
fn holds(holding: &Holding, on: Date) -> bool {
    holding.from_on <= on && holding.until_on.is_none_or(|until| until > on)
}
