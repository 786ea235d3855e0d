//! Takes ballots, from owners online and from numbered sheets, each unit once; and written proxies, until they are
//! withdrawn.

use hall::Fault;
use kernel::language::Bilingual;
use kernel::line;
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person, PersonField};

use super::by::By;
use super::counting::label;
use super::elections::elections;
use super::register::note;
use super::votes::Seen;
use crate::Property;
use crate::records::ballots::{self, Ballot, Proxy};
use crate::records::register;
use crate::records::votes::{self, Matter, Right, Vote};
use crate::refusals::Why;
use crate::rules::ballots::{beyond_seats, typed, written};
use crate::rules::tally::Choice;
use crate::words::votes::Way;
use crate::words::{PROXY_UNITS, SPLIT_BALLOTS};

/// Where the keys of ballots are kept apart from those of other forms.
const BALLOT: &str = "property.ballot";
/// Where the keys of proxies are kept apart.
const PROXY: &str = "property.proxy";
/// What the sealed record of a proxy is needed for.
const NEEDED_FOR: &str = "业主委托书";

/// A numbered sheet as staff type it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The number on the sheet.
    pub number: String,
    /// What was typed for each matter.
    pub choices: Vec<String>,
    /// Whether a proxy filled it in.
    pub by_proxy: bool,
}

/// A written proxy as staff type it.
#[derive(Clone)]
pub struct Paper {
    /// The number of the right.
    pub number: String,
    /// The name of the proxy.
    pub name: String,
    /// Her telephone.
    pub telephone: String,
    /// Whether whoever enters it says that she is not the one of the same name with another telephone.
    pub is_another: bool,
    /// The identity of her sealed record.
    pub record: Uuid,
}

/// Who would read what a ballot says.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Whether the ballot is of a right for which her account votes.
    pub is_own: bool,
    /// Whether the wait of her account is over.
    pub is_proven: bool,
    /// Whether she keeps the vote.
    pub is_keeper: bool,
    /// Her account.
    pub account: Option<Uuid>,
}

impl Reader {
    /// Whether she may read what a ballot says before the end: as its owner, or a sheet on paper as whoever entered it.
    /// Nobody else of the staff, so that nobody adds up before the end what others entered; and no account that was
    /// linked a short time ago, perhaps with a letter that was stolen: the owner did not show herself yet.
    #[must_use]
    pub fn may_read(self, ballot: &Ballot) -> bool {
        let gave = ballot.account.is_some() && ballot.account == self.account;
        match ballot.way {
            Way::Online => self.is_own && gave,
            Way::Paper | Way::Proxy => (self.is_own && self.is_proven) || (self.is_keeper && gave),
        }
    }
}

/// What tells a proxy from the others of a vote and gives nothing of her away.
struct Marks {
    telephone: String,
    name: String,
}

impl Property {
    /// Takes the ballot of an owner who votes with her account. Until the end she may change it.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, somebody who keeps the vote, a vote that is not open, an account that
    /// was linked a short time ago, more candidates than are elected, a second ballot of the same units, or a failure.
    pub fn vote_online(
        &self,
        tx: &mut dyn Tx,
        vote: Uuid,
        number: i64,
        choices: &[Choice],
        by: &By,
    ) -> Result<(), Fault> {
        let seen = self.seen(tx, vote, &by.actor)?;
        let right = seen.own.iter().find(|right| right.number == number).cloned().ok_or(Fault::NotFound)?;
        let vote = votes::held(tx, seen.vote.district, vote)?.ok_or(Fault::NotFound)?;
        let seen = Seen { vote, ..seen };
        if let Some(refusal) = self.hinders(tx, &seen, &right, &by.actor, by.now)? {
            return Err(refusal.into());
        }
        let vote = seen.vote;
        within_seats(&votes::matters(tx, vote.district, vote.id)?, choices)?;
        if !by.is_first(tx, BALLOT)? {
            return Ok(());
        }
        let sealed = self.sealed(tx, &vote, number, choices)?;
        let ballot = Ballot {
            number,
            way: Way::Online,
            area: right.area,
            sealed,
            account: by.actor.account,
            entered_name: String::new(),
            entered_at: by.now,
        };
        Ok(ballots::put(tx, vote.district, vote.id, &ballot)?)
    }

