//! Opens a use of the maintenance fund as a case at its community, and enters how the owners voted on it: by a vote of
//! the register, or from paper.

use std::collections::{BTreeMap, BTreeSet};

use cases::NewCase;
use hall::Fault;
use kernel::case::{Case, CaseId, Opening, Relation};
use kernel::permission::{Permission, Target, may};
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::by::{By, Deed};
use crate::Companies;
use crate::permissions::May;
use crate::records::fund as records;
use crate::records::register::{self, Unit};
use crate::records::votes;
use crate::refusals::Why;
use crate::rules::fund::account_part;
use crate::rules::register::called;
use crate::rules::tally::Amount;
use crate::words::area::Area;
use crate::words::fund::{Asker, FUND, FundCase, Range, Vote};
use crate::words::votes::MatterKind;

/// The states in which the vote may be entered.
pub const OPEN_TO_VOTE: [&str; 2] = ["planned", "posted"];

/// A use that is planned.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The identity that its case gets, if it is not opened yet.
    pub id: Uuid,
    /// The community.
    pub path: PlacePath,
    /// The compound.
    pub compound: String,
    /// Its identity among the compounds of places; none if its name was typed.
    pub ground: Option<i64>,
    /// Whose paper asks for it.
    pub asker: Asker,
    /// The number or the day of that paper.
    pub paper: String,
    /// What is to be done.
    pub works: String,
    /// What it costs, fen.
    pub budget_fen: i64,
    /// Who shares it.
    pub range: Range,
    /// Which building or stair that is, as the register calls it. Empty for the whole compound.
    pub part: String,
    /// The code of the emergency; empty for an ordinary use.
    pub emergency: String,
}

/// How the owners voted, as somebody enters it.
#[derive(Clone, Copy, Debug)]
pub enum Entered {
    /// By a vote of the register.
    Linked(Uuid),
    /// As the paper says.
    Typed(Vote),
}

impl Companies {
    /// Opens the case of a use. Sent twice it is opened once.
    ///
    /// # Errors
    /// No permission in the community, a building or stair that its register does not have, or a failure.
    pub fn open_use(&self, tx: &mut dyn Tx, plan: &Plan, once: &str, by: &By) -> Result<Case, Fault> {
        by.may_at(May::PropertyFund, &plan.path)?;
        if sharing(tx, plan.ground, plan.range, &plan.part)?.is_some_and(|whole| whole.heads == 0) {
            return Err(Refusal::new(Why::PropertyFundPart).field("part").with("part", &plan.part).into());
        }
        let place = plan.path.at(Level::District).ok_or(Fault::NotFound)?;
        let office = Target { place, department: Some(self.fund.office.clone()) };
        let new = new_case(plan, office, once);
        let case = self.cases.open(tx, &new, &by.actor, by.now)?;
        if case.id == new.id {
            let account_part = account_part(plan.range, &plan.part, &building_names(tx, plan.ground)?);
            records::add(tx, &FundCase { account_part, ..row(plan, &case) })?;
        }
        Ok(case)
    }

    /// Enters how the owners voted on a use, in place of what was entered before.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for a case that is not hers to see or is none of the fund, no permission there, a vote that
    /// counted already for the case or decides on something else, or a failure.
    pub fn enter_vote(&self, tx: &mut dyn Tx, number: &str, entered: Entered, by: &By) -> Result<(), Fault> {
        let known = self.cases.seen(tx, number, &by.actor, None, by.now)?;
        let case = &known.case;
        if case.kind != FUND {
            return Err(Fault::NotFound);
        }
        let desk = Target { place: case.place.clone(), department: case.office.department.clone() };
        may(&by.actor, Permission::CaseAccept, &desk)?;
        let (district, id) = (cases::district(case), case.id.0);
        let row = records::find(tx, district, id)?.ok_or(Fault::NotFound)?;
        if !OPEN_TO_VOTE.contains(&row.stage.as_str()) {
            return Err(Refusal::new(Why::PropertyFundVoted).into());
        }
        let vote = match entered {
            Entered::Linked(vote) => self.linked(tx, &row, vote)?,
            Entered::Typed(vote) => self.typed(tx, &row, vote, by)?,
        };
        if !by.is_first(tx, "property.fund_vote")? {
            return Ok(());
        }
        records::set_vote(tx, district, id, &vote)?;
        let detail = json!({
            "case": id, "vote": vote.id, "entitled": vote.entitled_heads, "taking": vote.taking_heads,
            "agreeing": vote.agreeing_heads,
        });
        // The events of the case have their own chain.
        let stream = Uuid::new_v5(&id, b"property fund");
        by.note(tx, &Deed { place: &case.place, stream, kind: "property.fund_vote", detail })
    }

