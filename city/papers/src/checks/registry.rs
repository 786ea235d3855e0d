//! This source is a register of the city as a CSV file. It has digests of identity numbers, the material that each
//! confirms, and from when until when. It serves small cities and tests.
//!
//! The digest has a key (HMAC-SM3 under a key of this installation), so the file alone tells nothing of anybody.
//! `lianglin checks digest` makes it.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use kernel::identifier::{IdentifierFault, Identity};
use kernel::language::{Bilingual, Lang};
use kernel::refusal::Refusal;
use kernel::time::Date;
use sm3::Sm3;
use std::collections::BTreeMap;
use tables::{Limits, Sheets, Wanted, Why};
use vault::PersonField;

use super::{Check, CheckFault, CheckRequest, Reply};

/// Holds the key that makes a registry's digests. It prints nothing.
#[derive(Clone)]
pub struct RegistryKey([u8; 32]);

impl RegistryKey {
    /// Takes a key that was derived for this purpose alone.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// Returns the digest of an identity number, or nothing if the text is no such number.
    #[must_use]
    pub fn digest(&self, resident_id: &str) -> Option<String> {
        let number = Identity::parse(resident_id).ok()?.kept();
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.0).ok()?;
        mac.update(b"papers registry\0");
        mac.update(number.as_bytes());
        Some(HEXLOWER.encode(&mac.finalize().into_bytes()))
    }
}

/// Holds the first and the last day on which something is valid.
type Period = (Date, Option<Date>);

/// Holds a register in memory.
pub struct Registry {
    entries: BTreeMap<(String, String), Vec<Period>>,
    key: RegistryKey,
}

impl Registry {
    /// Reads `digest,material,from,until`. If `until` is empty, the line has no end.
    ///
    /// # Errors
    /// Names the number of a line that cannot be read.
    pub fn read(name: &str, text: &str, key: RegistryKey) -> Result<Self, String> {
        let mut entries: BTreeMap<(String, String), Vec<Period>> = BTreeMap::new();
        let read = lines(text.as_bytes(), "digest").map_err(|fault| format!("{name}: {}", fault.en))?;
        for line in read.read {
            let Line { key, material, period, .. } = line.map_err(|number| format!("{name}: {}", unread(number).en))?;
            entries.entry((key.to_ascii_lowercase(), material)).or_default().push(period);
        }
        Ok(Self { entries, key })
    }
}

/// A line of a register, or of the list that it is made from.
struct Line {
    number: usize,
    /// The digest or the identity number.
    key: String,
    material: String,
    period: Period,
}

/// A register of a whole city has a line for each paper of each person.
const LIMITS: Limits = Limits { rows: 2_000_000, columns: 40, bytes: 256 * 1024 * 1024 };

/// The titles under which lists have the columns, folded.
const TITLES: [(&str, &str); 30] = [
    ("digest", "digest"),
    ("resident_id", "resident_id"),
    ("身份证", "resident_id"),
    ("身份证号", "resident_id"),
    ("身份证号码", "resident_id"),
    ("居民身份证号码", "resident_id"),
    ("公民身份号码", "resident_id"),
    ("证件号", "resident_id"),
    ("证件号码", "resident_id"),
    ("material", "material"),
    ("材料", "material"),
    ("材料代码", "material"),
    ("材料编码", "material"),
    ("from", "from"),
    ("开始", "from"),
    ("开始日期", "from"),
    ("起始日期", "from"),
    ("生效日期", "from"),
    ("有效期起", "from"),
    ("有效期开始", "from"),
    ("until", "until"),
    ("结束", "until"),
    ("结束日期", "until"),
    ("截止", "until"),
    ("截止日期", "until"),
    ("终止日期", "until"),
    ("到期日期", "until"),
    ("有效期止", "until"),
    ("有效期至", "until"),
    ("有效期结束", "until"),
];
/// What a list must have in its first row, as people write it.
const HEAD: [(&str, &str); 5] =
    [("digest", "digest"), ("resident_id", "证件号码"), ("material", "材料"), ("from", "开始"), ("until", "结束")];

