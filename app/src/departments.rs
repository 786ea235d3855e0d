//! The departments of the city: one line each, in the order in which they are opened. Whoever needs another stands
//! below it.

use house::Department;
use kernel::figure::Indicator;
use kernel::permission::Permission;
use kernel::refusal::Code;
use kernel::rule::RuleFacts;
use store::Migration;

use crate::AppError;
use crate::machinery;

/// Every part of the platform.
pub const DEPARTMENTS: &[Department] = &[
    machinery::KERNEL,
    machinery::WEB,
    machinery::VAULT,
    machinery::TRIES,
    machinery::TABLES,
    machinery::JOBS,
    rulebook::DEPARTMENT,
    places::DEPARTMENT,
    hall::DEPARTMENT,
    cases::DEPARTMENT,
    machinery::PRESS,
    counter::DEPARTMENT,
    machinery::IDENTITY,
    letters::DEPARTMENT,
    visits::DEPARTMENT,
    exchange::DEPARTMENT,
    papers::DEPARTMENT,
    stations::DEPARTMENT,
    mobilization::DEPARTMENT,
    overview::DEPARTMENT,
    grid::DEPARTMENT,
    bodies::DEPARTMENT,
    hearings::DEPARTMENT,
    property::DEPARTMENT,
];

/// The tables of every part, in the order in which they are made.
#[must_use]
pub fn migrations() -> Vec<&'static [Migration]> {
    DEPARTMENTS.iter().map(|department| department.migrations).collect()
}

/// The texts of every part: Chinese and English.
#[must_use]
pub fn texts() -> Vec<(&'static str, &'static str)> {
    DEPARTMENTS.iter().filter_map(|department| department.texts).collect()
}

/// The permissions of every part, in the order of their texts.
#[must_use]
pub fn permissions() -> Vec<Permission> {
    house::permissions(DEPARTMENTS)
}

/// The reasons of refusal of every part, in the order of their texts.
#[must_use]
pub fn refusals() -> Vec<Code> {
    house::refusals(DEPARTMENTS)
}

/// The figures of the rulebook that every part uses.
#[must_use]
pub fn rules() -> Vec<&'static [RuleFacts]> {
    DEPARTMENTS.iter().map(|department| department.rules).collect()
}

/// The indicators that every part publishes.
#[must_use]
pub fn indicators() -> Vec<Indicator> {
    house::indicators(DEPARTMENTS)
}

/// Checks that no two parts declare the same permission, reason of refusal, indicator, table or name, and that
/// indicators are reckoned from sums that are there.
///
/// # Errors
/// One sentence for everything that is declared twice, and for each indicator that cannot be reckoned.
pub fn check() -> Result<(), AppError> {
    let mut twice = Vec::new();
    repeated("permission", permissions().iter().map(|each| each.as_str()), &mut twice);
    repeated("reason of refusal", refusals().iter().map(|each| each.as_str()), &mut twice);
    repeated("indicator", indicators().iter().map(|each| each.code), &mut twice);
    repeated("department", DEPARTMENTS.iter().map(|each| each.name), &mut twice);
    repeated("migration", migrations().into_iter().flatten().map(|each| each.name), &mut twice);
    for department in DEPARTMENTS {
        twice.extend(kernel::figure::faults(department.name, department.indicators));
    }
    if twice.is_empty() { Ok(()) } else { Err(AppError::Faults(twice)) }
}

/// Adds a sentence for each name that stands there twice.
pub(crate) fn repeated<'a>(what: &str, names: impl Iterator<Item = &'a str>, twice: &mut Vec<String>) {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    let pairs = names.iter().zip(names.iter().skip(1)).filter(|(one, next)| one == next);
    twice.extend(pairs.map(|(name, _)| format!("The {what} {name} is declared twice. Give one of them another name.")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn nothing_is_declared_twice() {
        check().unwrap();
        let mut twice = Vec::new();
        repeated("permission", ["b", "a", "b"].into_iter(), &mut twice);
        assert_eq!(twice, ["The permission b is declared twice. Give one of them another name."]);
    }

    #[test]
    fn roles_hold_every_permission_and_no_other() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../data");
        let files = crate::data::Data::new(Some(folder.into())).files("roles", ".toml").unwrap();
        let roles = identity::Roles::load(&files, &permissions()).unwrap();
        let held: BTreeSet<Permission> = roles.all().flat_map(|role| role.permissions.iter().copied()).collect();
        let all: BTreeSet<Permission> = permissions().into_iter().collect();
        assert_eq!(all.difference(&held).collect::<Vec<_>>(), Vec::<&Permission>::new(), "no role holds these");
    }

    /// A city with a rulebook of its own follows the page about the upgrade, and the start asks for every figure.
    #[test]
    fn the_page_about_the_upgrade_names_every_figure_that_is_new() {
        let page = include_str!("../../docs/operations/upgrade.md");
        let before: BTreeSet<&str> = include_str!("../../docs/operations/figures-before.txt").lines().collect();
        let code = |line: &'static str| line.strip_prefix("| `")?.split('`').next();
        let told: BTreeSet<&str> = page.lines().filter_map(code).collect();
        let used = rules().into_iter().flatten().map(|rule| rule.code);
        let new: BTreeSet<&str> = used.filter(|code| !before.contains(code)).collect();
        assert_eq!(
            new.difference(&told).collect::<Vec<_>>(),
            Vec::<&&str>::new(),
            "add these to the table of the page"
        );
        assert_eq!(told.difference(&new).collect::<Vec<_>>(), Vec::<&&str>::new(), "nothing uses these");
    }

    #[test]
    fn every_indicator_has_a_name() {
        let texts = web::Texts::new(&texts()).unwrap();
        for indicator in indicators() {
            assert!(texts.has(indicator.title), "{}: {}", indicator.code, indicator.title);
            assert!(indicator.how.is_empty() || texts.has(indicator.how), "{}: {}", indicator.code, indicator.how);
            assert!(indicator.anew.is_none_or(|anew| texts.has(anew.before)), "{}", indicator.code);
        }
    }

    #[test]
    fn every_reason_speaks_both_languages() {
        use kernel::language::Lang;
        for code in refusals() {
            for (zh, en) in
                [(code.sentence(Lang::Zh), code.sentence(Lang::En)), (code.remedy(Lang::Zh), code.remedy(Lang::En))]
            {
                assert!(zh.ends_with('。') && en.ends_with('.'), "{code}: {zh} {en}");
                assert_eq!(zh.matches('{').count(), en.matches('{').count(), "{code}");
            }
        }
    }
}
