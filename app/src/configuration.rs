//! Where the installation keeps things: one TOML file, overridden by environment and command line.

mod faults;
mod mail;
mod map;
mod secrets;

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jobs::ChannelKind;
use kernel::network::Network;
use serde::Deserialize;
use toml::Table;

pub use map::MapSettings;

/// What may be written in the file, and in what form. A setting that is not in this list is a fault.
const SETTINGS: [(&str, &str); 22] = [
    ("database", TEXT),
    ("listen", TEXT),
    ("key_file", TEXT),
    ("data", TEXT),
    ("files", TEXT),
    ("check_key", TEXT),
    ("https", EITHER),
    ("public_url", TEXT),
    ("telephone", TEXT),
    ("trusted_proxies", LIST),
    ("print", TEXT),
    ("fonts", LIST),
    ("message_gateway", TEXT),
    ("message_gateway_key", TEXT),
    ("webhooks_private_http", EITHER),
    ("allowed_targets", LIST),
    ("mail", TEXT),
    ("mail_from", TEXT),
    ("stop_seconds", WHOLE),
    ("connections", WHOLE),
    ("quota", WHOLE),
    ("map", PART),
];
const TEXT: &str = "one text in quotes";
const WHOLE: &str = "a whole number, without quotes";
const EITHER: &str = "true or false, without quotes";
const PART: &str = "a part of its own, [map]";
const LIST: &str = "a list of texts, [\"…\", \"…\"]";

/// The configuration of one installation. Every field has a default that works on one machine. It does not print what
/// its owner keeps secret.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// SQLite file or `postgres://…` address.
    pub database: String,
    /// Address and port to listen on.
    pub listen: String,
    /// File with the master key that wraps the vault's keys.
    pub key_file: PathBuf,
    /// Folder that replaces the built-in `data/`: rulebook, catalogue, procedures, roles, calendar.
    pub data: Option<PathBuf>,
    /// Folder with the sealed files of papers; beside the database when none is named.
    pub files: Option<PathBuf>,
    /// Key that signs data checks over the network.
    pub check_key: Option<String>,
    /// True behind a proxy that speaks https: cookies are then sent over https only, and browsers come that way only.
    pub https: bool,
    /// The machines whose word counts on where a request came from: addresses and ranges. If the setting is missing, it
    /// is this machine with https, and nobody without.
    pub trusted_proxies: Option<Vec<String>>,
    /// Where the platform is reached from outside, `https://…`; certificates carry it, so that anybody can verify them.
    pub public_url: String,
    /// The city's own telephone for questions, which stands in the foot of every page beside 12345; none shows none.
    pub telephone: Option<String>,
    /// Program that lays out letters as PDF; `lianglin-print` beside this one when none is named. Without it there are
    /// no PDFs.
    pub print: Option<PathBuf>,
    /// Folders with fonts for it; its own choice when none is named.
    pub fonts: Vec<PathBuf>,
    /// Address of a gateway that sends short messages; none sends none.
    pub message_gateway: Option<String>,
    /// Key that signs requests to the gateway.
    pub message_gateway_key: Option<String>,
    /// Messages to other systems may go without TLS to the addresses of `allowed_targets`; else over https alone.
    pub webhooks_private_http: bool,
    /// The addresses and ranges inside the network to which messages to other systems and data checks may go.
    pub allowed_targets: Vec<String>,
    /// Outgoing mail, `smtp://user:password@host:port`; none sends none.
    pub mail: Option<String>,
    /// Sender of mail.
    pub mail_from: Option<String>,
    /// Seconds that requests and jobs have to end after SIGTERM; then what is left is cut.
    pub stop_seconds: u64,
    /// How many connections there are at most at the same time.
    pub connections: usize,
    /// By how much the requests that a client may send in a minute are multiplied; 0 counts none.
    pub quota: u32,
    /// The map below the city's own; none draws the city alone.
    pub map: Option<MapSettings>,
    /// The file from which the settings were read, if others on this machine can read secrets in it or change it. It is
    /// no setting.
    #[serde(skip)]
    pub exposed: Option<PathBuf>,
}

