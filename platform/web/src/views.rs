//! The small values that the macros of `parts.html` draw: choices, problems, steps, crumbs, pages of a list.

use crate::page::Page;
use kernel::language::{Bilingual, Lang};
use kernel::refusal::{Code, Refusal};

/// One choice of a select, of radios or of checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// The words.
    pub text: String,
    /// A second, smaller line; may be empty.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice, chosen when `current` is its value.
    pub fn new(value: impl Into<String>, text: impl Into<String>, current: &str) -> Self {
        let value = value.into();
        let chosen = value == current;
        Self { value, text: text.into(), hint: String::new(), chosen }
    }

    /// With a second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// One thing to correct in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The name of the field; empty when it is about the whole form.
    pub field: String,
    /// What is wrong.
    pub text: String,
    /// What to do; may be empty.
    pub remedy: String,
}

impl Problem {
    /// What is wrong with the form in one sentence and what to do.
    pub(crate) fn of(refusal: &Refusal, lang: Lang) -> Self {
        let field = refusal.field.clone().unwrap_or_default();
        Self { field, text: refusal.sentence(lang), remedy: refusal.remedy(lang) }
    }
}

impl Page {
    /// What was refused, in the visitor's language. A field is called what the text of its key says: `labels` with the
    /// name of the field behind it, dashes for low lines, as in `stations-field-name-zh`. One without such a text keeps
    /// the label of its refusal, as what a step of a case asks does. What no form asks for has no label at all.
    pub fn problems(&self, labels: &str, faults: &[Refusal]) -> Vec<Problem> {
        faults.iter().map(|fault| self.problem(&self.labelled(labels, fault))).collect()
    }

    fn labelled(&self, labels: &str, fault: &Refusal) -> Refusal {
        let Some(field) = &fault.field else { return fault.clone() };
        let key = format!("{labels}{}", field.replace('_', "-"));
        let label = if self.has_text(&key) {
            self.t(&key)
        } else if fault.detail.get("label").is_some_and(|label| label != field) {
            return fault.clone();
        } else {
            self.t("web-field-other")
        };
        fault.clone().with_both("label", &Bilingual::new(label.clone(), label))
    }

    /// What was refused, in the visitor's language. What was left empty is not called wrong.
    pub fn problem(&self, refusal: &Refusal) -> Problem {
        Problem::of(&self.told(refusal), self.lang)
    }

    /// A refusal as it is told: where nothing was chosen, or no day was written, it says so.
    pub(crate) fn told(&self, refusal: &Refusal) -> Refusal {
        let is_empty = refusal.field.as_deref().is_some_and(|field| self.left_empty(field));
        let code = match refusal.code {
            wrong if is_empty && wrong == Code::FormChoice => Code::FormUnchosen,
            wrong if is_empty && wrong == Code::FormDate => Code::FormUndated,
            code => code,
        };
        Refusal { code, ..refusal.clone() }
    }

    /// Whether the form that this page answers came with nothing in a field. The steps of a case call theirs `field_…`,
    /// and what is done to many names the step before a dot.
    fn left_empty(&self, field: &str) -> bool {
        let Some(filled) = self.seat.filled.get() else { return false };
        let is_it = |name: &String| {
            let last = name.rsplit_once('.').map_or(name.as_str(), |(_, last)| last);
            last == field || name.strip_prefix("field_") == Some(field)
        };
        !filled.iter().any(is_it)
    }
}

/// The sentence for a field out of a list of problems; empty when there is none.
pub fn problem_of<'a>(problems: &'a [Problem], field: &str) -> &'a str {
    problems.iter().find(|problem| problem.field == field).map_or("", |problem| &problem.text)
}

/// One step of the way ahead of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// `done`, `now`, `stop`, or nothing for what comes.
    pub class: &'static str,
    /// What happens.
    pub text: String,
    /// When, in words; may be empty.
    pub when: String,
}

/// One level above a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// The words.
    pub text: String,
    /// The local address.
    pub href: String,
}

/// The ends of a page of a list: addresses of the pages before and after, where there are such.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
}

/// Work that goes on while somebody waits: how far it is, and where it is called off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    /// So many of a thousand are done.
    pub share: i64,
    /// What is being done, in words.
    pub text: String,
    /// The address that a form posts to, to call it off; none for those who may not.
    pub stop: Option<String>,
    /// The address of this page when it does not come again by itself; empty while it does not anyway.
    pub still: String,
}

