//! Calls a vote of owners, shows it to whoever may see it, and counts it once it is over.

use std::collections::BTreeMap;
use std::sync::Arc;

use hall::{Fault, Sent};
use kernel::permission::{Actor, ActorKind, Target, may};
use kernel::place::PlacePath;
use kernel::time::{Date, Instant};
use serde_json::json;
use store::{Store, Tx};
use uuid::Uuid;
use vault::{NewRecord, Person};

use super::by::places_of;
use super::elections::elections;
use super::entitled::{Entitled, LookedAt};
use super::register::note;
use super::telling::{Happened, ask_to_tell, ask_to_tell_called};
use super::{counting, shares};
use crate::Property;
use crate::permissions::May;
use crate::records::ballots::{self, Ballot, Cast};
use crate::records::corrections;
use crate::records::first_meeting;
use crate::records::register;
use crate::records::votes::{self, HeadRight, Matter, Right, Vote};
use crate::rules::audit::{BackLine, BallotLine, MatterLine, Sheet};
use crate::rules::tally::{Amount, CountFault, Judgement, Outcome, Tally, Thresholds, judge, seated};
use crate::rules::votes::{MatterDraft, VoteDraft};
use crate::words::votes::MatterKind;

/// Where the keys of calls are kept apart from those of other forms.
const CALL: &str = "property.call";
/// What the key is for under which ballots are sealed.
const SEALS: &str = "业主表决票";
/// How many votes are counted in one round of the chore.
const ROUND: i64 = 100;
/// The most votes of one head that are read.
const OWN_MOST: i64 = 100;
/// The most corrections of a vote that are read.
pub const CORRECTIONS_MOST: i64 = 1_000;

/// The command to call a vote.
pub struct Call {
    /// The compound.
    pub compound: i64,
    /// What is called.
    pub draft: VoteDraft,
    /// What was looked at before; none where nobody looked.
    pub looked_at: Option<LookedAt>,
    /// The identity of the vote, the same whenever the form is sent.
    pub id: Uuid,
    /// The record under whose key ballots are sealed.
    pub seal: Uuid,
    /// The form.
    pub sent: Sent,
    /// When.
    pub now: Instant,
}

/// A vote as somebody sees it.
pub struct Seen {
    /// The vote.
    pub vote: Vote,
    /// Whether she keeps it.
    pub is_keeper: bool,
    /// The rights for which her account votes.
    pub own: Vec<Right>,
}

/// A vote of an owner: her right, and whether she took part.
pub struct OwnVote {
    /// The vote.
    pub vote: Vote,
    /// Her right.
    pub right: Right,
    /// Whether a ballot was given for it.
    pub has_voted: bool,
    /// When the wait of her newly linked account ends, while it lasts.
    pub waits: Option<Instant>,
}

/// How a matter came out.
#[derive(Clone, Debug, PartialEq)]
pub struct MatterResult {
    /// The matter.
    pub matter: Matter,
    /// Whether it is a special one.
    pub is_special: bool,
    /// How its ballots stand.
    pub tally: Tally,
    /// What was needed and how it came out.
    pub judgement: Judgement,
}

