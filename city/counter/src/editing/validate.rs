//! Whether a draft could be released: read as the files are read, every fault with the column it is in.

use std::collections::BTreeMap;

use kernel::fault::Fault;
use kernel::time::Date;
use web::Form;

use super::book::Book;
use super::fields::item;
use super::writing::{column_at, write};
use crate::catalogue::{Catalogue, Guide, Item};

/// The name under which a draft's text is read.
const DRAFT: &str = "draft";

/// One fault of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The column of the catalogue it is in; empty when it is about the whole item or another one.
    pub column: String,
    /// What is wrong, as the catalogue's own check says it; empty where the form alone could tell.
    pub message: String,
    /// What to do, likewise.
    pub remedy: String,
}

/// A draft that was looked at.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it describes, with its guide; none while a column cannot be read.
    pub entry: Option<(Item, Guide)>,
    /// Its text as the files write it.
    pub text: String,
    /// What is wrong with it; nothing when it could be released.
    pub wrong: Vec<Wrong>,
}

/// Looks at a draft. `version` is the one it would have.
#[must_use]
pub fn check(book: &Book, form: &Form, version: i64, on: Date) -> Checked {
    let mut checked = described(book, form, version);
    if checked.entry.is_none() {
        return checked;
    }
    match book.with(&[(DRAFT.to_owned(), checked.text.clone())], on) {
        Ok(catalogue) => against(&catalogue, &mut checked, DRAFT, book, on),
        Err(faults) => {
            let wrong = faults.iter().map(|fault| at(fault, column_of(fault, DRAFT, &checked.text)));
            checked.wrong = wrong.collect();
        }
    }
    checked.wrong.dedup();
    checked
}

/// Looks at many drafts of different items, each with the version that it would have, as they would stand together: the
/// catalogue is read a few times for all of them and not once for each.
#[must_use]
pub fn check_all(book: &Book, drafts: &[(&Form, i64)], on: Date) -> Vec<Checked> {
    let mut all: Vec<Checked> = drafts.iter().map(|(form, version)| described(book, form, *version)).collect();
    let name = |at: usize| format!("{DRAFT}-{at}");
    for _ in 0..ROUNDS {
        let open: Vec<usize> = (0..all.len()).filter(|at| all.get(*at).is_some_and(is_sound)).collect();
        let texts = open.iter().filter_map(|at| Some((name(*at), all.get(*at)?.text.clone())));
        let texts: Vec<(String, String)> = texts.collect();
        match book.with(&texts, on) {
            Ok(catalogue) => {
                for at in open {
                    all.get_mut(at).into_iter().for_each(|one| against(&catalogue, one, &name(at), book, on));
                }
                return all;
            }
            Err(faults) => {
                let mut by_name: BTreeMap<&str, Vec<&Fault>> = BTreeMap::new();
                for fault in &faults {
                    by_name.entry(&fault.file).or_default().push(fault);
                }
                let mut found = false;
                for at in open {
                    let Some(one) = all.get_mut(at) else { continue };
                    let name = name(at);
                    let own = by_name.get(name.as_str()).into_iter().flatten();
                    one.wrong = own.map(|fault| self::at(fault, column_of(fault, &name, &one.text))).collect();
                    one.wrong.dedup();
                    found |= !one.wrong.is_empty();
                }
                if !found {
                    break;
                }
            }
        }
    }
    // The faults lie between the drafts, or there is no end of them: each is then looked at by itself.
    for (one, (form, version)) in all.iter_mut().zip(drafts) {
        if is_sound(one) {
            *one = check(book, form, *version, on);
        }
    }
    all
}

/// How often the catalogue is read anew because drafts with faults are taken out: a fault in how a text is written
/// hides those in what it says, and no more kinds than these lie one below the other.
const ROUNDS: usize = 6;

fn is_sound(checked: &Checked) -> bool {
    checked.entry.is_some() && checked.wrong.is_empty()
}

/// What a form describes, with the columns that cannot be read.
fn described(book: &Book, form: &Form, version: i64) -> Checked {
    let now = book.now();
    let before = now.guide(&form.get("code").to_uppercase());
    match item(form, version, before) {
        Ok((one, guide)) => Checked { text: write(&one, &guide), entry: Some((one, guide)), wrong: Vec::new() },
        Err(columns) => {
            let wrong = columns.into_iter().map(|column| Wrong {
                column: column.to_owned(),
                message: String::new(),
                remedy: String::new(),
            });
            Checked { entry: None, text: String::new(), wrong: wrong.collect() }
        }
    }
}

