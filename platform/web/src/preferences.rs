//! How a visitor likes pages: language, elder view, text size, light or dark. One cookie keeps it and says nothing
//! else.

use crate::binding::cookie;
use crate::error::WebError;
use crate::form::Form;
use axum::body::Bytes;
use axum::http::header::{ACCEPT_LANGUAGE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::language::Lang;

const NAME: &str = "lianglin_display";
const KEPT_SECONDS: i64 = 31_536_000;
/// The largest step of text size; the body text is then at least 30 px.
const LARGEST: u8 = 4;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the visitor's system is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// As written in the page and in the cookie: `system`, `light`, `dark`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::System, Self::Light, Self::Dark].into_iter().find(|theme| theme.code() == code)
    }
}

/// How a visitor likes pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// The language.
    pub lang: Lang,
    /// The elder view (长辈版): larger text, larger targets, stronger ink.
    pub elder: bool,
    /// The step of text size, 0 to 4.
    pub size: u8,
    /// Light or dark.
    pub theme: Theme,
}

impl Preferences {
    /// Reads the cookie. Without one, the first known language of the browser counts, else Chinese. `?lang=` in the
    /// address wins.
    pub(crate) fn read(headers: &HeaderMap, query: &Form) -> Self {
        let mut found = cookie(headers, NAME).map_or_else(|| Self::of_browser(headers), |text| Self::parse(&text));
        if let Some(lang) = Lang::parse(query.get("lang")) {
            found.lang = lang;
        }
        found
    }

    fn of_browser(headers: &HeaderMap) -> Self {
        let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let lang = wanted.split(',').find_map(|tag| Lang::parse(tag.split(';').next().unwrap_or_default().trim()));
        Self { lang: lang.unwrap_or_default(), ..Self::default() }
    }

    fn parse(text: &str) -> Self {
        let mut found = Self::default();
        for part in text.split('.') {
            found.apply_word(part);
        }
        found
    }

    fn apply_word(&mut self, word: &str) {
        if let Some(lang) = Lang::parse(word) {
            self.lang = lang;
        } else if let Some(theme) = Theme::parse(word) {
            self.theme = theme;
        } else if word == "elder" || word == "usual" {
            self.elder = word == "elder";
        } else if let Ok(size) = word.parse::<u8>() {
            self.size = size.min(LARGEST);
        }
    }

    /// As written in the cookie: `zh-CN.elder.2.dark`.
    fn words(self) -> String {
        let view = if self.elder { "elder" } else { "usual" };
        format!("{}.{view}.{}.{}", self.lang.code(), self.size, self.theme.code())
    }

    /// The `Set-Cookie` line that keeps them for a year.
    pub(crate) fn set_cookie(self) -> String {
        format!("{NAME}={}; Path=/; Max-Age={KEPT_SECONDS}; SameSite=Lax; HttpOnly", self.words())
    }
}

/// A local address that may be gone to after a form, or none: never another site, never a script.
pub fn local_path(text: &str) -> Option<&str> {
    let sound = text.starts_with('/') && !text.starts_with("//");
    let plain = text.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\');
    (sound && plain && text.len() <= 2_000).then_some(text)
}

/// `POST /prefer`: keeps what the form names (`lang`, `view`, `size`, `theme`) and goes `back`.
pub(crate) async fn prefer(headers: HeaderMap, body: Bytes) -> Result<Response, WebError> {
    let form = Form::parse(&body).map_err(WebError::Form)?;
    let mut wanted = Preferences::read(&headers, &Form::default());
    for name in ["lang", "view", "size", "theme"] {
        wanted.apply_word(form.get(name));
    }
    let back = local_path(form.get("back")).unwrap_or("/").to_owned();
    Ok((StatusCode::SEE_OTHER, [(LOCATION, back), (SET_COOKIE, wanted.set_cookie())]).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use axum::http::header::COOKIE;

    #[test]
    fn preferences_are_read_from_cookie_browser_and_address() {
        let table = [
            ("", "", "", "zh-CN.usual.0.system"),
            ("", "en-GB,en;q=0.9,zh;q=0.8", "", "en.usual.0.system"),
            ("", "fr,zh-TW;q=0.8,en;q=0.1", "", "zh-CN.usual.0.system"),
            ("lianglin_display=en.elder.3.dark", "zh", "", "en.elder.3.dark"),
            ("a=b; lianglin_display=en.elder.3.dark; c", "", "lang=zh", "zh-CN.elder.3.dark"),
            ("lianglin_display=<script>.9.", "", "lang=xx", "zh-CN.usual.4.system"),
            ("xlianglin_display=en", "", "", "zh-CN.usual.0.system"),
        ];
        for (cookies, browser, query, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_static(cookies));
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(browser));
            let found = Preferences::read(&headers, &Form::parse(query.as_bytes()).unwrap());
            assert_eq!(found.words(), expected, "{cookies} {browser} {query}");
        }
    }

    #[test]
    fn only_local_addresses_are_gone_back_to() {
        for good in ["/", "/items?words=%E8%80%81", "/a/b#c"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "a",
            "//evil.cn",
            "/\\evil.cn",
            "https://evil.cn",
            "javascript:x",
            "/a\r\nSet-Cookie: b",
            "/a b",
            "/老",
        ] {
            assert_eq!(local_path(bad), None, "{bad}");
        }
    }
}