impl Property {
    /// Calls a vote, with everybody who is entitled as the register has them now. Sent twice it is called once.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for a compound that is not hers, too few owners who ask, a range without units, another vote
    /// than the one that was looked at, or a failure.
    pub fn call(&self, tx: &mut dyn Tx, call: &Call, actor: &Actor) -> Result<(), Fault> {
        let Call { compound, draft, looked_at, id, seal, sent, now } = call;
        let compound = self.own_compound(tx, *compound, actor)?;
        may(actor, May::PropertyEdit, &Target::at(compound.path.clone()))?;
        // Its row is held from here on, so that no table changes the register while the vote is called.
        register::held_compound(tx, compound.district, compound.id)?;
        let entitled = self.entitled(tx, &compound, draft)?;
        if !sent.is_first(tx, CALL, *now)? {
            return Ok(());
        }
        entitled.may_call(draft, *looked_at)?;
        let whole = entitled.whole();
        let Entitled { rights, range, asking } = entitled;
        let district = compound.district;
        // Owners are told by the call itself: no earlier notice counts.
        let notice_on = self.hall.day(*now);
        let vote = Vote {
            district,
            compound: compound.id,
            title: draft.title.trim().to_owned(),
            range,
            caller: draft.caller,
            asking,
            entitled_heads: whole.heads,
            entitled_area: whole.area,
            seal: *seal,
            called_name: actor.name.clone(),
            called_at: *now,
            called_by: actor.account,
            units: Some(rights.iter().map(|right| right.unit_count).sum()),
            ground_buildings: Some(draft.coverage.ground_buildings),
            ground_households: Some(draft.coverage.ground_households),
            partial_reason: Some(draft.partial_reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
            ..Vote::begun(*id, compound.path.clone(), notice_on, draft.opens_at, draft.ends_at)
        };
        let purpose = SEALS.to_owned();
        let key = NewRecord { id: *seal, district, person: Person::new(), purpose, retain_until: None, at: *now };
        self.hall.vault.seal(tx, &key)?;
        votes::add(tx, &vote)?;
        let matters: Vec<Matter> = draft.matters.iter().flat_map(put_to_vote).collect();
        for (matter, number) in matters.into_iter().zip(1_i64..) {
            votes::add_matter(tx, district, *id, &Matter { number, ..matter })?;
        }
        for right in &rights {
            votes::add_right(tx, district, *id, right)?;
        }
        ask_to_tell_called(tx, &vote, *now)?;
        let detail = json!({ "vote": id, "heads": vote.entitled_heads, "matters": draft.matters.len() });
        note(tx, &compound, ("property.vote_called", &detail), actor, *now)
    }

    /// A vote, if somebody may see it: who keeps it, who watches over its place, and whoever votes in it.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for everybody else, or a failure.
    pub fn seen(&self, tx: &mut dyn Tx, id: Uuid, actor: &Actor) -> Result<Seen, Fault> {
        let vote = votes::find(tx, id)?.ok_or(Fault::NotFound)?;
        let is_keeper = super::reach(actor).iter().any(|place| place.contains(&vote.path));
        let mut own = Vec::new();
        if let Some(account) = actor.account {
            for head in register::heads_of_account(tx, account)? {
                if head.district == vote.district {
                    own.extend(votes::right_of(tx, vote.district, id, head.id)?);
                }
            }
        }
        let watches = || places_of(actor, May::PropertyRead).iter().any(|place| place.contains(&vote.path));
        if is_keeper || !own.is_empty() || watches() { Ok(Seen { vote, is_keeper, own }) } else { Err(Fault::NotFound) }
    }

    /// A vote that this person keeps.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn own_vote(&self, tx: &mut dyn Tx, id: Uuid, actor: &Actor) -> Result<Vote, Fault> {
        let vote = votes::find(tx, id)?.ok_or(Fault::NotFound)?;
        let is_hers = super::reach(actor).iter().any(|place| place.contains(&vote.path));
        if is_hers { Ok(vote) } else { Err(Fault::NotFound) }
    }

    /// The votes in which an account votes, those that end last first, with each of its rights there.
    ///
    /// # Errors
    /// A failure.
    pub fn own_votes(&self, tx: &mut dyn Tx, account: Uuid, now: Instant) -> Result<Vec<OwnVote>, Fault> {
        let mut found: Vec<OwnVote> = Vec::new();
        for head in register::heads_of_account(tx, account)? {
            let rights = votes::rights_of_head(tx, head.district, head.id, OWN_MOST)?.into_iter();
            let mut rights: BTreeMap<Uuid, HeadRight> = rights.map(|one| (one.vote, one)).collect();
            for vote in votes::of_head(tx, head.district, head.id, OWN_MOST)? {
                let Some(HeadRight { right, has_voted, .. }) = rights.remove(&vote.id) else { continue };
                found.push(OwnVote { vote, right, has_voted, waits: head.waits_until(now) });
            }
        }
        found.sort_by_key(|one| (std::cmp::Reverse(one.vote.ends_at), one.vote.id, one.right.number));
        Ok(found)
    }

