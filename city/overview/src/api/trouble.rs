//! Tells programs what goes wrong, as the answers of OGC API – Features do: a code and a sentence, in JSON.

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use kernel::language::Lang;
use serde_json::json;
use web::{FormFault, WebError};

/// The kind of these answers.
pub(super) const JSON: &str = "application/json";
/// After how many seconds a program may ask again where nothing can be answered now.
const RETRY_SECONDS: u64 = 3;

/// Tells a program whatever goes wrong at these addresses.
pub fn said(error: WebError, _: &Uri, _: &HeaderMap) -> Response {
    // Nobody signs in here: what she would have to sign in for is not there.
    let status = if matches!(error, WebError::SignIn) { StatusCode::NOT_FOUND } else { error.status() };
    let wait = match &error {
        WebError::TooMany(seconds) => Some(*seconds),
        WebError::Busy | WebError::Uncertain | WebError::Unstored => Some(RETRY_SECONDS),
        _ => None,
    };
    let (code, why) = match error {
        WebError::NotFound | WebError::SignIn => ("NotFound", "There is nothing at this address.".to_owned()),
        WebError::Method => ("MethodNotAllowed", "This address is read with GET and nothing else.".to_owned()),
        WebError::TooMany(seconds) => ("TooManyRequests", format!("Too many requests; wait {seconds} seconds.")),
        WebError::Busy | WebError::Uncertain | WebError::Unstored => {
            ("ServiceUnavailable", "There is no answer now; ask again in a moment.".to_owned())
        }
        WebError::Form(FormFault::TooLarge) => ("ContentTooLarge", "The request is too large.".to_owned()),
        WebError::Form(_) => ("InvalidParameterValue", "The request cannot be read.".to_owned()),
        WebError::Refused(refusal) => ("InvalidParameterValue", refusal.sentence(Lang::En)),
        WebError::Failed(cause) => {
            tracing::error!(cause, "a program that reads features got no answer");
            ("ServerError", "The server failed; ask again later.".to_owned())
        }
    };
    let mut answer = told(status, code, &why);
    if let Some(seconds) = wait {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

/// What a program is told that asks for something that is not there.
pub(super) fn missing(what: &str) -> Response {
    told(StatusCode::NOT_FOUND, "NotFound", what)
}

/// What a program is told whose question is not understood: 400, with the name of the parameter first.
pub(crate) fn refused(why: &str) -> Response {
    told(StatusCode::BAD_REQUEST, "InvalidParameterValue", why)
}

fn told(status: StatusCode, code: &str, description: &str) -> Response {
    let body = json!({ "code": code, "description": description });
    (status, [(CONTENT_TYPE, JSON)], body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_goes_wrong_has_its_status_and_is_told_as_json() {
        for (error, status, retry) in [
            (WebError::NotFound, 404, None),
            (WebError::SignIn, 404, None),
            (WebError::Method, 405, None),
            (WebError::TooMany(21), 429, Some("21")),
            (WebError::Busy, 503, Some("3")),
            (WebError::Form(FormFault::TooLarge), 413, None),
            (WebError::Form(FormFault::Encoding), 400, None),
            (WebError::Failed("secret".to_owned()), 500, None),
        ] {
            let (what, none) = (format!("{error:?}"), HeaderMap::new());
            let answer = said(error, &Uri::from_static("/ogc"), &none);
            assert_eq!(answer.status().as_u16(), status, "{what}");
            let header =
                |name: axum::http::HeaderName| answer.headers().get(name).and_then(|value| value.to_str().ok());
            assert_eq!((header(CONTENT_TYPE), header(RETRY_AFTER)), (Some(JSON), retry), "{what}");
        }
    }
}
