//! This file lists the calls of the interface, one after another.

use super::{CODE_HEADER, Field, KEY_HEADER, Operation, Pattern, Place, Shape, Verb};
use crate::words::ApiScope;
use kernel::identifier::IdentityKind;

/// Limits the papers and answers of one call.
const MANY: usize = 50;
/// Limits the characters of an answer.
const ANSWER: usize = 4_000;

/// Whether a text has so many characters, each of which is allowed.
fn made_of(text: &str, least: usize, most: usize, allowed: fn(char) -> bool) -> bool {
    (least..=most).contains(&text.chars().count()) && text.chars().all(allowed)
}

fn digits(text: &str, least: usize, most: usize) -> bool {
    made_of(text, least, most, |letter| letter.is_ascii_digit())
}

/// Says whether a text begins with a character of one kind and goes on with characters of another kind.
fn begins(text: &str, most: usize, first: fn(char) -> bool, rest: fn(char) -> bool) -> bool {
    text.starts_with(first) && text.chars().count() <= most && text.chars().skip(1).all(rest)
}

static WORD: Pattern = Pattern {
    regex: "^[a-z][a-z_]{0,39}$",
    fits: |text| {
        begins(text, 40, |letter| letter.is_ascii_lowercase(), |letter| letter.is_ascii_lowercase() || letter == '_')
    },
};

static ITEM_CODE: Pattern = Pattern {
    regex: "^[A-Z]{2}-[0-9]{2}$",
    fits: |text| {
        text.split_once('-').is_some_and(|(prefix, number)| {
            made_of(prefix, 2, 2, |letter| letter.is_ascii_uppercase()) && digits(number, 2, 2)
        })
    },
};

static PAPER: Pattern = Pattern {
    regex: "^[A-Z][A-Z0-9]{0,9}$",
    fits: |text| {
        begins(
            text,
            10,
            |letter| letter.is_ascii_uppercase(),
            |letter| letter.is_ascii_uppercase() || letter.is_ascii_digit(),
        )
    },
};

static NUMBER: Pattern = Pattern {
    regex: "^[0-9]{6}-[0-9]{4}-[0-9]{7,12}-[0-9]$",
    fits: |text| {
        let bounds = [(6, 6), (4, 4), (7, 12), (1, 1)];
        text.split('-').count() == bounds.len()
            && text.split('-').zip(bounds).all(|(part, (least, most))| digits(part, least, most))
    },
};

static PLACE: Pattern = Pattern { regex: "^[0-9]{1,15}$", fits: |text| digits(text, 1, 15) };

static MONTH: Pattern = Pattern {
    regex: "^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$",
    fits: |text| {
        text.split_once('-').is_some_and(|(year, month)| {
            digits(year, 4, 4)
                && ["19", "20"].iter().any(|century| year.starts_with(century))
                && digits(month, 2, 2)
                && month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month))
        })
    },
};

static CURSOR: Pattern = Pattern {
    regex: "^-?[0-9]{1,2}~-?[0-9]{1,19}~[0-9a-f]{32}$",
    fits: |text| {
        let number = |part: &str, most: usize| digits(part.strip_prefix('-').unwrap_or(part), 1, most);
        let parts: Vec<&str> = text.split('~').collect();
        matches!(parts.as_slice(), [rank, at, id] if number(rank, 2) && number(at, 19)
            && made_of(id, 32, 32, |letter| matches!(letter, '0'..='9' | 'a'..='f')))
    },
};

static KEY: Pattern = Pattern {
    regex: r#"^("[A-Za-z0-9._:-]{8,64}"|[A-Za-z0-9._:-]{8,64})$"#,
    fits: |text| {
        let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        made_of(bare, 8, 64, |letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | ':' | '-'))
    },
};

static TELEPHONE: Pattern = Pattern {
    regex: "^[0-9+-]{5,20}$",
    fits: |text| made_of(text, 5, 20, |letter| letter.is_ascii_digit() || matches!(letter, '+' | '-')),
};

static CODE: Pattern = Pattern {
    regex: "^[0-9A-Za-z-]{10,20}$",
    fits: |text| made_of(text, 10, 20, |letter| letter.is_ascii_alphanumeric() || letter == '-'),
};

static IDENTITY: Pattern = Pattern {
    regex: "^[0-9A-Za-z]{5,18}$",
    fits: |text| made_of(text, 5, 18, |letter| letter.is_ascii_alphanumeric()),
};

