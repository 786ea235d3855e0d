//! A vote: what is decided and what that needs, who took part so far, and after the end how it came out, with the
//! clause beside each threshold.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::place::PlacePath;
use kernel::rule::{Rule, measure};
use kernel::time::{Date, Instant};
use store::Tx;
use uuid::Uuid;
use web::{InPath, Light, Page, WebError, render};

use super::cover;
use super::votes::light;
use crate::Property;
use crate::actions::ballots::Reader;
use crate::actions::elected::{address, is_elected};
use crate::actions::elections::elections;
use crate::actions::votes::{MatterResult, Seen};
use crate::records::ballots::{self, Ballot};
use crate::records::register;
use crate::records::votes::{self, Matter, Right, Vote};
use crate::rules::ballots::Election;
use crate::rules::tally::{Amount, Outcome, Share, Thresholds};
use crate::words::votes::Coverage;
use crate::words::{ORDINARY_PARTS, QUORUM_PARTS, SPECIAL_PARTS};

#[derive(Template)]
#[template(path = "property/vote.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
struct VotePage {
    page: Page,
    id: Uuid,
    title: String,
    range: String,
    light: Light,
    called: String,
    notice: String,
    opens: String,
    ends: String,
    is_keeper: bool,
    is_open: bool,
    is_over: bool,
    /// That it was called off, by whom and why; empty if it was not.
    off: String,
    /// Whether this visitor may call it off.
    can_call_off: bool,
    /// Who asks that it is called off; empty if nobody does.
    off_asked: String,
    entitled: String,
    taking: String,
    needed: String,
    quorum: Light,
    /// How much of the quorum is there, by heads: have and needed.
    progress: (i64, i64),
    quorum_clause: String,
    /// How much of the range the register had, beside what the places know; empty where that was not kept.
    cover: String,
    /// Why it was called though the register is not whole; empty if it is whole.
    partial: String,
    /// Whether somebody was elected into the owners' committee: its term and its papers are to be entered then.
    is_elected: bool,
    /// Whether this visitor enters them.
    may_enter: bool,
    /// For each election that was counted, who was elected.
    elected: Vec<String>,
    /// The address of the committee that was entered; empty if it was not.
    entered: String,
    /// For each election of which candidates are tied, between whom the owners vote once more, and for how many seats.
    runoffs: Vec<String>,
    /// Where this visitor calls another vote of the compound; empty where she keeps none.
    again: String,
    matters: Vec<MatterLine>,
    own: Vec<OwnRight>,
}

/// A matter as the page shows it.
struct MatterLine {
    /// What stands above the first candidate of an election; empty for all others.
    heading: String,
    number: i64,
    title: String,
    /// Whether it is a candidate: what is said of all of them stands above the first one alone.
    is_candidate: bool,
    content: String,
    kind: String,
    /// What it needs, in words, and the clause that says so.
    needs: String,
    clause: String,
    result: Option<ResultLine>,
}

/// How a matter came out, as a page shows it.
pub(super) struct ResultLine {
    /// Whether it passed, in words.
    pub light: Light,
    /// Who was for it.
    pub yes: String,
    /// Who was against it.
    pub no: String,
    /// Who chose neither.
    pub abstain: String,
    /// How many heads split their area.
    pub divided: i64,
    /// Who had to be for it.
    pub needed: String,
}

/// A right of the visitor.
struct OwnRight {
    number: i64,
    units: String,
    /// Whether she voted.
    has_voted: bool,
    /// When; empty once nobody knows it any more.
    voted: String,
    /// The day from which her account may vote online; empty if it may.
    waits: String,
    /// Whether a ballot of hers would be taken now.
    may_vote: bool,
    /// Whether she reads its receipt.
    has_receipt: bool,
}

/// What is read of a right of the visitor.
struct OwnKept {
    right: Right,
    ballot: Option<Ballot>,
    /// When the wait of a newly linked account ends, while it lasts.
    waits: Option<Instant>,
    /// Whether nothing hinders her from voting now.
    may_vote: bool,
    /// Whether she may read what her ballot says: not one that another account gave for the same units before.
    may_read: bool,
}

/// What is read of a vote.
struct Kept {
    seen: Seen,
    compound: String,
    matters: Vec<(Matter, bool)>,
    thresholds: Thresholds,
    taking: Amount,
    own: Vec<OwnKept>,
    results: Vec<MatterResult>,
    /// The committee that was elected, as it was entered among the bodies of the community.
    entered: Option<Uuid>,
}

