//! What somebody may mean who says that something is wrong: the conditions that her words find, and what was already
//! reported near there.

use kernel::place::PlaceId;
use uuid::Uuid;
use web::{Choice, Form, Page, WebError};

use crate::Grid;
use crate::catalogue::UNCLEAR;
use crate::catalogue::{Condition, Kind};
use crate::records::shown;
use crate::words::Report;

/// Kinds that words may mean.
const KINDS: usize = 6;
/// How many conditions of each kind but the best one a worker is offered.
const OF_OTHERS: usize = 2;
/// How many conditions of the best kinds stand first, so that one kind does not hide the next. The others are folded
/// away beneath them.
const FIRST: [usize; 3] = [3, 1, 1];

/// A report that may be of the same thing.
pub(super) struct Near {
    pub id: String,
    pub what: String,
    pub when: String,
    pub place: String,
    pub met: i64,
    /// Her words, where a worker released them.
    pub words: String,
}

/// The conditions that a page offers to choose from.
#[derive(Default)]
pub(super) struct Offered {
    /// Whether the words mean anything.
    pub understood: bool,
    /// Those that stand first; the last of them is for whoever cannot say what it is.
    pub first: Vec<Choice>,
    /// The other ones that the words may mean, folded away.
    pub more: Vec<Choice>,
    /// The whole catalogue by its big classes, folded away.
    pub classes: Vec<Folded>,
}

/// A big class with all its conditions.
pub(super) struct Folded<T = Choice> {
    pub name: String,
    /// Tells its fields from those of the other classes.
    pub at: String,
    pub choices: Vec<T>,
}

impl Folded {
    /// Whether one of its conditions was chosen.
    pub fn chosen(&self) -> bool {
        self.choices.iter().any(|choice| choice.chosen)
    }
}

impl Offered {
    /// Whether one of those that are folded away was chosen.
    pub fn more_chosen(&self) -> bool {
        self.more.iter().any(|choice| choice.chosen)
    }

    /// Whether one was chosen from the whole catalogue.
    pub fn class_chosen(&self) -> bool {
        self.classes.iter().any(Folded::chosen)
    }
}

/// The minutes of a day.
const MINUTES_OF_A_DAY: u32 = 1_440;

/// The minute of the day of now.
pub(super) fn minute(page: &Page) -> u32 {
    page.zone().minute_of_day(page.now)
}

/// The minute of the day in which it was seen: that of the first screen, as its form tells it, else that of now.
pub(super) fn seen(page: &Page, form: &Form) -> u32 {
    let told = form.get("seen").parse().ok().filter(|told: &u32| *told < MINUTES_OF_A_DAY);
    told.unwrap_or_else(|| minute(page))
}

/// What was said of something: in which words, in which minute of the day it was seen, and what was chosen so far.
#[derive(Clone, Copy)]
pub(super) struct Words<'w> {
    pub said: &'w str,
    pub seen: u32,
    pub chosen: &'w str,
}

impl Grid {
    /// What the words may mean: each condition of the best kind, and the likeliest of the others.
    pub(super) fn kinds(&self, page: &Page, words: Words<'_>) -> Vec<Choice> {
        let rooms = std::iter::once(usize::MAX).chain(std::iter::repeat(OF_OTHERS));
        let mut kinds = Vec::new();
        for (kind, room) in self.catalogue.search(words.said, KINDS).into_iter().zip(rooms) {
            let known = conditions(page, kind, words).into_iter().zip(0..);
            kinds.extend(known.filter(|(choice, at)| *at < room || choice.chosen).map(|(choice, _)| choice));
        }
        kinds
    }