    /// Why the ballot of an owner would be refused now, whatever she chooses; none if it would be taken.
    ///
    /// # Errors
    /// A failure.
    pub fn hinders(
        &self,
        tx: &mut dyn Tx,
        seen: &Seen,
        right: &Right,
        actor: &Actor,
        now: Instant,
    ) -> Result<Option<Refusal>, Fault> {
        if seen.is_keeper {
            return Ok(Some(Refusal::new(Why::VoteKeeper)));
        }
        let vote = &seen.vote;
        if let Err(refusal) = before_end(vote, now).and_then(|()| self.opened(vote, now)) {
            return Ok(Some(refusal));
        }
        if let Some(refusal) = self.waits(tx, vote.district, right.head, now)? {
            return Ok(Some(refusal));
        }
        let before = ballots::find(tx, vote.district, vote.id, right.number)?;
        let other = before.filter(|before| before.way != Way::Online || before.account != actor.account);
        Ok(other.map(|before| self.second(right, &before)))
    }

    /// Takes a numbered sheet that staff enter, and returns its number.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, a vote that is not open, an unknown number, a choice that cannot be
    /// read, more candidates than are elected, a second ballot of the same units, a proxy without authority, or a
    /// failure.
    pub fn enter_sheet(&self, tx: &mut dyn Tx, vote: Uuid, sheet: &Sheet, by: &By) -> Result<i64, Fault> {
        let found = self.own_vote(tx, vote, &by.actor)?;
        let vote = self.taking(tx, &found, by.now)?;
        let right = numbered(tx, &vote, &sheet.number)?;
        let matters = votes::matters(tx, vote.district, vote.id)?;
        let may_split = self.hall.figure_at(SPLIT_BALLOTS, &vote.path, self.hall.day(vote.opens_at))?;
        let mut choices = Vec::with_capacity(matters.len());
        for (matter, at) in matters.iter().zip(0_usize..) {
            let told = sheet.choices.get(at).map(|told| line::number(told)).unwrap_or_default();
            let unread = || {
                let refusal = Refusal::new(Why::VoteChoiceUnread).field(format!("choice{}", matter.number));
                refusal.with("matter", matter.number).with("typed", &told)
            };
            choices.push(typed(&told, right.area, may_split).ok_or_else(unread)?);
        }
        within_seats(&matters, &choices)?;
        if !by.is_first(tx, BALLOT)? {
            return Ok(right.number);
        }
        if let Some(before) = ballots::find(tx, vote.district, vote.id, right.number)? {
            return Err(self.second(&right, &before).field("number").into());
        }
        if sheet.by_proxy {
            self.is_proxy(tx, &vote, &right)?;
        }
        let sealed = self.sealed(tx, &vote, right.number, &choices)?;
        let ballot = Ballot {
            number: right.number,
            way: if sheet.by_proxy { Way::Proxy } else { Way::Paper },
            area: right.area,
            sealed,
            account: by.actor.account,
            entered_name: by.actor.name.clone(),
            entered_at: by.now,
        };
        ballots::put(tx, vote.district, vote.id, &ballot)?;
        Ok(right.number)
    }

    /// Enters a written proxy.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, an unknown number, an owner who voted already or has another proxy,
    /// more units than one proxy may have, somebody of the same name with another telephone of whom nobody says that
    /// she is somebody else, or a failure.
    pub fn give_proxy(&self, tx: &mut dyn Tx, vote: Uuid, paper: &Paper, by: &By) -> Result<(), Fault> {
        let vote = self.own_vote(tx, vote, &by.actor)?;
        let vote = held_until_end(tx, &vote, by.now)?;
        let right = numbered(tx, &vote, &paper.number)?;
        if !by.is_first(tx, PROXY)? {
            return Ok(());
        }
        let (district, number) = (vote.district, right.number);
        let refused = |code| Refusal::new(code).field("number").with("units", &right.units);
        if ballots::find(tx, district, vote.id, number)?.is_some() {
            return Err(refused(Why::VoteProxyVoted).into());
        }
        if ballots::proxy(tx, district, vote.id, number)?.is_some_and(|proxy| proxy.withdrawn_at.is_none()) {
            return Err(refused(Why::VoteProxyThere).into());
        }
        let marks = self.may_act(tx, &vote, &right, paper)?;
        let person = Person::new().with(PersonField::Name, &paper.name).with(PersonField::Telephone, &paper.telephone);
        let (purpose, retain_until) = (NEEDED_FOR.to_owned(), Some(self.hall.day(vote.ends_at)));
        let record = NewRecord { id: paper.record, district, person, purpose, retain_until, at: by.now };
        self.hall.vault.seal(tx, &record)?;
        let proxy = Proxy {
            number,
            agent: paper.record,
            mark: marks.telephone,
            unit_count: right.unit_count,
            given_name: by.actor.name.clone(),
            given_at: by.now,
            withdrawn_at: None,
            name_mark: marks.name,
        };
        ballots::put_proxy(tx, district, vote.id, &proxy)?;
        noted(tx, &vote, ("property.proxy_given", number), by)
    }

