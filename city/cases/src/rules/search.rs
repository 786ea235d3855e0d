//! What words mean: which items, which communities, which states. These rules are pure and complete: a case answers to
//! a word if the name of its item, of its department, of a place it comes from, or of its state holds the word.

use std::collections::BTreeSet;
use std::sync::Arc;

use kernel::identifier::CaseNumber;
use kernel::language::{Lang, folded, plain_pinyin};
use kernel::line::number;
use kernel::place::{Level, PlacePath};

pub use crate::words::Named;

/// The most words that are looked at.
const WORDS: usize = 6;
/// The longest word, in characters.
const WORD_CHARACTERS: usize = 30;
/// Digits of a running number.
const RUNNING_DIGITS: usize = 7;

/// What one word means: a case answers when its item, its home or its state is among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Codes of items.
    pub items: BTreeSet<String>,
    /// Communities.
    pub homes: BTreeSet<PlacePath>,
    /// The same as places of any level, none inside another: fewer of them.
    pub within: BTreeSet<PlacePath>,
    /// Procedure and state.
    pub states: BTreeSet<State>,
    /// Every case answers.
    pub all: bool,
}

/// A state of a procedure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    /// The procedure.
    pub procedure: String,
    /// The state.
    pub state: String,
    /// Cases stay in it for good: sooner or later most of them lie here.
    pub last: bool,
}

impl Meaning {
    /// Nothing answers to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.all && self.items.is_empty() && self.homes.is_empty() && self.states.is_empty()
    }

    /// How many values a case may have to answer.
    #[must_use]
    pub fn values(&self) -> usize {
        self.items.len() + self.homes.len() + self.states.len()
    }
}

/// How much there is, for guessing what a search costs.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Cases ever opened.
    pub cases: f64,
    /// Items of the catalogue.
    pub items: f64,
    /// Communities.
    pub homes: f64,
    /// The share of the cases that lie where one may look.
    pub scope: f64,
}

/// The share of cases that lie in one state that does not last: few are open.
const PASSING: f64 = 0.003;
/// The share of cases that lie in one state that lasts.
const LASTING: f64 = 0.2;
/// What one value more costs, in entries of an index that are read.
const SEEK: f64 = 30.0;

/// This is what was counted before a search.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    /// Cases ever opened.
    pub cases: i64,
    /// Items of the catalogue.
    pub items: usize,
    /// Communities.
    pub homes: usize,
    /// Those of the communities that lie where one may look.
    pub inside: usize,
}

impl Size {
    /// Makes the size of what was counted. Nothing to divide by is less than one.
    #[must_use]
    pub fn new(counted: Counted) -> Self {
        let (homes, inside) = (count(counted.homes.max(1)), count(counted.inside.max(1)));
        Self {
            cases: count(usize::try_from(counted.cases).unwrap_or(0)),
            items: count(counted.items.max(1)),
            homes,
            scope: inside / homes,
        }
    }

    fn share(&self, word: &Meaning) -> f64 {
        if word.all {
            return 1.0;
        }
        let states = word.states.iter().map(|state| if state.last { LASTING } else { PASSING }).sum::<f64>();
        (count(word.items.len()) / self.items + count(word.homes.len()) / self.homes + states).min(1.0)
    }

    /// Where a search begins: with what leads to `limit` findings over the fewest entries of an index.
    #[must_use]
    pub fn lead(&self, words: &[Meaning], limit: i64) -> Lead {
        let wanted = count(usize::try_from(limit).unwrap_or(0).max(1));
        let shares: Vec<f64> = words.iter().map(|word| self.share(word)).collect();
        let all = shares.iter().product::<f64>() * self.scope;
        let cost = |values: usize, share: f64| {
            let (values, share) = (count(values.max(1)), share.max(f64::MIN_POSITIVE));
            values * (SEEK + (wanted * share / all.max(f64::MIN_POSITIVE)).min(self.cases * share / values))
        };
        let each = || words.iter().zip(&shares).enumerate().filter(|(_, (word, _))| !word.all);
        let single = each().map(|(at, (word, share))| (Lead::Word(at), cost(word.values(), *share)));
        let pairs =
            each().filter(|(_, (word, _))| word.values() == word.items.len()).flat_map(|(items, (one, share))| {
                let homes = each().filter(|(_, (word, _))| word.values() == word.homes.len());
                homes.map(move |(homes, (other, also))| (items, homes, one.values() * other.values(), share * also))
            });
        let pairs = pairs.map(|(items, homes, values, share)| (Lead::Pair { items, homes }, cost(values, share)));
        let newest = (Lead::Newest, (wanted / all.max(f64::MIN_POSITIVE)).min(self.cases));
        let best = single.chain(pairs).chain([newest]).min_by(|(_, one), (_, other)| one.total_cmp(other));
        best.map_or(Lead::Newest, |(lead, _)| lead)
    }
}

