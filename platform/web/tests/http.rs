//! The layers through HTTP: what a visitor, a program and an attacker get.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE,
};
use axum::http::{HeaderMap, Request, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kernel::permission::{Actor, ActorKind, Permission};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;
use web::{Bounds, Cost, Doors, Frame, Limits, Need, Page, PostForm, Routes, Texts, Visitor, WebError};

#[derive(Template)]
#[template(
    source = "{% extends \"frame.html\" %}{% import \"parts.html\" as parts %}{% block title %}t{% endblock %}{% block main %}<h1>{{ page.lang.code() }}</h1>{{ parts::hidden() }}{% endblock %}",
    ext = "html"
)]
struct Small {
    page: Page,
}

async fn small(page: Page) -> Result<Response, WebError> {
    web::render(&Small { page })
}

async fn take(page: Page, form: PostForm) -> Result<String, WebError> {
    Ok(format!("{} {} {}", page.visitor.actor.name, form.get("name"), form.key()))
}

async fn held(page: Page) -> Result<String, WebError> {
    page.require(Permission::AuditRead)?;
    Ok(page.visitor.actor.name)
}

/// Tells how many things wait, as the head of the page would.
async fn held_by(page: Page) -> String {
    page.waiting.len().to_string()
}

async fn breaks() -> String {
    panic!("the secret of the house")
}

async fn refuses(Trouble(code): Trouble) -> WebError {
    Refusal::new(code).into()
}

struct Trouble(Code);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Trouble {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _state: &S) -> Result<Self, WebError> {
        let code = parts.uri.query().and_then(|text| Code::find(text, Code::ALL)).ok_or(WebError::NotFound)?;
        Ok(Self(code))
    }
}

/// Tells a program what goes wrong.
#[expect(clippy::needless_pass_by_value, reason = "the signature is given by the cost of a route")]
fn said(error: WebError, uri: &Uri, _: &HeaderMap) -> Response {
    let told = serde_json::json!({ "at": uri.path(), "why": error.code() }).to_string();
    (error.status(), [(CONTENT_TYPE, "application/problem+json")], told).into_response()
}

/// A file of several pieces.
fn large() -> Vec<u8> {
    (0..=250).cycle().take(200_000).collect()
}

/// Tells what was done.
async fn lamps(page: Page) -> String {
    format!("done: {}", page.query.get("done"))
}

/// Signs everybody with the cookie `me` in, as the sign-in of the platform would.
async fn sign_in(mut request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let cookie = request.headers().get(COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if cookie.contains("me=") {
        let actor = Actor {
            account: Some(uuid::Uuid::from_u128(1)),
            name: "王芳".to_owned(),
            kind: ActorKind::Staff,
            grants: Vec::new(),
        };
        request.extensions_mut().insert(Visitor { actor, session: Some("secret".to_owned()), ..Visitor::default() });
    }
    next.run(request).await
}

fn frame() -> Frame {
    Frame::sample(Texts::new(&[web::LOCALES]).unwrap(), Arc::new(|| Instant::from_micros(1_795_401_720_000_000)))
}

fn app() -> Router {
    app_in(frame())
}

fn app_in(frame: Frame) -> Router {
    let page = || Cost::page(Need::Anyone);
    let routes = Routes::new()
        .route("/", page(), get(small))
        .route("/take", Cost::form(Need::Anyone), post(take))
        .route("/held", page(), get(held))
        .route("/panic", page(), get(breaks))
        .route("/refuse", page(), get(refuses))
        .route("/file", Cost::export(Need::Anyone), get(async || web::download::pdf("file", large())))
        .route("/busy", page(), get(async || WebError::Busy))
        .route("/uncertain", page(), get(async || WebError::Uncertain))
        .route("/unstored", page(), get(async || WebError::Unstored))
        .route(
            "/slow",
            page(),
            get(async || StatusCode::SERVICE_UNAVAILABLE).post(async || StatusCode::SERVICE_UNAVAILABLE),
        )
        .route("/mine", page(), get(async || WebError::SignIn).post(async || WebError::SignIn))
        .route("/fails", page(), get(async || WebError::Failed("select secret".to_owned())))
        .route("/counted", page(), get(held_by))
        .route("/data", Cost::data(Need::Anyone), get(held_by))
        .route("/data/{row}", Cost::data(Need::Anyone), get(async || WebError::NotFound))
        .route("/feed", Cost::feed(Need::Anyone, said), get(async || WebError::TooMany(7)).post(take))
        .route("/feed/{*rest}", Cost::feed(Need::Anyone, said), get(breaks))
        .route("/lamps", page(), get(lamps).post(async || axum::response::Redirect::to("/lamps?done=lit")))
        .route("/bare", page(), get(async || StatusCode::INTERNAL_SERVER_ERROR));
    web::layers_with(routes, Arc::new(frame), |router| router.layer(axum::middleware::from_fn(sign_in)))
}

async fn ask(
    method: &str,
    address: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
    (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
}

#[tokio::test]
async fn nothing_is_counted_for_what_has_no_head() {
    let waiting = web::Waiting { key: "web-waiting", count: 3, href: "/queue".to_owned() };
    let hook: web::WaitingHook = Arc::new(move |_| {
        let waiting = waiting.clone();
        Box::pin(async move { vec![waiting] })
    });
    for (address, cookie, counted) in
        [("/counted", "me=1", "1"), ("/data", "me=1", "0"), ("/counted", "", "0"), ("/data", "", "0")]
    {
        let app = app_in(Frame { waiting: Some(hook.clone()), ..frame() });
        let request = Request::builder().uri(address).header(COOKIE, cookie).body(Body::empty()).unwrap();
        let body = app.oneshot(request).await.unwrap().into_body();
        let bytes = axum::body::to_bytes(body, 1 << 10).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes), counted, "{address} {cookie}");
    }
}

