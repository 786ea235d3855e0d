//! Drives the pages inside the process as a browser would: it keeps cookies, sends what forms hold and follows
//! redirects.

use crate::html::{self, Form};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tower::ServiceExt;

const HOST: &str = "lianglin.test";
const ORIGIN: &str = "http://lianglin.test";
const MOST_REDIRECTS: usize = 8;
const BOUNDARY: &str = "----lianglin-test-boundary";

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The address that was asked for, path and query.
    pub address: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Bytes,
}

impl Reply {
    /// Returns the body as text.
    pub fn body(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Returns the words of the page without its tags.
    pub fn words(&self) -> String {
        html::words(&self.body())
    }

    /// Returns the forms of the page.
    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.body())
    }

    /// Returns the form that is sent to an address. The address may carry a query.
    ///
    /// # Panics
    /// Panics when the page has no such form.
    pub fn form(&self, action: &str) -> Form {
        let forms = self.forms();
        let known: Vec<String> = forms.iter().map(|form| form.action.clone()).collect();
        let wanted = |form: &Form| self.resolve(&form.action) == action || form.action == action;
        forms
            .into_iter()
            .find(wanted)
            .unwrap_or_else(|| panic!("{} has no form to {action:?}: {known:?}", self.address))
    }

    /// Returns the links of the page.
    pub fn links(&self) -> Vec<String> {
        html::links(&self.body())
    }

    /// Returns a header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns the address to which it redirects.
    pub fn location(&self) -> Option<&str> {
        self.header("location").filter(|_| self.status.is_redirection())
    }

    /// Fails the test and shows the page unless the reply has that status.
    ///
    /// # Panics
    /// Panics when the reply has another status.
    #[must_use]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{} → {:?}: {}", self.address, self.location(), self.words());
        self
    }

    /// Resolves an address written in this page from the root: `?page=2`, `b` and `/b` alike.
    fn resolve(&self, address: &str) -> String {
        let address = address.strip_prefix(ORIGIN).unwrap_or(address);
        let address = address.split('#').next().unwrap_or_default();
        let path = self.address.split('?').next().unwrap_or_default();
        match address.chars().next() {
            None => self.address.clone(),
            Some('/') => address.to_owned(),
            Some('?') => format!("{path}{address}"),
            Some(_) => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                format!("{folder}/{address}")
            }
        }
    }
}

/// A person at a browser.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookies: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    address: SocketAddr,
    modern: bool,
    last: Option<Reply>,
}

