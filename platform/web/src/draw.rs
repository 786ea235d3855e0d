//! The outermost handler: knows the visitor's language, draws what went wrong inside the frame, writes one line of log.

use crate::address::Origin;
use crate::binding::BINDING_COOKIE;
use crate::done;
use crate::error::{FormFault, Raised, WebError};
use crate::form::encode;
use crate::frame::Frame;
use crate::list;
use crate::noted::{self, Answered};
use crate::page::{Asked, Page, render_status};
use crate::preferences::{Preferences, local_path};
use crate::visitor::{PERMISSION_CODE, Seat, Visitor};
use crate::voices::{Voice, Voices};
use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE32_NOPAD;
use kernel::refusal::Refusal;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "error.html")]
pub(crate) struct ErrorPage {
    pub(crate) page: Page,
    pub(crate) title: String,
    pub(crate) sentence: String,
    pub(crate) remedy: String,
    pub(crate) reference: String,
    pub(crate) code: &'static str,
    pub(crate) home: bool,
    /// The page from which one came, where this one is not for whoever asked.
    pub(crate) before: Option<String>,
}

/// How many kinds of posts are named of those that may see a page.
const POSTS: usize = 4;

/// Bytes from which a part of a path may be a secret: 128 bits in base 32. Numbers of cases are shorter.
const SECRET: usize = 26;

/// What errors are drawn with.
#[derive(Clone)]
pub(crate) struct Drawing {
    pub(crate) frame: Arc<Frame>,
    pub(crate) voices: Arc<Voices>,
}

/// Puts the frame, the seat and the address into the request; draws errors; sets the cookies that pages asked for.
pub(crate) async fn draw(State(drawing): State<Drawing>, mut request: Request, next: Next) -> Response {
    let Drawing { frame, voices } = drawing;
    let began = std::time::Instant::now();
    let seat = Seat::default();
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let uri = done::asked(request.uri(), &headers);
    *request.uri_mut() = uri.clone();
    let outer = request.extensions().get::<Visitor>().cloned();
    let Origin(origin) = request.extensions().get::<Origin>().cloned().unwrap_or_default();
    let extensions = request.extensions_mut();
    extensions.insert(Arc::clone(&frame));
    extensions.insert(seat.clone());
    extensions.insert(Asked(uri.clone()));
    let mut response = next.run(request).await;
    let error = raised(&response, &method);
    if let Some(error) = &error {
        let visitor = seat.visitor.get().cloned().or(outer).unwrap_or_default();
        let kept = response.headers().clone();
        let asking = |is_data: bool| Asking { method: &method, uri: &uri, headers: &headers, is_data };
        response = match voices.at(uri.path()) {
            Voice::Own(said) => said((**error).clone(), &uri, &headers),
            Voice::Data => answer(error, &frame, &asking(true), visitor, &seat).await,
            Voice::Page => answer(error, &frame, &asking(false), visitor, &seat).await,
        };
        keep(&mut response, &kept);
        if let (Some(seconds), false) = (error.retry_after(), response.headers().contains_key(RETRY_AFTER)) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }
    set_cookies(&mut response, &headers, &uri, &seat);
    list::lead(&method, &uri, &mut response, &seat);
    if let Some(line) = done::told(&method, &uri, &response) {
        add_cookie(&mut response, &line);
    }
    let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (path, status) = (logged(uri.path()), response.status());
    let account = seat.visitor.get().and_then(|visitor| visitor.actor.account);
    let code = error.as_ref().map_or("", |error| error.code());
    noted::note(&Answered { method: &method, path: &path, status, code, account, origin: &origin });
    tracing::info!(%method, path, status = status.as_u16(), milliseconds, "request");
    response
}

/// A path as a log may hold it. It leaves out each part that is long enough to be a secret, such as the code that opens
/// a saved application.
fn logged(path: &str) -> String {
    let part = |part| if str::len(part) >= SECRET { "…" } else { part };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// What was asked, as far as an answer to trouble needs it.
struct Asking<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
    /// Whether a script asks for data at this address.
    is_data: bool,
}