impl Default for Configuration {
    fn default() -> Self {
        Self {
            database: "lianglin.db".to_owned(),
            listen: "127.0.0.1:8010".to_owned(),
            key_file: PathBuf::from("lianglin.key"),
            data: None,
            files: None,
            check_key: None,
            https: false,
            trusted_proxies: None,
            public_url: "http://127.0.0.1:8010".to_owned(),
            telephone: None,
            print: None,
            fonts: Vec::new(),
            message_gateway: None,
            message_gateway_key: None,
            webhooks_private_http: false,
            allowed_targets: Vec::new(),
            mail: None,
            mail_from: None,
            stop_seconds: 20,
            connections: 768,
            quota: 1,
            map: None,
            exposed: None,
        }
    }
}

impl fmt::Debug for Configuration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Configuration")
            .field("database", &self.database_shown())
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

/// Why a configuration cannot be used. No sentence repeats what is written for a setting that may be secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationFault {
    /// The file cannot be read.
    #[error("{file}: cannot be read ({fault}). Give --config a readable file, or leave it out to use the defaults.")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        fault: std::io::Error,
    },
    /// The file is not the TOML expected.
    #[error("{}", malformed(.file, .faults))]
    Malformed {
        /// The file.
        file: PathBuf,
        /// What is wrong, a sentence for each setting.
        faults: Vec<String>,
    },
    /// Settings that are read but cannot be used, a sentence for each.
    #[error("{}", .0.join("\n"))]
    Unusable(Vec<String>),
}

fn malformed(file: &Path, faults: &[String]) -> String {
    let known: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    let lines: Vec<String> = faults.iter().map(|fault| format!("{}: {fault}", file.display())).collect();
    format!("{}\nKnown settings: {}.", lines.join("\n"), known.join(", "))
}

impl Configuration {
    /// Reads the file; without one named, `lianglin.toml` in the working folder if it is there, else the defaults.
    ///
    /// # Errors
    /// A named file that cannot be read, or a file that is not understood, with every fault at once.
    pub fn read(named: Option<&Path>) -> Result<Self, ConfigurationFault> {
        let file = named.unwrap_or_else(|| Path::new("lianglin.toml"));
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(fault) if named.is_none() && fault.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(fault) => return Err(ConfigurationFault::Unreadable { file: file.to_owned(), fault }),
        };
        let read = Self::parse(&text);
        let read = read.map_err(|faults| ConfigurationFault::Malformed { file: file.to_owned(), faults })?;
        Ok(read.kept_in(file))
    }

    /// Reads the text of the file. Each setting is read alone, so that every fault is found and none repeats a value.
    fn parse(text: &str) -> Result<Self, Vec<String>> {
        let written = text.parse::<Table>().map_err(|fault| vec![no_toml(text, &fault)])?;
        let faults: Vec<String> = written.iter().flat_map(|(key, value)| misread(key, value)).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        written.try_into().map_err(|_| vec!["the settings cannot be read together.".to_owned()])
    }

    /// The machines that are believed on where a request came from.
    ///
    /// # Errors
    /// Names every entry that is neither an address nor a range.
    pub fn trusted(&self) -> Result<Vec<Network>, ConfigurationFault> {
        match &self.trusted_proxies {
            Some(written) => networks("trusted_proxies", written).map_err(ConfigurationFault::Unusable),
            None if self.https => Ok(Network::LOOPBACK.to_vec()),
            None => Ok(Vec::new()),
        }
    }

    /// The addresses inside the network to which requests may go.
    ///
    /// # Errors
    /// Names every entry that is neither an address nor a range.
    pub fn targets(&self) -> Result<Vec<Network>, ConfigurationFault> {
        networks("allowed_targets", &self.allowed_targets).map_err(ConfigurationFault::Unusable)
    }

    /// The database as it may be shown: without a password.
    #[must_use]
    pub fn database_shown(&self) -> String {
        let Some((scheme, rest)) = self.database.split_once("://") else { return self.database.clone() };
        let until = |text: &str, ends: &[char]| text.split(ends).next().unwrap_or_default().to_owned();
        match rest.rsplit_once('@') {
            Some((who, place)) => {
                format!("{scheme}://{}@{}", until(who, &[':', '?', '/']), until(place, &['?', '&']))
            }
            None => format!("{scheme}://{}", until(rest, &['?'])),
        }
    }

    /// The channels that reach people outside of the platform.
    #[must_use]
    pub fn channels(&self) -> Vec<ChannelKind> {
        self.message_gateway.iter().map(|_| ChannelKind::Webhook).collect()
    }

    /// The channels through which somebody may have something sent to herself: she names the address.
    #[must_use]
    pub fn at_request(&self) -> Vec<ChannelKind> {
        let mail = self.mail.iter().map(|_| ChannelKind::Email);
        self.channels().into_iter().chain(mail).collect()
    }

    /// The file of the database; none where a server keeps it.
    #[must_use]
    pub fn database_file(&self) -> Option<&Path> {
        let file = self.database.strip_prefix("sqlite:").unwrap_or(&self.database);
        let server = ["postgres://", "postgresql://"].iter().any(|scheme| file.starts_with(scheme));
        (!server).then_some(Path::new(file))
    }

    /// The folder with the sealed files of papers. If the configuration names none, it lies beside the SQLite file and
    /// has its name; without such a file it lies in the working folder.
    #[must_use]
    pub fn files_folder(&self) -> PathBuf {
        let beside = || self.database_file().unwrap_or(Path::new("lianglin")).with_extension("files");
        self.files.clone().unwrap_or_else(beside)
    }
}

