//! The tree of places, today's or that of any day, is a value. It is loaded once, and everybody shares and asks it.

use super::search::{Keys, Question, spellings};
use crate::words::Place;
use kernel::{
    language::{Lang, folded, half_width, is_unseen},
    place::{Level, PlaceId, PlacePath},
};
use std::collections::{BTreeMap, HashMap};

/// The most characters of a name that is looked for, with those of the places above it.
const LONGEST_NAME: usize = 200;

struct Node {
    place: Place,
    children: Vec<PlaceId>,
    keys: Keys,
}

/// Holds all places of a day. It is cheap to ask and never changes: a change of the places makes a new tree.
#[derive(Default)]
pub struct Tree {
    nodes: HashMap<PlaceId, Node>,
    by_code: BTreeMap<String, PlaceId>,
    /// Places that turned out to be the same as others, with those others.
    same_as: BTreeMap<PlaceId, PlaceId>,
    root: Option<PlaceId>,
}

impl Tree {
    /// Makes a tree from its places, and from the places that turned out to be the same as others.
    pub fn new(places: Vec<Place>, same_as: BTreeMap<PlaceId, PlaceId>) -> Self {
        let mut tree = Self { same_as, ..Self::default() };
        let mut children: BTreeMap<PlaceId, Vec<(String, PlaceId)>> = BTreeMap::new();
        for place in places {
            match place.parent {
                Some(parent) => children.entry(parent).or_default().push((place.code.clone(), place.id)),
                None => tree.root = Some(place.id),
            }
            tree.by_code.insert(place.code.clone(), place.id);
            let keys = Keys::of(&place);
            tree.nodes.insert(place.id, Node { place, children: Vec::new(), keys });
        }
        for (parent, mut below) in children {
            below.sort();
            if let Some(node) = tree.nodes.get_mut(&parent) {
                node.children = below.into_iter().map(|(_, id)| id).collect();
            }
        }
        tree
    }

    /// Returns how many places there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Says whether no edition was imported yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the city.
    pub fn root(&self) -> Option<&Place> {
        self.get(self.root?)
    }

    /// Returns a place by its identity. A place that turned out to be the same as another leads to that other.
    pub fn get(&self, id: PlaceId) -> Option<&Place> {
        let mut id = id;
        for _ in 0..8 {
            match self.same_as.get(&id) {
                Some(other) => id = *other,
                None => break,
            }
        }
        self.nodes.get(&id).map(|node| &node.place)
    }

    /// Returns where a place lies.
    pub fn path(&self, id: PlaceId) -> Option<&PlacePath> {
        self.get(id).map(|place| &place.path)
    }

    /// Returns the place that a path names.
    pub fn at(&self, path: &PlacePath) -> Option<&Place> {
        self.get(path.id())
    }

    /// Returns the place that bears an official code (12 digits, or 15 for a grid).
    pub fn by_code(&self, code: &str) -> Option<&Place> {
        self.get(*self.by_code.get(code)?)
    }

    /// Returns the places directly below, by code.
    pub fn children(&self, id: PlaceId) -> impl Iterator<Item = &Place> {
        let below = self.nodes.get(&id).map(|node| node.children.as_slice()).unwrap_or_default();
        below.iter().filter_map(|child| self.nodes.get(child)).map(|node| &node.place)
    }

    /// Returns the places above, from the city down, without the place itself.
    pub fn ancestors(&self, id: PlaceId) -> Vec<&Place> {
        let mut above = Vec::new();
        let mut parent = self.get(id).and_then(|place| place.parent);
        while let Some(place) = parent.and_then(|id| self.get(id)).filter(|_| above.len() < Level::ALL.len()) {
            above.push(place);
            parent = place.parent;
        }
        above.reverse();
        above
    }

    /// Returns the name of a place with those above it: 沈阳市 · 和平区 · 南湖街道 · 文安路社区. Places that are not in
    /// the tree are left out.
    pub fn chain(&self, path: &PlacePath, lang: Lang) -> String {
        let names: Vec<&str> =
            path.ids().into_iter().filter_map(|id| self.get(id)).map(|place| place.named(lang)).collect();
        names.join(" · ")
    }

    /// Returns a place and everything inside it, parents first, by code.
    pub fn inside(&self, id: PlaceId) -> Vec<&Place> {
        let mut found: Vec<&Place> = Vec::new();
        let mut waiting: Vec<PlaceId> = vec![id];
        while let Some(next) = waiting.pop() {
            if let Some(node) = self.nodes.get(&next) {
                found.push(&node.place);
                waiting.extend(node.children.iter().rev());
            }
        }
        found
    }

    /// Returns all places, by code.
    pub fn all(&self) -> impl Iterator<Item = &Place> {
        self.by_code.values().filter_map(|id| self.nodes.get(id)).map(|node| &node.place)
    }