/// The lines of a table, and the titles of the columns that it does not take.
struct Lines {
    /// Of a line that cannot be read, its number.
    read: Vec<Result<Line, usize>>,
    untaken: Vec<String>,
    sheets: Sheets,
}

/// Reads the lines of a table.
fn lines(table: &[u8], key: &'static str) -> Result<Lines, Bilingual> {
    let column = |title: &str| TITLES.into_iter().find(|(known, _)| *known == title).map(|(_, column)| column);
    let called = |column: &'static str| column.to_owned();
    let required = [key, "material", "from", "until"];
    let wanted = Wanted { limits: LIMITS, required: &required, column: &column, called: &called };
    let table = tables::read(table, &wanted).map_err(|refusal| unread_table(&refusal, &required))?;
    let line = |row: &tables::Row| {
        let until = row.text("until");
        let until = if until.is_empty() { Some(None) } else { tables::date(until).map(Some) };
        let period = tables::date(row.text("from")).zip(until).ok_or(row.line)?;
        let (key, material) = (row.plain(key), row.plain("material"));
        let is_whole = !key.is_empty() && !material.is_empty();
        if is_whole { Ok(Line { number: row.line, key, material, period }) } else { Err(row.line) }
    };
    Ok(Lines { read: table.rows.iter().map(line).collect(), untaken: table.untaken, sheets: table.sheets })
}

/// Says why a table is not read. Where a column is missing it says which columns the first row must have: there is no
/// template of a list.
fn unread_table(refusal: &Refusal, required: &[&'static str]) -> Bilingual {
    if refusal.code != Why::TableHead {
        let told = |lang: Lang| [refusal.sentence(lang), refusal.remedy(lang)].join(" ");
        return Bilingual::new(told(Lang::Zh), told(Lang::En));
    }
    let missing = refusal.detail.get("column").map_or("", String::as_str);
    let chinese = |column: &str| HEAD.into_iter().find(|(code, _)| *code == column).map_or("", |(_, title)| title);
    let head: Vec<&str> = required.iter().map(|column| chinese(column)).collect();
    Bilingual::new(
        format!(
            "表格里找不到“{}”（{missing}）这一列。第一行请写列名：{}；写 {} 也可以。",
            chinese(missing),
            head.join("、"),
            required.join(",")
        ),
        format!(
            "The table has no column “{missing}”. Write the titles in its first row: {}, or in Chinese {}.",
            required.join(","),
            head.join(",")
        ),
    )
}

fn unread(number: usize) -> Bilingual {
    Bilingual::new(
        format!("第 {number} 行读不出来。请写证件号码、材料代码、开始日期，结束日期可以空着。"),
        format!("line {number} cannot be read. Write resident_id,material,from,until; until may be empty."),
    )
}

/// A register that was made from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digested {
    /// The register, as CSV.
    pub register: String,
    /// The titles of columns of the list that are not in the register.
    pub untaken: Vec<String>,
    /// Which sheet of a workbook it was made from.
    pub sheets: Sheets,
}

/// The most lines that are told of one list.
const TOLD: usize = 20;

