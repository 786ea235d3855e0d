//! What the grid shows on the pages of others: what waits at a desk, reports that other platforms did not take, what
//! stands beside a case, and where its pages are found.

use std::sync::Arc;

use hall::Fault;
use house::{Beside, BesideLink, CaseAt, DestinationNames, Lane, Work};
use kernel::permission::Permission;
use store::Tx;
use web::{Heading, Page, Service};

use super::work::Waiting;
use crate::Grid;
use crate::actions::handling::{handles, may_appeal};
use crate::records::{self, handling};
use crate::words::REPORT;
use crate::words::forward::LANE;

/// Reports that were joined to one of which each is named beside its case.
const JOINED: i64 = 20;
/// The address of the page of reports that other platforms put right.
const FORWARDS: &str = "/systems/open311";

/// Puts together what the grid shows elsewhere.
pub(crate) fn shown(grid: &Arc<Grid>) -> Work {
    let lane = |waiting: Waiting, href, order| Lane {
        key: waiting.key(),
        href,
        permission: Permission::CaseAccept,
        order,
        count: Arc::new(move |tx, actor, _| waiting.count(tx, actor)),
    };
    Work {
        lanes: vec![
            lane(Waiting::Look, "/report/work?list=look", 10),
            lane(Waiting::Send, "/report/work?list=send", 11),
            lane(Waiting::Time, "/report/work?list=time", 12),
            lane(Waiting::Shelve, "/report/work?list=shelve", 13),
            lane(Waiting::Answer, "/report/work?list=answer", 14),
            lane(Waiting::Check, "/report/work?list=check", 15),
            forward_lane(),
        ],
        destinations: vec![destination(grid)],
        beside: vec![
            beside(grid),
            Arc::new(super::photos::beside),
            Arc::new(super::danger::beside),
            Arc::new(super::platforms::beside),
        ],
        ..Work::default()
    }
}

/// What workers and leaders find under the headings of the platform.
pub(crate) fn services() -> Vec<Service> {
    let service = |heading, (key, purpose): (&'static str, &'static str), href, permission, order| Service {
        heading,
        key,
        purpose,
        href,
        permission: Some(permission),
        order,
    };
    let (accept, read) = (Permission::CaseAccept, Permission::CaseRead);
    vec![
        service(Heading::Tasks, ("grid-nav-work", "grid-nav-work-for"), "/report/work", read, 40),
        service(Heading::Tasks, ("grid-nav-found", "grid-nav-found-for"), "/report/found", accept, 41),
        service(Heading::Topics, ("grid-nav-figures", "grid-nav-figures-for"), "/report/figures", read, 40),
        service(
            Heading::Topics,
            ("grid-nav-duties", "grid-nav-duties-for"),
            "/report/duties",
            Permission::CaseSupervise,
            41,
        ),
        service(
            Heading::Work,
            ("grid-nav-forward", "grid-nav-forward-for"),
            FORWARDS,
            identity::May::AccountManage,
            97,
        ),
    ]
}

/// How many reports other platforms did not take.
fn forward_lane() -> Lane {
    Lane {
        key: "grid-forward-failed",
        href: FORWARDS,
        permission: identity::May::AccountManage,
        order: 97,
        count: Arc::new(|tx, actor, _| {
            let scopes = actor.scopes(identity::May::AccountManage);
            Ok(records::forward::count_failed(tx, &scopes)? + records::forward_note::count_failed(tx, &scopes)?)
        }),
    }
}

/// The names of the platforms in the lanes of messages.
fn destination(grid: &Arc<Grid>) -> DestinationNames {
    let desk = grid.clone();
    let name = move |_: &mut dyn Tx, code: &str| Ok(desk.peers.get(code).map(|peer| peer.name.zh.clone()));
    DestinationNames { lane: LANE, name: Arc::new(name) }
}

/// Beside a report: the one to which it was joined, those that were joined to it, and its appeal.
fn beside(grid: &Arc<Grid>) -> Beside {
    let desk = grid.clone();
    Arc::new(move |tx: &mut dyn Tx, page: &Page, at: CaseAt<'_>| {
        // Whoever reported reads on her own page how the other one stands; these pages are the desk's.
        if at.kind != REPORT || !page.visitor.staff() {
            return Ok(Vec::new());
        }
        let link = |key: &str, number: &str| BesideLink {
            href: format!("/cases/{number}"),
            text: page.t1(key, "number", number),
            is_open: false,
        };
        let mut links = Vec::new();
        if let Some(merged) = handling::merged(tx, at.district, at.id)? {
            links.push(link("grid-beside-into", &merged.into_number));
        }
        for joined in handling::merged_into(tx, at.district, at.id, JOINED)? {
            links.push(link("grid-beside-joined", &joined.number));
        }
        match handling::appeal(tx, at.district, at.id)? {
            Some(appeal) => {
                let key = if appeal.state == "allowed" { "grid-beside-allowed" } else { "grid-beside-appeal" };
                links.push(link(key, &appeal.appeal_number));
            }
            None => links.extend(desk.appeal_link(tx, page, at)?),
        }
        Ok(links)
    })
}

impl Grid {
    /// The way to appeal, for whoever belongs to the unit that handled a report late.
    fn appeal_link(&self, tx: &mut dyn Tx, page: &Page, at: CaseAt<'_>) -> Result<Option<BesideLink>, Fault> {
        let known = match self.cases.known(tx, at.district, at.id) {
            Err(Fault::NotFound) => return Ok(None),
            known => known?,
        };
        if !handles(&page.visitor.actor, &known.case.decider) {
            return Ok(None);
        }
        let href = format!("/report/{}/appeal", at.number);
        match may_appeal(tx, &known, &self.hall.calendar(), page.now) {
            Err(Fault::Refused(_) | Fault::NotFound) => Ok(None),
            open => open.map(|()| Some(BesideLink { href, text: page.t("grid-appeal-title"), is_open: false })),
        }
    }
}
