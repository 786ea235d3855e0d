//! Who opened whose data (查阅记录): the access log for whoever watches over personal data, by day, place and person,
//! with what is still open of persons' requests about their own data. It counts and scores nobody. Nothing here opens a
//! seal, and nobody's data are shown.

mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use cases::RequestRow;
use hall::Fault;
use kernel::calendar::Calendar;
use kernel::permission::{Permission, Scope};
use kernel::place::{Level, PlaceId};
use kernel::time::{Date, date_plus_days};
use store::Tx;
use uuid::Uuid;
use vault::{Logged, Looker, Looks, SeenAt};
use web::table::Table;
use web::{Choice, InPath, Page, Pager, PostForm, WebError, render};

use crate::Overview;
use crate::permissions::May;

/// Lines of a day on one page; also the open requests that are shown.
const SHOWN: i64 = 100;
/// Persons who looked that are counted of one day.
const LOOKERS: i64 = 1_000;
/// Lines of a file.
const EXPORTED: i64 = 10_000;
/// Days of one person that are shown side by side.
const DAYS: i64 = 14;
/// Looks of one person that are counted for them.
const COUNTED: i64 = 20_000;
/// Minutes of a day.
const DAY: u32 = 1_440;

#[derive(Template)]
#[template(path = "overview/accesses.html")]
struct AccessesPage {
    page: Page,
    day: String,
    shown: String,
    who: String,
    places: Vec<Choice>,
    before: String,
    after: String,
    /// Where everybody's looks of the day stand; empty where nobody was chosen.
    everybody: String,
    lookers: Vec<LookerLine>,
    days: Option<Table>,
    looks: Table,
    empty: bool,
    pager: Pager,
    requests: Table,
    none_open: bool,
}

/// Somebody who looked on the day.
struct LookerLine {
    name: String,
    place: String,
    /// Where her looks of the day stand; empty for the platform itself.
    href: String,
    persons: i64,
    looks: i64,
    /// How many of them lay outside the hours of the counters.
    outside: i64,
    /// Whether she has reached the measure of today.
    full: bool,
    /// Where this visitor confirms that she may see more today; empty where that is not hers to confirm.
    confirm: String,
}

/// What is asked for.
#[derive(Clone)]
struct Asked {
    day: Date,
    who: Option<Uuid>,
    place: Option<PlaceId>,
    /// The line after which a page goes on.
    after: Option<Uuid>,
}

/// What the page reads.
struct Seen {
    lookers: Vec<Looker>,
    /// How often each of them looked within the hours of the counters.
    inside: Vec<Looker>,
    /// How many people each of them may see today, where she has come to the plain measure.
    measures: BTreeMap<Uuid, i64>,
    days: Vec<SeenAt>,
    looks: Vec<Logged>,
    requests: Vec<RequestRow>,
}

/// `GET /accesses?day=…&who=…&place=…`, with `&format=` as a file of the looks.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::PersonAccessLog)?;
    let format = page.query.opt("format").filter(|format| ["xlsx", "csv"].contains(format)).map(str::to_owned);
    let asked = Asked {
        day: page.query.get("day").parse::<Date>().unwrap_or_else(|_| page.today()),
        who: page.query.get("who").parse::<Uuid>().ok(),
        place: page.query.get("place").parse::<i64>().ok().map(PlaceId),
        after: page.query.get("after").parse::<Uuid>().ok(),
    };
    let scopes = page.visitor.actor.scopes(Permission::PersonAccessLog);
    let districts = desk.districts(&scopes);
    let mut looks = asked.looks(&page, &districts);
    if let Some(format) = format {
        (looks.before, looks.limit) = (None, EXPORTED);
        let own = desk.clone();
        let lines = desk.hall.store.read(move |tx| Ok::<_, Fault>(own.hall.vault.looks(tx, &looks)?)).await?;
        let table = tables::lines(&page, &lines, &desk.hall.purposes);
        return table.file(&page, &format!("accesses-{}", asked.day), &format).await;
    }
    let (own, drawn, read) = (desk.clone(), page.clone(), asked.clone());
    let seen = desk.hall.store.read(move |tx| own.seen(tx, &drawn, &read, &looks, &scopes)).await?;
    render(&desk.drawn(page, &asked, &districts, seen))
}

