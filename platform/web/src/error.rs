//! What can go wrong in a handler, told to a person by the frame: refused, not found, sign in, busy, failed.

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use kernel::refusal::Refusal;
use std::sync::Arc;
use store::StoreError;

/// Seconds after which a busy visitor should try again.
const RETRY_SECONDS: u64 = 3;
/// Seconds after which a visitor should try again where an operator has to make room first.
const ROOM_SECONDS: u64 = 30;

/// Why a form could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFault {
    /// More bytes or fields than a form may have.
    TooLarge,
    /// It did not come in the time that a form has.
    Late,
    /// Broken escapes, or text that is not UTF-8.
    Encoding,
    /// Not a form at all (another content type).
    Kind,
    /// Nothing proves that the form came from our own page.
    Forged,
}

/// Why a handler gives no page. Drawn inside the frame, in the visitor's language, by the layer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WebError {
    /// A rule refuses: 403 when a permission is missing, 429 when somebody tried too often, 422 otherwise.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// Not there, or not this visitor's to see: 404.
    #[error("not found")]
    NotFound,
    /// Only for people who signed in: to `/sign-in` and back.
    #[error("sign in first")]
    SignIn,
    /// Too much at once, or the database is away for the moment: 503, try again.
    #[error("busy")]
    Busy,
    /// The connection to the database went away while the work was being stored: nobody knows whether it was. Sending
    /// the same again is safe: 503, try again.
    #[error("not known whether it was stored")]
    Uncertain,
    /// The disk is full or does not write, or another process holds the database; nothing was stored: 503, try again.
    #[error("nothing can be stored now")]
    Unstored,
    /// This client asked too often, and has to wait so many seconds: 429.
    #[error("too many requests")]
    TooMany(u64),
    /// The form could not be read: 400, 403, 408, 413 or 415.
    #[error("form: {0:?}")]
    Form(FormFault),
    /// The address has no such method: 405.
    #[error("method not allowed")]
    Method,
    /// Our fault: 500, with a reference number that is logged beside this text. The visitor never sees the text.
    #[error("{0}")]
    Failed(String),
}

impl WebError {
    pub(crate) fn no_frame() -> Self {
        Self::Failed("the router is not wrapped by web::layers".to_owned())
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(refusal) if refusal.code.is_permission() => StatusCode::FORBIDDEN,
            Self::Refused(refusal) if refusal.waits().is_some() => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::SEE_OTHER,
            Self::Busy | Self::Uncertain | Self::Unstored => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Form(FormFault::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Form(FormFault::Late) => StatusCode::REQUEST_TIMEOUT,
            Self::Form(FormFault::Encoding) => StatusCode::BAD_REQUEST,
            Self::Form(FormFault::Kind) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Form(FormFault::Forged) => StatusCode::FORBIDDEN,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code.as_str(),
            Self::NotFound => "web.not_found",
            Self::SignIn => "web.sign_in",
            Self::Busy => "web.busy",
            Self::Uncertain => "web.uncertain",
            Self::Unstored => "web.unstored",
            Self::TooMany(_) => "web.too_many",
            Self::Form(FormFault::TooLarge) => "web.form_too_large",
            Self::Form(FormFault::Late) => "web.form_late",
            Self::Form(FormFault::Encoding) => "web.form_encoding",
            Self::Form(FormFault::Kind) => "web.form_kind",
            Self::Form(FormFault::Forged) => "web.form_forged",
            Self::Method => "web.method",
            Self::Failed(_) => "web.failed",
        }
    }

    /// After how many seconds the visitor should try again, where trying again helps.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Refused(refusal) => refusal.waits(),
            Self::Busy | Self::Uncertain => Some(RETRY_SECONDS),
            Self::Unstored => Some(ROOM_SECONDS),
            Self::TooMany(seconds) => Some(*seconds),
            _ => None,
        }
    }
}

/// Carried by a response to the layer that draws it.
#[derive(Clone, Debug)]
pub(crate) struct Raised(pub(crate) Arc<WebError>);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = (self.status(), self.code()).into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, axum::http::HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Raised(Arc::new(self)));
        response
    }
}

impl From<Refusal> for WebError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Conflict | StoreError::Closed => Self::Busy,
            StoreError::Unreachable { .. } => {
                tracing::warn!(%error, "the store is away");
                Self::Busy
            }
            StoreError::Disconnected => {
                tracing::warn!(%error, "the store went away during a commit");
                Self::Uncertain
            }
            StoreError::Full | StoreError::Locked { .. } | StoreError::Disk { .. } => {
                tracing::error!(%error, "the store takes nothing");
                Self::Unstored
            }
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::Failed(format!("template: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::refusal::Code;

    #[test]
    fn each_error_has_its_status_and_a_code_of_its_own() {
        let mut codes = std::collections::BTreeSet::new();
        for (error, status, code) in [
            (WebError::Refused(Refusal::new(Code::FormMissing)), 422, "form.missing"),
            (WebError::Refused(Refusal::new(Code::PermissionMissing)), 403, "permission.missing"),
            (WebError::Refused(Refusal::new(Code::RequestTooMany).with("seconds", 21)), 429, "request.too_many"),
            (WebError::NotFound, 404, "web.not_found"),
            (WebError::SignIn, 303, "web.sign_in"),
            (WebError::Busy, 503, "web.busy"),
            (WebError::Uncertain, 503, "web.uncertain"),
            (WebError::Unstored, 503, "web.unstored"),
            (WebError::TooMany(7), 429, "web.too_many"),
            (WebError::Form(FormFault::TooLarge), 413, "web.form_too_large"),
            (WebError::Form(FormFault::Late), 408, "web.form_late"),
            (WebError::Form(FormFault::Encoding), 400, "web.form_encoding"),
            (WebError::Form(FormFault::Kind), 415, "web.form_kind"),
            (WebError::Form(FormFault::Forged), 403, "web.form_forged"),
            (WebError::Method, 405, "web.method"),
            (WebError::Failed("secret".to_owned()), 500, "web.failed"),
        ] {
            assert_eq!((error.status().as_u16(), error.code()), (status, code));
            assert!(codes.insert(code), "{code} stands twice");
            let response = error.into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers().contains_key(RETRY_AFTER), [429, 503].contains(&status), "{code}");
        }
    }

    #[test]
    fn a_store_that_is_away_says_what_was_stored_and_another_fault_is_ours() {
        for (fault, code) in [
            (StoreError::Busy, "web.busy"),
            (StoreError::Conflict, "web.busy"),
            (StoreError::Closed, "web.busy"),
            (StoreError::Unreachable { message: "x".to_owned() }, "web.busy"),
            (StoreError::Disconnected, "web.uncertain"),
            (StoreError::Full, "web.unstored"),
            (StoreError::Locked { file: "x".to_owned() }, "web.unstored"),
            (StoreError::Disk { message: "x".to_owned() }, "web.unstored"),
            (StoreError::data("x"), "web.failed"),
        ] {
            let told = fault.to_string();
            assert_eq!(WebError::from(fault).code(), code, "{told}");
        }
    }
}
