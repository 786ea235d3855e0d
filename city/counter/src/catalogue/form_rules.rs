//! What the papers that are filled in here must fulfil.

use super::entries::{Entries, Written, is_word, translated, unique};
use super::form::{FieldKind, FormField, FormPart, When};
use kernel::fault::Fault;
use kernel::language::Bilingual;
use std::collections::BTreeSet;

/// Codes that the form itself uses beside those of a paper's questions.
const RESERVED: [&str; 1] = ["paper"];

/// Every fault of the forms.
pub(super) fn check(entries: &Entries<'_>, faults: &mut Vec<Fault>) {
    let materials: BTreeSet<&str> = entries.materials.iter().map(|entry| entry.value.code.as_str()).collect();
    unique(&entries.forms, |form| &form.material, "material", faults);
    for form in &entries.forms {
        let code = &form.value.material;
        if !materials.contains(code.as_str()) {
            let message = format!("a form for the material {code:?}, which is not known");
            faults.push(form.fault("material", message, "Correct the code, or add the material to materials.toml"));
        }
        translated(form, "title", Some(&form.value.title), faults);
        translated(form, "hint", form.value.hint.as_ref(), faults);
        check_fields(form, faults);
        check_whole(form, faults);
    }
}

/// What concerns the form as a whole.
fn check_whole(form: &Written<'_, FormPart>, faults: &mut Vec<Fault>) {
    let FormPart { material, fields, later_when, .. } = &form.value;
    if !fields.iter().any(|field| field.required && field.when.is_none()) {
        let message = format!("{material}: nothing has to be answered");
        faults.push(form.fault("material", message, "Require at least one question that is always asked"));
    }
    if let Some(when) = later_when
        && !holds(when, fields)
    {
        let message = format!("{material}: later_when names {:?} = {:?}, which no question gives", when.field, when.is);
        faults.push(form.fault("later_when", message, "Name a choice or yes_no of this form and one of its answers"));
    }
}

fn check_fields(form: &Written<'_, FormPart>, faults: &mut Vec<Fault>) {
    let mut codes = BTreeSet::new();
    let mut before: Vec<FormField> = Vec::new();
    for field in &form.value.fields {
        let mut say = |message: String, remedy: &str| {
            faults.push(Fault {
                line: line_of(form, &field.code),
                ..form.fault("material", format!("{}, {:?}: {message}", form.value.material, field.code), remedy)
            });
        };
        if !codes.insert(field.code.as_str()) || !is_word(&field.code) || RESERVED.contains(&field.code.as_str()) {
            say("the code is there twice, or is no plain word".to_owned(), "Small letters, digits and _; not `paper`");
        }
        if texts(field).iter().any(|text| text.missing().is_some()) {
            say("a text is missing in one language".to_owned(), "Write it: every text is in both languages");
        }
        check_options(field, &mut say);
        if let Some(when) = field.when.as_ref().filter(|when| !holds(when, &before)) {
            let message = format!("asked after {:?} = {:?}, which no question before it gives", when.field, when.is);
            say(message, "Name a choice or yes_no that comes before, and one of its answers");
        }
        before.push(field.clone());
    }
}

fn check_options(field: &FormField, say: &mut impl FnMut(String, &str)) {
    let codes: BTreeSet<&str> = field.options.iter().map(|option| option.code.as_str()).collect();
    let is_choice = field.kind == FieldKind::Choice;
    if is_choice == field.options.is_empty() || (is_choice && codes.len() < 2) {
        let remedy = "Give a choice two options or more, and other kinds none";
        say("options and kind do not go together".to_owned(), remedy);
    } else if codes.len() < field.options.len() || !codes.iter().all(|code| is_word(code)) {
        let remedy = "Give each option a code of its own: small letters, digits and _";
        say("an option has no code of its own".to_owned(), remedy);
    }
}

/// Whether one of these questions can be answered so.
fn holds(when: &When, fields: &[FormField]) -> bool {
    let answered =
        |field: &FormField| field.code == when.field && FieldKind::answers(field).contains(&when.is.as_str());
    fields.iter().any(answered)
}

fn texts(field: &FormField) -> Vec<&Bilingual> {
    let options = field.options.iter().map(|option| &option.title);
    std::iter::once(&field.title).chain(field.hint.as_ref()).chain(options).collect()
}

/// The line on which a question of the form gives its code.
fn line_of(form: &Written<'_, FormPart>, code: &str) -> usize {
    let entry = form.begin();
    let wanted = format!("code = \"{code}\"");
    let below = form.text.lines().enumerate().skip(entry);
    let mut inside = below.take_while(|(_, line)| !line.trim_start().starts_with("[[form]]"));
    inside.find(|(_, line)| line.trim_start().starts_with(&wanted)).map_or(entry, |(at, _)| at + 1)
}