/// What went wrong: said by the handler, or guessed from a bare status that a library answered with. When the time for
/// an answer is over, the work may go on: what was sent to be done may be stored or not.
fn raised(response: &Response, method: &Method) -> Option<Arc<WebError>> {
    if let Some(Raised(error)) = response.extensions().get::<Raised>() {
        return Some(Arc::clone(error));
    }
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("text/plain");
    if !kind.starts_with("text/plain") {
        return None;
    }
    let guessed = match response.status() {
        StatusCode::NOT_FOUND => WebError::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => WebError::Method,
        StatusCode::PAYLOAD_TOO_LARGE => WebError::Form(FormFault::TooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => WebError::Form(FormFault::Kind),
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => WebError::Form(FormFault::Encoding),
        StatusCode::SERVICE_UNAVAILABLE if !method.is_safe() => WebError::Uncertain,
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => WebError::Busy,
        status if status.is_server_error() => WebError::Failed(format!("an answer with status {status}")),
        _ => return None,
    };
    Some(Arc::new(guessed))
}

async fn answer(error: &WebError, frame: &Arc<Frame>, asking: &Asking<'_>, visitor: Visitor, seat: &Seat) -> Response {
    let reference = if let WebError::Failed(cause) = error { log_failure(cause, asking) } else { String::new() };
    let is_program = wants_json(asking.headers);
    if matches!(error, WebError::SignIn) && !is_program {
        return to_sign_in(asking);
    }
    let mut page = Page::assemble(Arc::clone(frame), asking.headers, asking.uri, visitor, seat.clone());
    page.count_waiting().await;
    let status = if matches!(error, WebError::SignIn) { StatusCode::UNAUTHORIZED } else { error.status() };
    let view = words(error, page, reference, asking.method.is_safe());
    if is_program || (asking.is_data && !wants_page(asking.headers)) {
        return in_json(status, &view);
    }
    render_status(status, &view).unwrap_or_else(|fault| {
        tracing::error!(%fault, "the error page cannot be drawn");
        (status, view.sentence).into_response()
    })
}

/// Logs what the visitor does not see, under a number that the visitor does see.
fn log_failure(cause: &str, asking: &Asking<'_>) -> String {
    let mut bytes = [0_u8; 5];
    if getrandom::fill(&mut bytes).is_err() {
        tracing::warn!("no randomness for a reference number");
    }
    let reference = BASE32_NOPAD.encode(&bytes);
    tracing::error!(reference, method = %asking.method, path = logged(asking.uri.path()), cause, "failed");
    reference
}

/// Says which page it is that whoever asks may not see, which posts may, and where she came from.
fn not_hers(refusal: &Refusal, page: Page, reference: String, reads: bool) -> ErrorPage {
    let (frame, lang) = (page.frame(), page.lang);
    let permission = refusal.detail.get(PERMISSION_CODE).map(String::as_str).unwrap_or_default();
    let called = frame.called(&page.path, permission).filter(|_| reads);
    let called = called.map(|key| page.t1("web-error-post-page", "page", page.t(key)));
    let sentence = called.into_iter().chain([refusal.sentence(lang)]).collect::<Vec<_>>();
    let posts: Vec<&str> = frame.posts_with(permission).map(|post| post.title.get(lang)).collect();
    let named = posts.iter().take(POSTS).copied().collect::<Vec<_>>().join(lang.pick("、", ", "));
    let remedy = match posts.len() {
        0 => refusal.remedy(lang),
        1..=POSTS => page.t1("web-error-post-ask", "posts", named),
        _ => page.t1("web-error-post-ask", "posts", page.t1("web-error-post-more", "posts", named)),
    };
    let title = page.t(if reads { "web-error-post-title" } else { "web-error-refused-title" });
    let before = page.came.clone().filter(|before| before.split('?').next() != Some(page.path.as_str()));
    ErrorPage {
        title,
        sentence: sentence.join(lang.pick("", " ")),
        remedy,
        reference,
        code: refusal.code.as_str(),
        home: true,
        before,
        page,
    }
}

fn words(error: &WebError, page: Page, reference: String, reads: bool) -> ErrorPage {
    let (code, before) = (error.code(), None);
    if let WebError::Refused(refusal) = error {
        let home = refusal.code.is_permission();
        // Residents and programs hold no posts: they are told of none.
        if home && page.visitor.staff() {
            return not_hers(refusal, page, reference, reads);
        }
        let told = page.told(refusal);
        let (sentence, remedy) = (told.sentence(page.lang), told.remedy(page.lang));
        let title = page.t("web-error-refused-title");
        return ErrorPage { page, title, sentence, remedy, reference, code, home, before };
    }
    let name = match error {
        WebError::NotFound => "not-found",
        WebError::SignIn => "sign-in",
        WebError::Busy => "busy",
        WebError::Uncertain => "uncertain",
        WebError::Unstored => "unstored",
        WebError::TooMany(_) => "too-many",
        WebError::Form(FormFault::TooLarge) => "too-large",
        WebError::Form(FormFault::Late) => "late",
        WebError::Form(FormFault::Forged) => "forged",
        WebError::Form(_) => "unreadable",
        WebError::Method => "method",
        WebError::Failed(_) | WebError::Refused(_) => "failed",
    };
    let text = |part: &str| page.t(&format!("web-error-{name}-{part}"));
    let (title, sentence, remedy) = (text("title"), text("sentence"), text("remedy"));
    let home = matches!(error, WebError::NotFound | WebError::Method | WebError::Failed(_));
    ErrorPage { page, title, sentence, remedy, reference, code, home, before }
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.contains("application/json") && !accepted.contains("text/html")
}

/// Whether somebody opens an address in a browser, and not a script of a page.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.contains("text/html")
}

