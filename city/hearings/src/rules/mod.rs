//! Decides whether what somebody brings can be taken, what can be written into a file and what it lacks, the days of
//! the court, when talk days are, and what is counted.

pub mod agreement;
pub mod allowance;
pub mod asking;
pub mod choosing;
pub mod counting;
pub mod court;
pub mod guarding;
pub mod noted;
pub mod opinion;
pub mod paper;
pub mod passing;
pub mod people;
pub mod power;
pub mod room;
pub mod session;
pub mod talk_day;
pub mod things;
pub mod triage;

use kernel::identifier::Telephone;
use kernel::line::{line_fault, lines_fault, name_fault};
use kernel::refusal::{Code, Refusal};

use crate::refusals::Why;
use crate::words::triage::{PEOPLE_MOST, TIMES_MOST};
use crate::words::{Bringing, FACTS_MOST, Motion, NAME_MOST, Side, Transfer};

/// Everything that is wrong with what somebody brings. `most` is how many people each side has at most.
#[must_use]
pub fn faults(bringing: &Bringing, most: [usize; 2]) -> Vec<Refusal> {
    let mut faults = Vec::new();
    if bringing.facts.trim().is_empty() {
        faults.push(Refusal::new(Code::FormMissing).field("facts"));
    }
    faults.extend(lines_fault(&bringing.facts).map(|code| Refusal::new(code).field("facts")));
    if bringing.facts.chars().count() > FACTS_MOST {
        faults.push(Refusal::new(Code::FormTooLong).field("facts").with("limit", FACTS_MOST));
    }
    // Whoever brings it can be reached; where nobody applied, of both sides a name is enough.
    let reached = bringing.motion == Motion::Application;
    faults.extend(side(&bringing.own, ["name", "telephone", "address"], reached));
    faults.extend(side(&bringing.other, ["other_name", "other_telephone", "other_address"], false));
    let fields = [["also_name", "also_telephone", "also_address"], ["more_name", "more_telephone", "more_address"]];
    for ((more, fields), most) in bringing.more.iter().zip(fields).zip(most) {
        faults.extend(more.iter().flat_map(|one| side(one, fields, false)));
        // A side has so many people as the procedure lets it have; the first of them is not among these.
        faults.extend((more.len() >= most).then(|| Refusal::new(Why::HearingsSideFull).field(fields[0])));
    }
    let is_unknown = !bringing.detail.is_empty() && bringing.class.detail(&bringing.detail).is_none();
    faults.extend(is_unknown.then(|| Refusal::new(Why::HearingsDetail).field("detail")));
    faults.extend(bringing.transfer.iter().flat_map(transfer));
    let many = [("people", bringing.told.people, PEOPLE_MOST), ("times_back", bringing.told.times_back, TIMES_MOST)];
    for (field, number, most) in many {
        faults.extend((number > most).then(|| not_counted(field, most)));
    }
    faults
}

/// Refuses what is no number of people or times, or one that is larger than anybody counts.
#[must_use]
pub fn not_counted(field: &str, most: u32) -> Refusal {
    Refusal::new(Code::FormNumber).field(field).with("from", 0).with("to", most)
}

/// What is wrong with what is said of the authority that transferred it.
fn transfer(transfer: &Transfer) -> Vec<Refusal> {
    let mut faults = Vec::new();
    for (field, text) in [("authority_name", &transfer.name), ("document", &transfer.document)] {
        faults.extend(text.is_empty().then(|| Refusal::new(Code::FormMissing).field(field)));
        faults.extend(line_fault(text).map(|code| Refusal::new(code).field(field)));
        let long = text.chars().count() > NAME_MOST;
        faults.extend(long.then(|| Refusal::new(Code::FormTooLong).field(field).with("limit", NAME_MOST)));
    }
    faults
}

