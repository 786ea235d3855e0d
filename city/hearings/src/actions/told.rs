//! Puts what lies inside a mediation into words that pages and papers share.

use cases::kind::Section;
use kernel::money::Fen;
use web::Page;

use crate::words::inside::{Agreement, Clause, OWERS, named};
use crate::words::people::Member;
use crate::words::power::{Power, PowerRow, SPECIALS};

/// What one of the people of a side is called by her code; a side that is one person by its role alone.
#[must_use]
pub fn member_told(page: &Page, code: &str) -> String {
    let member = Member::read(code).unwrap_or(Member::ASKER);
    let side = page.t(&format!("hearings-side-{}", member.side));
    if member.number == 0 { side } else { page.t2("hearings-side-nth", "side", side, "n", member.number + 1) }
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
    let names: Vec<String> =
        SPECIALS.into_iter().filter(|(code, _)| power.allows(code)).map(|(_, key)| page.t(key)).collect();
    if names.is_empty() {
        return page.t("hearings-power-general");
    }
    page.t1("hearings-power-special", "what", names.join(page.lang.pick("、", ", ")))
}

/// A clause of an agreement in one sentence: who owes what, how much and by which day.
#[must_use]
pub fn clause_told(page: &Page, number: usize, clause: &Clause) -> String {
    let row = &clause.row;
    let owes = page.t(named(&OWERS, &row.owes));
    let amount = if row.fen > 0 { page.t1("hearings-yuan", "yuan", Fen::new(row.fen)) } else { String::new() };
    let due = row
        .day()
        .map_or_else(|| page.t("hearings-lasting"), |day| page.t1("hearings-by-day", "due", page.full_date(day)));
    let what = if clause.what.is_empty() { page.t("hearings-erased") } else { clause.what.clone() };
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

/// The text of an agreement, to be read before somebody signs it: the main facts, each side's responsibility, and the
/// clauses.
#[must_use]
pub fn agreement_sections(page: &Page, agreement: &Agreement) -> Vec<Section> {
    let head = &agreement.head;
    let texts = [("hearings-field-main-facts", &head.facts), ("hearings-field-duties", &head.duties)];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    let section = |title: &str, lines: Vec<String>| Section { title: page.t(title), lines };
    let mut sections: Vec<Section> =
        texts.map(|(title, text)| section(title, text.lines().map(str::to_owned).collect())).collect();
    let clauses: Vec<String> =
        (1..).zip(&agreement.clauses).map(|(number, clause)| clause_told(page, number, clause)).collect();
    sections.extend((!clauses.is_empty()).then(|| section("hearings-clauses", clauses)));
    sections
}
