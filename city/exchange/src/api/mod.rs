//! This is the interface for other systems: `/api/v1` takes and gives JSON. Each system has a token, and cookies count
//! for nothing.

mod call;
mod cases;
mod catalogue;
mod problem;
mod shown;

use crate::refusals::Why;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use kernel::refusal::Refusal;
use web::Page;

use crate::{Exchange, contract};
use problem::{Trouble, language};

pub use problem::status_of;

/// Returns the calls of the interface and its document. Every other address below it gets an answer of the interface's
/// own kind.
pub fn routes(exchange: Arc<Exchange>) -> Router {
    Router::new()
        .route("/api/v1/items", get(catalogue::items))
        .route("/api/v1/items/{code}", get(catalogue::item))
        .route("/api/v1/cases", get(cases::list).post(cases::open))
        .route("/api/v1/cases/{number}", get(cases::one))
        .route("/api/v1/cases/{number}/actions", axum::routing::post(cases::act))
        .route("/api/v1/figures", get(catalogue::figures))
        .route("/api/v1/places", get(catalogue::places))
        .route("/api/v1/openapi.json", get(document))
        .route("/api/v1/{*rest}", any(nothing_here))
        .method_not_allowed_fallback(wrong_method)
        .layer(map_response(as_file))
        .with_state(exchange)
}

/// Says that an answer is a file of a fixed name, so that no browser shows what was put into it as something else.
async fn as_file(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"api.json\""));
    response
}

/// Answers `GET /api/v1/openapi.json`, which describes the interface for programs in the reader's language.
async fn document(page: Page) -> Response {
    let written = contract::openapi(&|key: &str| page.t(key));
    ([(CONTENT_TYPE, "application/json")], written.to_string()).into_response()
}

async fn nothing_here(request: Request) -> Response {
    Trouble::from(Refusal::new(Why::ExchangeNothingHere)).answer(language(request.headers()))
}

async fn wrong_method(request: Request) -> Response {
    Trouble::from(Refusal::new(Why::ExchangeMethod)).answer(language(request.headers()))
}

#[cfg(test)]
mod tests {
    use crate::contract::{OPERATIONS, Verb};

    /// Returns the routes as they are written above, each up to the next.
    fn written() -> Vec<String> {
        let text = include_str!("mod.rs").split("#[cfg(test)]").next().unwrap_or_default();
        text.split(".route(").skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn the_document_and_the_routes_are_the_same() {
        let routes = written();
        for operation in OPERATIONS {
            let verb = if operation.verb == Verb::Get { "get(" } else { "post(" };
            let path = format!("\"{}\"", operation.path);
            let found = routes.iter().any(|route| route.starts_with(&path) && route.contains(verb));
            assert!(found, "{} {} is no route", operation.method(), operation.path);
        }
        let calls: usize =
            routes.iter().map(|route| route.matches("get(").count() + route.matches("post(").count()).sum();
        assert_eq!(calls, OPERATIONS.len() + 1, "a route that is not documented, beside the document itself");
    }
}
