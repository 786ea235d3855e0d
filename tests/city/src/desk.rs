//! This file asks for something as people do: at a worker's desk, or online with one question a page.

use crate::{Browser, Town, chosen};
use kernel::identifier::ResidentId;
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::{Level, PlacePath};
use lianglin::demonstration::{Invented, Seed};
use testkit::{Form, Reply};
use uuid::Uuid;

/// The seconds for which a decision can be undone, as the rulebook has them.
pub const UNDO_SECONDS: i64 = 10;

/// A resident of a story.
#[derive(Clone, Debug)]
pub struct Resident {
    /// Her name.
    pub name: String,
    /// Her identity number.
    pub resident_id: String,
    /// Her telephone number.
    pub telephone: String,
    /// Her bank card.
    pub bank_card: String,
    /// Her house and door.
    pub address: String,
}

impl Resident {
    /// Returns the next invented resident of a sequence. She is old enough for the old-age allowance.
    pub fn next(seed: &mut Seed) -> Self {
        let Invented { name, resident_id, telephone, bank_card, address } = Invented::next(seed, "210104");
        Self { name, resident_id: born_in(&resident_id, "193"), telephone, bank_card, address }
    }

    /// Returns the same resident, born in another decade: `199` for one of the years from 1990 to 1999.
    #[must_use]
    pub fn born(self, decade: &str) -> Self {
        Self { resident_id: born_in(&self.resident_id, decade), ..self }
    }

    /// Returns what must stand nowhere in full: identity number, telephone number, bank card, name.
    pub fn secrets(&self) -> [&str; 4] {
        [&self.resident_id, &self.telephone, &self.bank_card, &self.name]
    }

    /// Types what the form of a desk asks.
    #[must_use]
    pub fn fill(&self, form: Form) -> Form {
        let values = [
            ("name", &self.name),
            ("resident_id", &self.resident_id),
            ("telephone", &self.telephone),
            ("bank_card", &self.bank_card),
            ("address", &self.address),
        ];
        values.into_iter().fold(form, |form, (name, value)| {
            if form.offers.iter().any(|known| known == name) { form.set(name, value) } else { form }
        })
    }
}

/// Returns an identity number with the year of birth moved into a decade, and the check digit that fits.
fn born_in(resident_id: &str, decade: &str) -> String {
    let digits: Vec<char> = resident_id.chars().collect();
    let part = |from: usize, to: usize| digits.iter().skip(from).take(to - from).collect::<String>();
    let day = part(10, 14);
    let day = if day == "0229" { "0228".to_owned() } else { day };
    let body = format!("{}{decade}{}{day}{}", part(0, 6), part(9, 10), part(14, 17));
    let all = "0123456789X".chars().map(|digit| format!("{body}{digit}"));
    let mut right = all.filter(|number| ResidentId::parse(number).is_ok());
    right.next().unwrap_or_else(|| panic!("{body} has no check digit"))
}

/// Holds what somebody was given: the receipt.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The number of the case.
    pub number: String,
    /// The code that the receipt shows. It is empty where none is shown.
    pub code: String,
    /// The page of the receipt.
    pub receipt: Reply,
}

impl Taken {
    fn read(receipt: Reply) -> Self {
        let receipt = receipt.expect(200);
        let number = receipt.address.strip_prefix("/receipt/");
        let number = number.unwrap_or_else(|| panic!("no receipt but {}: {}", receipt.address, receipt.words()));
        Self { number: number.to_owned(), code: code_on(&receipt), receipt }
    }
}

/// Returns the code that a receipt shows. It is empty where none is shown.
pub fn code_on(receipt: &Reply) -> String {
    let body = receipt.body();
    let after = body.split_once("id=\"receipt-code\">").map(|(_, after)| after.to_owned()).unwrap_or_default();
    after.split('<').next().unwrap_or_default().to_owned()
}

impl Browser {
    /// Returns the form of an item at the worker's desk.
    pub fn desk_form(&mut self, item: &str) -> Form {
        posting(&self.open(&format!("/desk?item={item}")).expect(200))
    }

