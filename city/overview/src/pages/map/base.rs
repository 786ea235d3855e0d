//! The squares of the map below the city's own, which come from this server alone.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use tiles::Content;
use web::{Page, ThreeInPath, WebError};

use crate::Overview;
use crate::base::Square;

/// A browser keeps a square for an hour and then asks whether it is still the same. No proxy keeps it: only who may see
/// the map may see which part of it somebody looked at.
const KEPT: &str = "private, max-age=3600";
/// What a square is that does not come.
const NOTHING: &str = "application/octet-stream";

/// `GET /map/base/{zoom}/{column}/{row}`
///
/// # Errors
/// Sign-in needed, no permission, or 404 where there is no such square or no map below. A square that the map does not
/// have is 404 too, and 502 is one that did not come; both have no page, because nobody reads them.
pub async fn get(
    State(desk): State<Arc<Overview>>,
    page: Page,
    headers: HeaderMap,
    ThreeInPath(zoom, column, row): ThreeInPath<i64>,
) -> Result<Response, WebError> {
    let base = desk.base.clone().ok_or(WebError::NotFound)?;
    let tile = base.square(zoom, column, row).ok_or(WebError::NotFound)?;
    let now = page.now;
    match page.aside(move || base.find(tile, now)).await? {
        Ok(Some(square)) => Ok(sent(&square, &headers)),
        Ok(None) => Ok(nothing(StatusCode::NOT_FOUND)),
        Err(_) => Ok(nothing(StatusCode::BAD_GATEWAY)),
    }
}

fn sent(square: &Square, headers: &HeaderMap) -> Response {
    let kept = [(ETAG, square.tag.as_str()), (CACHE_CONTROL, KEPT), (VARY, "accept-encoding")];
    if says(headers, IF_NONE_MATCH, &square.tag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    let kind = [(CONTENT_TYPE, square.content_type)];
    if square.gzipped && says(headers, ACCEPT_ENCODING, "gzip") {
        return (kept, kind, [(CONTENT_ENCODING, "gzip")], square.bytes.clone()).into_response();
    }
    let content = Content { bytes: square.bytes.clone(), gzipped: square.gzipped };
    match content.unpacked() {
        Ok(bytes) => (kept, kind, bytes).into_response(),
        Err(_) => nothing(StatusCode::BAD_GATEWAY),
    }
}

/// An answer without a page. Its media type tells the frame that nothing is to be written there.
fn nothing(status: StatusCode) -> Response {
    (status, [(CONTENT_TYPE, NOTHING)]).into_response()
}

/// Whether a header holds a word.
fn says(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).any(|value| value.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_sent_once_and_packed_only_for_who_unpacks_it() {
        let square = |gzipped| Square {
            content_type: "image/png",
            bytes: b"not packed".to_vec(),
            gzipped,
            tag: "\"abc\"".to_owned(),
        };
        for (gzipped, name, value, status, encoding) in [
            (false, ACCEPT_ENCODING, "gzip, br", 200, None),
            (true, ACCEPT_ENCODING, "br, gzip", 200, Some("gzip")),
            (true, ACCEPT_ENCODING, "identity", 502, None),
            (true, IF_NONE_MATCH, "\"abc\"", 304, None),
            (false, IF_NONE_MATCH, "\"x\", W/\"abc\"", 304, None),
            (false, IF_NONE_MATCH, "\"abcd\"", 200, None),
        ] {
            let headers = HeaderMap::from_iter([(name, value.parse().unwrap())]);
            let answer = sent(&square(gzipped), &headers);
            let told = answer.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!((answer.status().as_u16(), told), (status, encoding), "{gzipped} {value}");
        }
    }
}