    /// Lets a proxy have the units of a right, if these are not too many with those that she has. Whoever has the same
    /// telephone is the same person, however her name is written; whoever has the same name may be.
    fn may_act(&self, tx: &mut dyn Tx, vote: &Vote, right: &Right, paper: &Paper) -> Result<Marks, Fault> {
        let (name, telephone) = (line::name_key(&paper.name), &paper.telephone);
        let mark = |told: String| self.hall.vault.told_apart(&told);
        let marks = Marks {
            telephone: mark(format!("property proxy {telephone}")),
            name: mark(format!("property proxy name {name}")),
        };
        // Proxies were told apart by both together once.
        let former = mark(format!("property proxy {name} {telephone}"));
        let units = ballots::units_of_proxy(tx, vote.district, vote.id, [&marks.telephone, &former])?;
        let most = i64::from(self.hall.figure_at(PROXY_UNITS, &vote.path, self.hall.day(vote.opens_at))?);
        if units.saturating_add(right.unit_count) > most {
            let refusal = Refusal::new(Why::VoteProxyMany).field("name");
            return Err(refusal.with("units", units).with("most", most).into());
        }
        let has_namesake = ballots::has_namesake(tx, vote.district, vote.id, &marks.telephone, &marks.name)?;
        if has_namesake && !paper.is_another {
            return Err(Refusal::new(Why::VoteProxyNamesake).field("another").into());
        }
        Ok(marks)
    }

    /// Withdraws a written proxy. A ballot that the proxy gave is taken away, and the owner may vote herself.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers or has no proxy, a vote that is over, or a failure.
    pub fn withdraw_proxy(&self, tx: &mut dyn Tx, vote: Uuid, number: i64, by: &By) -> Result<(), Fault> {
        let vote = self.own_vote(tx, vote, &by.actor)?;
        let vote = held_until_end(tx, &vote, by.now)?;
        let proxy = ballots::proxy(tx, vote.district, vote.id, number)?.ok_or(Fault::NotFound)?;
        if !by.is_first(tx, PROXY)? || proxy.withdrawn_at.is_some() {
            return Ok(());
        }
        ballots::withdraw(tx, vote.district, vote.id, number, by.now)?;
        let ballot = ballots::find(tx, vote.district, vote.id, number)?;
        if ballot.is_some_and(|ballot| ballot.way == Way::Proxy) {
            ballots::take_away(tx, vote.district, vote.id, number)?;
        }
        noted(tx, &vote, ("property.proxy_withdrawn", number), by)
    }

    /// The choices of a ballot with its nonce, for its receipt. None once the vote was counted: the receipt is the only
    /// place then.
    ///
    /// # Errors
    /// A failure.
    pub fn receipt(&self, tx: &mut dyn Tx, vote: &Vote, ballot: &Ballot) -> Result<Option<(String, String)>, Fault> {
        if ballot.sealed.is_empty() || vote.counted_at.is_some() {
            return Ok(None);
        }
        let label = label(vote, ballot.number);
        let plain = self.hall.vault.uncover(tx, vote.district, vote.seal, &label, &ballot.sealed)?;
        Ok(Some((String::from_utf8_lossy(&plain).into_owned(), self.nonce(vote, ballot))))
    }

    /// The vote while it takes ballots. Its row stays locked, so that nobody counts it meanwhile.
    fn taking(&self, tx: &mut dyn Tx, vote: &Vote, now: Instant) -> Result<Vote, Fault> {
        let vote = held_until_end(tx, vote, now)?;
        self.opened(&vote, now)?;
        Ok(vote)
    }

    /// Lets ballots pass once the vote is open.
    fn opened(&self, vote: &Vote, now: Instant) -> Result<(), Refusal> {
        if now < vote.opens_at {
            let opens = self.hall.zone().show_minute(vote.opens_at);
            return Err(Refusal::new(Why::VoteNotOpen).with("opens", opens));
        }
        Ok(())
    }

    fn sealed(&self, tx: &mut dyn Tx, vote: &Vote, number: i64, choices: &[Choice]) -> Result<Vec<u8>, Fault> {
        let plain = written(choices);
        Ok(self.hall.vault.cover(tx, vote.district, vote.seal, &label(vote, number), plain.as_bytes())?)
    }

