//! This file books a visit as people do: one question a page, at a counter or at home.

use crate::{Browser, Resident, Town};
use kernel::place::PlacePath;
use testkit::{Form, Reply};

/// A time that a visitor asks for, as the form of a booking says it.
#[derive(Clone, Copy, Debug)]
pub struct Slot<'a> {
    /// The day, as `2026-11-24`.
    pub day: &'a str,
    /// The minute of the day. It is empty for a visit at home.
    pub minute: &'a str,
}

impl Browser {
    /// Books a visit of a kind, `counter` or `home`, in a community on a day at a minute. Returns its number.
    ///
    /// # Panics
    /// Panics if the visit is refused.
    pub fn books(&mut self, town: &Town, kind: &str, who: &Resident, community: &PlacePath, slot: Slot<'_>) -> String {
        let form = self.to_booking(town, kind, who, community, slot);
        let reply = self.submit(form).expect(200);
        let number = reply.address.strip_prefix("/visits/");
        number.unwrap_or_else(|| panic!("no visit but {}: {}", reply.address, reply.words())).to_owned()
    }

    /// Goes to the last page of a booking, which is "check your answers".
    ///
    /// # Panics
    /// Panics if an answer is refused or the questions do not end.
    pub fn to_booking(
        &mut self,
        town: &Town,
        kind: &str,
        who: &Resident,
        community: &PlacePath,
        slot: Slot<'_>,
    ) -> Form {
        let Slot { day, minute } = slot;
        let tree = town.city.places.tree();
        let name = tree.at(community).map_or_else(String::new, |place| place.name.zh.clone());
        let address = format!("/appointments/{kind}");
        let mut page = self.open(&address).expect(200);
        for _ in 0..9 {
            let form = page.form(&address);
            let question = form.get("question").unwrap_or_default().to_owned();
            let form = match question.as_str() {
                "check" => return form,
                "item" => form,
                "community" => {
                    let asked = form.set("community_words", &name).set("search", "1");
                    let found = self.submit(asked).expect(200);
                    let form = found.form(&address);
                    // A name that only one community bears is taken at once.
                    if form.get("question") != Some("community") {
                        page = found;
                        continue;
                    }
                    form.set("community", &community.id().0.to_string())
                }
                "day" => form.set("day", day),
                "hour" => form.set("minute", minute),
                "who" => form.set("name", &who.name).set("telephone", &who.telephone),
                "address" => form.set("address", &who.address),
                other => panic!("an unknown question: {other:?}"),
            };
            page = self.submit(form).expect(200);
        }
        panic!("the questions of {kind} do not end: {}", page.words())
    }

    /// Looks at a visit with number and telephone number.
    pub fn comes_back(&mut self, number: &str, telephone: &str) -> Reply {
        let form = self.open("/appointments").expect(200).form("/appointments");
        self.submit(form.set("number", number).set("telephone", telephone))
    }

    /// Comes back to a visit with its number and the code of its slip.
    pub fn comes_back_with(&mut self, number: &str, code: &str) -> Reply {
        let form = self.open("/appointments").expect(200).form("/appointments");
        self.submit(form.set("number", number).set("code", code))
    }
}