#[tokio::test]
async fn a_large_file_arrives_whole_also_where_it_is_packed() {
    for packed in [false, true] {
        let request = Request::builder().uri("/file").header(ACCEPT_ENCODING, if packed { "gzip" } else { "identity" });
        let response = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 24).await.unwrap();
        assert_eq!(parts.headers.get(CONTENT_ENCODING).is_some(), packed);
        // A packed file ends with the length of what is in it.
        let told = bytes.last_chunk::<4>().map(|length| u32::from_le_bytes(*length));
        let length = if packed { told } else { u32::try_from(bytes.len()).ok() };
        assert_eq!(length, Some(200_000), "packed: {packed}, {} bytes", bytes.len());
    }
}

#[tokio::test]
async fn what_has_no_route_stands_behind_a_door_too() {
    let shipped = Limits { too_often_waits: Duration::ZERO, ..Limits::default() };
    let page = Bounds { a_minute_from_one_address: 2, ..shipped.page };
    let form = Bounds { a_minute_from_one_address: 2, ..shipped.form };
    let doors = Arc::new(Doors::new(&Limits { page, form, ..shipped }));
    let served = || {
        let own = Routes::new().route("/own", Cost::page(Need::Anyone), get(async || "own"));
        own.method_not_allowed_fallback(async || StatusCode::METHOD_NOT_ALLOWED).merge(Routes::new().route(
            "/page",
            Cost::page(Need::Anyone),
            get(small),
        ))
    };
    let ask = async |doors: &Arc<Doors>, method: &str, address: &str| {
        let request = Request::builder().method(method).uri(address).body(Body::empty()).unwrap();
        let router = web::layers_behind(served(), Arc::new(frame()), doors, |router| router);
        router.oneshot(request).await.unwrap().status().as_u16()
    };
    for expected in [404, 404, 429] {
        assert_eq!(ask(&doors, "GET", "/nothing").await, expected, "a page that is not there is a page");
    }
    for expected in [405, 405, 429] {
        assert_eq!(ask(&doors, "PUT", "/page").await, expected, "a method that is not there");
    }
    assert_eq!(ask(&doors, "PUT", "/own").await, 429, "also where a department answers it by itself");
    assert_eq!(ask(&doors, "POST", "/nothing").await, 429);
    let others = Arc::new(Doors::new(&Limits::default().with_quota(0)));
    for (method, address, expected) in [("PUT", "/own", 405), ("PUT", "/page", 405), ("POST", "/nothing", 404)] {
        assert_eq!(ask(&others, method, address).await, expected, "{method} {address}");
    }
}

/// Names and values.
type Headers<'a> = &'a [(&'a str, &'a str)];

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");