    /// What a paper says of a vote: its days are over and in their order, and where a register is kept, those who share
    /// the use are those whom it has.
    fn typed(&self, tx: &mut dyn Tx, row: &FundCase, vote: Vote, by: &By) -> Result<Vote, Fault> {
        if vote.to.is_some_and(|to| to > self.hall.day(by.now)) {
            return Err(Refusal::new(Why::PropertyFundDay).field("vote_to").into());
        }
        if vote.from.zip(vote.to).is_some_and(|days| days.1 < days.0) {
            return Err(Refusal::new(Why::PropertyDays).field("vote_to").into());
        }
        match sharing(tx, row.ground, row.range, &row.part)? {
            Some(whole) if whole != (Amount { heads: vote.entitled_heads, area: vote.entitled_area }) => {
                let refusal = Refusal::new(Why::PropertyFundRegister).field("entitled_heads");
                Err(refusal.with("heads", whole.heads).with("area", whole.area.show()).into())
            }
            _ => Ok(vote),
        }
    }

    /// What a counted vote of the same compound says of using the fund. Those who voted are those who share the use: a
    /// vote of the whole compound decides on no stair, and none of a building on the whole compound.
    fn linked(&self, tx: &mut dyn Tx, row: &FundCase, id: Uuid) -> Result<Vote, Fault> {
        let unknown = || Refusal::new(Code::FormChoice).field("vote");
        let found = votes::find(tx, id)?.ok_or_else(unknown)?;
        // Its row is held, so that two uses that name it at one moment come one after the other.
        let vote = votes::held(tx, found.district, id)?.ok_or_else(unknown)?;
        if row.ground != Some(vote.compound) || vote.counted_at.is_none() {
            return Err(unknown().into());
        }
        let other = || Refusal::new(Why::PropertyFundOtherVote).field("vote");
        if vote.range != row.part || vote.range.is_empty() != (row.range == Range::Compound) {
            return Err(other().into());
        }
        if records::is_vote_used(tx, id, row.case_id)? {
            return Err(Refusal::new(Why::PropertyFundVoteUsed).field("vote").into());
        }
        let mut results = self.votes.results(tx, &vote)?;
        results.retain(|result| result.matter.kind == MatterKind::UseFund);
        // Of several uses nobody could say which one is meant.
        let [result] = results.as_slice() else { return Err(other().into()) };
        Ok(Vote {
            id: Some(id),
            from: Some(self.hall.day(vote.opens_at)),
            to: Some(self.hall.day(vote.ends_at)),
            entitled_heads: vote.entitled_heads,
            entitled_area: vote.entitled_area,
            taking_heads: result.tally.taking_part.heads,
            taking_area: result.tally.taking_part.area,
            agreeing_heads: result.tally.yes.heads,
            agreeing_area: result.tally.yes.area,
        })
    }
}

