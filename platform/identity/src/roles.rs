//! The roles that a city defines in `data/roles`: what a post of that role may do, and where it can be held.

use crate::refusals::Why;
use kernel::language::Bilingual;
use kernel::permission::Permission;
use kernel::place::Level;
use kernel::procedure::Fault;
use kernel::refusal::Refusal;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A role 角色.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The stable code of the role.
    pub code: String,
    /// The name of the role.
    pub title: Bilingual,
    /// What posts of the role may do.
    pub permissions: BTreeSet<Permission>,
    /// The levels at which it can be held.
    pub levels: BTreeSet<Level>,
    /// Whether its posts count only with a one-time code at sign-in.
    pub code_required: bool,
    /// Whether a post of this role must name a department.
    pub department_required: bool,
    /// Whether its posts may give posts of any role inside their place (operators).
    pub gives_any: bool,
}

/// All roles of the city, by code.
#[derive(Clone, Debug, Default)]
pub struct Roles(BTreeMap<String, Role>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleFile {
    code: toml::Spanned<String>,
    title: toml::Spanned<Bilingual>,
    permissions: Vec<toml::Spanned<String>>,
    levels: Vec<toml::Spanned<String>>,
    #[serde(default)]
    totp_required: bool,
    #[serde(default)]
    department_required: bool,
    #[serde(default)]
    gives_any: bool,
}

impl Roles {
    /// Reads role files, one role each. Their permissions are among those that the platform's parts declare.
    ///
    /// # Errors
    /// Every fault of every file, with file, line and remedy.
    pub fn load(files: &[(String, String)], declared: &[Permission]) -> Result<Self, Vec<Fault>> {
        let mut roles = Self::default();
        let mut faults = Vec::new();
        for (file, text) in files {
            match read(file, text, declared) {
                Ok(role) => {
                    if let Some(earlier) = roles.0.insert(role.code.clone(), role) {
                        let message = format!("the role `{}` is defined twice", earlier.code);
                        faults.push(fault(file, 1, message, "Give each role a code of its own"));
                    }
                }
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(roles) } else { Err(faults) }
    }

    /// Returns the same roles, of which none asks for the one-time code: for a demonstration.
    #[must_use]
    pub fn without_codes(mut self) -> Self {
        for role in self.0.values_mut() {
            role.code_required = false;
        }
        self
    }

    /// Returns the role with that code.
    pub fn get(&self, code: &str) -> Option<&Role> {
        self.0.get(code)
    }

    /// Returns the role with that code, or the refusal that says there is none.
    pub fn require(&self, code: &str) -> Result<&Role, Refusal> {
        self.get(code).ok_or_else(|| Refusal::new(Why::IdentityRoleUnknown).field("role").with("role", code))
    }

    /// Returns every role, by code.
    pub fn all(&self) -> impl Iterator<Item = &Role> {
        self.0.values()
    }
}

fn read(file: &str, text: &str, declared: &[Permission]) -> Result<Role, Vec<Fault>> {
    let parsed: RoleFile = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, &span));
        vec![fault(file, line, error.message().to_owned(), "Compare it with another role file")]
    })?;
    let mut faults = Vec::new();
    let permissions =
        each(file, text, &parsed.permissions, &mut faults, |word| Permission::find(word, declared), "permission");
    let levels = each(file, text, &parsed.levels, &mut faults, Level::parse, "level");
    if parsed.title.get_ref().missing().is_some() {
        let line = line_of(text, &parsed.title.span());
        faults.push(fault(file, line, "the title is missing in one language".into(), "Write both `zh` and `en`"));
    }
    if parsed.levels.is_empty() {
        faults.push(fault(file, 1, "the role can be held nowhere".into(), "Name at least one level in `levels`"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Role {
        code: parsed.code.into_inner(),
        title: parsed.title.into_inner(),
        permissions,
        levels,
        code_required: parsed.totp_required,
        department_required: parsed.department_required,
        gives_any: parsed.gives_any,
    })
}

fn each<T: Ord>(
    file: &str,
    text: &str,
    words: &[toml::Spanned<String>],
    faults: &mut Vec<Fault>,
    parse: impl Fn(&str) -> Option<T>,
    kind: &str,
) -> BTreeSet<T> {
    let mut found = BTreeSet::new();
    for word in words {
        if let Some(value) = parse(word.get_ref()) {
            found.insert(value);
        } else {
            let message = format!("`{}` is no {kind}", word.get_ref());
            faults.push(fault(file, line_of(text, &word.span()), message, "Correct the word or take it out"));
        }
    }
    found
}

fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
}

