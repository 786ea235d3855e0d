//! What a route declares: what its requests cost, and what whoever asks must have before anything of the request is
//! read.

use crate::cost::class::Class;
use crate::error::WebError;
use crate::visitor::{Seat, Visitor};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use kernel::permission::Permission;
use std::sync::Arc;

/// Answers whoever does not show what a department asks for, and nothing to whoever shows it. It sees everything of a
/// request but its body.
type Missing = Arc<dyn Fn(&Parts) -> Option<Response> + Send + Sync>;

/// Tells an error to whoever asked, as its address and its headers say.
pub(crate) type Said = fn(WebError, &Uri, &HeaderMap) -> Response;

/// What whoever asks must have at least. It is looked at before the body is read, so it is coarse: whether this person
/// may do this here is still for the handler to say.
#[derive(Clone)]
pub enum Need {
    /// Nothing: everybody may ask.
    Anyone,
    /// An account of whatever kind.
    SignedIn,
    /// A permission somewhere in the city.
    May(Permission),
    /// Something that a department checks by itself; [`Need::shown`] makes it.
    Shown(&'static str, Missing),
}

impl Need {
    /// Something of the request that a department checks by itself, such as a pass. `missing` answers whoever does not
    /// show it, as the handler would, and gives nothing to whoever does.
    pub fn shown(name: &'static str, missing: impl Fn(&Parts) -> Option<Response> + Send + Sync + 'static) -> Self {
        Self::Shown(name, Arc::new(missing))
    }

    /// A name for it, as lists of routes show it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::SignedIn => "signed in",
            Self::May(permission) => permission.as_str(),
            Self::Shown(name, _) => name,
        }
    }
}

impl std::fmt::Debug for Need {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

/// What a route costs and asks for. There is no route without one.
#[derive(Clone, Debug)]
pub struct Cost {
    pub(crate) class: Class,
    pub(crate) need: Need,
    /// Tells what goes wrong in the words of an interface for programs; none where the layer that draws errors does.
    pub(crate) said: Option<Said>,
    /// Whether its answers have no head of a page, so that nothing is counted for one.
    pub(crate) bare: bool,
}

/// Marks a request whose answer has no head of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bare;

impl Cost {
    const fn of(class: Class, need: Need) -> Self {
        Self { class, need, said: None, bare: false }
    }

    /// Bytes that lie in memory, for everybody.
    pub(crate) const fn asset() -> Self {
        Self::of(Class::Asset, Need::Anyone)
    }

    /// A page that is read.
    pub const fn page(need: Need) -> Self {
        Self::of(Class::Page, need)
    }

    /// Data for a script, such as a square of the map: no page, so that what waits for whoever asks is not counted.
    pub const fn data(need: Need) -> Self {
        Self { class: Class::Page, need, said: None, bare: true }
    }

    /// Data that everybody's programs read as they read a page, which are told of trouble by `said`, in the words of
    /// its interface.
    pub const fn feed(need: Need, said: Said) -> Self {
        Self { class: Class::Page, need, said: Some(said), bare: true }
    }

    /// A page that is also made as a file, with `?format=` or a name that ends in `.pdf`.
    pub const fn list(need: Need) -> Self {
        Self::of(Class::List, need)
    }

    /// A form without files, and the page on which it stands.
    pub const fn form(need: Need) -> Self {
        Self::of(Class::Form, need)
    }

    /// A form with files, and the page on which it stands.
    pub const fn upload(need: Need) -> Self {
        Self::of(Class::Upload, need)
    }

    /// A file or a picture that takes long to make.
    pub const fn export(need: Need) -> Self {
        Self::of(Class::Export, need)
    }

    /// A form whose password is checked, and the page on which it stands.
    pub const fn proof(need: Need) -> Self {
        Self::of(Class::Proof, need)
    }

    /// A call of another system, which is told of trouble by `said`, in the words of its interface.
    pub const fn call(need: Need, said: Said) -> Self {
        Self { class: Class::Call, need, said: Some(said), bare: true }
    }

    /// A call of another system that may bring files, which is told of trouble by `said`.
    pub const fn call_with_files(need: Need, said: Said) -> Self {
        Self { class: Class::Sending, need, said: Some(said), bare: true }
    }

