//! The secret of a session: 256 random bits in a cookie. The database knows only its SM3.

use crate::IdentityError;
use crate::password::random_bytes;
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use data_encoding::BASE64URL_NOPAD;
use sm3::{Digest as _, Sm3};
use zeroize::Zeroizing;

const TOKEN_BYTES: usize = 32;
/// The prefix makes a browser refuse the cookie from a subdomain or without https.
const SECURE_NAME: &str = "__Host-lianglin_session";
const PLAIN_NAME: &str = "lianglin_session";

/// What the database keeps of a token.
pub type TokenDigest = [u8; 32];

/// The secret in the cookie.
#[derive(Clone)]
pub struct Token(Zeroizing<[u8; TOKEN_BYTES]>);

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[token]")
    }
}

impl Token {
    /// Makes a fresh token.
    pub fn new() -> Result<Self, IdentityError> {
        random_bytes().map(Self)
    }

    /// Returns the token of a request, if its cookie holds one.
    pub fn read(headers: &HeaderMap, secure: bool) -> Option<Self> {
        let value = cookie(headers, cookie_name(secure))?;
        let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(value.as_bytes()).ok()?);
        bytes.as_slice().try_into().ok().map(|token| Self(Zeroizing::new(token)))
    }

    /// Returns what is stored.
    pub fn digest(&self) -> TokenDigest {
        Sm3::digest(self.0.as_slice()).into()
    }

    /// Returns what form tokens are bound to. Only the server and this session know it, and it is not the cookie
    /// itself.
    pub fn binding(&self) -> String {
        let mut digest = Sm3::new();
        digest.update(b"lianglin forms of a session");
        digest.update(self.0.as_slice());
        BASE64URL_NOPAD.encode(&digest.finalize())
    }

    /// Returns the `Set-Cookie` that hands the token over for so many seconds.
    pub fn cookie(&self, secure: bool, seconds: i64) -> Option<HeaderValue> {
        set_cookie(&BASE64URL_NOPAD.encode(self.0.as_slice()), secure, seconds)
    }
}

/// Returns the value of the first cookie of that name.
pub fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// Returns the `Set-Cookie` that removes the token.
pub fn no_cookie(secure: bool) -> Option<HeaderValue> {
    set_cookie("", secure, 0)
}

fn set_cookie(value: &str, secure: bool, seconds: i64) -> Option<HeaderValue> {
    let only_https = if secure { "; Secure" } else { "" };
    let name = cookie_name(secure);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{only_https}");
    let mut header = HeaderValue::from_str(&text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

const fn cookie_name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_its_cookie_and_is_not_what_is_stored() {
        for secure in [false, true] {
            let token = Token::new().unwrap();
            let set = token.cookie(secure, 60).unwrap();
            let set = set.to_str().unwrap();
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"));
            assert_eq!(set.contains("; Secure") && set.starts_with("__Host-"), secure);
            let mut headers = HeaderMap::new();
            let line = format!("other=1; {}", set.split(';').next().unwrap());
            headers.insert(COOKIE, HeaderValue::from_str(&line).unwrap());
            let back = Token::read(&headers, secure).unwrap();
            assert_eq!(back.digest(), token.digest());
            assert!(Token::read(&headers, !secure).is_none());
            assert!(!line.contains(&BASE64URL_NOPAD.encode(&token.digest())));
            assert!(!line.contains(&token.binding()));
        }
        assert_eq!(format!("{:?}", Token::new().unwrap()), "[token]");
    }

    #[test]
    fn broken_cookies_are_no_token() {
        for value in ["lianglin_session=", "lianglin_session=abc", "lianglin_session=%%%", "x=y", "lianglin_session"] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_static(value));
            assert!(Token::read(&headers, false).is_none(), "{value}");
        }
    }

    #[test]
    fn the_first_cookie_of_the_name_counts_wherever_it_stands() {
        let (one, other) = (Token::new().unwrap(), Token::new().unwrap());
        let pair = |token: &Token| {
            let set = token.cookie(false, 60).unwrap();
            set.to_str().unwrap().split(';').next().unwrap().to_owned()
        };
        let (one_pair, other_pair) = (pair(&one), pair(&other));
        for lines in [
            vec![format!("{one_pair}; {other_pair}")],
            vec![format!("theme=dark;{one_pair}")],
            vec!["theme=dark".to_owned(), one_pair.clone(), other_pair.clone()],
            vec![format!("my_{other_pair}; {one_pair}")],
        ] {
            let mut headers = HeaderMap::new();
            for line in &lines {
                headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
            }
            assert_eq!(Token::read(&headers, false).unwrap().digest(), one.digest(), "{}", lines.len());
        }
        let gone = no_cookie(true).unwrap();
        let gone = gone.to_str().unwrap();
        assert!(gone.starts_with("__Host-lianglin_session=;") && gone.contains("Max-Age=0"), "{gone}");
        assert_ne!(one.binding(), other.binding());
    }
}
