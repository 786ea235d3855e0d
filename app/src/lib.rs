//! The app: configuration, wiring, command line. It joins the departments and knows nothing of their rules.

mod brought;
mod chores;
pub mod city;
pub mod commands;
pub mod configuration;
pub mod data;
pub mod demonstration;
pub mod departments;
mod errors;
pub mod features;
mod geography;
mod machinery;
pub mod opening;
pub mod plan;
pub mod replay;
mod serving;
mod settings;

pub use city::City;
pub use errors::AppError;
pub use opening::Opening;
