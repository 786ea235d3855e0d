//! These are the pages of papers: the applicant's own, those of staff at a case, promises, custody of originals,
//! and the papers behind a figure.

pub mod custody;
pub mod files;
pub mod originals;
pub mod own;
pub mod promises;
pub mod rows;
pub mod sheet;
pub(crate) mod shown;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use cases::kind::Files;
use cases::{Known, district};
use hall::Fault;
use house::{CaseAt, CaseFile, CaseFiles};
use kernel::case::{AskedPaper, Case, PaperForm};
use kernel::identifier::CaseNumber;
use kernel::place::PlaceId;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::{Page, UploadForm};

use crate::actions::{APPLICANT, Looked, NewFile, objected};
use crate::records::check::{self, Checked};
use crate::records::custody::{RETURNED, of_case as originals_of};
use crate::records::file::{self, File};
use crate::records::promise::{self, Promise};
use crate::words::{Holder, Kind};
use crate::{Papers, rules};

/// Is the policy under which a picture is shown. The picture may do nothing at all.
const PICTURE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
/// Is the policy under which a PDF is shown. The browser's own viewer shows it, and a sandbox would stop that viewer.
/// The PDF may load nothing.
const DOCUMENT_POLICY: &str =
    "default-src 'none'; object-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// Is the number of bytes of a kibibyte. `MEBIBYTE` is that of a mebibyte.
const KIBIBYTE: i64 = 1024;
const MEBIBYTE: i64 = 1024 * 1024;

/// A file as a page shows it.
pub struct FileLine {
    /// Its identity.
    pub id: String,
    /// Which of the paper's files it is, counted from 1.
    pub place: usize,
    /// What it is and how large it is.
    pub what: String,
    /// Who added it and when.
    pub by: String,
    /// Whether this visitor may take it back.
    pub removable: bool,
    /// Whether staff looked at it.
    pub seen: bool,
}

/// A paper of a case with everything that came of it.
pub struct PaperSection {
    /// The code of the material.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What to know about it, which may be empty.
    pub note: String,
    /// The class of the light: `ok`, `soon` or `stop`.
    pub class: &'static str,
    /// Its state in words.
    pub state: String,
    /// Whether the case still asks for it.
    pub wanted: bool,
    /// What a source said about it, which may be empty.
    pub checked: String,
    /// `waived` if data confirmed it, `objected` if the applicant said that the data are wrong, or empty.
    pub data: &'static str,
    /// Whether a source can be asked about it now.
    pub checkable: bool,
    /// Until when it is promised, which may be empty.
    pub promised: String,
    /// Its files.
    pub files: Vec<FileLine>,
}

/// Holds what a page of a case's papers is made of.
struct Rows {
    files: Vec<File>,
    checks: Vec<Checked>,
    promises: Vec<Promise>,
    /// The papers whose originals somebody keeps.
    kept: BTreeSet<String>,
    asked: Vec<AskedPaper>,
}

impl Rows {
    fn read(papers: &Papers, tx: &mut dyn Tx, known: &Known) -> Result<Self, Fault> {
        let (shard, id) = (district(&known.case), known.case.id.0);
        Ok(Self {
            asked: papers.counter.cases.asked_papers(tx, known)?,
            files: file::of_case(tx, shard, id)?,
            checks: check::of_case(tx, shard, id)?,
            promises: promise::of_case(tx, shard, id)?,
            kept: kept(tx, shard, id)?,
        })
    }
}

impl Rows {
    /// Whether a paper was asked for and did not come since.
    fn is_missing(&self, code: &str) -> bool {
        self.asked.iter().any(|paper| paper.material == code && paper.came.is_none())
    }
}