impl Client {
    /// Makes a browser without cookies in front of these routes.
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            headers: BTreeMap::new(),
            address: SocketAddr::from(([192, 0, 2, 1], 40_000)),
            modern: true,
            last: None,
        }
    }

    /// Makes it an old browser. It sends neither `Sec-Fetch-Site` nor `Origin`, so only the token proves a form.
    #[must_use]
    pub fn old(mut self) -> Self {
        self.modern = false;
        self
    }

    /// Sets the network address from which it comes.
    #[must_use]
    pub fn from(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Sends a header with every request from now on, in place of the browser's own.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_lowercase(), value.to_owned());
        self
    }

    /// Returns a cookie that it keeps.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Puts a cookie into the browser.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Drops all cookies, as a closed private window does.
    pub fn forget(&mut self) {
        self.cookies.clear();
        self.last = None;
    }

    /// Returns the page that the person sees.
    pub fn page(&self) -> Option<&Reply> {
        self.last.as_ref()
    }

    /// Asks for an address; redirects are not followed.
    ///
    /// # Panics
    /// Panics when the address is not valid.
    pub async fn get(&mut self, address: &str) -> Reply {
        self.request(Method::GET, address, Body::empty(), None).await
    }

    /// Asks for an address and follows redirects.
    ///
    /// # Panics
    /// Panics when the redirects do not end.
    pub async fn open(&mut self, address: &str) -> Reply {
        let reply = self.get(address).await;
        self.follow(reply).await
    }

    /// Sends fields as a form. The `_csrf` of the page in front is added when it is not among them. Redirects are not
    /// followed.
    ///
    /// # Panics
    /// Panics when the address is not valid.
    pub async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let token = self
            .last
            .as_ref()
            .and_then(|page| page.forms().into_iter().find_map(|form| form.get("_csrf").map(str::to_owned)));
        if let Some(token) = token.filter(|_| all.iter().all(|(name, _)| name != "_csrf")) {
            all.push(("_csrf".into(), token));
        }
        self.post_exactly(address, &all).await
    }

    /// Sends exactly these fields as a form.
    ///
    /// # Panics
    /// Panics when the address is not valid.
    pub async fn post_exactly(&mut self, address: &str, fields: &[(String, String)]) -> Reply {
        let kind = "application/x-www-form-urlencoded";
        self.request(Method::POST, address, Body::from(encoded(fields)), Some(kind)).await
    }

    /// Sends a form of the page in front as a browser does and follows redirects.
    ///
    /// # Panics
    /// Panics when there is no page in front, or when the redirects do not end.
    pub async fn submit(&mut self, form: Form) -> Reply {
        let reply = self.submit_once(form).await;
        self.follow(reply).await
    }

    /// Sends a form of the page in front. Redirects are not followed.
    ///
    /// # Panics
    /// Panics when there is no page in front.
    pub async fn submit_once(&mut self, form: Form) -> Reply {
        let page = self.last.as_ref().unwrap_or_else(|| panic!("no page is open"));
        let address = page.resolve(&form.action);
        if form.method == "post" {
            self.post_exactly(&address, &form.fields).await
        } else {
            let path = address.split('?').next().unwrap_or_default();
            self.get(&format!("{path}?{}", encoded(&form.fields))).await
        }
    }

    /// Sends a form of the page in front with files, as a browser does with `multipart/form-data`. Each file has a
    /// field, a name and content. Redirects are not followed.
    ///
    /// # Panics
    /// Panics when there is no page in front.
    pub async fn upload(&mut self, form: &Form, files: &[(&str, &str, &[u8])]) -> Reply {
        let page = self.last.as_ref().unwrap_or_else(|| panic!("no page is open"));
        let address = page.resolve(&form.action);
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.request(Method::POST, &address, Body::from(multipart(&form.fields, files)), Some(&kind)).await
    }

    /// Follows redirects until a page comes.
    ///
    /// # Panics
    /// Panics when the redirects do not end.
    pub async fn follow(&mut self, reply: Reply) -> Reply {
        let mut reply = reply;
        for _ in 0..MOST_REDIRECTS {
            let Some(location) = reply.location().map(|location| reply.resolve(location)) else { return reply };
            reply = self.get(&location).await;
        }
        panic!("{} redirects without end", reply.address);
    }

    /// Sends a request of any kind. Cookies and the browser's headers are added.
    ///
    /// # Panics
    /// Panics when the address or a header is not valid.
    pub async fn request(&mut self, method: Method, address: &str, body: Body, kind: Option<&str>) -> Reply {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(address)
            .body(body)
            .unwrap_or_else(|fault| panic!("{address:?} is no address: {fault}"));
        for (name, value) in self.headers_for(&method, kind) {
            let name: HeaderName = name.parse().unwrap_or_else(|fault| panic!("{name:?} is no header: {fault}"));
            request
                .headers_mut()
                .insert(name, HeaderValue::from_str(&value).unwrap_or_else(|fault| panic!("{value:?}: {fault}")));
        }
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let (parts, body) = response.into_parts();
        let bytes =
            body.collect().await.unwrap_or_else(|fault| panic!("{address}: the body broke off: {fault}")).to_bytes();
        let reply = Reply { address: address.to_owned(), status: parts.status, headers: parts.headers, bytes };
        self.keep_cookies(&reply.headers);
        if reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            self.last = Some(reply.clone());
        }
        reply
    }

    fn headers_for(&self, method: &Method, kind: Option<&str>) -> BTreeMap<String, String> {
        let mut headers = BTreeMap::from([
            (header::HOST.to_string(), HOST.to_owned()),
            (header::ACCEPT.to_string(), "text/html,application/xhtml+xml,*/*;q=0.8".to_owned()),
        ]);
        if self.modern {
            let site = if self.last.is_some() || *method != Method::GET { "same-origin" } else { "none" };
            headers.insert("sec-fetch-site".into(), site.into());
            headers.insert("sec-fetch-mode".into(), "navigate".into());
            if *method != Method::GET {
                headers.insert(header::ORIGIN.to_string(), ORIGIN.into());
            }
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(header::COOKIE.to_string(), pairs.join("; "));
        }
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE.to_string(), kind.to_owned());
        }
        headers.extend(self.headers.clone());
        headers
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let mut parts = cookie.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            let ended = parts.any(|part| part.eq_ignore_ascii_case("max-age=0")) || value.is_empty();
            if ended {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Encodes fields and files as `multipart/form-data`.
fn multipart(fields: &[(String, String)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    let mut part = |head: String, content: &[u8]| {
        body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    for (name, value) in fields {
        part(format!("name=\"{name}\""), value.as_bytes());
    }
    for (name, file, content) in files {
        part(format!("name=\"{name}\"; filename=\"{file}\""), content);
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Encodes fields as `application/x-www-form-urlencoded`.
pub fn encoded(fields: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", escaped(name), escaped(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::{Html, IntoResponse, Redirect};
    use axum::routing::{get, post};

    fn routes() -> Router {
        let page = r#"<form action="/save?x=1" method="post"><input type="hidden" name="_csrf" value="t"><input name="名"></form>"#;
        Router::new()
            .route("/", get(move || async move { ([("set-cookie", "a=1; Path=/; HttpOnly")], Html(page)) }))
            .route("/away", get(|| async { Redirect::to("/") }))
            .route(
                "/save",
                post(|headers: HeaderMap, body: String| async move {
                    let told =
                        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
                    format!("{body} {} {} {} {}", told("cookie"), told("origin"), told("host"), told("sec-fetch-site"))
                }),
            )
            .route("/out", get(|| async { ([("set-cookie", "a=; Max-Age=0")], Redirect::to("/end")).into_response() }))
            .route("/end", get(|headers: HeaderMap| async move { format!("{:?}", headers.get("cookie")) }))
    }

    #[tokio::test]
    async fn a_form_is_sent_with_cookies_token_and_origin() {
        let mut client = Client::new(routes());
        let page = client.open("/away").await.expect(200);
        assert_eq!(page.address, "/");
        let reply = client.submit(page.form("/save?x=1").set("名", "王 &")).await;
        let sent = "_csrf=t&%E5%90%8D=%E7%8E%8B+%26 a=1 http://lianglin.test lianglin.test same-origin";
        assert_eq!(reply.body(), sent);
        let reply = client.post("/save", &[("b", "2")]).await;
        assert!(reply.body().starts_with("b=2&_csrf=t "), "{}", reply.body());
        assert_eq!(client.open("/out").await.body(), "None");
    }

    #[tokio::test]
    async fn an_old_browser_tells_nothing_of_where_it_comes_from() {
        let mut client = Client::new(routes()).old();
        let reply = client.post("/save", &[]).await;
        assert_eq!(reply.body(), " - - lianglin.test -");
    }
}
