//! This file checks whether the search finds everything. It takes random words and compares every page of findings with
//! a plain look at every row in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::language::Bilingual;
use kernel::place::{Level, PlaceId, PlacePath};
use lianglin::City;
use lianglin::demonstration::Seed;
use serde::{Deserialize, Serialize};
use testkit::encoded;
use testkit::html::links;
use uuid::Uuid;

use super::city::{Account, Accounts};
use super::http::{self, Browser};
use super::server::Server;
use super::{bar, rows, text};

/// Says how many rows are read at a time.
const PART: i64 = 20_000;
/// Limits the characters of a word.
const LONGEST: usize = 4;
/// Says how many of a hundred questions are two words.
const PAIRS: usize = 25;
/// Limits how many times a word is drawn until it can be used.
const DRAWS: usize = 50;
/// Lists the signs at which the search cuts words. No drawn word contains one.
const CUTS: &str = ",，。；;、 \u{3000}";

/// A row as the plain look sees it. Places, items and states are numbers in the lists.
struct Seen {
    opened_at: i64,
    id: Uuid,
    number: String,
    item: usize,
    state: usize,
    home: usize,
    office: usize,
    counter: Option<usize>,
    confidential: bool,
}

/// Holds everything with which the search is compared.
pub struct Index {
    rows: Vec<Seen>,
    paths: Numbered<PlacePath>,
    items: Numbered<String>,
    states: Numbered<(String, String)>,
    /// The names in small letters by which each item is found.
    item_names: BTreeMap<String, Vec<String>>,
    state_names: BTreeMap<(String, String), Vec<String>>,
    home_names: BTreeMap<PlacePath, Vec<String>>,
}

/// Holds values with their numbers.
struct Numbered<T> {
    numbers: BTreeMap<T, usize>,
    values: Vec<T>,
}

impl<T: Ord + Clone> Numbered<T> {
    fn new() -> Self {
        Self { numbers: BTreeMap::new(), values: Vec::new() }
    }

    fn of(&mut self, value: &T) -> usize {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = self.values.len();
        self.numbers.insert(value.clone(), number);
        self.values.push(value.clone());
        number
    }
}

/// Says how the comparison ended.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct Recall {
    /// How many questions were asked.
    pub questions: usize,
    /// How many of them the search answered exactly as the plain look does, in the same order.
    pub same: usize,
    /// How many of them were read to the last page. For the others the first pages were compared.
    pub whole: usize,
    /// How many numbers were compared.
    pub numbers: usize,
}

/// Reads every row and every name, while the database is open in this process.
pub fn index(city: &Arc<City>) -> Result<Index, String> {
    let tree = city.places.tree();
    let both = |text: &Bilingual| [text.zh.to_lowercase(), text.en.to_lowercase()];
    let catalogue = &*city.counter.catalogue();
    let item_names = catalogue.items().map(|item| {
        let department = catalogue.department(&item.department).map(|department| &department.name);
        (item.code.clone(), std::iter::once(&item.name).chain(department).flat_map(both).collect())
    });
    let procedures = city.cases.procedures().values();
    let state_names = procedures.flat_map(|procedure| {
        let states = procedure.states.iter();
        states.map(move |(name, state)| ((procedure.name.clone(), name.clone()), both(&state.title).to_vec()))
    });
    let home_names = tree.of_level(Level::Community).map(|home| {
        let above = tree.ancestors(home.id).into_iter().filter(|place| place.level != Level::City);
        (home.path.clone(), above.chain([home]).flat_map(|place| both(&place.name)).collect())
    });
    let mut index = Index {
        rows: Vec::new(),
        paths: Numbered::new(),
        items: Numbered::new(),
        states: Numbered::new(),
        item_names: item_names.collect(),
        state_names: state_names.collect(),
        home_names: home_names.collect(),
    };
    let mut after = (PlaceId(i64::MIN), Uuid::nil());
    loop {
        let part = city.store.read_blocking(move |tx| rows::plain(tx, after, PART)).map_err(text)?;
        let Some(last) = part.last() else { break };
        after = (last.district, last.id);
        for row in part {
            index.add(row);
        }
    }
    index.rows.sort_by_key(|row| std::cmp::Reverse((row.opened_at, row.id)));
    Ok(index)
}

impl Index {
    fn add(&mut self, row: rows::Plain) {
        let seen = Seen {
            opened_at: row.opened_at.micros(),
            id: row.id,
            item: self.items.of(&row.item),
            state: self.states.of(&(row.procedure, row.state)),
            home: self.paths.of(&row.residence),
            office: self.paths.of(&row.office),
            counter: row.counter.as_ref().map(|counter| self.paths.of(counter)),
            number: row.number,
            confidential: row.confidential,
        };
        self.rows.push(seen);
    }

