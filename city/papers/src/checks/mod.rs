//! Data checks (数据核验): this folder knows which source can confirm which paper, and how the source is asked. An
//! adapter that does not answer never blocks a case.

mod http;
mod registry;

pub use http::Http;
pub use registry::{Digested, Registry, RegistryKey, digests};

use counter::Counter;
use house::{House, OpenFault};
use jobs::channels::Targets;
use kernel::time::{Date, Instant};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;
use vault::{Person, PersonField};

/// Holds what a source is asked.
pub struct CheckRequest {
    /// The identity of the check, for the source's own log.
    pub id: Uuid,
    /// The code of the material.
    pub material: String,
    /// The day for which it is asked.
    pub on: Date,
    /// The moment of the request.
    pub at: Instant,
    /// The fields that this source is sent. It gets no others.
    pub person: Person,
}

impl std::fmt::Debug for CheckRequest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "CheckRequest({}, {})", self.id, self.material)
    }
}

/// Holds what a source answered. The evidence is sealed with the person's record.
#[derive(PartialEq, Eq)]
pub struct Reply {
    /// Whether it confirms what the paper would show.
    pub confirmed: bool,
    /// The answer, word for word.
    pub evidence: Vec<u8>,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Reply({})", self.confirmed)
    }
}

/// Says why a source gave no answer. It holds nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CheckFault(pub String);

/// A source that confirms papers.
pub trait Check: Send + Sync {
    /// Returns the name of the adapter, as it is written down.
    fn name(&self) -> &'static str;

    /// Returns the machine that is asked, or nothing if the source lies here.
    fn destination(&self) -> Option<&str> {
        None
    }

    /// Asks the source. It blocks until the answer comes or the time is over.
    ///
    /// # Errors
    /// Fails if there is no answer.
    fn ask(&self, request: &CheckRequest) -> Result<Reply, CheckFault>;
}

/// A source with the fields that it is sent.
#[derive(Clone)]
pub struct Source {
    /// The source that is asked.
    pub check: Arc<dyn Check>,
    /// The person's fields that it needs.
    pub sends: Vec<PersonField>,
}

/// Holds the sources by the code of the material.
pub type Checks = BTreeMap<String, Source>;

/// The data checks of an installation: `data/checks.toml` with the registers that it names.
///
/// # Errors
/// Every fault of those files, or no figure in the rulebook for how long a source is waited for.
pub fn of_installation(house: &House, counter: &Counter) -> Result<Checks, OpenFault> {
    let (installation, hall, catalogue) = (&house.installation, &counter.cases.hall, counter.catalogue());
    let file = |name: &str| installation.data.file(name).map_err(|fault| fault.to_string());
    let waivable = |code: &str| catalogue.material(code).is_some_and(|material| material.waivable_by_check);
    let seconds = hall.figure(crate::words::PAPERS_CHECK_SECONDS, (house.clock)()).map_err(OpenFault::from)?;
    let means = Means {
        file: &file,
        registry: RegistryKey::new(hall.vault.derive_key("papers.registry")),
        signing: installation.check_key.clone().unwrap_or_default().into_bytes(),
        seconds: u64::try_from(seconds).map_err(|fault| OpenFault::Said(format!("papers.check_seconds: {fault}")))?,
        targets: &installation.targets,
        waivable: &waivable,
    };
    load(&installation.data.file("checks.toml")?, &means).map_err(OpenFault::Sentences)
}

/// A file of checks as the city writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    check: Vec<Wanted>,
}

/// One check as the city writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    material: String,
    adapter: Adapter,
    address: String,
    sends: Vec<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Adapter {
    Registry,
    Http,
}

/// Holds what adapters are made of.
pub struct Means<'m> {
    /// A function that reads a file of the city's data by its path below `data/`.
    pub file: &'m dyn Fn(&str) -> Result<String, String>,
    /// The key that makes the digests of registries.
    pub registry: RegistryKey,
    /// The key that signs requests.
    pub signing: Vec<u8>,
    /// How many seconds a source may take.
    pub seconds: u64,
    /// The addresses inside the network that may be asked.
    pub targets: &'m Targets,
    /// A function that says whether the catalogue knows a material and lets data confirm it.
    pub waivable: &'m dyn Fn(&str) -> bool,
}

