//! What is counted for whom: numbers of open cases, what is near, and the share of each scope of one visitor.

use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::PlacePath;
use store::Val;

/// What is late and what is near at a moment. What is due on a day is late once that day is over, and what is due at a
/// moment once that moment has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearness {
    /// The day.
    pub today: kernel::time::Date,
    /// The last day that is near.
    pub soon: kernel::time::Date,
    /// The first moment of the day.
    pub begins: kernel::time::Instant,
    /// The moment itself.
    pub now: kernel::time::Instant,
}

/// A unit that decides cases: an office, by its place and its department.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// Its place.
    pub place: PlacePath,
    /// Its department; empty where it has none.
    pub department: String,
}

/// Numbers of open cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All that are open.
    pub open: i64,
    /// Past the promised date.
    pub late: i64,
    /// Due today or within the warning time.
    pub soon: i64,
    /// Waiting for the resident, clock stopped.
    pub stopped: i64,
}

impl Counts {
    /// Adds another's numbers.
    pub fn add(&mut self, other: &Self) {
        self.open += other.open;
        self.late += other.late;
        self.soon += other.soon;
        self.stopped += other.stopped;
    }

    /// So many of those that are near are late by now.
    pub(super) fn passed(&mut self, cases: i64) {
        self.late += cases;
        self.soon -= cases;
    }

    /// Takes another's numbers off.
    pub fn take_off(&mut self, other: &Self) {
        self.open -= other.open;
        self.late -= other.late;
        self.soon -= other.soon;
        self.stopped -= other.stopped;
    }
}

/// What is counted of a scope among the scopes of one visitor, so that nothing is counted twice: a post for one
/// department inside a general post adds
/// the confidential cases alone, a general post inside one for a department leaves out what that department has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The scope.
    pub scope: Scope,
    /// Another scope counts the others.
    pub sealed_only: bool,
    /// Departments that another scope counts.
    pub without: Vec<String>,
}

impl Share {
    /// A scope by itself.
    #[must_use]
    pub fn whole(scope: Scope) -> Self {
        Self { scope, sealed_only: false, without: Vec::new() }
    }

    /// The scopes of one visitor. Of a general post that lies inside one for a department the latter counts what is
    /// that department's; where it is
    /// the other way round the general one does. The same place for both is a general post with its department's
    /// confidential cases beside it.
    #[must_use]
    pub fn of(scopes: &[Scope]) -> Vec<Self> {
        let general = |scope: &Scope| {
            let mut others = scopes.iter().filter(|other| other.department.is_none());
            scope.department.is_some() && others.any(|other| other.place.contains(&scope.place))
        };
        let around = |scope: &Scope| {
            let wider = |other: &&Scope| other.place.contains(&scope.place) && other.place != scope.place;
            let others = scopes.iter().filter(|_| scope.department.is_none()).filter(wider);
            others.filter(|other| !general(other)).filter_map(|other| other.department.clone()).collect()
        };
        let share = |scope: &Scope| Self { scope: scope.clone(), sealed_only: general(scope), without: around(scope) };
        scopes.iter().map(share).collect()
    }

    /// Whether it counts a case that lies there and is that department's.
    #[must_use]
    pub fn counts(&self, at: &PlacePath, department: &str, confidential: bool) -> bool {
        let is_its = match &self.scope.department {
            Some(own) => own == department && (confidential || !self.sealed_only),
            None => !confidential && !self.without.iter().any(|other| other == department),
        };
        is_its && self.scope.place.contains(at)
    }

    /// Writes the conditions of the scope and of the share.
    pub(super) fn restrict(&self, sql: &mut String, values: &mut Vec<Val>, department_column: &str) {
        restrict(sql, values, &self.scope, department_column);
        if self.sealed_only {
            sql.push_str(" and confidential = 1");
        }
        for department in &self.without {
            values.push(Val::from(department.as_str()));
            let _ = write!(sql, " and ({department_column} is null or {department_column} <> ${})", values.len());
        }
    }
}

/// The department where the scope names one; confidential cases only for a scope that names the department. Never the
/// shard: a case is kept where
/// its applicant lives, and waits at whatever counter of the city took it in.
pub(super) fn restrict(sql: &mut String, values: &mut Vec<Val>, scope: &Scope, department_column: &str) {
    if let Some(department) = &scope.department {
        values.push(Val::from(department.as_str()));
        let _ = write!(sql, " and {department_column} = ${}", values.len());
    } else {
        sql.push_str(" and confidential = 0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_for_a_department_inside_a_general_one_adds_the_confidential_cases_alone() {
        let scope = |place: &str, department: Option<&str>| Scope {
            place: PlacePath::parse(place).unwrap(),
            department: department.map(str::to_owned),
        };
        let shares = Share::of(&[scope("1.2.", None), scope("1.2.3.", Some("health")), scope("1.4.", Some("health"))]);
        let sealed: Vec<bool> = shares.iter().map(|share| share.sealed_only).collect();
        assert_eq!(sealed, [false, true, false]);
        let shares =
            Share::of(&[scope("1.2.3.", None), scope("1.2.", Some("health")), scope("1.2.3.", Some("school"))]);
        let without: Vec<&[String]> = shares.iter().map(|share| share.without.as_slice()).collect();
        assert_eq!(without, [&["health".to_owned()][..], &[], &[]], "the wider post counts what is its department's");
        assert!(shares[2].sealed_only && !shares[1].sealed_only);
    }

    #[test]
    fn a_case_is_counted_by_one_share_of_a_visitor() {
        let place = |path: &str| PlacePath::parse(path).unwrap();
        let scope = |path: &str, department: Option<&str>| Scope {
            place: place(path),
            department: department.map(str::to_owned),
        };
        let shares =
            Share::of(&[scope("1.2.3.", None), scope("1.2.", Some("health")), scope("1.2.3.", Some("school"))]);
        for (path, department, confidential, expected) in [
            ("1.2.3.4.", "lamps", false, [true, false, false]),
            ("1.2.3.4.", "lamps", true, [false; 3]),
            ("1.2.3.4.", "health", false, [false, true, false]),
            ("1.2.5.", "health", true, [false, true, false]),
            ("1.2.3.4.", "school", false, [true, false, false]),
            ("1.2.3.4.", "school", true, [false, false, true]),
            ("1.3.", "health", false, [false; 3]),
        ] {
            let counted: Vec<bool> =
                shares.iter().map(|share| share.counts(&place(path), department, confidential)).collect();
            assert_eq!(counted, expected, "{path} {department} {confidential}");
        }
    }
}
