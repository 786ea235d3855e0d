//! This file writes a letter as the data of `lianglin-print` (see `print/templates`), and answers if there is no PDF.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use press::PressError;
use serde_json::{Value, json};
use web::{Page, WebError, download, render_status};

use crate::Letters;
use crate::words::{Kind, Letter};

/// Lists the labels that the templates ask for, by the names under which they ask.
const LABELS: [(&str, &str); 16] = [
    ("number", "letters-number"),
    ("promise", "letters-promise"),
    ("why", "letters-why"),
    ("missing", "letters-missing"),
    ("nothing_missing", "letters-nothing-missing"),
    ("path", "letters-path"),
    ("order", "letters-order"),
    ("paper", "letters-paper"),
    ("fault", "letters-fault"),
    ("remedy", "letters-remedy"),
    ("until", "letters-until"),
    ("papers", "letters-papers"),
    ("paper_state", "letters-paper-state"),
    ("reasons", "letters-reasons"),
    ("basis", "letters-basis"),
    ("remedies", "letters-remedies"),
];

#[derive(Template)]
#[template(path = "letters/no_pdf.html")]
struct NoPdfPage {
    page: Page,
    sentence: String,
    remedy: String,
    /// The address of the page that prints.
    print: String,
}

impl Letters {
    /// Answers with the letter as PDF. If the letter may not name the person in full, there is no PDF, and the reason
    /// is told instead.
    pub(super) async fn pdf(&self, page: Page, letter: Letter, list: &str) -> Result<Response, WebError> {
        if let Some(refusal) = &letter.withheld {
            return Err(refusal.clone().into());
        }
        let (press, data, template) = (self.press.clone(), data(&page, &letter), letter.kind.template());
        let laid_out = page.aside(move || press.pdf(template, &data)).await?;
        let name = format!("{}-{}", letter.number, letter.kind.code());
        let print = match letter.kind {
            Kind::Receipt => format!("/receipt/{}", letter.number),
            kind => format!("{list}/{}", kind.code()),
        };
        match laid_out {
            Ok(bytes) => Ok(download::pdf(&name, bytes)),
            Err(fault) => none(page, &fault, print),
        }
    }
}

/// Says what to do instead. Only the one who asked sees the characters; the log has the code alone.
fn none(page: Page, fault: &PressError, print: String) -> Result<Response, WebError> {
    let (status, sentence) = match fault {
        PressError::Refused { code, character: Some(missing), .. } if code == "character_missing" => {
            let characters = missing.chars().map(String::from).collect::<Vec<_>>().join(" ");
            (StatusCode::UNPROCESSABLE_ENTITY, page.t1("letters-no-pdf-character", "characters", characters))
        }
        PressError::NotInstalled => return Err(WebError::NotFound),
        PressError::Busy | PressError::TimedOut => (StatusCode::SERVICE_UNAVAILABLE, page.t("letters-no-pdf-busy")),
        PressError::Died | PressError::Refused { .. } => {
            tracing::warn!(%fault, "no letter as PDF");
            (StatusCode::SERVICE_UNAVAILABLE, page.t("letters-no-pdf-failed"))
        }
    };
    let remedy = page.t("letters-no-pdf-remedy");
    render_status(status, &NoPdfPage { page, sentence, remedy, print })
}

/// Returns the data of a letter. They are the same for every template, and each takes the parts that it knows.
#[must_use]
pub fn data(page: &Page, letter: &Letter) -> Value {
    let missing: Vec<Value> = if letter.kind == Kind::Receipt {
        letter.to_bring.iter().map(|paper| json!(paper)).collect()
    } else {
        let row =
            |one: &crate::words::MissingPaper| json!({"paper": one.paper, "fault": one.fault, "remedy": one.remedy});
        letter.missing.iter().map(row).collect()
    };
    let basis: Vec<Value> = letter.basis.iter().map(|text| json!({"document": text, "clause": ""})).collect();
    let papers: Vec<Value> =
        letter.papers.iter().map(|(paper, state)| json!({"paper": paper, "state": state})).collect();
    let promise = letter
        .promise
        .as_ref()
        .map(|promise| json!({"date": promise.date, "limit": promise.limit, "reasons": promise.reasons}));
    json!({
        "lang": page.lang.code(),
        "labels": labels(page),
        "title": letter.title,
        "subtitle": if letter.kind == Kind::Certificate { page.t1("letters-numbered", "number", &letter.number) } else { String::new() },
        "issuer": letter.issuer,
        "number": letter.number,
        "addressee": letter.addressee,
        "lead": letter.lead,
        "text": letter.lead,
        "facts": pairs(&letter.facts),
        "promise": promise,
        "missing": missing,
        "until": letter.until,
        "papers": papers,
        "path": pairs(&letter.path),
        "reasons": letter.reasons,
        "basis": basis,
        "remedies": letter.remedies,
        "closing": letter.closing,
        "qr": qr(page, letter),
        "signature": signature(letter),
        "footer": page.t1("letters-foot", "city", page.city()),
    })
}

fn pairs(facts: &[(String, String)]) -> Vec<Value> {
    facts.iter().map(|(label, value)| json!({"label": label, "value": value})).collect()
}

fn labels(page: &Page) -> Value {
    let mut labels: serde_json::Map<String, Value> =
        LABELS.iter().map(|(name, key)| ((*name).to_owned(), Value::from(page.t(key)))).collect();
    // The program fills these two in by itself.
    let pages = page.text("letters-page", &[("page", "{page}"), ("pages", "{pages}")]);
    labels.insert("page".to_owned(), Value::from(pages));
    Value::Object(labels)
}

fn qr(page: &Page, letter: &Letter) -> Value {
    if let Some(follow) = &letter.follow {
        return json!({"rows": follow.rows, "note": [page.t("letters-follow-scan")]});
    }
    let Some(check) = &letter.check else { return Value::Null };
    json!({"rows": check.qr.rows, "note": [page.t("letters-check-scan"), page.t1("letters-check-code", "code", &check.code)]})
}

fn signature(letter: &Letter) -> Value {
    let seal = letter.seal.as_ref().map(|seal| json!({"name": seal.name, "line": seal.line}));
    json!({"name": letter.issuer, "date": letter.date, "seal": seal})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Seal;

    #[test]
    fn a_signature_has_a_seal_only_where_the_letter_carries_one() {
        let seal = Seal { name: "大东区民政局".to_owned(), line: "专用章".to_owned() };
        let letter =
            Letter {
                issuer: "大东区民政局".to_owned(), date: "2026年12月1日".to_owned(), ..Letter::default()
            };
        let (name, date) = ("大东区民政局", "2026年12月1日");
        assert_eq!(signature(&letter), json!({ "name": name, "date": date, "seal": null }));
        let sealed = json!({ "name": name, "line": "专用章" });
        let letter = Letter { seal: Some(seal), ..letter };
        assert_eq!(signature(&letter), json!({ "name": name, "date": date, "seal": sealed }));
    }

    #[test]
    fn facts_keep_their_order() {
        let facts = [("办理单位".to_owned(), "民政局".to_owned()), ("依据".to_owned(), String::new())];
        let expected = [json!({ "label": "办理单位", "value": "民政局" }), json!({ "label": "依据", "value": "" })];
        assert_eq!(pairs(&facts), expected);
        assert!(pairs(&[]).is_empty());
    }
}