/// Makes a register from a list with the columns `resident_id`, `material`, `from` and `until`, or 证件号码, 材料, 开始
/// and 结束: CSV in any encoding, or XLSX. `is_material` knows the codes of materials.
///
/// # Errors
/// Names the lines that cannot be read, whose number nobody living can have, whose material is not known, or that end
/// before they begin. It does not repeat an identity number.
pub fn digests(
    list: impl AsRef<[u8]>,
    key: &RegistryKey,
    is_material: &dyn Fn(&str) -> bool,
    today: Date,
) -> Result<Digested, Bilingual> {
    let Lines { read, untaken, sheets } = lines(list.as_ref(), "resident_id")?;
    let (mut register, mut faults) = ("digest,material,from,until\n".to_owned(), Vec::new());
    for line in read {
        match line.map_err(unread).and_then(|line| entry(line, key, is_material, today)) {
            Ok(entry) => register.push_str(&entry),
            Err(fault) => faults.push(fault),
        }
        if faults.len() == TOLD {
            break;
        }
    }
    if faults.is_empty() {
        return Ok(Digested { register, untaken, sheets });
    }
    let told = |lang: Lang| faults.iter().map(|fault| fault.get(lang)).collect::<Vec<&str>>().join("\n");
    Err(Bilingual::new(told(Lang::Zh), told(Lang::En)))
}

/// Returns the line of a register for a line of a list.
fn entry(line: Line, key: &RegistryKey, is_material: &dyn Fn(&str) -> bool, today: Date) -> Result<String, Bilingual> {
    let Line { number, key: resident_id, material, period: (from, until) } = line;
    let living = Identity::parse(&resident_id).and_then(|identity| identity.living(today));
    if living == Err(IdentifierFault::Birth) {
        return Err(Bilingual::new(
            format!("第 {number} 行的证件号码里，出生日期不对：还没有到，或者太早。请照证件核对。"),
            format!(
                "line {number}: the day of birth in the identity number lies ahead or too long ago. Compare it with \
                 the document."
            ),
        ));
    }
    let digest = living.ok().and_then(|_| key.digest(&resident_id)).ok_or_else(|| {
        Bilingual::new(
            format!("第 {number} 行的身份证号没有通过校验。请照证件核对。"),
            format!("line {number}: the identity number does not pass its check. Compare it with the document."),
        )
    })?;
    if !is_material(&material) {
        return Err(Bilingual::new(
            format!("第 {number} 行的材料“{material}”不在材料表里。请写材料表里的代码。"),
            format!("line {number}: the material {material:?} is not known. Write a code of the table of materials."),
        ));
    }
    if until.is_some_and(|until| until < from) {
        return Err(Bilingual::new(
            format!("第 {number} 行的结束日期早于开始日期。请核对这两个日期。"),
            format!("line {number} ends before it begins. Check both dates."),
        ));
    }
    let until = until.map(|date| date.to_string()).unwrap_or_default();
    Ok([&digest, &material, &from.to_string(), &until].map(String::as_str).join(",") + "\n")
}

