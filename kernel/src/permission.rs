//! Permission says what may be done, by whom and where. It is a pure function over grants and never looks into the
//! database.

use crate::language::Bilingual;
use crate::place::PlacePath;
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;

/// What a permission is called and what it allows, in words.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Deed {
    /// The stable text, as in `case.accept`.
    pub text: &'static str,
    /// What it allows, in Chinese.
    pub zh: &'static str,
    /// What it allows, in English.
    pub en: &'static str,
}

/// A permission (权限): one kind of deed. Roles in `data/roles` are sets of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(&'static Deed);

/// Declares permissions as constants of a type, and lists them in `ALL`.
///
/// Each is written `Name = "group.deed", zh, en;` below its doc comment. A crate declares a type of its own for them,
/// as in `pub struct May;`. The start of the platform checks that no text is declared twice.
#[macro_export]
macro_rules! permissions {
    ($group:ident { $($(#[$meta:meta])* $name:ident = $text:literal, $zh:literal, $en:literal;)+ }) => {
        #[expect(non_upper_case_globals, reason = "they are called like the variants of an enum")]
        impl $group {
            $(
                $(#[$meta])*
                pub const $name: $crate::permission::Permission =
                    $crate::permission::Permission::new(&$crate::permission::Deed { text: $text, zh: $zh, en: $en });
            )+

            /// Every permission, in the order of the list.
            pub const ALL: &'static [$crate::permission::Permission] = &[$(Self::$name),+];
        }
    };
}

crate::permissions! {
    Permission {
        /// Apply for oneself (申请).
        CaseApply = "case.apply", "申请办事", "apply";
        /// Accept an application at a counter, and act there for an applicant (受理).
        CaseAccept = "case.accept", "窗口受理", "accept at a counter";
        /// See cases and their papers (查看办件).
        CaseRead = "case.read", "查看办件", "see cases";
        /// Work on a case: ask for corrections, take papers in (办理).
        CaseHandle = "case.handle", "办理", "handle cases";
        /// Decide a case: grant or refuse (决定).
        CaseDecide = "case.decide", "作出决定", "decide cases";
        /// Hand a result over at a counter (送达).
        CaseDeliver = "case.deliver", "交付结果", "hand over results";
        /// Watch the deadlines of others and urge (督办).
        CaseSupervise = "case.supervise", "督办", "supervise";
        /// Take lists of cases out as files (导出).
        CaseExport = "case.export", "导出办件", "export lists of cases";
        /// Open a person's sealed data, stating a purpose (查看个人信息).
        PersonOpen = "person.open", "查看个人信息", "open personal data";
        /// Read who opened whose data (查阅访问记录).
        PersonAccessLog = "person.access_log", "查阅访问记录", "read the access log";
        /// Verify the chain of events and read its reports (审计).
        AuditRead = "audit.read", "审计", "audit";
        /// See the queue of background work (查看后台任务).
        JobRead = "job.read", "查看后台任务", "see background work";
    }
}

impl Permission {
    /// The permission of a deed; [`crate::permissions!`] writes these.
    pub const fn new(deed: &'static Deed) -> Self {
        Self(deed)
    }

    /// The stable text, as in `case.accept`.
    pub const fn as_str(self) -> &'static str {
        self.0.text
    }

    /// What it allows, in words.
    pub fn title(self) -> Bilingual {
        Bilingual::new(self.0.zh, self.0.en)
    }

    /// The permission of that text among those that are declared.
    pub fn find(text: &str, declared: &[Self]) -> Option<Self> {
        declared.iter().copied().find(|permission| permission.as_str() == text)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A grant (授权): a post held at a place carries the permissions of its role there and everywhere inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The identity of the post.
    pub post: Uuid,
    /// The code of the role.
    pub role: String,
    /// The place where it holds, with everything inside.
    pub place: PlacePath,
    /// The one department to which it is limited; none means any matter.
    pub department: Option<String>,
    /// What the role may do.
    pub permissions: BTreeSet<Permission>,
}

impl Grant {
    /// Says whether the grant reaches the target: the place is inside, and the department is the same or not limited.
    pub fn covers(&self, target: &Target) -> bool {
        self.place.contains(&target.place) && (self.department.is_none() || self.department == target.department)
    }

    /// Says whether the grant reaches the target and names its department itself, as confidential matters demand.
    pub fn covers_explicitly(&self, target: &Target) -> bool {
        self.department.is_some() && self.covers(target)
    }
}

/// The kind of actor that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Somebody who did not sign in.
    Nobody,
    /// A resident with an account of her own.
    Resident,
    /// A person with posts.
    Staff,
    /// The platform itself, for timers.
    System,
}

/// Who asks (操作人).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The account that is signed in, if any.
    pub account: Option<Uuid>,
    /// The name that is shown. Only staff have one here, never a resident.
    pub name: String,
    /// The kind of actor.
    pub kind: ActorKind,
    /// The posts held today.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Makes an actor for somebody who did not sign in.
    pub const fn nobody() -> Self {
        Self { account: None, name: String::new(), kind: ActorKind::Nobody, grants: Vec::new() }
    }

    /// Makes the actor that is the platform itself.
    pub const fn system() -> Self {
        Self { account: None, name: String::new(), kind: ActorKind::System, grants: Vec::new() }
    }

    /// Returns the grants that carry a permission.
    pub fn holding(&self, permission: Permission) -> impl Iterator<Item = &Grant> {
        self.grants.iter().filter(move |grant| grant.permissions.contains(&permission))
    }

    /// Says whether any grant carries the permission, at whatever place.
    pub fn has(&self, permission: Permission) -> bool {
        self.holding(permission).next().is_some()
    }

    /// Returns where the actor holds a permission, without repetition. Every list selects its rows by this.
    pub fn scopes(&self, permission: Permission) -> Vec<Scope> {
        let mut scopes: Vec<Scope> = Vec::new();
        for grant in self.holding(permission) {
            let scope = Scope { place: grant.place.clone(), department: grant.department.clone() };
            if !scopes.iter().any(|wider| wider.includes(&scope)) {
                scopes.retain(|narrower| !scope.includes(narrower));
                scopes.push(scope);
            }
        }
        scopes
    }
}

/// Where a permission holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// The place, with everything inside.
    pub place: PlacePath,
    /// The one department, or none for any.
    pub department: Option<String>,
}

impl Scope {
    /// Says whether the target lies inside the scope.
    pub fn covers(&self, target: &Target) -> bool {
        self.place.contains(&target.place) && (self.department.is_none() || self.department == target.department)
    }

    /// Says whether everything of the other scope lies inside this one. A scope that names its department is kept
    /// beside one that does not, because only the former opens confidential matters.
    fn includes(&self, other: &Self) -> bool {
        self.place.contains(&other.place) && self.department == other.department
    }
}

/// The thing that is acted upon: a place and the responsible department.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// The place where it lies.
    pub place: PlacePath,
    /// The responsible department, if there is one.
    pub department: Option<String>,
}