/// The kinds of identity paper that an application may name.
const IDENTITY_KINDS: [&str; 7] = [
    IdentityKind::Resident.code(),
    IdentityKind::ResidencePermit.code(),
    IdentityKind::PermanentCard.code(),
    IdentityKind::Passport.code(),
    IdentityKind::HkMacaoPermit.code(),
    IdentityKind::TaiwanPermit.code(),
    IdentityKind::Unit.code(),
];

/// Whether a text is a moment as RFC 3339 writes it, with its distance from UTC.
fn is_moment(text: &str) -> bool {
    let form = |text: &str, form: &str| {
        let fits =
            |(letter, wanted): (char, char)| if wanted == '0' { letter.is_ascii_digit() } else { letter == wanted };
        text.chars().count() == form.chars().count() && text.chars().zip(form.chars()).all(fits)
    };
    let local = text.strip_suffix('Z').or_else(|| {
        let (local, distance) = text.rsplit_once(['+', '-'])?;
        form(distance, "00:00").then_some(local)
    });
    local.is_some_and(|local| {
        let (seconds, fraction) = local.split_once('.').unwrap_or((local, "0"));
        form(seconds, "0000-00-00T00:00:00") && digits(fraction, 1, 9)
    })
}

static MOMENT: Pattern = Pattern {
    regex: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$",
    fits: is_moment,
};

static BANK_CARD: Pattern = Pattern { regex: "^[0-9]{8,30}$", fits: |text| digits(text, 8, 30) };

const fn field(name: &'static str, place: Place, shape: Shape, text: &'static str, example: &'static str) -> Field {
    Field { name, place, shape, required: false, text, example }
}

const fn required(field: Field) -> Field {
    Field { required: true, ..field }
}

const NUMBER_IN_PATH: Field =
    required(field("number", Place::Path, Shape::Text(&NUMBER), "exchange-field-number", "210104-2026-0000001-1"));
const KEY_IN_HEADER: Field = required(field(
    KEY_HEADER,
    Place::Header,
    Shape::Text(&KEY),
    "exchange-field-key",
    "018f3c1e-7a52-7cc0-8000-000000000001",
));
const CODE_IN_HEADER: Field =
    field(CODE_HEADER, Place::Header, Shape::Text(&CODE), "exchange-field-proof", "7Q2KD-4M4XE");

/// Lists items of the catalogue.
pub static ITEMS: Operation = Operation {
    name: "listItems",
    text: "exchange-op-items",
    verb: Verb::Get,
    path: "/api/v1/items",
    scopes: &[ApiScope::ItemsRead],
    fields: &[
        field("q", Place::Query, Shape::Line(60), "exchange-field-q", "gljt"),
        field("department", Place::Query, Shape::Text(&WORD), "exchange-field-department", "civil_affairs"),
        field("event", Place::Query, Shape::Text(&WORD), "exchange-field-event", "old_age"),
    ],
    status: 200,
    gives: "Items",
};

/// Gives one item.
pub static ITEM: Operation = Operation {
    name: "readItem",
    text: "exchange-op-item",
    verb: Verb::Get,
    path: "/api/v1/items/{code}",
    scopes: &[ApiScope::ItemsRead],
    fields: &[required(field("code", Place::Path, Shape::Text(&ITEM_CODE), "exchange-field-code", "MZ-11"))],
    status: 200,
    gives: "Item",
};

/// Gives the queue of a system's place and department.
pub static CASES: Operation = Operation {
    name: "listCases",
    text: "exchange-op-cases",
    verb: Verb::Get,
    path: "/api/v1/cases",
    scopes: &[ApiScope::CaseRead],
    fields: &[
        field("state", Place::Query, Shape::Text(&WORD), "exchange-field-state", "handling"),
        field(
            "after",
            Place::Query,
            Shape::Text(&CURSOR),
            "exchange-field-after",
            "0~1764500400000000~0193f0a2b1c27cc08000000000000001",
        ),
    ],
    status: 200,
    gives: "Cases",
};

