//! The door before every route. It looks at how often somebody asks, at what she must have, and at the size of what she
//! sends, before a byte of it is read; then it gives her a place, and minds the time.

use crate::address::NetworkAddress;
use crate::cost::body::bounded;
use crate::cost::class::Class;
use crate::cost::declared::Cost;
use crate::cost::limits::{Bounds, Limits};
use crate::cost::quota::Quota;
use crate::cost::turns::Turns;
use crate::error::{FormFault, WebError};
use crate::visitor::Visitor;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use std::sync::{Arc, OnceLock};
use tokio::time::{Instant, timeout};

/// What all doors of a server share: the limits, who asked how often, and the places.
#[derive(Debug)]
pub struct Doors {
    limits: Limits,
    quota: Quota,
    page: Turns,
    form: Turns,
    upload: Turns,
    export: Turns,
    proof: Turns,
    call: Turns,
}

impl Doors {
    /// The doors of a server at which nobody stands yet.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            quota: Quota::default(),
            page: Turns::new(&limits.page),
            form: Turns::new(&limits.form),
            upload: Turns::new(&limits.upload),
            export: Turns::new(&limits.export),
            proof: Turns::new(&limits.proof),
            call: Turns::new(&limits.call),
            limits,
        }
    }

    const fn turns(&self, class: Class) -> &Turns {
        match class {
            Class::Asset | Class::Page | Class::List => &self.page,
            Class::Form => &self.form,
            Class::Upload => &self.upload,
            Class::Export => &self.export,
            Class::Proof => &self.proof,
            Class::Call => &self.call,
        }
    }

    /// Counts a request of a client.
    ///
    /// # Errors
    /// Fails for whoever asked too often, with the seconds to wait.
    fn count(&self, client: &Client, class: Class) -> Result<(), WebError> {
        let bounds = self.limits.of(class);
        let a_minute =
            if client.has_account { bounds.a_minute_of_one_account } else { bounds.a_minute_from_one_address };
        match self.limits.quota {
            0 => Ok(()),
            times => self
                .quota
                .take(&client.name, class, a_minute.saturating_mul(times), Instant::now())
                .map_err(WebError::TooMany),
        }
    }
}

/// Who asks, as quotas and places count it: the account, and where nobody is signed in the network address.
struct Client {
    name: String,
    has_account: bool,
}

impl Client {
    fn of(parts: &Parts) -> Self {
        let account = parts.extensions.get::<Visitor>().and_then(|visitor| visitor.actor.account);
        let address = || parts.extensions.get::<NetworkAddress>().map(|address| address.0.clone()).unwrap_or_default();
        Self {
            name: account.map_or_else(address, |account| account.simple().to_string()),
            has_account: account.is_some(),
        }
    }
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

    fn say(&self, error: WebError, headers: &HeaderMap) -> Response {
        (self.cost.said)(error, headers)
    }

    /// Answers whoever is turned away: who may not ask, who says that she sends too much. Nothing of the body was read.
    fn turned_away(&self, parts: &Parts, class: Class) -> Option<Response> {
        let say = |error| Some(self.say(error, &parts.headers));
        if let Some(answer) = self.cost.missing(parts) {
            return Some(answer);
        }
        let length = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let most = u64::try_from(self.doors.limits.of(class).body_bytes).unwrap_or(u64::MAX);
        if !parts.method.is_safe() && length.is_some_and(|length| length > most) {
            return say(WebError::Form(FormFault::TooLarge));
        }
        None
    }

    /// Has the request answered, in its time. A request that only reads has no body.
    async fn answered(&self, bounds: &Bounds, parts: Parts, body: Body, next: Next) -> Response {
        let headers = if self.cost.class == Class::Call { parts.headers.clone() } else { HeaderMap::new() };
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
            return self.say(if is_safe { WebError::Busy } else { WebError::Uncertain }, &headers);
        };
        match told.get() {
            Some(fault) if !response.status().is_success() => self.say(WebError::Form(*fault), &headers),
            _ => response,
        }
    }
}

/// Lets a request pass the door of its route, or answers in its place.
pub(crate) async fn pass(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let class = door.cost.class.of(&parts.method, &parts.uri);
    if class == Class::Asset {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    let client = Client::of(&parts);
    if let Err(error) = door.doors.count(&client, class) {
        // Who asks too often is answered slowly: a flood then costs the server little more than its connections.
        tokio::time::sleep(door.doors.limits.too_often_waits).await;
        return door.say(error, &parts.headers);
    }
    if let Some(answer) = door.turned_away(&parts, class) {
        return answer;
    }
    let Some(place) = door.doors.turns(class).take(&client.name).await else {
        return door.say(WebError::Busy, &parts.headers);
    };
    parts.extensions.insert(place.clone());
    let response = door.answered(door.doors.limits.of(class), parts, body, next).await;
    // Work that outlives its request has a copy of the place.
    drop(place);
    response
}
