//! What the log tells of requests that were refused, so that somebody can see later what was tried. A line holds no
//! name, no number, no network address and nothing that was typed.

use axum::http::{Method, StatusCode};
use uuid::Uuid;

/// The target of lines about sign-in and about what was refused. The log shows them unless an operator turns them off.
pub const SECURITY: &str = "security";

/// A request and how it was answered.
pub(crate) struct Answered<'a> {
    pub(crate) method: &'a Method,
    /// The path as a log may hold it.
    pub(crate) path: &'a str,
    pub(crate) status: StatusCode,
    /// The code of what went wrong, which is empty where the page itself says it.
    pub(crate) code: &'a str,
    /// The account that asked.
    pub(crate) account: Option<Uuid>,
    /// What stands for the network address.
    pub(crate) origin: &'a str,
}

/// Writes a line if the answer refuses something.
pub(crate) fn note(answered: &Answered<'_>) {
    if !is_noted(answered.status, answered.account.is_some()) {
        return;
    }
    let Answered { method, path, code, origin, .. } = *answered;
    let account = answered.account.map_or_else(String::new, |account| account.to_string());
    let status = answered.status.as_u16();
    tracing::info!(target: SECURITY, account, origin, %method, path, status, code, "refused");
}

/// Says whether an answer refuses something: no permission, a form that is not ours, input that no rule takes, too much
/// at once. What is not there is told of people with an account alone, because it may be what is not theirs.
fn is_noted(status: StatusCode, signed_in: bool) -> bool {
    match status {
        StatusCode::BAD_REQUEST
        | StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::METHOD_NOT_ALLOWED
        | StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::UNSUPPORTED_MEDIA_TYPE
        | StatusCode::UNPROCESSABLE_ENTITY
        | StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::NOT_FOUND => signed_in,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_refused_is_noted_and_what_is_done_is_not() {
        for (status, signed_in, noted) in [
            (200, true, false),
            (303, true, false),
            (400, false, true),
            (401, false, true),
            (403, true, true),
            (404, false, false),
            (404, true, true),
            (405, false, true),
            (413, false, true),
            (415, false, true),
            (422, false, true),
            (429, false, true),
            (500, true, false),
            (503, true, false),
        ] {
            assert_eq!(is_noted(StatusCode::from_u16(status).unwrap(), signed_in), noted, "{status} {signed_in}");
        }
    }
}