/// Where a search begins; words by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lead {
    /// With the newest cases of all.
    Newest,
    /// With the values of one word.
    Word(usize),
    /// With each item of one word in each home of another.
    Pair {
        /// The word of the items.
        items: usize,
        /// The word of the homes.
        homes: usize,
    },
}

/// A count as a number to divide by.
#[expect(clippy::cast_precision_loss, reason = "counts of items and places are small, and this is a guess")]
fn count(number: usize) -> f64 {
    number as f64
}

/// The words of a question, folded: at most a few, none too long.
#[must_use]
pub fn words(question: &str) -> Vec<String> {
    let folded = plain_pinyin(&folded(question));
    let separates = |sign: char| sign.is_whitespace() || ",，。；;、".contains(sign);
    let words = folded.split(separates).filter(|word| !word.is_empty());
    words.take(WORDS).map(|word| word.chars().take(WORD_CHARACTERS).collect()).collect()
}

/// The numbers that a question may stand for: one whole number, or a running number in each of the districts and years
/// given.
#[must_use]
pub fn numbers(question: &str, district_codes: &[String], years: &[i16]) -> Vec<String> {
    let asked = number(question);
    let asked = asked.as_str();
    if let Ok(number) = CaseNumber::parse(asked) {
        return vec![number.as_str().to_owned()];
    }
    let digits = asked.len() <= RUNNING_DIGITS && !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit());
    let Some(running) = Some(asked).filter(|_| digits).and_then(|asked| asked.parse::<i64>().ok()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for code in district_codes {
        let numbers = years.iter().filter_map(|year| CaseNumber::new(code, *year, running).ok());
        found.extend(numbers.map(|number| number.as_str().to_owned()));
    }
    found
}

/// The names of places in lower case, as searches ask them; made once for a tree.
pub struct PlaceNames {
    /// A place directly before what lies in it.
    places: Vec<(PlacePath, bool, [String; 2])>,
    homes: usize,
}

impl PlaceNames {
    /// The places below the city down to the communities, with both names of each.
    #[must_use]
    pub fn new(places: impl Iterator<Item = (PlacePath, [String; 2])>) -> Self {
        let mut places: Vec<_> = places
            .map(|(path, names)| {
                let is_home = path.level() == Level::Community;
                (path, is_home, spelled(names))
            })
            .collect();
        places.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        let homes = places.iter().filter(|(_, is_home, _)| *is_home).count();
        Self { places, homes }
    }

    /// How many communities there are, and how many of them lie inside a place.
    #[must_use]
    pub fn homes_in(&self, place: &PlacePath) -> (usize, usize) {
        let homes = self.places.iter().filter(|(path, is_home, _)| *is_home && place.contains(path));
        (self.homes, homes.count())
    }
}

/// The names by which cases are found.
pub struct Names {
    items: Vec<(String, Vec<String>)>,
    states: Vec<(State, Vec<String>)>,
    /// The places.
    pub places: Arc<PlaceNames>,
}

impl Names {
    /// The names of the items, of the states, and of the places.
    #[must_use]
    pub fn new(items: Vec<Named>, states: impl Iterator<Item = (State, [String; 2])>, places: Arc<PlaceNames>) -> Self {
        let lower = |names: &[String]| names.iter().map(|name| plain_pinyin(&folded(name))).collect::<Vec<_>>();
        Self {
            items: items.into_iter().map(|item| (item.code, lower(&item.names))).collect(),
            states: states.map(|(state, titles)| (state, lower(&titles))).collect(),
            places,
        }
    }