/// `GET /property/votes/{vote}`: whoever looks first after the end has it counted.
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let kept = desk.kept_vote(&page, id).await?;
    let vote = &kept.seen.vote;
    let entitled = vote.entitled();
    let needed = entitled.needed(kept.thresholds.quorum);
    let amount = |amount: &Amount| told(&page, amount);
    let drawn = VotePage {
        id,
        title: vote.title.clone(),
        range: [kept.compound.as_str(), vote.range.as_str()].join(" ").trim().to_owned(),
        light: light(&page, vote),
        called: page.t(&format!("property-caller-{}", vote.caller.code())),
        notice: page.date(vote.notice_on),
        opens: page.minute(vote.opens_at),
        ends: page.minute(vote.ends_at),
        is_keeper: kept.seen.is_keeper,
        is_open: vote.is_open(page.now),
        is_over: vote.counted_at.is_some(),
        off: off(&page, vote),
        can_call_off: can_call_off(&page, &kept.seen),
        off_asked: off_asked(&page, &kept.seen),
        entitled: amount(&entitled),
        taking: amount(&kept.taking),
        needed: amount(&needed),
        quorum: quorum(&page, kept.taking.meets(kept.thresholds.quorum, &entitled)),
        progress: (kept.taking.heads.min(needed.heads), needed.heads.max(1)),
        quorum_clause: desk.clause(&page, &vote.path, desk.hall.day(vote.opens_at), QUORUM_PARTS),
        cover: covered(&page, vote),
        partial: vote.partial_reason.clone().unwrap_or_default(),
        is_elected: kept.results.iter().any(is_elected),
        may_enter: page.may(bodies::May::BodiesEdit),
        elected: elected(&page, &kept.results),
        entered: kept.entered.map(|body| format!("/bodies/body/{body}")).unwrap_or_default(),
        runoffs: runoffs(&page, &kept.results),
        again: again(&kept.seen),
        matters: desk.matters(&page, &kept),
        own: kept.own.iter().map(|own| own_right(&page, vote, own)).collect(),
        page,
    };
    render(&drawn)
}

/// Who was elected, in words: a line for each election.
pub(super) fn elected(page: &Page, results: &[MatterResult]) -> Vec<String> {
    let matters: Vec<Matter> = results.iter().map(|result| result.matter.clone()).collect();
    let told = |election: &Election| {
        let own = election.places.iter().filter_map(|place| results.get(*place));
        let passed = own.filter(|result| result.judgement.outcome == Outcome::Passed);
        let names: Vec<&str> = passed.map(|result| result.matter.title.as_str()).collect();
        if names.is_empty() {
            return page.t1("property-elected-nobody", "title", &election.title);
        }
        page.t2("property-elected", "title", &election.title, "names", names.join(page.lang.pick("、", ", ")))
    };
    elections(&matters).iter().map(told).collect()
}

/// The elections in which candidates are tied, in words.
pub(super) fn runoffs(page: &Page, results: &[MatterResult]) -> Vec<String> {
    let matters: Vec<Matter> = results.iter().map(|result| result.matter.clone()).collect();
    let told = |election: &Election| {
        let own: Vec<&MatterResult> = election.places.iter().filter_map(|place| results.get(*place)).collect();
        let with = |outcome: Outcome| own.iter().filter(move |result| result.judgement.outcome == outcome);
        let tied: Vec<&str> = with(Outcome::Tied).map(|result| result.matter.title.as_str()).collect();
        if tied.is_empty() {
            return None;
        }
        let filled = i64::try_from(with(Outcome::Passed).count()).unwrap_or(i64::MAX);
        let seats = election.seats.saturating_sub(filled).to_string();
        let names = tied.join(page.lang.pick("、", ", "));
        let told = [("title", election.title.as_str()), ("names", names.as_str()), ("seats", seats.as_str())];
        Some(page.text("property-runoff", &told))
    };
    elections(&matters).iter().filter_map(told).collect()
}

/// Where whoever keeps a vote calls another one of its compound.
fn again(seen: &Seen) -> String {
    if seen.is_keeper { format!("/property/compounds/{}/votes", seen.vote.compound) } else { String::new() }
}

fn own_right(page: &Page, vote: &Vote, own: &OwnKept) -> OwnRight {
    // After the count nobody knows any more when.
    let voted = own.ballot.as_ref().filter(|_| vote.counted_at.is_none());
    OwnRight {
        number: own.right.number,
        units: own.right.units.clone(),
        has_voted: own.ballot.is_some(),
        voted: voted.map(|ballot| page.minute(ballot.entered_at)).unwrap_or_default(),
        waits: own.waits.map(|from| page.full_date(from)).unwrap_or_default(),
        may_vote: own.may_vote,
        has_receipt: own.may_read && vote.counted_at.is_none() && vote.off_at.is_none(),
    }
}

