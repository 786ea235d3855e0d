//! This file holds what the operator of an installation decided, as far as departments ask for it.

use std::path::PathBuf;
use std::sync::Arc;

use jobs::ChannelKind;
use jobs::channels::Targets;
use kernel::language::Bilingual;

use crate::fault::OpenFault;

/// The files that a city edits, wherever they lie.
pub trait DataFiles: Send + Sync {
    /// Reads one file below `data`.
    ///
    /// # Errors
    /// Fails if there is no such file, or if it cannot be read.
    fn file(&self, name: &str) -> Result<String, OpenFault>;

    /// Returns name and text of the files of a folder below `data` that have an ending such as `.toml`, in the order of
    /// their names.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    fn files(&self, folder: &str, ending: &str) -> Result<Vec<(String, String)>, OpenFault>;
}

/// The map below the city's own on pages with a map: streets, water, houses.
#[derive(Clone, PartialEq, Eq)]
pub enum BaseMap {
    /// A PMTiles file on this machine.
    File {
        /// The file.
        file: PathBuf,
        /// Whose map it is, where the file is not to say it itself.
        credit: Option<Bilingual>,
    },
    /// A service that gives pictures, such as a WMTS. Only the server asks it.
    Service {
        /// The address of a square, with `{z}`, `{x}` and `{y}`. There may be a key in it, so it is never shown.
        url: String,
        /// The least and the deepest zoom that it has.
        zooms: (u8, u8),
        /// Whose map it is.
        credit: Bilingual,
    },
}

/// What the operator decided.
#[derive(Clone)]
pub struct Installation {
    /// The files that the city edits.
    pub data: Arc<dyn DataFiles>,
    /// Whether pages are reached over https, so that cookies are sent that way only.
    pub https: bool,
    /// Where the platform is reached from outside.
    pub public_url: String,
    /// The city's own telephone for questions. It is empty where there is none.
    pub telephone: String,
    /// The folder in which sealed files lie.
    pub files: PathBuf,
    /// The program that lays out letters, where it is not found beside this one.
    pub print: Option<PathBuf>,
    /// The folders with the fonts of letters. The program chooses its own fonts if there are none.
    pub fonts: Vec<PathBuf>,
    /// Whether messages to other systems may go to http addresses inside the network.
    pub private_http: bool,
    /// The addresses inside the network to which messages to other systems and questions to registers may go.
    pub targets: Targets,
    /// The key with which questions to registers are signed.
    pub check_key: Option<String>,
    /// The channels that reach people outside of the platform.
    pub channels: Vec<ChannelKind>,
    /// The channels through which somebody may have something sent to herself who says where to.
    pub at_request: Vec<ChannelKind>,
    /// The map below the city's own, if there is one.
    pub base_map: Option<BaseMap>,
}