/// What is wrong with a side. Of one that needs not be reached a name is enough, and words for somebody whose name is
/// not known; whoever says her own name has lost no sign of it.
#[must_use]
pub fn side(side: &Side, [name, telephone, address]: [&'static str; 3], reached: bool) -> Vec<Refusal> {
    let mut faults = Vec::new();
    if side.name.is_empty() {
        faults.push(Refusal::new(Code::FormMissing).field(name));
    }
    let fault = if reached && !side.name.is_empty() { name_fault(&side.name) } else { line_fault(&side.name) };
    faults.extend(fault.map(|code| Refusal::new(code).field(name)));
    if side.name.chars().count() > NAME_MOST {
        faults.push(Refusal::new(Code::FormTooLong).field(name).with("limit", NAME_MOST));
    }
    if side.telephone.is_empty() && reached {
        faults.push(Refusal::new(Code::FormMissing).field(telephone));
    }
    if !side.telephone.is_empty() && Telephone::parse(&side.telephone).is_err() {
        faults.push(Refusal::new(Code::FormTelephone).field(telephone));
    }
    faults.extend(line_fault(&side.address).map(|code| Refusal::new(code).field(address)));
    if side.address.chars().count() > NAME_MOST {
        faults.push(Refusal::new(Code::FormTooLong).field(address).with("limit", NAME_MOST));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Class;
    use kernel::language::Bilingual;
    use kernel::place::PlacePath;

    #[test]
    fn the_other_side_needs_no_more_than_a_name() {
        let side = |name: &str, telephone: &str| Side {
            name: name.to_owned(),
            telephone: telephone.to_owned(),
            ..Side::default()
        };
        let bringing = |facts: &str, own, other| Bringing {
            class: Class {
                code: "neighbours".to_owned(),
                title: Bilingual::default(),
                called: Bilingual::default(),
                first: true,
                allowance: None,
                detail: Vec::new(),
                knows: Vec::new(),
            },
            detail: String::new(),
            community: PlacePath::parse("1.2.3.4.").unwrap(),
            facts: facts.to_owned(),
            own,
            other,
            more: [Vec::new(), Vec::new()],
            motion: Motion::Application,
            transfer: None,
            told: crate::words::triage::Told::default(),
        };
        let long = "长".repeat(FACTS_MOST + 1);
        let table = [
            ("漏水", side("李岺", "13800000302"), side("楼上", ""), vec![]),
            (" ", side("李岺", "13800000302"), side("楼上", ""), vec!["facts"]),
            (long.as_str(), side("李岺", "13800000302"), side("楼上", ""), vec!["facts"]),
            ("漏水", side("", ""), side("", "12"), vec!["name", "telephone", "other_name", "other_telephone"]),
            ("漏水", side("李岺", "12"), side("楼上", ""), vec!["telephone"]),
            ("漏水", side("李？", "13800000302"), side("楼上，叫什么？", ""), vec!["name"]),
            ("漏水", side("𠮷𬭎㛃", "13800000302"), side("古丽米热·艾比布力", ""), vec![]),
            (
                "漏\u{202e}水",
                side("李\u{202e}岺", "13800000302"),
                side("楼\u{200b}上", ""),
                vec!["facts", "name", "other_name"],
            ),
        ];
        for (facts, own, other, expected) in table {
            let found = faults(&bringing(facts, own, other), [2, 2]);
            let fields: Vec<&str> = found.iter().filter_map(|fault| fault.field.as_deref()).collect();
            assert_eq!(fields, expected, "{facts:.10}");
        }
        let transferred = |name: &str, document: &str| {
            let transfer =
                Transfer { authority: "court".to_owned(), name: name.to_owned(), document: document.to_owned() };
            let own = side("李岺", "13800000302");
            Bringing { transfer: Some(transfer), ..bringing("漏水", own, side("楼上", "")) }
        };
        let fields = |bringing: &Bringing| -> Vec<String> {
            faults(bringing, [2, 2]).into_iter().filter_map(|fault| fault.field).collect()
        };
        assert!(fields(&transferred("大东区人民法院", "（2026）辽0104诉前调12号")).is_empty());
        assert_eq!(fields(&transferred("", "")), ["authority_name", "document"]);
        let family = |others: usize| {
            let more = [Vec::new(), vec![side("另一户", ""); others]];
            Bringing { more, ..bringing("漏水", side("李岺", "13800000302"), side("楼上", "")) }
        };
        assert!(fields(&family(1)).is_empty(), "as many as the procedure lets a side have");
        assert_eq!(fields(&family(2)), ["more_name"], "and no more");
    }
}
