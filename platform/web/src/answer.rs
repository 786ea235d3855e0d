//! What follows a form: on to where it leads once it is done, the same page with what was refused, or the page of an
//! error.

use crate::error::WebError;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Refusal;

/// Where a form leads once it is done. An address becomes a redirect that the browser reads with GET (303); a page
/// stays as it is.
#[derive(Debug)]
pub struct Next(Response);

impl Next {
    /// Leads to an address and sets a cookie on the way.
    pub fn with_cookie(address: &str, cookie: String) -> Self {
        Self(([(SET_COOKIE, cookie)], Redirect::to(address)).into_response())
    }
}

impl From<String> for Next {
    fn from(address: String) -> Self {
        Self(Redirect::to(&address).into_response())
    }
}

impl From<&str> for Next {
    fn from(address: &str) -> Self {
        Self(Redirect::to(address).into_response())
    }
}

impl From<Response> for Next {
    fn from(page: Response) -> Self {
        Self(page)
    }
}

/// Answers a form. What was done leads on (303); what a rule refuses is told by `again`, which draws the same page with
/// what was typed and status 422, or 429 if it came [`too_often`]; anything else is its error page (404, 503, 500).
///
/// ```ignore
/// let done = desk.close(id).await.map(|()| format!("/lamps/{id}"));
/// web::answer(done, |refusal| desk.lamp_page(page, id, Some(refusal))).await
/// ```
///
/// # Errors
/// What was not done for another reason than a rule, or what `again` fails with.
pub async fn answer<T, E, F>(done: Result<T, E>, again: impl FnOnce(Refusal) -> F) -> Result<Response, WebError>
where
    T: Into<Next>,
    E: Into<WebError>,
    F: Future<Output = Result<Response, WebError>>,
{
    match settled(done)? {
        Ok(done) => {
            let next: Next = done.into();
            Ok(next.0)
        }
        Err(refusal) => Ok(too_often(&refusal, again(refusal.clone()).await?)),
    }
}

/// Gives a page that tells a refusal the status 429 and `Retry-After` if it refuses what came too often. The page of
/// another refusal stays as it is. [`answer`] and [`crate::render_refused`] do so by themselves.
pub fn too_often(refusal: &Refusal, mut page: Response) -> Response {
    if let Some(seconds) = refusal.waits() {
        *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        page.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    page
}

/// What was done, or what a rule refuses; everything else is an error of the page. For pages that show the same either
/// way.
///
/// # Errors
/// What was not done for another reason than a rule.
pub fn settled<T, E: Into<WebError>>(done: Result<T, E>) -> Result<Result<T, Refusal>, WebError> {
    match done.map_err(Into::<WebError>::into) {
        Ok(done) => Ok(Ok(done)),
        Err(WebError::Refused(refusal)) => Ok(Err(refusal)),
        Err(fault) => Err(fault),
    }
}

/// As [`answer`], but a missing permission is the page of that error (403): for pages that are not for whoever lacks
/// it.
///
/// # Errors
/// A missing permission, and as [`answer`].
pub async fn answer_permitted<T, E, F>(
    done: Result<T, E>,
    again: impl FnOnce(Refusal) -> F,
) -> Result<Response, WebError>
where
    T: Into<Next>,
    E: Into<WebError>,
    F: Future<Output = Result<Response, WebError>>,
{
    let done = match done.map_err(Into::<WebError>::into) {
        Err(WebError::Refused(refusal)) if refusal.code.is_permission() => return Err(refusal.into()),
        done => done,
    };
    answer(done, again).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::LOCATION;
    use kernel::refusal::Code;

    async fn again(refusal: Refusal) -> Result<Response, WebError> {
        Ok((StatusCode::UNPROCESSABLE_ENTITY, refusal.code.as_str()).into_response())
    }

    fn refused(code: Code) -> Result<String, WebError> {
        Err(Refusal::new(code).into())
    }

    #[tokio::test]
    async fn what_is_done_leads_on() {
        let done: Result<String, WebError> = Ok("/lamps/1".to_owned());
        let answered = answer(done, again).await.unwrap();
        assert_eq!(
            (answered.status(), answered.headers().get(LOCATION).unwrap().as_bytes()),
            (StatusCode::SEE_OTHER, &b"/lamps/1"[..])
        );
        let done: Result<Next, WebError> = Ok(Next::with_cookie("/lamps", "a=b".to_owned()));
        let answered = answer(done, again).await.unwrap();
        assert_eq!(
            (answered.status(), answered.headers().get(SET_COOKIE).unwrap().as_bytes()),
            (StatusCode::SEE_OTHER, &b"a=b"[..])
        );
        let page: Result<Response, WebError> = Ok(StatusCode::OK.into_response());
        assert_eq!(answer(page, again).await.unwrap().status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn what_a_rule_refuses_is_the_same_page_again() {
        assert_eq!(answer(refused(Code::FormMissing), again).await.unwrap().status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            answer(refused(Code::PermissionMissing), again).await.unwrap().status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        assert_eq!(
            answer_permitted(refused(Code::FormMissing), again).await.unwrap().status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let forbidden = answer_permitted(refused(Code::PermissionMissing), again).await.unwrap_err();
        assert_eq!(forbidden.status(), StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn what_came_too_often_says_when_to_come_again() {
        let many: Result<String, WebError> = Err(Refusal::new(Code::RequestTooMany).with("seconds", 21).into());
        let answered = answer(many, again).await.unwrap();
        let waits = |answered: &Response| answered.headers().get(RETRY_AFTER).map(|value| value.as_bytes().to_vec());
        assert_eq!((answered.status(), waits(&answered)), (StatusCode::TOO_MANY_REQUESTS, Some(b"21".to_vec())));
        let other = answer(refused(Code::FormMissing), again).await.unwrap();
        assert_eq!((other.status(), waits(&other)), (StatusCode::UNPROCESSABLE_ENTITY, None));
    }

    #[tokio::test]
    async fn other_faults_have_pages_of_their_own() {
        let faults = [
            (WebError::NotFound, StatusCode::NOT_FOUND),
            (WebError::Busy, StatusCode::SERVICE_UNAVAILABLE),
            (WebError::Failed("disk".to_owned()), StatusCode::INTERNAL_SERVER_ERROR),
        ];
        for (fault, status) in faults {
            let done: Result<String, WebError> = Err(fault);
            assert_eq!(answer(done, again).await.unwrap_err().status(), status);
        }
    }
}
