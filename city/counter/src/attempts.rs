//! Keeps number and telephone, or number and code, from being guessed: each try is counted before it is checked.

use hall::Fault;
use kernel::identifier::{CaseNumber, Telephone};
use kernel::time::Instant;
use tries::{Digest, Limit, Pace};
use web::Page;

use crate::Counter;
use crate::words::{
    FOLLOW_LONGEST_WAIT_SECONDS, FOLLOW_LOOKUP_ATTEMPTS, FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS,
    FOLLOW_LOOKUP_WINDOW_MINUTES,
};

/// A try at something that could be guessed, and where it is counted. It holds a telephone, so it is never printed.
pub struct Guess {
    what: &'static str,
    from: String,
    number: Option<String>,
    telephone: Option<String>,
    /// Whether the telephone is what was typed to prove something, well formed or not.
    typed_telephone: bool,
    device: Option<String>,
    now: Instant,
}

impl Guess {
    /// Makes a try that counts where it comes from: at a network address, or at a system that asks for its own users.
    /// `what` names the page.
    #[must_use]
    pub fn new(what: &'static str, from: &str, now: Instant) -> Self {
        Self { what, from: from.to_owned(), number: None, telephone: None, typed_telephone: false, device: None, now }
    }

    /// Counts the try also at a number, however it is spelled: each spelling would have tries of its own otherwise.
    #[must_use]
    pub fn at_number(self, number: &str) -> Self {
        let read = CaseNumber::parse(number);
        let number = read.map_or_else(|_| number.trim().to_owned(), |number| number.as_str().to_owned());
        Self { number: Some(number), ..self }
    }

    /// Counts the try also at the telephone that was given with the number, so that nobody who knows it counts up the
    /// numbers. What is no telephone is nobody's.
    #[must_use]
    pub fn with_telephone(self, given: &str) -> Self {
        let telephone = Telephone::parse(given).ok().map(|telephone| telephone.as_str().to_owned());
        Self { telephone, typed_telephone: true, ..self }
    }
}

impl Counter {
    /// Begins a try that comes from a page.
    #[must_use]
    pub fn guess(&self, page: &Page, what: &'static str) -> Guess {
        let device = page.cookie(self.guard.cookie_name());
        Guess { device, ..Guess::new(what, page.address(), page.now) }
    }

    /// Counts a try, then has it checked. It stays counted if nothing was found, and is given back otherwise. Guesses
    /// that come at the same moment get no more through than guesses in a row.
    ///
    /// # Errors
    /// Refuses with `request.too_many` while the next try has to wait. Fails if the rulebook does not have the figures,
    /// and as the check does.
    pub async fn guarded<T>(
        &self,
        guess: &Guess,
        check: impl Future<Output = Result<Option<T>, Fault>>,
    ) -> Result<Option<T>, Fault> {
        let (limits, now, store) = (self.limits(guess)?, guess.now, &self.cases.hall.store);
        let looked = limits.clone();
        store.read(move |tx| Ok::<_, Fault>(tries::look(tx, &looked, now)??)).await?;
        let reserved = store.write(move |tx| Ok::<_, Fault>(tries::reserve(tx, &limits, now)??)).await?;
        let checked = check.await;
        let (right, failed) = (matches!(checked, Ok(Some(_))), checked.is_err());
        if right {
            store.write(move |tx| reserved.right(tx, now)).await?;
        } else if failed {
            store.write(move |tx| reserved.give_back(tx, now)).await?;
        }
        checked
    }

    /// Returns the `Set-Cookie` that makes the device known where a try at a number was right: from then on strangers
    /// who guess at it do not slow her.
    ///
    /// # Errors
    /// Fails if the rulebook does not have the figure.
    pub fn known_device(&self, guess: &Guess) -> Result<Option<String>, Fault> {
        let Some(target) = self.target(guess) else { return Ok(None) };
        let days = self.cases.hall.figure(rulebook::TRIES_DEVICE_DAYS, guess.now)?;
        Ok(self.guard.remember(guess.device.as_deref(), &target, guess.now, days))
    }

    /// What is guessed at: the telephone of a number or its code, each by itself. So a right telephone forgives no
    /// wrong code, and a device that is known for a code is unknown to guesses of the telephone.
    fn target(&self, guess: &Guess) -> Option<Digest> {
        let secret = if guess.typed_telephone { "telephone" } else { "number" };
        guess.number.as_ref().map(|number| self.guard.digest(&format!("{} {secret}", guess.what), number))
    }

    fn limits(&self, guess: &Guess) -> Result<Vec<Limit>, Fault> {
        let (hall, now) = (&self.cases.hall, guess.now);
        let pace = |free_tries: u32, longest_wait_seconds| {
            let minutes = hall.figure(FOLLOW_LOOKUP_WINDOW_MINUTES, now)?;
            let first_wait_seconds = hall.figure(rulebook::TRIES_FIRST_WAIT_SECONDS, now)?;
            let (free_tries, forgotten_seconds) = (i64::from(free_tries), minutes.saturating_mul(60));
            Ok::<_, Fault>(Pace { free_tries, first_wait_seconds, longest_wait_seconds, forgotten_seconds })
        };
        let of_one = pace(hall.figure(FOLLOW_LOOKUP_ATTEMPTS, now)?, hall.figure(FOLLOW_LONGEST_WAIT_SECONDS, now)?)?;
        let target = self.target(guess);
        let known = target.and_then(|target| self.guard.known(guess.device.as_deref(), &target, now));
        if let Some(digest) = known {
            return Ok(vec![Limit { digest, pace: of_one, cleared: true }]);
        }
        let shared = hall.figure(FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS, now)?;
        let of_many = pace(shared, hall.figure(rulebook::TRIES_LONGEST_WAIT_SECONDS, now)?)?;
        let origin = self.guard.origin(&format!("{} from", guess.what), &guess.from);
        let telephone = guess.telephone.as_ref().map(|telephone| self.guard.digest("telephone", telephone));
        let mut limits = vec![Limit { digest: origin, pace: of_many, cleared: false }];
        limits.extend(target.map(|digest| Limit { digest, pace: of_one, cleared: true }));
        limits.extend(telephone.map(|digest| Limit { digest, pace: of_one, cleared: false }));
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_and_a_telephone_is_one() {
        let guess = |number: &str, telephone: &str| {
            let guess = Guess::new("follow", "10.0.0.1", Instant::from_micros(0));
            let guess = guess.at_number(number).with_telephone(telephone);
            (guess.number, guess.telephone)
        };
        let number = CaseNumber::new("210104", 2026, 1).unwrap().as_str().to_owned();
        let expected = (Some(number.clone()), Some("13800130412".to_owned()));
        for (spelled, telephone) in [
            (number.clone(), "13800130412"),
            (number.replace('-', ""), "138 0013 0412"),
            (format!(" {number} "), "+86 138-0013-0412"),
            (number.replace('2', "２"), "13800130412"),
        ] {
            assert_eq!(guess(&spelled, telephone), expected, "{spelled} {telephone}");
        }
        assert_eq!(guess(" x ", " y "), (Some("x".to_owned()), None));
    }
}
