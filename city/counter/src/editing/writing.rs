//! An item with its guide is written as the files of the catalogue hold it: one column a line, so that a fault's line
//! leads back to its column.

use std::fmt::Write as _;

use kernel::calendar::Limit;
use kernel::language::Bilingual;

use crate::catalogue::{Applicant, Beside, Guide, GuideAnswer, GuideQuestion, IssuedKind, Item, MaterialUse, Sourced};

/// The text of an item and, where there is something to say, its guide.
#[must_use]
pub fn write(item: &Item, guide: &Guide) -> String {
    let mut text = String::from("[[item]]\n");
    for (column, value) in columns(item) {
        let _ = writeln!(text, "{column} = {value}");
    }
    let bare = Guide { item: guide.item.clone(), ..Guide::default() };
    if *guide != bare {
        write_guide(&mut text, &item.code, guide);
    }
    text
}

/// The column that a line of such a text sets; `guide` for the head of the guide, nothing for the head of the item.
#[must_use]
pub fn column_at(text: &str, line: usize) -> &str {
    let found = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    if found.starts_with("[[guide") {
        return "guide";
    }
    let column = found.split([' ', '.', '=']).next().unwrap_or_default();
    if column.starts_with('[') { "" } else { column }
}

/// The columns of an item in the order of the files, each with its value.
fn columns(item: &Item) -> Vec<(&'static str, String)> {
    let mut columns = vec![
        ("code", quoted(&item.code)),
        ("version", item.version.to_string()),
        ("name", both(&item.name)),
        ("summary", both(&item.summary)),
        ("type", quoted(&item.kind)),
        ("department", quoted(&item.department)),
        ("applicant", quoted(applicant(item.applicant))),
        (
            "decides",
            format!(
                "{{ level = {}, department = {} }}",
                quoted(item.decides.level.code()),
                quoted(&item.decides.department)
            ),
        ),
        ("route", list(item.route.iter().map(|level| level.code()))),
        ("custody", quoted(item.custody.code())),
        ("procedure", quoted(&item.procedure)),
        ("promised", limit(item.promised)),
        ("legal", limit(item.legal)),
    ];
    columns.extend(item.limit_note.as_ref().map(|note| ("limit_note", both(note))));
    let papers: Vec<String> = item.materials.iter().map(paper).collect();
    columns.extend([
        ("limit_source", list(item.limit_source.iter().map(String::as_str))),
        ("materials", format!("[{}]", papers.join(", "))),
        ("fields", list(item.fields.iter().map(|field| field.code()))),
        ("confidential", item.confidential.to_string()),
        (
            "result",
            format!(
                "{{ zh = {}, en = {}, type = {} }}",
                quoted(&item.result.name.zh),
                quoted(&item.result.name.en),
                quoted(issued(item.result.kind))
            ),
        ),
        ("life_events", list(item.life_events.iter().map(String::as_str))),
        (
            "keywords",
            format!(
                "{{ zh = {}, en = {} }}",
                list(item.keywords.zh.iter().map(String::as_str)),
                list(item.keywords.en.iter().map(String::as_str))
            ),
        ),
        ("provisional", list(item.provisional.iter().map(|aspect| aspect.code()))),
        ("name_source", list(item.name_source.iter().map(String::as_str))),
    ]);
    if !item.identity.is_empty() {
        columns.push(("identity", list(item.identity.iter().map(|kind| kind.code()))));
    }
    columns.extend(item.reference.as_ref().map(|reference| ("reference", quoted(reference))));
    columns
}

fn write_guide(text: &mut String, code: &str, guide: &Guide) {
    let _ = writeln!(text, "\n[[guide]]\nitem = {}", quoted(code));
    if let Some(cost) = &guide.cost {
        let _ = writeln!(text, "cost = {}", both(cost));
    }
    for (column, said) in [("how_much", &guide.how_much), ("when_paid", &guide.when_paid)] {
        if let Some(Sourced { zh, en, source }) = said {
            let (zh, en, source) = (quoted(zh), quoted(en), quoted(source));
            let _ = writeln!(text, "{column} = {{ zh = {zh}, en = {en}, source = {source} }}");
        }
    }
    if let Some(Beside { zh, en, href }) = &guide.beside {
        let _ = writeln!(text, "beside = {{ zh = {}, en = {}, href = {} }}", quoted(zh), quoted(en), quoted(href));
    }
    if !guide.law.is_empty() {
        let law: Vec<String> = guide.law.iter().map(both).collect();
        let _ = writeln!(text, "law = [{}]", law.join(", "));
    }
    for question in &guide.questions {
        write_question(text, question);
    }
    for asked in &guide.faq {
        let (question, answer) = (both(&asked.question), both(&asked.answer));
        let _ = writeln!(text, "[[guide.faq]]\nquestion = {question}\nanswer = {answer}");
    }
    for ready in &guide.reasons {
        let (told, title) = (quoted(ready.told.code()), both(&ready.title));
        let _ = writeln!(text, "[[guide.reason]]\nfor = {told}\ntitle = {title}");
        for (column, said) in [("reason", &ready.reason), ("basis", &ready.basis), ("remedy", &ready.remedy)] {
            if let Some(said) = said {
                let _ = writeln!(text, "{column} = {}", both(said));
            }
        }
    }
}

