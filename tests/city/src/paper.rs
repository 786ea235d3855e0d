//! A picture that somebody sends, the form that it is sent with, and what stands twice on a paper that is printed.

use crate::Browser;
use std::collections::BTreeSet;
use testkit::Form;

/// A picture of one red dot.
pub const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xDE, 0x00, 0x00, 0x00, 0x0C, 0x49,
    0x44, 0x41, 0x54, 0x78, 0xDA, 0x63, 0xF8, 0xCF, 0xC0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0xF7, 0x03, 0x41, 0x43,
    0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
];

/// Returns the form of the page in front that goes to an address, for one paper.
///
/// # Panics
/// Panics if it is not offered.
pub fn form_for(browser: &Browser, action: &str, material: &str) -> Form {
    let forms = browser.page().forms();
    let found = forms.into_iter().find(|form| form.action == action && form.get("material") == Some(material));
    found.unwrap_or_else(|| panic!("{action} is not offered for {material}: {}", browser.page().words()))
}

/// Returns the terms that stand twice in one of the lists of a page.
pub fn told_twice(page: &str) -> Vec<String> {
    let mut twice = Vec::new();
    for list in page.split("<dl").skip(1).filter_map(|rest| rest.split("</dl>").next()) {
        let mut known = BTreeSet::new();
        let terms = list.split("<dt>").skip(1).filter_map(|rest| rest.split("</dt>").next());
        twice.extend(terms.filter(|term| !known.insert(*term)).map(str::to_owned));
    }
    twice
}