/// Reads `data/checks.toml`.
///
/// # Errors
/// Returns every fault, each with what to do.
pub fn load(text: &str, means: &Means<'_>) -> Result<Checks, Vec<String>> {
    let written: Written = toml::from_str(text).map_err(|fault| vec![format!("checks.toml: {fault}")])?;
    let (mut checks, mut faults) = (Checks::new(), Vec::new());
    for wanted in &written.check {
        let twice = checks.contains_key(&wanted.material);
        match source(wanted, means) {
            Ok(_) if twice => faults.push(format!("checks.toml: {} has two checks. Keep one.", wanted.material)),
            Ok(source) => drop(checks.insert(wanted.material.clone(), source)),
            Err(fault) => faults.push(format!("checks.toml: {}: {fault}", wanted.material)),
        }
    }
    if faults.is_empty() { Ok(checks) } else { Err(faults) }
}

fn source(wanted: &Wanted, means: &Means<'_>) -> Result<Source, String> {
    if !(means.waivable)(&wanted.material) {
        return Err("the catalogue does not let data confirm this material. Set waivable_by_check there.".to_owned());
    }
    let field = |code: &String| PersonField::parse(code).ok_or_else(|| format!("{code} is no field of a person."));
    let sends = wanted.sends.iter().map(field).collect::<Result<Vec<_>, _>>()?;
    let check: Arc<dyn Check> = match wanted.adapter {
        Adapter::Registry => {
            if sends != [PersonField::ResidentId] {
                return Err("a registry is sent resident_id and nothing else.".to_owned());
            }
            let name = &wanted.address;
            Arc::new(Registry::read(name, &(means.file)(name)?, means.registry.clone())?)
        }
        Adapter::Http => Arc::new(Http::new(&wanted.address, means.signing.clone(), means.seconds, means.targets)?),
    };
    Ok(Source { check, sends })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, Vec<String>> {
        let means = Means {
            file: &|name| {
                if name == "checks/r.csv" {
                    Ok("digest,material,from,until\n".to_owned())
                } else {
                    Err("is not there".to_owned())
                }
            },
            registry: RegistryKey::new([7; 32]),
            signing: b"key".to_vec(),
            seconds: 1,
            targets: &Targets::default(),
            waivable: &|code| code != "AP",
        };
        load(text, &means).map(|checks| checks.into_keys().collect())
    }

    #[test]
    fn checks_are_read_and_faults_say_what_to_do() {
        let one = |material: &str, adapter: &str, address: &str, sends: &str| {
            format!(
                "[[check]]\nmaterial = \"{material}\"\nadapter = \"{adapter}\"\naddress = \"{address}\"\nsends = [{sends}]\n"
            )
        };
        let registry = one("HK", "registry", "checks/r.csv", "\"resident_id\"");
        let http = one("DL", "http", "https://data.example.cn/check", "\"resident_id\", \"name\"");
        assert_eq!(read("# none yet\n"), Ok(vec![]));
        assert_eq!(read(&format!("{registry}{http}")), Ok(vec!["DL".to_owned(), "HK".to_owned()]));
        let inside = one("DL", "http", "http://10.1.2.3/check", "\"resident_id\"");
        assert_eq!(read(&inside), Ok(vec!["DL".to_owned()]));
        for (bad, said) in [
            (format!("{registry}{registry}"), "HK has two checks"),
            (one("AP", "registry", "checks/r.csv", "\"resident_id\""), "AP: the catalogue does not let data confirm"),
            (one("HK", "registry", "checks/other.csv", "\"resident_id\""), "HK: is not there"),
            (one("HK", "registry", "checks/r.csv", "\"name\""), "a registry is sent resident_id and nothing else"),
            (one("HK", "registry", "checks/r.csv", "\"resident_id\", \"name\""), "a registry is sent resident_id"),
            (one("HK", "registry", "checks/r.csv", ""), "a registry is sent resident_id"),
            (one("HK", "http", "http://data.example.cn/check", "\"faith\""), "faith is no field of a person"),
            (one("HK", "http", "ftp://data.example.cn", "\"name\""), "ftp://data.example.cn is no address"),
            (one("HK", "http", "http://data.example.cn/check", "\"name\""), "without encryption"),
            (one("HK", "http", "", "\"name\""), " is no address"),
            (one("HK", "guess", "", ""), "checks.toml: "),
            ("[[check]]\nmaterial = \"HK\"\nscore = 1\n".to_owned(), "score"),
            ("[[check]\n".to_owned(), "checks.toml: "),
        ] {
            let faults = read(&bad).unwrap_err();
            assert!(faults.len() == 1 && faults[0].contains(said), "{bad}: {faults:?}");
        }
        let both = format!("{}{}", one("AP", "http", "https://a.cn", ""), one("HK", "http", "a.cn", ""));
        assert_eq!(read(&both).unwrap_err().len(), 2, "every fault is told at once");
    }
}
