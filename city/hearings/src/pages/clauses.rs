//! A clause of an agreement on its page: how it reads, how far it is kept, what the sides say of that, and the fields
//! by which it is written or changed.

use kernel::money::Fen;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use uuid::Uuid;
use web::{Choice, Form, Page, Problem};

use super::LABELS;
use crate::actions::told::{Reader, member_read};
use crate::rules::agreement::{clause_faults, is_late};
use crate::words::inside::{BROKEN, Clause, DONE, NewClause, OWERS, REPORTS, Report, STAGES, named};

/// What a box that was ticked says.
const TICKED: &str = "yes";

/// The fields by which a clause is written or changed.
pub(super) struct Fields {
    /// Keeps the fields of several forms of one page apart.
    pub at: String,
    pub owes: Vec<Choice>,
    pub what: String,
    pub amount: String,
    pub due: String,
    pub lasting: Vec<Choice>,
    /// What was refused of them.
    pub wrong: Vec<Problem>,
}

/// A form that was refused, and why.
pub(super) type Refused<'f> = Option<(&'f Form, &'f [Refusal])>;

/// A clause as the page shows it.
pub(super) struct Line {
    pub id: String,
    pub number: usize,
    pub owes: String,
    pub what: String,
    /// The amount in yuan; empty for a deed.
    pub amount: String,
    pub due: String,
    pub stage: String,
    pub light: &'static str,
    pub noted: String,
    pub stages: Vec<Choice>,
    /// What the sides say of how it was kept, a sentence each.
    pub reports: Vec<String>,
    /// What a side can say of it.
    pub says: Vec<Choice>,
    /// The fields by which it is changed.
    pub fields: Option<Fields>,
    /// Its fields were refused: they stand open.
    pub is_open: bool,
}

/// The choices of a list of codes.
pub(super) fn choices(page: &Page, list: &[(&'static str, &'static str)], current: &str) -> Vec<Choice> {
    list.iter().map(|known| Choice::new(known.0, page.t(known.1), current)).collect()
}

/// The fields of a clause with what was typed.
pub(super) fn typed(page: &Page, at: &str, refused: Refused<'_>) -> Fields {
    let text = |name: &str| refused.map(|(form, _)| form.get(name).to_owned()).unwrap_or_default();
    Fields {
        at: at.to_owned(),
        owes: choices(page, &OWERS, &text("owes")),
        what: text("what"),
        amount: text("amount"),
        due: text("due"),
        lasting: vec![Choice::new(TICKED, page.t("hearings-field-lasting"), &text("lasting"))],
        wrong: refused.map(|(_, faults)| page.problems(LABELS, faults)).unwrap_or_default(),
    }
}

/// The fields of a clause as it reads now.
fn kept(page: &Page, clause: &Clause) -> Fields {
    let row = &clause.row;
    let ticked = if row.lasting { TICKED } else { "" };
    Fields {
        at: row.id.to_string(),
        owes: choices(page, &OWERS, &row.owes),
        what: clause.what.clone(),
        amount: if row.fen > 0 { Fen::new(row.fen).to_string() } else { String::new() },
        due: row.day().map(|day| day.to_string()).unwrap_or_default(),
        lasting: vec![Choice::new(TICKED, page.t("hearings-field-lasting"), ticked)],
        wrong: Vec::new(),
    }
}

/// A clause as the page shows it to a reader, with what was typed where its change was refused.
pub(super) fn line(page: &Page, number: usize, clause: &Clause, refused: Refused<'_>, reader: Reader) -> Line {
    let row = &clause.row;
    let light = match row.stage.as_str() {
        DONE => "ok",
        BROKEN => "stop",
        _ if is_late(&row.stage, row.day(), page.today()) => "late",
        _ => "soon",
    };
    let id = row.id.to_string();
    let refused = refused.filter(|(form, _)| form.get("deed") == "edit" && form.get("clause") == id);
    Line {
        number,
        owes: page.t(reader.key(&OWERS, &row.owes)),
        what: if clause.what.is_empty() { page.t("hearings-erased") } else { clause.what.clone() },
        amount: if row.fen > 0 { page.t1("hearings-yuan", "yuan", Fen::new(row.fen)) } else { String::new() },
        due: row.day().map_or_else(|| page.t("hearings-lasting"), |day| page.date(day)),
        stage: page.t(named(&STAGES, &row.stage)),
        light,
        noted: clause.noted.clone(),
        stages: choices(page, &STAGES, &row.stage),
        reports: clause.reports.iter().map(|report| report_told(page, report, reader)).collect(),
        says: choices(page, &REPORTS, if page.query.has("broken") { BROKEN } else { "" }),
        fields: Some(if refused.is_some() { typed(page, &id, refused) } else { kept(page, clause) }),
        is_open: refused.is_some(),
        id,
    }
}

/// What a side says of how a clause was kept, in a sentence.
fn report_told(page: &Page, report: &Report, reader: Reader) -> String {
    let row = &report.row;
    let words = [
        ("side", member_read(page, &row.side, reader)),
        ("stage", page.t(named(&REPORTS, &row.stage))),
        ("at", page.date(page.zone().date(row.said_at))),
    ];
    let words: Vec<(&str, &str)> = words.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let told = page.text("hearings-reported", &words);
    if report.words.is_empty() { told } else { format!("{told}{}{}", page.lang.pick("：", ": "), report.words) }
}

/// The clause that a form says; with an identity the one that is changed.
///
/// # Errors
/// What is missing or wrong, by its field.
pub(super) fn clause(form: &Form, id: Uuid, today: Date) -> Result<NewClause, Vec<Refusal>> {
    let lasting = form.get("lasting") == TICKED;
    let (typed, due) = (form.get("amount"), form.get("due").parse::<Date>().ok());
    let amount = if typed.is_empty() { Some(Fen::ZERO) } else { Fen::parse_amount(typed) };
    let wrong = amount.is_none().then(|| Refusal::new(Code::FormAmount).field("amount"));
    let undated = (!lasting && due.is_none()).then(|| Refusal::new(Code::FormDate).field("due"));
    let clause = NewClause {
        id,
        owes: form.get("owes").to_owned(),
        what: form.get("what").to_owned(),
        fen: amount.unwrap_or(Fen::ZERO).fen(),
        due: due.filter(|_| !lasting).unwrap_or(today),
        lasting,
    };
    let faults: Vec<Refusal> = clause_faults(&clause, today).into_iter().chain(wrong).chain(undated).collect();
    if faults.is_empty() { Ok(clause) } else { Err(faults) }
}