/// Applies for a resident.
pub static OPEN: Operation = Operation {
    name: "openCase",
    text: "exchange-op-open",
    verb: Verb::Post,
    path: "/api/v1/cases",
    scopes: &[ApiScope::CaseApply],
    fields: &[
        KEY_IN_HEADER,
        required(field("item", Place::Body, Shape::Text(&ITEM_CODE), "exchange-field-code", "MZ-11")),
        required(field("residence", Place::Body, Shape::Text(&PLACE), "exchange-field-residence", "210104002009")),
        required(field("telephone", Place::Body, Shape::Text(&TELEPHONE), "exchange-field-telephone", "13800000000")),
        field("arrival", Place::Body, Shape::Choice(&["counter", "online"]), "exchange-field-arrival", "counter"),
        field("name", Place::Body, Shape::Line(100), "exchange-field-name", "Li Ling"),
        field("resident_id", Place::Body, Shape::Text(&IDENTITY), "exchange-field-resident-id", "110105193603100024"),
        field(
            "identity_kind",
            Place::Body,
            Shape::Choice(&IDENTITY_KINDS),
            "exchange-field-identity-kind",
            "resident_id",
        ),
        field("bank_card", Place::Body, Shape::Text(&BANK_CARD), "exchange-field-bank-card", "6217000000000000004"),
        field("bank_card_confirmed", Place::Body, Shape::Switch, "exchange-field-bank-card-confirmed", ""),
        field("address", Place::Body, Shape::Line(100), "exchange-field-address", ""),
        field("papers", Place::Body, Shape::Codes(&PAPER, MANY), "exchange-field-papers", "HK,BK"),
        field("once_more", Place::Body, Shape::Choice(&["yes"]), "exchange-field-once-more", ""),
        field("age_told", Place::Body, Shape::Choice(&["yes"]), "exchange-field-age-told", ""),
    ],
    status: 201,
    gives: "Case",
};

/// Gives one case.
pub static CASE: Operation = Operation {
    name: "readCase",
    text: "exchange-op-case",
    verb: Verb::Get,
    path: "/api/v1/cases/{number}",
    scopes: &[ApiScope::CaseRead, ApiScope::CaseFollow],
    fields: &[NUMBER_IN_PATH, CODE_IN_HEADER],
    status: 200,
    gives: "Case",
};

/// Takes a step of a case.
pub static ACT: Operation = Operation {
    name: "actOnCase",
    text: "exchange-op-act",
    verb: Verb::Post,
    path: "/api/v1/cases/{number}/actions",
    scopes: &[ApiScope::CaseAct],
    fields: &[
        NUMBER_IN_PATH,
        KEY_IN_HEADER,
        CODE_IN_HEADER,
        required(field("action", Place::Body, Shape::Text(&WORD), "exchange-field-action", "request_correction")),
        field("fields", Place::Body, Shape::Answers(&WORD, MANY, ANSWER), "exchange-field-fields", "reason=..."),
        field("papers", Place::Body, Shape::Codes(&PAPER, MANY), "exchange-field-action-papers", "HK"),
    ],
    status: 200,
    gives: "Case",
};

/// Gives counts of open cases.
pub static FIGURES: Operation = Operation {
    name: "readFigures",
    text: "exchange-op-figures",
    verb: Verb::Get,
    path: "/api/v1/figures",
    scopes: &[ApiScope::FiguresRead],
    fields: &[
        field("place", Place::Query, Shape::Text(&PLACE), "exchange-field-place", "210104000000"),
        field("month", Place::Query, Shape::Text(&MONTH), "exchange-field-month", "2026-11"),
    ],
    status: 200,
    gives: "Figures",
};

/// Finds places by words.
pub static PLACES: Operation = Operation {
    name: "findPlaces",
    text: "exchange-op-places",
    verb: Verb::Get,
    path: "/api/v1/places",
    scopes: &[ApiScope::ItemsRead],
    fields: &[required(field("q", Place::Query, Shape::Line(40), "exchange-field-q-place", "wenanlu"))],
    status: 200,
    gives: "Places",
};

/// Sends a system its earlier messages again.
pub static REPLAY: Operation = Operation {
    name: "replayMessages",
    text: "exchange-op-replay",
    verb: Verb::Post,
    path: "/api/v1/messages/replay",
    scopes: &[ApiScope::CaseRead],
    fields: &[
        KEY_IN_HEADER,
        required(field(
            "since",
            Place::Body,
            Shape::Text(&MOMENT),
            "exchange-field-since",
            "2026-11-23T09:00:00+08:00",
        )),
        field("taken_too", Place::Body, Shape::Switch, "exchange-field-taken-too", ""),
    ],
    status: 202,
    gives: "Replay",
};

