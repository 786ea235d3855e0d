//! Remembers votes of owners: what is decided, and who is entitled.

use kernel::permission::Actor;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{Row, StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use crate::rules::tally::{Amount, Tally};
use crate::words::area::Area;
use crate::words::votes::{Caller, MatterKind};

record! {
    /// A vote (业主表决). Its fields stand in the order of [`VOTE`].
    pub struct Vote {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Its compound.
        pub compound: i64,
        /// The community in which the compound lies.
        pub path: PlacePath,
        /// What it is called.
        pub title: String,
        /// The building, and perhaps the stair, whose owners vote. Empty for the whole compound.
        pub range: String,
        /// Who called it.
        pub caller: Caller,
        /// How many owners asked for it, by heads.
        pub asking: i64,
        /// The day of the notice.
        pub notice_on: Date,
        /// When it opens.
        pub opens_at: Instant,
        /// When it ends.
        pub ends_at: Instant,
        /// Heads that are entitled.
        pub entitled_heads: i64,
        /// Area that is entitled.
        pub entitled_area: Area,
        /// The record of the vault under whose key the ballots are sealed until the end.
        pub seal: Uuid,
        /// Who entered the call.
        pub called_name: String,
        /// When.
        pub called_at: Instant,
        /// When the ballots were opened and counted.
        pub counted_at: Option<Instant>,
        /// The account that entered the call; none for votes of a time when it was not kept.
        pub called_by: Option<Uuid>,
        /// When it was called off.
        pub off_at: Option<Instant>,
        /// Who called it off.
        pub off_name: Option<String>,
        /// Why.
        pub off_reason: Option<String>,
        /// How many units the register had in its range; none for votes of a time when it was not kept.
        pub units: Option<i64>,
        /// How many buildings the places knew there.
        pub ground_buildings: Option<i64>,
        /// How many households the places knew there.
        pub ground_households: Option<i64>,
        /// Why it was called though the register is not whole.
        pub partial_reason: Option<String>,
        /// Whose account asks that it is called off, until somebody else confirms it.
        pub off_asked_by: Option<Uuid>,
        /// Who that is.
        pub off_asked_name: Option<String>,
        /// Why she asks for it.
        pub off_asked_reason: Option<String>,
    }
}

impl Vote {
    /// A vote of a place that somebody begins to call, with the day of its notice and when it opens and ends. All else
    /// is still to be said, and nothing happened with it.
    #[must_use]
    pub fn begun(id: Uuid, path: PlacePath, notice_on: Date, opens_at: Instant, ends_at: Instant) -> Self {
        Self {
            district: path.district(),
            id,
            compound: 0,
            path,
            title: String::new(),
            range: String::new(),
            caller: Caller::Committee,
            asking: 0,
            notice_on,
            opens_at,
            ends_at,
            entitled_heads: 0,
            entitled_area: Area::default(),
            seal: Uuid::nil(),
            called_name: String::new(),
            called_at: Instant::from_micros(0),
            counted_at: None,
            called_by: None,
            off_at: None,
            off_name: None,
            off_reason: None,
            units: None,
            ground_buildings: None,
            ground_households: None,
            partial_reason: None,
            off_asked_by: None,
            off_asked_name: None,
            off_asked_reason: None,
        }
    }

    /// Who is entitled.
    #[must_use]
    pub const fn entitled(&self) -> Amount {
        Amount { heads: self.entitled_heads, area: self.entitled_area }
    }

    /// Whether ballots are taken at a moment.
    #[must_use]
    pub fn is_open(&self, now: Instant) -> bool {
        self.off_at.is_none() && self.opens_at <= now && now < self.ends_at
    }

    /// Whether it was called and is neither counted nor called off.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        self.off_at.is_none() && self.counted_at.is_none()
    }

    /// Whether it is over at a moment.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        self.ends_at <= now
    }
}