fn in_json(status: StatusCode, view: &ErrorPage) -> Response {
    let body = serde_json::json!({
        "code": view.code, "message": view.sentence, "remedy": view.remedy, "reference": view.reference,
    });
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// To the sign-in and back to what was asked, when that was a page.
fn to_sign_in(asking: &Asking<'_>) -> Response {
    let asked = asking.uri.path_and_query().map_or("/", |whole| whole.as_str());
    let next = if asking.method == Method::GET { local_path(asked) } else { None };
    let target = next.map_or_else(|| "/sign-in".to_owned(), |path| format!("/sign-in?next={}", encode(path)));
    (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response()
}

/// Keeps what the first answer said beside its body: cookies (a session that ended), when to try again, which methods
/// there are.
fn keep(response: &mut Response, first: &HeaderMap) {
    for name in [SET_COOKIE, RETRY_AFTER, axum::http::header::ALLOW] {
        if name != SET_COOKIE && response.headers().contains_key(&name) {
            continue;
        }
        for value in first.get_all(&name) {
            response.headers_mut().append(&name, value.clone());
        }
    }
}

fn set_cookies(response: &mut Response, headers: &HeaderMap, uri: &Uri, seat: &Seat) {
    let query = crate::form::Form::parse(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    if query.has("lang") && uri.path() != "/prefer" {
        let liked = Preferences::read(headers, &query);
        if liked != Preferences::read(headers, &crate::form::Form::default()) {
            add_cookie(response, &liked.set_cookie());
        }
    }
    if let Some(binding) = seat.binding.get() {
        add_cookie(response, &format!("{BINDING_COOKIE}={binding}; Path=/; SameSite=Strict; HttpOnly"));
    }
}

fn add_cookie(response: &mut Response, line: &str) {
    if let Ok(value) = HeaderValue::from_str(line) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_log_line_holds_a_secret_of_a_path() {
        let table = [
            ("/", "/"),
            ("/cases/210102-2026-0000047-1/files", "/cases/210102-2026-0000047-1/files"),
            ("/apply/resume/0192f0c1a2b37c4d8e9f0a1b2c3d4e5f", "/apply/resume/…"),
        ];
        for (path, shown) in table {
            assert_eq!(logged(path), shown);
        }
    }

    #[test]
    fn a_bare_status_of_a_library_is_told_in_words() {
        for (status, kind, expected) in [
            (200, "text/plain", None),
            (404, "text/plain; charset=utf-8", Some("web.not_found")),
            (404, "text/html", None), // A page of ours says it already.
            (405, "", Some("web.method")),
            (413, "", Some("web.form_too_large")),
            (415, "", Some("web.form_kind")),
            (400, "", Some("web.form_encoding")),
            (422, "", Some("web.form_encoding")),
            (408, "", Some("web.busy")),
            (503, "", Some("web.busy")),
            (500, "", Some("web.failed")),
            (507, "application/json", None),
            (418, "", None),
        ] {
            let mut response = StatusCode::from_u16(status).unwrap().into_response();
            response.headers_mut().remove(CONTENT_TYPE);
            if !kind.is_empty() {
                response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            }
            let found = raised(&response, &Method::GET).map(|error| error.code());
            assert_eq!(found, expected, "{status} {kind}");
        }
        let said = |response: Response| raised(&response, &Method::POST).map(|error| error.code());
        assert_eq!(said(WebError::Busy.into_response()), Some("web.busy"), "what the handler said");
        assert_eq!(said(StatusCode::SERVICE_UNAVAILABLE.into_response()), Some("web.uncertain"), "its time was over");
    }

    #[test]
    fn programs_ask_for_json_and_browsers_for_pages() {
        for (accepted, json) in [
            ("", false),
            ("*/*", false),
            ("application/json", true),
            ("application/json, text/plain", true),
            ("text/html,application/json;q=0.9", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accepted));
            assert_eq!(wants_json(&headers), json, "{accepted}");
        }
    }

    #[test]
    fn the_sign_in_leads_back_to_pages_alone() {
        for (method, uri, target) in [
            (Method::GET, "/queue?state=late&after=9", "/sign-in?next=%2Fqueue%3Fstate%3Dlate%26after%3D9"),
            (Method::GET, "/", "/sign-in?next=%2F"),
            (Method::GET, "//evil.cn", "/sign-in"),
            (Method::POST, "/queue", "/sign-in"),
            (Method::HEAD, "/queue", "/sign-in"),
        ] {
            let (asked, headers) = (Uri::from_static(uri), HeaderMap::new());
            let response = to_sign_in(&Asking { method: &method, uri: &asked, headers: &headers, is_data: false });
            let location = response.headers().get(LOCATION).unwrap();
            assert_eq!((response.status(), location.to_str().unwrap()), (StatusCode::SEE_OTHER, target), "{uri}");
        }
    }
}