    /// What it costs to be told that an address has no such method: what a page costs, in the words of this route.
    pub(crate) fn of_refusal(&self) -> Self {
        let class = if self.class.is_call() { Class::Call } else { Class::Page };
        Self { class, need: Need::Anyone, said: self.said, bare: self.bare }
    }

    /// Answers whoever does not have what the route needs. Everybody else gets nothing.
    pub(crate) fn missing(&self, parts: &Parts) -> Option<Response> {
        let nobody = Visitor::default();
        let visitor = parts.extensions.get::<Visitor>().unwrap_or(&nobody);
        let fault = match &self.need {
            Need::Anyone => return None,
            Need::Shown(_, missing) => return missing(parts),
            Need::SignedIn if visitor.signed_in() => return None,
            Need::SignedIn => WebError::SignIn,
            Need::May(permission) => visitor.require(*permission).err()?,
        };
        // The page of the error knows who is looking.
        if let Some(seat) = parts.extensions.get::<Seat>() {
            seat.visitor.get_or_init(|| visitor.clone());
        }
        Some(self.say(fault, &parts.uri, &parts.headers))
    }

    /// Tells whoever asked what goes wrong: as the interface does, else by the layer that draws errors.
    pub(crate) fn say(&self, error: WebError, uri: &Uri, headers: &HeaderMap) -> Response {
        match self.said {
            Some(said) => said(error, uri, headers),
            None => error.into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{Request, StatusCode};
    use kernel::permission::{Actor, ActorKind, Grant};
    use kernel::place::{PlaceId, PlacePath};
    use uuid::Uuid;

    fn parts(visitor: Option<Visitor>) -> Parts {
        let (mut parts, ()) = Request::builder().uri("/").header("x-pass", "ours").body(()).unwrap().into_parts();
        parts.extensions.insert(Seat::default());
        if let Some(visitor) = visitor {
            parts.extensions.insert(visitor);
        }
        parts
    }

    fn with(permissions: &[Permission]) -> Visitor {
        let grant = Grant {
            post: Uuid::nil(),
            role: "worker".to_owned(),
            place: PlacePath::root(PlaceId(1)),
            department: None,
            permissions: permissions.iter().copied().collect(),
        };
        let actor = Actor {
            account: Some(Uuid::from_u128(1)),
            name: "王芳".to_owned(),
            kind: ActorKind::Staff,
            grants: vec![grant],
        };
        Visitor { actor, ..Visitor::default() }
    }

    #[test]
    fn what_is_missing_is_answered_as_the_page_would() {
        let pass = |name: &'static str| {
            Need::shown("pass", move |parts| {
                let held = parts.headers.get("x-pass").is_some_and(|value| value == name);
                (!held).then(|| StatusCode::NOT_FOUND.into_response())
            })
        };
        for (need, visitor, answered) in [
            (Need::Anyone, None, None),
            (Need::SignedIn, None, Some(303)),
            (Need::SignedIn, Some(Visitor::default()), Some(303)),
            (Need::SignedIn, Some(with(&[])), None),
            (Need::May(Permission::CaseRead), None, Some(303)),
            (Need::May(Permission::CaseRead), Some(with(&[])), Some(403)),
            (Need::May(Permission::CaseRead), Some(with(&[Permission::CaseAccept])), Some(403)),
            (Need::May(Permission::CaseRead), Some(with(&[Permission::CaseAccept, Permission::CaseRead])), None),
            (pass("ours"), None, None),
            (pass("another"), Some(with(&[Permission::CaseRead])), Some(404)),
        ] {
            let asked = parts(visitor);
            let found = Cost::form(need.clone()).missing(&asked);
            assert_eq!(found.map(|answer| answer.status().as_u16()), answered, "{need:?}");
        }
    }

    #[test]
    fn the_error_is_drawn_for_who_is_looking() {
        let asked = parts(Some(with(&[])));
        assert!(Cost::page(Need::May(Permission::AuditRead)).missing(&asked).is_some());
        let seat = asked.extensions.get::<Seat>().unwrap();
        assert_eq!(seat.visitor.get().map(|visitor| visitor.actor.name.as_str()), Some("王芳"));
    }
}
