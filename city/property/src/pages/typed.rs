//! Reads what somebody typed, field by field, and draws the form again: what was typed, and what is wrong with it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::day::not_meant;
use kernel::line::{line_fault, number, open_line_fault, open_lines_fault};
use kernel::money::Fen;
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use web::{Choice, Crumb, Form, Page, Problem, WebError, problem_of, render_status};

use super::choices::with_none;
use crate::Companies;
use crate::refusals::Why;
use crate::words::company::LINE_MOST;
use crate::words::register::Ground;

/// Beginning of the keys under which a form calls its fields.
pub(crate) const LABELS: &str = "property-of-";

/// Reads a form and gathers what is wrong with it.
pub(crate) struct Typed<'f> {
    form: &'f Form,
    faults: Vec<Refusal>,
}

impl<'f> Typed<'f> {
    /// Begins to read a form.
    pub(crate) const fn of(form: &'f Form) -> Self {
        Self { form, faults: Vec::new() }
    }

    /// What stands in a field, without blanks around it.
    pub(crate) fn text(&self, name: &str) -> &'f str {
        self.form.get(name).trim()
    }

    /// One line that must be there.
    pub(crate) fn line(&mut self, name: &'static str, most: usize) -> String {
        self.needed(name);
        self.line_if_any(name, most)
    }

    /// One line that may be empty. Others read it, so it holds no number of a person.
    pub(crate) fn line_if_any(&mut self, name: &'static str, most: usize) -> String {
        self.checked(name, most, open_line_fault)
    }

    /// A line that must be there and is itself a number: the telephone of a company, or what stands on a paper.
    pub(crate) fn numbered(&mut self, name: &'static str, most: usize) -> String {
        self.needed(name);
        self.checked(name, most, line_fault)
    }

    /// Several lines that must be there.
    pub(crate) fn lines(&mut self, name: &'static str, most: usize) -> String {
        self.needed(name);
        self.lines_if_any(name, most)
    }

    /// Several lines that may be empty. Others read them, so they hold no number of a person.
    pub(crate) fn lines_if_any(&mut self, name: &'static str, most: usize) -> String {
        self.checked(name, most, open_lines_fault)
    }

    /// A day that must be there.
    pub(crate) fn day(&mut self, name: &'static str) -> Option<Date> {
        self.needed(name);
        self.day_if_any(name)
    }

    /// A day that may be empty.
    pub(crate) fn day_if_any(&mut self, name: &'static str) -> Option<Date> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let Ok(day) = text.parse::<Date>() else {
            self.faults.push(Refusal::new(Code::FormDate).field(name));
            return None;
        };
        let fault = not_meant(name, day);
        let is_meant = fault.is_none();
        self.faults.extend(fault);
        is_meant.then_some(day)
    }

    /// A day that must be there and has come.
    pub(crate) fn past_day(&mut self, name: &'static str, today: Date) -> Option<Date> {
        self.needed(name);
        self.past_day_if_any(name, today)
    }

    /// A day that may be empty, and has come where it is there.
    pub(crate) fn past_day_if_any(&mut self, name: &'static str, today: Date) -> Option<Date> {
        let day = self.day_if_any(name);
        if day.is_some_and(|day| day > today) {
            self.faults.push(Refusal::new(Why::PropertyFundDay).field(name));
        }
        day
    }

    /// A whole number within bounds that must be there.
    pub(crate) fn number(&mut self, name: &'static str, from: i64, to: i64) -> i64 {
        let number = self.digits(name).parse::<i64>().ok().filter(|number| (from..=to).contains(number));
        if number.is_none() {
            self.faults.push(Refusal::new(Code::FormNumber).field(name).with("from", from).with("to", to));
        }
        number.unwrap_or(from)
    }

    /// The digits of a field as they were meant: half-width.
    pub(crate) fn digits(&self, name: &str) -> String {
        number(self.form.get(name))
    }

    /// An amount in yuan with at most two digits behind the point, not less than nothing. It has the bound that every
    /// amount has which somebody enters, so that a digit too many is seen.
    pub(crate) fn money(&mut self, name: &'static str) -> Fen {
        self.yuan(name, Fen::ZERO, Some(Fen::MOST_ENTERED))
    }

    /// An amount in yuan that is more than nothing.
    pub(crate) fn payment(&mut self, name: &'static str) -> Fen {
        self.yuan(name, Fen::new(1), Some(Fen::MOST_ENTERED))
    }

    /// An amount in yuan that is more than nothing, and not more than what is there, which the reader does not know.
    pub(crate) fn taken(&mut self, name: &'static str) -> Fen {
        self.yuan(name, Fen::new(1), None)
    }

    fn yuan(&mut self, name: &'static str, least: Fen, most: Option<Fen>) -> Fen {
        let typed = self.digits(name);
        let fault = match (Fen::parse_yuan(&typed), most) {
            (None, _) if typed.is_empty() => Refusal::new(Code::FormMissing),
            (None, _) => Refusal::new(Code::FormInvalid),
            (Some(amount), _) if amount < least && least > Fen::ZERO => Refusal::new(Why::PropertyAmountNone),
            (Some(amount), _) if amount < least => Refusal::new(Code::FormInvalid),
            (Some(amount), Some(most)) if amount > most => Refusal::new(Why::PropertyAmountMost).with("most", most),
            (Some(amount), _) => return amount,
        };
        self.faults.push(fault.field(name));
        Fen::ZERO
    }

    /// One of the choices of a field.
    pub(crate) fn one_of<T>(&mut self, name: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = read(self.text(name));
        if found.is_none() {
            self.faults.push(Refusal::new(Code::FormChoice).field(name));
        }
        found
    }

    /// The compound that is named, as [`Drawn::compound`] asks for it: its community and what it is called.
    pub(crate) fn compound(&mut self, desk: &Companies, grounds: &[Ground]) -> Option<(PlacePath, String)> {
        if grounds.is_empty() {
            let (path, name) = (self.one_of("community", |id| desk.community(id)), self.line("compound", LINE_MOST));
            return path.map(|path| (path, name));
        }
        let chosen = self.one_of("ground", |id| grounds.iter().find(|one| one.id.to_string() == id))?;
        Some((chosen.path.clone(), chosen.name.clone()))
    }

    /// Adds something that is wrong.
    pub(crate) fn fault(&mut self, refusal: Refusal) {
        self.faults.push(refusal);
    }

    /// Whether something is wrong so far.
    pub(crate) fn is_wrong(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Everything that is wrong.
    pub(crate) fn faults(self) -> Vec<Refusal> {
        self.faults
    }

    fn needed(&mut self, name: &'static str) {
        if self.text(name).is_empty() {
            self.faults.push(Refusal::new(Code::FormMissing).field(name));
        }
    }

    fn checked(&mut self, name: &'static str, most: usize, fault: impl Fn(&str) -> Option<Code>) -> String {
        let text = self.text(name);
        if text.chars().count() > most {
            self.faults.push(Refusal::new(Code::FormTooLong).field(name).with("limit", most));
        }
        self.faults.extend(fault(text).map(|code| Refusal::new(code).field(name)));
        text.to_owned()
    }
}

