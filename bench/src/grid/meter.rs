//! This file asks one thing of a server, notes how long answers take and how large they are, and keeps the words of the
//! first wrong one.

use std::time::{Duration, Instant};

use testkit::encoded;
use uuid::Uuid;

use super::stage::Stage;
use crate::counter::http::{Answer, Browser};
use crate::figures::Latencies;

/// Limits the characters of a wrong answer that are shown.
const SHOWN: usize = 160;
/// Begins what a form refuses, as `parts.html` draws it, and the content of every other page.
const REFUSED: [(&str, &str); 2] = [("class=\"problems\"", "</ul>"), ("<main", "</main>")];

/// One request.
pub struct Ask {
    /// The cookie of whoever asks.
    pub cookie: String,
    /// The path and the query.
    pub path: String,
    /// The form to send. Without a form the request is a GET.
    pub form: Option<String>,
    /// A function that says whether an answer is right.
    pub good: fn(&Answer) -> bool,
}

impl Ask {
    /// Asks for a page.
    pub fn page(cookie: &str, path: impl Into<String>) -> Self {
        Self { cookie: cookie.to_owned(), path: path.into(), form: None, good: is_page }
    }

    /// Sends a form with a key of its own.
    pub fn form(cookie: &str, path: impl Into<String>, fields: &[(&str, &str)], good: fn(&Answer) -> bool) -> Self {
        let mut fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fields.push(("_once".to_owned(), Uuid::now_v7().to_string()));
        Self { form: Some(encoded(&fields)), good, ..Self::page(cookie, path) }
    }
}

/// Says whether an answer is a page.
pub fn is_page(answer: &Answer) -> bool {
    answer.status == 200
}

/// Says whether an answer sends the browser on, as every form does that was taken.
pub fn is_redirect(answer: &Answer) -> bool {
    answer.status == 303
}

/// Notes how long answers took.
#[derive(Default)]
pub struct Meter {
    latencies: Latencies,
    first: Option<Duration>,
    /// The bytes of each answer.
    sizes: Vec<usize>,
    wrong: Option<String>,
}

impl Meter {
    /// Sends a request and notes its answer.
    pub async fn ask(&mut self, browser: &mut Browser, ask: &Ask) -> std::io::Result<Answer> {
        let begun = Instant::now();
        let answer = browser.ask(&ask.path, ask.form.as_deref()).await?;
        let (took, good) = (begun.elapsed(), (ask.good)(&answer));
        if !good && self.wrong.is_none() {
            let words = words(&answer.text());
            self.wrong = Some(format!("{} answers {} {words}", ask.path, answer.status).trim_end().to_owned());
        }
        self.sizes.push(answer.body.len());
        if self.first.is_none() {
            self.first = Some(took);
        } else {
            self.latencies.add(took, good);
        }
        Ok(answer)
    }

    /// Sums up a stage.
    pub fn stage(mut self, name: &str) -> Stage {
        self.sizes.sort_unstable();
        let done = self.latencies.stage(name, Duration::from_secs(1));
        Stage {
            name: name.to_owned(),
            requests: done.requests,
            failed: done.failed,
            first_milliseconds: self.first.map(|first| first.as_secs_f64() * 1_000.0),
            p50_milliseconds: done.p50_milliseconds,
            p99_milliseconds: done.p99_milliseconds,
            middle_bytes: self.sizes.get(self.sizes.len() / 2).copied().unwrap_or_default(),
            largest_bytes: self.sizes.last().copied().unwrap_or_default(),
            wrong: self.wrong,
        }
    }
}

/// Returns the words of a page that say why it refuses, or else its first words.
fn words(page: &str) -> String {
    let part = |(from, to): &(&str, &str)| {
        let (_, rest) = page.split_once(from)?;
        let (_, inside) = rest.split_once('>')?;
        inside.split(to).next()
    };
    let (mut words, mut in_tag) = (String::new(), false);
    for letter in REFUSED.iter().find_map(part).unwrap_or(page).chars() {
        match letter {
            '<' => in_tag = true,
            '>' => {
                in_tag = false;
                words.push(' ');
            }
            _ if in_tag => {}
            _ => words.push(letter),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_refusal_are_those_that_people_read() {
        let page = "<main id=\"m\"><h1>发现</h1><div class=\"problems\" role=\"alert\"><h2>一处要改</h2><ul>\n<li><a href=\"#f-at\">\
                    不是您的辖区</a></li></ul></div><p>别的</p></main>";
        assert_eq!(words(page), "一处要改 不是您的辖区");
        assert_eq!(words("<main><h1>没有权限</h1>\n<p>请找组长</p></main><footer>x</footer>"), "没有权限 请找组长");
        assert_eq!(words("no such page"), "no such page");
    }
}
