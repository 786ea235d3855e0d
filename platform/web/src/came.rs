//! The page from which a visitor came.

use crate::preferences::local_path;
use axum::http::HeaderMap;
use axum::http::header::{HOST, REFERER};

/// The address of the page before, when it was one of this server's own.
pub(crate) fn came(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (_, rest) = text(REFERER)?.split_once("://")?;
    let (host, address) = rest.split_once('/')?;
    if Some(host) != text(HOST) {
        return None;
    }
    let address = format!("/{address}");
    local_path(&address).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_pages_of_this_server_are_led_back_to() {
        let table = [
            ("https://city.cn/queue?after=1", "city.cn", Some("/queue?after=1")),
            ("https://evil.cn/queue", "city.cn", None),
            ("nonsense", "city.cn", None),
            ("https://city.cn//evil.cn", "city.cn", None),
        ];
        for (referer, host, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, HeaderValue::from_static(referer));
            headers.insert(HOST, HeaderValue::from_static(host));
            assert_eq!(came(&headers).as_deref(), expected, "{referer}");
        }
    }
}
