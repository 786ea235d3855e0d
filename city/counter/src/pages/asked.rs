//! What a sentence was understood to ask, in words: for whom, whom an item is for, what is done elsewhere, what is
//! paid.

use web::Page;

use super::ItemLine;
use crate::Counter;
use crate::catalogue::{Age, Catalogue, Elsewhere, Fit, Hit, IssuedKind, Item, MYSELF, OLDEST, Person, Verdict};

/// Something that is done elsewhere, as a page shows it.
pub struct ElsewhereLine {
    /// What it is.
    pub name: String,
    /// Who does it and how one gets there.
    pub go: String,
    /// A number to call; may be empty.
    pub telephone: String,
    /// Somebody is in danger.
    pub urgent: bool,
}

/// What was understood of a person, as a page says it back.
pub struct Understood {
    /// For whom the items were looked for.
    pub text: String,
    /// The address where somebody else, or another age, is chosen.
    pub change: String,
}

/// What is paid: how much, and when where a document says so.
pub struct Paid {
    /// How much.
    pub much: String,
    /// When; may be empty.
    pub when: String,
}

impl ElsewhereLine {
    pub(super) fn of(page: &Page, one: &Elsewhere) -> Self {
        Self {
            name: page.of(&one.name).to_owned(),
            go: page.of(&one.go).to_owned(),
            telephone: one.telephone.clone(),
            urgent: one.urgent,
        }
    }
}

/// What was understood of a person, with the address where it is changed; none when it was nothing that tells one
/// person from another.
pub(super) fn understood(page: &Page, catalogue: &Catalogue, person: &Person, change: String) -> Option<Understood> {
    let text = page.t1("counter-asked-for", "who", who(page, catalogue, person)?);
    Some(Understood { text, change })
}

/// A person in words, such as 85岁的妈妈; none when nothing is known of her.
pub(super) fn who(page: &Page, catalogue: &Catalogue, person: &Person) -> Option<String> {
    let people = catalogue.people();
    let relation = person.relation.as_deref().filter(|code| *code != MYSELF).and_then(|code| people.relation(code));
    let relation = relation.map(|relation| page.of(&relation.name));
    let age = person.age.map(|age| age_words(page, age));
    let known = people.situations().filter(|one| person.situations.contains(&one.code));
    let situations: Vec<&str> = known.map(|one| page.of(&one.name)).collect();
    let situations = situations.join(page.lang.pick("、", ", "));
    let base = match (relation, age) {
        (Some(relation), Some(age)) => page.t2("counter-asked-who-both", "who", relation, "age", age),
        (Some(relation), None) => page.t1("counter-asked-who-relation", "who", relation),
        (None, Some(age)) => page.t1("counter-asked-who-age", "age", age),
        (None, None) if situations.is_empty() => return None,
        (None, None) => page.t("counter-asked-who-anybody"),
    };
    Some(if situations.is_empty() { base } else { page.t2("counter-asked-who-with", "who", base, "what", situations) })
}

/// An age, or a range of ages, in words.
pub(super) fn age_words(page: &Page, age: Age) -> String {
    match age {
        Age { from, to } if from == to => page.t1("counter-band-one", "n", from),
        Age { from, to: OLDEST } => page.t1("counter-band-from", "n", from),
        Age { from: 0, to } => page.t1("counter-band-under", "n", to.saturating_add(1)),
        Age { from, to } => page.t2("counter-band-band", "from", from, "to", to),
    }
}

/// Why an item is not for a person, or what else has to be so; empty when there is nothing to say.
pub(super) fn reason(page: &Page, verdict: &Verdict) -> String {
    if let Some(stage) = &verdict.stage {
        return page.t1("counter-fit-for", "who", page.of(stage));
    }
    let ages = verdict.ages.map(|ages| match ages {
        Age { from, to: OLDEST } => page.t1("counter-fit-from", "n", from),
        Age { from: 0, to } => page.t1("counter-fit-under", "n", to.saturating_add(1)),
        Age { from, to } => page.t2("counter-fit-band", "from", from, "to", to),
    });
    match verdict.fit {
        Fit::Excluded => ages.unwrap_or_default(),
        Fit::Open | Fit::Likely => String::new(),
        Fit::Depends => {
            let open = verdict.open.iter().map(|text| page.of(text).to_owned());
            let open: Vec<String> = ages.into_iter().chain(open).collect();
            page.t1("counter-fit-open", "what", open.join(page.lang.pick("、", ", ")))
        }
    }
}

/// The first sentence of a text, with its full stop.
fn first_sentence(text: &str) -> &str {
    let end = |stop: &str, mark: &str| text.find(stop).map(|at| at.saturating_add(mark.len()));
    let end = end("。", "。").or_else(|| end(". ", "."));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

impl Counter {
    /// What is paid for an item that pays: what a document says, else that the city's rules say so.
    pub(super) fn paid(&self, page: &Page, item: &Item) -> Option<Paid> {
        let catalogue = self.catalogue();
        let guide = catalogue.guide(&item.code);
        let much = guide.and_then(|guide| guide.how_much.as_ref()).map(|said| page.of(&said.text()).to_owned());
        let when = guide.and_then(|guide| guide.when_paid.as_ref()).map(|said| page.of(&said.text()).to_owned());
        let pays = item.result.kind == IssuedKind::Payment || much.is_some() || when.is_some();
        pays.then(|| Paid { much: much.unwrap_or_else(|| page.t("counter-paid-set")), when: when.unwrap_or_default() })
    }

    /// An item that was found, with why it is or is not for her, and in short what is paid where a document says so.
    pub(super) fn hit_line(&self, page: &Page, hit: &Hit<'_>) -> ItemLine {
        let catalogue = self.catalogue();
        let said = catalogue.guide(&hit.item.code).and_then(|guide| guide.how_much.as_ref());
        let pays = said.map(|said| first_sentence(page.of(&said.text())).to_owned()).unwrap_or_default();
        ItemLine { why: reason(page, &hit.verdict), pays, ..self.line(page, hit.item) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shortened_to_its_first_sentence() {
        for (text, first) in [
            ("按差额补。标准由本市公布。", "按差额补。"),
            ("The difference. The city publishes it.", "The difference."),
            ("按月发", "按月发"),
            ("", ""),
        ] {
            assert_eq!(first_sentence(text), first);
        }
    }
}
