//! Reads which map lies below the city's own: a PMTiles file, a service of tiles such as Tianditu's WMTS, or none.

use std::path::PathBuf;

use house::BaseMap;
use kernel::language::Bilingual;
use serde::Deserialize;

use super::{Configuration, EITHER, TEXT};

/// What may stand below `[map]`, and in what form.
const SETTINGS: [(&str, &str); 6] = [
    ("base", TEXT),
    ("file", TEXT),
    ("url", TEXT),
    ("zooms", "the least and the deepest zoom, [1, 18]"),
    ("credit", "the words in both languages, { zh = \"…\", en = \"…\" }"),
    ("web_mercator", EITHER),
];
/// The deepest zoom that may be named: a house fills the screen.
const DEEPEST: u8 = 22;
/// What stands in the address of a square.
const PARTS: [&str; 3] = ["{z}", "{x}", "{y}"];

/// The settings below `[map]`.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MapSettings {
    /// What the map below is: `pmtiles` or `wmts`.
    pub base: String,
    /// The PMTiles file.
    pub file: Option<PathBuf>,
    /// The address of a square of the service, with `{z}`, `{x}` and `{y}`. A key in it is a secret.
    pub url: Option<String>,
    /// The least and the deepest zoom of the service.
    pub zooms: Option<(u8, u8)>,
    /// Whose map it is, as it stands on the map. A PMTiles file may say it itself.
    pub credit: Option<Bilingual>,
    /// The squares of the service are in web mercator. It has to be said, because others look alike and lie elsewhere.
    pub web_mercator: Option<bool>,
}

/// Says what is wrong with the form of the settings below `[map]`, a sentence each.
pub(super) fn misread(value: &toml::Value) -> Vec<String> {
    let Some(written) = value.as_table() else {
        return vec!["map: write a part of its own, [map], with base and what belongs to it below.".to_owned()];
    };
    let fault = |(key, value): (&String, &toml::Value)| {
        let Some((_, form)) = SETTINGS.iter().find(|(name, _)| name == key) else {
            let names: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
            return Some(format!("map.{key}: there is no such setting. Below [map] stand {}.", names.join(", ")));
        };
        let alone = toml::Table::from_iter([(key.clone(), value.clone())]);
        alone.try_into::<MapSettings>().err().map(|_| format!("map.{key}: write {form}."))
    };
    written.iter().filter_map(fault).collect()
}

impl Configuration {
    /// The map below the city's own, if one is set.
    ///
    /// # Errors
    /// A sentence for each setting that is missing, is not for this kind of map or cannot be used. None repeats the
    /// address, in which there may be a key.
    pub fn base_map(&self) -> Result<Option<BaseMap>, Vec<String>> {
        let Some(map) = &self.map else { return Ok(None) };
        match map.base.as_str() {
            "pmtiles" => map.file().map(Some),
            "wmts" => self.service(map).map(Some),
            _ => Err(vec!["map.base: write \"pmtiles\" for a file, or \"wmts\" for a service of tiles.".to_owned()]),
        }
    }

    fn service(&self, map: &MapSettings) -> Result<BaseMap, Vec<String>> {
        let mut faults = Vec::new();
        if map.file.is_some() {
            faults.push("map.file: it is for base = \"pmtiles\". Take it out.".to_owned());
        }
        let url = map.url.clone().unwrap_or_default();
        if !super::faults::is_web_address(&url) || PARTS.iter().any(|part| !url.contains(part)) {
            faults.push("map.url: write the address of a tile with {z}, {x} and {y} in it, https://HOST/….".to_owned());
        } else if kernel::network::host_in_the_clear(&url).is_some_and(|host| !self.is_near(host)) {
            faults.push(
                "map.url: what is looked at would go over the open network without encryption. Write https://, or \
                 http:// to the number of an address that allowed_targets lists."
                    .to_owned(),
            );
        }
        if map.web_mercator != Some(true) || is_in_degrees(&url) {
            faults.push(
                "map.web_mercator: only tiles in web mercator lie where the city's own map does. Of Tianditu take a \
                 layer whose address says _w (vec_w, img_w) and not _c, and write web_mercator = true."
                    .to_owned(),
            );
        }
        let zooms = map.zooms.filter(|(least, deepest)| least <= deepest && *deepest <= DEEPEST);
        if zooms.is_none() {
            faults.push(format!(
                "map.zooms: write the least and the deepest zoom of the service, such as [1, 18], at most {DEEPEST}."
            ));
        }
        match (zooms, map.credit()) {
            (Some(zooms), Some(credit)) if faults.is_empty() => Ok(BaseMap::Service { url, zooms, credit }),
            (_, credit) => {
                faults.extend(credit.is_none().then(|| {
                    "map.credit: write whose map it is in both languages, { zh = \"…\", en = \"…\" }. It stands on the \
                     map, as whoever gives the tiles demands."
                        .to_owned()
                }));
                Err(faults)
            }
        }
    }
}

