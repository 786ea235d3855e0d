//! These are the pages of the letters: the list of a case's letters, one letter on screen, on paper and as PDF, the
//! courier label, and the check of a certificate.

pub mod draft;
pub mod label;
pub mod letter;
pub mod list;
pub mod pdf;
pub mod verify;
pub mod write;
