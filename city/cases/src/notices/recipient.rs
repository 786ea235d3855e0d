//! Whom a notice in the platform is for: a desk or an account, and the handle that is kept of it.

use std::collections::BTreeSet;

use kernel::permission::{Actor, Permission, Scope, Target};
use kernel::place::PlacePath;
use uuid::Uuid;

/// What those may do whose work the notices of a desk are for; who only looks on must not mark them as read.
pub(crate) const WORK: [Permission; 4] =
    [Permission::CaseAccept, Permission::CaseHandle, Permission::CaseDecide, Permission::CaseDeliver];

/// Whom a notice in the platform is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// A desk: an office with its department, or a counter without one.
    Desk(Target),
    /// An applicant with an account of her own.
    Account(Uuid),
}

impl Recipient {
    /// The desk of a place; an empty department is a counter's.
    #[must_use]
    pub fn desk(place: &PlacePath, department: Option<&str>) -> Self {
        let department = department.filter(|code| !code.is_empty()).map(str::to_owned);
        Self::Desk(Target { place: place.clone(), department })
    }

    /// The opaque handle that is kept: `office:1.4.57.:civil_affairs`, `office:1.4.57.890.:-`, `account:UUID`.
    #[must_use]
    pub fn handle(&self) -> String {
        match self {
            Self::Desk(target) => format!("office:{}:{}", target.place, target.department.as_deref().unwrap_or("-")),
            Self::Account(account) => format!("account:{account}"),
        }
    }

    /// Reads what [`Recipient::handle`] wrote.
    #[must_use]
    pub fn parse(handle: &str) -> Option<Self> {
        let (kind, rest) = handle.split_once(':')?;
        match kind {
            "account" => Uuid::parse_str(rest).ok().map(Self::Account),
            "office" => {
                let (place, department) = rest.split_once(':')?;
                Some(Self::desk(&PlacePath::parse(place).ok()?, Some(department).filter(|code| *code != "-")))
            }
            _ => None,
        }
    }

    /// Whether the notice is about the actor's own work or her own application. A counter belongs to everybody who
    /// takes applications there.
    #[must_use]
    pub fn is(&self, actor: &Actor) -> bool {
        match self {
            Self::Account(account) => actor.account == Some(*account),
            Self::Desk(target) => posts(actor)
                .iter()
                .any(|scope| scope.covers(target) || (target.department.is_none() && scope.place == target.place)),
        }
    }
}

/// Where the actor works.
pub(super) fn posts(actor: &Actor) -> BTreeSet<Scope> {
    WORK.into_iter().flat_map(|permission| actor.scopes(permission)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::permission::{ActorKind, Grant};

    fn path(text: &str) -> PlacePath {
        PlacePath::parse(text).unwrap()
    }

    fn actor(place: &str, department: Option<&str>, permissions: &[Permission]) -> Actor {
        let grant = Grant {
            post: Uuid::nil(),
            role: "any".to_owned(),
            place: path(place),
            department: department.map(str::to_owned),
            permissions: permissions.iter().copied().collect(),
        };
        Actor { account: Some(Uuid::from_u128(1)), name: String::new(), kind: ActorKind::Staff, grants: vec![grant] }
    }

    #[test]
    fn a_handle_is_read_back_and_anything_else_is_nobody() {
        for (recipient, handle) in [
            (Recipient::desk(&path("1.4."), Some("civil_affairs")), "office:1.4.:civil_affairs"),
            (Recipient::desk(&path("1.4.57.890."), Some("")), "office:1.4.57.890.:-"),
            (Recipient::desk(&path("1."), None), "office:1.:-"),
            (Recipient::Account(Uuid::from_u128(7)), "account:00000000-0000-0000-0000-000000000007"),
        ] {
            assert_eq!(recipient.handle(), handle);
            assert_eq!(Recipient::parse(handle), Some(recipient));
        }
        for odd in ["", "office:", "office:1.4.", "office:x:-", "account:7", "4/0191", "desk:1.:-"] {
            assert_eq!(Recipient::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_notice_is_for_those_who_work_there() {
        let (handles, looks_on) =
            ([Permission::CaseRead, Permission::CaseHandle], [Permission::CaseRead, Permission::CaseSupervise]);
        for (place, department, permissions, handle, expected) in [
            ("1.4.", Some("civil"), &handles, "office:1.4.:civil", true),
            ("1.4.", Some("civil"), &handles, "office:1.4.57.:civil", true),
            ("1.4.", Some("civil"), &handles, "office:1.4.:labour", false),
            ("1.4.", Some("civil"), &handles, "office:1.5.:civil", false),
            ("1.4.", Some("civil"), &handles, "office:1.:civil", false),
            ("1.4.", Some("civil"), &handles, "office:1.4.:-", true),
            ("1.4.", Some("civil"), &handles, "office:1.4.57.:-", false),
            ("1.4.57.8.", None, &handles, "office:1.4.57.8.:-", true),
            ("1.4.57.8.", None, &handles, "office:1.4.57.8.:civil", true),
            ("1.4.", None, &looks_on, "office:1.4.:civil", false),
            ("1.4.", None, &looks_on, "account:00000000-0000-0000-0000-000000000001", true),
            ("1.4.", None, &handles, "account:00000000-0000-0000-0000-000000000002", false),
        ] {
            let recipient = Recipient::parse(handle).unwrap();
            assert_eq!(
                recipient.is(&actor(place, department, permissions)),
                expected,
                "{place} {department:?} {handle}"
            );
        }
    }
}
