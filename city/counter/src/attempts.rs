//! Keeps number and telephone, or number and code, from being guessed: each try is counted before it is checked. It
//! also bounds how much somebody may leave behind who is no member of staff.

use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use hall::Fault;
use kernel::identifier::{CaseNumber, Telephone};
use kernel::refusal::{Code, Refusal};
use kernel::rule::Rule;
use kernel::rule::measure::Count;
use kernel::time::Instant;
use store::{StoreError, Tx};
use tries::{Digest, Limit, Pace, Reserved};
use web::Page;

use crate::Counter;
use crate::words::{
    FOLLOW_LONGEST_WAIT_SECONDS, FOLLOW_LOOKUP_ATTEMPTS, FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS,
    FOLLOW_LOOKUP_WINDOW_MINUTES, REQUEST_WRITES_PER_HOUR,
};

const SECONDS_PER_HOUR: i64 = 3_600;
const SECONDS_PER_DAY: i64 = 86_400;

/// How often something may be done that leaves something behind: so many times at once, and then as many in each hour
/// or day. Members of staff have none.
#[derive(Clone, Copy, Debug)]
pub struct Bound(Limit);

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
        let telephone = Telephone::parse(given).ok().map(|telephone| telephone.dialled().to_owned());
        Self { telephone, typed_telephone: true, ..self }
    }
}

/// Says in other words that something was done too often, and in how many minutes it may be done again. A refusal that
/// names no time stays as it is.
#[must_use]
pub fn too_many_as(fault: Fault, code: Code) -> Fault {
    let seconds = match &fault {
        Fault::Refused(refusal) if refusal.code == Code::RequestTooMany => refusal.detail.get("seconds"),
        _ => None,
    };
    match seconds.and_then(|seconds| seconds.parse::<i64>().ok()) {
        Some(seconds) => {
            Refusal::new(code).with("minutes", seconds.saturating_add(59) / 60).with("seconds", seconds).into()
        }
        None => fault,
    }
}

