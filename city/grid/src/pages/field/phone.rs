//! What makes the pages of the field installable: the manifest, and the small program that answers without a line.
//! That program sees these pages alone.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use web::{Page, WebError};

/// The program that answers without a line, as it is embedded.
const PROGRAM: &str = "field-sw.js";
/// The pages that it sees.
const SCOPE: &str = "/field";
/// How a program says that it may see more than the folder in which it lies.
const ALLOWED: HeaderName = HeaderName::from_static("service-worker-allowed");

/// `GET /field/sw.js`
///
/// # Errors
/// It is not embedded.
pub async fn program() -> Result<Response, WebError> {
    let asset = ui::asset(PROGRAM).ok_or(WebError::NotFound)?;
    let headers = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, "no-cache"), (ALLOWED, SCOPE)];
    Ok((headers, asset.bytes.into_owned()).into_response())
}

/// `GET /field/manifest.webmanifest`
///
/// # Errors
/// None.
pub async fn manifest(page: Page) -> Result<Response, WebError> {
    let icon = json!({ "src": page.asset("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" });
    let manifest = json!({
        "id": SCOPE,
        "name": page.t("grid-field-app"),
        "short_name": page.t("grid-field-app-short"),
        "lang": page.lang.code(),
        "start_url": SCOPE,
        "scope": SCOPE,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#b5321c",
        "icons": [icon],
    });
    Ok(([(CONTENT_TYPE, "application/manifest+json")], manifest.to_string()).into_response())
}