impl Working {
    /// The share in whole percent.
    pub const fn percent(&self) -> i64 {
        self.share / 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frame, LOCALES, Preferences, Texts, Visitor};
    use kernel::time::Instant;
    use std::sync::Arc;

    /// A page that answers a form in which these fields hold something.
    fn answering(filled: &[&str]) -> Page {
        let frame = Frame::sample(Texts::new(&[LOCALES]).unwrap(), Arc::new(|| Instant::from_micros(0)));
        let page = Page::sample(Arc::new(frame), "/", Preferences::default(), Visitor::default());
        page.seat.filled.get_or_init(|| filled.iter().map(|name| (*name).to_owned()).collect());
        page
    }

    #[test]
    fn what_was_left_empty_is_not_called_wrong() {
        let page = answering(&["on", "field_why", "act:give.to", "kind"]);
        for (code, field, told) in [
            (Code::FormChoice, "kind", Code::FormChoice),
            (Code::FormChoice, "why", Code::FormChoice),
            (Code::FormChoice, "to", Code::FormChoice),
            (Code::FormChoice, "class", Code::FormUnchosen),
            (Code::FormDate, "on", Code::FormDate),
            (Code::FormDate, "until", Code::FormUndated),
            (Code::FormInvalid, "until", Code::FormInvalid),
        ] {
            assert_eq!(page.told(&Refusal::new(code).field(field)).code, told, "{code} {field}");
        }
        assert_eq!(page.told(&Refusal::new(Code::FormChoice)).code, Code::FormChoice, "it names no field");
        let refusal = Refusal::new(Code::FormChoice).field("class").with("label", "哪一类");
        let problem = page.problem(&refusal);
        assert_eq!((problem.text.as_str(), problem.remedy.as_str()), ("“哪一类”还没有选。", "请选择其中一项。"));
    }

    #[test]
    fn a_field_is_never_called_by_its_name_in_the_program() {
        let page = answering(&["has_read", "brand"]);
        let told = |refusal: Refusal| page.problems("web-", &[refusal]).remove(0).text;
        let unknown = |field: &str| Refusal::new(Code::FormFieldUnknown).field(field);
        assert_eq!(told(unknown("brand").with("label", "brand")), "这一步不需要“两邻”。");
        assert_eq!(told(unknown("has_read").with("label", "我看过了")), "这一步不需要“我看过了”。");
        assert_eq!(told(unknown("has_read").with("label", "has_read")), "这一步不需要“另外的内容”。");
        assert_eq!(told(unknown("has_read")), "这一步不需要“另外的内容”。");
    }

    #[test]
    fn a_choice_is_chosen_by_its_whole_value() {
        for (value, current, chosen) in [("1", "1", true), ("1", "11", false), ("", "", true), ("a", "A", false)] {
            assert_eq!(Choice::new(value, "x", current).chosen, chosen, "{value} {current}");
        }
        let choice = Choice::new("1", "一", "1").hint("小");
        assert_eq!((choice.value.as_str(), choice.text.as_str(), choice.hint.as_str()), ("1", "一", "小"));
    }

    #[test]
    fn the_first_problem_of_a_field_is_told_beside_it() {
        let refusals = [
            Refusal::new(Code::FormTooLong).field("name").with("label", "姓名").with("limit", 100),
            Refusal::new(Code::FormInvalid).field("name").with("label", "姓名"),
            Refusal::new(Code::PermissionMissing),
        ];
        let problems = refusals.map(|refusal| Problem::of(&refusal, Lang::Zh));
        assert_eq!(problem_of(&problems, "name"), "“姓名”太长，最多 100 个字。");
        assert_eq!(problems[0].remedy, "请精简后再提交。");
        assert_eq!(problem_of(&problems, "nam"), "");
        assert_eq!(problems[2].field, "", "it is about the whole form");
        assert_eq!(Problem::of(&Refusal::new(Code::FormTooLong), Lang::En).field, "");
    }

    #[test]
    fn a_share_is_told_in_whole_percent() {
        for (share, percent) in [(0, 0), (9, 0), (10, 1), (999, 99), (1_000, 100)] {
            let working = Working { share, text: String::new(), stop: None, still: String::new() };
            assert_eq!(working.percent(), percent, "{share}");
        }
    }
}
