//! The door before every route. It looks at how often somebody asks, at what she must have, and at the size of what she
//! sends, before a byte of it is read; then it gives her a place, and minds the time. Where places are few, what she
//! sends is read before she gets one.

use crate::address::NetworkAddress;
use crate::cost::body::bounded;
use crate::cost::class::Class;
use crate::cost::declared::{Bare, Cost};
use crate::cost::limits::{Bounds, Limits};
use crate::cost::quota::Quota;
use crate::cost::turns::{Asker, Place, Turns};
use crate::error::{FormFault, WebError};
use crate::visitor::Visitor;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// What the requests of one class share: what each of them may take, and their places.
#[derive(Debug)]
struct Share {
    bounds: Bounds,
    turns: Turns,
}

impl Share {
    fn of(bounds: Bounds) -> Self {
        Self { turns: Turns::new(&bounds), bounds }
    }
}

/// What all doors of a server share: the limits, who asked how often, and the places.
#[derive(Debug)]
pub struct Doors {
    quota: Quota,
    /// By how much the requests a minute are multiplied; 0 counts none.
    times: u32,
    too_often_waits: Duration,
    page: Share,
    form: Share,
    upload: Share,
    export: Share,
    proof: Share,
    call: Share,
    sending: Share,
}

impl Doors {
    /// The doors of a server at which nobody stands yet.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self {
            quota: Quota::default(),
            times: limits.quota,
            too_often_waits: limits.too_often_waits,
            page: Share::of(limits.page),
            form: Share::of(limits.form),
            upload: Share::of(limits.upload),
            export: Share::of(limits.export),
            proof: Share::of(limits.proof),
            call: Share::of(limits.call),
            sending: Share::of(limits.sending),
        }
    }

    /// Takes a place of a class for something that is no request: work on the machine, or a test. There is none if none
    /// becomes free in time.
    pub async fn place(&self, class: Class, name: &str) -> Option<Place> {
        self.share(class).turns.take(&Asker { name: name.to_owned(), is_staff: true }).await
    }

    /// What lies in memory is a page that is never counted.
    const fn share(&self, class: Class) -> &Share {
        match class {
            Class::Asset | Class::Page | Class::List => &self.page,
            Class::Form => &self.form,
            Class::Upload => &self.upload,
            Class::Export => &self.export,
            Class::Proof => &self.proof,
            Class::Call => &self.call,
            Class::Sending => &self.sending,
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Fails for whoever asked too often, with the seconds to wait.
    fn count(&self, asker: &Asker, class: Class) -> Result<(), WebError> {
        let bounds = &self.share(class).bounds;
        let a_minute = if asker.is_staff { bounds.a_minute_of_one_account } else { bounds.a_minute_from_one_address };
        match self.times {
            0 => Ok(()),
            times => self
                .quota
                .take(&asker.name, class, a_minute.saturating_mul(times), Instant::now())
                .map_err(WebError::TooMany),
        }
    }
}

/// Says who asks, as quotas and places count it: the account of a member of staff, and for everybody else the network
/// address. Everybody opens as many residents' accounts as she likes, so that none of them counts by itself.
fn asker(parts: &Parts) -> Asker {
    let staff = parts.extensions.get::<Visitor>().filter(|visitor| visitor.staff());
    let account = staff.and_then(|visitor| visitor.actor.account);
    let address = || parts.extensions.get::<NetworkAddress>().map(|address| address.0.clone()).unwrap_or_default();
    Asker { name: account.map_or_else(address, |account| account.simple().to_string()), is_staff: account.is_some() }
}

/// The door of one route.
#[derive(Clone)]
pub(crate) struct Door {
    doors: Arc<Doors>,
    cost: Cost,
}

impl Door {
    /// The door of a route that declares its cost.
    pub(crate) const fn new(doors: Arc<Doors>, cost: Cost) -> Self {
        Self { doors, cost }
    }

    fn say(&self, error: WebError, uri: &Uri, headers: &HeaderMap) -> Response {
        self.cost.say(error, uri, headers)
    }

    /// Answers whoever is turned away: who may not ask, who says that she sends too much. Nothing of the body was read.
    fn turned_away(&self, parts: &Parts, class: Class) -> Option<Response> {
        let say = |error| Some(self.say(error, &parts.uri, &parts.headers));
        if let Some(answer) = self.cost.missing(parts) {
            return Some(answer);
        }
        let length = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let most = u64::try_from(self.doors.share(class).bounds.body_bytes).unwrap_or(u64::MAX);
        if !parts.method.is_safe() && length.is_some_and(|length| length > most) {
            return say(WebError::Form(FormFault::TooLarge));
        }
        None
    }

    /// Reads a whole body of a class in its time, with a place of those that forms have.
    async fn whole(&self, class: Class, asker: &Asker, body: Body) -> Result<Bytes, WebError> {
        let bounds = &self.doors.share(class).bounds;
        let _place = self.doors.form.turns.take(asker).await.ok_or(WebError::Busy)?;
        let told = Arc::new(OnceLock::new());
        let body = bounded(body, bounds.body_bytes, Instant::now() + bounds.body_within, told.clone());
        let read = to_bytes(body, bounds.body_bytes).await;
        read.map_err(|_| WebError::Form(told.get().copied().unwrap_or(FormFault::Encoding)))
    }

    /// Has the request answered, in its time. A request that only reads has no body.
    async fn answered(&self, bounds: &Bounds, parts: Parts, body: Body, next: Next) -> Response {
        let (uri, headers) = if self.cost.said.is_some() {
            (parts.uri.clone(), parts.headers.clone())
        } else {
            (Uri::default(), HeaderMap::new())
        };
        let is_safe = parts.method.is_safe();
        let told = Arc::new(OnceLock::new());
        let (body, within) = if is_safe {
            (Body::empty(), bounds.answer_within)
        } else {
            let until = Instant::now() + bounds.body_within;
            (bounded(body, bounds.body_bytes, until, told.clone()), bounds.answer_within + bounds.body_within)
        };
        let answer = timeout(within, next.run(Request::from_parts(parts, body))).await;
        let Ok(response) = answer else {
            return self.say(if is_safe { WebError::Busy } else { WebError::Uncertain }, &uri, &headers);
        };
        match told.get() {
            Some(fault) if !response.status().is_success() => self.say(WebError::Form(*fault), &uri, &headers),
            _ => response,
        }
    }
}

/// Lets a request pass the door of its route, or answers in its place.
pub(crate) async fn pass(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let class = door.cost.class.of(&parts.method, &parts.uri).sent_as(&parts.headers);
    if class == Class::Asset {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    let asker = asker(&parts);
    if let Err(error) = door.doors.count(&asker, class) {
        // Who asks too often is answered slowly: a flood then costs the server little more than its connections.
        tokio::time::sleep(door.doors.too_often_waits).await;
        return door.say(error, &parts.uri, &parts.headers);
    }
    if let Some(answer) = door.turned_away(&parts, class) {
        return answer;
    }
    let body = if class.reads_first() && !parts.method.is_safe() {
        match door.whole(class, &asker, body).await {
            Ok(read) => Body::from(read),
            Err(error) => return door.say(error, &parts.uri, &parts.headers),
        }
    } else {
        body
    };
    let share = door.doors.share(class);
    let Some(place) = share.turns.take(&asker).await else {
        return door.say(WebError::Busy, &parts.uri, &parts.headers);
    };
    parts.extensions.insert(place.clone());
    if door.cost.bare {
        parts.extensions.insert(Bare);
    }
    let response = door.answered(&share.bounds, parts, body, next).await;
    // Work that outlives its request has a copy of the place.
    drop(place);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::permission::{Actor, ActorKind};
    use uuid::Uuid;

    fn parts(kind: ActorKind, account: Option<u128>) -> Parts {
        let (mut parts, ()) = Request::new(()).into_parts();
        let actor = Actor { account: account.map(Uuid::from_u128), kind, ..Actor::nobody() };
        parts.extensions.insert(Visitor { actor, ..Visitor::default() });
        parts.extensions.insert(NetworkAddress("203.0.113.7".to_owned()));
        parts
    }

    #[test]
    fn staff_count_by_account_and_everybody_else_by_address() {
        for (kind, account, name, is_staff) in [
            (ActorKind::Staff, Some(1), "00000000000000000000000000000001", true),
            (ActorKind::Staff, Some(2), "00000000000000000000000000000002", true),
            (ActorKind::Resident, Some(1), "203.0.113.7", false),
            (ActorKind::Resident, Some(2), "203.0.113.7", false),
            (Actor::nobody().kind, None, "203.0.113.7", false),
        ] {
            let expected = Asker { name: name.to_owned(), is_staff };
            assert_eq!(asker(&parts(kind, account)), expected, "{kind:?} {account:?}");
        }
    }

    #[test]
    fn every_class_has_places_and_leaves_some_to_everybody() {
        let doors = Doors::new(&Limits::default());
        for class in [Class::Page, Class::Form, Class::Upload, Class::Export, Class::Proof, Class::Call, Class::Sending]
        {
            let bounds = &doors.share(class).bounds;
            assert!(bounds.kept_for_staff < bounds.at_once && bounds.at_once_each <= bounds.at_once, "{class:?}");
            let waits = bounds.at_once_each < bounds.at_once || bounds.at_once == 1;
            assert!(waits, "{class:?}: one client takes all places");
        }
        assert!(
            [Class::Form, Class::Upload, Class::Proof].iter().all(|one| doors.share(*one).bounds.kept_for_staff > 0)
        );
    }
}