    /// Returns the places of a level, by code.
    pub fn of_level(&self, level: Level) -> impl Iterator<Item = &Place> {
        self.all().filter(move |place| place.level == level)
    }

    /// Finds places by characters, pinyin, initials or code, the best first. If there are several words, each must fit
    /// the place or one above it.
    pub fn search(&self, words: &str, limit: usize) -> Vec<&Place> {
        self.search_in(words, None, limit)
    }

    /// Returns the places that are called just so, in Chinese or English, or that bear this code. The first six digits
    /// of a code stand for the district or the city, the first nine for the street.
    pub fn exactly(&self, words: &str) -> Vec<&Place> {
        let asked = spelled(words);
        if asked.chars().all(|sign| sign.is_ascii_digit()) {
            let whole = matches!(asked.len(), 6 | 9).then(|| format!("{asked:0<12}"));
            return self.by_code(whole.as_deref().unwrap_or(&asked)).into_iter().collect();
        }
        let is_named = |place: &&Place| [Lang::Zh, Lang::En].iter().any(|lang| spelled(place.named(*lang)) == asked);
        self.all().filter(is_named).collect()
    }

    /// Does the same as [`Tree::search`] among the places of one level.
    pub fn search_in(&self, words: &str, level: Option<Level>, limit: usize) -> Vec<&Place> {
        self.search_within(words, |place| level.is_none_or(|level| place.level == level), limit)
    }

    /// Does the same as [`Tree::search`] among the places that are `meant`.
    pub fn search_within(&self, words: &str, meant: impl Fn(&Place) -> bool, limit: usize) -> Vec<&Place> {
        let whole = folded(&words.trim().chars().take(LONGEST_NAME).collect::<String>());
        let found = spellings(&whole).into_iter().map(|spelling| self.found(&spelling, &whole, &meant));
        let mut found = found.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
        found.truncate(limit);
        found
    }

    /// Returns the places that one spelling fits, the best first. What bears the very English name that was typed, or
    /// its first part, comes before the others: Heping District before Heping Subdistrict.
    fn found(&self, spelling: &str, whole: &str, meant: &impl Fn(&Place) -> bool) -> Vec<&Place> {
        let Some(question) = Question::parse(spelling) else { return Vec::new() };
        let first = whole.split([',', '，']).next().unwrap_or_default().trim();
        let mut found: Vec<(bool, u32, Level, &str, &Place)> = Vec::new();
        for node in self.nodes.values().filter(|node| meant(&node.place)) {
            let best = self.fit(&question, &node.keys, &node.place.path);
            if best > 0 {
                let is_other = folded(&node.place.name.en) != first;
                found.push((is_other, u32::MAX - best, node.place.level, &node.place.code, &node.place));
            }
        }
        found.sort_unstable_by_key(|(is_other, rank, level, code, _)| (*is_other, *rank, *level, *code));
        found.into_iter().map(|(.., place)| place).collect()
    }

    /// Says how well a question fits something that lies at a path. 0 means not at all: each word must fit it or a
    /// place on its path, and one of them itself.
    pub(crate) fn fit(&self, question: &Question, keys: &Keys, at: &PlacePath) -> u32 {
        let own: Vec<u32> = (0..question.words()).map(|word| question.fit(word, keys)).collect();
        let best = own.iter().copied().max().unwrap_or_default();
        if best == 0 {
            return 0;
        }
        let fits =
            |id: &PlaceId, word: usize| self.nodes.get(id).is_some_and(|node| question.fit(word, &node.keys) > 0);
        let above = at.ids();
        let every = own.iter().enumerate().all(|(word, fit)| *fit > 0 || above.iter().any(|id| fits(id, word)));
        if every { best } else { 0 }
    }
}

