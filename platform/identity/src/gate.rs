//! The gate before every page turns the session cookie into the visitor.

use crate::token::{Token, no_cookie};
use crate::{Current, Identity, IdentityError, words};
use axum::Router;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Redirect, Response};
use std::sync::Arc;
use web::WebError;

/// The addresses that need no visitor: styles, scripts, images.
const ASSETS: &str = "/assets/";
/// The addresses that stay open to staff who must change their password first.
const BEFORE_CHANGE: [&str; 4] = [words::ACCOUNT, words::SIGN_IN, "/sign-out", "/prefer"];

/// Puts the visitor of the session into every request of these routes.
pub fn attach(router: Router, identity: Arc<Identity>) -> Router {
    router.layer(from_fn_with_state(identity, gate))
}

async fn gate(State(identity): State<Arc<Identity>>, mut request: Request, next: Next) -> Response {
    let secure = identity.settings.secure;
    if request.uri().path().starts_with(ASSETS) {
        return next.run(request).await;
    }
    let Some(token) = Token::read(request.headers(), secure) else { return next.run(request).await };
    match identity.current(&token).await {
        Ok(Some(current)) => {
            let record = current.record();
            let to_change = record.must_change && record.kind == words::KIND_STAFF;
            if to_change && !is_open_before_change(request.uri().path()) {
                // There she is told why, and the form comes first.
                return Redirect::to(words::ACCOUNT).into_response();
            }
            request.extensions_mut().insert(identity.visitor(&token, &current));
            request.extensions_mut().insert(current);
            next.run(request).await
        }
        Ok(None) => next.run(request).await,
        Err(error) => WebError::from(error).into_response(),
    }
}

/// Says whether a page is open to a member of staff who must change the password before anything else.
fn is_open_before_change(path: &str) -> bool {
    BEFORE_CHANGE
        .iter()
        .any(|open| path.strip_prefix(*open).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

impl<S: Send + Sync> FromRequestParts<S> for Current {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, WebError> {
        parts.extensions.get::<Self>().cloned().ok_or(WebError::SignIn)
    }
}

/// The token of a request's cookie, at whatever stage its session is.
#[derive(Clone, Debug)]
pub struct Sent(pub Option<Token>);

impl FromRequestParts<Arc<Identity>> for Sent {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, identity: &Arc<Identity>) -> Result<Self, Self::Rejection> {
        Ok(Self(Token::read(&parts.headers, identity.settings.secure)))
    }
}

/// Returns the answer with the session's cookie set for so many seconds, or removed.
pub fn with_cookie(
    mut response: Response,
    identity: &Identity,
    token: Option<(&Token, i64)>,
) -> Result<Response, IdentityError> {
    let secure = identity.settings.secure;
    let cookie = token.map_or_else(|| no_cookie(secure), |(token, seconds)| token.cookie(secure, seconds));
    let cookie = cookie.ok_or_else(|| IdentityError::Failed("the session's cookie cannot be written".to_owned()))?;
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}
