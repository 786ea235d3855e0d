//! Documents of the city on which a release rests, beside those of the rulebook's register: an editor enters the clause
//! that she needs, and the next release can name it.

use hall::Fault;
use kernel::language::Bilingual;
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::json;
use uuid::Uuid;
use web::Form;

use super::actions::{Basis, log};
use crate::Counter;
use crate::records::{self, OwnDocument};
use crate::refusals::Why;

/// What stands before the key of a document of the city, where a release names it.
const OWN: &str = "own:";
/// The longest answer about a document, in characters. A bound of the machine.
const LONGEST: usize = 1_000;

/// What is asked of a document: the field, and what it is called.
const ASKED: [(&str, &str, &str); 5] = [
    ("doc_title", "文件名称", "Title of the document"),
    ("doc_number", "文号", "Number of the document"),
    ("doc_issuer", "发文单位", "Issued by"),
    ("doc_clause", "条款", "Clause"),
    ("doc_words", "条款内容", "What the clause says"),
];

impl OwnDocument {
    /// Its key, as a release names it.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{OWN}{}", self.id)
    }
}

/// Says whether a key names a document of the city.
#[must_use]
pub fn is_own(key: &str) -> bool {
    key.starts_with(OWN)
}

/// Reads a document from a form. What is wrong is named by its field.
///
/// # Errors
/// Refuses what is missing or too long, and a day that is none or lies ahead.
pub fn read(form: &Form, today: Date) -> Result<OwnDocument, Refusal> {
    for (field, zh, en) in ASKED {
        let refusal = |code: Code| Refusal::new(code).field(field).with_both("label", &Bilingual::new(zh, en));
        let typed = form.get(field).trim();
        if typed.is_empty() {
            return Err(refusal(Code::FormMissing));
        }
        if typed.chars().count() > LONGEST {
            return Err(refusal(Code::FormTooLong).with("limit", LONGEST));
        }
    }
    let label = Bilingual::new("发文日期", "Date of issue");
    let wrong = || Refusal::new(Code::FormDate).field("doc_date").with_both("label", &label);
    let issued_on: Date = form.get("doc_date").trim().parse().map_err(|_| wrong())?;
    if issued_on > today {
        return Err(Refusal::new(Why::CatalogueDocumentAhead).field("doc_date"));
    }
    let typed = |field: &str| form.get(field).trim().to_owned();
    Ok(OwnDocument {
        id: Uuid::nil(),
        number: typed("doc_number"),
        title: typed("doc_title"),
        issuer: typed("doc_issuer"),
        issued_on,
        clause: typed("doc_clause"),
        words: typed("doc_words"),
        added_by: None,
        added_name: String::new(),
        added_at: Instant::from_micros(0),
    })
}

impl Counter {
    /// The documents of the city, the newest first.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn own_documents(&self) -> Result<Vec<OwnDocument>, Fault> {
        Ok(self.cases.hall.store.read(records::documents).await?)
    }

    /// Enters a document of the city while an item is released, and returns it. Sent twice it is entered once.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn add_document(
        &self,
        code: &str,
        document: OwnDocument,
        actor: &Actor,
        once: &str,
        now: Instant,
    ) -> Result<OwnDocument, Fault> {
        let own = OwnDocument {
            id: Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("counter.document/{once}").as_bytes()),
            added_by: actor.account,
            added_name: actor.name.clone(),
            added_at: now,
            ..document
        };
        let (kept, code, city) = (own.clone(), code.to_owned(), self.city()?);
        self.cases
            .hall
            .store
            .write(move |tx| {
                if !records::add_document(tx, &kept)? {
                    return Ok(());
                }
                let payload = json!({
                    "item": &code, "document": kept.key(), "number": &kept.number, "title": &kept.title,
                    "clause": &kept.clause, "words": &kept.words, "account": kept.added_by, "name": &kept.added_name,
                });
                log(tx, &city, &code, "catalogue.document", &payload, now)?;
                Ok::<_, Fault>(())
            })
            .await?;
        Ok(own)
    }

    /// Checks that a release rests on a clause of the rulebook's register or of a document of the city.
    ///
    /// # Errors
    /// Refuses anything else.
    pub(super) async fn rests_on(&self, basis: &Basis) -> Result<(), Fault> {
        let known = if is_own(&basis.document) {
            let own = self.own_documents().await?;
            own.iter().any(|own| own.key() == basis.document && own.clause == basis.clause)
        } else {
            let document = self.cases.hall.rulebook.document(&basis.document);
            document.and_then(|document| document.clause(&basis.clause)).is_some()
        };
        if known { Ok(()) } else { Err(Refusal::new(Why::CatalogueBasisUnknown).field("basis").into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_the_city_has_everything_that_a_release_names() {
        let today: Date = "2026-11-23".parse().unwrap();
        let good = [
            ("doc_title", " 高龄津贴发放办法 "),
            ("doc_number", "沈民发〔2026〕12号"),
            ("doc_issuer", "沈阳市民政局"),
            ("doc_date", "2026-10-01"),
            ("doc_clause", "3"),
            ("doc_words", "十个工作日内办结。"),
        ];
        let form = |changed: &str, value: &str| {
            let fields = good.iter().map(|(name, kept)| (*name, if *name == changed { value } else { *kept }));
            fields.fold(Form::default(), |form, (name, value)| form.with(name, value))
        };
        let read = |changed: &str, value: &str| super::read(&form(changed, value), today);
        assert_eq!(read("", "").unwrap().title, "高龄津贴发放办法");
        let table = [
            ("doc_title", " ", "form.missing"),
            ("doc_number", "", "form.missing"),
            ("doc_words", "", "form.missing"),
            ("doc_date", "", "form.date"),
            ("doc_date", "1.10.2026", "form.date"),
            ("doc_date", "2026-11-24", "catalogue.document_ahead"),
        ];
        for (field, value, code) in table {
            let refusal = read(field, value).unwrap_err();
            assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), (code, Some(field)), "{value:?}");
        }
        let long = "长".repeat(LONGEST + 1);
        assert_eq!(read("doc_words", &long).unwrap_err().code.as_str(), "form.too_long");
    }
}