    /// Takes an application at the worker's desk. It types, chooses among communities of the same name if it is asked,
    /// and sends.
    ///
    /// # Panics
    /// Panics if the application is refused.
    pub fn takes(&mut self, town: &Town, item: &str, resident: &Resident, community: &PlacePath) -> Taken {
        self.takes_with(town, item, &[], resident, community)
    }

    /// Does the same, and sees the originals of some papers.
    ///
    /// # Panics
    /// Panics if the application is refused.
    pub fn takes_with(
        &mut self,
        town: &Town,
        item: &str,
        papers: &[&str],
        resident: &Resident,
        community: &PlacePath,
    ) -> Taken {
        let tree = town.city.places.tree();
        let name = tree.at(community).map_or_else(String::new, |place| place.name.zh.clone());
        let form = resident.fill(self.desk_form(item)).set("residence_words", &name);
        let reply = self.submit(papers.iter().fold(form, |form, paper| chosen(form, "papers", paper)));
        if reply.status != 422 {
            return Taken::read(reply);
        }
        let mut form = resident.fill(posting(&reply));
        if form.offers.iter().any(|name| name == "age_told") {
            form = form.set("age_told", "1");
        }
        if reply.body().contains("type=\"radio\" name=\"residence\"") {
            form = chosen(form, "residence", &community.id().0.to_string());
        }
        Taken::read(self.submit(form))
    }

    /// Applies online. It answers each question as it comes, checks the answers and sends them.
    ///
    /// # Panics
    /// Panics if the application is refused or the questions do not end.
    pub fn applies(&mut self, town: &Town, item: &str, resident: &Resident, community: &PlacePath) -> Taken {
        let form = self.to_check(town, item, resident, community);
        Taken::read(self.submit(form))
    }

    /// Goes to the last page of an online application, which is "check your answers".
    ///
    /// # Panics
    /// Panics if an answer is refused or the questions do not end.
    pub fn to_check(&mut self, town: &Town, item: &str, resident: &Resident, community: &PlacePath) -> Form {
        self.to_check_from(town, &format!("/apply/{item}"), "", resident, community)
    }

    /// Does the same, and begins with answers to the guide's check in the address.
    ///
    /// # Panics
    /// Panics if an answer is refused or the questions do not end.
    pub fn to_check_from(
        &mut self,
        town: &Town,
        address: &str,
        query: &str,
        resident: &Resident,
        community: &PlacePath,
    ) -> Form {
        let tree = town.city.places.tree();
        let name = tree.at(community).map_or_else(String::new, |place| place.name.zh.clone());
        let mut page = self.open(&format!("{address}{query}")).expect(200);
        for _ in 0..12 {
            let form = page.form(address);
            let question = form.get("question").unwrap_or_default().to_owned();
            if form.offers.iter().any(|name| name == "go_on") {
                page = self.submit(form.set("go_on", &question)).expect(200);
                continue;
            }
            let form = match question.as_str() {
                "check" => return form,
                "residence" => {
                    let asked = form.set("residence_words", &name).set("search", "1");
                    page = self.submit(asked).expect(200);
                    let found = page.form(address);
                    // Words that name only one community lead on.
                    if found.get("question") != Some("residence") {
                        continue;
                    }
                    chosen(found, "residence", &community.id().0.to_string())
                }
                "who" if form.offers.iter().any(|name| name == "name") => form
                    .set("name", &resident.name)
                    .set("resident_id", &resident.resident_id)
                    .set("telephone", &resident.telephone),
                "who" => form.set("telephone", &resident.telephone),
                "bank_card" => form.set("bank_card", &resident.bank_card),
                "address" => form.set("address", &resident.address),
                paper if paper.starts_with("form-") => form.set("on_paper", "1"),
                other => panic!("an unknown question: {other:?}"),
            };
            page = self.submit(form).expect(200);
        }
        panic!("the questions of {address} do not end: {}", page.words())
    }

    /// Returns the form of a step on the page in front, if the page offers the step.
    pub fn offered(&self, action: &str) -> Option<Form> {
        self.page().forms().into_iter().find(|form| form.get("action") == Some(action))
    }

    /// Sends a step, and confirms it where it is asked for. Returns the page after that.
    pub fn confirms(&mut self, step: Form) -> Reply {
        let reply = self.submit(step);
        match sure_form(&reply) {
            Some(form) => self.submit(form),
            None => reply,
        }
    }

