//! The parts of the form of an item, each of which opens by itself.

/// The first part of the form.
pub(super) const FIRST: &str = "name";
/// The parts of the form and how the names of their fields begin. What begins like none of them is of the first part.
const PARTS: [(&str, &[&str]); 10] = [
    (FIRST, &["name_zh", "name_en", "summary", "type", "applicant"]),
    ("time", &["promised", "legal", "note", "limit_source"]),
    ("way", &["decides", "custody", "procedure", "route", "confidential"]),
    ("papers", &["paper"]),
    ("person", &["fields", "identity"]),
    ("result", &["result"]),
    ("find", &["keywords", "life_events"]),
    ("guide", &["cost", "law", "asked", "answer"]),
    ("ready", &["ready"]),
    ("sources", &["provisional", "name_source", "reference"]),
];

/// The part of the form in which a field stands.
pub(super) fn part_of(field: &str) -> &'static str {
    let holds = |(_, begins): &&(&str, &[&str])| begins.iter().any(|begin| field.starts_with(begin));
    PARTS.iter().find(holds).map_or(FIRST, |(part, _)| *part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_opens_the_part_in_which_its_field_stands() {
        let table = [
            ("name_zh", "name"),
            ("name_source", "sources"),
            ("note_en", "time"),
            ("limit_source", "time"),
            ("decides_department", "way"),
            ("paper3_note_zh", "papers"),
            ("fields", "person"),
            ("identity", "person"),
            ("result_type", "result"),
            ("life_events", "find"),
            ("answer1_en", "guide"),
            ("ready0_title_zh", "ready"),
            ("provisional", "sources"),
            ("code", "name"),
        ];
        for (field, part) in table {
            assert_eq!(part_of(field), part, "{field}");
        }
    }
}