const VOTE: &str = "district, id, compound, path, title, range_name, caller, asking, notice_on, opens_at, ends_at, \
                    entitled_heads, entitled_cm2, seal, called_name, called_at, counted_at, called_by, off_at, \
                    off_name, off_reason, units, ground_buildings, ground_households, partial_reason, off_asked_by, \
                    off_asked_name, off_asked_reason";

record! {
    /// A matter of a vote. Its fields stand in the order of [`MATTER`].
    pub struct Matter {
        /// Its number, from 1.
        pub number: i64,
        /// What it is by the law.
        pub kind: MatterKind,
        /// What it is called.
        pub title: String,
        /// What exactly is decided. It may be empty.
        pub content: String,
        /// What is elected, if the matter is a candidate: the same for each candidate of an election.
        pub election: Option<String>,
        /// How many are elected.
        pub seats: Option<i64>,
    }
}

const MATTER: &str = "number, kind, title, content, election, seats";

record! {
    /// A right to vote: a head with its units, under the number that stands on its ballot sheet. Its fields stand in
    /// the order of [`RIGHT`].
    pub struct Right {
        /// Its number, from 1.
        pub number: i64,
        /// The head.
        pub head: Uuid,
        /// Its units, as people call them.
        pub units: String,
        /// How many units.
        pub unit_count: i64,
        /// Their area.
        pub area: Area,
        /// Whether these owners asked for the vote.
        pub asked: bool,
    }
}

pub(super) const RIGHT: &str = "number, head, units, unit_count, area_cm2, asked";

/// A right of a head, in which vote, and whether a ballot was given for it.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadRight {
    /// The vote.
    pub vote: Uuid,
    /// The right.
    pub right: Right,
    /// Whether a ballot was given for it.
    pub has_voted: bool,
}

/// Adds a vote.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, vote: &Vote) -> Result<(), StoreError> {
    let sql = format!(
        "insert into property_vote ({VOTE}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         $16, $17, $18, null, null, null, $19, $20, $21, $22, null, null, null)"
    );
    let values = args![
        vote.district,
        vote.id,
        vote.compound,
        &vote.path,
        &vote.title,
        &vote.range,
        vote.caller,
        vote.asking,
        vote.notice_on,
        vote.opens_at,
        vote.ends_at,
        vote.entitled_heads,
        vote.entitled_area,
        vote.seal,
        &vote.called_name,
        vote.called_at,
        vote.counted_at,
        vote.called_by,
        vote.units,
        vote.ground_buildings,
        vote.ground_households,
        vote.partial_reason.as_deref()
    ];
    tx.exec(&sql, &values).map(drop)
}

/// Adds a matter.
///
/// # Errors
/// The store failed.
pub fn add_matter(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, matter: &Matter) -> Result<(), StoreError> {
    let sql = format!("insert into property_matter (district, vote, {MATTER}) values ($1, $2, $3, $4, $5, $6, $7, $8)");
    let Matter { number, kind, title, content, election, seats } = matter;
    let values = args![district, vote, *number, *kind, title, content, election.as_deref(), *seats];
    tx.exec(&sql, &values).map(drop)
}

/// Adds a right to vote.
///
/// # Errors
/// The store failed.
pub fn add_right(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, right: &Right) -> Result<(), StoreError> {
    let sql = "insert into property_right (district, vote, number, head, units, unit_count, area_cm2, asked) \
               values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Right { number, head, units, unit_count, area, asked } = right;
    tx.put(sql, &args![district, vote, *number, *head, units, *unit_count, *area, *asked])
}

/// A vote, wherever it is kept.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Vote>, StoreError> {
    // asks all districts: the identity of a vote does not say which district keeps it
    one(tx, &format!("select {VOTE} from property_vote where id = $1"), &args![id])
}

