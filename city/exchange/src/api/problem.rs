//! This file tells programs what goes wrong: RFC 9457 problem details made of refusals, in the language that the
//! program asks for.

use crate::refusals::Why;
use axum::http::header::{
    ACCEPT_LANGUAGE, CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use kernel::language::Lang;
use kernel::refusal::{Code, Refusal};
use serde_json::{Map, Value};
use store::StoreError;
use uuid::Uuid;
use web::{FormFault, WebError};

use crate::actions::Fault;

/// Says after how many seconds a program may ask a busy platform again.
const RETRY_SECONDS: i64 = 3;

/// Says that an answer is a file of a fixed name, so that no browser shows what was put into it as something else.
pub const AS_FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"api.json\"");

/// Says why a call gives no answer. It is never empty.
#[derive(Debug)]
pub struct Trouble {
    first: Refusal,
    others: Vec<Refusal>,
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self { first: refusal, others: Vec::new() }
    }
}

impl From<Vec<Refusal>> for Trouble {
    fn from(refusals: Vec<Refusal>) -> Self {
        let mut refusals = refusals.into_iter();
        let first = refusals.next().unwrap_or_else(|| Refusal::new(Why::ExchangeUnreadable));
        Self { first, others: refusals.collect() }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        WebError::from(fault).into()
    }
}

impl From<WebError> for Trouble {
    fn from(error: WebError) -> Self {
        refusal_of(error).into()
    }
}

/// Returns what programs are told of an error. Our own failures are told by a reference, which the log has too.
#[must_use]
pub fn refusal_of(error: WebError) -> Refusal {
    match error {
        // A program speaks to residents, who do not learn of a decision that may still be undone.
        WebError::Refused(refusal) if refusal.code == cases::Why::CaseStepHeld => Refusal::new(cases::Why::CaseBusy),
        WebError::Refused(refusal) => refusal,
        WebError::NotFound => Refusal::new(Code::CaseNotFound),
        WebError::Busy => Refusal::new(Why::ExchangeBusy),
        WebError::Uncertain => Refusal::new(Why::ExchangeUncertain),
        WebError::Unstored => Refusal::new(Why::ExchangeUnstored),
        WebError::TooMany(seconds) => Refusal::new(Code::RequestTooMany).with("seconds", seconds),
        WebError::SignIn => Refusal::new(Why::ExchangeTokenMissing),
        WebError::Method => Refusal::new(Why::ExchangeMethod),
        WebError::Form(FormFault::TooLarge) => Refusal::new(Code::RequestTooLarge),
        WebError::Form(FormFault::Kind) => Refusal::new(Why::ExchangeKind),
        WebError::Form(_) => Refusal::new(Why::ExchangeUnreadable),
        other @ WebError::Failed(_) => failed(&other),
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Fault::from(error).into()
    }
}

/// Tells the caller a reference of our own failure, which the log has too.
fn failed(error: &WebError) -> Refusal {
    let reference = Uuid::now_v7().simple().to_string();
    tracing::error!(reference, %error, "a call of the interface failed");
    Refusal::new(Why::ExchangeFailed).with("reference", reference)
}

/// Tells a caller whatever goes wrong before a call is read, or in its place. An address that is not there is no case.
pub fn said(error: WebError, _: &Uri, headers: &HeaderMap) -> Response {
    let refusal = match error {
        WebError::NotFound => Refusal::new(Why::ExchangeNothingHere),
        other => refusal_of(other),
    };
    Trouble::from(refusal).answer(language(headers))
}