/// A field of a form, as the page draws it.
pub(crate) struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What stands below the name; may be empty.
    pub hint: String,
    /// What is wrong with it; may be empty.
    pub error: String,
    /// What was typed.
    pub value: String,
    /// How it is drawn: `line`, `tel`, `date`, `number`, `area`, `choice` or `checks`.
    pub kind: &'static str,
    /// Whether it must be filled in.
    pub required: bool,
    /// The choices of a `choice` or of `checks`.
    pub options: Vec<Choice>,
}

/// The page of a form.
#[derive(Template)]
#[template(path = "property/form.html")]
pub(crate) struct FormPage {
    page: Page,
    crumbs: Vec<Crumb>,
    title: String,
    /// What this is about; may be empty.
    lead: String,
    action: String,
    send: String,
    fields: Vec<Field>,
    problems: Vec<Problem>,
}

/// Draws a form with what was typed and what is wrong with it.
pub(crate) struct Drawn<'d> {
    page: &'d Page,
    form: &'d Form,
    problems: Vec<Problem>,
    fields: Vec<Field>,
    send: String,
}

/// What stands around a form.
pub(crate) struct Around {
    /// The pages above.
    pub crumbs: Vec<Crumb>,
    /// What it is called.
    pub title: String,
    /// What it is about; may be empty.
    pub lead: String,
    /// Where it is sent.
    pub action: String,
}

impl<'d> Drawn<'d> {
    /// Begins a form.
    pub(crate) fn of(page: &'d Page, form: &'d Form, faults: &[Refusal]) -> Self {
        Self { page, form, problems: page.problems(LABELS, faults), fields: Vec::new(), send: String::new() }
    }