/// A vote whose row is locked on engines that lock rows, so that it is counted once and takes no ballot meanwhile.
///
/// # Errors
/// The store failed.
pub fn held(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Vote>, StoreError> {
    let sql = format!("select {VOTE} from property_vote where district = $1 and id = $2{}", tx.lock_rows());
    one(tx, &sql, &args![district, id])
}

/// The votes of a place and of everything inside it, those that end last first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Vote>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {VOTE} from property_vote where path >= $1 and path < $2 order by ends_at desc, id desc limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// The votes of a place and of everything inside it that are not over at a moment, those that end first first.
///
/// # Errors
/// The store failed.
pub fn running(tx: &mut dyn Tx, place: &PlacePath, now: Instant, limit: i64) -> Result<Vec<Vote>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {VOTE} from property_vote where path >= $1 and path < $2 and ends_at > $3 order by ends_at, id limit $4"
    );
    all(tx, &sql, &args![low, high, now, limit])
}

/// The votes in which a head may vote, those that end last first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn of_head(tx: &mut dyn Tx, district: PlaceId, head: Uuid, limit: i64) -> Result<Vec<Vote>, StoreError> {
    let sql = format!(
        "select {VOTE} from property_vote where district = $1 and id in (select r.vote from property_right r \
         where r.district = $2 and r.head = $3) order by ends_at desc, id desc limit $4"
    );
    all(tx, &sql, &args![district, district, head, limit])
}

/// The rights of a head, those of votes that end last first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn rights_of_head(
    tx: &mut dyn Tx,
    district: PlaceId,
    head: Uuid,
    limit: i64,
) -> Result<Vec<HeadRight>, StoreError> {
    let sql = "select r.number, r.head, r.units, r.unit_count, r.area_cm2, r.asked, r.vote, b.number \
               from property_right r join property_vote v on v.district = r.district and v.id = r.vote \
               left join property_ballot b on b.district = r.district and b.vote = r.vote and b.number = r.number \
               where r.district = $1 and r.head = $2 order by v.ends_at desc, v.id desc limit $3";
    let read = |row: &Row| -> Result<HeadRight, StoreError> {
        let ballot: Option<i64> = row.get(7)?;
        Ok(HeadRight { vote: row.get(6)?, right: Right::read(row)?, has_voted: ballot.is_some() })
    };
    tx.rows(sql, &args![district, head, limit])?.iter().map(read).collect()
}

/// The accounts after this one that are linked with a right of a vote, each once, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn linked_after(tx: &mut dyn Tx, vote: &Vote, after: Uuid, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let sql = "select distinct h.account from property_right r join property_head h on h.district = r.district \
               and h.id = r.head where r.district = $1 and r.vote = $2 and h.account > $3 \
               order by h.account limit $4";
    tx.rows(sql, &args![vote.district, vote.id, after, limit])?.iter().map(|row| row.get(0)).collect()
}

/// Whether a compound has a vote that is not over at a moment and was not called off.
///
/// # Errors
/// The store failed.
pub fn is_running(tx: &mut dyn Tx, district: PlaceId, compound: i64, now: Instant) -> Result<bool, StoreError> {
    let sql = "select count(*) from property_vote where district = $1 and compound = $2 and ends_at > $3 \
               and off_at is null";
    Ok(store::scalar::<i64>(tx, sql, &args![district, compound, now])?.unwrap_or_default() > 0)
}

/// The votes that are over at a moment and were neither counted nor called off, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn uncounted(tx: &mut dyn Tx, now: Instant, limit: i64) -> Result<Vec<Vote>, StoreError> {
    // asks all districts: ballots are opened everywhere
    let sql = format!(
        "select {VOTE} from property_vote where counted_at is null and off_at is null and ends_at <= $1 \
         order by ends_at, id limit $2"
    );
    all(tx, &sql, &args![now, limit])
}

/// Notes that a vote was counted.
///
/// # Errors
/// The store failed.
pub fn set_counted(tx: &mut dyn Tx, district: PlaceId, id: Uuid, now: Instant) -> Result<(), StoreError> {
    let sql = "update property_vote set counted_at = $1 where district = $2 and id = $3";
    tx.exec(sql, &args![now, district, id]).map(drop)
}

