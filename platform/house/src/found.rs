//! What a search finds by words: the hits of every department, and which of them come first.

use std::sync::Arc;

use kernel::language::folded;
use store::{StoreError, Tx};
use web::Page;

/// The order of a finder whose hits cannot wait, such as whom to call in danger.
pub const URGENT: i32 = 0;
/// The heading above pages of departments that words mean.
const PAGES: &str = "web-found-pages";

/// One thing that was found by words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it is called.
    pub text: String,
    /// What else is known of it. It may be empty.
    pub detail: String,
    /// Its local address.
    pub href: String,
}

/// Asks a department what it finds by words.
pub type AskFound = Arc<dyn Fn(&mut dyn Tx, &Page, &str) -> Result<Vec<Hit>, StoreError> + Send + Sync>;

/// What a department finds by words.
#[derive(Clone)]
pub struct Finder {
    /// The key of the heading under which its hits stand.
    pub key: &'static str,
    /// Small comes first. What stands at [`URGENT`] cannot wait and comes before everything.
    pub order: i32,
    /// The best hits for this visitor.
    pub find: AskFound,
}

/// What one department found by words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The key of the heading.
    pub key: &'static str,
    /// The hits, the best first.
    pub hits: Vec<Hit>,
    /// Whether it stands before what departments find otherwise: it cannot wait, or it was surely meant.
    pub first: bool,
}

/// What a finder gave.
pub(crate) struct Given {
    /// The key of its heading.
    pub(crate) key: &'static str,
    /// Its order.
    pub(crate) order: i32,
    /// Its hits.
    pub(crate) hits: Vec<Hit>,
}

/// The pages that words mean, the surest first.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// Those that are surely meant.
    pub(crate) sure: Vec<Hit>,
    /// Those that may be meant.
    pub(crate) perhaps: Vec<Hit>,
}

/// Puts together what was found, which is given in the order of the finders. What cannot wait comes first, then the
/// pages that the words surely mean, then what is called so, and at the end the pages that they may mean.
pub(crate) fn together(words: &str, pages: Pages, given: Vec<Given>) -> Vec<Found> {
    let (mut urgent, mut called, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for Given { key, order, hits } in given {
        if order <= URGENT {
            urgent.push(Found { key, hits, first: true });
        } else if hits.iter().any(|hit| is_called(&hit.text, words)) {
            called.push(Found { key, hits, first: true });
        } else {
            others.push(Found { key, hits, first: false });
        }
    }
    let sure = Found { key: PAGES, hits: pages.sure, first: true };
    let perhaps = Found { key: PAGES, hits: pages.perhaps, first: false };
    let all = urgent.into_iter().chain([sure]).chain(called).chain(others).chain([perhaps]);
    all.filter(|found| !found.hits.is_empty()).collect()
}

/// Whether something is called as somebody asked, however it is spelled.
fn is_called(name: &str, asked: &str) -> bool {
    let asked = signs(asked);
    !asked.is_empty() && signs(name) == asked
}

/// A text as it is compared: folded, without marks, with one blank between words.
pub(crate) fn signs(text: &str) -> Vec<char> {
    let plain = folded(text).replace(['\'', '’'], "");
    let parts = plain.split(|sign: char| !sign.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ").chars().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(text: &str) -> Hit {
        Hit { text: text.to_owned(), detail: String::new(), href: format!("/{text}") }
    }

    #[test]
    fn a_name_is_the_same_however_it_is_spelled() {
        for (name, asked, same) in [
            ("文安路社区", " 文安路社區 ", true),
            ("Owners’ vote", "owners' VOTE", true),
            ("文安路社区", "文安路", false),
            ("", "", false),
        ] {
            assert_eq!(is_called(name, asked), same, "{name} {asked}");
        }
    }

    #[test]
    fn what_cannot_wait_and_what_is_meant_come_first() {
        let given = |key, order, text: &str| Given { key, order, hits: vec![hit(text)] };
        let found = |words: &str, pages: Pages| {
            let all = vec![
                given("danger", URGENT, "110"),
                given("items", 20, "补贴"),
                given("places", 30, "文安路社区"),
            ];
            let found = together(words, pages, all);
            found.iter().map(|one| (one.key, one.first)).collect::<Vec<_>>()
        };
        let (surely, perhaps) = ((PAGES, true), (PAGES, false));
        let (danger, items, places) = (("danger", true), ("items", false), ("places", false));
        assert_eq!(found("吵架", Pages::default()), [danger, items, places], "a heading without hits is left out");
        let pages = || Pages { sure: vec![hit("hearings")], perhaps: vec![hit("property")] };
        assert_eq!(found("吵架", pages()), [danger, surely, items, places, perhaps]);
        assert_eq!(found("文安路社区", pages()), [danger, surely, ("places", true), items, perhaps]);
    }
}
