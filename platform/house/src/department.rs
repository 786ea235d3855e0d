//! This file says what value a department is, and holds the house in which the desks of all departments stand.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::Arc;

use kernel::figure::Indicator;
use kernel::permission::Permission;
use kernel::refusal::Code;
use kernel::rule::RuleFacts;
use kernel::time::Clock;
use store::{Migration, Store};
use web::{Routes, Service};

use crate::beside::{Beside, FilesOf};
use crate::chore::{Chore, Erased, Moved, Recipient};
use crate::dots::Dots;
use crate::fault::OpenFault;
use crate::found::Finder;
use crate::installation::Installation;
use crate::numbered::Numbered;
use crate::shown::{Daily, DestinationNames, Everything, Lane, OverviewPanel, Section, Shown, Tile};
use crate::sought::Sought;
use crate::stage::Demonstrate;

/// A department of the city (部门), or a part of the platform's machinery, as the app sees it.
///
/// Everything but `open` and `work` is known before there is a database.
#[derive(Clone, Copy)]
pub struct Department {
    /// The name of its crate, which its tables, text keys and kinds of jobs begin with.
    pub name: &'static str,
    /// Its tables, in the order in which they are made.
    pub migrations: &'static [Migration],
    /// Its texts: Chinese and English.
    pub texts: Option<(&'static str, &'static str)>,
    /// The permissions that it asks for.
    pub permissions: &'static [Permission],
    /// The reasons for which it says no.
    pub refusals: &'static [Code],
    /// The codes of the figures that it asks of the rulebook.
    pub rules: &'static [RuleFacts],
    /// The indicators that it publishes.
    pub indicators: &'static [Indicator],
    /// Makes its desk and keeps it in the house. Departments that stand before it in the list are open already.
    pub open: fn(&mut House) -> Result<(), OpenFault>,
    /// What it shows and does, once all desks stand.
    pub work: fn(&House) -> Result<Work, OpenFault>,
}

impl Department {
    /// A department that keeps, shows and does nothing: the beginning of every value.
    pub const EMPTY: Self = Self {
        name: "",
        migrations: &[],
        texts: None,
        permissions: &[],
        refusals: &[],
        rules: &[],
        indicators: &[],
        open: |_| Ok(()),
        work: |_| Ok(Work::default()),
    };
}

/// What a department shows and does.
#[derive(Default)]
pub struct Work {
    /// Its pages and its interface.
    pub routes: Routes,
    /// What people can do on its pages, each under one of the fixed headings.
    pub services: Vec<Service>,
    /// What it does by itself.
    pub chores: Vec<Chore>,
    /// What it does when places lie elsewhere.
    pub moved: Vec<Moved>,
    /// What it forgets together with a person's sealed record.
    pub erased: Vec<Erased>,
    /// The recipients of notices whose address it finds.
    pub recipients: Vec<Recipient>,
    /// The keys of texts of notices that go out at any hour.
    pub urgent: Vec<&'static str>,
    /// What it shows beside a case.
    pub beside: Vec<Beside>,
    /// The files that it keeps of a case.
    pub files: Vec<FilesOf>,
    /// What it shows on the page of a place.
    pub sections: Vec<Section>,
    /// The lanes of work that it adds to the list of what waits (待办).
    pub lanes: Vec<Lane>,
    /// The figures that it adds to the overview (总览).
    pub tiles: Vec<Tile>,
    /// What it adds to the page of the day (今天).
    pub dailies: Vec<Daily>,
    /// What it adds beneath the figures of the overview (总览).
    pub overview_panels: Vec<OverviewPanel>,
    /// What it finds by words.
    pub finders: Vec<Finder>,
    /// Its pages that people look for by other words than their names.
    pub sought: Vec<Sought>,
    /// Where its numbers lead that are no numbers of cases.
    pub numbered: Vec<Numbered>,
    /// What it shows on the map (地图).
    pub dots: Vec<Dots>,
    /// The destinations of its jobs that it can name.
    pub destinations: Vec<DestinationNames>,
    /// What it puts into a demonstration city.
    pub demonstration: Vec<Demonstrate>,
}

impl Work {
    /// Takes out what is shown on other departments' pages.
    pub fn take_shown(&mut self) -> Everything {
        Everything {
            beside: std::mem::take(&mut self.beside),
            files: std::mem::take(&mut self.files),
            sections: std::mem::take(&mut self.sections),
            lanes: std::mem::take(&mut self.lanes),
            tiles: std::mem::take(&mut self.tiles),
            dailies: std::mem::take(&mut self.dailies),
            overview_panels: std::mem::take(&mut self.overview_panels),
            finders: std::mem::take(&mut self.finders),
            sought: std::mem::take(&mut self.sought),
            numbered: std::mem::take(&mut self.numbered),
            dots: std::mem::take(&mut self.dots),
            destinations: std::mem::take(&mut self.destinations),
        }
    }

    /// Adds what another department does; its routes are not taken over.
    pub fn add(&mut self, other: Self) {
        self.services.extend(other.services);
        self.chores.extend(other.chores);
        self.moved.extend(other.moved);
        self.erased.extend(other.erased);
        self.recipients.extend(other.recipients);
        self.urgent.extend(other.urgent);
        self.beside.extend(other.beside);
        self.files.extend(other.files);
        self.sections.extend(other.sections);
        self.lanes.extend(other.lanes);
        self.tiles.extend(other.tiles);
        self.dailies.extend(other.dailies);
        self.overview_panels.extend(other.overview_panels);
        self.finders.extend(other.finders);
        self.sought.extend(other.sought);
        self.numbered.extend(other.numbered);
        self.dots.extend(other.dots);
        self.destinations.extend(other.destinations);
        self.demonstration.extend(other.demonstration);
    }
}

