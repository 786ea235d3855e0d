//! This file brings the second person: one who confirms what another asked for.

use crate::{Browser, Town};
use std::sync::atomic::{AtomicU32, Ordering};
use testkit::{Form, Reply};

/// Counts second persons, so that each has a login of her own.
static SECONDS: AtomicU32 = AtomicU32::new(1);

impl Town {
    /// Lets another operator of the city confirm the request whose page is shown. Returns what she sees.
    ///
    /// # Panics
    /// Panics if the page is not that of a request, or if she may not confirm it.
    pub fn confirmed(&self, page: &Reply) -> Reply {
        let address = request_on(page);
        let (mut second, form) = self.second(&address);
        assert_eq!(form.action, format!("{address}/confirm"));
        second.submit(form).expect(200)
    }

    /// Returns another operator of the city and the form with which she confirms a request.
    ///
    /// # Panics
    /// Panics if she may not.
    pub fn second(&self, address: &str) -> (Browser, Form) {
        let login = format!("second.{}", SECONDS.fetch_add(1, Ordering::Relaxed));
        let mut second = self.staff(&login, "operator", &self.named("沈阳市"), None);
        let form = second.open(address).expect(200).form(&format!("{address}/confirm"));
        (second, form)
    }
}

/// Returns the address of the request that a page shows or leads to, without its query.
///
/// # Panics
/// Panics if there is none.
pub fn request_on(page: &Reply) -> String {
    let own = page.address.split('?').next().filter(|address| address.starts_with("/confirmations/"));
    let mut links = page.links().into_iter();
    let found = own.map(str::to_owned).or_else(|| links.find(|link| link.starts_with("/confirmations/")));
    found.unwrap_or_else(|| panic!("no request: {}", page.words()))
}