/// Returns the status of an answer that refuses.
#[must_use]
pub fn status_of(code: Code) -> StatusCode {
    match code {
        Why::ExchangeKeyMissing | Why::ExchangeUnreadable => StatusCode::BAD_REQUEST,
        Why::ExchangeTokenMissing | Why::ExchangeTokenUnknown => StatusCode::UNAUTHORIZED,
        Why::ExchangeScopeMissing => StatusCode::FORBIDDEN,
        Why::ExchangeNothingHere | Code::CaseNotFound => StatusCode::NOT_FOUND,
        Why::ExchangeMethod => StatusCode::METHOD_NOT_ALLOWED,
        Code::RequestSentDifferently
        | Code::CaseActionNotPossibleHere
        | Code::CaseEnded
        | Why::CaseChangedMeanwhile
        | Code::CaseActionUnknown
        | Code::CaseSameOpen
        | counter::Why::CounterSameElsewhere
        | Code::CaseProcedureDiffers
        | cases::Why::CaseStepHeld
        | cases::Why::CaseBusy
        | Why::ExchangeNotListening => StatusCode::CONFLICT,
        Code::RequestTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Why::ExchangeKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::RequestTooMany => StatusCode::TOO_MANY_REQUESTS,
        Why::ExchangeBusy | Why::ExchangeUncertain | Why::ExchangeUnstored => StatusCode::SERVICE_UNAVAILABLE,
        Why::ExchangeFailed => StatusCode::INTERNAL_SERVER_ERROR,
        other if other.is_permission() => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Returns the language that a program asks for. It is Chinese if the program names none that we speak.
#[must_use]
pub fn language(headers: &HeaderMap) -> Lang {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let tag = |part: &str| Lang::parse(part.split(';').next().unwrap_or_default().trim());
    wanted.split(',').find_map(tag).unwrap_or_default()
}

impl Trouble {
    /// Returns the answer.
    #[must_use]
    pub fn answer(self, lang: Lang) -> Response {
        let status = status_of(self.first.code);
        let body = self.body(status, lang).to_string();
        let mut response = (status, [(CONTENT_TYPE, "application/problem+json")], body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
        headers.insert(CONTENT_DISPOSITION, AS_FILE);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"lianglin\""));
        }
        if let Some(seconds) = self.retry_after(status) {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn retry_after(&self, status: StatusCode) -> Option<i64> {
        match status {
            StatusCode::TOO_MANY_REQUESTS => {
                self.first.detail.get("seconds").and_then(|seconds| seconds.parse().ok()).or(Some(RETRY_SECONDS))
            }
            StatusCode::SERVICE_UNAVAILABLE => Some(RETRY_SECONDS),
            _ => None,
        }
    }

    /// Returns the first fault as the problem, with every fault beside it.
    fn body(&self, status: StatusCode, lang: Lang) -> Value {
        let code = self.first.code;
        let all: Vec<Value> =
            [&self.first].into_iter().chain(&self.others).map(|one| Value::Object(told(one, lang))).collect();
        let mut body = told(&self.first, lang);
        body.insert("type".to_owned(), format!("/api#{code}").into());
        body.insert("title".to_owned(), Refusal::new(code).sentence(lang).into());
        body.insert("status".to_owned(), status.as_u16().into());
        body.insert("errors".to_owned(), all.into());
        Value::Object(body)
    }
}

/// Tells a refusal to programs. A field without a label is called by its name.
fn told(refusal: &Refusal, lang: Lang) -> Map<String, Value> {
    let named = match &refusal.field {
        Some(field) if !refusal.detail.contains_key("label") => refusal.clone().with("label", field),
        _ => refusal.clone(),
    };
    Map::from_iter([
        ("code".to_owned(), named.code.as_str().into()),
        ("detail".to_owned(), named.sentence(lang).into()),
        ("remedy".to_owned(), super::remedies::remedy(&named, lang).into()),
        ("field".to_owned(), named.field.into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_problem_names_code_field_and_remedy_in_both_languages() {
        let trouble = Trouble::from(vec![
            Refusal::new(Code::FormMissing).field("name"),
            Refusal::new(Code::IdentifierLength).field("telephone"),
        ]);
        let body = trouble.body(StatusCode::UNPROCESSABLE_ENTITY, Lang::Zh);
        assert_eq!((&body["type"], &body["code"]), (&json!("/api#form.missing"), &json!("form.missing")));
        assert_eq!((&body["detail"], &body["field"]), (&json!("“name”还没有填写。"), &json!("name")));
        assert_eq!(body["errors"].as_array().map(Vec::len), Some(2));
        let english = trouble.body(StatusCode::UNPROCESSABLE_ENTITY, Lang::En);
        assert_eq!(english["title"], "“…” is missing.");
    }

    #[test]
    fn a_refusal_is_told_with_the_status_of_its_kind() {
        let table = [
            (Why::ExchangeKeyMissing, 400),
            (Why::ExchangeUnreadable, 400),
            (Why::ExchangeTokenMissing, 401),
            (Why::ExchangeTokenUnknown, 401),
            (Why::ExchangeScopeMissing, 403),
            (Code::PermissionMissing, 403),
            (Code::PermissionNotParty, 403),
            (Code::CaseNotFound, 404),
            (Why::ExchangeNothingHere, 404),
            (Why::ExchangeMethod, 405),
            (Code::RequestSentDifferently, 409),
            (Why::CaseChangedMeanwhile, 409),
            (Code::CaseSameOpen, 409),
            (Why::ExchangeNotListening, 409),
            (cases::Why::CaseStepHeld, 409),
            (cases::Why::CaseBusy, 409),
            (Code::RequestTooLarge, 413),
            (Why::ExchangeKind, 415),
            (counter::Why::CounterSameElsewhere, 409),
            (Code::PlaceUnknown, 422),
            (Why::RuleItemUnknown, 422),
            (Code::FormMissing, 422),
            (Why::ExchangeValue, 422),
            (Code::CaseDayNotOver, 422),
            (Code::RequestTooMany, 429),
            (Why::ExchangeFailed, 500),
            (Why::ExchangeBusy, 503),
            (Why::ExchangeUncertain, 503),
            (Why::ExchangeUnstored, 503),
        ];
        for (code, status) in table {
            assert_eq!(status_of(code).as_u16(), status, "{code}");
        }
    }

    #[test]
    fn an_answer_says_when_to_come_again_and_how_to_sign_in() {
        let many = |seconds: &str| Refusal::new(Code::RequestTooMany).with("seconds", seconds);
        let table = [
            (many("21"), Some("21"), None),
            (many("soon"), Some("3"), None),
            (Refusal::new(Code::RequestTooMany), Some("3"), None),
            (Refusal::new(Why::ExchangeBusy), Some("3"), None),
            (Refusal::new(Why::ExchangeTokenMissing), None, Some("Bearer realm=\"lianglin\"")),
            (Refusal::new(Code::FormMissing), None, None),
        ];
        for (refusal, retry, sign_in) in table {
            let code = refusal.code;
            let answer = Trouble::from(refusal).answer(Lang::En);
            let header = |name: axum::http::HeaderName| answer.headers().get(name).map(|value| value.to_str().unwrap());
            assert_eq!((header(RETRY_AFTER), header(WWW_AUTHENTICATE)), (retry, sign_in), "{code}");
            assert_eq!(header(CONTENT_TYPE), Some("application/problem+json"));
            assert_eq!(header(CONTENT_LANGUAGE), Some("en"));
            assert_eq!(answer.status(), status_of(code));
        }
    }

    #[test]
    fn a_problem_is_never_empty_and_keeps_the_label_that_was_given() {
        let none = Trouble::from(Vec::<Refusal>::new()).body(StatusCode::BAD_REQUEST, Lang::Zh);
        assert_eq!((&none["code"], &none["status"]), (&json!("exchange.unreadable"), &json!(400)));
        let labelled = Refusal::new(Code::FormMissing).field("p_IN_rent").with("label", "房租");
        let body = Trouble::from(labelled).body(StatusCode::UNPROCESSABLE_ENTITY, Lang::Zh);
        assert_eq!((&body["detail"], &body["field"]), (&json!("“房租”还没有填写。"), &json!("p_IN_rent")));
        let bare = Trouble::from(Refusal::new(Code::CaseNotFound)).body(StatusCode::NOT_FOUND, Lang::En);
        assert_eq!((&bare["field"], bare["errors"].as_array().map(Vec::len)), (&Value::Null, Some(1)));
    }

    #[test]
    fn a_fault_of_ours_tells_no_more_than_a_reference() {
        let table = [
            (Fault::NotFound, "case.not_found"),
            (StoreError::Disconnected.into(), "exchange.uncertain"),
            (StoreError::Full.into(), "exchange.unstored"),
            (Fault::Broken("the table secret_names is gone".to_owned()), "exchange.failed"),
            (Fault::Refused(Refusal::new(Code::CaseEnded)), "case.ended"),
        ];
        for (fault, code) in table {
            let body = Trouble::from(fault).body(StatusCode::INTERNAL_SERVER_ERROR, Lang::En);
            assert_eq!(body["code"], code);
            assert!(!body.to_string().contains("secret_names"), "{body}");
        }
    }

    #[test]
    fn what_goes_wrong_outside_of_a_call_is_told_in_the_words_of_the_interface() {
        for (error, status) in [
            (WebError::NotFound, 404),
            (WebError::Method, 405),
            (WebError::SignIn, 401),
            (WebError::TooMany(7), 429),
            (WebError::Form(FormFault::TooLarge), 413),
            (WebError::Form(FormFault::Kind), 415),
            (WebError::Form(FormFault::Encoding), 400),
        ] {
            let (what, none) = (format!("{error:?}"), HeaderMap::new());
            let answer = said(error, &Uri::from_static("/api/v1/items"), &none);
            assert_eq!(answer.status().as_u16(), status, "{what}");
        }
    }

    #[test]
    fn every_code_has_a_status_that_is_documented() {
        let documented = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503];
        for code in Code::ALL.iter().chain(Why::ALL).chain(counter::Why::ALL).chain(cases::Why::ALL) {
            assert!(documented.contains(&status_of(*code).as_u16()), "{code}");
        }
    }

    #[test]
    fn the_first_language_that_we_speak_counts() {
        for (wanted, expected) in [
            ("", Lang::Zh),
            ("fr, en;q=0.5", Lang::En),
            ("zh-TW,en", Lang::Zh),
            ("xx", Lang::Zh),
            ("EN-us", Lang::En),
            (" ; , en", Lang::En),
            ("*", Lang::Zh),
            ("english", Lang::Zh),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(wanted));
            assert_eq!(language(&headers), expected, "{wanted}");
        }
    }
}