/// Notes who asks that a vote is called off, and why; or that nobody does any more.
///
/// # Errors
/// The store failed.
pub fn set_off_asked(tx: &mut dyn Tx, vote: &Vote, asked: Option<(&Actor, &str)>) -> Result<(), StoreError> {
    let sql = "update property_vote set off_asked_by = $1, off_asked_name = $2, off_asked_reason = $3 \
               where district = $4 and id = $5";
    let (by, name) = (asked.and_then(|asked| asked.0.account), asked.map(|asked| asked.0.name.as_str()));
    tx.exec(sql, &args![by, name, asked.map(|asked| asked.1), vote.district, vote.id]).map(drop)
}

/// Notes that a vote was called off.
///
/// # Errors
/// The store failed.
pub fn set_off(tx: &mut dyn Tx, vote: &Vote, reason: &str, name: &str, now: Instant) -> Result<(), StoreError> {
    let sql = "update property_vote set off_at = $1, off_name = $2, off_reason = $3 where district = $4 and id = $5";
    tx.exec(sql, &args![now, name, reason, vote.district, vote.id]).map(drop)
}

/// The matters of a vote in their order.
///
/// # Errors
/// The store failed.
pub fn matters(tx: &mut dyn Tx, district: PlaceId, vote: Uuid) -> Result<Vec<Matter>, StoreError> {
    let sql = format!("select {MATTER} from property_matter where district = $1 and vote = $2 order by number");
    all(tx, &sql, &args![district, vote])
}

/// Keeps how a matter of a counted vote stands.
///
/// # Errors
/// The store failed.
pub fn set_tally(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, number: i64, tally: &Tally) -> Result<(), StoreError> {
    let sql = "update property_matter set taking_heads = $1, taking_cm2 = $2, yes_heads = $3, yes_cm2 = $4, \
               no_heads = $5, no_cm2 = $6, abstain_heads = $7, abstain_cm2 = $8, divided_heads = $9 \
               where district = $10 and vote = $11 and number = $12";
    let Tally { taking_part, yes, no, abstain, divided } = tally;
    let values = args![
        taking_part.heads,
        taking_part.area,
        yes.heads,
        yes.area,
        no.heads,
        no.area,
        abstain.heads,
        abstain.area,
        *divided,
        district,
        vote,
        number
    ];
    tx.exec(sql, &values).map(drop)
}

/// How the matters of a counted vote stand, in their order. There is none for a vote of a time when that was not kept.
///
/// # Errors
/// The store failed.
pub fn tallies(tx: &mut dyn Tx, district: PlaceId, vote: Uuid) -> Result<Vec<Tally>, StoreError> {
    let sql = "select taking_heads, taking_cm2, yes_heads, yes_cm2, no_heads, no_cm2, abstain_heads, abstain_cm2, \
               divided_heads from property_matter where district = $1 and vote = $2 and taking_heads is not null \
               order by number";
    let amount = |row: &Row, at: usize| -> Result<Amount, StoreError> {
        Ok(Amount { heads: row.get(at)?, area: row.get(at + 1)? })
    };
    let tally = |row: &Row| -> Result<Tally, StoreError> {
        let (taking_part, yes) = (amount(row, 0)?, amount(row, 2)?);
        Ok(Tally { taking_part, yes, no: amount(row, 4)?, abstain: amount(row, 6)?, divided: row.get(8)? })
    };
    tx.rows(sql, &args![district, vote])?.iter().map(tally).collect()
}

/// The right of a number.
///
/// # Errors
/// The store failed.
pub fn right(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, number: i64) -> Result<Option<Right>, StoreError> {
    let sql = format!("select {RIGHT} from property_right where district = $1 and vote = $2 and number = $3");
    one(tx, &sql, &args![district, vote, number])
}

/// The right of a head.
///
/// # Errors
/// The store failed.
pub fn right_of(tx: &mut dyn Tx, district: PlaceId, vote: Uuid, head: Uuid) -> Result<Option<Right>, StoreError> {
    let sql = format!("select {RIGHT} from property_right where district = $1 and vote = $2 and head = $3");
    one(tx, &sql, &args![district, vote, head])
}