/// Lists every call.
pub static OPERATIONS: [&Operation; 9] = [&ITEMS, &ITEM, &OPEN, &CASE, &ACT, &CASES, &FIGURES, &PLACES, &REPLAY];

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares what a form takes and refuses.
    fn check(pattern: &Pattern, fits: &[&str], odd: &[&str]) {
        for text in fits {
            assert!((pattern.fits)(text), "{text:?} has the form {}", pattern.regex);
        }
        for text in odd {
            assert!(!(pattern.fits)(text), "{text:?} has not the form {}", pattern.regex);
        }
    }

    #[test]
    fn codes_have_the_form_that_their_expression_says() {
        let (word, longer) = ("a".repeat(40), "a".repeat(41));
        check(&WORD, &["a", "a_", "civil_affairs", &word], &["", "_a", "A", "a1", "a-b", "老", &longer]);
        check(
            &ITEM_CODE,
            &["MZ-11", "AA-00"],
            &["", "MZ11", "MZ-1", "MZ-111", "mz-11", "M-11", "MZ--11", "MZ-1１", "MZ-11 "],
        );
        check(&PAPER, &["A", "HK", "H1", "ABCDEFGHIJ"], &["", "1H", "hk", "H-K", "ABCDEFGHIJK", "ＨＫ"]);
        check(&PLACE, &["0", "210104008006", "210104008006001"], &["", "2101040080060011", "-1", "1.4.", "１"]);
        check(
            &KEY,
            &["12345678", "a.b_c:d-1", &"k".repeat(64)],
            &["1234567", "", "1234567 ", "一二三四五六七八", &"k".repeat(65)],
        );
    }

    #[test]
    fn numbers_have_the_form_that_their_expression_says() {
        let good = ["210104-2026-0000001-4", "210104-2026-000000100000-4"];
        let odd = [
            "",
            "210104-2026-000001-4",
            "210104-2026-0000001",
            "2101042026000000014",
            "210104-2026-0000001-44",
            "210104-2026-0000001-4-",
            "210104-2026-0000000000001-4",
        ];
        check(&NUMBER, &good, &odd);
        check(
            &TELEPHONE,
            &["12345", "+8613800130412", "024-23456789"],
            &["1234", "", "138 0013", "１２３４５", &"1".repeat(21)],
        );
        check(&CODE, &["7Q2KD-4M4XE", "7q2kd4m4xe"], &["", "7Q2KD4M4X", "7Q2KD 4M4XE", "７Q2KD4M4XE", &"A".repeat(21)]);
        let odd = [
            "",
            "2101",
            "11010519491231002XX",
            "110105 19491231002X",
            "passport:E12345678",
            "１１０１０５１９４９１２３１００２X",
        ];
        check(&IDENTITY, &["11010519491231002X", "11010519491231002x", "CAN210141030512", "E12345678"], &odd);
        check(
            &BANK_CARD,
            &["621700000006", "6217000000000000004", "19000112233445"],
            &["6217000", "6217000000000000000400000000000", "6217 0000 0006", ""],
        );
    }

    #[test]
    fn a_moment_has_the_form_that_its_expression_says() {
        let good = [
            "2026-11-23T09:00:00Z",
            "2026-11-23T09:00:00+08:00",
            "2026-11-23T09:00:00.5Z",
            "2026-11-23T09:00:00.123456789-03:30",
        ];
        let odd = [
            "",
            "Z",
            "2026-11-23",
            "2026-11-23T09:00Z",
            "2026-11-23T09:00:00",
            "2026-11-23 09:00:00Z",
            "2026-11-23T09:00:00.Z",
            "2026-11-23T09:00:00.1234567890Z",
            "2026-11-23T09:00:00+0800",
            "2026-11-23T09:00:00+08:00Z",
            "２026-11-23T09:00:00Z",
        ];
        check(&MOMENT, &good, &odd);
    }

    #[test]
    fn months_and_cursors_have_the_form_that_their_expression_says() {
        let odd =
            ["", "2026-00", "2026-13", "2026-1", "26-11", "1899-12", "2100-01", "2026/11", "2026-011", "２026-11"];
        check(&MONTH, &["1900-01", "2026-12", "2099-10"], &odd);
        let id = "0193f0a2b1c27cc08000000000000001";
        let good = [format!("0~1764500400000000~{id}"), format!("-1~-5~{id}")];
        let odd = [
            format!("0~1~{}", id.to_uppercase()),
            format!("0~1~{id}0"),
            format!("--1~1~{id}"),
            format!("100~1~{id}"),
            format!("0~~{id}"),
            format!("-~1~{id}"),
            format!("0~1~{id}~"),
            "0~1".to_owned(),
            String::new(),
        ];
        check(&CURSOR, &good.each_ref().map(String::as_str), &odd.each_ref().map(String::as_str));
    }
}
