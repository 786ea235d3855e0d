//! The names by which both sides are asked about the next step of a mediation, and by which they answer.

/// The steps by which the mediator asks both sides about the next step: in talks apart, and face to face.
pub const ASKS: [&str; 2] = ["ask", "ask_together"];
/// The answer that names the step about which they are asked.
pub const NEXT: &str = "next";
/// The answer that says in words what they are asked.
pub const ABOUT: &str = "about";
/// The steps about which they are asked with the name of somebody: who is to be invited, or to mediate.
pub const NAMED: [&str; 2] = [super::INVITE, super::SUBSTITUTE];
/// The states in which each step is asked about before it is taken.
pub const ASKED_IN: [&str; 2] = ["talks", "together"];
/// The states in which both sides say whether they ask the court.
pub const COURT_IN: [&str; 2] = [super::IN_EFFECT, "asking"];
/// The steps by which the sides meet, or are met each apart.
pub const MEETS: [&str; 3] = ["session", "sit_together", "session_together"];
/// What beside a title and a date the sides are asked in the other states: whether they want to be mediated, and
/// whether they sign.
pub const INVITING: &str = "inviting";
/// See [`INVITING`].
pub const TO_SIGN: &str = "to_sign";
/// The states in which a mediation ended without an agreement.
pub const ENDED: [&str; 4] = [super::REFUSED, super::UNANSWERED, "failed", "not_taken"];
/// The state in which nobody has said yet whether it is mediated.
pub const APPLIED: &str = "applied";
/// The step by which the mediation begins.
pub const BEGIN: &str = "begin";
/// The step by which it becomes public, or is not any more, with the consent of both sides.
pub const CHANGE_OPEN: &str = "change_open";
/// The answer that says whether the mediation is public, and its code of one that is.
pub const OPENNESS: &str = "open";
/// The answer in which the mediator says which paper the first side showed.
pub const FIRST_PAPER: &str = "first_paper";
/// The steps by which somebody is added to a side, before the mediation begins and in talks apart.
pub const JOIN: &str = "join";
/// See [`JOIN`].
pub const JOIN_TALKS: &str = "join_talks";
/// The steps by which one of each side says whom she would have mediate.
pub const CHOOSES: [&str; 2] = ["first_chooses", "second_chooses"];
/// The steps by which one of each side does not accept the mediator.
pub const OBJECTS: [&str; 2] = ["first_objects", "second_objects"];
/// The steps by which she accepts him after all.
pub const ACCEPTS: [&str; 2] = ["first_accepts", "second_accepts"];
/// The steps by which one of a side says a clear no.
pub const REFUSES: [&str; 2] = ["first_refuses", "second_refuses"];
/// The steps that a mediator with a tie to a party does not take: another one mediates first.
pub const GOES_ON: [&str; 6] = ["session", "sit_together", "session_together", super::DRAFT, super::ORAL, super::SEAL];
/// The steps about which such a mediator may still ask both sides: somebody else mediates then.
pub const LEAVES: [&str; 3] = [super::SUBSTITUTE, super::GO_UP, super::HAND_DOWN];
/// The answers in which the mediator says which paper each side showed.
pub const SEEN_PAPERS: [(&str, &str); 2] = [(FIRST_PAPER, "first"), ("second_paper", "second")];
