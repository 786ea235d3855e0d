//! These stories are about what two people enter at the same moment: of a company, a contract, an income and a post one
//! is entered, and the other one is told.

use city_stories::{Browser, Town};
use testkit::Form;

use crate::bodies::{deed, entered};
use crate::companies::{COMMUNITY, serving};

/// The example of the standard for credit codes; it belongs to nobody.
const CODE: &str = "91350100M000100Y43";

/// The form of a page.
fn form_at(browser: &mut Browser, address: &str) -> Form {
    browser.open(address).expect(200).form(address)
}

/// Two people send their forms at the same moment: one is taken, and the other one is refused.
fn one_is_taken(engine: &str, mut ready: [(&mut Browser, Form); 2]) {
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = ready
            .iter_mut()
            .map(|(browser, form)| {
                let form = form.clone();
                scope.spawn(move || browser.send(form).status.as_u16())
            })
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422], "{engine}");
}

#[test]
fn a_company_that_two_register_at_once_is_registered_once() {
    for town in Town::each() {
        let place = town.named("和平区");
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "organiser_district", &place, None));
        let form = |keeper: &mut Browser, name: &str| {
            let form = form_at(keeper, "/property/companies/new").set("company_name", name).set("credit_code", CODE);
            form.set("hotline", "024-12345678").set("party", "none")
        };
        let [first, second] = &mut keepers;
        let forms = (form(first, "安居物业"), form(second, "别家物业"));
        one_is_taken(town.engine, [(first, forms.0), (second, forms.1)]);
    }
}

#[test]
fn a_compound_has_one_company_though_two_enter_contracts_at_once() {
    for town in Town::each() {
        let company = serving(&town);
        let place = town.named("和平区");
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "organiser_district", &place, None));
        let community = town.named(COMMUNITY).id().to_string();
        let form = |keeper: &mut Browser, paper: &str| {
            let form = form_at(keeper, &format!("{company}/contract")).set("community", &community);
            let form = form.set("compound", "南苑").set("kind", "first").set("paper", paper);
            form.set("starts_on", "2026-01-01").set("ends_on", "2027-12-31")
        };
        let [first, second] = &mut keepers;
        let forms = (form(first, "2026-1"), form(second, "2026-2"));
        one_is_taken(town.engine, [(first, forms.0), (second, forms.1)]);
    }
}

#[test]
fn an_income_that_two_publish_at_once_is_published_once() {
    for town in Town::each() {
        let place = town.named(COMMUNITY);
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "secretary_community", &place, None));
        let shown = |keeper: &mut Browser| {
            let address = "/property/income/new";
            let form = form_at(keeper, address).set("community", &place.id().to_string()).set("compound", "北苑");
            let form = form.set("payer", "lift_ads").set("from_on", "2026-01-01").set("to_on", "2026-06-30");
            let form = form.set("income", "12000").set("cost", "2000").set("units", "1-101，80");
            keeper.submit(form).expect(200).form(address).set("step", "publish")
        };
        let [first, second] = &mut keepers;
        let forms = (shown(first), shown(second));
        one_is_taken(town.engine, [(first, forms.0), (second, forms.1)]);
    }
}

#[test]
fn a_post_that_two_fill_at_once_has_one_holder() {
    for town in Town::each() {
        let place = town.named(COMMUNITY);
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "secretary_community", &place, None));
        let [first, second] = &mut keepers;
        let body = entered(first, "owners", "翠湖业主委员会").address;
        let body = body.split('?').next().unwrap();
        let form = |keeper: &mut Browser, name: &str| {
            let page = keeper.open(body).expect(200);
            deed(&page, "appoint").set("holder", name).set("from", "2026-11-01").set("agreed", "1")
        };
        let forms = (form(first, "李岺"), form(second, "王芳"));
        one_is_taken(town.engine, [(first, forms.0), (second, forms.1)]);
        town.verify();
    }
}
