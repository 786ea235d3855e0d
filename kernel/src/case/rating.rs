//! Rating (好差评) and what follows from it: a poor one is followed up, answered and rated again; a mistaken one can be
//! appealed.

use super::handling::said;
use super::{Appeal, Case, Event, Rated};
use crate::refusal::{Code, Refusal};
use crate::time::Instant;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most aspects of one rating. A bound of the machine.
const ASPECTS: usize = 20;

impl Case {
    /// The score that counts in the adjusted rate: the one after the follow-up if there is one. None if the rating was
    /// set aside as a mistake.
    pub fn adjusted_rating(&self) -> Option<u8> {
        let rated = self.rated()?;
        if rated.appeal.as_ref().is_some_and(|appeal| appeal.upheld == Some(true)) {
            return None;
        }
        rated.again.or(self.rating())
    }
}

fn score_of(score: u8) -> Result<u8, Refusal> {
    if (1..=5).contains(&score) { Ok(score) } else { Err(Refusal::new(Code::RatingScore).field("score")) }
}

/// A rating as the applicant gives it.
#[derive(Clone, Copy)]
pub(super) struct NewRating<'a> {
    /// From 1 to 5.
    pub score: u8,
    /// What was good or poor, by code.
    pub aspects: &'a BTreeSet<String>,
    /// The sealed record of what she says beside it.
    pub comment_handle: Option<Uuid>,
    /// The last moment at which she may rate.
    pub until: Instant,
}

/// The first rating.
pub(super) fn rated(case: &Case, rating: NewRating<'_>, now: Instant) -> Result<Event, Refusal> {
    let NewRating { score, aspects, comment_handle, until } = rating;
    let score = score_of(score)?;
    if case.service.is_none() {
        return Err(Refusal::new(Code::RatingTooEarly));
    }
    if case.rating().is_some() {
        return Err(Refusal::new(Code::RatingAlreadyGiven));
    }
    if case.ended_at().is_none() {
        return Err(Refusal::new(Code::RatingTooEarly));
    }
    if now > until {
        return Err(Refusal::new(Code::RatingTooLate));
    }
    let odd = |aspect: &String| aspect.is_empty() || aspect.chars().count() > 40;
    if aspects.len() > ASPECTS || aspects.iter().any(odd) {
        return Err(Refusal::new(Code::FormInvalid).field("aspects").with("label", "aspects"));
    }
    Ok(Event::Rated { score, comment_handle, aspects: aspects.clone() })
}

/// Somebody called back, put right and answers.
pub(super) fn followed_up(case: &Case, answer: &str) -> Result<Event, Refusal> {
    let open = case.rated().is_some_and(|rated| rated.followed_up_at.is_none());
    if !open {
        return Err(Refusal::new(Code::CaseAlreadyDone));
    }
    Ok(Event::FollowedUp {
        answer: said("answer", ["做了什么、怎么改的", "What you did and put right"], answer)?
    })
}

/// The applicant rates once more what was put right.
pub(super) fn rated_again(case: &Case, score: u8, until: Instant, now: Instant) -> Result<Event, Refusal> {
    let score = score_of(score)?;
    let rated = case.rated().ok_or_else(|| Refusal::new(Code::RatingTooEarly))?;
    if rated.followed_up_at.is_none() {
        return Err(Refusal::new(Code::RatingAlreadyGiven));
    }
    if rated.again.is_some() {
        return Err(Refusal::new(Code::RatingAlreadyGiven));
    }
    if now > until {
        return Err(Refusal::new(Code::RatingTooLate));
    }
    Ok(Event::RatedAgain { score })
}

/// The office says that a rating was a mistake.
pub(super) fn appealed(case: &Case, reason: &str, now: Instant) -> Result<Event, Refusal> {
    let open = case.rated().is_some_and(|rated| rated.appeal.is_none() && rated.at <= now);
    if !open {
        return Err(Refusal::new(Code::CaseAlreadyDone));
    }
    Ok(Event::Appealed { reason: said("reason", ["理由", "Reasons"], reason)? })
}

/// The higher level decides the appeal.
pub(super) fn appeal_decided(case: &Case, upheld: bool, reason: &str) -> Result<Event, Refusal> {
    let appeal = case.rated().and_then(|rated| rated.appeal.as_ref());
    if appeal.is_none_or(|appeal| appeal.upheld.is_some()) {
        return Err(Refusal::new(Code::CaseAlreadyDone));
    }
    Ok(Event::AppealDecided { upheld, reason: said("reason", ["理由", "Reasons"], reason)? })
}

/// Folds what this module decides into the case.
pub(super) fn fold(case: &mut Case, event: &Event, at: Instant) {
    let Some(service) = case.service.as_mut() else { return };
    if let Event::Rated { score, aspects, .. } = event {
        service.rating = Some(*score);
        let aspects = aspects.clone();
        service.rated = Some(Rated { at, aspects, followed_up_at: None, follow_up: None, again: None, appeal: None });
    }
    let Some(rated) = service.rated.as_mut() else { return };
    match event {
        Event::FollowedUp { answer } => (rated.followed_up_at, rated.follow_up) = (Some(at), Some(answer.clone())),
        Event::RatedAgain { score } => rated.again = Some(*score),
        Event::Appealed { reason } => rated.appeal = Some(Appeal { reason: reason.clone(), at, upheld: None }),
        Event::AppealDecided { upheld, .. } => {
            if let Some(appeal) = rated.appeal.as_mut() {
                appeal.upheld = Some(*upheld);
            }
        }
        _ => {}
    }
}