impl MapSettings {
    fn file(&self) -> Result<BaseMap, Vec<String>> {
        let others = [("url", self.url.is_some()), ("zooms", self.zooms.is_some())];
        let others = others.into_iter().chain([("web_mercator", self.web_mercator.is_some())]);
        let out = |(name, _)| format!("map.{name}: it is for base = \"wmts\"; a file says it itself. Take it out.");
        let mut faults: Vec<String> = others.filter(|(_, there)| *there).map(out).collect();
        match self.file.clone().filter(|file| !file.as_os_str().is_empty()) {
            Some(file) if faults.is_empty() => Ok(BaseMap::File { file, credit: self.credit() }),
            file => {
                let missing = "map.file: it is missing. Write the path of a PMTiles file, \"city.pmtiles\".".to_owned();
                faults.extend(file.is_none().then_some(missing));
                Err(faults)
            }
        }
    }

    fn credit(&self) -> Option<Bilingual> {
        self.credit.clone().filter(|credit| !credit.zh.trim().is_empty() && !credit.en.trim().is_empty())
    }
}

/// Whether an address asks Tianditu or the like for tiles in degrees.
fn is_in_degrees(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    let set = url.split(['?', '&']).find_map(|part| part.strip_prefix("tilematrixset="));
    url.contains("_c/wmts") || set == Some("c")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIANDITU: &str = "base = \"wmts\"\nzooms = [1, 18]\nweb_mercator = true\n\
        credit = { zh = \"天地图\", en = \"Tianditu\" }\n\
        url = \"https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default\
        &TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=hunter2\"\n";

    fn read(below: &str) -> Configuration {
        Configuration::parse(&format!("[map]\n{below}")).unwrap()
    }

    fn faults(below: &str) -> Vec<String> {
        read(below).base_map().err().unwrap_or_default()
    }

    #[test]
    fn without_the_settings_there_is_no_map_below() {
        assert!(Configuration::default().base_map().is_ok_and(|map| map.is_none()));
        assert!(matches!(read(TIANDITU).base_map(), Ok(Some(BaseMap::Service { zooms: (1, 18), .. }))));
        let file = read("base = \"pmtiles\"\nfile = \"city.pmtiles\"\n");
        assert!(matches!(file.base_map(), Ok(Some(BaseMap::File { credit: None, .. }))));
    }

    #[test]
    fn each_setting_of_the_map_that_cannot_be_used_is_named_with_what_to_do() {
        let line = |from: &str, to: &str| TIANDITU.replace(from, to);
        let table: [(String, &[&str]); 13] = [
            (String::new(), &["map.base: "]),
            ("base = \"tms\"".to_owned(), &["map.base: "]),
            ("base = \"pmtiles\"".to_owned(), &["map.file: "]),
            ("base = \"pmtiles\"\nfile = \"\"\nzooms = [1, 2]".to_owned(), &["map.zooms: ", "map.file: "]),
            (format!("{TIANDITU}file = \"a\""), &["map.file: "]),
            (line("{x}", "{column}"), &["map.url: "]),
            (line("https://", "http://"), &["map.url: "]),
            (line("https://t0.tianditu.gov.cn", "ftp://map.test"), &["map.url: "]),
            (line("vec_w", "vec_c"), &["map.web_mercator: "]),
            (line("TILEMATRIXSET=w", "TILEMATRIXSET=c"), &["map.web_mercator: "]),
            (line("web_mercator = true", ""), &["map.web_mercator: "]),
            (line("[1, 18]", "[18, 1]"), &["map.zooms: "]),
            (line("zh = \"天地图\"", "zh = \" \""), &["map.credit: "]),
        ];
        for (below, named) in table {
            let told = faults(&below);
            assert_eq!(told.len(), named.len(), "{below}: {told:?}");
            for (fault, name) in told.iter().zip(named) {
                assert!(fault.starts_with(name) && !fault.contains("hunter2"), "{below}: {fault}");
            }
        }
        assert_eq!(faults("base = \"wmts\"").len(), 4, "all at once");
    }

    #[test]
    fn a_setting_of_another_form_is_told_with_its_form() {
        let table: [(&str, &[&str]); 6] = [
            ("map = 1", &["map: write a part"]),
            ("map = { bass = \"pmtiles\" }", &["map.bass: there is no such"]),
            ("[map]\nbase = 1\nzooms = \"1-18\"", &["map.base: write one text", "map.zooms: write the least"]),
            ("[map]\nzooms = [1, 2, 3]", &["map.zooms: write the least"]),
            ("[map]\ncredit = \"天地图\"", &["map.credit: write the words"]),
            ("[map]\nurl = [\"hunter2\"]\nweb_mercator = \"yes\"", &["map.url: ", "map.web_mercator: "]),
        ];
        for (text, named) in table {
            let told = Configuration::parse(text).err().unwrap();
            assert_eq!(told.len(), named.len(), "{text}: {told:?}");
            let all = |name: &&&str| told.iter().any(|fault| fault.starts_with(**name) && !fault.contains("hunter2"));
            assert_eq!(named.iter().filter(all).count(), named.len(), "{text}: {told:?}");
        }
    }
}
