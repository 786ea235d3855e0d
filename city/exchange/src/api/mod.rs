//! This is the interface for other systems: `/api/v1` takes and gives JSON. Each system has a token, and cookies count
//! for nothing.

mod call;
mod cases;
mod catalogue;
mod letting_in;
mod messages;
mod problem;
mod remedies;
mod shown;

use crate::refusals::Why;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, get, on};
use kernel::refusal::Refusal;
use web::{Cost, Need, Page, Routes};

use crate::{Exchange, contract};
use call::token;
use problem::{Trouble, said};

pub use letting_in::LetIn;
pub use problem::{language, refusal_of, status_of};
pub use remedies::remedy_of;

/// Every method in which something is sent.
const ANY: MethodFilter = MethodFilter::GET
    .or(MethodFilter::POST)
    .or(MethodFilter::PUT)
    .or(MethodFilter::PATCH)
    .or(MethodFilter::DELETE)
    .or(MethodFilter::OPTIONS);

/// Returns the calls of the interface and its document. Every other address below it gets an answer of the interface's
/// own kind.
pub fn routes(exchange: Arc<Exchange>) -> Routes {
    let call = || Cost::call(token(), said);
    let open = || Cost::call(Need::Anyone, said);
    Routes::new()
        .route("/api/v1/items", call(), get(catalogue::items))
        .route("/api/v1/items/{code}", call(), get(catalogue::item))
        .route("/api/v1/cases", call(), get(cases::list).post(cases::open))
        .route("/api/v1/cases/{number}", call(), get(cases::one))
        .route("/api/v1/cases/{number}/actions", call(), axum::routing::post(cases::act))
        .route("/api/v1/figures", call(), get(catalogue::figures))
        .route("/api/v1/places", call(), get(catalogue::places))
        .route("/api/v1/messages/replay", call(), axum::routing::post(messages::replay))
        .route("/api/v1/openapi.json", open(), get(document))
        .route("/api/v1/{*rest}", open(), on(ANY, nothing_here))
        .route("/api/{*rest}", open(), on(ANY, nothing_here))
        .method_not_allowed_fallback(wrong_method)
        .wrapped(|answers| answers.layer(map_response(as_file)))
        .with_state(exchange)
}

/// Answers of calls that were done are files too.
async fn as_file(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_DISPOSITION, problem::AS_FILE);
    response
}

/// Answers `GET /api/v1/openapi.json`, which describes the interface for programs in the reader's language.
async fn document(State(exchange): State<Arc<Exchange>>, page: Page) -> Response {
    let written = contract::openapi(&exchange.counter.public_url, &|key: &str| page.t(key));
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
