//! Parts of an address, read before the handler runs: what is no case number, no identity and the like is not found.

use crate::error::WebError;
use crate::visitor::{Seat, Visitor};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts as Head;
use kernel::identifier::CaseNumber;
use kernel::place::PlaceId;
use uuid::Uuid;

/// Something that stands as one part of an address.
pub trait PathPart: Sized {
    /// Reads the part; none when it is malformed.
    fn read(text: &str) -> Option<Self>;
}

impl PathPart for CaseNumber {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text).ok()
    }
}

impl PathPart for PlaceId {
    fn read(text: &str) -> Option<Self> {
        i64::read(text).map(Self)
    }
}

impl PathPart for Uuid {
    fn read(text: &str) -> Option<Self> {
        Self::parse_str(text).ok()
    }
}

impl PathPart for i64 {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

/// A part of which a malformed one is no 404: the page has an answer of its own for it.
impl<T: PathPart> PathPart for Option<T> {
    fn read(text: &str) -> Option<Self> {
        Some(T::read(text))
    }
}

/// The only part of an address: `InPath(number): InPath<CaseNumber>`. A malformed one is 404.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InPath<T>(pub T);

/// Both parts of an address in their order: `TwoInPath(number, file): TwoInPath<CaseNumber, Uuid>`. A malformed one is
/// 404.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoInPath<A, B>(pub A, pub B);

/// Three parts of an address in their order, of one kind: `ThreeInPath(zoom, column, row): ThreeInPath<i64>`. A
/// malformed one is 404.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreeInPath<T>(pub T, pub T, pub T);

impl<S: Send + Sync, T: PathPart> FromRequestParts<S> for ThreeInPath<T> {
    type Rejection = WebError;

    async fn from_request_parts(head: &mut Head, state: &S) -> Result<Self, WebError> {
        match texts(head, state).await?.as_slice() {
            [one, two, three] => {
                let read = |text: &String| T::read(text).ok_or(WebError::NotFound);
                Ok(Self(read(one)?, read(two)?, read(three)?))
            }
            parts => Err(wrong(parts.len())),
        }
    }
}

impl<S: Send + Sync, T: PathPart> FromRequestParts<S> for InPath<T> {
    type Rejection = WebError;

    async fn from_request_parts(head: &mut Head, state: &S) -> Result<Self, WebError> {
        match texts(head, state).await?.as_slice() {
            [one] => T::read(one).map(Self).ok_or(WebError::NotFound),
            parts => Err(wrong(parts.len())),
        }
    }
}

impl<S: Send + Sync, A: PathPart, B: PathPart> FromRequestParts<S> for TwoInPath<A, B> {
    type Rejection = WebError;

    async fn from_request_parts(head: &mut Head, state: &S) -> Result<Self, WebError> {
        match texts(head, state).await?.as_slice() {
            [one, two] => A::read(one).zip(B::read(two)).map(|(one, two)| Self(one, two)).ok_or(WebError::NotFound),
            parts => Err(wrong(parts.len())),
        }
    }
}

/// The parts of the address as texts; makes the visitor known to the layer that draws errors.
async fn texts<S: Send + Sync>(head: &mut Head, state: &S) -> Result<Vec<String>, WebError> {
    let visitor = head.extensions.get::<Visitor>().cloned().unwrap_or_default();
    if let Some(seat) = head.extensions.get::<Seat>() {
        seat.visitor.get_or_init(|| visitor);
    }
    let parts = RawPathParams::from_request_parts(head, state).await.map_err(|_| WebError::NotFound)?;
    Ok(parts.iter().map(|(_, text)| text.to_owned()).collect())
}

fn wrong(count: usize) -> WebError {
    WebError::Failed(format!("the address of the route has {count} parts"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use axum::routing::get;
    use tower::ServiceExt;

    async fn lamp(InPath(id): InPath<Uuid>) -> String {
        id.to_string()
    }

    async fn place(InPath(place): InPath<PlaceId>) -> String {
        place.to_string()
    }

    async fn visit(InPath(number): InPath<Option<i64>>) -> String {
        number.map_or_else(|| "none".to_owned(), |number| number.to_string())
    }

    /// A name of lower case letters.
    struct Name(String);

    impl PathPart for Name {
        fn read(text: &str) -> Option<Self> {
            text.chars().all(|letter| letter.is_ascii_lowercase() || letter == ' ').then(|| Self(text.to_owned()))
        }
    }

    async fn paper(TwoInPath(number, Name(name)): TwoInPath<CaseNumber, Name>) -> String {
        format!("{number} {name}")
    }

    async fn ask(address: &str) -> (StatusCode, String) {
        let routes = Router::new()
            .route("/lamps/{id}", get(lamp))
            .route("/places/{id}", get(place))
            .route("/visits/{number}", get(visit))
            .route("/cases/{number}/{name}", get(paper));
        let request = Request::builder().uri(address).body(Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn parts_are_read_as_what_they_are() {
        let number = CaseNumber::new("210102", 2026, 123).unwrap();
        let id = Uuid::from_u128(7);
        for (address, told) in [
            (format!("/lamps/{id}"), id.to_string()),
            ("/places/57".to_owned(), "57".to_owned()),
            ("/visits/57".to_owned(), "57".to_owned()),
            ("/visits/a".to_owned(), "none".to_owned()),
            (format!("/cases/{number}/a%20b"), format!("{number} a b")),
            (format!("/cases/{}/a", number.as_str().replace('-', "")), format!("{number} a")),
        ] {
            assert_eq!(ask(&address).await, (StatusCode::OK, told), "{address}");
        }
    }

    #[tokio::test]
    async fn what_is_malformed_is_not_found() {
        let number = CaseNumber::new("210102", 2026, 123).unwrap();
        let wrong = format!("/cases/{}0/a", number.as_str());
        let name = format!("/cases/{number}/..%2fa");
        let places = ["/places/a", "/places/99999999999999999999"];
        for address in ["/lamps/7", "/lamps/%ff"].into_iter().chain(places).chain([wrong.as_str(), name.as_str()]) {
            assert_eq!(ask(address).await.0, StatusCode::NOT_FOUND, "{address}");
        }
    }
}
