//! Reads a table of companies and their contracts, and says row by row what is wrong with it. A company stands in as
//! many rows as it has contracts; one without a contract stands in a row of its own.

use std::collections::BTreeMap;

use kernel::day::not_meant;
use kernel::identifier::CreditCode;
use kernel::line::{line_fault, open_line_fault};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use tables::{Row, Table};

use super::register::RowFault;
use crate::refusals::Why;
use crate::words::company::{Bond, LINE_MOST, Party};

/// The columns of a table, in the order in which a form for it has them.
pub const COLUMNS: [&str; 11] = [
    "company_name",
    "credit_code",
    "hotline",
    "party",
    "party_since",
    "community",
    "compound",
    "kind",
    "paper",
    "starts_on",
    "ends_on",
];
/// The columns without which a table is not read.
pub const REQUIRED: [&str; 2] = ["company_name", "credit_code"];
/// The columns of a contract. A row in which all of them are empty has none.
const OF_A_CONTRACT: [&str; 6] = ["community", "compound", "kind", "paper", "starts_on", "ends_on"];

/// What words of a table mean, in any language. They come folded, as [`tables::folded`] does it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetWords {
    /// Whether a company has a Party organisation.
    pub parties: BTreeMap<String, Party>,
    /// How a contract came about.
    pub kinds: BTreeMap<String, Bond>,
    /// The communities of whoever imports that each name or code of the table means.
    pub communities: BTreeMap<String, Vec<PlacePath>>,
}

/// A company of a table, with its contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyDraft {
    /// The line in which it stands first.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// Its unified social credit code.
    pub credit_code: String,
    /// Its telephone for owners. It may be empty for a company that is registered already.
    pub hotline: String,
    /// Its Party organisation.
    pub party: Party,
    /// Since when it has one.
    pub party_since: Option<Date>,
    /// Its contracts.
    pub contracts: Vec<ContractDraft>,
}

/// A contract of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractDraft {
    /// Its line in the file.
    pub line: usize,
    /// The community in which the compound lies.
    pub path: PlacePath,
    /// The compound.
    pub compound: String,
    /// The number on the paper.
    pub paper: String,
    /// How it came about.
    pub kind: Bond,
    /// Its first day.
    pub starts_on: Date,
    /// Its last day.
    pub ends_on: Date,
}

/// Reads a table of companies.
///
/// # Errors
/// Every row that cannot be taken, by its line; nothing is taken then.
pub fn read(table: &Table, words: &SheetWords) -> Result<Vec<CompanyDraft>, Vec<RowFault>> {
    let (mut companies, mut faults) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let taken = company(row, words).and_then(|draft| put(draft, &mut companies));
        faults.extend(taken.err().map(|refusal| RowFault { line: row.line, refusal }));
    }
    if faults.is_empty() { Ok(companies) } else { Err(faults) }
}

/// Puts the company of a row with its other rows. What the first of them leaves empty is read from a later one.
fn put(draft: CompanyDraft, companies: &mut Vec<CompanyDraft>) -> Result<(), Refusal> {
    let Some(known) = companies.iter_mut().find(|known| known.credit_code == draft.credit_code) else {
        companies.push(draft);
        return Ok(());
    };
    if tables::plain(&known.name) != tables::plain(&draft.name) {
        return Err(Refusal::new(Why::PropertyCompanyName).field("company_name").with("name", &known.name));
    }
    if known.hotline.is_empty() {
        known.hotline = draft.hotline;
    }
    if known.party == Party::None {
        (known.party, known.party_since) = (draft.party, draft.party_since);
    }
    known.contracts.extend(draft.contracts);
    Ok(())
}

fn company(row: &Row, words: &SheetWords) -> Result<CompanyDraft, Refusal> {
    let name = needed("company_name", row.text("company_name"), open_line_fault)?;
    let credit_code = CreditCode::parse(&row.plain("credit_code")).map_err(|fault| fault.refusal("credit_code"))?;
    let hotline = line("hotline", &row.plain("hotline"), line_fault)?;
    let party = if row.text("party").is_empty() { Party::None } else { chosen(row, "party", &words.parties)? };
    let party_since = day(row, "party_since")?.filter(|_| party != Party::None);
    let contracts = contract(row, words)?.into_iter().collect();
    let credit_code = credit_code.to_string();
    Ok(CompanyDraft { line: row.line, name, credit_code, hotline, party, party_since, contracts })
}

fn contract(row: &Row, words: &SheetWords) -> Result<Option<ContractDraft>, Refusal> {
    if OF_A_CONTRACT.into_iter().all(|column| row.text(column).is_empty()) {
        return Ok(None);
    }
    let called = row.plain("community");
    if called.is_empty() {
        return Err(missing("community"));
    }
    let Some([path]) = words.communities.get(&called).map(Vec::as_slice) else {
        return Err(Refusal::new(Why::PropertyCommunityUnknown).field("community").with("community", called));
    };
    let compound = needed("compound", row.text("compound"), open_line_fault)?;
    let kind = chosen(row, "kind", &words.kinds)?;
    let paper = needed("paper", row.text("paper"), line_fault)?;
    let starts_on = day(row, "starts_on")?.ok_or_else(|| missing("starts_on"))?;
    let ends_on = day(row, "ends_on")?.ok_or_else(|| missing("ends_on"))?;
    if ends_on < starts_on {
        return Err(Refusal::new(Why::PropertyDays).field("ends_on"));
    }
    Ok(Some(ContractDraft { line: row.line, path: path.clone(), compound, paper, kind, starts_on, ends_on }))
}

fn missing(column: &str) -> Refusal {
    Refusal::new(Code::FormMissing).field(column)
}