/// Adds what a catalogue in which the draft stands finds about its procedure and its papers.
fn against(catalogue: &Catalogue, checked: &mut Checked, name: &str, book: &Book, on: Date) {
    let Some((one, _)) = &checked.entry else { return };
    let procedures: Vec<&str> = book.procedures().iter().map(String::as_str).collect();
    if !procedures.contains(&one.procedure.as_str()) {
        let unknown = catalogue.unknown_procedures(&procedures);
        let own = unknown.iter().filter(|fault| fault.file == name);
        checked.wrong.extend(own.map(|fault| at(fault, "procedure")));
    }
    checked.wrong.extend(catalogue.forbidden_in(one, on).iter().map(|fault| at(fault, "materials")));
    checked.wrong.dedup();
}

fn column_of<'t>(fault: &Fault, name: &str, text: &'t str) -> &'t str {
    if fault.file == name { column_at(text, fault.line) } else { "" }
}

fn at(fault: &Fault, column: &str) -> Wrong {
    Wrong { column: column.to_owned(), message: fault.message.clone(), remedy: fault.remedy.clone() }
}

impl Wrong {
    /// The field of the form in which the column is typed; empty for none.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self.column.as_str() {
            "code" => "code",
            "name" => "name_zh",
            "summary" => "summary_zh",
            "type" => "type",
            "department" | "decides" => "decides_department",
            "route" => "route",
            "custody" => "custody",
            "procedure" => "procedure",
            "promised" => "promised",
            "legal" => "legal",
            "limit_note" => "note_zh",
            "limit_source" => "limit_source",
            "name_source" => "name_source",
            "materials" => "paper0",
            "fields" => "fields",
            "identity" => "identity",
            "result" => "result_zh",
            "life_events" => "life_events",
            "keywords" => "keywords_zh",
            "reasons" => "ready0",
            "cost" | "law" | "guide" | "item" => "cost_zh",
            _ => "",
        }
    }

    /// The last part of the key under which the column's rule is written in both languages.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self.column.as_str() {
            "code" | "version" => "code",
            "name" | "summary" | "limit_note" => "texts",
            "type" | "department" | "decides" | "life_events" => "known",
            "route" => "route",
            "custody" => "custody",
            "procedure" => "procedure",
            "promised" | "legal" => "limit",
            "limit_source" | "name_source" => "source",
            "materials" => "materials",
            "fields" | "identity" => "fields",
            "result" => "result",
            "keywords" => "keywords",
            "reasons" => "reasons",
            "cost" | "law" | "guide" | "item" => "guide",
            _ => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::shipped;
    use crate::editing::fields::{fields, fixed};

    const ON: Date = Date::constant(2026, 11, 25);

    fn book() -> Book {
        Book::new(shipped(), ["separate", "direct", "levels", "online"].map(str::to_owned).to_vec()).unwrap()
    }

    fn form(book: &Book) -> Form {
        let catalogue = book.now();
        fields(catalogue.get("MZ-11").unwrap(), catalogue.guide("MZ-11").unwrap())
    }

    #[test]
    fn many_drafts_are_looked_at_as_each_by_itself() {
        let book = book();
        let catalogue = book.now();
        let one = |code: &str| fields(catalogue.get(code).unwrap(), catalogue.guide(code).unwrap());
        let forms = [
            one("MZ-11"),
            fixed(&one("MZ-12"), &[("promised", "three")]),
            fixed(&one("MZ-01"), &[("decides_department", "nobody")]),
            fixed(&one("MZ-02"), &[("procedure", "nothing")]),
            fixed(&one("MZ-03"), &[("name_en", "")]),
            one("MZ-04"),
        ];
        let drafts: Vec<(&Form, i64)> = forms.iter().map(|form| (form, 7)).collect();
        let together = check_all(&book, &drafts, ON);
        for (form, found) in forms.iter().zip(&together) {
            let alone = check(&book, form, 7, ON);
            assert_eq!((&found.wrong, &found.text), (&alone.wrong, &alone.text), "{}", form.get("code"));
        }
        assert_eq!(together.iter().filter(|one| one.wrong.is_empty()).count(), 2);
        assert!(check_all(&book, &[], ON).is_empty());
    }

    #[test]
    fn what_is_in_force_could_be_released_again() {
        let book = book();
        let checked = check(&book, &form(&book), 7, ON);
        assert!(checked.wrong.is_empty(), "{:?}", checked.wrong);
        let (item, guide) = checked.entry.unwrap();
        assert_eq!((item.code.as_str(), item.version, guide.questions.len()), ("MZ-11", 7, 3));
        assert!(checked.text.starts_with("[[item]]\ncode = \"MZ-11\"\nversion = 7\n"), "{}", checked.text);
    }

    #[test]
    fn every_fault_leads_to_the_field_in_which_it_was_typed() {
        let book = book();
        // (field, what is typed, column of the fault, field that is shown, rule that is told)
        let table = [
            ("code", "RS-99", "code", "code", "code"),
            ("code", "", "code", "code", "code"),
            ("name_en", "", "name", "name_zh", "texts"),
            ("summary_zh", " ", "summary", "summary_zh", "texts"),
            ("note_en", "by post", "limit_note", "note_zh", "texts"),
            ("type", "99", "type", "type", "known"),
            ("decides_department", "nobody", "decides", "decides_department", "known"),
            ("route", "street", "route", "route", "route"),
            ("custody", "X", "custody", "custody", "custody"),
            ("procedure", "nothing", "procedure", "procedure", "procedure"),
            ("promised", "三", "promised", "promised", "limit"),
            ("promised", "31", "promised", "promised", "limit"),
            ("legal", "14", "promised", "promised", "limit"),
            ("legal_unit", "week", "legal", "legal", "limit"),
            ("limit_source", "", "limit_source", "limit_source", "source"),
            ("name_source", "ZZ", "name_source", "name_source", "source"),
            ("paper0", "ZZ", "materials", "paper0", "materials"),
            ("fields", "name", "fields", "fields", "fields"),
            ("result_zh", "", "result", "result_zh", "result"),
            ("life_events", "war", "life_events", "life_events", "known"),
            ("keywords_zh", "、；", "keywords", "keywords_zh", "keywords"),
            ("ready19", "refuse", "reasons", "ready0", "reasons"),
            ("cost_zh", "免费", "cost", "cost_zh", "guide"),
        ];
        for (field, typed, column, shown, rule) in table {
            let checked = check(&book, &fixed(&form(&book), &[(field, typed)]), 2, ON);
            let found = checked.wrong.first().map(|wrong| (wrong.column.as_str(), wrong.field(), wrong.rule()));
            assert_eq!(found, Some((column, shown, rule)), "{field} = {typed:?}: {:?}", checked.wrong);
        }
    }

    #[test]
    fn what_a_form_alone_can_tell_has_no_message_of_the_catalogue() {
        let book = book();
        let odd = fixed(&form(&book), &[("promised", "-1"), ("custody", ""), ("decides_level", "moon")]);
        let checked = check(&book, &odd, 2, ON);
        let columns: Vec<&str> = checked.wrong.iter().map(|wrong| wrong.column.as_str()).collect();
        assert_eq!(columns, ["custody", "decides", "promised"], "every column once, in order");
        assert!(checked.wrong.iter().all(|wrong| wrong.message.is_empty() && wrong.remedy.is_empty()));
        assert!(checked.entry.is_none() && checked.text.is_empty());
        let whole = check(&book, &fixed(&form(&book), &[("promised", "31")]), 2, ON);
        assert!(whole.wrong.iter().all(|wrong| !wrong.message.is_empty() && !wrong.remedy.is_empty()));
        assert!(whole.entry.is_some(), "what is wrong can still be shown");
    }

    #[test]
    fn a_column_that_nobody_types_leads_to_no_field() {
        for column in ["", "confidential", "applicant", "reference"] {
            let wrong = Wrong { column: column.to_owned(), message: String::new(), remedy: String::new() };
            assert_eq!((wrong.field(), wrong.rule()), ("", "other"), "{column}");
        }
    }
}
