//! Answers of the pages of the field: what may be kept on a phone, and what its small program reads.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use web::WebError;

/// What these pages may load beside what all pages may: the manifest that lets them be installed, and the small program
/// that answers when there is no line.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; manifest-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                      base-uri 'none'";

/// A page that may be kept on a phone and answered there.
pub(super) fn installable(drawn: Response) -> Response {
    ([(CONTENT_SECURITY_POLICY, POLICY)], drawn).into_response()
}

/// An answer for the small program of these pages.
pub(super) fn json<T: Serialize>(told: &T) -> Result<Response, WebError> {
    let text = serde_json::to_string(told).map_err(|fault| WebError::Failed(fault.to_string()))?;
    Ok(([(CONTENT_TYPE, "application/json")], text).into_response())
}