#[tokio::test]
async fn trouble_is_drawn_in_the_frame() {
    let table = [
        ("/nothing", 404, "没有找到这一页", "Page not found"),
        ("/take", 405, "这个地址打不开", "can’t be opened"),
        ("/busy", 503, "现在办事的人多", "We’re busy right now"),
        ("/uncertain", 503, "不知道存上了没有", "We don’t know whether this was saved"),
        ("/unstored", 503, "现在存不了", "We can’t save anything right now"),
        ("/panic", 500, "系统出了故障", "Something went wrong"),
        ("/fails", 500, "系统出了故障", "Something went wrong"),
        ("/bare", 500, "系统出了故障", "Something went wrong"),
        ("/refuse?permission.missing", 403, "这一步现在办不了", "can’t be done now"),
        ("/refuse?form.missing", 422, "这一步现在办不了", "can’t be done now"),
    ];
    for (address, status, chinese, english) in table {
        for (language, words) in [("zh", chinese), ("en", english)] {
            let (found, _, body) = ask("GET", address, &[("accept-language", language)], "").await;
            assert_eq!(found, status, "{address}");
            assert!(body.contains(words) && body.contains("<main"), "{address} {body}");
            assert!(!body.contains("secret") && !body.contains('⟦'), "{address} {body}");
            assert_eq!(
                body.contains("class=\"code\""),
                status == 500,
                "{address}: a reference number for failures alone"
            );
        }
    }
    let (_, headers, _) = ask("GET", "/busy", &[], "").await;
    assert_eq!(headers.get("retry-after").unwrap(), "3");
    let (_, headers, _) = ask("GET", "/unstored", &[], "").await;
    assert_eq!(headers.get("retry-after").unwrap(), "30");
    for (method, words) in [("GET", "现在办事的人多"), ("POST", "不知道存上了没有")] {
        let (status, headers, body) = ask(method, "/slow", &[], "").await;
        assert_eq!((status.as_u16(), headers.get("retry-after").unwrap().as_bytes()), (503, &b"3"[..]), "{method}");
        assert!(body.contains(words), "{method} {body}");
    }
    let (_, headers, _) = ask("GET", "/take", &[], "").await;
    assert_eq!(headers.get("allow").unwrap(), "POST");
}

#[tokio::test]
async fn what_was_done_is_told_once() {
    let (status, headers, _) = ask("POST", "/lamps", &[], "").await;
    assert_eq!((status, headers.get(LOCATION).unwrap().to_str().unwrap()), (StatusCode::SEE_OTHER, "/lamps?done=lit"));
    let kept = headers.get(SET_COOKIE).unwrap().to_str().unwrap();
    assert_eq!(kept, "lianglin_done=lit; Path=/lamps; Max-Age=60; SameSite=Lax; HttpOnly");
    let (_, headers, told) = ask("GET", "/lamps?done=lit", &[("cookie", "lianglin_done=lit")], "").await;
    assert_eq!(told, "done: lit");
    assert!(headers.get(SET_COOKIE).unwrap().to_str().unwrap().starts_with("lianglin_done=; Path=/lamps; Max-Age=0;"));
    for cookies in ["me=1", "lianglin_done=out"] {
        let (_, _, told) = ask("GET", "/lamps?done=lit", &[("cookie", cookies)], "").await;
        assert_eq!(told, "done: ", "read again, or passed on");
    }
}

#[tokio::test]
async fn programs_get_json() {
    let (status, headers, body) = ask("GET", "/refuse?form.missing", &[("accept", "application/json")], "").await;
    assert_eq!(
        (status, headers.get(CONTENT_TYPE).unwrap().to_str().unwrap()),
        (StatusCode::UNPROCESSABLE_ENTITY, "application/json")
    );
    let found: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(found["code"], "form.missing");
    assert!(!found["message"].as_str().unwrap().is_empty() && !found["remedy"].as_str().unwrap().is_empty());
    let (status, _, _) = ask("GET", "/mine", &[("accept", "application/json")], "").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (_, headers, _) = ask("GET", "/nothing", &[("accept", "text/html,application/json;q=0.9")], "").await;
    assert!(headers.get(CONTENT_TYPE).unwrap().to_str().unwrap().starts_with("text/html"), "a browser gets a page");
}