    /// How many items there are.
    #[must_use]
    pub fn items(&self) -> usize {
        self.items.len()
    }

    /// What a word means.
    #[must_use]
    pub fn meaning(&self, word: &str) -> Meaning {
        let held = |names: &[String]| names.iter().any(|name| name.contains(word));
        let is_code = |code: &str| {
            let code = code.to_lowercase();
            code == word || code.replace('-', "") == word
        };
        let mut meaning = Meaning {
            items: self
                .items
                .iter()
                .filter(|(code, names)| held(names) || is_code(code))
                .map(|(code, _)| code.clone())
                .collect(),
            states: self.states.iter().filter(|(_, names)| held(names)).map(|(state, _)| state.clone()).collect(),
            ..Meaning::default()
        };
        for (path, is_home, names) in &self.places.places {
            let inside = meaning.within.last().is_some_and(|place| place.contains(path));
            if !inside && held(names) {
                meaning.within.insert(path.clone());
            }
            if *is_home && meaning.within.last().is_some_and(|place| place.contains(path)) {
                meaning.homes.insert(path.clone());
            }
        }
        meaning.all = self.places.homes > 0 && meaning.homes.len() == self.places.homes;
        meaning
    }

    /// What a word means that stands for places: by their initials, their pinyin or their codes.
    #[must_use]
    pub fn within(&self, places: &[PlacePath]) -> Meaning {
        let inside = |path: &PlacePath| places.iter().any(|place| place.contains(path));
        let outer = |path: &&PlacePath| !places.iter().any(|place| place != *path && place.contains(path));
        let homes = self.places.places.iter().filter(|(path, is_home, _)| *is_home && inside(path));
        let homes: BTreeSet<PlacePath> = homes.map(|(path, ..)| path.clone()).collect();
        let all = self.places.homes > 0 && homes.len() == self.places.homes;
        Meaning { within: places.iter().filter(outer).cloned().collect(), homes, all, ..Meaning::default() }
    }
}

/// Both names of a place as searches compare them.
fn spelled(names: [String; 2]) -> [String; 2] {
    names.map(|name| plain_pinyin(&folded(&name)))
}