/// A form as it is known when it is sent again: the scope in which its key is taken, and the key.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'a> {
    /// Who takes the key.
    pub scope: &'static str,
    /// The key of the form.
    pub key: &'a str,
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
        let (now, store) = (guess.now, &self.cases.hall.store);
        let reserved = self.reserved(self.limits(guess)?, now).await?;
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

    /// Returns an answer that makes the device known where a try at a number was right, as [`Counter::known_device`].
    ///
    /// # Errors
    /// Fails if the rulebook does not have the figure.
    pub fn known_from_now(&self, guess: &Guess, answer: Response) -> Result<Response, Fault> {
        let known = self.known_device(guess)?;
        Ok((AppendHeaders(known.map(|cookie| (SET_COOKIE, cookie))), answer).into_response())
    }

    /// Returns the bound of what comes from one network address in an hour. There is none for members of staff: they
    /// work for many.
    ///
    /// # Errors
    /// Fails if the rulebook does not have the figure.
    pub fn bound_from(&self, page: &Page, what: &str, an_hour: Rule<Count>) -> Result<Option<Bound>, Fault> {
        if page.visitor.staff() {
            return Ok(None);
        }
        let times = i64::from(self.cases.hall.figure(an_hour, page.now)?);
        let digest = self.guard.origin(&format!("{what} from"), page.address());
        Ok(Some(Bound(Limit { digest, pace: Pace::spread(times, SECONDS_PER_HOUR), cleared: false })))
    }

    /// Returns the bound of what is done with one telephone on a day. There is none for members of staff, and none for
    /// what is no telephone.
    ///
    /// # Errors
    /// Fails if the rulebook does not have the figure.
    pub fn bound_with(
        &self,
        page: &Page,
        what: &str,
        telephone: &str,
        a_day: Rule<Count>,
    ) -> Result<Option<Bound>, Fault> {
        let Some(telephone) = Telephone::parse(telephone).ok() else { return Ok(None) };
        self.bound_to(page, what, telephone.dialled(), a_day)
    }

    /// Returns the bound of what goes to one address on a day: a telephone number as it is dialled, or a mailbox. There
    /// is none for members of staff.
    ///
    /// # Errors
    /// Fails if the rulebook does not have the figure.
    pub fn bound_to(&self, page: &Page, what: &str, to: &str, a_day: Rule<Count>) -> Result<Option<Bound>, Fault> {
        if page.visitor.staff() {
            return Ok(None);
        }
        let times = i64::from(self.cases.hall.figure(a_day, page.now)?);
        let digest = self.guard.digest(&format!("{what} with"), to);
        Ok(Some(Bound(Limit { digest, pace: Pace::spread(times, SECONDS_PER_DAY), cleared: false })))
    }

    /// Does something that is bounded: it is counted before it is done, so that what comes at the same moment gets no
    /// more through, and given back if it was not done.
    ///
    /// # Errors
    /// Refuses with `request.too_many` beyond a bound, and fails as the work does.
    pub async fn within<T>(
        &self,
        bounds: impl IntoIterator<Item = Bound>,
        now: Instant,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let limits: Vec<Limit> = bounds.into_iter().map(|bound| bound.0).collect();
        self.within_limits(limits, now, work, |_| false).await
    }

    /// Does the same as [`Counter::within`], but bounds nothing of a form that was taken before, and gives back what
    /// was sent twice at the same moment: `again` says so of an answer. Who sends the same again because an answer was
    /// lost gets that answer, also when others at her network address used up what they may send.
    ///
    /// # Errors
    /// Refuses with `request.too_many` beyond a bound, and fails as the work does.
    pub async fn within_once<T>(
        &self,
        bounds: impl IntoIterator<Item = Bound>,
        now: Instant,
        work: impl Future<Output = Result<T, Fault>>,
        sent: Sent<'_>,
        again: impl Fn(&T) -> bool,
    ) -> Result<T, Fault> {
        let (scope, key) = (sent.scope, sent.key.to_owned());
        let known = self.cases.hall.store.read(move |tx| store::once::is_known(tx, scope, &key)).await?;
        let limits: Vec<Limit> = bounds.into_iter().filter(|_| !known).map(|bound| bound.0).collect();
        self.within_limits(limits, now, work, again).await
    }

    async fn within_limits<T>(
        &self,
        limits: Vec<Limit>,
        now: Instant,
        work: impl Future<Output = Result<T, Fault>>,
        again: impl Fn(&T) -> bool,
    ) -> Result<T, Fault> {
        if limits.is_empty() {
            return work.await;
        }
        let (store, reserved) = (&self.cases.hall.store, self.reserved(limits, now).await?);
        let done = work.await;
        // What is not known to be done stays counted; so does everything while the store takes nothing.
        let nothing = match &done {
            Ok(answer) => again(answer),
            Err(fault) => matches!(fault, Fault::Refused(_) | Fault::NotFound),
        };
        if nothing {
            store.write(move |tx| reserved.give_back(tx, now)).await?;
        }
        done
    }

    /// Counts a form that leaves something behind at the network address from which it comes.
    ///
    /// # Errors
    /// Refuses with `request.too_many` beyond the bound.
    pub(crate) async fn count_write(&self, page: &Page) -> Result<(), Fault> {
        let bound = self.bound_from(page, "write", REQUEST_WRITES_PER_HOUR)?;
        self.within(bound, page.now, async { Ok(()) }).await
    }

    /// Makes everybody else who counts the same thing wait until this unit of work ends, so that what is counted here
    /// stays true until then. `what` is the kind of thing, `which` names one.
    pub fn hold(&self, tx: &mut dyn Tx, what: &str, which: &str, now: Instant) -> Result<(), StoreError> {
        tries::hold(tx, &self.guard.digest(&format!("{what} held"), which), now)
    }

    /// Counts a try. What is refused costs a look and no writing.
    async fn reserved(&self, limits: Vec<Limit>, now: Instant) -> Result<Reserved, Fault> {
        let (store, looked) = (&self.cases.hall.store, limits.clone());
        store.read(move |tx| Ok::<_, Fault>(tries::look(tx, &looked, now)??)).await?;
        store.write(move |tx| Ok::<_, Fault>(tries::reserve(tx, &limits, now)??)).await
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
    fn what_was_done_too_often_is_said_with_minutes() {
        for (seconds, minutes) in [("1", "1"), ("60", "1"), ("61", "2"), ("8640", "144")] {
            let fault = Refusal::new(Code::RequestTooMany).with("seconds", seconds).into();
            let Fault::Refused(told) = too_many_as(fault, crate::Why::CounterTooMany) else { panic!("not refused") };
            assert_eq!(told.detail.get("minutes").map(String::as_str), Some(minutes), "{seconds}");
            assert_eq!(told.waits(), seconds.parse().ok(), "a page says it to programs too");
        }
        let without = Refusal::new(Code::RequestTooMany);
        for refusal in [without.clone(), without.clone().with("seconds", ""), without.with("seconds", "soon")] {
            let said = too_many_as(refusal.clone().into(), crate::Why::CounterTooMany);
            assert!(matches!(said, Fault::Refused(kept) if kept == refusal), "no time is made up");
        }
        let other = too_many_as(Refusal::new(Code::FormMissing).into(), crate::Why::CounterTooMany);
        assert!(matches!(other, Fault::Refused(refusal) if refusal.code == Code::FormMissing));
        assert!(matches!(too_many_as(Fault::NotFound, crate::Why::CounterTooMany), Fault::NotFound));
    }

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
