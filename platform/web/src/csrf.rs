//! Forms that another site sends in a visitor's name are refused: by the browser's own word first, by a token else.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sm3::Sm3;

const NONCE_BYTES: usize = 9;
const MAC_BYTES: usize = 18;
/// What the key is derived for under which forms are told apart.
const FORMS: &[u8] = b"forms, told apart";

/// What the request says of where its form came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The browser says: this very site (or the person's own doing).
    Same,
    /// The browser says: somewhere else. A token must prove the form is ours.
    Other,
    /// An old browser says nothing.
    Unknown,
}

/// Reads `Sec-Fetch-Site`, else compares `Origin` with `Host`.
pub(crate) fn source(headers: &HeaderMap) -> Source {
    if let Some(site) = headers.get("sec-fetch-site") {
        return if site == "same-origin" || site == "none" { Source::Same } else { Source::Other };
    }
    let Some(origin) = headers.get(ORIGIN).and_then(|value| value.to_str().ok()) else { return Source::Unknown };
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match origin.split_once("://") {
        Some((_, from)) if !host.is_empty() && from.eq_ignore_ascii_case(host) => Source::Same,
        _ => Source::Other,
    }
}

/// A token for the forms of one page: a fresh nonce and the keyed hash of nonce and binding.
///
/// The nonce makes each token another text, so that a compressed answer does not give it away.
pub(crate) fn token(key: &[u8; 32], binding: &str) -> Option<String> {
    let mut bytes = [0_u8; NONCE_BYTES];
    getrandom::fill(&mut bytes).ok()?;
    let mut whole = bytes.to_vec();
    whole.extend(sign(key, &bytes, binding)?.finalize().into_bytes().into_iter().take(MAC_BYTES));
    Some(BASE64URL_NOPAD.encode(&whole))
}

/// Whether a token was made by [`token`] for the same binding.
pub(crate) fn holds(key: &[u8; 32], binding: &str, token: &str) -> bool {
    let Ok(bytes) = BASE64URL_NOPAD.decode(token.as_bytes()) else { return false };
    let Some((nonce, code)) = bytes.split_at_checked(NONCE_BYTES) else { return false };
    code.len() == MAC_BYTES && sign(key, nonce, binding).is_some_and(|mac| mac.verify_truncated_left(code).is_ok())
}

/// A fresh random binding for a visitor without a session.
pub(crate) fn binding() -> Option<String> {
    let mut bytes = [0_u8; 18];
    getrandom::fill(&mut bytes).ok()?;
    Some(BASE64URL_NOPAD.encode(&bytes))
}

/// What tells one text from another and gives nothing of it away. Whoever has the database alone cannot try out what
/// was typed.
pub(crate) fn told_apart(key: &[u8; 32], text: &str) -> Option<String> {
    let own = Hmac::<Sm3>::new_from_slice(key).ok()?.chain_update(FORMS).finalize().into_bytes();
    let mac = Hmac::<Sm3>::new_from_slice(&own).ok()?.chain_update(text.as_bytes());
    Some(HEXLOWER.encode(&mac.finalize().into_bytes()))
}

fn sign(key: &[u8; 32], nonce: &[u8], binding: &str) -> Option<Hmac<Sm3>> {
    let mut mac = Hmac::<Sm3>::new_from_slice(key).ok()?;
    mac.update(nonce);
    mac.update(binding.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn a_token_holds_for_its_binding_alone() {
        let first = token(&KEY, "session").unwrap();
        assert!(holds(&KEY, "session", &first));
        assert_ne!(first, token(&KEY, "session").unwrap(), "each token is another text");
        assert!(!holds(&KEY, "another", &first));
        assert!(!holds(&[8; 32], "session", &first));
        let shorter: String = first.chars().skip(1).collect();
        for broken in ["", "x", "äöü", &shorter, &format!("{first}AA"), &format!("A{first}")] {
            assert!(!holds(&KEY, "session", broken), "{broken}");
        }
    }

    #[test]
    fn the_source_of_a_form_is_read_from_the_headers() {
        let table: [(&[(&str, &str)], Source); 9] = [
            (&[], Source::Unknown),
            (&[("host", "a.cn")], Source::Unknown),
            (&[("sec-fetch-site", "same-origin")], Source::Same),
            (&[("sec-fetch-site", "none")], Source::Same),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://a.cn"), ("host", "a.cn")], Source::Other),
            (&[("sec-fetch-site", "cross-site")], Source::Other),
            (&[("origin", "https://a.cn"), ("host", "a.cn")], Source::Same),
            (&[("origin", "https://b.cn"), ("host", "a.cn")], Source::Other),
            (&[("origin", "null"), ("host", "a.cn")], Source::Other),
        ];
        for (pairs, expected) in table {
            let headers = pairs
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(source(&headers), expected, "{pairs:?}");
        }
    }
}
