//! These targets read texts from outside: forms, numbers of people and cases, paths, passes, cursors, addresses, codes,
//! amounts and stored events.

use cases::CodeMark;
use cases::pass::{Pass, PassKey};
use cases::words::Cursor;
use kernel::case::{CaseId, Event, Recorded, Signature};
use kernel::identifier::{BankCard, CaseNumber, CreditCode, ResidentId, Telephone};
use kernel::language::Lang;
use kernel::money::Fen;
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use uuid::Uuid;

use super::{Target, must};

const FORM: &[&str] = &["&", "=", "%", "%E4%B8%A4", "+", "%0A", "_token=", "_once=", "a=1&a=2", "%ZZ"];
const NUMBER: &[&str] = &["210102", "2026", "-", "X", "x", "138", "62170", "－", "１", " "];
const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    "null",
    "\"kind\":\"opened\"",
    "\"acted\"",
    "\"rated\"",
    "\"at\":",
    "\"by\":",
    "\"on_behalf\":true",
];
const PATH: &[&str] = &["/", "//", "\\", "?", "#", "..", "http:", "@", "%2f", "1.4.57.", ".", "~"];
/// Is the moment at which passes are read.
const NOW: Instant = Instant::from_micros(1_795_399_200_000_000);

/// Returns the targets.
pub fn targets() -> Vec<Target> {
    vec![
        Target::new(
            "form",
            FORM,
            || lines(&["a=1&b=2", "name=%E4%B8%A4%E9%82%BB&papers=a&papers=b", "q=+x+&empty=&_once=k", "%00"]),
            form,
        ),
        Target::new("numbers", NUMBER, numbers_seeds, numbers),
        Target::new("place", PATH, || lines(&["1.", "1.4.57.", "-1.0.9223372036854775807."]), place),
        Target::new("address", PATH, || lines(&["/", "/cases/1?q=a", "//evil", "/\\evil"]), address),
        Target::new("pass", PATH, || vec![pass_key().write(&some_pass()).into_bytes()], pass),
        Target::new("cursor", PATH, cursor_seeds, cursor),
        Target::new("refusal", JSON, refusal_seeds, refusal),
        Target::new("amount", NUMBER, || lines(&["1,234.56", "-3", "0.5", "92,233,720,368,547,758.07"]), amount),
        Target::new("date", NUMBER, || lines(&["2026-11-23", "0001-01-01", "9999-12-31"]), date),
        Target::new("event", JSON, event_seeds, event),
        Target::new("words", FORM, || lines(&["社区服务 A4", "高龄津贴", "Old-age ＡＢＣ１２"]), words),
        Target::new(
            "masks",
            NUMBER,
            || lines(&["欧阳秀英", "21010219360101123X", "13812340412", "3号楼2单元101"]),
            masks,
        ),
    ]
}

