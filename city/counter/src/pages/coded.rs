//! Reads number and code as somebody types them on a page that asks for both and for nothing else.

use kernel::identifier::CaseNumber;
use kernel::language::{half_width, is_unseen};
use kernel::refusal::{Code, Refusal};
use web::Form;

/// Number and code as they were typed. It holds a code, so it is never printed.
#[derive(Clone)]
pub struct Coded {
    /// The number as it is printed; what is no number, in half width and without blanks around it.
    pub number: String,
    /// The code as it was typed. Whoever checks it reads it in full width and with blanks too.
    pub code: String,
}

impl Coded {
    /// Reads the fields `number` and `code` of a form.
    #[must_use]
    pub fn of(form: &Form) -> Self {
        Self { number: number(form.get("number")), code: form.get("code").trim().to_owned() }
    }

    /// Returns what was left empty, each by its field.
    #[must_use]
    pub fn missing(&self) -> Vec<Refusal> {
        let fields = [("number", &self.number), ("code", &self.code)];
        let empty = fields.into_iter().filter(|(_, text)| text.is_empty());
        empty.map(|(name, _)| Refusal::new(Code::FormMissing).field(name)).collect()
    }
}

/// Returns a number as it is printed, however it is spelled.
fn number(typed: &str) -> String {
    let read = CaseNumber::parse(typed).map(|number| number.as_str().to_owned());
    read.unwrap_or_else(|_| {
        let signs: String = typed.chars().filter(|sign| !is_unseen(*sign)).map(half_width).collect();
        signs.trim().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_the_one_that_is_printed() {
        let printed = CaseNumber::new("210104", 2026, 1).unwrap().as_str().to_owned();
        for spelled in [
            printed.clone(),
            printed.replace('-', ""),
            printed.replace('2', "２").replace('-', "－"),
            format!("\u{3000}{printed} "),
            format!("\u{202D}{printed}\u{202C}"),
        ] {
            assert_eq!(number(&spelled), printed, "{spelled}");
        }
        assert_eq!(number("　Ｘ１ "), "X1", "what is no number");
    }

    #[test]
    fn what_was_left_empty_is_said_by_its_field() {
        let missing = |number: &str, code: &str| {
            let coded = Coded { number: number.to_owned(), code: code.to_owned() };
            coded.missing().into_iter().filter_map(|refusal| refusal.field).collect::<Vec<String>>()
        };
        assert_eq!(missing("", ""), ["number", "code"]);
        assert_eq!(missing("1", ""), ["code"]);
        assert!(missing("1", "2").is_empty());
    }
}