impl Target {
    /// Makes a target without a department.
    pub const fn at(place: PlacePath) -> Self {
        Self { place, department: None }
    }
}

/// Checks whether the actor may do something to the target, and returns the grant that allows it.
///
/// # Errors
/// Says what is missing: the sign-in, the permission itself, its place or its department.
pub fn may<'a>(actor: &'a Actor, permission: Permission, target: &Target) -> Result<&'a Grant, Refusal> {
    if let Some(grant) = actor.holding(permission).find(|grant| grant.covers(target)) {
        return Ok(grant);
    }
    let code = if actor.kind == ActorKind::Nobody {
        Code::PermissionSignIn
    } else if !actor.has(permission) {
        Code::PermissionMissing
    } else if actor.holding(permission).any(|grant| grant.place.contains(&target.place)) {
        Code::PermissionOtherDepartment
    } else {
        Code::PermissionOutsidePlace
    };
    Err(Refusal::new(code).with_both("permission", &permission.title()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> PlacePath {
        PlacePath::parse(text).unwrap()
    }

    fn grant(place: &str, department: Option<&str>, permissions: &[Permission]) -> Grant {
        Grant {
            post: Uuid::nil(),
            role: "role".to_owned(),
            place: path(place),
            department: department.map(str::to_owned),
            permissions: permissions.iter().copied().collect(),
        }
    }

    fn staff(grants: Vec<Grant>) -> Actor {
        Actor { account: Some(Uuid::nil()), name: "王".to_owned(), kind: ActorKind::Staff, grants }
    }

    fn target(place: &str, department: Option<&str>) -> Target {
        Target { place: path(place), department: department.map(str::to_owned) }
    }

    #[test]
    fn every_permission_leads_back() {
        let texts: BTreeSet<&str> = Permission::ALL.iter().map(|permission| permission.as_str()).collect();
        assert_eq!(texts.len(), Permission::ALL.len());
        for permission in Permission::ALL {
            assert_eq!(Permission::find(permission.as_str(), Permission::ALL), Some(*permission));
            assert_eq!(serde_json::to_value(permission).unwrap(), permission.as_str());
        }
        assert_eq!(Permission::find("case.everything", Permission::ALL), None);
    }

    #[test]
    fn may_is_decided_by_permission_place_and_department() {
        let actor = staff(vec![
            grant("1.2.3.", None, &[Permission::CaseRead]),
            grant("1.5.", Some("civil"), &[Permission::CaseRead]),
        ]);
        let table = [
            (Permission::CaseRead, "1.2.3.", None, Ok(())),
            (Permission::CaseRead, "1.2.3.4.", Some("health"), Ok(())),
            (Permission::CaseRead, "1.2.", None, Err(Code::PermissionOutsidePlace)),
            (Permission::CaseRead, "1.2.30.", None, Err(Code::PermissionOutsidePlace)),
            (Permission::CaseRead, "1.5.6.", Some("civil"), Ok(())),
            (Permission::CaseRead, "1.5.6.", Some("health"), Err(Code::PermissionOtherDepartment)),
            (Permission::CaseRead, "1.5.6.", None, Err(Code::PermissionOtherDepartment)),
            (Permission::CaseDecide, "1.2.3.", None, Err(Code::PermissionMissing)),
        ];
        for (permission, place, department, expected) in table {
            let answer = may(&actor, permission, &target(place, department));
            assert_eq!(answer.map(|_| ()).map_err(|refusal| refusal.code), expected, "{permission} {place}");
        }
        let nobody = may(&Actor::nobody(), Permission::CaseRead, &target("1.", None)).unwrap_err();
        assert_eq!(nobody.code, Code::PermissionSignIn);
    }

    #[test]
    fn scopes_leave_out_what_lies_inside_another() {
        let read = [Permission::CaseRead];
        let actor = staff(vec![
            grant("1.2.3.", None, &read),
            grant("1.2.", None, &read),
            grant("1.2.4.", None, &read),
            grant("1.2.4.", Some("civil"), &read),
        ]);
        let scopes = actor.scopes(Permission::CaseRead);
        let expected = [(path("1.2."), None), (path("1.2.4."), Some("civil".to_owned()))];
        assert_eq!(scopes, expected.map(|(place, department)| Scope { place, department }));
        assert!(actor.scopes(Permission::CaseExport).is_empty());
    }

    #[test]
    fn explicit_means_that_the_grant_names_the_department() {
        let civil = target("1.2.", Some("civil"));
        assert!(grant("1.", Some("civil"), &[]).covers_explicitly(&civil));
        assert!(!grant("1.", None, &[]).covers_explicitly(&civil));
        assert!(!grant("1.", Some("civil"), &[]).covers_explicitly(&target("1.2.", None)));
    }

    proptest! {
        #[test]
        fn scopes_cover_exactly_what_grants_allow(
            grants in proptest::collection::vec((1i64..4, 1i64..4, proptest::option::of("[ab]")), 0..6),
            place in (1i64..4, 1i64..4), department in proptest::option::of("[ab]"),
        ) {
            let grants = grants.into_iter()
                .map(|(a, b, department)| grant(&format!("{a}.{b}."), department.as_deref(), &[Permission::CaseRead]));
            let actor = staff(grants.collect());
            let target = target(&format!("{}.{}.9.", place.0, place.1), department.as_deref());
            let scoped = actor.scopes(Permission::CaseRead).iter().any(|scope| scope.covers(&target));
            prop_assert_eq!(scoped, may(&actor, Permission::CaseRead, &target).is_ok());
        }
    }
}
