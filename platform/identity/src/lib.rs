//! Says who somebody is and what they may do: accounts, sign-in, sessions, posts.
//!
//! - Staff sign in with login, password and, if it is on, a one-time code. A resident may open and close her own
//!   account. Closing it erases its data.
//! - A post is a role at a place from a day to a day. Each request checks the posts held today to decide what somebody
//!   may do.
//! - Every change of accounts and posts is an event in the hash-chained log.
//! - To give power, one person requests and another confirms ([`Kind`]), unless the city decides otherwise.
//!
//! This crate contains no figure ([`Rules`]), no role ([`Roles`]) and no place name ([`PlaceNames`]).

mod actions;
mod cache;
mod code;
mod device;
mod error;
mod gate;
mod identity;
mod pages;
mod password;
mod permissions;
mod records;
mod refusals;
mod roles;
mod rules;
mod token;
mod words;

pub use actions::{
    Asking, Attempt, Confirmed, Current, EndingPost, Fact, Handed, KeyUse, NewColleague, NewPassword, NewRequest,
    NewResident, NewStaff, NewlyAsked, Said, Settled, SignedIn, account_of_login, actor, close_staff, drop_code,
    end_post, give_post, open_staff, posts_of, set_password,
};
pub use device::Device;
pub use error::IdentityError;
pub use gate::attach;
pub use identity::{Doing, Identity, Kind, PlaceNames, Settings};
pub use pages::routes;
pub use password::{HashedPassword, generate_password, hash_password, verify_password};
pub use permissions::May;
pub use records::{
    HeldPost, MIGRATIONS, Managing, OnDuty, Request, any_staff, held_posts, holders, holders_for, is_closed,
    is_demonstration, mark_demonstration, on_duty, relocate,
};
pub use refusals::Why;
pub use roles::{Role, Roles};
pub use rules::{Post, Rules, check_password};
pub use token::Token;
pub use words::{CONFIRMATIONS, LOCALES, SERVICES, WAITING};
