//! This file makes ground for stories that walk on it, and does the background work for which they wait.

use crate::{Browser, Resident, Town};
use house::When;
use jobs::{Rules, Runner};
use kernel::place::PlacePath;
use lianglin::demonstration::Seed;
use std::sync::Arc;

/// Holds the rules of the queue in a story. It is patient, and it never waits.
const RULES: Rules = Rules {
    attempts: 3,
    lease_seconds: 60,
    first_delay_seconds: 10,
    longest_delay_seconds: 60,
    idle_milliseconds: 5,
    outbox_batch: 50,
    lane_workers: 2,
    lane_jobs: 1,
    lane_failures: 3,
};

/// Is the password of residents who opened an account.
pub const SECRET: &str = "Plum-39-rain-over-Beiling";

impl Town {
    /// Lays an invented ground over the communities of some places.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn lays_ground(&self, places: &[PlacePath], seed: u64) -> Arc<places::geography::Geography> {
        let new = places::geography::invent(&self.city.places.tree(), places, seed);
        let now = self.clock.now();
        let laid = self.store().write_blocking(move |tx| places::lay_geography(tx, &new, now));
        laid.unwrap_or_else(|fault| panic!("the ground is not laid: {fault}"));
        let ground = self.city.places.geography_blocking();
        ground.ok().flatten().unwrap_or_else(|| panic!("there is no ground"))
    }

    /// Returns a runner that does the work for which people wait, as the server would.
    pub fn runner(&self) -> Runner {
        self.runner_of(&["places.", "stations.", "mobilization.", "overview.", "grid.", "counter.forget"])
    }

    /// Returns a runner that does the work whose kinds begin so.
    fn runner_of(&self, kinds: &[&str]) -> Runner {
        let runner = Runner::new(self.store().store(), self.clock.clock(), RULES);
        let waited_for = |kind: &str| kinds.iter().any(|of| kind.starts_with(of));
        let chores = self.city.work.chores.iter().filter(|chore| waited_for(chore.kind));
        chores.fold(runner, |runner, chore| match chore.when {
            When::Heard(topic) if chore.in_order => runner.on_in_order(topic, chore.kind, chore.handler.clone()),
            When::Heard(topic) => runner.on(topic, chore.kind, chore.handler.clone()),
            _ => runner.handle(chore.kind, chore.handler.clone()),
        })
    }

    /// Tells everybody what cases have to say, several cases at once, as the server does. Returns how often it took
    /// some.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn tells(&self) -> u64 {
        self.runner_of(&["cases.tell"]).run_due_together().unwrap_or_else(|fault| panic!("nobody is told: {fault}"))
    }

    /// Lets the grid hear that reports went on, and clear away what was not sent.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn hears(&self) -> u64 {
        self.runner_of(&["grid."]).run_due().unwrap_or_else(|fault| panic!("nothing is heard: {fault}"))
    }

    /// Lets other programs know how reports stand.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn shares(&self) -> u64 {
        self.runner_of(&["grid.open311"]).run_due().unwrap_or_else(|fault| panic!("nothing is shared: {fault}"))
    }

    /// Sends reports to other platforms and asks them how they stand, as far as it is due.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn forwards(&self) -> u64 {
        self.runner_of(&["grid."]).run_due().unwrap_or_else(|fault| panic!("nothing is forwarded: {fault}"))
    }

    /// Reminds offices of what both sides of a dispute are to keep, and of courts.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn reminds(&self) -> u64 {
        self.runner_of(&["hearings.remind"]).run_due().unwrap_or_else(|fault| panic!("nobody is reminded: {fault}"))
    }

    /// Tells owners of votes what there is to tell them by now, of several votes at once, as the server does. Returns
    /// how often it took some.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn tells_owners(&self) -> u64 {
        let runner = self.runner_of(&["property.open", "property.tell"]);
        runner.run_due_together().unwrap_or_else(|fault| panic!("no owner is told: {fault}"))
    }

    /// Does all the work that is due.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn works(&self) -> u64 {
        self.runner().run_due().unwrap_or_else(|fault| panic!("no work is done: {fault}"))
    }

    /// Returns a resident who opened an account of her own and is signed in.
    pub fn neighbour(&self, seed: u64) -> (Browser, Resident) {
        let who = Resident::next(&mut Seed::new(seed));
        let mut browser = self.visitor();
        let form = browser.open("/account/open").expect(200).form("/account/open");
        let form = form.set("name", &who.name).set("telephone", &who.telephone);
        drop(browser.submit(form.set("new", SECRET).set("consent", "yes")).expect(200));
        // Her browser signs in again by itself when her session has ended.
        let mut browser = self.visitor();
        browser.sign_in(&who.telephone, SECRET);
        (browser, who)
    }
}