/// A name as it is compared: half-width, in small letters, with one blank between words.
fn spelled(words: &str) -> String {
    let signs: String = words.chars().filter(|sign| !is_unseen(*sign)).map(half_width).collect();
    signs.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
impl Tree {
    /// Makes a tree for tests of identity, Chinese name, kind, code and path of each place.
    pub(crate) fn of_table(table: &[(i64, &str, crate::words::Kind, &str, &str)]) -> Self {
        let place = |&(id, name, kind, code, path): &(i64, &str, crate::words::Kind, &str, &str)| {
            let path = PlacePath::parse(path).unwrap();
            let parent = path.parent().map(|parent| parent.id());
            let name = kernel::language::Bilingual::new(name, super::naming::english(name, kind));
            Place { id: PlaceId(id), level: kind.level(), kind, name, path, code: code.to_owned(), parent }
        };
        Self::new(table.iter().map(place).collect(), BTreeMap::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Kind;
    use kernel::language::Bilingual;

    fn place(path: &str, code: &str, kind: Kind) -> Place {
        let path = PlacePath::parse(path).unwrap();
        let (id, parent) = (path.id(), path.parent().map(|parent| parent.id()));
        let name = Bilingual::new(format!("地{id}"), format!("Place {id}"));
        Place { id, level: kind.level(), kind, name, path, code: code.to_owned(), parent }
    }

    /// The places stand in no order, and the codes run against the identities.
    fn tree() -> Tree {
        let places = vec![
            place("1.2.4.", "210102002000", Kind::Street),
            place("1.", "210100000000", Kind::City),
            place("1.3.", "210101000000", Kind::District),
            place("1.2.5.", "210102001000", Kind::Street),
            place("1.2.", "210102000000", Kind::District),
            place("1.2.5.6.", "210102001001", Kind::Residents),
        ];
        Tree::new(
            places,
            BTreeMap::from([(PlaceId(8), PlaceId(9)), (PlaceId(9), PlaceId(5)), (PlaceId(7), PlaceId(7))]),
        )
    }

    fn ids<'p>(places: impl IntoIterator<Item = &'p Place>) -> Vec<i64> {
        places.into_iter().map(|place| place.id.0).collect()
    }

    #[test]
    fn lists_are_in_the_order_of_codes_and_parents_first() {
        let tree = tree();
        assert_eq!((tree.len(), tree.is_empty(), tree.root().map(|root| root.id)), (6, false, Some(PlaceId(1))));
        for (id, children, inside) in [
            (1, vec![3, 2], vec![1, 3, 2, 5, 6, 4]),
            (2, vec![5, 4], vec![2, 5, 6, 4]),
            (3, vec![], vec![3]),
            (6, vec![], vec![6]),
            (99, vec![], vec![]),
        ] {
            assert_eq!(ids(tree.children(PlaceId(id))), children, "below {id}");
            assert_eq!(ids(tree.inside(PlaceId(id))), inside, "inside {id}");
        }
        assert_eq!(ids(tree.all()), [1, 3, 2, 5, 6, 4]);
        assert_eq!(ids(tree.of_level(Level::Street)), [5, 4]);
        assert_eq!(ids(tree.of_level(Level::Grid)), Vec::<i64>::new());
    }

    #[test]
    fn a_place_that_is_the_same_as_another_leads_to_it() {
        let tree = tree();
        for (asked, found) in [(5, Some(5)), (9, Some(5)), (8, Some(5)), (7, None), (10, None)] {
            assert_eq!(tree.get(PlaceId(asked)).map(|place| place.id.0), found, "{asked}");
            assert_eq!(tree.path(PlaceId(asked)).map(PlacePath::as_str), found.map(|_| "1.2.5."), "{asked}");
        }
        for (asked, above) in [(1, vec![]), (6, vec![1, 2, 5]), (8, vec![1, 2]), (10, vec![])] {
            assert_eq!(ids(tree.ancestors(PlaceId(asked))), above, "above {asked}");
        }
        let at = |path: &str| tree.at(&PlacePath::parse(path).unwrap()).map(|place| place.id.0);
        assert_eq!((at("1.2.5.6."), at("1.2.8."), at("1.2.77.")), (Some(6), Some(5), None));
    }

    #[test]
    fn chains_leave_out_what_is_not_known() {
        let tree = tree();
        for (path, zh, en) in [
            ("1.", "地1", "Place 1"),
            ("1.2.5.6.", "地1 · 地2 · 地5 · 地6", "Place 1 · Place 2 · Place 5 · Place 6"),
            ("1.2.8.77.", "地1 · 地2 · 地5", "Place 1 · Place 2 · Place 5"),
            ("77.", "", ""),
        ] {
            let path = PlacePath::parse(path).unwrap();
            assert_eq!((tree.chain(&path, Lang::Zh), tree.chain(&path, Lang::En)), (zh.to_owned(), en.to_owned()));
        }
        for (code, id) in [("210102001000", Some(5)), ("210102001", None), ("", None)] {
            assert_eq!(tree.by_code(code).map(|place| place.id.0), id, "{code}");
        }
    }

    #[test]
    fn an_exact_name_or_code_means_one_place() {
        let tree = tree();
        for (words, found) in [
            ("地1", vec![1]),
            (" 地１ ", vec![1]),
            ("place  2", vec![2]),
            ("210100", vec![1]),
            ("２１０１０２", vec![2]),
            ("210102002", vec![4]),
            ("210102001001", vec![6]),
            ("210199", vec![]),
            ("2101", vec![]),
            ("地", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(ids(tree.exactly(words)), found, "{words}");
        }
    }

    #[test]
    fn before_the_first_edition_there_is_nothing() {
        let tree = Tree::new(Vec::new(), BTreeMap::new());
        assert!(tree.is_empty() && tree.root().is_none() && tree.get(PlaceId(1)).is_none());
        assert!(tree.search("地", 10).is_empty() && tree.inside(PlaceId(1)).is_empty());
    }
}
