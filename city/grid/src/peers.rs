//! Other platforms that put reports right (`data/open311.toml`): which kinds go there, and from where; what they
//! answer, and what they ask of a service. This room is pure: file and answers come in as texts.

pub mod definition;
pub mod told;

use std::collections::{BTreeMap, BTreeSet};

use kernel::language::Bilingual;
use serde::Deserialize;

use crate::catalogue::{Condition, Editions, Kind};

/// Another platform that speaks Open311. It does not print its key.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Its name in tables.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
    /// Where its interface lies: `https://…/open311/v2`.
    pub url: String,
    /// The key that it gave us.
    pub key: String,
    /// In which form it is asked to answer. What it answers is read in either.
    #[serde(default)]
    pub format: Format,
    /// Its jurisdiction, if it asks for one.
    #[serde(default)]
    pub jurisdiction: String,
    /// The beginning of the codes of the communities whose reports it gets.
    #[serde(default)]
    pub inside: String,
    /// Its service code for a kind of ours, or for a condition.
    pub kinds: BTreeMap<String, String>,
    /// The attributes that it asks for, for a kind of ours or a condition: their codes with what is sent.
    #[serde(default)]
    pub attributes: BTreeMap<String, BTreeMap<String, String>>,
}

/// The form in which another platform is asked to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// XML, which every platform has to speak.
    Xml,
}

impl Format {
    /// What stands at the end of an address.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Xml => "xml",
        }
    }
}

impl std::fmt::Debug for Peer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Peer({})", self.code)
    }
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Peers(Vec<Peer>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    peer: Vec<Peer>,
}

impl Peers {
    /// Reads the file.
    ///
    /// # Errors
    /// A sentence for each thing that is wrong.
    pub fn load(text: &str, catalogue: &Editions) -> Result<Self, Vec<String>> {
        let file: File = toml::from_str(text).map_err(|fault| vec![format!("open311.toml: {fault}")])?;
        let (mut faults, mut codes) = (Vec::new(), BTreeSet::new());
        for peer in &file.peer {
            let mut fault = |what: String| faults.push(format!("open311.toml: the peer {}: {what}", peer.code));
            if !codes.insert(&peer.code) {
                fault("stands there twice. Give one another code.".to_owned());
            }
            if !peer.code.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_') || peer.code.is_empty() {
                fault("the code is no name in small letters. Write it as water.".to_owned());
            }
            for key in peer.kinds.keys().chain(peer.attributes.keys()) {
                // A sheet of the city may have taken a kind out whose open reports still go there.
                let kind = catalogue.kind_ever(key).is_some_and(|kind| kind.key() == *key);
                let condition = |(kind, one): (&Kind, &Condition)| format!("{}/{}", kind.key(), one.code) == *key;
                if !kind && !catalogue.condition_ever(key).is_some_and(condition) {
                    fault(format!("the catalogue has no {key}. Write a kind as event/0402, or a condition of it."));
                }
            }
        }
        if faults.is_empty() { Ok(Self(file.peer)) } else { Err(faults) }
    }

    /// The one of that code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Peer> {
        self.0.iter().find(|peer| peer.code == code)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first that gets a condition of a kind (`event/0402/burst`) in a community, and its own code for it.
    #[must_use]
    pub fn of(&self, condition: &str, community: &str) -> Option<(&Peer, &str)> {
        let kind = condition.rsplit_once('/').map_or(condition, |(kind, _)| kind);
        let mut near = self.0.iter().filter(|peer| community.starts_with(&peer.inside));
        near.find_map(|peer| {
            let code = peer.kinds.get(condition).or_else(|| peer.kinds.get(kind))?;
            Some((peer, code.as_str()))
        })
    }
}

impl Peer {
    /// The attributes that are sent with a condition (`event/0402/burst`).
    pub fn attributes_of(&self, condition: &str) -> impl Iterator<Item = (&str, &str)> {
        let kind = condition.rsplit_once('/').map_or(condition, |(kind, _)| kind);
        let found = self.attributes.get(condition).or_else(|| self.attributes.get(kind));
        found.into_iter().flatten().map(|(code, said)| (code.as_str(), said.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn catalogue() -> Editions {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/catalogue/grid");
        let mut files: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
            .collect();
        files.sort();
        Editions::new(files).unwrap()
    }

    const FILE: &str = r#"
        [[peer]]
        code = "lights"
        name = { zh = "照明中心", en = "Lighting" }
        url = "https://lights.example.cn/open311/v2"
        key = "k"
        inside = "210104"
        kinds = { "component/0118" = "L", "component/0118/bare" = "L-urgent" }
        attributes = { "component/0118/bare" = { danger = "yes" } }
    "#;

    #[test]
    fn a_kind_goes_where_the_file_says() {
        let peers = Peers::load(FILE, &catalogue()).unwrap();
        for (condition, community, expected) in [
            ("component/0118/out", "210104001001", Some("L")),
            ("component/0118/bare", "210104001001", Some("L-urgent")),
            ("component/0118/out", "210105001001", None),
            ("event/0102/heap", "210104001001", None),
        ] {
            let found = peers.of(condition, community).map(|(_, code)| code);
            assert_eq!(found, expected, "{condition} {community}");
        }
        let lights = peers.get("lights").unwrap();
        assert_eq!(lights.attributes_of("component/0118/bare").collect::<Vec<_>>(), [("danger", "yes")]);
        assert_eq!(lights.attributes_of("component/0118/out").count(), 0);
        assert!(!format!("{lights:?}").contains('k'), "a key is not printed");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (change, said) in [
            (("component/0118/bare\" = \"L", "component/0118/dark\" = \"L"), "component/0118/dark"),
            (("\"lights\"", "\"Lights 1\""), "small letters"),
            (("key = \"k\"", "keys = \"k\""), "keys"),
        ] {
            let faults = Peers::load(&FILE.replace(change.0, change.1), &catalogue()).unwrap_err();
            assert!(faults.iter().any(|fault| fault.contains(said)), "{faults:?}");
        }
        let twice = Peers::load(&format!("{FILE}{FILE}"), &catalogue()).unwrap_err();
        assert!(twice.iter().any(|fault| fault.contains("twice")), "{twice:?}");
        assert!(Peers::load("", &catalogue()).unwrap().is_empty());
    }
}
