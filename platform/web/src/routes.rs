//! Routes, each with what it costs. There is no other way to add one, so that nobody forgets to say it.

use crate::cost::{Class, Cost, Door, Doors, pass};
use crate::voices::Voices;
use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::MethodRouter;
use std::sync::Arc;

/// The routes of a department, or of the whole platform.
#[derive(Clone)]
pub struct Routes<S = ()> {
    all: Vec<Route<S>>,
}

#[derive(Clone)]
struct Route<S> {
    path: String,
    cost: Cost,
    answers: MethodRouter<S>,
    /// Answers every other method, where the department does that by itself.
    refuses: Option<MethodRouter<S>>,
}

/// What a route declares, for lists and tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The path, with its names in braces.
    pub path: String,
    /// What its requests cost.
    pub class: Class,
    /// The name of what whoever asks must have.
    pub need: &'static str,
}

impl<S> Default for Routes<S> {
    fn default() -> Self {
        Self { all: Vec::new() }
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No route yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a route. Where two methods of one path cost or need something else, the path is added twice.
    ///
    /// ```
    /// let (path, answers) = ("/a", axum::routing::get(|| async { "a" }));
    /// let routes = web::Routes::<()>::new().route(path, web::Cost::page(web::Need::Anyone), answers);
    /// assert_eq!(routes.declared().len(), 1);
    /// ```
    ///
    /// What does not say what it costs, or what it needs, is no route:
    ///
    /// ```compile_fail
    /// let (path, answers) = ("/a", axum::routing::get(|| async { "a" }));
    /// let routes = web::Routes::<()>::new().route(path, answers);
    /// ```
    ///
    /// ```compile_fail
    /// let (path, answers) = ("/a", axum::routing::get(|| async { "a" }));
    /// let routes = web::Routes::<()>::new().route(path, web::Cost::page(), answers);
    /// ```
    #[must_use]
    pub fn route(mut self, path: &str, cost: Cost, answers: MethodRouter<S>) -> Self {
        self.all.push(Route { path: path.to_owned(), cost, answers, refuses: None });
        self
    }

    /// Adds the routes of somebody else.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self
    }

    /// Answers every method that a route added so far does not have by itself. It stands behind a door that asks for
    /// nothing.
    #[must_use]
    pub fn method_not_allowed_fallback<H, T>(mut self, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        for (route, handler) in self.all.iter_mut().zip(std::iter::repeat(handler)) {
            route.refuses = Some(MethodRouter::new().fallback(handler));
        }
        self
    }

    /// Wraps the answers of all routes added so far. What wraps them stands behind the door: nobody who is turned away
    /// there comes to it, and no body was read.
    #[must_use]
    pub fn wrapped(self, wrap: impl Fn(MethodRouter<S>) -> MethodRouter<S>) -> Self {
        let wrapped = |route: Route<S>| Route {
            answers: wrap(route.answers),
            refuses: route.refuses.map(&wrap),
            path: route.path,
            cost: route.cost,
        };
        Self { all: self.all.into_iter().map(wrapped).collect() }
    }

    /// Gives all routes added so far their state.
    #[must_use]
    pub fn with_state(self, state: S) -> Routes {
        let each = self.all.into_iter().zip(std::iter::repeat(state));
        let stated = |(route, state): (Route<S>, S)| Route {
            path: route.path,
            cost: route.cost,
            refuses: route.refuses.map(|refuses| refuses.with_state(state.clone())),
            answers: route.answers.with_state(state),
        };
        Routes { all: each.map(stated).collect() }
    }

    /// What every route declares, in the order in which they were added.
    #[must_use]
    pub fn declared(&self) -> Vec<Declared> {
        let declared = |route: &Route<S>| Declared {
            path: route.path.clone(),
            class: route.cost.class,
            need: route.cost.need.name(),
        };
        self.all.iter().map(declared).collect()
    }
}

impl Routes {
    /// In which words each route tells what goes wrong there.
    pub(crate) fn voices(&self) -> Voices {
        Voices::of(self.all.iter().map(|route| (route.path.as_str(), &route.cost)))
    }

