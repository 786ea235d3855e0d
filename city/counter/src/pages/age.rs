//! Somebody who is outside of the age that an item is for is told before she fills in the rest. She may go on: whether
//! she gets it is not up to a form.

use askama::Template;
use axum::response::Response;
use kernel::language::Bilingual;
use kernel::refusal::Refusal;
use web::{Page, WebError, render};

use super::AgeNotice;
use super::apply::{Turn, carried};
use crate::catalogue::{AgeLimits as Age, Item};
use crate::words::{Answers, Ask, Question};
use crate::{Counter, Why, rules};

#[derive(Template)]
#[template(path = "counter/age.html")]
struct AgePage {
    page: Page,
    code: String,
    item: String,
    notice: AgeNotice,
    /// The question that comes next if she goes on.
    next: String,
    /// The one at which she corrects the number.
    who: String,
    carried: Vec<(String, String)>,
    draft: String,
    once: String,
}

/// Says for which ages an item is: `满80周岁`, `未满18周岁`, or both.
fn ages(page: &Page, age: &Age) -> String {
    match (age.from, age.to) {
        (Some(from), Some(to)) => page.t2("counter-age-between", "from", from, "to", to),
        (Some(from), None) => page.t1("counter-age-from", "from", from),
        (None, Some(to)) => page.t1("counter-age-to", "to", to),
        (None, None) => String::new(),
    }
}

/// The same in both languages, for a refusal.
fn ages_in_both(age: &Age) -> Bilingual {
    match (age.from, age.to) {
        (Some(from), Some(to)) => {
            Bilingual::new(format!("满{from}周岁、未满{to}周岁"), format!("people from {from} to under {to}"))
        }
        (Some(from), None) => Bilingual::new(format!("满{from}周岁"), format!("people aged {from} or older")),
        (None, Some(to)) => Bilingual::new(format!("未满{to}周岁"), format!("people under {to}")),
        (None, None) => Bilingual::new("", ""),
    }
}

impl Counter {
    /// For whom an item is by age, in a sentence. It is empty where it is for every age.
    pub(super) fn ages_of(&self, page: &Page, item: &Item) -> String {
        let catalogue = self.catalogue();
        catalogue.age(&item.code).map(|age| page.t1("counter-age-for", "ages", ages(page, age))).unwrap_or_default()
    }

    /// What is told to whoever gave these answers; none where her age fits or is not known.
    pub(super) fn age_notice(&self, page: &Page, item: &Item, answers: &Answers) -> Option<AgeNotice> {
        let catalogue = self.catalogue();
        let age = catalogue.age(&item.code)?;
        let years = rules::age_outside(age, item, answers, page.today())?;
        let text = page.t2("counter-age-told", "ages", ages(page, age), "years", years);
        Some(AgeNotice { text, another: age.another })
    }

    /// Why the worker has to confirm that the person was told; none where she did, or where the age fits.
    pub(super) fn age_unsaid(&self, page: &Page, item: &Item, answers: &Answers) -> Option<Refusal> {
        let catalogue = self.catalogue();
        let age = catalogue.age(&item.code).filter(|_| !answers.age_told)?;
        let years = rules::age_outside(age, item, answers, page.today())?;
        Some(Refusal::new(Why::CounterAge).with_both("ages", &ages_in_both(age)).with("years", years))
    }

    /// Draws the page that tells her, instead of the question that comes next.
    pub(super) fn tell_age(
        &self,
        page: Page,
        ask: &Ask<'_>,
        turn: &Turn,
        notice: AgeNotice,
    ) -> Result<Response, WebError> {
        let line = self.line(&page, ask.item);
        render(&AgePage {
            code: line.code,
            item: line.name,
            notice,
            next: turn.question.code(),
            who: Question::Who.code(),
            // Nothing is asked here, so everything is carried along.
            carried: carried(&Question::Check, &turn.answers),
            draft: turn.draft.clone(),
            once: turn.once.clone(),
            page,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::language::Lang;

    #[test]
    fn ages_are_said_in_both_languages() {
        let age = |from, to| Age { from, to, another: false };
        for (age, zh, en) in [
            (age(Some(80), None), "满80周岁", "people aged 80 or older"),
            (age(None, Some(18)), "未满18周岁", "people under 18"),
            (age(Some(16), Some(60)), "满16周岁、未满60周岁", "people from 16 to under 60"),
        ] {
            let both = ages_in_both(&age);
            assert_eq!((both.get(Lang::Zh), both.get(Lang::En)), (zh, en));
        }
    }
}