    /// Calls the button by which it is sent; without it is said that it saves.
    pub(crate) fn sent_by(self, send: String) -> Self {
        Self { send, ..self }
    }

    /// Adds a field that must be filled in.
    pub(crate) fn field(self, name: &'static str, kind: &'static str) -> Self {
        self.with(name, kind, true, Vec::new())
    }

    /// Adds a field that may be left empty.
    pub(crate) fn optional(self, name: &'static str, kind: &'static str) -> Self {
        self.with(name, kind, false, Vec::new())
    }

    /// Adds a choice. Nothing is chosen before somebody chooses, but where there is no other choice.
    pub(crate) fn choice(self, name: &'static str, options: Vec<Choice>) -> Self {
        let has_none = options.iter().any(|option| option.value.is_empty());
        let options = if has_none { options } else { with_none(self.page, options, self.form.get(name)) };
        self.with(name, "choice", true, options)
    }

    /// Adds a choice that may be left open and is called by a text that the city writes.
    pub(crate) fn called(self, name: &'static str, label: String, options: Vec<Choice>) -> Self {
        let mut drawn = self;
        let (error, value) = (problem_of(&drawn.problems, name).to_owned(), drawn.form.get(name).to_owned());
        let kind = "choice";
        drawn.fields.push(Field { name, label, hint: String::new(), error, value, kind, required: false, options });
        drawn
    }

    /// Asks for a compound: one of those that the places know, or where none is offered, its community and its name.
    pub(crate) fn compound(self, desk: &Companies, grounds: &[Ground], permission: Permission) -> Self {
        if grounds.is_empty() {
            let communities = desk.communities(self.page, permission, self.form.get("community"));
            return self.choice("community", communities).field("compound", "line");
        }
        let offered = desk.compound_choices(self.page, grounds, self.form.get("ground"));
        self.choice("ground", offered)
    }

    /// Adds boxes of which several may be ticked.
    pub(crate) fn checks(self, name: &'static str, options: Vec<Choice>) -> Self {
        self.with(name, "checks", false, options)
    }

    fn with(mut self, name: &'static str, kind: &'static str, required: bool, options: Vec<Choice>) -> Self {
        let key = format!("{LABELS}{}", name.replace('_', "-"));
        let hint = if HINTED.contains(&name) {
            self.page.t(&format!("{key}-hint"))
        } else if FREE.contains(&name) {
            self.page.t("property-no-names")
        } else {
            String::new()
        };
        self.fields.push(Field {
            name,
            label: self.page.t(&key),
            hint,
            error: problem_of(&self.problems, name).to_owned(),
            value: self.form.get(name).to_owned(),
            kind,
            required,
            options,
        });
        self
    }

    /// The fields and what is wrong, for a page that draws more around them.
    pub(crate) fn parts(self) -> (Vec<Field>, Vec<Problem>) {
        (self.fields, self.problems)
    }

    /// Answers with the page: 422 if something is wrong.
    pub(crate) fn answer(self, around: Around) -> Result<Response, WebError> {
        let status = if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let Around { crumbs, title, lead, action } = around;
        let (fields, problems, page) = (self.fields, self.problems, self.page.clone());
        let send = if self.send.is_empty() { page.t("property-form-save") } else { self.send };
        render_status(status, &FormPage { page, crumbs, title, lead, action, send, fields, problems })
    }
}

/// The fields in which somebody writes freely what others read, and that have no hint of their own: beside each stands
/// that it names nobody. Where the page says so above all of its fields, it is not said again.
const FREE: [&str; 8] = ["paper", "source", "commitment", "why", "answer", "works", "asking_paper", "note"];

/// The fields that have a hint of their own.
const HINTED: [&str; 14] = [
    "units",
    "part",
    "entered_on",
    "account",
    "account_building",
    "credit_code",
    "compound",
    "points",
    "hours",
    "valid_to",
    "reason",
    "appeal_says",
    "own_days",
    "own_years",
];

/// The choices of words, each with a text of this beginning.
pub(crate) fn worded(
    page: &Page,
    beginning: &str,
    codes: impl IntoIterator<Item = &'static str>,
    current: &str,
) -> Vec<Choice> {
    let choice = |code: &'static str| Choice::new(code, said(page, beginning, code), current);
    codes.into_iter().map(choice).collect()
}

/// The text of a word.
pub(crate) fn said(page: &Page, beginning: &str, code: &str) -> String {
    page.t(&format!("{beginning}{}", code.replace('_', "-")))
}
