//! The sessions of a mediation as its parties read them: those in which both took part. What one side said alone is on
//! no page of theirs.

use web::Page;

use crate::actions::reading::Session;
use crate::actions::told::Reader;
use crate::rules::session::is_common;
use crate::rules::talk_day::clock;
use crate::words::inside::{PRESENT, WAYS, named};

/// A session as a party reads it.
pub(super) struct Held {
    /// When it was.
    pub when: String,
    /// In which way.
    pub way: String,
    /// Who came, and where.
    pub came: String,
    /// What was said.
    pub said: String,
}

/// The sessions that both sides read.
pub(super) fn common(page: &Page, sessions: &[Session], reader: Reader) -> Vec<Held> {
    sessions
        .iter()
        .filter(|session| is_common(&session.row.way, &session.row.came))
        .map(|one| held(page, one, reader))
        .collect()
}

fn held(page: &Page, session: &Session, reader: Reader) -> Held {
    let Session { row, said } = session;
    let begins = u32::try_from(row.begins_at).map(clock).unwrap_or_default();
    let came: Vec<String> = row.came.split(' ').map(|code| page.t(reader.key(&PRESENT, code))).collect();
    let said = said.clone().unwrap_or_default();
    Held {
        when: format!("{} {begins}", page.date(row.held_on)),
        way: page.t(named(&WAYS, &row.way)),
        came: format!("{} · {}", came.join(page.lang.pick("、", ", ")), said.place),
        said: if said.said.is_empty() { page.t("hearings-erased") } else { said.said },
    }
}