/// How much of the range of a vote the register had, in words; empty where that was not kept.
pub(super) fn covered(page: &Page, vote: &Vote) -> String {
    let Some((units, (buildings, households))) = vote.units.zip(vote.ground_buildings.zip(vote.ground_households))
    else {
        return String::new();
    };
    let coverage =
        Coverage { units, ground_buildings: buildings, ground_households: households, ..Coverage::default() };
    cover::told(page, &coverage)
}

/// What stands above each matter: for the first candidate of an election what is elected and how many seats there are,
/// nothing for all others.
pub(super) fn headings(page: &Page, matters: &[Matter]) -> Vec<String> {
    let elections = elections(matters);
    let heading = |place: usize| {
        let election = elections.iter().find(|election| election.places.first() == Some(&place))?;
        let (seats, candidates) = (election.seats.to_string(), election.places.len().to_string());
        let told = [("title", election.title.as_str()), ("seats", seats.as_str()), ("count", candidates.as_str())];
        Some(page.text("property-election-of", &told))
    };
    (0..matters.len()).map(|place| heading(place).unwrap_or_default()).collect()
}

/// That a vote was called off, when, by whom and why.
fn off(page: &Page, vote: &Vote) -> String {
    let Some(at) = vote.off_at else { return String::new() };
    let at = page.minute(at);
    let names: Vec<&str> = [&vote.off_asked_name, &vote.off_name].into_iter().filter_map(Option::as_deref).collect();
    let name = names.join(page.lang.pick("、", ", "));
    let reason = vote.off_reason.as_deref().unwrap_or_default();
    page.text("property-vote-off-told", &[("at", at.as_str()), ("name", name.as_str()), ("reason", reason)])
}

/// Whether whoever keeps a vote looks at it before its end.
fn can_call_off(page: &Page, seen: &Seen) -> bool {
    seen.is_keeper && seen.vote.off_at.is_none() && !seen.vote.is_over(page.now)
}

/// Who asks that a vote is called off, for whoever keeps it; empty if nobody does.
fn off_asked(page: &Page, seen: &Seen) -> String {
    let name = seen.vote.off_asked_name.as_ref().filter(|_| can_call_off(page, seen));
    name.map(|name| page.t1("property-off-waits", "name", name)).unwrap_or_default()
}

/// Heads and area, in words.
pub(crate) fn told(page: &Page, amount: &Amount) -> String {
    page.t2("property-amount", "heads", amount.heads, "area", amount.area.show())
}

/// Whether enough take part, in words.
pub(super) fn quorum(page: &Page, is_there: bool) -> Light {
    let (class, key) = if is_there { ("ok", "property-quorum-there") } else { ("soon", "property-quorum-missing") };
    Light { class, text: page.t(key) }
}

/// A share, in words.
pub(super) fn share(page: &Page, share: Share) -> String {
    let key = if share.over { "property-share-over" } else { "property-share-least" };
    page.t2(key, "parts", share.parts, "of", share.of)
}

/// What a matter needs, in words.
pub(super) fn needs(page: &Page, thresholds: &Thresholds, is_special: bool) -> String {
    let agreeing = share(page, thresholds.agreeing(is_special));
    let base = page.t(if thresholds.of_all { "property-base-all" } else { "property-base-taking" });
    let class = page.t(if is_special { "property-special" } else { "property-ordinary" });
    page.text("property-needs", &[("class", class.as_str()), ("base", base.as_str()), ("share", agreeing.as_str())])
}

