//! These are the pages of mobilisation: what it is, one's own offer and posts, calls, a plan, rosters, the posts
//! behind a figure.

pub mod call;
pub mod calls;
pub mod me;
pub mod needs;
pub mod plan;
pub mod roster;
pub mod rows;
pub(crate) mod shown;
pub mod start;

use kernel::time::{Instant, show_minute_of_day};
use places::geography::Geography;
use web::{Light, Page, WebError};

use crate::Mobilization;
use crate::words::{PostState, Role};

/// Beginning of the keys under which a form calls its fields.
pub(crate) const LABELS: &str = "mobilization-field-";

/// Writes from when to when. The day is written once.
pub(crate) fn span(page: &Page, starts: Instant, ends: Instant) -> String {
    let (from, to) = (page.minute(starts), page.time_of_day(ends));
    let minutes = page.zone().minute_of_day(ends);
    let midnight = minutes == 0 && page.zone().date(starts) < page.zone().date(ends);
    let to = if midnight { show_minute_of_day(24 * 60) } else { to };
    format!("{from}–{to}")
}

/// Returns the minutes of a walk, rounded up.
pub(crate) const fn minutes(ds: i64) -> i64 {
    ds / 600 + if ds % 600 > 0 { 1 } else { 0 }
}

/// Writes hours and minutes in words.
pub(crate) fn hours(page: &Page, minutes: i64) -> String {
    page.t2("mobilization-hours", "hours", minutes / 60, "minutes", minutes % 60)
}

pub(crate) fn role(page: &Page, role: Role) -> String {
    page.t(&format!("mobilization-role-{}", role.code()))
}

/// Returns the light that shows the state of a post.
pub(crate) fn light(page: &Page, state: PostState) -> Light {
    let class = match state {
        PostState::Sent => "soon",
        PostState::Present => "ok",
        PostState::Declined | PostState::Off => "none",
        PostState::Absent => "late",
    };
    Light { class, text: page.t(&format!("mobilization-state-{}", state.code())) }
}

/// Returns the name of a compound with its community.
pub(crate) fn compound(page: &Page, desk: &Mobilization, ground: Option<&Geography>, id: i64) -> (String, String) {
    let Some((_, found)) = ground.and_then(|ground| ground.compound(id)) else {
        return (page.t("mobilization-compound-gone"), String::new());
    };
    let tree = desk.hall.places.tree();
    let community = tree.get(found.community).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    (found.name.clone(), community)
}

/// Returns who is signed in. Leads to the sign-in otherwise.
pub(crate) fn account(page: &Page) -> Result<uuid::Uuid, WebError> {
    page.visitor.actor.account.ok_or(WebError::SignIn)
}

#[cfg(test)]
mod tests;
