//! This crate defines a department: one value that says what it keeps, what it shows and what it does by itself.
//!
//! The app holds a list of these values and knows nothing else of a department. It collects tables, texts,
//! permissions, reasons of refusal and rules before there is a database ([`Department`]), lets each department open
//! its desk in the order of the list ([`Department::open`]), and asks each for its work once all desks are open
//! ([`Department::work`]).

mod batch;
mod beside;
mod chore;
mod department;
mod dots;
mod fault;
mod found;
mod installation;
mod invented;
mod numbered;
mod shown;
mod sought;
mod stage;

pub use batch::{BATCH, LastRow, begins_after, goes_on, next_batch, tell_batch};
pub use beside::{Beside, BesideLink, CaseAt, CaseFile, CaseFiles, FilesOf};
pub use chore::{Chore, Erased, Moved, Recipient, When, each_move};
pub use department::{Department, House, Work, indicators, permissions, refusals};
pub use dots::{AskDots, At, Dot, Dots, Window};
pub use fault::OpenFault;
pub use found::{AskFound, Finder, Found, Hit, URGENT};
pub use installation::{BaseMap, DataFiles, Installation};
pub use invented::{Invented, Seed};
pub use numbered::Numbered;
pub use shown::{
    Ask, AskNamed, AskOfPlace, AskWaiting, Daily, DestinationNames, Lane, LaneCount, Lanes, OverviewPanel, Panel,
    PanelLine, PlaceAt, Section, Shown, TablePanel, Tile, TileShown, TileValue,
};
pub use sought::Sought;
pub use stage::{Demonstrate, Stage};