impl Check for Registry {
    fn name(&self) -> &'static str {
        "registry"
    }

    fn ask(&self, request: &CheckRequest) -> Result<Reply, CheckFault> {
        let number = request.person.get(PersonField::ResidentId);
        let number = number.ok_or_else(|| CheckFault("the case has no identity number".to_owned()))?;
        let digest = self.key.digest(number.expose());
        let digest = digest.ok_or_else(|| CheckFault("the identity number cannot be read".to_owned()))?;
        let periods = self.entries.get(&(digest, request.material.clone())).map(Vec::as_slice).unwrap_or_default();
        let holds = |(from, until): &&Period| *from <= request.on && until.is_none_or(|until| request.on <= until);
        let found = periods.iter().find(holds);
        let until = found.and_then(|(_, until)| *until).map(|date| date.to_string()).unwrap_or_default();
        let evidence = found.map(|(from, _)| format!("{from}/{until}")).unwrap_or_default();
        Ok(Reply { confirmed: found.is_some(), evidence: evidence.into_bytes() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Instant;
    use uuid::Uuid;
    use vault::Person;

    /// Is the example of the standard.
    const NUMBER: &str = "11010519491231002X";

    fn digested(list: &str, key: &RegistryKey) -> Result<Digested, Bilingual> {
        digests(list, key, &|code| ["DL", "HK"].contains(&code), Date::constant(2026, 11, 30))
    }

    fn made(list: impl AsRef<str>, key: &RegistryKey) -> Result<String, Bilingual> {
        digested(list.as_ref(), key).map(|made| made.register)
    }

    fn ask(registry: &Registry, material: &str, on: &str, number: Option<&str>) -> Result<bool, CheckFault> {
        let person = number.map_or_else(Person::new, |number| Person::new().with(PersonField::ResidentId, number));
        let (id, at) = (Uuid::from_u128(1), Instant::from_micros(0));
        let request = CheckRequest { id, material: material.to_owned(), on: on.parse().unwrap(), at, person };
        registry.ask(&request).map(|reply| reply.confirmed)
    }

    #[test]
    fn a_registry_confirms_by_number_material_and_day() {
        let key = RegistryKey::new([7; 32]);
        let digest = key.digest(NUMBER).unwrap();
        let text = format!("digest,material,from,until\n{digest},DL,2026-01-01,2026-12-31\n{digest},HK,2020-01-01,\n");
        let registry = Registry::read("r.csv", &text, key.clone()).unwrap();
        for (material, on, expected) in [
            ("DL", "2026-01-01", true),
            ("DL", "2026-12-31", true),
            ("DL", "2025-12-31", false),
            ("DL", "2027-01-01", false),
            ("HK", "2030-01-01", true),
            ("ID", "2026-06-01", false),
        ] {
            assert_eq!(ask(&registry, material, on, Some(NUMBER)), Ok(expected), "{material} {on}");
        }
        assert!(ask(&registry, "HK", "2026-06-01", None).is_err());
        assert_ne!(RegistryKey::new([8; 32]).digest(NUMBER).unwrap(), digest);
        assert_eq!(key.digest("not a number"), None);
        assert_eq!(key.digest("11010519491231002x").unwrap(), digest, "however it is written");
        assert!(key.digest("can210141030512").is_some() && key.digest("passport:E12345678").is_some());
        let list = format!("resident_id,material,from,until\n{NUMBER},DL,2026-01-01,\n");
        assert_eq!(made(&list, &key), Ok(format!("digest,material,from,until\n{digest},DL,2026-01-01,\n")));
        assert!(made("resident_id,material,from,until\n1,DL,2026-01-01,\n", &key).unwrap_err().en.contains("line 2"));
        assert!(Registry::read("r.csv", "digest,material,from,until\nx,HK,soon,\n", key).is_err());
    }

    #[test]
    fn a_digest_is_of_the_number_however_it_is_typed() {
        let key = RegistryKey::new([7; 32]);
        let digest = key.digest(NUMBER);
        assert!(digest.as_deref().is_some_and(|text| text.len() == 64));
        for typed in ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
        {
            assert_eq!(key.digest(typed), digest, "{typed}");
        }
        for odd in ["", "110105194912310021", "110105491231002", "110105194913310029", "中"] {
            assert_eq!(key.digest(odd), None, "{odd}");
        }
    }

    #[test]
    fn periods_may_have_gaps_and_overlap() {
        let key = RegistryKey::new([7; 32]);
        let digest = key.digest(NUMBER).unwrap().to_ascii_uppercase();
        let lines =
            ["DL,2024-02-29,2024-12-31", "DL,2026-03-01,2026-02-28", "DL,2025-12-31,2025-12-31", "DL,2025-06-01,"];
        for (count, on, expected) in [
            (1, "2024-02-28", false),
            (1, "2024-02-29", true),
            (1, "2025-01-01", false),
            (2, "2026-02-28", false), // It would end before it begins.
            (2, "2026-03-01", false),
            (3, "2025-12-31", true),
            (3, "2026-01-01", false),
            (4, "2025-05-31", false),
            (4, "9999-12-31", true),
        ] {
            let rows = lines[..count].iter().map(|line| format!("{digest},{line}\n")).collect::<Vec<_>>().concat();
            let registry =
                Registry::read("r.csv", &format!("digest,material,from,until\n{rows}"), key.clone()).unwrap();
            assert_eq!(ask(&registry, "DL", on, Some(NUMBER)), Ok(expected), "{count} lines, {on}");
        }
    }

    #[test]
    fn a_list_is_read_as_people_bring_it() {
        let key = RegistryKey::new([7; 32]);
        let digest = key.digest(NUMBER).unwrap();
        let list = format!(
            "残联名单\n公民身份号码;材料;开始日期;截止日期;备注\n{NUMBER};ＤＬ;2026年1月1日;２０２６/12/31;x\n"
        );
        let expected = format!("digest,material,from,until\n{digest},DL,2026-01-01,2026-12-31\n");
        assert_eq!(made(list, &key).as_deref(), Ok(expected.as_str()));
        let fault = made("公民身份号码,材料,开始日期\n", &key).unwrap_err();
        assert!(fault.zh.contains("找不到“结束”（until）这一列"), "{fault:?}");
        assert!(fault.zh.contains("证件号码、材料、开始、结束") && !fault.zh.contains("模板"), "{fault:?}");
    }

    #[test]
    fn the_line_that_cannot_be_read_is_named_and_no_number_is_repeated() {
        let key = RegistryKey::new([7; 32]);
        let good = format!("{NUMBER},DL,2026-01-01,\n");
        for (lines, expected) in [
            (format!("{good}{NUMBER},DL,soon,\n"), "line 3"),
            (format!("{good}{good}{NUMBER},DL\n"), "line 4"),
            (format!("{NUMBER},DL,2026-02-29,\n"), "line 2"),
            ("110105194912310021,DL,2026-01-01,\n".to_owned(), "line 2"),
        ] {
            let fault = made(format!("resident_id,material,from,until\n{lines}"), &key).unwrap_err();
            assert!(fault.en.contains(expected) && !fault.en.contains("19491231"), "{fault:?}");
            assert!(fault.missing().is_none() && !fault.zh.contains("19491231"), "{fault:?}");
        }
        assert_eq!(made("resident_id,material,from,until\n", &key).as_deref(), Ok("digest,material,from,until\n"));
        let made = made(format!("resident_id,material,from,until\n{good}"), &key).unwrap();
        let registry = Registry::read("r.csv", &made, key).unwrap();
        assert_eq!(ask(&registry, "DL", "2026-01-01", Some(NUMBER)), Ok(true), "what is made can be asked");
        assert_eq!(ask(&registry, "DL", "2026-01-01", Some("1")).unwrap_err().0, "the identity number cannot be read");
    }

    #[test]
    fn a_list_is_checked_before_it_becomes_a_register() {
        let key = RegistryKey::new([7; 32]);
        for (line, zh, en) in [
            ("210102209003051087,DL,2026-01-01,", "第 2 行的证件号码里，出生日期不对", "line 2: the day of birth"),
            ("11010519491231002X,ZZ,2026-01-01,", "第 2 行的材料“ZZ”不在材料表里", "line 2: the material \"ZZ\""),
            ("11010519491231002X,DL,2027-01-01,2026-01-01", "第 2 行的结束日期早于", "line 2 ends before"),
        ] {
            let list = format!("证件号码,材料,开始,结束\n{line}\n");
            let fault = digested(&list, &key).unwrap_err();
            assert!(fault.zh.contains(zh) && fault.en.contains(en), "{fault:?}");
            assert!(!fault.zh.contains("2090") && !fault.en.contains("1949"), "no number is repeated: {fault:?}");
        }
        let two = "证件号码,材料,开始,结束\n1,DL,2026-01-01,\n2,DL,soon,\n";
        assert_eq!(digested(two, &key).unwrap_err().zh.lines().count(), 2);
        let list = format!("姓名,证件号码,材料,开始,结束\n李岺,{NUMBER},DL,2026-01-01,2026-01-01\n");
        let made = digested(&list, &key).unwrap();
        assert_eq!(made.untaken, ["姓名"]);
        assert!(!made.register.contains("李岺"));
    }
}