/// `POST /accesses/{account}/more`: confirms that somebody may see as many people again today.
///
/// # Errors
/// Sign-in needed, no permission, 404 for somebody who did not look today where this visitor watches, a refusal of her
/// own looks, or a failure.
pub async fn confirm(
    State(desk): State<Arc<Overview>>,
    page: Page,
    InPath(account): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PersonConfirm)?;
    let asked = Asked { day: page.today(), who: Some(account), place: None, after: None };
    let looks = asked.looks(&page, &desk.districts(&page.visitor.actor.scopes(May::PersonConfirm)));
    let (own, actor, now, once) = (desk.clone(), page.visitor.actor.clone(), page.now, form.key().to_owned());
    let confirmed = desk.hall.store.write(move |tx| {
        if own.hall.vault.looks(tx, &looks)?.is_empty() {
            return Err(Fault::NotFound);
        }
        own.hall.confirm_more(tx, account, &actor, &once, now)
    });
    confirmed.await?;
    Ok(Redirect::to("/accesses").into_response())
}

impl Asked {
    fn looks(&self, page: &Page, districts: &[PlaceId]) -> Looks {
        let here = |district: &&PlaceId| self.place.is_none_or(|place| place == **district);
        Looks {
            districts: districts.iter().filter(here).copied().collect(),
            from: page.zone().instant(self.day, 0),
            until: page.zone().instant(self.day, DAY),
            before: self.after,
            account: self.who,
            // One more than is shown tells whether the list goes on.
            limit: SHOWN + 1,
        }
    }

    /// The address of the page for a day and a person.
    fn address(&self, day: Date, who: Option<Uuid>) -> String {
        let who = who.map(|who| format!("&who={who}")).unwrap_or_default();
        let place = self.place.map(|place| format!("&place={}", place.0)).unwrap_or_default();
        format!("/accesses?day={day}{who}{place}")
    }
}