/// Who shares a use, by heads and area, as the register of its compound has them. None where no register is kept.
fn sharing(tx: &mut dyn Tx, ground: Option<i64>, range: Range, part: &str) -> Result<Option<Amount>, Fault> {
    // Of a use that was entered when this was not asked nobody knows which building or stair it is.
    let is_known = range == Range::Compound || !part.is_empty();
    let Some(ground) = ground.filter(|_| is_known) else { return Ok(None) };
    let Some(compound) = register::compound(tx, ground)? else { return Ok(None) };
    let buildings = register::buildings(tx, compound.district, compound.id)?;
    let name = |id: i64| buildings.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str());
    let is_inside = |unit: &Unit| match range {
        Range::Compound => true,
        Range::Building => part == name(unit.building),
        Range::Stair => !unit.stair.is_empty() && part == called(name(unit.building), &unit.stair, ""),
    };
    let mut heads = BTreeSet::new();
    let mut area = Area::default();
    for unit in register::units(tx, compound.district, compound.id)?.iter().filter(|unit| is_inside(unit)) {
        heads.insert(unit.head);
        area = area.plus(unit.area);
    }
    Ok(Some(Amount { heads: i64::try_from(heads.len()).unwrap_or(i64::MAX), area }))
}

/// What the buildings of a compound are called in its register. None where no register is kept.
pub(super) fn building_names(tx: &mut dyn Tx, ground: Option<i64>) -> Result<Vec<String>, Fault> {
    let Some(ground) = ground else { return Ok(Vec::new()) };
    let Some(compound) = register::compound(tx, ground)? else { return Ok(Vec::new()) };
    let buildings = register::buildings(tx, compound.district, compound.id)?;
    Ok(buildings.into_iter().map(|building| building.name).collect())
}

/// The case of a use: entered at the counter of its community, checked by the office of the district.
fn new_case(plan: &Plan, office: Target, once: &str) -> NewCase {
    let budget = plan.budget_fen.to_string();
    let fields = [
        ("compound", plan.compound.as_str()),
        ("asker", plan.asker.code()),
        ("paper", plan.paper.as_str()),
        ("works", plan.works.as_str()),
        ("budget_fen", budget.as_str()),
        ("range", plan.range.code()),
        ("emergency", plan.emergency.as_str()),
    ];
    let fields = fields.into_iter().filter(|(_, answer)| !answer.is_empty());
    let opening = Opening {
        kind: FUND.to_owned(),
        action: if plan.emergency.is_empty() { "plan" } else { "emergency" }.to_owned(),
        number: String::new(),
        place: plan.path.clone(),
        point: None,
        parties: BTreeMap::new(),
        office,
        counter: Some(plan.path.clone()),
        clocks: BTreeMap::new(),
        limits: BTreeMap::new(),
        confidential: false,
        fields: fields.map(|(name, answer)| (name.to_owned(), answer.to_owned())).collect(),
        service: None,
    };
    NewCase {
        id: CaseId(plan.id),
        procedure: FUND.to_owned(),
        opening,
        records: Vec::new(),
        applicant: None,
        relation: Relation::default(),
        once: once.to_owned(),
        said: String::new(),
    }
}

/// A use as it is remembered when its case is opened.
fn row(plan: &Plan, case: &Case) -> FundCase {
    FundCase {
        district: cases::district(case),
        case_id: case.id.0,
        path: case.place.clone(),
        compound: plan.compound.clone(),
        ground: plan.ground,
        number: case.number.clone(),
        asker: plan.asker,
        works: plan.works.clone(),
        budget_fen: plan.budget_fen,
        range: plan.range,
        emergency: plan.emergency.clone(),
        posted_on: None,
        vote: None,
        vote_from: None,
        vote_to: None,
        entitled_heads: 0,
        entitled_area: Area::default(),
        taking_heads: 0,
        taking_area: Area::default(),
        agreeing_heads: 0,
        agreeing_area: Area::default(),
        visited_on: None,
        works_on: None,
        stage: case.state.clone(),
        opened_at: case.opened_at,
        part: plan.part.clone(),
        allowed_fen: None,
        settled_fen: None,
        account_part: String::new(),
    }
}
