//! The fields of a post as they stand in forms: what may be given, and which places words mean.

use crate::permissions::May;
use crate::{Identity, rules};
use kernel::permission::Target;
use kernel::place::PlacePath;
use web::{Choice, Form, Page};

/// Most places that are offered when a name means several.
const MOST_PLACES: usize = 50;

/// The fields of a post as they stand in a form.
pub struct PostFields {
    pub place: String,
    pub places: Vec<Choice>,
    pub roles: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub from: String,
    pub to: String,
    /// Why, where another person must confirm it.
    pub why: Option<String>,
}

impl PostFields {
    /// The form as it is first shown: from today, no end.
    pub fn empty(identity: &Identity, page: &Page) -> Self {
        Self::typed(identity, page, &Form::default().with("from", page.today().to_string()))
    }

    /// The form with what was typed.
    pub fn typed(identity: &Identity, page: &Page, form: &Form) -> Self {
        let candidates = candidates(identity, page, form.get("place"));
        let several = if candidates.len() > 1 { candidates } else { Vec::new() };
        let place = |place: PlacePath| {
            let name = page.of(&identity.place_name(&place)).to_owned();
            Choice::new(place.as_str(), name, form.get("place_choice"))
        };
        let none = Choice::new("", page.t("identity-department-any"), form.get("department"));
        let department = |(code, title): (String, kernel::language::Bilingual)| {
            Choice::new(code, page.of(&title).to_owned(), form.get("department"))
        };
        Self {
            place: form.get("place").to_owned(),
            places: several.into_iter().map(place).collect(),
            roles: offered_roles(identity, page, form.get("role")),
            departments: std::iter::once(none)
                .chain(identity.places.departments().into_iter().map(department))
                .collect(),
            from: form.get("from").to_owned(),
            to: form.get("to").to_owned(),
            why: identity.rules().two_people.then(|| form.get("why").to_owned()),
        }
    }
}

/// The roles that the visitor may give somewhere. None is chosen beforehand.
fn offered_roles(identity: &Identity, page: &Page, chosen: &str) -> Vec<Choice> {
    let actor = &page.visitor.actor;
    let targets: Vec<Target> = actor
        .scopes(May::AccountManage)
        .into_iter()
        .map(|scope| Target { place: scope.place, department: scope.department })
        .collect();
    let offered = |role: &&crate::Role| {
        targets.iter().any(|target| rules::may_give(actor, &identity.roles, role, target).is_ok())
    };
    let named = |role: &crate::Role| Choice::new(&role.code, page.of(&role.title).to_owned(), chosen);
    let first = Choice::new("", page.t("identity-role-choose"), chosen);
    std::iter::once(first).chain(identity.roles.all().filter(offered).map(named)).collect()
}

/// The places that words mean, inside the visitor's own places.
pub fn candidates(identity: &Identity, page: &Page, words: &str) -> Vec<PlacePath> {
    if words.is_empty() {
        return Vec::new();
    }
    let scopes = page.visitor.actor.scopes(May::AccountManage);
    let mut found = identity.places.find(words, MOST_PLACES);
    found.retain(|place| scopes.iter().any(|scope| scope.place.contains(place)));
    found
}
