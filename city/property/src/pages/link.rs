//! An owner enters the code of her letter, and her account votes for her units from then on. The page leads on to the
//! votes that are open, and says from which day she may vote.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::{AccessPage, Fault, Sent};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Page, PostForm, Problem, WebError};

use super::LABELS;
use super::frame::{COLUMN, account, form_page, headed};
use super::votes::taken;
use crate::Property;
use crate::actions::votes::OwnVote;
use crate::records::parts;
use crate::records::register::{self, Head};
use crate::refusals::Why;
use crate::rules::register::called;

/// Where wrong tries at owner codes are counted.
const GUESS: &str = "property.link";

#[derive(Template)]
#[template(path = "property/link.html")]
struct LinkPage {
    page: Page,
    code: String,
    /// The units for which this account votes.
    units: Vec<String>,
    /// Their compounds, each with the page of who manages it and what was promised there.
    near: BTreeSet<(String, String)>,
    /// The units for which it may not vote online yet, and from which day on it may.
    waits: Vec<(String, String)>,
    /// The votes that are called or open for them.
    votes: Table,
    /// Who looked at the data of their owners, and why.
    accesses: AccessPage,
    problems: Vec<Problem>,
}

/// `GET /property/link`
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn get(State(desk): State<Arc<Property>>, page: Page) -> Result<Response, WebError> {
    desk.link_page(page, String::new(), None).await
}

/// `POST /property/link`
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn post(State(desk): State<Arc<Property>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let who = account(&page)?;
    let code = form.get("code").to_owned();
    if code.is_empty() {
        return desk.link_page(page, code, Some(Refusal::new(Code::FormMissing).field("code"))).await;
    }
    let (own, typed, sent, now) = (desk.clone(), code.clone(), Sent::of(&form, who), page.now);
    let actor = page.visitor.actor.clone();
    let write = move |tx: &mut dyn Tx| own.link(tx, &typed, &sent, &actor, now);
    // Wrong tries count for the account and for where they come from.
    let guess = desk.counter.guess(&page, GUESS).at_number(&who.to_string());
    let linked = desk.counter.guarded(&guess, desk.hall.store.write(write)).await;
    let unknown = || Fault::from(Refusal::new(Why::PropertyCodeUnknown).field("code"));
    let done = linked.and_then(|linked| linked.ok_or_else(unknown));
    let again = |refusal: Refusal| async move { desk.link_page(page, code, Some(refusal)).await };
    web::answer(done.map(|()| "/property/link"), again).await
}

impl Property {
    async fn link_page(
        self: &Arc<Self>,
        page: Page,
        code: String,
        refusal: Option<Refusal>,
    ) -> Result<Response, WebError> {
        let who = account(&page)?;
        let (hall, drawn) = (self.hall.clone(), page.clone());
        let (now, desk) = (page.now, self.clone());
        let read = move |tx: &mut dyn Tx| {
            let held = units_of(tx, who)?;
            let mut votes = desk.own_votes(tx, who, now)?;
            votes.retain(|one| one.vote.is_under_way() && !one.vote.is_over(now));
            let owners: BTreeSet<(PlaceId, Uuid)> = held.iter().flat_map(|one| one.owners.clone()).collect();
            let owners: Vec<(PlaceId, Uuid)> = owners.into_iter().collect();
            Ok::<_, Fault>((held, votes, hall.accesses(tx, &drawn, "/property/link", &owners)?))
        };
        let (held, votes, accesses) = self.hall.store.read(read).await?;
        let votes = listed(&page, &votes);
        let units = held.iter().map(|one| one.name.clone()).collect();
        let near = |one: &Held| Some((one.compound.clone(), format!("/property/near?place={}", one.community?)));
        let near = held.iter().filter_map(near).collect();
        let waiting = |one: &Held| {
            let from = one.head.waits_until(page.now)?;
            Some((one.name.clone(), page.full_date(from)))
        };
        let waits = held.iter().filter_map(waiting).collect();
        let problems = page.problems(LABELS, refusal.as_slice());
        form_page(refusal.as_slice(), &LinkPage { page, code, units, near, waits, votes, accesses, problems })
    }
}

/// The votes that are called or open.
fn listed(page: &Page, votes: &[OwnVote]) -> Table {
    let row = |one: &OwnVote| -> Vec<Cell> {
        let href = format!("/property/votes/{}", one.vote.id);
        let units = one.right.units.clone();
        vec![Cell::link(one.vote.title.as_str(), href), units.into(), one.vote.ends_at.into(), taken(page, one)]
    };
    let named = [
        (ColumnKind::Link, "vote"),
        (ColumnKind::Text, "unit"),
        (ColumnKind::Moment, "ends"),
        (ColumnKind::Link, "taken"),
    ];
    Table::new(page.t("property-votes-own"), headed(page, COLUMN, named)).with(votes.iter().map(row))
}

/// A unit for which an account votes.
struct Held {
    /// Compound, building, stair and number.
    name: String,
    compound: String,
    /// The community in which the compound lies.
    community: Option<PlaceId>,
    head: Head,
    /// The sealed records of its owners.
    owners: Vec<(PlaceId, Uuid)>,
}

/// The units for which an account votes.
fn units_of(tx: &mut dyn Tx, who: Uuid) -> Result<Vec<Held>, Fault> {
    let mut found = Vec::new();
    for head in register::heads_of_account(tx, who)? {
        let compound = register::compound(tx, head.compound)?;
        let community = compound.as_ref().map(|compound| compound.path.id());
        let compound = compound.map(|compound| compound.name).unwrap_or_default();
        let buildings = register::buildings(tx, head.district, head.compound)?;
        for unit in parts::units_of_head(tx, &head)? {
            let building = buildings.iter().find(|one| one.id == unit.building);
            let building = building.map(|one| one.name.as_str()).unwrap_or_default();
            let own = parts::shares_of_unit(tx, &unit)?.into_iter();
            found.push(Held {
                name: format!("{compound} {}", called(building, &unit.stair, &unit.label)),
                compound: compound.clone(),
                community,
                head: head.clone(),
                owners: own.map(|share| (head.district, share.owner)).collect(),
            });
        }
    }
    Ok(found)
}
