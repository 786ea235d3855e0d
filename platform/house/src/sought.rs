//! Pages that people look for by other words than their names. A department gives the words as a text, and the search
//! leads to its page.

use kernel::language::Lang;
use kernel::permission::Permission;
use web::Page;

use crate::found::{Hit, Pages, signs};

/// Between these the words of a text stand.
const DIVIDERS: [char; 3] = ['、', '，', ','];
/// What was asked means a page for sure if words of the page make up so many of a hundred of its signs: more than half.
const SURE_SHARE: usize = 51;
/// The share of a question that is one of the words itself: it comes before all others.
const WHOLE: usize = 101;
/// So many signs of the beginning of a word mean it if they are more than half of it: in Chinese, and in letters.
const BEGINNING: (usize, usize) = (2, 3);

/// A page that people look for by other words than its name.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    /// The key of what the page is called.
    pub key: &'static str,
    /// The key of one line of what it is for.
    pub purpose: &'static str,
    /// The key of the words that lead to it, divided by commas. The words of both languages lead there in either.
    pub words: &'static str,
    /// The local address.
    pub href: &'static str,
    /// What one must be permitted somewhere to be led there. None for a page of everybody.
    pub permission: Option<Permission>,
}

/// Finds the pages that this visitor may be looking for.
pub(crate) fn sought(page: &Page, asked: &str, pages: &[Sought]) -> Pages {
    let asked = signs(asked);
    let offered = pages.iter().filter(|one| one.permission.is_none_or(|permission| page.may(permission)));
    let mut meant: Vec<(usize, Hit)> = Vec::new();
    for one in offered {
        let share = share(&asked, &words_of(page, one.words));
        if share > 0 {
            let (text, detail) = (page.t(one.key), page.t(one.purpose));
            meant.push((share, Hit { text, detail, href: one.href.to_owned() }));
        }
    }
    meant.sort_by_key(|(share, _)| std::cmp::Reverse(*share));
    let (sure, perhaps): (Vec<_>, Vec<_>) = meant.into_iter().partition(|(share, _)| *share >= SURE_SHARE);
    let hits = |found: Vec<(usize, Hit)>| found.into_iter().map(|(_, hit)| hit).collect();
    Pages { sure: hits(sure), perhaps: hits(perhaps) }
}

/// The words of a text in both languages.
fn words_of(page: &Page, key: &str) -> Vec<Vec<char>> {
    let texts = &page.frame().texts;
    let all = [Lang::Zh, Lang::En].map(|lang| texts.get(lang, key, &[]));
    all.iter().flat_map(|text| text.split(DIVIDERS)).map(signs).filter(|word| !word.is_empty()).collect()
}

/// How many of a hundred signs of what was asked are words of a page. What is a word itself has more, and what begins
/// one counts as the whole of it.
fn share(asked: &[char], words: &[Vec<char>]) -> usize {
    if words.iter().any(|word| word == asked) {
        return WHOLE;
    }
    let is_latin = asked.iter().all(char::is_ascii);
    let enough = if is_latin { BEGINNING.1 } else { BEGINNING.0 };
    let begins_with = |word: &Vec<char>| word.starts_with(asked) && asked.len() * 2 > word.len();
    if asked.len() >= enough && words.iter().any(begins_with) {
        return 100;
    }
    let mut covered = vec![false; asked.len()];
    for word in words {
        for (at, part) in asked.windows(word.len()).enumerate() {
            if part == word.as_slice() && begins(asked, at) {
                covered.iter_mut().skip(at).take(word.len()).for_each(|one| *one = true);
            }
        }
    }
    let told = |sign: &&char| **sign != ' ';
    let found = asked.iter().zip(covered).filter(|(sign, is_covered)| *is_covered && told(sign)).count();
    found * 100 / asked.iter().filter(told).count().max(1)
}

/// Whether a word may begin there: letters of Latin belong to the word before, Chinese signs do not.
fn begins(asked: &[char], at: usize) -> bool {
    let is_letter = |at: usize| asked.get(at).is_some_and(char::is_ascii_alphanumeric);
    !is_letter(at) || at.checked_sub(1).is_none_or(|before| !is_letter(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<char>> {
        text.split(DIVIDERS).map(signs).collect()
    }

    #[test]
    fn what_words_of_a_page_make_up_for_the_most_part_means_it() {
        let neighbours = words("评理、评理说事、吵架、邻居吵、噪音、扰民、楼上漏水,dispute,noise,noisy,neighbour");
        for (asked, expected) in [
            ("评理", WHOLE),
            ("评理说", 100),
            ("评", 0),
            ("楼上", 0),
            ("楼上漏水谁来管", 57),
            ("噪音扰民怎么办", 57),
            ("老两口吵架", 40),
            ("老人补贴", 0),
            ("Noise", WHOLE),
            ("neigh", 100),
            ("ne", 0),
            ("noisy neighbours", 93),
            ("announcement of noise", 26),
            ("噪 音", 0),
            ("", 0),
        ] {
            assert_eq!(share(&signs(asked), &neighbours), expected, "{asked}");
        }
    }
}