/// Both names of a text.
#[must_use]
pub fn both(text: &kernel::language::Bilingual) -> [String; 2] {
    [text.get(Lang::Zh).to_owned(), text.get(Lang::En).to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_blanks_and_signs() {
        let table: [(&str, &[&str]); 7] = [
            ("", &[]),
            ("  高龄　津贴 ", &["高龄", "津贴"]),
            ("大东区，高龄", &["大东区", "高龄"]),
            ("OLD Age", &["old", "age"]),
            ("高齡津貼", &["高龄津贴"]),
            ("ＭＺ－１１", &["mz-11"]),
            ("岺", &["岺"]),
        ];
        for (question, expected) in table {
            assert_eq!(words(question), expected, "{question}");
        }
        assert!(words(&"长".repeat(500)).iter().all(|word| word.chars().count() == WORD_CHARACTERS));
        assert_eq!(words(&"a ".repeat(50)).len(), WORDS);
    }

    #[test]
    fn a_running_number_is_looked_for_in_every_district_and_year() {
        let codes = ["210102".to_owned(), "210104".to_owned()];
        assert_eq!(numbers("123", &codes, &[2026, 2025]).len(), 4);
        assert!(numbers("123", &codes, &[2026])[0].starts_with("210102-2026-0000123-"));
        assert!(numbers("12a", &codes, &[2026]).is_empty());
        assert!(numbers("123456789", &codes, &[2026]).is_empty());
        let whole = numbers("123", &codes, &[2026]).remove(0);
        assert_eq!(numbers(&format!(" {whole} "), &[], &[]), [whole.clone()]);
        assert_eq!(numbers(&format!("\u{202D}{whole}\u{202C}\u{A0}"), &[], &[]), [whole]);
        assert_eq!(numbers("１２３", &codes, &[2026]).len(), 2);
    }

    fn names() -> Names {
        let items =
            vec![Named { code: "MZ-11".to_owned(), names: vec!["高龄津贴".to_owned(), "民政".to_owned()] }];
        let state = |name: &str, last| State { procedure: "separate".to_owned(), state: name.to_owned(), last };
        let states = [
            (state("granted", false), ["准予".to_owned(), "Granted".to_owned()]),
            (state("closed", true), ["办结".to_owned(), "Closed".to_owned()]),
        ];
        let place = |path: &str, zh: &str, en: &str| (PlacePath::parse(path).unwrap(), [zh.to_owned(), en.to_owned()]);
        let places = [
            place("1.2.", "大东区", "Dadong District"),
            place("1.2.3.", "东站街道", "Dongzhan Subdistrict"),
            place("1.2.3.4.", "华炉社区", "Hualu Community"),
            place("1.2.3.5.", "东华社区", "Donghua Community"),
            place("1.6.", "和平区", "Heping District"),
            place("1.6.7.", "南湖街道", "Nanhu Subdistrict"),
            place("1.6.7.8.", "文安社区", "Wen’an Community"),
        ];
        Names::new(items, states.into_iter(), Arc::new(PlaceNames::new(places.into_iter())))
    }

    #[test]
    fn a_word_means_items_homes_and_states() {
        let names = names();
        assert_eq!((names.items(), names.places.homes_in(&PlacePath::parse("1.2.").unwrap())), (1, (3, 2)));
        assert_eq!(names.meaning("津贴").items.len(), 1);
        assert_eq!(names.meaning("民").items.len(), 1);
        assert_eq!(names.meaning("granted").states.len(), 1);
        assert_eq!(names.meaning("heping").homes.len(), 1);
        assert!(names.meaning("火星").is_empty());
        assert_eq!((names.meaning("mz-11").items.len(), names.meaning("mz11").items.len()), (1, 1));
        let paths = |texts: &[&str]| texts.iter().map(|text| PlacePath::parse(text).unwrap()).collect::<Vec<_>>();
        let street = names.within(&paths(&["1.2.3.", "1.2.3.4."]));
        assert_eq!((street.homes.len(), street.within.len(), street.all), (2, 1, false));
        assert!(names.within(&[]).is_empty() && names.within(&paths(&["1."])).all);
        let east = names.meaning("东");
        let within: Vec<&str> = east.within.iter().map(PlacePath::as_str).collect();
        assert_eq!((east.homes.len(), within), (2, vec!["1.2."]));
        assert!(names.meaning("社区").all && !east.all);
    }

    #[test]
    fn a_search_begins_with_what_is_rare_and_with_the_newest_when_nothing_is() {
        let size = Size { cases: 1_000_000.0, items: 115.0, homes: 931.0, scope: 1.0 };
        let item =
            |number: usize| Meaning { items: (0..number).map(|item| item.to_string()).collect(), ..Meaning::default() };
        let home = |number: i64| Meaning {
            homes: (0..number).map(|home| PlacePath::parse(&format!("1.2.3.{home}.")).unwrap()).collect(),
            ..Meaning::default()
        };
        let all = || Meaning { all: true, ..Meaning::default() };
        let state = |last| State { procedure: "p".to_owned(), state: "s".to_owned(), last };
        let passing = Meaning { states: BTreeSet::from([state(false)]), ..Meaning::default() };
        let table = [
            (vec![item(1)], Lead::Word(0)),
            (vec![item(60)], Lead::Newest),
            (vec![home(1)], Lead::Word(0)),
            (vec![home(900)], Lead::Newest),
            (vec![all()], Lead::Newest),
            (vec![all(), item(1)], Lead::Word(1)),
            (vec![home(10), item(1)], Lead::Pair { items: 1, homes: 0 }),
            (vec![home(1), item(1)], Lead::Pair { items: 1, homes: 0 }),
            (vec![item(1), home(100)], Lead::Word(0)),
            (vec![passing, home(500)], Lead::Word(0)),
        ];
        for (words, lead) in table {
            assert_eq!(size.lead(&words, 20), lead, "{words:?}");
        }
    }
}