/// One line that must be there.
fn needed(column: &str, text: &str, fault: impl Fn(&str) -> Option<Code>) -> Result<String, Refusal> {
    if text.is_empty() { Err(missing(column)) } else { line(column, text, fault) }
}

/// One line that may be empty.
fn line(column: &str, text: &str, fault: impl Fn(&str) -> Option<Code>) -> Result<String, Refusal> {
    if text.chars().count() > LINE_MOST {
        return Err(Refusal::new(Code::FormTooLong).field(column).with("limit", LINE_MOST));
    }
    fault(text).map_or_else(|| Ok(text.to_owned()), |code| Err(Refusal::new(code).field(column)))
}

/// What a word means.
fn chosen<T: Copy>(row: &Row, column: &str, words: &BTreeMap<String, T>) -> Result<T, Refusal> {
    let word = tables::folded(row.text(column));
    if word.is_empty() {
        return Err(missing(column));
    }
    words.get(&word).copied().ok_or_else(|| Refusal::new(Code::FormChoice).field(column))
}

/// A day that may be empty.
fn day(row: &Row, column: &str) -> Result<Option<Date>, Refusal> {
    let text = row.text(column);
    if text.is_empty() {
        return Ok(None);
    }
    let day = tables::date(text).ok_or_else(|| Refusal::new(Code::FormDate).field(column))?;
    not_meant(column, day).map_or(Ok(Some(day)), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tables::{Limits, Wanted};

    const SOUND: &str = "惠家物业,91350100M000100Y43,024-11110000";

    fn path(text: &str) -> PlacePath {
        PlacePath::parse(text).unwrap()
    }

    fn words() -> SheetWords {
        let (one, other) = (path("1.4.40.400."), path("1.4.41.410."));
        SheetWords {
            parties: BTreeMap::from([("有党组织".to_owned(), Party::Branch)]),
            kinds: BTreeMap::from([("续签".to_owned(), Bond::Renewed)]),
            communities: BTreeMap::from([
                ("华炉社区".to_owned(), vec![one.clone()]),
                ("和平社区".to_owned(), vec![one, other]),
            ]),
        }
    }

    fn taken(rows: &str) -> Result<Vec<CompanyDraft>, Vec<RowFault>> {
        let text = format!("{}\n{rows}", COLUMNS.join(","));
        let wanted = Wanted {
            limits: Limits { rows: 100, columns: 20, bytes: 1 << 20 },
            required: &REQUIRED,
            column: &|title| COLUMNS.into_iter().find(|column| *column == title),
            called: &|column| column.to_owned(),
        };
        read(&tables::read(text.as_bytes(), &wanted).unwrap(), &words())
    }

    #[test]
    fn a_company_has_the_contracts_of_its_rows() {
        let rows = format!(
            "{SOUND},有党组织,2020-07-01,华炉社区,北苑,续签,2026-1,2026/1/1,2028年12月31日\n\
             惠家物业,9135 0100 M000 100Y 43,,,,华炉社区,南苑,续签,2026-2,2026-01-01,2028-12-31\n\
             {SOUND},,,,,,,,"
        );
        let read = taken(&rows).unwrap();
        let [company] = read.as_slice() else { panic!("{read:?}") };
        assert_eq!((company.line, company.hotline.as_str(), company.party), (2, "024-11110000", Party::Branch));
        let contracts: Vec<(usize, &str)> =
            company.contracts.iter().map(|one| (one.line, one.compound.as_str())).collect();
        assert_eq!(contracts, [(2, "北苑"), (3, "南苑")]);
        assert_eq!(company.contracts[0].ends_on, "2028-12-31".parse().unwrap());
    }

    #[test]
    fn each_row_says_what_is_wrong_with_it() {
        let whole = "华炉社区,北苑,续签,2026-1,2026-01-01,2028-12-31";
        let table = [
            (format!(",91350100M000100Y43,024-11110000,,,{whole}"), Code::FormMissing),
            (format!("张三13800130412,91350100M000100Y43,024-11110000,,,{whole}"), Code::FormPersonal),
            (format!("惠家物业,91350100M000100Y44,024-11110000,,,{whole}"), Code::IdentifierCheckDigit),
            (format!("{SOUND},也许,,{whole}"), Code::FormChoice),
            (format!("{SOUND},有党组织,去年,{whole}"), Code::FormDate),
            (format!("{SOUND},,,远方社区,北苑,续签,2026-1,2026-01-01,2028-12-31"), Why::PropertyCommunityUnknown),
            (format!("{SOUND},,,和平社区,北苑,续签,2026-1,2026-01-01,2028-12-31"), Why::PropertyCommunityUnknown),
            (format!("{SOUND},,,,北苑,续签,2026-1,2026-01-01,2028-12-31"), Code::FormMissing),
            (format!("{SOUND},,,华炉社区,北苑,,2026-1,2026-01-01,2028-12-31"), Code::FormMissing),
            (format!("{SOUND},,,华炉社区,北苑,续签,2026-1,2026-01-01,2025-12-31"), Why::PropertyDays),
            (format!("{SOUND},,,华炉社区,北苑,续签,2026-1,0001-01-01,2028-12-31"), Code::CaseDayOutside),
        ];
        for (row, expected) in table {
            let faults = taken(&row).unwrap_err();
            let found: Vec<(usize, Code)> = faults.iter().map(|fault| (fault.line, fault.refusal.code)).collect();
            assert_eq!(found, [(2, expected)], "{row}");
        }
        let rows = format!("{SOUND},,,,,,,,\n别家物业,91350100M000100Y43,,,,,,,,,");
        let faults = taken(&rows).unwrap_err();
        assert_eq!((faults.len(), faults[0].line, faults[0].refusal.code), (1, 3, Why::PropertyCompanyName));
    }
}