/// Says where a text is no TOML. The line itself is not repeated: it may hold a password.
fn no_toml(text: &str, fault: &toml::de::Error) -> String {
    let before = fault.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}. Write one setting a line: name = value.", before.matches('\n').count() + 1, fault.message())
}

/// Says what is wrong with a setting: nobody knows it, or its value has another form.
fn misread(key: &str, value: &toml::Value) -> Vec<String> {
    let Some((_, form)) = SETTINGS.iter().find(|(name, _)| *name == key) else {
        return vec![format!("{key}: there is no such setting. Correct its name, or take the line out.")];
    };
    if *form == PART {
        return map::misread(value);
    }
    let alone = Table::from_iter([(key.to_owned(), value.clone())]);
    alone.try_into::<Configuration>().err().map(|_| format!("{key}: write {form}.")).into_iter().collect()
}

/// Reads a list of addresses and ranges, or says which of them are none.
fn networks(key: &str, written: &[String]) -> Result<Vec<Network>, Vec<String>> {
    let read = |text: &String| Network::parse(text);
    let wrong = written.iter().filter(|text| read(text).is_none());
    let faults: Vec<String> = wrong
        .map(|text| {
            format!("{key}: \"{text}\" is neither an address nor a range. Write 10.0.0.7, 10.0.0.0/8 or fd00::/8.")
        })
        .collect();
    if faults.is_empty() { Ok(written.iter().filter_map(read).collect()) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_setting_is_an_error_that_names_the_known_ones() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lianglin.toml");
        std::fs::write(&file, "databse = \"x\"\n").unwrap();
        let said = Configuration::read(Some(&file)).unwrap_err().to_string();
        assert!(said.contains("databse") && said.contains("key_file"), "{said}");
        std::fs::write(&file, "database = \"postgres://localhost/city\"\n").unwrap();
        assert_eq!(Configuration::read(Some(&file)).unwrap().database, "postgres://localhost/city");
    }

    #[test]
    fn every_fault_of_the_file_is_told_at_once_and_no_value_repeated() {
        let secret = "hunter2";
        let table: [(&str, &[&str]); 8] = [
            ("databse = \"x\"\nhtpps = true\n", &["databse: there is no such setting", "htpps: "]),
            ("https = \"yes\"\ncheck_key = 12345\n", &["https: write true or false", "check_key: write one text"]),
            ("check_key = { hunter2 = \"hunter2\" }\n", &["check_key: write one text"]),
            ("mail = [\"hunter2\"]\nfonts = \"hunter2\"", &["mail: write one text", "fonts: write a list of texts"]),
            ("listen = \"a\"\ncheck_key = \"hunter2\n", &["line "]),
            ("check_key = hunter2\n", &["line "]),
            ("[https]\n", &["https: write true or false"]),
            ("allowed_targets = [1]\n", &["allowed_targets: write a list of texts"]),
        ];
        for (text, told) in table {
            let faults = Configuration::parse(text).unwrap_err();
            assert_eq!(faults.len(), told.len(), "{text}: {faults:?}");
            for part in told {
                assert!(faults.iter().any(|fault| fault.contains(part)), "{text}: {faults:?}");
            }
            assert!(faults.iter().all(|fault| !fault.contains(secret) && !fault.contains("12345")), "{faults:?}");
        }
        let names: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
        for name in &names {
            let strange = format!("{name} = {{ a = 1 }}\n");
            assert_eq!(Configuration::parse(&strange).unwrap_err().len(), 1, "{name}");
        }
    }

    #[test]
    fn nobody_is_believed_without_https_and_this_machine_behind_it() {
        for (https, written, trusted) in [
            (false, None, Some(0)),
            (true, None, Some(2)),
            (true, Some(vec![]), Some(0)),
            (false, Some(vec!["10.0.0.7"]), Some(1)),
            (true, Some(vec!["10.0.0.7", "10.0.1.0/24"]), Some(2)),
            (true, Some(vec!["10.0.0.7/8"]), None),
            (true, Some(vec!["proxy.city.test"]), None),
        ] {
            let trusted_proxies = written.map(|texts| texts.into_iter().map(str::to_owned).collect());
            let configuration = Configuration { https, trusted_proxies, ..Configuration::default() };
            assert_eq!(configuration.trusted().ok().as_deref().map(<[Network]>::len), trusted);
        }
    }

    #[test]
    fn a_database_is_shown_without_its_password() {
        for (database, shown) in [
            ("lianglin.db", "lianglin.db"),
            ("sqlite:/srv/a@b.db", "sqlite:/srv/a@b.db"),
            ("postgres://localhost/city", "postgres://localhost/city"),
            ("postgres://li@localhost/city", "postgres://li@localhost/city"),
            ("postgres://li:hunter2@localhost/city", "postgres://li@localhost/city"),
            ("postgres://li:hun@ter2@localhost/city", "postgres://li@localhost/city"),
            ("postgres://li:hunt?hunter2@localhost/city", "postgres://li@localhost/city"),
            ("postgres://localhost/city?password=hunter2&user=li@b", "postgres://localhost@b"),
            ("postgres://localhost/city?user=li&password=hunter2", "postgres://localhost/city"),
        ] {
            let configuration = Configuration { database: database.to_owned(), ..Configuration::default() };
            assert_eq!(configuration.database_shown(), shown);
            assert!(!format!("{configuration:?}").contains("hunter2"));
        }
    }

    #[test]
    fn files_lie_beside_the_database_unless_a_folder_is_named() {
        for (database, files, expected) in [
            ("lianglin.db", None, "lianglin.files"),
            ("sqlite:/srv/city/main.db", None, "/srv/city/main.files"),
            ("postgres://localhost/city.of.light", None, "lianglin.files"),
            ("lianglin.db", Some("/mnt/papers"), "/mnt/papers"),
        ] {
            let configuration = Configuration {
                database: database.to_owned(),
                files: files.map(PathBuf::from),
                ..Configuration::default()
            };
            assert_eq!(configuration.files_folder(), Path::new(expected), "{database}");
        }
    }
}
