//! What wraps all routes once: addresses of the frame itself, errors, headers, compression, limits, panics.

use crate::cost::{Cost, Door, Doors, Limits, Need, pass};
use crate::draw::{Drawing, draw};
use crate::error::WebError;
use crate::frame::Frame;
use crate::headers::secure;
use crate::preferences::prefer;
use crate::routes::Routes;
use axum::Router;
use axum::extract::Path;
use axum::handler::Handler;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::any::Any;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

/// The largest body of any request, in bytes; each route has a limit of its own, which is never larger.
const LARGEST_BODY: usize = 16 * 1024 * 1024;
/// No answer takes longer, whatever keeps it; each route has a time of its own, which is shorter.
const LONGEST_ANSWER: Duration = Duration::from_mins(3);

/// Wraps all routes of the platform. Sign-in is attached by [`layers_with`].
pub fn layers(routes: Routes, frame: Arc<Frame>) -> Router {
    layers_with(routes, frame, |router| router)
}

/// Wraps all routes of the platform, with the limits that are shipped but for the quota: nobody's requests are counted.
/// `attach` puts the sign-in between the routes and
/// the drawing of errors, so that even "not found" knows who is looking:
/// `web::layers_with(routes, frame, |router| identity::attach(router, identity))`.
pub fn layers_with(routes: Routes, frame: Arc<Frame>, attach: impl FnOnce(Router) -> Router) -> Router {
    layers_behind(routes, frame, &Arc::new(Doors::new(&Limits::default().with_quota(0))), attach)
}

/// Wraps all routes of the platform as [`layers_with`], behind these doors. What has no route stands behind one too.
pub fn layers_behind(
    routes: Routes,
    frame: Arc<Frame>,
    doors: &Arc<Doors>,
    attach: impl FnOnce(Router) -> Router,
) -> Router {
    let plain = DefaultPredicate::new().and(NotForContentType::const_new("application/vnd.openxmlformats"));
    let door = from_fn_with_state(Arc::new(Door::new(doors.clone(), Cost::page(Need::Anyone))), pass);
    let all = routes.merge(own());
    let drawing = Drawing { frame, voices: Arc::new(all.voices()) };
    let with_own = all
        .behind(doors)
        .fallback(nothing_here.layer(door.clone()))
        .method_not_allowed_fallback(no_such_method.layer(door));
    attach(with_own)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST_ANSWER))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .layer(from_fn_with_state(drawing, draw))
        .layer(CompressionLayer::new().compress_when(plain))
        .layer(map_response(secure))
}

/// The addresses of the frame itself.
fn own() -> Routes {
    Routes::new()
        .route("/prefer", Cost::form(Need::Anyone), post(prefer))
        .route("/assets/{file}", Cost::asset(), get(asset))
        .route("/favicon.ico", Cost::asset(), get(favicon))
        .route("/robots.txt", Cost::asset(), get(robots))
}

/// Reading the page makes the visitor known to the layer that draws the error.
async fn nothing_here(_page: crate::page::Page) -> WebError {
    WebError::NotFound
}

async fn no_such_method(_page: crate::page::Page) -> WebError {
    WebError::Method
}

async fn asset(Path(file): Path<String>) -> Result<Response, WebError> {
    let (asset, for_ever) = ui::requested(&file).ok_or(WebError::NotFound)?;
    let kept = if for_ever { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok(([(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, kept)], asset.bytes).into_response())
}

async fn favicon() -> Result<Response, WebError> {
    asset(Path("mark.svg".to_owned())).await
}

/// What search engines may read: the front page, what can be asked for, the places, and what the city publishes.
/// Nobody's matter and no page of the staff is among it. A place is called by its number; what lies below it is work.
const ROBOTS: &str = "User-agent: *\n\
    Allow: /$\n\
    Allow: /items$\n\
    Allow: /items/\n\
    Allow: /family$\n\
    Allow: /report$\n\
    Allow: /nearby$\n\
    Allow: /places/1\n\
    Allow: /places/2\n\
    Allow: /places/3\n\
    Allow: /places/4\n\
    Allow: /places/5\n\
    Allow: /places/6\n\
    Allow: /places/7\n\
    Allow: /places/8\n\
    Allow: /places/9\n\
    Disallow: /places/*/\n\
    Disallow: /places/*?\n\
    Allow: /figures$\n\
    Allow: /rulebook$\n\
    Allow: /rulebook/\n\
    Allow: /help$\n\
    Allow: /privacy$\n\
    Allow: /verify$\n\
    Allow: /assets/\n\
    Disallow: /\n";

async fn robots() -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], ROBOTS).into_response()
}

#[expect(clippy::needless_pass_by_value, reason = "the signature is given by the layer")]
fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().cloned();
    let text = text.or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    WebError::Failed(format!("panic: {}", text.unwrap_or_default())).into_response()
}