impl Papers {
    /// Returns every paper of a case in the order of the catalogue, those first that were asked for and are missing.
    pub(crate) fn sections(&self, tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<Vec<PaperSection>, Fault> {
        let case = &known.case;
        let rows = Rows::read(self, tx, known)?;
        let facts = self.counter.cases.items.facts(case.item());
        let ordered = facts.map(|facts| facts.materials.into_iter().map(|(code, _)| code)).into_iter().flatten();
        let mut codes: Vec<String> = ordered.filter(|code| rules::is_asked(case, code)).collect();
        let rest: BTreeSet<&String> = case.papers().keys().chain(case.missing()).collect();
        codes.extend(rest.into_iter().filter(|code| !codes.contains(code)).cloned().collect::<Vec<_>>());
        // What was asked for and did not come stands first, so that nobody takes another paper for it.
        codes.sort_by_key(|code| !rows.is_missing(code));
        Ok(codes.into_iter().map(|code| self.section(page, case, &rows, code)).collect())
    }

    fn section(&self, page: &Page, case: &Case, rows: &Rows, code: String) -> PaperSection {
        let (class, state) = standing(page, case, rows, &code);
        let objected = objected(&rows.checks, &code);
        let newest = rows.checks.iter().find(|one| one.material == code);
        let said = |one: &Checked| page.t1(&format!("papers-check-{}", one.outcome), "at", page.minute(one.at));
        let asked = rows.asked.iter().find(|paper| paper.material == code);
        let wanted = asked.map_or_else(|| rules::is_wanted(case, &code), |paper| paper.came.is_none());
        let wanted = wanted && case.closed_at.is_none();
        let promise = rows.promises.iter().find(|one| one.material == code && one.kept_at.is_none());
        let files = rows.files.iter().filter(|one| one.material == code).enumerate();
        PaperSection {
            name: self.counter.cases.material_name(case.item(), &code, page.lang),
            note: self.note(page, case, &code),
            class,
            state,
            wanted,
            checked: newest.map(said).unwrap_or_default(),
            data: match case.papers().get(&code) {
                _ if objected => "objected",
                Some(paper) if paper.waived => "waived",
                _ => "",
            },
            checkable: wanted && !objected && self.checks().contains_key(&code),
            promised: promise.filter(|_| wanted).map(|one| page.date(one.until)).unwrap_or_default(),
            files: files.map(|(index, one)| file_line(page, index + 1, one)).collect(),
            code,
        }
    }

    /// Returns what the catalogue says about a paper.
    fn note(&self, page: &Page, case: &Case, code: &str) -> String {
        let catalogue = self.counter.catalogue();
        let item = catalogue.get(case.item());
        let asked = item.and_then(|item| catalogue.materials_of(item).find(|one| one.code == code));
        asked.and_then(|one| one.note.as_ref()).map(|note| page.of(note).to_owned()).unwrap_or_default()
    }

    /// Returns the name of a desk: the office with its department, or the counter of a place.
    pub(crate) fn holder_name(&self, page: &Page, holder: &Holder) -> String {
        if holder.department.is_empty() {
            let tree = self.counter.cases.hall.places.tree();
            let place = tree.at(&holder.place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
            return page.t1("papers-counter-of", "place", place);
        }
        self.counter.cases.office_name(&holder.place, Some(&holder.department), page.lang)
    }
}

/// Returns the materials of the originals of a case that the resident does not have back.
fn kept(tx: &mut dyn Tx, district: PlaceId, case: Uuid) -> Result<BTreeSet<String>, StoreError> {
    let unreturned = originals_of(tx, district, case)?.into_iter().filter(|original| original.state != RETURNED);
    Ok(unreturned.map(|original| original.material).collect())
}

/// Returns the state of a paper: the class of its light, and words.
fn standing(page: &Page, case: &Case, rows: &Rows, code: &str) -> (&'static str, String) {
    let paper = case.papers().get(code);
    let (class, key) = match paper {
        _ if rows.is_missing(code) || is_left(case, rows, code) => ("stop", "papers-state-asked-again"),
        None => ("soon", "papers-state-later"),
        Some(paper) if paper.waived => ("ok", "papers-state-waived"),
        Some(paper) if paper.later => ("soon", "papers-state-later"),
        Some(paper) => match paper.form {
            PaperForm::Original if rows.kept.contains(code) => ("ok", "papers-state-kept"),
            PaperForm::Original => ("ok", "papers-state-original"),
            PaperForm::Copy => ("ok", "papers-state-copy"),
            PaperForm::Electronic => ("ok", "papers-state-electronic"),
        },
    };
    (class, page.t(key))
}

/// Whether a paper is missing still, although the applicant has handed in what else she was asked for.
fn is_left(case: &Case, rows: &Rows, code: &str) -> bool {
    rows.asked.is_empty() && case.missing().contains(code) && !rules::is_sent(case, code)
}

/// The files that lie at a case, for its own page; none where cases of its kind have no files.
pub(crate) fn files_at(
    papers: &Papers,
    tx: &mut dyn Tx,
    page: &Page,
    case: CaseAt<'_>,
) -> Result<Option<CaseFiles>, StoreError> {
    let CaseAt { district, id, number, kind } = case;
    if papers.counter.cases.kinds.get(kind).is_none_or(|kind| kind.files() == Files::None) {
        return Ok(None);
    }
    let megabytes = papers.megabytes(page).map_err(|fault| StoreError::data(fault.to_string()))?;
    let shown = |one: &File| {
        let line = file_line(page, 1, one);
        CaseFile {
            href: if page.visitor.staff() {
                format!("/cases/{number}/files#paper-{}", one.material)
            } else {
                format!("/follow/{number}/papers/{}", one.id)
            },
            id: line.id,
            material: one.material.clone(),
            text: line.what,
            at: one.at,
            is_hers: one.by_role == APPLICANT,
            is_removable: line.removable,
        }
    };
    let files = file::of_case(tx, district, id)?.iter().map(shown).collect();
    Ok(Some(CaseFiles { files, megabytes, kept: kept(tx, district, id)? }))
}

fn file_line(page: &Page, place: usize, file: &File) -> FileLine {
    let kind = Kind::parse(&file.kind).map_or("", Kind::code);
    let is_hers = file.by_role == APPLICANT;
    let who = if is_hers { page.t("papers-by-applicant") } else { file.by_name.clone() };
    FileLine {
        id: file.id.to_string(),
        place,
        what: format!("{} · {}", page.t(&format!("papers-kind-{kind}")), size(file.bytes)),
        by: format!("{who} · {}", page.minute(file.at)),
        removable: file.seen_at.is_none() && is_hers != page.visitor.staff(),
        seen: file.seen_at.is_some(),
    }
}

/// Returns a size as people say it.
fn size(bytes: i64) -> String {
    if bytes >= MEBIBYTE {
        let tenths = bytes.saturating_mul(10) / MEBIBYTE;
        format!("{}.{} MB", tenths / 10, tenths % 10)
    } else {
        format!("{} KB", (bytes / KIBIBYTE).max(1))
    }
}

/// Returns what a form with files brings for one paper.
fn sent(form: &UploadForm) -> NewFile {
    let files = form.files().iter().filter(|file| file.field == "file");
    NewFile {
        material: form.get("material").to_owned(),
        sent: files.map(|file| file.bytes.to_vec()).collect(),
        once: form.key().to_owned(),
    }
}

fn shown(looked: &Looked) -> Response {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name: String = looked.material.chars().map(plain).collect();
    answer_with(looked.kind, &format!("{name}-{}", looked.place), &looked.bytes)
}

/// Answers with a file. It has a fixed kind, is kept nowhere and runs nothing. `name` is what a browser calls it, of
/// letters, digits and hyphens alone; the ending of its kind is added.
#[must_use]
pub fn answer_with(kind: Kind, name: &str, bytes: &[u8]) -> Response {
    let name = format!("inline; filename=\"{name}.{}\"", kind.ending());
    let policy = if kind == Kind::Pdf { DOCUMENT_POLICY } else { PICTURE_POLICY };
    let headers = [
        (CONTENT_TYPE, kind.content_type().to_owned()),
        (CONTENT_DISPOSITION, name),
        (CONTENT_SECURITY_POLICY, policy.to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes.to_vec()).into_response()
}

/// Reads an identity from an address. Text that is no identity is not found.
fn identity(text: &str) -> Result<Uuid, Fault> {
    Uuid::parse_str(text).map_err(|_| Fault::NotFound)
}

/// The case of a number that this member of staff may see.
async fn seen(papers: &Arc<Papers>, page: &Page, number: &CaseNumber) -> Result<Known, Fault> {
    let (desk, drawn, asked) = (papers.clone(), page.clone(), number.clone());
    papers.counter.cases.hall.store.read(move |tx| seen_in(&desk, tx, &drawn, &asked)).await
}

/// As [`seen`], in the transaction that goes on to do something with the case.
fn seen_in(papers: &Papers, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<Known, Fault> {
    let pass = page.cookie(cases::PASS_COOKIE);
    let cases = &papers.counter.cases;
    let known = cases.seen(tx, number.as_str(), &page.visitor.actor, pass.as_deref(), page.now)?;
    // A case of a kind without files has no such page.
    if cases.file_owner(&known).is_some() { Ok(known) } else { Err(Fault::NotFound) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_as_people_say_them() {
        for (bytes, expected) in [
            (0, "1 KB"),
            (1, "1 KB"),
            (2_047, "1 KB"),
            (2_048, "2 KB"),
            (1_048_575, "1023 KB"),
            (1_048_576, "1.0 MB"),
            (1_153_433, "1.0 MB"),
            (1_153_434, "1.1 MB"),
            (4_718_592, "4.5 MB"),
            (10_485_760, "10.0 MB"),
        ] {
            assert_eq!(size(bytes), expected, "{bytes}");
        }
    }

    #[test]
    fn an_identity_is_read_and_nothing_else_is() {
        assert!(matches!(identity("../7"), Err(Fault::NotFound)));
        assert!(matches!(identity("00000000-0000-0000-0000-000000000007"), Ok(id) if id == Uuid::from_u128(7)));
    }

    #[test]
    fn a_file_that_is_shown_runs_nothing_and_is_kept_nowhere() {
        for (kind, material, name, policy) in [
            (Kind::Pdf, "HK", "inline; filename=\"HK-2.pdf\"", DOCUMENT_POLICY),
            (Kind::Jpeg, "户\"/..", "inline; filename=\"_____-2.jpg\"", PICTURE_POLICY),
        ] {
            let bytes = b"x".to_vec().into();
            let answer = shown(&Looked { kind, bytes, material: material.to_owned(), place: 2 });
            let header = |name: axum::http::HeaderName| {
                answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
            };
            assert_eq!(header(CONTENT_DISPOSITION).as_deref(), Some(name));
            assert_eq!(header(CONTENT_TYPE).as_deref(), Some(kind.content_type()));
            assert_eq!(header(CONTENT_SECURITY_POLICY).as_deref(), Some(policy));
            assert_eq!(header(X_CONTENT_TYPE_OPTIONS).as_deref(), Some("nosniff"));
            assert_eq!(header(CACHE_CONTROL).as_deref(), Some("no-store"));
        }
    }
}
