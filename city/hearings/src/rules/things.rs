//! Decides what a hearing point lacks of the nine things that belong to one (九个一).

use crate::words::THINGS;

/// The keys of the names of what a point lacks, by the codes of what is there, with blanks between.
#[must_use]
pub fn lacking(things: &str) -> Vec<&'static str> {
    let is_there = |code: &str| things.split(' ').any(|thing| thing == code);
    THINGS.into_iter().filter(|thing| !is_there(thing.0)).map(|thing| thing.1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_of_the_nine_things_lacks() {
        let all = THINGS.map(|thing| thing.0).join(" ");
        for (things, expected) in [("", 9), ("mediator", 8), ("mediator sign unknown", 7), (all.as_str(), 0)] {
            assert_eq!(lacking(things).len(), expected, "{things}");
        }
        assert_eq!(lacking("").first(), Some(&"hearings-thing-mediator"), "in the order of the list");
    }
}