fn write_question(text: &mut String, question: &GuideQuestion) {
    let answers: Vec<String> = question.answers.iter().map(answer).collect();
    let (code, asked) = (quoted(&question.code), both(&question.text));
    let _ = writeln!(text, "[[guide.question]]\ncode = {code}\ntext = {asked}\nanswers = [{}]", answers.join(", "));
}

fn answer(answer: &GuideAnswer) -> String {
    let mut text = format!("{{ code = {}, title = {}", quoted(&answer.code), both(&answer.title));
    for (name, value) in [("exit", &answer.exit), ("note", &answer.note)] {
        if let Some(value) = value {
            let _ = write!(text, ", {name} = {}", both(value));
        }
    }
    if let Some(instead) = &answer.instead {
        let _ = write!(text, ", instead = {}", quoted(instead));
    }
    if !answer.unneeded.is_empty() {
        let _ = write!(text, ", unneeded = {}", list(answer.unneeded.iter().map(String::as_str)));
    }
    text.push_str(" }");
    text
}

fn paper(paper: &MaterialUse) -> String {
    let mut text = format!("{{ code = {}, needed = {}", quoted(&paper.code), paper.needed);
    if !paper.alternatives.is_empty() {
        let _ = write!(text, ", or = {}", list(paper.alternatives.iter().map(String::as_str)));
    }
    if let Some(note) = &paper.note {
        let _ = write!(text, ", note = {}", both(note));
    }
    text.push_str(" }");
    text
}

fn limit(limit: Limit) -> String {
    format!("{{ amount = {}, unit = {} }}", limit.amount, quoted(limit.unit.code()))
}

fn both(text: &Bilingual) -> String {
    format!("{{ zh = {}, en = {} }}", quoted(&text.zh), quoted(&text.en))
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(quoted).collect();
    format!("[{}]", words.join(", "))
}

/// A text between quotation marks on one line. TOML reads what JSON escapes alike. The one sign that JSON does not
/// escape and TOML forbids is left out.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text.replace('\u{7f}', "")).to_string()
}

/// The word used in data for who applies.
pub(super) const fn applicant(applicant: Applicant) -> &'static str {
    match applicant {
        Applicant::Resident => "resident",
        Applicant::Organisation => "organisation",
    }
}

/// The word used in data for a kind of result.
pub(super) const fn issued(kind: IssuedKind) -> &'static str {
    match kind {
        IssuedKind::Certificate => "certificate",
        IssuedKind::Payment => "payment",
        IssuedKind::Record => "record",
        IssuedKind::Service => "service",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::catalogue::tests::shipped as files;

    #[test]
    fn every_item_is_written_as_it_was_read() {
        let (catalogue, mut texts) = (Catalogue::load(&files()).unwrap(), Vec::new());
        for item in catalogue.items() {
            let bare = Guide { item: item.code.clone(), ..Guide::default() };
            let guide = catalogue.guide(&item.code).unwrap_or(&bare);
            let text = write(item, guide);
            assert_eq!(Catalogue::entry(&text), Some((item.clone(), guide.clone())), "{text}");
            texts.push((item.code.clone(), text));
        }
        let over = Catalogue::load_over(&files(), &texts).unwrap();
        assert!(over.items().eq(catalogue.items()), "all of them over the files are the same catalogue");
    }

    #[test]
    fn a_line_leads_back_to_its_column() {
        let catalogue = Catalogue::load(&files()).unwrap();
        let item = catalogue.get("MZ-01").unwrap();
        let text = write(item, catalogue.guide("MZ-01").unwrap());
        for column in ["code", "name", "promised", "materials", "law"] {
            let at = text.lines().position(|line| line.starts_with(&format!("{column} ="))).unwrap();
            assert_eq!(column_at(&text, at + 1), column);
        }
        assert_eq!((column_at(&text, 1), column_at(&text, 9_999)), ("", ""));
    }

    #[test]
    fn odd_signs_stay_what_they_are() {
        for odd in ["a\"b", "a\\b", "a\nb", "制表\t符", "控\u{1}制", "[[item]]"] {
            let table: toml::Table = toml::from_str(&format!("x = {}", quoted(odd))).unwrap();
            assert_eq!(table.get("x").and_then(toml::Value::as_str), Some(odd));
        }
    }
}
