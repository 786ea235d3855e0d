//! Tests identity through its pages, on both engines: sign-in, limits, sessions, codes, posts, scope.
#![expect(clippy::unwrap_used, reason = "in a test, what cannot be had must fail the test at once")]

mod accounts;
mod house;
mod sign_in;
