//! Tells programs what goes wrong as the published text of Open311 says: a list of errors, each with its code and a
//! sentence, in the form that was asked for.

use axum::http::header::{CONTENT_LANGUAGE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use hall::Fault;
use kernel::language::Lang;
use kernel::refusal::{Code, Refusal};
use web::{FormFault, WebError};

use super::document::{Document, Format, Node};
use super::remedies::remedy;
use crate::refusals::Why;

/// After how many seconds a program may come again where nothing else is said.
const RETRY_SECONDS: i64 = 3;

/// Why a call gives no answer. It is never empty.
#[derive(Debug)]
pub struct Trouble {
    refusals: Vec<Refusal>,
    /// What is told before it: whom to call where a life may be in danger. Empty where nobody is in danger.
    first: String,
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self { refusals: vec![refusal], first: String::new() }
    }
}

impl From<WebError> for Trouble {
    fn from(error: WebError) -> Self {
        exchange::refusal_of(error).into()
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        WebError::from(fault).into()
    }
}

/// Tells a caller whatever goes wrong before a call is read, or in its place, in the form that the address asks for. An
/// address that is not there is no report.
pub fn said(error: WebError, uri: &Uri, headers: &HeaderMap) -> Response {
    let trouble = match error {
        WebError::NotFound => Trouble::from(Refusal::new(Why::GridFormatUnknown)),
        WebError::Form(FormFault::Kind) => Trouble::from(Refusal::new(Why::GridBodyKind)),
        WebError::Form(FormFault::TooLarge) => Trouble::from(Refusal::new(Code::RequestTooLarge)),
        WebError::Form(FormFault::Encoding) => Trouble::from(Refusal::new(Why::GridBodySigns)),
        other => Trouble::from(other),
    };
    trouble.answer(Format::of(uri.path(), headers), exchange::language(headers))
}

/// The status of a refusal. The published text knows 400 for what cannot be done, 403 for a key that is missing or
/// wrong, 404 for what is not there; what is too large, too often or our own failure has the status of HTTP.
fn status_of(code: Code) -> StatusCode {
    match code {
        Why::GridKeyMissing
        | Why::GridKeyFirst
        | Why::GridPlaceForeign
        | exchange::Why::ExchangeTokenUnknown
        | exchange::Why::ExchangeScopeMissing => StatusCode::FORBIDDEN,
        Why::GridServiceUnknown | Why::GridFormatUnknown | Why::GridJurisdictionUnknown => StatusCode::NOT_FOUND,
        other => match exchange::status_of(other) {
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT => StatusCode::BAD_REQUEST,
            status => status,
        },
    }
}

impl Trouble {
    /// The same, told below something else.
    #[must_use]
    pub fn below(self, first: String) -> Self {
        Self { first, ..self }
    }

    /// The answer.
    pub fn answer(self, format: Format, lang: Lang) -> Response {
        let first = self.refusals.first();
        let status = first.map_or(StatusCode::BAD_REQUEST, |refusal| status_of(refusal.code));
        let wait = first.and_then(|refusal| refusal.detail.get("seconds")).and_then(|seconds| seconds.parse().ok());
        let errors = self.refusals.iter().map(|refusal| told(&self.first, refusal, lang)).collect();
        let mut response = Document::new("errors", Node::List("error", errors)).answer(status, format);
        let headers = response.headers_mut();
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
        if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            headers.insert(RETRY_AFTER, HeaderValue::from(wait.unwrap_or(RETRY_SECONDS)));
        }
        response
    }
}

fn told(first: &str, refusal: &Refusal, lang: Lang) -> Node {
    let named = match &refusal.field {
        Some(field) if !refusal.detail.contains_key("label") => refusal.clone().with("label", field),
        _ => refusal.clone(),
    };
    let gap = if lang == Lang::Zh { "" } else { " " };
    let description = format!("{first}{}{gap}{}", named.sentence(lang), remedy(&named, lang));
    let code = i64::from(status_of(refusal.code).as_u16());
    Node::Record(vec![("code", Node::Whole(code)), ("description", Node::Text(description))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_the_status_that_the_published_text_names() {
        for (code, status) in [
            (Why::GridServiceMissing, 400),
            (Why::GridServiceUnknown, 404),
            (Why::GridKeyMissing, 403),
            (Why::GridKeyFirst, 403),
            (exchange::Why::ExchangeTokenUnknown, 403),
            (exchange::Why::ExchangeScopeMissing, 403),
            (Why::GridPlaceForeign, 403),
            (Code::CaseNotFound, 404),
            (Why::GridArgument, 400),
            (Code::RequestSentDifferently, 400),
            (Code::RequestTooLarge, 413),
            (Code::RequestTooMany, 429),
            (exchange::Why::ExchangeBusy, 503),
        ] {
            assert_eq!(status_of(code).as_u16(), status, "{code}");
        }
    }
}