fn lines(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn form(input: &[u8]) -> Result<String, String> {
    let form = match web::Form::parse(input) {
        Ok(form) => form,
        Err(fault) => return Ok(format!("{fault:?}")),
    };
    // A blank value is not written. A carriage return before a line break is removed each time the value is read.
    let address = form.address_with(&[]);
    let again = web::Form::parse(address.trim_start_matches('?').as_bytes())
        .map_err(|fault| format!("a form is not read back: {fault:?}"))?;
    let same = again.address_with(&[]) == address || address.contains("%0D");
    must(same, "a form is read back the same")?;
    Ok(format!("sound, {}", again.address_with(&[]).matches('&').count().min(5)))
}

fn numbers_seeds() -> Vec<Vec<u8>> {
    let case = CaseNumber::new("210102", 2026, 123).map(|number| number.as_str().to_owned()).unwrap_or_default();
    let mut seeds =
        lines(&["11010519491231002X", "13812340412", "024-12345678", "6217000000000000004", "91210100MA0000000X"]);
    seeds.push(case.into_bytes());
    seeds
}

fn numbers(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let mut said = Vec::new();
    macro_rules! read_back {
        ($($kind:ident),+) => {$(
            match $kind::parse(&text) {
                Ok(number) => {
                    let again = $kind::parse(number.as_str());
                    let same = again.is_ok_and(|again| again.as_str() == number.as_str());
                    must(same, concat!(stringify!($kind), " is read back the same"))?;
                    said.push(stringify!($kind).to_owned());
                }
                Err(fault) => said.push(format!("{fault:?}")),
            }
        )+};
    }
    read_back!(CaseNumber, ResidentId, Telephone, BankCard, CreditCode);
    Ok(said.join(" "))
}

fn place(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let Ok(path) = PlacePath::parse(&text) else { return Ok("no path".to_owned()) };
    must(path.as_str() == text, "there is one way of writing a path")?;
    must(path.contains(&path) && path.depth() == path.ids().len(), "a path lies in itself and has its depth")?;
    let (low, high) = path.range();
    must(low.as_str() <= path.as_str() && path.as_str() < high.as_str(), "a path lies in its own range")?;
    let child = path.child(PlaceId(7));
    must(child.parent().as_ref() == Some(&path), "a child's parent is the place")?;
    Ok(format!("depth {}", if path.depth() < 8 { "usual" } else { "deep" }))
}

fn address(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let Some(path) = web::local_path(&text) else { return Ok("not ours".to_owned()) };
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    must(ours && path.chars().all(|sign| sign.is_ascii_graphic()), "an address that is gone to is ours")?;
    Ok("ours".to_owned())
}

fn pass_key() -> PassKey {
    PassKey::new([7; 32])
}

fn some_pass() -> Pass {
    Pass { district: PlaceId(4), id: Uuid::from_u128(7), until: NOW.plus_days(1), code: CodeMark::of(&[7; 32]) }
}

fn pass(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let Some(pass) = pass_key().read(&text, NOW) else { return Ok("no pass".to_owned()) };
    must(pass == some_pass(), "nobody can make a pass but we")?;
    Ok("the pass".to_owned())
}

fn cursor_seeds() -> Vec<Vec<u8>> {
    let cursor = Cursor { rank: 1, sort_at: Instant::from_micros(-5), id: Uuid::from_u128(7) };
    vec![cursor.show().into_bytes(), Cursor::start().show().into_bytes()]
}

fn cursor(input: &[u8]) -> Result<String, String> {
    let cursor = Cursor::parse(&String::from_utf8_lossy(input));
    must(Cursor::parse(&cursor.show()) == cursor, "a cursor is read back the same")?;
    Ok(if cursor == Cursor::start() { "the start" } else { "a place in the list" }.to_owned())
}

fn refusal_seeds() -> Vec<Vec<u8>> {
    lianglin::departments::refusals()
        .iter()
        .map(|code| format!("{}\nlabel\n两邻", code.as_str()).into_bytes())
        .collect()
}

fn refusal(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let mut parts = text.splitn(3, '\n');
    let (code, name, value) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let Some(code) = Code::find(code, &lianglin::departments::refusals()) else { return Ok("no code".to_owned()) };
    let refusal = Refusal::new(code).with(name, value);
    for lang in Lang::ALL {
        let texts = [refusal.sentence(lang), refusal.remedy(lang)];
        let open = texts.iter().any(|text| text.contains('{')) && !value.contains('{');
        must(!open && texts.iter().all(|text| !text.is_empty()), "a refusal says what to do, without braces")?;
    }
    Ok(code.as_str().to_owned())
}

fn amount(input: &[u8]) -> Result<String, String> {
    let Some(fen) = Fen::parse_yuan(&String::from_utf8_lossy(input)) else { return Ok("no amount".to_owned()) };
    must(Fen::parse_yuan(&fen.to_string()) == Some(fen), "an amount is read back the same")?;
    Ok(format!("an amount of {} signs", fen.to_string().len()))
}

fn date(input: &[u8]) -> Result<String, String> {
    let Ok(date) = String::from_utf8_lossy(input).parse::<Date>() else { return Ok("no date".to_owned()) };
    must(date.to_string().parse::<Date>().is_ok_and(|again| again == date), "a date is read back the same")?;
    Ok("a date".to_owned())
}

fn event_seeds() -> Vec<Vec<u8>> {
    let event = |event| Recorded { id: CaseId(Uuid::from_u128(7)), at: NOW, by: Signature::system(), event };
    let rated = Event::Rated { score: 5, aspects: ["speed".to_owned()].into(), comment_handle: None };
    let acted = Event::Acted {
        action: "grant".to_owned(),
        from: "handling".to_owned(),
        to: "granted".to_owned(),
        fields: [("reason".to_owned(), "核对无误。".to_owned())].into(),
        papers: vec!["id".to_owned()],
        counter: None,
        parties: Vec::new(),
        overdue: None,
        latest: None,
    };
    [event(rated), event(acted)].iter().filter_map(|one| serde_json::to_vec(one).ok()).collect()
}

fn event(input: &[u8]) -> Result<String, String> {
    let recorded = match serde_json::from_slice::<Recorded>(input) {
        Ok(recorded) => recorded,
        Err(fault) => return Ok(fault.to_string()),
    };
    let written = serde_json::to_string(&recorded).map_err(|fault| format!("an event cannot be written: {fault}"))?;
    let again = serde_json::from_str::<Recorded>(&written).map_err(|fault| format!("not read back: {fault}"))?;
    must(again == recorded, "an event is read back the same")?;
    Ok(recorded.event.kind().to_owned())
}

fn words(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let indexed = kernel::search::bigrams(&text);
    let asked = kernel::search::query(&text);
    must(asked.iter().all(|token| indexed.contains(token)), "a text is found by itself")?;
    Ok(format!("{} tokens", asked.len().min(20)))
}

fn masks(input: &[u8]) -> Result<String, String> {
    let text = String::from_utf8_lossy(input);
    let masks: [fn(&str) -> String; 5] = [
        kernel::mask::name,
        kernel::mask::resident_id,
        kernel::mask::telephone,
        kernel::mask::bank_card,
        kernel::mask::address,
    ];
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
    for number in [kernel::mask::resident_id, kernel::mask::telephone, kernel::mask::bank_card] {
        must(digits(&text) < 12 || digits(&number(&text)) < digits(&text), "a number is never shown whole")?;
    }
    let lengths: Vec<String> = masks.iter().map(|mask| mask(&text).chars().count().min(40).to_string()).collect();
    Ok(lengths.join(","))
}
