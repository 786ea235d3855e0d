//! The inputs of a step: each kind of need has a field of its own. What is typed there is read as the procedure keeps
//! it, and what is kept is told in words.

use std::collections::BTreeMap;

use kernel::case::{Case, Command, Holder};
use kernel::identifier::CaseNumber;
use kernel::language::Lang;
use kernel::line;
use kernel::place::{Level, PlacePath};
use kernel::procedure::{Need, NeedKind};
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use places::Place;
use uuid::Uuid;
use web::{Choice, Page};

use super::units::Units;
use crate::Cases;
use hall::Fault;

/// An input of an action.
#[derive(Debug, Clone)]
pub struct NeedField {
    /// Field name.
    pub name: String,
    /// Label.
    pub title: String,
    /// The kind of input: `text`, `reason`, `date`, `number`, `money`, `place`, `point`, `choice`, `case`, `papers`,
    /// `consent`.
    pub kind: &'static str,
    /// Must be filled in.
    pub required: bool,
    /// What stands in it; empty for a choice and for papers.
    pub value: String,
    /// The least and the most of a number.
    pub range: Option<(i64, i64)>,
    /// Options of a choice, papers, or places that are offered while one types.
    pub options: Vec<Choice>,
    /// What stands below the field; empty where nothing is to be said.
    pub note: String,
}

impl NeedField {
    /// A choice was not made yet: nothing may stand chosen that nobody chose.
    #[must_use]
    pub fn asks(&self) -> bool {
        !self.options.iter().any(|option| option.chosen)
    }
}

/// What there is to choose from: the papers of an item, those that were ticked so far, the units, and other cases.
#[derive(Clone, Copy)]
pub(super) struct Offered<'t> {
    pub(super) materials: &'t [Choice],
    pub(super) papers: &'t [String],
    pub(super) units: &'t Units,
    /// The need that names the unit to which the step hands the case.
    pub(super) hands_to: Option<&'t str>,
    /// The cases with which this one may be the same.
    pub(super) alike: &'t [Choice],
}

impl Cases {
    /// The field of one need, with what stands in it.
    pub(super) fn need_field(
        &self,
        page: &Page,
        case: &Case,
        need: &Need,
        value: String,
        offered: Offered<'_>,
    ) -> NeedField {
        let lang = page.lang;
        let mut range = None;
        let (mut options, mut note) = (Vec::new(), String::new());
        let kind = match &need.kind {
            NeedKind::Case if !offered.alike.is_empty() => {
                let offer = |one: &Choice| Choice { chosen: one.value == value, ..one.clone() };
                options = offered.alike.iter().map(offer).collect();
                "case"
            }
            NeedKind::Text | NeedKind::Files | NeedKind::Case => "text",
            NeedKind::Reason => "reason",
            NeedKind::Date => "date",
            NeedKind::Money => "money",
            NeedKind::Point => "point",
            NeedKind::Consent => "consent",
            NeedKind::Number { least, most } => {
                range = Some((*least, *most));
                "number"
            }
            NeedKind::Place => {
                options = self.places_near(case, lang);
                "place"
            }
            NeedKind::Papers => {
                let tick = |one: &Choice| Choice { chosen: offered.papers.contains(&one.value), ..one.clone() };
                options = offered.materials.iter().map(tick).collect();
                "papers"
            }
            NeedKind::Choice { options: given } => {
                let choice = |option: &kernel::procedure::Choice| {
                    Choice::new(option.code.as_str(), option.title.get(lang), value.as_str())
                };
                options = given.iter().map(choice).collect();
                "choice"
            }
            NeedKind::Unit => {
                let is_handed = offered.hands_to == Some(need.name.as_str());
                (options, note) = offered.units.for_need(page, need, &value, is_handed);
                "choice"
            }
            NeedKind::Person => {
                options = self.persons_of(case, lang, &value);
                "choice"
            }
        };
        let value = match need.kind {
            NeedKind::Place => self.told(page, case, need, &value),
            _ => value,
        };
        NeedField {
            name: need.name.clone(),
            title: need.title.get(lang).to_owned(),
            kind,
            required: need.required,
            value,
            range,
            options,
            note,
        }
    }