#[tokio::test]
async fn an_interface_tells_whatever_goes_wrong_there_in_its_own_words() {
    let large = "17000000";
    for (method, address, headers, status, why) in [
        ("GET", "/feed", vec![], 429, "web.too_many"),
        ("PUT", "/feed", vec![], 405, "web.method"),
        ("POST", "/feed", vec![("content-length", large)], 413, "web.form_too_large"),
        ("POST", "/feed", vec![("content-type", "text/xml")], 415, "web.form_kind"),
        ("GET", "/feed/below", vec![], 500, "web.failed"),
        ("POST", "/feed/below", vec![], 405, "web.method"),
        ("POST", "/feed/", vec![], 404, "web.not_found"),
    ] {
        for accepted in ["*/*", "text/html", "application/json"] {
            let headers: Vec<(&str, &str)> = headers.iter().copied().chain([("accept", accepted)]).collect();
            let (found, kept, body) = ask(method, address, &headers, "").await;
            let what = format!("{method} {address} {accepted}: {body}");
            assert_eq!(found.as_u16(), status, "{what}");
            assert_eq!(kept.get(CONTENT_TYPE).unwrap(), "application/problem+json", "{what}");
            let told: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!((&told["at"], &told["why"]), (&address.into(), &why.into()), "{what}");
            assert_eq!(kept.get_all("retry-after").iter().count(), usize::from(status == 429), "{what}");
        }
    }
}

#[tokio::test]
async fn a_script_that_asks_for_data_gets_no_page() {
    for (accepted, kind) in
        [("*/*", "application/json"), ("image/webp,*/*", "application/json"), ("text/html,*/*", "text/html")]
    {
        let (status, headers, _) = ask("GET", "/data/1", &[("accept", accepted)], "").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(headers.get(CONTENT_TYPE).unwrap().to_str().unwrap().starts_with(kind), "{accepted}");
    }
}