impl Property {
    /// Reads a vote. If it is over and was not counted, it is counted first.
    async fn kept_vote(self: &Arc<Self>, page: &Page, id: Uuid) -> Result<Kept, WebError> {
        let (desk, actor, now) = (self.clone(), page.visitor.actor.clone(), page.now);
        let (counting, looking) = (self.clone(), actor.clone());
        let look = move |tx: &mut dyn Tx| {
            let vote = counting.seen(tx, id, &looking)?.vote;
            Ok::<_, Fault>(vote.is_over(now) && vote.counted_at.is_none() && vote.off_at.is_none())
        };
        if self.hall.store.read(look).await? {
            let counting = self.clone();
            let count = move |tx: &mut dyn Tx| {
                let vote = votes::find(tx, id)?.ok_or(Fault::NotFound)?;
                counting.count(tx, &vote, now)
            };
            self.hall.store.write(count).await?;
        }
        let read = move |tx: &mut dyn Tx| {
            let seen = desk.seen(tx, id, &actor)?;
            let vote = &seen.vote;
            let on = desk.hall.day(vote.opens_at);
            let mut matters = Vec::new();
            for matter in votes::matters(tx, vote.district, id)? {
                let special = desk.is_special(matter.kind, &vote.path, on)?;
                matters.push((matter, special));
            }
            let mut own = Vec::new();
            for right in &seen.own {
                let ballot = ballots::find(tx, vote.district, id, right.number)?;
                let head = register::head(tx, vote.district, right.head)?;
                let waits = head.and_then(|head| head.waits_until(now));
                let may_vote = desk.hinders(tx, &seen, right, &actor, now)?.is_none();
                let (is_proven, is_keeper, account) = (waits.is_none(), seen.is_keeper, actor.account);
                let reader = Reader { is_own: true, is_proven, is_keeper, account };
                let may_read = is_proven && ballot.as_ref().is_some_and(|ballot| reader.may_read(ballot));
                own.push(OwnKept { right: right.clone(), ballot, waits, may_vote, may_read });
            }
            let results = if vote.counted_at.is_some() { desk.results(tx, vote)? } else { Vec::new() };
            let compound = register::compound(tx, vote.compound)?.map(|compound| compound.name).unwrap_or_default();
            let (taking, thresholds) = (ballots::taking_part(tx, vote.district, id)?, desk.thresholds(&vote.path, on)?);
            let is_done = results.iter().any(is_elected);
            let entered = if is_done { bodies::Bodies::elected_by(tx, &address(id))? } else { None };
            Ok::<_, Fault>(Kept { seen, compound, matters, thresholds, taking, own, results, entered })
        };
        Ok(self.hall.store.read(read).await?)
    }

    /// The document and clause from which a threshold comes at a place on a day.
    pub(super) fn clause(&self, page: &Page, place: &PlacePath, on: Date, rule: Rule<measure::Count>) -> String {
        let book = &self.hall.rulebook;
        let Ok(value) = book.value(rule.code(), place, on) else { return String::new() };
        let Some(document) = book.document(&value.document) else { return String::new() };
        page.t2("property-clause", "document", page.of(&document.title), "clause", &value.clause)
    }

    /// The matters, with what stands above the candidates of an election.
    fn matters(&self, page: &Page, kept: &Kept) -> Vec<MatterLine> {
        let matters: Vec<Matter> = kept.matters.iter().map(|matter| matter.0.clone()).collect();
        let headings = headings(page, &matters);
        let line = |(matter, heading): (&(Matter, bool), String)| MatterLine {
            heading,
            ..self.matter(page, kept, &matter.0, matter.1)
        };
        kept.matters.iter().zip(headings).map(line).collect()
    }

    fn matter(&self, page: &Page, kept: &Kept, matter: &Matter, is_special: bool) -> MatterLine {
        let vote = &kept.seen.vote;
        let rule = if is_special { SPECIAL_PARTS } else { ORDINARY_PARTS };
        let result = kept.results.iter().find(|result| result.matter.number == matter.number);
        MatterLine {
            heading: String::new(),
            number: matter.number,
            title: matter.title.clone(),
            is_candidate: matter.election.is_some(),
            content: matter.content.clone(),
            kind: page.t(&format!("property-matter-{}", matter.kind.code().replace('_', "-"))),
            needs: needs(page, &kept.thresholds, is_special),
            clause: self.clause(page, &vote.path, self.hall.day(vote.opens_at), rule),
            result: result.map(|result| outcome(page, result)),
        }
    }
}

/// How a matter came out, in words.
pub(super) fn outcome(page: &Page, result: &MatterResult) -> ResultLine {
    let (class, key) = match result.judgement.outcome {
        Outcome::Passed => ("ok", "property-outcome-passed"),
        Outcome::Failed => ("late", "property-outcome-failed"),
        Outcome::Void => ("none", "property-outcome-void"),
        Outcome::Tied => ("soon", "property-outcome-tied"),
        Outcome::Outvoted => ("late", "property-outcome-outvoted"),
    };
    ResultLine {
        light: Light { class, text: page.t(key) },
        yes: told(page, &result.tally.yes),
        no: told(page, &result.tally.no),
        abstain: told(page, &result.tally.abstain),
        divided: result.tally.divided,
        needed: told(page, &result.judgement.agreeing),
    }
}