    /// Opens and counts a vote that is over. The ballots are published by their commitments, in an order that says
    /// nothing of who gave them, and what joined them with their rights is forgotten. Done again it changes nothing.
    ///
    /// # Errors
    /// A failure.
    pub fn count(&self, tx: &mut dyn Tx, vote: &Vote, now: Instant) -> Result<(), Fault> {
        let Some(vote) = votes::held(tx, vote.district, vote.id)? else { return Err(Fault::NotFound) };
        if vote.counted_at.is_some() || vote.off_at.is_some() || !vote.is_over(now) {
            return Ok(());
        }
        let district = vote.district;
        let lines = counting::opened(&self.hall.vault, tx, &vote)?;
        // What is kept is what anybody counts from the sheet.
        let sheet = self.sheet_of(tx, &vote, lines)?;
        let counted = sheet.recount().map_err(broken)?;
        counting::publish(tx, &vote, &sheet.ballots, counted.iter().map(|(tally, _)| tally))?;
        // A first meeting in which too few take part was not held.
        if counted.iter().any(|(_, judgement)| judgement.outcome != Outcome::Void) {
            first_meeting::set_held(tx, vote.id, self.hall.day(vote.ends_at))?;
        }
        votes::set_counted(tx, district, vote.id, now)?;
        self.hall.vault.erase(tx, district, vote.seal, now)?;
        ask_to_tell(tx, vote.id, Happened::Counted, now)?;
        let Some(compound) = register::compound(tx, vote.compound)? else { return Ok(()) };
        let detail = json!({ "vote": vote.id, "ballots": sheet.ballots.len() });
        let platform = Actor { account: None, name: "两邻".to_owned(), kind: ActorKind::System, grants: Vec::new() };
        note(tx, &compound, ("property.vote_counted", &detail), &platform, now)
    }