    /// Takes a step that decides or ends a case, and waits until it has left. Returns the page of the case then.
    ///
    /// # Panics
    /// Panics if the step is refused or does not leave.
    pub fn decides(&mut self, town: &Town, step: Form) -> Reply {
        let reply = self.confirms(step).expect(200);
        self.until_left(town, reply)
    }

    /// Waits until the decision on the page in front has left. Returns the page of the case then, or the list of
    /// whoever gave the case out of her hands.
    ///
    /// # Panics
    /// Panics if it does not leave, or if it leads nowhere.
    pub fn until_left(&mut self, town: &Town, page: Reply) -> Reply {
        let mut page = page;
        // Others who tell their story in the same town move its clock too.
        for _ in 0..20 {
            let Some(undo) = page.forms().into_iter().find(|form| form.action.ends_with("/undo")) else { return page };
            town.clock.plus_seconds(UNDO_SECONDS);
            let case = undo.action.trim_end_matches("/undo").to_owned();
            page = self.open(&case).expect(200);
            // What left her hands with the decision is not hers to see any more: her list says so.
            let number = case.rsplit('/').next().unwrap_or_default();
            let is_told = page.address == format!("/queue?done={number}") && page.words().contains(number);
            assert!(page.address == case || is_told, "{case} leads to {}: {}", page.address, page.words());
        }
        panic!("the decision does not leave: {}", page.words())
    }

    /// Follows a case with number and code.
    pub fn follows_with(&mut self, number: &str, code: &str) -> Reply {
        let form = self.open("/follow").expect(200).form("/follow");
        self.submit(form.set("number", number).set("code", code))
    }

    /// Asks how far a case is, with number and telephone number.
    pub fn follows(&mut self, number: &str, telephone: &str) -> Reply {
        let form = self.open("/follow").expect(200).form("/follow");
        self.submit(form.set("number", number).set("telephone", telephone))
    }
}

/// Returns the form that confirms a step, pressed, where the page asks for it.
pub fn sure_form(page: &Reply) -> Option<Form> {
    let form = page.forms().into_iter().find(|form| form.offers.iter().any(|name| name == "sure"))?;
    Some(form.set("sure", "1"))
}

/// Returns the form that takes an application. Another form beside it searches.
fn posting(page: &Reply) -> Form {
    let found = page.forms().into_iter().find(|form| form.action == "/desk" && form.method == "post");
    found.unwrap_or_else(|| panic!("the desk takes nothing: {}", page.words()))
}

impl Town {
    /// Gives the first party of a role of a case a code, and returns it. For cases that were opened without a receipt.
    ///
    /// # Panics
    /// Panics if nobody's data are sealed there, or if she has another code.
    pub fn gives_code(&self, number: &str, role: &str) -> String {
        let (desk, now) = (self.city.cases.clone(), self.clock.now());
        let (asked, of) = (number.to_owned(), role.to_owned());
        let given = self.store().write_blocking(move |tx| {
            let known = desk.known_number(tx, &asked)?;
            desk.give_code(tx, &known.case, &of, "a counter", now)
        });
        let code = given.unwrap_or_else(|fault| panic!("{number}: {fault}"));
        code.unwrap_or_else(|| panic!("{number}: {role} gets no code")).grouped()
    }
}

/// Returns a member of staff with one post of the role that handles cases at that level, as the city's data define it.
///
/// # Panics
/// Panics if the data have no such role.
pub fn staff_at(town: &Town, place: &PlacePath, department: Option<&str>) -> Actor {
    let role = match place.level() {
        Level::City => "city_handler",
        Level::District => "district_handler",
        Level::Street => "street_handler",
        Level::Community | Level::Grid | Level::Building => "community_worker",
    };
    let found = town.city.identity.roles().get(role).unwrap_or_else(|| panic!("no role {role}"));
    let grant = Grant {
        post: Uuid::from_u128(1),
        role: role.to_owned(),
        place: place.clone(),
        department: department.filter(|_| place.level() != Level::Community).map(str::to_owned),
        permissions: found.permissions.clone(),
    };
    Actor { account: None, name: "王晓燕".to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}