    /// What the words may mean, the best kinds first, then whatever else there is.
    pub(super) fn offered(&self, page: &Page, words: Words<'_>) -> Offered {
        let Words { said, chosen, .. } = words;
        let (mut first, mut more) = (Vec::new(), Vec::new());
        let mut rooms = FIRST.into_iter();
        for kind in self.catalogue.search(said, KINDS) {
            let mut known = conditions(page, kind, words);
            known.retain(|choice| choice.value != UNCLEAR);
            more.extend(known.split_off(rooms.next().unwrap_or_default().min(known.len())));
            first.extend(known);
        }
        // Where a life is in danger, what is dangerous comes before the rest, whatever kind it is.
        if self.catalogue.is_dangerous(said) {
            first.sort_by_key(|choice| !self.calls_first(choice));
            more.sort_by_key(|choice| !self.calls_first(choice));
        }
        let understood = !first.is_empty();
        if let Some((_, condition)) = self.catalogue.condition(UNCLEAR) {
            first.push(Choice::new(UNCLEAR, condition.when.get(page.lang), chosen));
        }
        // What she said means nothing known: the one way on stands chosen, and she may still choose another.
        if let [only] = first.as_mut_slice()
            && chosen.is_empty()
        {
            only.chosen = true;
        }
        let is_above = first.iter().chain(&more).any(|choice| choice.chosen);
        let classes = self.classes(page, Words { said: "", chosen: if is_above { "" } else { chosen }, ..words });
        Offered { understood, first, more, classes }
    }

    /// Whether a call comes first where that is chosen: the condition says so itself, or speaks of danger.
    fn calls_first(&self, choice: &Choice) -> bool {
        let speaks = |condition: &Condition| self.catalogue.is_dangerous(&condition.when.zh);
        let known = self.catalogue.condition(&choice.value);
        known.is_some_and(|(_, condition)| condition.stop.is_some() || speaks(condition))
    }

    /// Every condition of every kind by its big class, to choose from where none of those offered is right.
    fn classes(&self, page: &Page, words: Words<'_>) -> Vec<Folded> {
        self.by_class(page, |kind| conditions(page, kind, words))
    }

    /// What is offered of each kind, by its big class.
    pub(super) fn by_class<T>(&self, page: &Page, offered: impl Fn(&Kind) -> Vec<T>) -> Vec<Folded<T>> {
        let mut classes = Vec::new();
        for system in self.catalogue.systems() {
            for class in &system.classes {
                let of_it = |kind: &&Kind| kind.system == system.code && kind.class() == class.code;
                let choices: Vec<T> = self.catalogue.kinds().iter().filter(of_it).flat_map(&offered).collect();
                if !choices.is_empty() {
                    let at = format!("{}-{}-", system.code, class.code);
                    classes.push(Folded { name: class.name.get(page.lang).to_owned(), at, choices });
                }
            }
        }
        classes
    }

    /// The reports that others may see, with the words that a worker released.
    pub(super) async fn near_lines(&self, page: &Page, near: Vec<Report>) -> Result<Vec<Near>, WebError> {
        let public: Vec<Report> = near.into_iter().filter(|report| report.public).collect();
        let keys: Vec<(PlaceId, Uuid)> = public.iter().map(|report| (report.district, report.case_id)).collect();
        let said = self.hall.store.read(move |tx| shown::of_cases(tx, &keys)).await?;
        let ground = self.hall.places.geography().await?;
        let line = |report: Report| {
            let condition = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
            let what = condition
                .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
            let compound = report.compound.and_then(|id| ground.as_deref()?.compound(id));
            let compound = compound.map(|(_, compound)| compound.name.clone());
            let chain = self.hall.places.tree().chain(&report.path, page.lang);
            let words = said.iter().find(|one| one.case_id == report.case_id).and_then(|one| one.words.clone());
            Near {
                id: format!("{}/{}", report.district.0, report.case_id),
                what: what.unwrap_or_default(),
                when: page.minute(report.reported_at),
                place: compound.into_iter().chain([chain]).collect::<Vec<_>>().join(" · "),
                met: report.met,
                words: words.unwrap_or_default(),
            }
        };
        Ok(public.into_iter().map(line).collect())
    }
}

/// The conditions of a kind that count in that minute of the day, or all where none of them does: whoever chooses one
/// then is told when it counts.
fn conditions(page: &Page, kind: &Kind, words: Words<'_>) -> Vec<Choice> {
    let Words { said, seen, chosen } = words;
    let none = kind.conditions.iter().all(|condition| !condition.counts_at(seen));
    let choice = |condition: &Condition| {
        let key = format!("{}/{}", kind.key(), condition.code);
        let words = format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang));
        Choice::new(key, words, chosen)
    };
    let now = kind.conditions_by(said).into_iter().filter(|condition| none || condition.counts_at(seen));
    now.map(choice).collect()
}