fn fault(file: &str, line: usize, message: String, remedy: &str) -> Fault {
    Fault { file: file.to_owned(), line, message, remedy: remedy.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKER: &str = r#"
code = "community_worker"
title = { zh = "全科社工", en = "Community worker" }
permissions = ["case.accept", "case.read"]
levels = ["community"]
"#;

    fn load(text: &str) -> Result<Roles, Vec<Fault>> {
        Roles::load(&[("worker.toml".to_owned(), text.to_owned())], Permission::ALL)
    }

    #[test]
    fn a_role_is_read() {
        let roles = load(WORKER).unwrap();
        let role = roles.get("community_worker").unwrap();
        assert_eq!(role.title.zh, "全科社工");
        assert_eq!(role.permissions.len(), 2);
        assert!(role.levels.contains(&Level::Community) && !role.gives_any && !role.code_required);
        assert_eq!(roles.require("mayor").unwrap_err().code, Why::IdentityRoleUnknown);
    }

    #[test]
    fn what_a_file_does_not_say_is_no() {
        let more = "totp_required = true\ndepartment_required = true\ngives_any = true\n";
        for (text, all) in [(WORKER.to_owned(), false), (format!("{WORKER}{more}"), true)] {
            let roles = load(&text).unwrap();
            let role = roles.require("community_worker").unwrap();
            assert_eq!((role.code_required, role.department_required, role.gives_any), (all, all, all));
        }
        let roles = load(&WORKER.replace("\"case.accept\", ", "").replace("\"case.read\"", "")).unwrap();
        assert!(roles.get("community_worker").unwrap().permissions.is_empty(), "a role may permit nothing");
        assert!(roles.get("Community_worker").is_none());
        let lighter = load(&format!("{WORKER}{more}")).unwrap().without_codes();
        let role = lighter.require("community_worker").unwrap();
        assert!(!role.code_required && role.department_required && role.gives_any, "nothing else is lighter");
    }

    #[test]
    fn every_fault_of_every_file_is_told_at_once() {
        let files = [
            ("a.toml", WORKER.replace("case.read", "case.raed").replace("en = \"Community worker\"", "en = \" \"")),
            ("b.toml", WORKER.replace("\"community\"]", "\"community\", \"village\", \"moon\"]")),
            ("c.toml", WORKER.replace("title", "name")),
            ("d.toml", WORKER.to_owned()),
        ];
        let faults = Roles::load(&files.map(|(file, text)| (file.to_owned(), text)), Permission::ALL).unwrap_err();
        let told: Vec<(&str, usize)> = faults.iter().map(|fault| (fault.file.as_str(), fault.line)).collect();
        assert_eq!(told, [("a.toml", 4), ("a.toml", 3), ("b.toml", 5), ("b.toml", 5), ("c.toml", 3)]);
        assert!(faults.iter().all(|fault| !fault.remedy.is_empty()));
    }

    #[test]
    fn roles_stand_in_the_order_of_their_codes() {
        let file = |code: &str| (format!("{code}.toml"), WORKER.replace("community_worker", code));
        let roles = Roles::load(&["worker", "auditor", "chief"].map(file), Permission::ALL).unwrap();
        assert!(roles.all().map(|role| role.code.as_str()).eq(["auditor", "chief", "worker"]));
        let refusal = roles.require("mayor").unwrap_err();
        assert_eq!((refusal.field.as_deref(), refusal.detail["role"].as_str()), (Some("role"), "mayor"));
    }

    #[test]
    fn faults_name_file_line_and_remedy() {
        for (from, to, line, word) in [
            ("case.read", "case.raed", 4, "case.raed"),
            ("\"community\"]", "\"village\"]", 5, "village"),
            ("[\"community\"]", "[]", 1, "nowhere"),
            ("en = \"Community worker\"", "en = \"\"", 3, "language"),
            ("levels", "level", 5, "level"),
        ] {
            let faults = load(&WORKER.replace(from, to)).unwrap_err();
            assert_eq!(faults[0].line, line, "{faults:?}");
            assert!(faults[0].to_string().contains(word), "{faults:?}");
        }
        let twice =
            Roles::load(&[("a".into(), WORKER.into()), ("b".into(), WORKER.into())], Permission::ALL).unwrap_err();
        assert!(twice[0].message.contains("twice"));
    }
}
