//! Enters among the bodies of a community the owners' committee that a counted vote elected: what the vote knows is
//! taken from it, and nobody types it again.

use bodies::{Appointed, Bodies, Body, ByVote, Details, Held, NewBody};
use hall::{Fault, Hall, Sent};
use kernel::day::outside;
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::{StoreError, Tx};
use uuid::Uuid;

use super::by::By;
use super::turns;
use super::votes::MatterResult;
use crate::Companies;
use crate::records::register;
use crate::records::votes::{self, Vote};
use crate::rules::tally::Outcome;
use crate::words::votes::MatterKind;

/// The kind of owners' committees among the bodies of a community.
pub const OWNERS: &str = "owners";

/// The key under which a committee that was elected is entered once.
const ENTER: &str = "property.elected";

/// Somebody who was elected and takes a post.
#[derive(Clone, Debug)]
pub struct Seated {
    /// The place of the post among those of its kind, from 1.
    pub rank: i64,
    /// The name, as it stood on the ballot.
    pub name: String,
    /// The form, as far as it says this.
    pub sent: Sent,
}

/// A committee that was elected, as somebody enters it.
#[derive(Clone, Debug)]
pub struct Elected {
    /// The committee that is kept already; none for a new one.
    pub body: Option<Uuid>,
    /// The identity that a new one gets.
    pub new: Uuid,
    /// What a new one is called.
    pub name: String,
    /// The election.
    pub held: Held,
    /// Who takes which post of a new one.
    pub seated: Vec<Seated>,
    /// Whether they agreed that their names are published for the term.
    pub agreed: bool,
}

/// What a vote says of the committee that it elected.
pub struct ElectedBy {
    /// The vote.
    pub vote: Vote,
    /// The compound.
    pub compound: String,
    /// Who was elected, as their names stood on the ballot.
    pub names: Vec<String>,
    /// The owners' committees of the community that may be the one: that of the compound, or where none is known to be,
    /// those of which no compound is known.
    pub bodies: Vec<Body>,
}

impl ElectedBy {
    /// Whether the committee of the compound is kept already, so that nobody enters another one.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.bodies.iter().any(|body| body.compound == self.compound)
    }
}

/// The address of the page of a vote.
#[must_use]
pub fn address(vote: Uuid) -> String {
    format!("/property/votes/{vote}")
}

/// The first day on which somebody can have been elected by a vote, by the address of its page: nobody is elected
/// before the vote ends. None for another address.
///
/// # Errors
/// The store failed.
pub fn first_day(tx: &mut dyn Tx, hall: &Hall, link: &str) -> Result<Option<Date>, StoreError> {
    let vote = link.strip_prefix("/property/votes/").and_then(|id| id.parse::<Uuid>().ok());
    let Some(vote) = vote else { return Ok(None) };
    Ok(votes::find(tx, vote)?.map(|vote| hall.day(vote.ends_at)))
}

/// Whether somebody was elected into the owners' committee by a matter.
#[must_use]
pub fn is_elected(result: &MatterResult) -> bool {
    result.matter.kind == MatterKind::Committee && result.judgement.outcome == Outcome::Passed
}

impl Companies {
    /// What a vote says of the committee that it elected, for whoever keeps the bodies of its community.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for everybody else, before the count, and where nobody was elected; or a failure.
    pub fn elected(&self, tx: &mut dyn Tx, vote: Uuid, actor: &Actor) -> Result<ElectedBy, Fault> {
        let vote = votes::find(tx, vote)?.filter(|vote| bodies::keeps(actor, &vote.path)).ok_or(Fault::NotFound)?;
        let compound = register::compound(tx, vote.compound)?.ok_or(Fault::NotFound)?.name;
        let results = self.votes.results(tx, &vote)?;
        if !results.iter().any(is_elected) {
            return Err(Fault::NotFound);
        }
        // A matter about the committee that is no election names nobody.
        let elections = results.into_iter().filter(|result| is_elected(result) && result.matter.election.is_some());
        let names = elections.map(|result| result.matter.title).collect();
        let mut bodies = self.bodies.bodies_at(tx, &vote.path)?;
        bodies.retain(|body| body.kind == OWNERS && (body.compound == compound || body.compound.is_empty()));
        if bodies.iter().any(|body| body.compound == compound) {
            bodies.retain(|body| body.compound == compound);
        }
        Ok(ElectedBy { vote, compound, names, bodies })
    }

    /// Enters the committee that a vote elected, and returns its body. Sent twice it is entered once; of two who enter
    /// it at the same moment, the second one is told that it is entered.
    ///
    /// # Errors
    /// As [`Companies::elected`], a vote whose committee somebody entered before, a day before the end of the vote, a
    /// committee that is none of this compound, a new one where the compound has one, what the rules of elections do
    /// not allow, or a failure.
    pub fn enter_elected(&self, tx: &mut dyn Tx, vote: Uuid, elected: &Elected, by: &By) -> Result<Uuid, Fault> {
        let path = votes::find(tx, vote)?.ok_or(Fault::NotFound)?.path;
        turns::of_community(tx, &self.votes.counter, &path, by.now)?;
        let known = self.elected(tx, vote, &by.actor)?;
        if !by.sent.is_first(tx, ENTER, by.now)? {
            return Ok(elected.body.unwrap_or(elected.new));
        }
        if let Some(on) = Bodies::elected_on(tx, &address(vote))? {
            return Err(Refusal::new(bodies::Why::BodiesElected).field("elected_on").with("date", on).into());
        }
        // Nobody is elected before the vote ends and is counted.
        let span = self.hall.day(known.vote.ends_at)..=self.hall.day(by.now);
        if let Some(refusal) = outside("elected_on", elected.held.on, &span) {
            return Err(refusal.into());
        }
        let as_keeper = bodies::By { actor: &by.actor, sent: &by.sent, now: by.now };
        let body = match elected.body {
            Some(id) if known.bodies.iter().any(|body| body.id == id) => id,
            Some(_) => return Err(Refusal::new(Code::FormChoice).field("body").into()),
            None if known.is_kept() => return Err(Refusal::new(Code::FormChoice).field("body").into()),
            None => {
                let details = Details { name: elected.name.clone(), ..Details::default() };
                let (path, kind) = (known.vote.path.clone(), OWNERS.to_owned());
                let new = NewBody { id: elected.new, path, kind, details };
                self.bodies.open_body(tx, &new, &as_keeper).map_err(called_here)?;
                elected.new
            }
        };
        let by_vote = ByVote { compound: known.compound, link: address(vote) };
        self.bodies.elect(tx, body, &elected.held, Some(&by_vote), &as_keeper).map_err(called_here)?;
        for one in elected.seated.iter().filter(|one| elected.body.is_none() && known.names.contains(&one.name)) {
            let appointed = Appointed {
                id: Uuid::new_v5(&body, format!("elected/{}", one.rank).as_bytes()),
                post: Bodies::first_post(body, one.rank),
                name: one.name.clone(),
                from: elected.held.on,
                agreed: elected.agreed,
            };
            self.bodies.appoint(tx, body, &appointed, &bodies::By { sent: &one.sent, ..as_keeper })?;
        }
        Ok(body)
    }
}

/// A refusal with its field under the name that it has in the form of an elected committee.
fn called_here(fault: Fault) -> Fault {
    let Fault::Refused(refusal) = fault else { return fault };
    let field = match refusal.field.as_deref() {
        Some("held") => "elected_on",
        Some("name") => "committee_name",
        _ => return Fault::Refused(refusal),
    };
    Fault::Refused(refusal.field(field))
}