    /// Returns the numbers of all cases that fit every word and lie inside a place, the newest first.
    fn answers(&self, words: &[String], inside: &PlacePath) -> Vec<&str> {
        let meant: Vec<[Vec<bool>; 3]> = words.iter().map(|word| self.meant(word)).collect();
        let covered: Vec<bool> = self.paths.values.iter().map(|path| inside.contains(path)).collect();
        let at = |list: &[bool], number: usize| list.get(number).copied().unwrap_or(false);
        let answers = |row: &&Seen| {
            let near = at(&covered, row.home)
                || at(&covered, row.office)
                || row.counter.is_some_and(|counter| at(&covered, counter));
            let meets = |[items, homes, states]: &[Vec<bool>; 3]| {
                at(items, row.item) || at(homes, row.home) || at(states, row.state)
            };
            near && !row.confidential && meant.iter().all(meets)
        };
        self.rows.iter().filter(answers).map(|row| row.number.as_str()).collect()
    }

    /// Returns which items, homes and states have a name that contains the word.
    fn meant(&self, word: &str) -> [Vec<bool>; 3] {
        let holds =
            |names: Option<&Vec<String>>| names.is_some_and(|names| names.iter().any(|name| name.contains(word)));
        [
            self.items.values.iter().map(|item| holds(self.item_names.get(item))).collect(),
            self.paths.values.iter().map(|path| holds(self.home_names.get(path))).collect(),
            self.states.values.iter().map(|state| holds(self.state_names.get(state))).collect(),
        ]
    }

    /// Returns the Chinese names from which words are drawn.
    fn names(&self) -> Vec<&str> {
        let items = self.item_names.values();
        let all = items.chain(self.state_names.values()).chain(self.home_names.values()).flatten();
        all.map(String::as_str).filter(|name| !name.is_ascii() && !name.is_empty()).collect()
    }
}

/// Returns one to four characters from a name.
fn word(seed: &mut Seed, names: &[&str]) -> String {
    for _ in 0..DRAWS {
        let name = names.get(seed.below(names.len())).copied().unwrap_or_default();
        let length = 1 + seed.below(LONGEST);
        let from = seed.below(name.chars().count().saturating_sub(length) + 1);
        let word: String = name.chars().skip(from).take(length).collect();
        let is_cut = word.is_empty() || word.chars().any(|sign| CUTS.contains(sign) || sign.is_whitespace());
        if !is_cut && !word.chars().all(|sign| sign.is_ascii_digit()) {
            return word;
        }
    }
    "社区".to_owned()
}

/// Asks random questions as a person who sees the city and as a person who sees a district.
pub fn check(
    server: &Server,
    accounts: &Accounts,
    index: &Index,
    questions: usize,
    pages: usize,
) -> Result<Option<Recall>, String> {
    let names = index.names();
    let (mut seed, mut recall) = (Seed::new(20_260_101), Recall::default());
    let askers: [&Account; 2] = [&accounts.organiser, &accounts.district];
    let cookies: Vec<String> = askers
        .iter()
        .map(|account| Ok(http::sign_in(server.port, account.login, &account.password, 1)?.join("; ")))
        .collect::<Result<_, String>>()?;
    let bar = bar(questions, "findings beside a plain look");
    for at in 0..questions {
        let turn = at % askers.len();
        let (Some(account), Some(cookie)) = (askers.get(turn), cookies.get(turn)) else { break };
        let mut words = vec![word(&mut seed, &names)];
        if seed.below(100) < PAIRS {
            words.push(word(&mut seed, &names));
        }
        let Some((found, ended)) = found(server.port, cookie, &words.join(" "), pages)? else { return Ok(None) };
        let expected = index.answers(&words, &account.place);
        let compared = if ended { expected.len() } else { found.len() };
        let same = found.iter().map(String::as_str).eq(expected.iter().copied().take(compared));
        if !same {
            eprintln!("{words:?} as {}: {} found, {} expected", account.login, found.len(), expected.len());
        }
        recall.questions += 1;
        recall.same += usize::from(same);
        recall.whole += usize::from(ended);
        recall.numbers += found.len();
        bar.inc(1);
    }
    bar.finish();
    Ok(Some(recall))
}

/// Returns the numbers on the pages of findings in their order, and whether the last page was reached. Returns nothing
/// if there is no such page.
fn found(port: u16, cookie: &str, question: &str, pages: usize) -> Result<Option<(Vec<String>, bool)>, String> {
    let first = format!("/search?{}", encoded(&[("q".to_owned(), question.to_owned())]));
    http::wait(async {
        let mut browser = Browser::connect(port, cookie).await?;
        let (mut numbers, mut next) = (Vec::<String>::new(), Some(first));
        for page in 0..pages {
            let Some(here) = next.take() else { break };
            let answer = browser.ask(&here, None).await?;
            match answer.status {
                200 => {}
                404 if page == 0 => return Ok(None),
                other => return Err(std::io::Error::other(format!("{here} answers {other}"))),
            }
            let links = links(&answer.text());
            for number in links.iter().filter_map(|link| link.strip_prefix("/cases/")) {
                if !number.contains('/') && numbers.last().is_none_or(|last| last != number) {
                    numbers.push(number.to_owned());
                }
            }
            let goes_on = |link: &String| link.starts_with("/search?") && link.contains("before=") && *link != here;
            next = links.into_iter().rev().find(goes_on);
        }
        Ok(Some((numbers, next.is_none())))
    })
}