#[tokio::test]
async fn sign_in_leads_back_to_pages_alone() {
    let (status, headers, _) = ask("GET", "/mine?a=b&c=%E8%80%81", &[], "").await;
    assert_eq!(
        (status, headers.get(LOCATION).unwrap().to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/sign-in?next=%2Fmine%3Fa%3Db%26c%3D%25E8%2580%2581")
    );
    let (_, headers, _) = ask("POST", "/mine", &[], "").await;
    assert_eq!(headers.get(LOCATION).unwrap(), "/sign-in");
}

#[tokio::test]
async fn even_not_found_knows_who_is_looking() {
    for address in ["/nothing", "/take"] {
        let (_, _, body) = ask("GET", address, &[("cookie", "me=1")], "").await;
        assert!(body.contains("王芳") && body.contains("/sign-out"), "{address}");
    }
}

#[tokio::test]
async fn a_page_that_a_post_does_not_open_names_the_permission_and_leads_home() {
    for (language, named, home) in [("zh", "“审计”", "回首页"), ("en", "“audit”", "Home")] {
        let (status, _, body) = ask("GET", "/held", &[("cookie", "me=1"), ("accept-language", language)], "").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(body.contains(named) && !body.contains("{permission}"), "{body}");
        assert!(body.contains(&format!("<a class=\"button\" href=\"/\">{home}</a>")), "{body}");
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let (_, headers, page) = ask("GET", "/", &[], "").await;
    let cookie = headers.get(SET_COOKIE).unwrap().to_str().unwrap();
    assert!(cookie.starts_with("lianglin_form=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let cookie = cookie.split(';').next().unwrap();
    let token = page.split("name=\"_token\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let with_token = format!("name=x&_token={token}&_once=k");
    let cross = ("sec-fetch-site", "cross-site");
    let table: [(Headers<'_>, &str, u16); 8] = [
        (&[FORM, SAME], "name=x&_once=k", 200),
        (&[FORM, ("origin", "https://lianglin.cn"), ("host", "lianglin.cn")], "name=x&_once=k", 200),
        (&[FORM, ("cookie", cookie)], &with_token, 200),
        (&[FORM, cross, ("cookie", cookie)], &with_token, 200),
        (&[FORM, cross, ("cookie", cookie)], "name=x", 403),
        (&[FORM, ("cookie", "lianglin_form=another")], &with_token, 403),
        (&[FORM, ("cookie", &format!("me=1; {cookie}"))], &with_token, 403),
        (&[FORM], "name=x", 403),
    ];
    for (headers, body, expected) in table {
        let (status, _, text) = ask("POST", "/take", headers, body.to_owned()).await;
        assert_eq!(status, expected, "{headers:?} {body}");
        assert!(if expected == 200 { text.ends_with(" x k") } else { text.contains("请刷新页面再提交") }, "{text}");
    }
    let (_, headers, _) = ask("GET", "/", &[("cookie", "lianglin_form=abc")], "").await;
    assert!(headers.get(SET_COOKIE).is_none(), "the cookie is set once");
}

#[tokio::test]
async fn forms_that_cannot_be_read_are_explained() {
    let large = "a=".to_owned() + &"x".repeat(300 * 1024);
    let table = [
        (FORM, "name=%ff".to_owned(), 400, "没能读出来"),
        (FORM, large, 413, "内容太大了"),
        (("content-type", "application/json"), "{}".to_owned(), 415, "没能读出来"),
    ];
    for (kind, body, expected, words) in table {
        let (status, _, text) = ask("POST", "/take", &[kind, SAME], body).await;
        assert_eq!(status, expected);
        assert!(text.contains(words), "{text}");
    }
    let (status, _, text) = ask("POST", "/take", &[FORM, SAME, ("content-length", "99999999")], "a").await;
    assert_eq!(status, 413);
    assert!(text.contains("内容太大了") && text.contains("用浏览器的“后退”还能找回"), "{text}");
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    for address in ["/", "/nothing", "/panic", "/assets/app.css"] {
        let (_, headers, _) = ask("GET", address, &[], "").await;
        let policy = headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{address}");
        assert_eq!(headers.get("x-content-type-options").unwrap(), "nosniff");
        assert_eq!(headers.get("referrer-policy").unwrap(), "same-origin");
        let asked = headers.get("permissions-policy").unwrap().to_str().unwrap();
        assert!(asked.contains("camera=()") && asked.contains("microphone=()") && asked.contains("geolocation=()"));
        assert!(headers.get("content-type").is_some(), "{address}: nobody guesses what it is");
        for named in ["server", "x-powered-by", "access-control-allow-origin"] {
            assert!(headers.get(named).is_none(), "{address}: {named}");
        }
    }
    let (_, headers, _) = ask("GET", "/", &[], "").await;
    assert_eq!(headers.get(CACHE_CONTROL).unwrap(), "no-store");
}

#[tokio::test]
async fn a_visitor_chooses_language_and_look_without_a_script() {
    let form = "lang=en&view=elder&size=2&theme=dark&back=%2Fitems%3Fwords%3Da";
    let (status, headers, _) = ask("POST", "/prefer", &[FORM], form).await;
    assert_eq!((status, headers.get(LOCATION).unwrap().to_str().unwrap()), (StatusCode::SEE_OTHER, "/items?words=a"));
    let cookie = headers.get(SET_COOKIE).unwrap().to_str().unwrap().split(';').next().unwrap().to_owned();
    let (_, _, body) = ask("GET", "/", &[("cookie", &cookie)], "").await;
    assert!(body.contains("<html lang=\"en\" data-view=\"elder\" data-theme=\"dark\" data-size=\"2\">"), "{body}");
    let (_, headers, _) = ask("POST", "/prefer", &[FORM], "back=%2F%2Fevil.cn").await;
    assert_eq!(headers.get(LOCATION).unwrap(), "/");
    let (_, headers, body) =
        ask("GET", "/?lang=en&a=b", &[("cookie", "lianglin_display=zh-CN.elder.0.system; lianglin_form=a")], "").await;
    assert!(
        body.contains("lang=\"en\" data-view=\"elder\"") && body.contains("name=\"back\" value=\"/?a=b\""),
        "{body}"
    );
    assert!(
        headers.get(SET_COOKIE).unwrap().to_str().unwrap().starts_with("lianglin_display=en.elder.0.system;"),
        "a link keeps its language"
    );
}

#[tokio::test]
async fn a_first_visit_is_small_and_assets_are_kept() {
    let gzip = [("accept-encoding", "gzip")];
    let mut wire = 0;
    let (_, _, page) = ask("GET", "/", &[], "").await;
    let linked: Vec<&str> = page.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(linked.len(), 3);
    for address in linked.iter().map(|file| format!("/assets/{file}")).chain(["/".to_owned()]) {
        let request = Request::builder().uri(&address).header(gzip[0].0, gzip[0].1).body(Body::empty()).unwrap();
        let response = app().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{address}");
        assert_eq!(response.headers().get(CONTENT_ENCODING).unwrap(), "gzip", "{address}");
        if address != "/" {
            assert_eq!(response.headers().get(CACHE_CONTROL).unwrap(), "public, max-age=31536000, immutable");
        }
        wire += axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().len();
    }
    assert!(wire < 20 * 1024, "the frame alone takes {wire} bytes on the wire");
    let (status, headers, _) = ask("GET", "/assets/app-000000000000.css", &[(ACCEPT.as_str(), "*/*")], "").await;
    assert_eq!((status, headers.get(CACHE_CONTROL).unwrap().to_str().unwrap()), (StatusCode::OK, "no-cache"));
}