    /// Puts a door before every route.
    pub(crate) fn behind(self, doors: &Arc<Doors>) -> Router {
        let guard = |cost| from_fn_with_state(Arc::new(Door::new(doors.clone(), cost)), pass);
        self.all.into_iter().fold(Router::new(), |router, Route { path, cost, answers, refuses }| {
            let of_refusal = cost.of_refusal();
            let answers = answers.route_layer(guard(cost));
            let answers = match refuses {
                Some(refuses) => answers.merge(refuses.layer(guard(of_refusal))),
                None => answers,
            };
            router.route(&path, answers)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Bounds, Limits, Need};
    use axum::body::{Body, Bytes};
    use axum::http::{Request, StatusCode};
    use axum::response::IntoResponse;
    use axum::routing::{get, post};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    /// The limits of these tests: everything is small and quick.
    fn limits() -> Limits {
        let small = |bounds: Bounds| Bounds {
            body_within: Duration::from_millis(100),
            answer_within: Duration::from_millis(200),
            patience: Duration::from_millis(50),
            ..bounds
        };
        let shipped = Limits { too_often_waits: Duration::from_millis(20), ..Limits::default().with_quota(0) };
        let export = Bounds { waiting_each: 0, answer_within: Duration::from_secs(5), ..small(shipped.export) };
        Limits {
            page: small(shipped.page),
            form: Bounds { body_bytes: 8, ..small(shipped.form) },
            upload: Bounds { body_bytes: 64, ..small(shipped.upload) },
            proof: Bounds { at_once: 1, kept_for_staff: 0, at_once_each: 1, ..small(shipped.proof) },
            export,
            ..shipped
        }
    }

    /// Where an export stands still: it says that it has begun, and goes on when it may.
    #[derive(Default)]
    struct Gate {
        begun: Notify,
        opens: Notify,
    }

    async fn made(gate: Arc<Gate>) -> &'static str {
        gate.begun.notify_one();
        gate.opens.notified().await;
        "made"
    }

    fn routes(gate: &Arc<Gate>) -> Routes {
        let gate = gate.clone();
        let need = || {
            Need::shown("key", |parts| {
                let held = parts.headers.contains_key("x-key");
                (!held).then(|| StatusCode::FORBIDDEN.into_response())
            })
        };
        Routes::new()
            .route("/page", Cost::page(Need::Anyone), get(takes).post(takes))
            .route("/form", Cost::form(need()), post(takes))
            .route("/upload", Cost::upload(need()), get(takes).post(takes))
            .route("/never", Cost::page(Need::Anyone), get(std::future::pending::<String>).post(never_stored))
            .route("/export", Cost::export(Need::Anyone), get(move || made(gate)))
            .route("/letter.pdf", Cost::list(Need::Anyone), get(takes).post(takes))
            .route("/proof", Cost::proof(Need::Anyone), post(takes))
    }

    async fn takes(body: Bytes) -> String {
        body.len().to_string()
    }

    async fn never_stored(_body: Bytes) -> String {
        std::future::pending().await
    }

    /// A body of one piece, which counts how often it was asked for.
    fn watched(bytes: usize) -> (Body, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = asked.clone();
        let pieces = futures_util::stream::unfold(Some(bytes), move |left| {
            counted.fetch_add(1, Ordering::Relaxed);
            std::future::ready(left.map(|left| (Ok::<_, axum::Error>(Bytes::from(vec![b'x'; left])), None)))
        });
        (Body::from_stream(pieces), asked)
    }

    fn app(limits: &Limits) -> Router {
        gated(limits, &Arc::default())
    }

    fn gated(limits: &Limits, gate: &Arc<Gate>) -> Router {
        routes(gate).behind(&Arc::new(Doors::new(limits)))
    }

    async fn ask(app: &Router, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> (u16, String) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = app.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    const KEY: (&str, &str) = ("x-key", "1");

    #[tokio::test]
    async fn nothing_is_read_of_a_body_that_is_turned_away() {
        let app = app(&limits());
        for (method, path, headers, bytes, status) in [
            ("POST", "/form", vec![], 4, 403),
            ("POST", "/form", vec![], 1_000_000, 403),
            ("POST", "/upload", vec![], 1_000_000, 403),
            ("POST", "/upload", vec![("content-length", "65"), KEY], 65, 413),
            ("POST", "/form", vec![("content-length", "9"), KEY], 9, 413),
            ("GET", "/page", vec![("content-length", "9")], 9, 200),
            ("GET", "/upload", vec![KEY], 9, 200),
            ("PUT", "/form", vec![], 9, 405),
            ("POST", "/nothing", vec![], 9, 404),
        ] {
            let (body, asked) = watched(bytes);
            let (found, _) = ask(&app, method, path, &headers, body).await;
            assert_eq!((found, asked.load(Ordering::Relaxed)), (status, 0), "{method} {path} {headers:?}");
        }
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_the_bound_of_its_class() {
        let app = app(&limits());
        for (path, bytes, status, told) in [
            ("/form", 8, 200, "8"),
            ("/form", 9, 413, "web.form_too_large"),
            ("/page", 9, 413, "web.form_too_large"),
            ("/upload", 64, 200, "64"),
            ("/upload", 65, 413, "web.form_too_large"),
        ] {
            let (body, asked) = watched(bytes);
            assert_eq!(ask(&app, "POST", path, &[KEY], body).await, (status, told.to_owned()), "{path} {bytes}");
            assert!(asked.load(Ordering::Relaxed) > 0);
        }
    }

    #[tokio::test]
    async fn a_body_and_an_answer_have_their_time() {
        let app = app(&limits());
        let stalled = Body::from_stream(futures_util::stream::pending::<Result<Bytes, axum::Error>>());
        assert_eq!(ask(&app, "POST", "/form", &[KEY], stalled).await, (408, "web.form_late".to_owned()));
        assert_eq!(ask(&app, "GET", "/never", &[], Body::empty()).await, (503, "web.busy".to_owned()));
        assert_eq!(ask(&app, "POST", "/never", &[], Body::empty()).await, (503, "web.uncertain".to_owned()));
    }

    #[tokio::test]
    async fn one_export_runs_at_a_time_and_pages_go_on() {
        let gate = Arc::<Gate>::default();
        let app = gated(&limits(), &gate);
        let first = tokio::spawn({
            let app = app.clone();
            async move { ask(&app, "GET", "/export", &[], Body::empty()).await }
        });
        gate.begun.notified().await;
        assert_eq!(ask(&app, "GET", "/export", &[], Body::empty()).await, (503, "web.busy".to_owned()));
        assert_eq!(ask(&app, "GET", "/page", &[], Body::empty()).await, (200, "0".to_owned()));
        gate.opens.notify_one();
        assert_eq!(first.await.unwrap(), (200, "made".to_owned()));
        gate.opens.notify_one();
        assert_eq!(ask(&app, "GET", "/export", &[], Body::empty()).await.0, 200);
    }

    #[tokio::test]
    async fn whoever_sends_slowly_keeps_no_costly_place() {
        let patient = Limits::default().with_quota(0);
        let few = Bounds { at_once: 1, kept_for_staff: 0, at_once_each: 1, waiting_each: 0, ..patient.proof };
        let app = app(&Limits { proof: few, ..patient });
        for path in ["/letter.pdf", "/proof"] {
            let (began, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
            let (begins, tells) = (began.clone(), told.clone());
            // Half of the body, and the other half when it is told.
            let halves = futures_util::stream::unfold(0, move |sent| {
                let (begins, tells) = (begins.clone(), tells.clone());
                async move {
                    match sent {
                        0 => begins.notify_one(),
                        1 => tells.notified().await,
                        _ => return None,
                    }
                    Some((Ok::<_, axum::Error>(Bytes::from_static(b"ab")), sent + 1))
                }
            });
            let slow = tokio::spawn({
                let app = app.clone();
                async move { ask(&app, "POST", path, &[], Body::from_stream(halves)).await }
            });
            began.notified().await;
            let quick = ask(&app, "POST", path, &[], Body::from("abc")).await;
            assert_eq!(quick, (200, "3".to_owned()), "{path}: the place is free");
            told.notify_one();
            assert_eq!(slow.await.unwrap(), (200, "4".to_owned()), "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_read_first_has_its_bounds_too() {
        let app = app(&limits());
        for path in ["/letter.pdf", "/proof"] {
            let stalled = Body::from_stream(futures_util::stream::pending::<Result<Bytes, axum::Error>>());
            assert_eq!(ask(&app, "POST", path, &[], stalled).await, (408, "web.form_late".to_owned()), "{path}");
            let (body, asked) = watched((256 << 10) + 1);
            assert_eq!(ask(&app, "POST", path, &[], body).await, (413, "web.form_too_large".to_owned()), "{path}");
            assert!(asked.load(Ordering::Relaxed) > 0);
        }
    }

    #[tokio::test]
    async fn a_client_that_asks_too_often_waits() {
        let page = Bounds { a_minute_from_one_address: 1, ..Limits::default().page };
        let app = app(&Limits { page, ..Limits::default().with_quota(2) });
        for expected in [200, 200, 429] {
            assert_eq!(ask(&app, "GET", "/page", &[], Body::empty()).await.0, expected);
        }
        let (body, asked) = watched(4);
        assert_eq!(ask(&app, "POST", "/form", &[KEY], body).await.0, 200, "forms are counted apart");
        assert!(asked.load(Ordering::Relaxed) > 0);
    }

    #[test]
    fn routes_say_what_they_declare() {
        let one = Routes::<()>::new().route("/a", Cost::list(Need::SignedIn), get(takes));
        let declared = routes(&Arc::default()).merge(one).declared();
        assert_eq!(declared.len(), 8);
        assert_eq!(declared.last(), Some(&Declared { path: "/a".to_owned(), class: Class::List, need: "signed in" }));
    }
}
