//! Whoever has the form of a report before her may send photos for a while: the page sets a signed cookie, without
//! which the door for photos reads nothing. It names nobody.
//!
//! Another one says of one report that whoever sent or joined it with this browser is counted, so that she is counted
//! once.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect};
use hall::Fault;
use kernel::time::Instant;
use papers::purpose::Purpose;
use uuid::Uuid;
use web::{Frame, Need, Page};

use crate::Grid;
use crate::words::GRID_TRAY_HOURS;

/// The cookie.
const COOKIE: &str = "grid_form";
/// The address of the form.
const FORM: &str = "/report/new";
const MINUTES_OF_AN_HOUR: i64 = 60;
/// The ticket holds so many times as long as photos wait: whoever sends late keeps what she wrote and is told.
const LONGER: i64 = 12;

/// The beginning of the name of the cookie of a report that this browser sent or joined.
const JOINED: &str = "grid_joined_";
/// Where it is sent back to: the pages on which reports are joined.
const PAGES: &str = "/report";
/// What the cookie says, which is no other of our cookies then.
const SAYS: &str = "joined";
/// As long as a browser keeps a cookie at most; most reports are finished long before.
const JOINED_DAYS: i64 = 400;
const SECONDS_OF_A_DAY: i64 = 86_400;

impl Grid {
    /// The `Set-Cookie` that says that whoever has this browser is counted among those who met with a report.
    pub(super) fn joined_cookie(&self, case: Uuid, now: Instant) -> String {
        let until = now.plus_days(JOINED_DAYS);
        let value = self.forms.write(&Purpose { case, account: Uuid::nil(), until, text: SAYS.to_owned() });
        let (secure, seconds) = (if self.https { "; Secure" } else { "" }, JOINED_DAYS * SECONDS_OF_A_DAY);
        let name = format!("{JOINED}{}", case.simple());
        format!("{name}={value}; Path={PAGES}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
    }

    /// Whether whoever has this browser is counted among those who met with a report.
    pub(super) fn browser_joined(&self, page: &Page, case: Uuid) -> bool {
        let cookie = page.cookie(&format!("{JOINED}{}", case.simple()));
        let said = cookie.and_then(|value| self.forms.read(&value, case, Uuid::nil(), page.now));
        said.is_some_and(|said| said.text == SAYS)
    }

    /// The `Set-Cookie` of a page with the form. It holds longer than photos wait that were not sent.
    ///
    /// # Errors
    /// The rulebook has no such figure.
    pub(super) fn ticket(&self, now: Instant) -> Result<String, Fault> {
        let minutes = self.hall.figure(GRID_TRAY_HOURS, now)? * MINUTES_OF_AN_HOUR * LONGER;
        let (case, account, text) = (Uuid::nil(), Uuid::nil(), String::new());
        let value = self.forms.write(&Purpose { case, account, until: now.plus_minutes(minutes), text });
        let (secure, seconds) = (if self.https { "; Secure" } else { "" }, minutes * 60);
        Ok(format!("{COOKIE}={value}; Path=/report/photo; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"))
    }

    /// What the door for photos needs: a cookie of ours whose end has not come. Everybody else is led to the form.
    #[must_use]
    pub fn form_before_her(&self) -> Need {
        let key = self.forms.clone();
        Need::shown("form", move |parts| {
            let now = parts.extensions.get::<Arc<Frame>>().map(|frame| (frame.clock)());
            let ticket = web::cookie(&parts.headers, COOKIE).zip(now);
            let holds = ticket.is_some_and(|(value, now)| key.read(&value, Uuid::nil(), Uuid::nil(), now).is_some());
            (!holds).then(|| Redirect::to(FORM).into_response())
        })
    }
}