/// The house: the store, the clock and the installation, and the desks of the departments that are open.
pub struct House {
    /// Where everything is remembered.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// What the operator decided.
    pub installation: Arc<Installation>,
    /// What departments show on each other's pages. It is filled once all are open.
    pub shown: Arc<Shown>,
    /// The permissions that all departments declare, in the order of their texts.
    pub permissions: Vec<Permission>,
    /// The reasons of refusal that all departments declare, in the order of their texts.
    pub refusals: Vec<Code>,
    /// The figures that departments declare, a list for each.
    pub rules: Vec<&'static [RuleFacts]>,
    /// The indicators that all departments publish, in the order of the list.
    pub indicators: Vec<Indicator>,
    desks: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl House {
    /// Makes a house in which no department is open yet.
    #[must_use]
    pub fn new(store: Store, clock: Clock, installation: Installation, departments: &[Department]) -> Self {
        let (installation, shown) = (Arc::new(installation), Arc::new(Shown::default()));
        let (permissions, refusals) = (permissions(departments), refusals(departments));
        let rules = departments.iter().map(|department| department.rules).collect();
        let indicators = indicators(departments);
        Self { store, clock, installation, shown, permissions, refusals, rules, indicators, desks: HashMap::new() }
    }

    /// Keeps a desk, to be found by its type. A desk of the same type that was kept before is replaced.
    pub fn keep<T: Send + Sync + 'static>(&mut self, desk: Arc<T>) {
        self.desks.insert(TypeId::of::<T>(), desk);
    }

    /// Returns the desk of that type.
    ///
    /// # Errors
    /// Fails if the department that keeps it stands later in the list, or not at all.
    pub fn get<T: Send + Sync + 'static>(&self) -> Result<Arc<T>, OpenFault> {
        let found = self.desks.get(&TypeId::of::<T>()).cloned().and_then(|desk| desk.downcast().ok());
        found
            .ok_or_else(|| OpenFault::Said(format!("{} is not open yet: mind the order of the list", type_name::<T>())))
    }
}

/// Returns the permissions that departments declare, in the order of their texts.
#[must_use]
pub fn permissions(departments: &[Department]) -> Vec<Permission> {
    let mut all: Vec<Permission> = departments.iter().flat_map(|department| department.permissions).copied().collect();
    all.sort();
    all
}

/// Returns the reasons of refusal that departments declare, in the order of their texts.
#[must_use]
pub fn refusals(departments: &[Department]) -> Vec<Code> {
    let mut all: Vec<Code> = departments.iter().flat_map(|department| department.refusals).copied().collect();
    all.sort();
    all
}

/// The indicators that departments publish, in the order of the list.
#[must_use]
pub fn indicators(departments: &[Department]) -> Vec<Indicator> {
    departments.iter().flat_map(|department| department.indicators).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMPS: Department = Department {
        name: "lamps",
        permissions: &[Permission::PersonOpen, Permission::CaseApply],
        refusals: &[Code::FormTooLong, Code::FormChoice],
        indicators: &[Indicator::sum("lamps.mended", "x", 2), Indicator::sum("lamps.late", "x", 1)],
        ..Department::EMPTY
    };
    const ROADS: Department = Department {
        name: "roads",
        permissions: &[Permission::CaseRead, Permission::CaseApply],
        refusals: &[Code::FormMissing],
        indicators: &[Indicator::sum("roads.mended", "x", 1)],
        ..Department::EMPTY
    };

    #[test]
    fn what_departments_declare_is_collected_in_its_order() {
        for (departments, may, why, counted) in [
            (vec![], vec![], vec![], vec![]),
            (vec![Department::EMPTY], vec![], vec![], vec![]),
            (
                vec![ROADS, LAMPS],
                // What two declare stands twice, so that the check for unique texts finds it.
                vec!["case.apply", "case.apply", "case.read", "person.open"],
                vec!["form.choice", "form.missing", "form.too_long"],
                vec!["roads.mended", "lamps.mended", "lamps.late"],
            ),
        ] {
            let found: Vec<&str> = permissions(&departments).into_iter().map(Permission::as_str).collect();
            assert_eq!(found, may);
            assert_eq!(refusals(&departments).into_iter().map(Code::as_str).collect::<Vec<_>>(), why);
            assert_eq!(indicators(&departments).iter().map(|one| one.code).collect::<Vec<_>>(), counted);
        }
    }

    #[test]
    fn what_is_added_stands_behind_and_what_is_taken_out_is_gone() {
        let work = |keys: &[&'static str]| Work { urgent: keys.to_vec(), ..Work::default() };
        let mut all = work(&["a"]);
        all.add(work(&[]));
        all.add(work(&["c", "b"]));
        assert_eq!(all.urgent, ["a", "c", "b"]);
        let finder = |key| Finder { key, order: 0, find: Arc::new(|_, _, _| Ok(Vec::new())) };
        all.add(Work { finders: vec![finder("x"), finder("y")], ..Work::default() });
        let taken = all.take_shown();
        assert_eq!(taken.finders.iter().map(|finder| finder.key).collect::<Vec<_>>(), ["x", "y"]);
        assert!(all.take_shown().finders.is_empty() && all.urgent.len() == 3);
    }
}