impl Overview {
    /// The districts inside the scopes, and what is kept by the city itself where a scope is the city.
    fn districts(&self, scopes: &[Scope]) -> Vec<PlaceId> {
        let tree = self.hall.places.tree();
        let mut found = Vec::new();
        for scope in scopes {
            let wide = scope.place.level() < Level::District;
            let below = tree.children(scope.place.id()).filter(|place| wide && place.level == Level::District);
            found.extend(std::iter::once(scope.place.id()).chain(below.map(|place| place.id)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn seen(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        asked: &Asked,
        looks: &Looks,
        scopes: &[Scope],
    ) -> Result<Seen, Fault> {
        let order = |one: &RequestRow, other: &RequestRow| {
            (one.due, &one.number, one.id).cmp(&(other.due, &other.number, other.id))
        };
        let vault = &self.hall.vault;
        let whole = Looks { before: None, limit: LOOKERS, ..looks.clone() };
        let lookers = vault.lookers(tx, &whole)?;
        let mut inside = Vec::new();
        for (from, until) in hours(&self.hall.calendar(), asked.day) {
            inside.extend(vault.lookers(tx, &Looks { from, until, limit: EXPORTED, ..whole.clone() })?);
        }
        let mut measures = BTreeMap::new();
        if asked.day == page.today() {
            let plain = self.hall.figure(hall::PERSONS_A_DAY, page.now)?;
            for account in lookers.iter().filter_map(|one| one.account).collect::<BTreeSet<Uuid>>() {
                if persons_of(&lookers, account) >= plain {
                    measures.insert(account, self.hall.measure_of(tx, account, page.now)?);
                }
            }
        }
        let days = match asked.who {
            Some(who) => {
                vault.seen(tx, &Looks { from: looks.from.plus_days(1 - DAYS), limit: COUNTED, ..whole }, who)?
            }
            None => Vec::new(),
        };
        let requests = store::gather(scopes, SHOWN, order, |scope| cases::open_requests(tx, scope, SHOWN))?;
        Ok(Seen { lookers, inside, measures, days, looks: vault.looks(tx, looks)?, requests })
    }

    fn drawn(&self, page: Page, asked: &Asked, districts: &[PlaceId], seen: Seen) -> AccessesPage {
        let lookers = lookers(&page, asked, &seen);
        let Seen { days, mut looks, requests, .. } = seen;
        let most = usize::try_from(SHOWN).unwrap_or(usize::MAX);
        let more = looks.len() > most;
        looks.truncate(most);
        let beside = |days: i64| date_plus_days(asked.day, days).map(|day| asked.address(day, asked.who));
        let own = asked.address(asked.day, asked.who);
        let after = looks.last().filter(|_| more).map(|last| format!("{own}&after={}", last.id));
        let calendar = self.hall.calendar();
        let days = asked.who.map(|_| tables::days(&page, &days, &calendar, &|day| asked.address(day, asked.who)));
        AccessesPage {
            day: asked.day.to_string(),
            shown: page.full_date(asked.day),
            who: asked.who.map(|who| who.to_string()).unwrap_or_default(),
            places: self.places_of(&page, asked, districts),
            before: beside(-1).unwrap_or_default(),
            after: beside(1).unwrap_or_default(),
            everybody: asked.who.map(|_| asked.address(asked.day, None)).unwrap_or_default(),
            lookers,
            days,
            empty: looks.is_empty(),
            looks: tables::lines(&page, &looks, &self.hall.purposes),
            pager: Pager { before: None, after },
            none_open: requests.is_empty(),
            requests: tables::open(&page, &requests),
            page,
        }
    }

    /// The districts to choose from, all of them first.
    fn places_of(&self, page: &Page, asked: &Asked, districts: &[PlaceId]) -> Vec<Choice> {
        let (tree, current) = (self.hall.places.tree(), asked.place.map(|place| place.0.to_string()));
        let current = current.unwrap_or_default();
        let all = Choice::new("", page.t("overview-accesses-all"), &current);
        let named = |id: &PlaceId| {
            let place = tree.get(*id)?;
            Some(Choice::new(id.0.to_string(), place.named(page.lang), &current))
        };
        std::iter::once(all).chain(districts.iter().filter_map(named)).collect()
    }
}

/// The hours of the counters on a day as moments; none on a day that is not worked.
fn hours(calendar: &Calendar, day: Date) -> Vec<(kernel::time::Instant, kernel::time::Instant)> {
    if !calendar.day(day).kind.is_worked() {
        return Vec::new();
    }
    let zone = calendar.zone();
    calendar.opening().iter().map(|open| (zone.instant(day, open.from), zone.instant(day, open.until))).collect()
}

/// How many people an account saw, under whatever post and name it looked.
fn persons_of(lookers: &[Looker], account: Uuid) -> i64 {
    lookers.iter().filter(|one| one.account == Some(account)).map(|one| one.persons).sum()
}

fn lookers(page: &Page, asked: &Asked, seen: &Seen) -> Vec<LookerLine> {
    let confirms = page.may(May::PersonConfirm);
    let line = |one: &Looker| {
        let same = |other: &&Looker| (other.account, &other.name, &other.place) == (one.account, &one.name, &one.place);
        let inside: i64 = seen.inside.iter().filter(same).map(|other| other.count).sum();
        let is_full = |account: &Uuid| {
            seen.measures.get(account).is_some_and(|measure| persons_of(&seen.lookers, *account) >= *measure)
        };
        let full = one.account.as_ref().is_some_and(is_full);
        let others = one.account.filter(|_| full && confirms && one.account != page.visitor.actor.account);
        LookerLine {
            name: one.name.clone(),
            place: one.place.clone(),
            href: one.account.map(|account| asked.address(asked.day, Some(account))).unwrap_or_default(),
            persons: one.persons,
            looks: one.count,
            outside: one.count.saturating_sub(inside),
            full,
            confirm: others.map(|account| format!("/accesses/{account}/more")).unwrap_or_default(),
        }
    };
    seen.lookers.iter().map(line).collect()
}