    /// Refuses a second ballot of the same units, and says who entered the first one and when.
    fn second(&self, right: &Right, before: &Ballot) -> Refusal {
        let herself = Bilingual::new("业主本人（网上）", "the owner online");
        let name = &before.entered_name;
        let by = if before.way == Way::Online { herself } else { Bilingual::new(name, name) };
        let at = self.hall.zone().show_minute(before.entered_at);
        Refusal::new(Why::VoteSecondBallot).with("units", &right.units).with_both("by", &by).with("at", at)
    }

    /// Lets a sheet of a proxy pass whose authority holds.
    fn is_proxy(&self, tx: &mut dyn Tx, vote: &Vote, right: &Right) -> Result<(), Fault> {
        let proxy = ballots::proxy(tx, vote.district, vote.id, right.number)?;
        let refused = |code| Refusal::new(code).field("number").with("units", &right.units);
        match proxy.map(|proxy| proxy.withdrawn_at) {
            Some(None) => Ok(()),
            None => Err(refused(Why::VoteProxyMissing).into()),
            Some(Some(at)) => Err(refused(Why::VoteProxyWithdrawn).with("at", self.hall.zone().show_minute(at)).into()),
        }
    }
}

/// Refuses a ballot that is for more candidates than are elected.
fn within_seats(matters: &[Matter], choices: &[Choice]) -> Result<(), Refusal> {
    let elections = elections(matters);
    let Some((election, chosen)) = beyond_seats(&elections, choices) else { return Ok(()) };
    let first = election.places.first().map_or(1, |place| place + 1);
    let refusal = Refusal::new(Why::VoteSeatsMore).field(format!("choice{first}"));
    Err(refusal.with("election", &election.title).with("seats", election.seats).with("chosen", chosen))
}

/// Writes into the log what was done with the proxy of a number.
fn noted(tx: &mut dyn Tx, vote: &Vote, told: (&'static str, i64), by: &By) -> Result<(), Fault> {
    let Some(compound) = register::compound(tx, vote.compound)? else { return Ok(()) };
    let detail = json!({ "vote": vote.id, "number": told.1 });
    note(tx, &compound, (told.0, &detail), &by.actor, by.now)
}

/// The vote before its end. Its row stays locked, so that ballots, proxies and the count come one after the other.
pub(super) fn held_until_end(tx: &mut dyn Tx, vote: &Vote, now: Instant) -> Result<Vote, Fault> {
    let vote = votes::held(tx, vote.district, vote.id)?.ok_or(Fault::NotFound)?;
    before_end(&vote, now)?;
    Ok(vote)
}

/// Lets pass what comes before the end of a vote that was not called off.
pub(crate) fn before_end(vote: &Vote, now: Instant) -> Result<(), Refusal> {
    if vote.off_at.is_some() {
        return Err(Refusal::new(Why::VoteOff));
    }
    if vote.is_over(now) { Err(Refusal::new(Why::VoteEnded)) } else { Ok(()) }
}

/// The right whose number somebody typed.
fn numbered(tx: &mut dyn Tx, vote: &Vote, told: &str) -> Result<Right, Fault> {
    let told = line::number(told);
    let unknown = || Refusal::new(Why::VoteNumberUnknown).field("number").with("number", &told);
    let number = told.parse::<i64>().map_err(|_| unknown())?;
    Ok(votes::right(tx, vote.district, vote.id, number)?.ok_or_else(unknown)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::area::Area;

    fn ballot(way: Way, account: u128) -> Ballot {
        Ballot {
            number: 1,
            way,
            area: Area(800_000),
            sealed: Vec::new(),
            account: Some(Uuid::from_u128(account)),
            entered_name: String::new(),
            entered_at: Instant::from_micros(0),
        }
    }

    #[test]
    fn what_a_ballot_says_is_read_by_whoever_gave_it_or_owns_the_sheet() {
        let reader =
            |is_own, is_proven, is_keeper| Reader { is_own, is_proven, is_keeper, account: Some(Uuid::from_u128(7)) };
        for (way, account, who, expected) in [
            (Way::Online, 7, reader(true, true, false), true),
            (Way::Online, 7, reader(true, false, false), true),
            // Another account gave it for the same units before.
            (Way::Online, 8, reader(true, true, false), false),
            (Way::Online, 8, reader(false, false, true), false),
            (Way::Paper, 8, reader(true, true, false), true),
            (Way::Paper, 8, reader(true, false, false), false),
            (Way::Paper, 7, reader(false, false, true), true),
            (Way::Proxy, 8, reader(false, false, true), false),
        ] {
            assert_eq!(who.may_read(&ballot(way, account)), expected, "{way:?} {account} {who:?}");
        }
        assert!(!Reader { account: None, ..reader(true, false, true) }.may_read(&ballot(Way::Online, 7)));
    }
}
