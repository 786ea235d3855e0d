//! Joins what a phone changed offline with what stands today, field by field: other fields merge, equal edits do not
//! conflict, and a field that two people set to different values is left as it is and shown to a person.

use std::collections::BTreeMap;

use crate::words::field::{Clash, Edit, Edits, Entry, Sent, What};

/// What comes of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// The fields that change, with their new values.
    pub set: BTreeMap<String, String>,
    /// The fields that a person has to decide.
    pub clashes: Vec<Clash>,
    /// The fields in which today's value is hers already.
    pub equal: Vec<String>,
    /// The fields that she set again later, in an entry which came before this one: her later word stands.
    pub overtaken: Vec<String>,
}

/// Joins an entry with today's fields; a field that is not there is empty. `later` holds what the same phone changed
/// after this entry and what has been applied already, because this entry came late.
#[must_use]
pub fn merge(today: &BTreeMap<String, String>, edits: &Edits, later: &[&Edits]) -> Merged {
    let mut merged = Merged::default();
    for (field, edit) in edits {
        let theirs = today.get(field).map_or("", String::as_str);
        if *theirs == edit.set {
            merged.equal.push(field.clone());
        } else if later.iter().any(|after| after.contains_key(field)) {
            merged.overtaken.push(field.clone());
        } else if *theirs == edit.saw || edit.saw == edit.set {
            // A field that she did not change is no change, whatever stands there today.
            if edit.saw != edit.set {
                merged.set.insert(field.clone(), edit.set.clone());
            }
        } else {
            merged.clashes.push(Clash {
                field: field.clone(),
                base: edit.saw.clone(),
                theirs: theirs.to_owned(),
                mine: edit.set.clone(),
            });
        }
    }
    merged
}

/// The entry that undoes what another one set, for whoever sees what that one left.
#[must_use]
pub fn reversed(edits: &Edits) -> Edits {
    let back = |edit: &Edit| Edit { saw: edit.set.clone(), set: edit.saw.clone() };
    edits.iter().map(|(field, edit)| (field.clone(), back(edit))).collect()
}

/// The fields of an entry that somebody has to decide, as they stand today.
#[must_use]
pub fn clashes(entry: &Entry, sent: &Sent, today: &BTreeMap<String, String>) -> Vec<Clash> {
    let What::Dwelling { fields, .. } = &sent.what else { return Vec::new() };
    let clash = |field: String| {
        let edit = fields.get(&field)?;
        let theirs = today.get(&field).cloned().unwrap_or_default();
        Some(Clash { base: edit.saw.clone(), theirs, mine: edit.set.clone(), field })
    };
    entry.told().fields.into_iter().filter_map(clash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> BTreeMap<String, String> {
        let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// `a=x>y b=>z`: a from x to y, b from nothing to z.
    fn edits(text: &str) -> Edits {
        let pairs = text.split_whitespace().filter_map(|pair| pair.split_once('='));
        let edit = |(name, change): (&str, &str)| {
            let (saw, set) = change.split_once('>').unwrap();
            (name.to_owned(), Edit { saw: saw.to_owned(), set: set.to_owned() })
        };
        pairs.map(edit).collect()
    }

    fn told(merged: &Merged) -> String {
        let set = merged.set.iter().map(|(name, value)| format!("{name}={value}"));
        let clash = |clash: &Clash| format!("{}!{}/{}/{}", clash.field, clash.base, clash.theirs, clash.mine);
        let clashes = merged.clashes.iter().map(clash);
        let equal = merged.equal.iter().map(|name| format!("{name}~"));
        let overtaken = merged.overtaken.iter().map(|name| format!("{name}<"));
        set.chain(clashes).chain(equal).chain(overtaken).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn other_fields_merge_equal_edits_agree_and_a_field_changed_twice_is_shown() {
        let table = [
            ("", "a=>1", "a=1"),
            ("a=1", "a=1>2", "a=2"),
            ("a=1 b=9", "a=1>2", "a=2"),
            // Somebody else changed another field (geodiff#146).
            ("a=1 b=8", "a=1>2 b=8>9", "a=2 b=9"),
            // Both set the same (geodiff#152).
            ("a=2", "a=1>2", "a~"),
            // Both set it, differently: base, theirs, mine.
            ("a=3", "a=1>2", "a!1/3/2"),
            // One field clashes and the other still goes through.
            ("a=3 b=1", "a=1>2 b=1>2", "b=2 a!1/3/2"),
            // Somebody emptied it.
            ("", "a=1>2", "a!1//2"),
            ("a=1", "a=1>", "a="),
            // A form that sends every field changes only what differs.
            ("a=3", "a=1>1", ""),
        ];
        for (today, change, expected) in table {
            assert_eq!(told(&merge(&fields(today), &edits(change), &[])), expected, "{today} + {change}");
        }
    }

    #[test]
    fn what_she_set_again_later_is_overtaken_and_nothing_else() {
        let later = edits("a=2>3");
        let merged = merge(&fields("a=3 b=1"), &edits("a=1>2 b=1>2"), &[&later]);
        assert_eq!(told(&merged), "b=2 a<");
    }

    #[test]
    fn what_was_undone_can_be_answered_again() {
        let first = edits("a=1>2");
        let mut today = fields("a=1");
        today.extend(merge(&today, &first, &[]).set);
        today.extend(merge(&today, &reversed(&first), &[]).set);
        assert_eq!(today, fields("a=1"));
        assert_eq!(told(&merge(&today, &edits("a=1>3"), &[])), "a=3");
        let since = fields("a=7");
        assert_eq!(told(&merge(&since, &reversed(&first), &[])), "a!2/7/1", "somebody went on since");
    }
}
