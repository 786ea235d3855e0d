//! Puts what lies inside a mediation into words that pages and papers share.

use cases::kind::Section;
use kernel::case::Case;
use kernel::money::Fen;
use uuid::Uuid;
use web::Page;

use super::rooms::Taken;
use crate::rules::people::{is_several, member_of};
use crate::words::inside::{Agreement, Clause, OWERS, named};
use crate::words::people::Member;
use crate::words::power::{Power, PowerRow, SPECIALS};
use crate::words::{FIRST, SECOND};

/// Through whose eyes something is read: what the sides are called depends on that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    /// Staff read the roles of the sides in plain words.
    #[default]
    Staff,
    /// A paper calls them as the national forms and the courts do.
    Paper,
    /// A side reads of herself and of the other.
    Side {
        /// Her side.
        role: &'static str,
        /// It is several people.
        is_several: bool,
    },
}

impl Reader {
    /// Whoever holds a sealed record, as a side of a mediation; staff, where it is nobody's of them.
    #[must_use]
    pub fn of(case: &Case, record: Option<Uuid>) -> Self {
        let member = record.and_then(|record| member_of(case, record));
        member.map_or(Self::Staff, |Member { side, .. }| Self::Side { role: side, is_several: is_several(case, side) })
    }

    /// The key of what a code of a list is called, where it names a side.
    #[must_use]
    pub fn key(self, list: &[(&'static str, &'static str)], code: &str) -> &'static str {
        match (self, code) {
            (Self::Paper, FIRST) => "hearings-paper-first",
            (Self::Paper, SECOND) => "hearings-paper-second",
            (Self::Paper, "both") => "hearings-paper-both",
            (Self::Side { role, is_several: true }, code) if role == code => "hearings-side-yours",
            (Self::Side { role, .. }, code) if role == code => "hearings-side-you",
            (Self::Side { .. }, FIRST | SECOND) => "hearings-side-they",
            _ => named(list, code),
        }
    }
}

/// What staff read of one of the people of a side by her code; of a side that is one person by its role alone.
#[must_use]
pub fn member_told(page: &Page, code: &str) -> String {
    member_read(page, code, Reader::Staff)
}

/// What one of the people of a side is called by her code, as whoever reads it is told.
#[must_use]
pub fn member_read(page: &Page, code: &str, reader: Reader) -> String {
    let member = Member::read(code).unwrap_or(Member::ASKER);
    let side = page.t(reader.key(&OWERS, member.side));
    if member.number == 0 { side } else { page.t2("hearings-side-nth", "side", side, "n", member.number + 1) }
}

/// The day of a time in a room, from when to when, and which room.
#[must_use]
pub fn time_in(page: &Page, taken: &Taken) -> String {
    format!("{} {}", page.date(taken.at.day), taken.hours_in())
}

/// What an agent is called: by the name on his paper, or which of her own side represents her.
#[must_use]
pub fn agent_told(page: &Page, power: &Power) -> String {
    match (power.row.fellow.as_str(), power.name.as_str()) {
        ("", "") => page.t("hearings-erased"),
        ("", name) => name.to_owned(),
        (fellow, _) => page.t1("hearings-power-represents", "who", member_told(page, fellow)),
    }
}

/// What a power lets an agent do.
#[must_use]
pub fn special_told(page: &Page, power: &PowerRow) -> String {
    if power.is_guardian() {
        return page.t("hearings-power-by-law");
    }
    let names: Vec<String> =
        SPECIALS.into_iter().filter(|(code, _)| power.allows(code)).map(|(_, key)| page.t(key)).collect();
    if names.is_empty() {
        return page.t("hearings-power-general");
    }
    page.t1("hearings-power-special", "what", names.join(page.lang.pick("、", ", ")))
}

/// A clause of an agreement in one sentence: who owes what, how much and by which day.
#[must_use]
pub fn clause_told(page: &Page, number: usize, clause: &Clause, reader: Reader) -> String {
    let row = &clause.row;
    let owes = page.t(reader.key(&OWERS, &row.owes));
    let amount = if row.fen > 0 { page.t1("hearings-print-amount", "yuan", Fen::new(row.fen)) } else { String::new() };
    let due = row
        .day()
        .map_or_else(|| page.t("hearings-lasting"), |day| page.t1("hearings-by-day", "due", page.full_date(day)));
    // The sentence goes on behind it.
    let what = clause.what.trim_end_matches(['。', '.', '；', ';']);
    let what = if what.is_empty() { page.t("hearings-erased") } else { what.to_owned() };
    let number = number.to_string();
    let values = [
        ("number", number.as_str()),
        ("owes", owes.as_str()),
        ("what", what.as_str()),
        ("amount", amount.as_str()),
        ("due", due.as_str()),
    ];
    page.text("hearings-print-clause", &values)
}

/// The text of an agreement, to be read before somebody signs it and afterwards: the main facts, each side's
/// responsibility, and the clauses.
#[must_use]
pub fn agreement_sections(page: &Page, agreement: &Agreement, reader: Reader) -> Vec<Section> {
    let head = &agreement.head;
    let texts = [("hearings-field-main-facts", &head.facts), ("hearings-field-duties", &head.duties)];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let section = |title: &str, lines: Vec<String>| Section { title: page.t(title), lines };
    let mut sections: Vec<Section> =
        texts.map(|(title, text)| section(title, text.lines().map(str::to_owned).collect())).collect();
    let clauses: Vec<String> =
        (1..).zip(&agreement.clauses).map(|(number, clause)| clause_told(page, number, clause, reader)).collect();
    sections.extend((!clauses.is_empty()).then(|| section("hearings-clauses", clauses)));
    sections
}