    /// Counts every vote that is over, each in a unit of work of its own: one that cannot be counted holds up no other.
    ///
    /// # Errors
    /// The first failure, once all others are counted.
    pub fn count_all(self: &Arc<Self>, store: &Store, now: Instant) -> Result<(), Fault> {
        let mut failed = None;
        for vote in store.read_blocking(move |tx| votes::uncounted(tx, now, ROUND))? {
            let desk = self.clone();
            if let Err(fault) = store.write_blocking(move |tx| desk.count(tx, &vote, now)) {
                failed.get_or_insert(fault);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// The nonce of a ballot, as it stands on its receipt alone. Nobody can make it again once the vote was counted.
    #[must_use]
    pub fn nonce(&self, vote: &Vote, ballot: &Ballot) -> String {
        counting::nonce(&self.hall.vault.teller(), vote, ballot.number, &ballot.sealed)
    }

    /// The shares that hold at a place on a day.
    ///
    /// # Errors
    /// The rulebook lacks one of them.
    pub fn thresholds(&self, place: &PlacePath, on: Date) -> Result<Thresholds, Fault> {
        shares::thresholds(&self.hall, place, on)
    }

    /// Whether a matter is a special one at a place on a day.
    ///
    /// # Errors
    /// The rulebook does not say.
    pub fn is_special(&self, kind: MatterKind, place: &PlacePath, on: Date) -> Result<bool, Fault> {
        shares::is_special(&self.hall, kind, place, on)
    }

    /// How the matters of a counted vote came out.
    ///
    /// # Errors
    /// [`Fault::NotFound`] before it was counted, a failure, or lines that contradict themselves.
    pub fn results(&self, tx: &mut dyn Tx, vote: &Vote) -> Result<Vec<MatterResult>, Fault> {
        if vote.counted_at.is_none() {
            return Err(Fault::NotFound);
        }
        let matters = votes::matters(tx, vote.district, vote.id)?;
        let mut tallies = votes::tallies(tx, vote.district, vote.id)?;
        if tallies.len() != matters.len() {
            // Nobody kept it when this vote was counted.
            let counted = self.sheet(tx, vote)?.recount().map_err(broken)?;
            tallies = counted.into_iter().map(|counted| counted.0).collect();
        }
        let on = self.hall.day(vote.opens_at);
        let thresholds = self.thresholds(&vote.path, on)?;
        let mut results = Vec::with_capacity(matters.len());
        for (matter, tally) in matters.into_iter().zip(tallies) {
            let is_special = self.is_special(matter.kind, &vote.path, on)?;
            let judgement = judge(&vote.entitled(), &tally, is_special, &thresholds);
            results.push(MatterResult { matter, is_special, tally, judgement });
        }
        fill_seats(&mut results);
        Ok(results)
    }

    /// The audit sheet of a counted vote.
    ///
    /// # Errors
    /// [`Fault::NotFound`] before it was counted, or a failure.
    pub fn sheet(&self, tx: &mut dyn Tx, vote: &Vote) -> Result<Sheet, Fault> {
        if vote.counted_at.is_none() {
            return Err(Fault::NotFound);
        }
        let line = |cast: Cast| BallotLine { commitment: cast.commitment, area: cast.area, choices: cast.choices };
        let lines = ballots::casts(tx, vote.district, vote.id)?.into_iter().map(line).collect();
        self.sheet_of(tx, vote, lines)
    }

    /// The audit sheet of a vote with these lines.
    fn sheet_of(&self, tx: &mut dyn Tx, vote: &Vote, ballots: Vec<BallotLine>) -> Result<Sheet, Fault> {
        let on = self.hall.day(vote.opens_at);
        let thresholds = self.thresholds(&vote.path, on)?;
        let mut matters = Vec::new();
        for matter in votes::matters(tx, vote.district, vote.id)? {
            matters.push(MatterLine { is_special: self.is_special(matter.kind, &vote.path, on)?, thresholds });
        }
        let corrected = corrections::of_subject(tx, vote.district, vote.id, CORRECTIONS_MOST)?;
        let back = corrected.into_iter().map(|one| BackLine { number: one.number, reason: one.reason });
        let mut taken_back: Vec<BackLine> = back.collect();
        taken_back.sort_by_key(|one| one.number);
        Ok(Sheet { vote: vote.id, entitled: vote.entitled(), matters, ballots, taken_back })
    }

    /// Who took part so far, what is needed, and whether it is enough.
    ///
    /// # Errors
    /// A failure.
    pub fn quorum(&self, tx: &mut dyn Tx, vote: &Vote) -> Result<(Amount, Amount, bool), Fault> {
        let taking_part = ballots::taking_part(tx, vote.district, vote.id)?;
        let share = self.thresholds(&vote.path, self.hall.day(vote.opens_at))?.quorum;
        let entitled = vote.entitled();
        Ok((taking_part, entitled.needed(share), taking_part.meets(share, &entitled)))
    }
}

/// Elects no more candidates of an election than it has seats.
fn fill_seats(results: &mut [MatterResult]) {
    let matters: Vec<Matter> = results.iter().map(|result| result.matter.clone()).collect();
    for election in elections(&matters) {
        let passed =
            |place: &&usize| results.get(**place).is_some_and(|result| result.judgement.outcome == Outcome::Passed);
        let places: Vec<usize> = election.places.iter().filter(passed).copied().collect();
        let agreeing: Vec<Amount> =
            places.iter().filter_map(|place| results.get(*place)).map(|result| result.tally.yes).collect();
        let outcomes = seated(&agreeing, usize::try_from(election.seats).unwrap_or_default());
        for (place, outcome) in places.into_iter().zip(outcomes) {
            if let Some(result) = results.get_mut(place) {
                result.judgement.outcome = outcome;
            }
        }
    }
}

/// The matters of a ballot that a matter of the call becomes: of an election each candidate is one. Their numbers
/// follow.
fn put_to_vote(draft: &MatterDraft) -> Vec<Matter> {
    let (title, content) = (draft.title.trim().to_owned(), draft.text.trim().to_owned());
    let matter = Matter { number: 0, kind: draft.kind, title, content, election: None, seats: None };
    if draft.candidates.is_empty() {
        return vec![matter];
    }
    let candidate = |name: &String| Matter {
        title: name.trim().to_owned(),
        election: Some(matter.title.clone()),
        seats: Some(draft.seats),
        ..matter.clone()
    };
    draft.candidates.iter().map(candidate).collect()
}

fn broken(fault: CountFault) -> Fault {
    Fault::Broken(format!("the published ballots contradict themselves: {fault:?}"))
}