    /// The places that are offered for a case: the city, and everything in its district down to the community.
    fn places_near(&self, case: &Case, lang: Lang) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let within = tree.inside(case.residence().at(Level::District).unwrap_or(case.residence().clone()).id());
        let city = tree.root().into_iter();
        city.chain(within.into_iter().filter(|place| place.level <= Level::Community))
            .map(|place| Choice::new(tree.chain(&place.path, lang), "", ""))
            .collect()
    }

    /// Those who take part in a case and are known by a sealed record, by their role.
    fn persons_of(&self, case: &Case, lang: Lang, value: &str) -> Vec<Choice> {
        let roles = self.procedure_of(case).ok().map(|procedure| &procedure.parties);
        let mut found = Vec::new();
        for (role, parties) in &case.parties {
            let title = roles.and_then(|roles| roles.get(role)).map_or(role.as_str(), |rule| rule.title.get(lang));
            for (party, at) in parties.iter().zip(1_usize..) {
                if let Holder::Record(record) = party.holder {
                    let text = if parties.len() > 1 { format!("{title} {at}") } else { title.to_owned() };
                    found.push(Choice::new(record.to_string(), text, value));
                }
            }
        }
        found
    }

    /// What was answered to a need, in words: a place and an office by their names of today, wherever they were moved,
    /// money in yuan, a date as pages write it.
    pub(super) fn told(&self, page: &Page, case: &Case, need: &Need, answer: &str) -> String {
        let (tree, lang) = (self.hall.places.tree(), page.lang);
        let place = |path: &str| PlacePath::parse(path).ok().and_then(|path| tree.get(path.id()));
        let words = match &need.kind {
            NeedKind::Choice { options } => {
                options.iter().find(|option| option.code == answer).map(|option| option.title.get(lang).to_owned())
            }
            NeedKind::Place => place(answer).map(|place| tree.chain(&place.path, lang)),
            NeedKind::Unit => answer.split_once('@').and_then(|(department, path)| {
                let path = &place(path)?.path;
                Some(self.office_name(path, Some(department), lang))
            }),
            NeedKind::Person => {
                let persons = self.persons_of(case, lang, "");
                persons.into_iter().find(|person| person.value == answer).map(|person| person.text)
            }
            NeedKind::Money if !answer.is_empty() => Some(page.t1("cases-need-yuan", "n", answer)),
            NeedKind::Date => answer.parse::<Date>().ok().map(|date| page.date(date)),
            NeedKind::Consent => Some(need.title.get(lang).to_owned()).filter(|_| !answer.is_empty()),
            NeedKind::Text => {
                let kind = self.kinds.get(&case.kind);
                kind.and_then(|kind| kind.answer_key(answer)).map(|key| page.t(key))
            }
            _ => None,
        };
        words.unwrap_or_else(|| answer.to_owned())
    }

    /// A command whose answers were typed into a form, with the answers as the procedure keeps them. What cannot be
    /// read stays as it was typed, and the procedure says what is wrong with it.
    ///
    /// # Errors
    /// Refuses the name of a place that no place or more than one has, a unit that no department has or that lies below
    /// the streets, and a person who has no part in the case.
    pub fn as_kept(&self, case: &Case, command: Command) -> Result<Command, Fault> {
        let Command::Act { action, mut fields, papers, counter, on_behalf } = command else { return Ok(command) };
        let procedure = self.procedure_of(case)?;
        for need in procedure.actions.get(&action).map(|action| action.needs.as_slice()).unwrap_or_default() {
            if let Some(answer) = fields.get_mut(&need.name) {
                *answer = self.answer(case, need, answer)?;
            }
        }
        Ok(Command::Act { action, fields, papers, counter, on_behalf })
    }

    fn answer(&self, case: &Case, need: &Need, typed: &str) -> Result<String, Refusal> {
        let wrong = || Refusal::new(Code::FormChoice).field(&need.name).with_both("label", &need.title);
        let text = typed.trim();
        if text.is_empty() {
            return Ok(typed.to_owned());
        }
        match &need.kind {
            NeedKind::Place => self.place_typed(case, text).ok_or_else(wrong).map(|place| place.to_string()),
            NeedKind::Person => {
                let part = |record: &Uuid| {
                    let mut parties = case.parties.values().flatten();
                    parties.any(|party| party.holder == Holder::Record(*record))
                };
                let record = Uuid::parse_str(text).ok().filter(part);
                record.ok_or_else(wrong).map(|record| record.to_string())
            }
            NeedKind::Unit => self.unit_typed(case, text).ok_or_else(wrong),
            NeedKind::Case => {
                Ok(CaseNumber::parse(text).map_or_else(|_| typed.to_owned(), |it| it.as_str().to_owned()))
            }
            NeedKind::Point | NeedKind::Number { .. } | NeedKind::Money => Ok(line::number(text)),
            _ => Ok(typed.to_owned()),
        }
    }

    /// The unit that a text means: a department of the city at a street or above, at the path where the place lies now.
    fn unit_typed(&self, case: &Case, text: &str) -> Option<String> {
        let (department, path) = text.split_once('@')?;
        let tree = self.hall.places.tree();
        let place = tree.get(PlacePath::parse(path).ok()?.id()).filter(|place| place.level <= Level::Street)?;
        let departments = self.departments_of(&case.kind);
        let known = departments.iter().any(|(code, _)| code.as_str() == department);
        known.then(|| format!("{department}@{}", place.path))
    }

    /// The place that a text means: its path, its name with those above it, or its name alone where only one has it,
    /// in the district of the case before the rest of the city.
    fn place_typed(&self, case: &Case, text: &str) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        if let Ok(path) = PlacePath::parse(text) {
            return tree.get(path.id()).map(|place| place.path.clone());
        }
        let is_called = |place: &&Place| {
            [Lang::Zh, Lang::En]
                .into_iter()
                .any(|lang| place.named(lang) == text || tree.chain(&place.path, lang) == text)
        };
        let only = |found: Vec<&Place>| match found.as_slice() {
            [place] => Some(place.path.clone()),
            _ => None,
        };
        let district = case.residence().at(Level::District).unwrap_or_else(|| case.residence().clone());
        let near = only(tree.inside(district.id()).into_iter().filter(is_called).collect());
        near.or_else(|| only(tree.all().filter(is_called).collect()))
    }
}

/// What was said with a step, in the order in which it was asked.
pub(super) fn answered<'f>(
    needs: &'f [Need],
    fields: &'f BTreeMap<String, String>,
) -> impl Iterator<Item = (&'f Need, &'f str)> {
    needs.iter().filter_map(|need| Some((need, fields.get(&need.name)?.as_str()))).filter(|(_, said)| !said.is_empty())
}
