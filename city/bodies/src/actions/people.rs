//! Enters posts of a body and who holds them. A name is published for the term, because its holder agreed to it; it
//! lies sealed, and is deleted some time after the holder left.

use hall::Fault;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::keeping::{ELECTIONS, first_of, stream};
use super::{By, Sealed, note};
use crate::Bodies;
use crate::records::{body as bodies, people};
use crate::refusals::Why;
use crate::rules;
use crate::words::{Body, Holding, Post};

/// Where the keys of these commands are kept apart from those of others.
const POST: &str = "bodies.post";
const END_POST: &str = "bodies.end_post";
const APPOINT: &str = "bodies.appoint";
const LEAVE: &str = "bodies.leave";
/// The field that names the election with which somebody leaves.
const ELECTION: &str = "election";
/// The most posts of a body, and the most holders that are looked at.
pub(super) const POSTS: i64 = 200;
/// What published names are sealed as.
pub(super) const LABEL: &str = "bodies/name";

/// A post as somebody enters it.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// The identity that it gets.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
}

/// Somebody who takes a post.
#[derive(Clone, Debug)]
pub struct Appointed {
    /// The identity that it gets, also of the sealed record.
    pub id: Uuid,
    /// The post.
    pub post: Uuid,
    /// The name as it is published.
    pub name: String,
    /// The first day.
    pub from: Date,
    /// Whether the person agreed that the name is published for the term.
    pub agreed: bool,
}

/// Somebody who leaves a post.
#[derive(Clone, Copy, Debug)]
pub struct Leaving {
    /// Who holds it.
    pub holding: Uuid,
    /// The first day on which it is over.
    pub until: Date,
    /// That is the day of an election of the body, and changes with it.
    pub elected: bool,
}

impl Bodies {
    /// Adds a post to a body, behind those that it has.
    ///
    /// # Errors
    /// What is wrong with its title, or a failure.
    pub fn add_post(&self, tx: &mut dyn Tx, id: Uuid, new: &NewPost, by: &By<'_>) -> Result<(), Fault> {
        let body = Self::changed(tx, id, by.actor)?;
        first_of(rules::needed("title", &new.title))?;
        if !by.sent.is_first(tx, POST, by.now)? {
            return Ok(());
        }
        let last = people::posts(tx, &body, POSTS)?.iter().map(|post| post.rank).max();
        let post = Post {
            district: body.district,
            id: new.id,
            body: body.id,
            title_zh: new.title.clone(),
            title_en: String::new(),
            rank: last.unwrap_or_default() + 1,
            ended_on: None,
        };
        people::add_post(tx, &post)?;
        note(tx, &stream(&body, "bodies.post"), &json!({ "post": post.id, "title": post.title_zh }), by)
    }

    /// Ends a post that nobody holds as of today.
    ///
    /// # Errors
    /// Somebody holds it, there is none, or a failure.
    pub fn end_post(&self, tx: &mut dyn Tx, id: Uuid, post: Uuid, by: &By<'_>) -> Result<(), Fault> {
        let body = Self::changed(tx, id, by.actor)?;
        if !by.sent.is_first(tx, END_POST, by.now)? {
            return Ok(());
        }
        let post = post_of(tx, &body, post)?;
        let today = self.today(by.now);
        if people::holdings(tx, &body, POSTS)?.iter().any(|one| one.post == post.id && lasts(one, today)) {
            return Err(Refusal::new(Why::BodiesHeld).field("over").into());
        }
        people::end_post(tx, &post, today)?;
        note(tx, &stream(&body, "bodies.post_ended"), &json!({ "post": post.id, "on": today.to_string() }), by)
    }

    /// Enters who holds a post from a day on. The log names the post, never the holder.
    ///
    /// # Errors
    /// Somebody holds it, the name may not be published, what is wrong with the name, or a failure.
    pub fn appoint(&self, tx: &mut dyn Tx, id: Uuid, new: &Appointed, by: &By<'_>) -> Result<(), Fault> {
        let body = Self::changed(tx, id, by.actor)?;
        let mut faults = rules::named("holder", &new.name);
        faults.extend((!new.agreed).then(|| Refusal::new(Why::BodiesAnnounced).field("agreed")));
        faults.extend(rules::happened("from", new.from, self.today(by.now), None));
        first_of(faults)?;
        let post = post_of(tx, &body, new.post)?;
        if !by.sent.is_first(tx, APPOINT, by.now)? {
            return Ok(());
        }
        if people::holdings(tx, &body, POSTS)?.iter().any(|one| one.post == post.id && lasts(one, new.from)) {
            return Err(Refusal::new(Why::BodiesHeld).field("post").into());
        }
        let at = Sealed { district: body.district, record: new.id };
        self.begin_record(tx, at, by.now)?;
        let holding = Holding {
            district: body.district,
            id: new.id,
            body: body.id,
            post: post.id,
            name: self.cover(tx, at, LABEL, &kernel::line::name(&new.name))?,
            from_on: new.from,
            until_on: None,
            noted_name: by.actor.name.clone(),
            noted_at: by.now,
            until_elected: false,
        };
        people::add_holding(tx, &holding)?;
        let detail = json!({ "post": post.id, "holding": holding.id, "from": new.from.to_string() });
        note(tx, &stream(&body, "bodies.appointed"), &detail, by)
    }

    /// Enters the first day on which somebody no longer holds a post. The name is deleted some time after it.
    ///
    /// # Errors
    /// There is no such holder or election, a day that is not in order, or a failure.
    pub fn leave(&self, tx: &mut dyn Tx, id: Uuid, leaving: Leaving, by: &By<'_>) -> Result<(), Fault> {
        let Leaving { holding, until, elected } = leaving;
        let body = Self::changed(tx, id, by.actor)?;
        let field = if elected { ELECTION } else { "until" };
        if elected && !bodies::elections(tx, &body, ELECTIONS)?.iter().any(|one| one.held_on == until) {
            return Err(Refusal::new(Why::BodiesElectionGone).field(field).into());
        }
        let found = people::holdings(tx, &body, POSTS)?.into_iter().find(|one| one.id == holding);
        let found = found.ok_or_else(|| Refusal::new(Code::FormChoice).field("holding"))?;
        let today = self.today(by.now);
        first_of(rules::happened(field, until, today, Some(found.from_on)).into_iter().collect())?;
        if !by.sent.is_first(tx, LEAVE, by.now)? {
            return Ok(());
        }
        people::end_holding(tx, &found, until, elected)?;
        self.let_go(tx, Sealed { district: found.district, record: found.id }, until, by.now)?;
        let detail = json!({ "post": found.post, "holding": found.id, "until": until.to_string() });
        note(tx, &stream(&body, "bodies.left"), &detail, by)
    }
}

/// The post of a body that has not ended.
fn post_of(tx: &mut dyn Tx, body: &Body, post: Uuid) -> Result<Post, Fault> {
    let found = people::posts(tx, body, POSTS)?.into_iter().find(|one| one.id == post && one.ended_on.is_none());
    found.ok_or_else(|| Refusal::new(Code::FormChoice).field("post").into())
}

/// Whether somebody holds a post on a day or after it.
fn lasts(holding: &Holding, on: Date) -> bool {
    holding.until_on.is_none_or(|until| until > on)
}
