//! These tests call people out at any hour. Each is told once where, when and whom to ask. Those who closed their
//! accounts are forgotten.

use mobilization::{NewCall, NewNeed, Offer, Part, Parts, Role, Roles, Span};
use places::geography::{Geography, invent};

use super::*;

impl House {
    /// Lays a ground over the first street with several communities. Returns it with the street.
    fn ground(&self) -> (Arc<Geography>, PlacePath) {
        let tree = self.city.places.tree();
        let street =
            tree.of_level(Level::Street).find(|street| tree.children(street.id).count() > 3).unwrap().path.clone();
        let (new, now) = (invent(&tree, std::slice::from_ref(&street), 3), self.clock.now());
        self.store.write_blocking(move |tx| places::lay_geography(tx, &new, now)).unwrap();
        (self.city.places.geography_blocking().unwrap().unwrap(), street)
    }

    /// Lets somebody offer help from a community.
    fn joins(&self, account: Uuid, home: &PlacePath) {
        let person = Invented::next(&mut Seed::new(31), "210102");
        let mut offer = Offer {
            account,
            home: home.clone(),
            roles: Roles::default(),
            parts: Parts::default(),
            name: person.name,
            telephone: person.telephone,
        };
        offer.roles.0.insert(Role::Gate);
        offer.parts.0.extend(Part::ALL);
        let (desk, now) = (self.city.mobilization.clone(), self.clock.now());
        self.store.write_blocking(move |tx| desk.join(tx, &offer, Uuid::now_v7(), now)).unwrap();
    }

    /// Begins a call for the first compound of a street with a shift. Its plan is sent off by itself.
    fn calls(&self, ground: &Geography, street: &PlacePath, span: Span) -> Uuid {
        let (desk, now, street, id) =
            (self.city.mobilization.clone(), self.clock.now(), street.clone(), Uuid::now_v7());
        let tree = self.city.places.tree();
        let compound = &ground.compounds[0];
        let community = tree.get(compound.community).unwrap().path.clone();
        let need = NewNeed {
            compounds: vec![(compound.id, community, compound.households)],
            shift: 1,
            role: Role::Gate,
            least: 1,
            most: 1,
            by_households: false,
            meet: "东门".to_owned(),
            contact: "李主任 024-1".to_owned(),
        };
        let mut leader = worker(&street, None);
        leader.grants[0].permissions.insert(mobilization::May::MobilizationLead);
        let done = self.store.write_blocking(move |tx| {
            let new = NewCall { id, place: street.clone(), title: "清雪".to_owned(), note: String::new() };
            desk.begin(tx, &new, &leader, now)?;
            desk.add_shifts(tx, id, &leader, &[span], now)?;
            desk.put_needs(tx, id, &leader, &need)?;
            let (kind, asked) = (mobilization::PLAN.to_owned(), serde_json::json!({ "call": id, "send": true }));
            let new = jobs::NewWork {
                id: Uuid::now_v7(),
                kind,
                place: street.clone(),
                asked,
                by: None,
                by_name: String::new(),
            };
            jobs::ask(tx, &new, now)?;
            Ok::<_, Fault>(())
        });
        done.unwrap();
        id
    }
}

#[test]
fn an_emergency_wakes_those_who_offered_help_and_tells_them_where_to_go() {
    for house in House::each_with_gateway() {
        let (ground, street) = house.ground();
        let tree = house.city.places.tree();
        let home = tree.get(ground.compounds[0].community).unwrap().path.clone();
        house.joins(Uuid::now_v7(), &home);
        house.clock.set_local("2026-11-22 23:30");
        let now = house.clock.now();
        let span = Span { starts: now.plus_seconds(3_600), ends: now.plus_seconds(5 * 3_600) };
        house.calls(&ground, &street, span);
        let runner = house.runner();
        runner.run_due().unwrap();
        let sql = "select id from jobs_notice where template = 'mobilization-notice-sent'";
        let id = house.store.read_blocking(move |tx| store::scalar::<Uuid>(tx, sql, &[])).unwrap().unwrap();
        let notice = house.store.read_blocking(move |tx| jobs::notice(tx, id)).unwrap().unwrap();
        assert_eq!(notice.not_before, now, "{}: a Sunday night, at once", house.store.name);
        let told = super::super::delivery::resolve(&house.city, &house.store, &notice, now).unwrap().unwrap();
        for expected in ["清雪", &ground.compounds[0].name, "东门", "李主任 024-1", "2026年11月23日 00:30", "门岗值守"]
        {
            assert!(told.text.contains(expected), "{expected}: {}", told.text);
        }
        assert!(told.to.starts_with("13"));
    }
}

#[test]
fn who_closed_her_account_is_called_out_no_more_and_nothing_of_her_is_kept() {
    for house in House::each_with_gateway() {
        let (ground, _) = house.ground();
        let home = house.city.places.tree().get(ground.compounds[0].community).unwrap().path.clone();
        let (stays, goes) = (Uuid::now_v7(), Uuid::now_v7());
        let sql = "insert into identity_account (id, district, kind, name, password, must_change, code_on, failures, opened_at, closed_at) \
                   values ($1, $2, 'resident', '', '', 0, 0, 0, 1, 2)";
        let district = home.district();
        house.store.write_blocking(move |tx| tx.exec(sql, &store::args![goes, district])).unwrap();
        house.joins(stays, &home);
        house.joins(goes, &home);
        house.does_chore("mobilization.part", serde_json::Value::Null);
        let first = mobilization::Key { district: kernel::place::PlaceId(0), id: Uuid::nil() };
        let left = house.store.read_blocking(move |tx| mobilization::responders(tx, first, 9));
        let left: Vec<Uuid> = left.unwrap().iter().map(|who| who.id).collect();
        assert_eq!(left, [stays], "{}", house.store.name);
    }
}
