//! The styles, the logo and the small scripts of the platform. They are embedded in the binary and served under names
//! that contain their hash.
//!
//! `assets/css/*.css` are joined in the order of their names into one `app.css`. Every other file is served as it is:
//! `letters.css` only goes to letters, `map.css` to pages with a map or a progress bar, `poster.css` to the picture
//! and the poster of who is who, `password.js` to pages with a password, `photo.js` to forms with photos, `where.js`
//! to the page on which somebody may say where she is, `map.js` with the library of MapLibre to the map that can be
//! zoomed and to the small one on which somebody shows where something is, `field.css`, `field.js`, `field-forms.js`
//! and `field-sw.js` to pages of the work in the field. The content behind a name with a hash never changes, so
//! browsers may cache it for ever.

use data_encoding::HEXLOWER;
use rust_embed::RustEmbed;
use sm3::{Digest, Sm3};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The library of the zoomable map, as it was installed when this was built; empty without it.
const LIBRARY: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

#[derive(RustEmbed)]
#[folder = "assets"]
struct Files;

/// One file as it goes to a browser.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The content.
    pub bytes: Cow<'static, [u8]>,
    /// The media type, with its charset where it has one.
    pub content_type: &'static str,
    /// Twelve hexadecimal digits of the SM3 of the content.
    pub hash: String,
}

/// Returns the file of a plain name (`app.css`, `letters.css`, `map.css`, `app.js`, `password.js`, `photo.js`,
/// `field.js`, `field-forms.js`, `where.js`, `mark.svg`, …).
pub fn asset(name: &str) -> Option<Asset> {
    catalogue().get(name).cloned()
}

/// Says whether the library of the zoomable map is there.
pub fn zooms() -> bool {
    !LIBRARY.is_empty()
}

/// Returns the address of a file, with its hash: `/assets/app-1a2b3c4d5e6f.css`. An unknown name gives `/assets/NAME`,
/// which is not found.
pub fn address(name: &str) -> String {
    match (catalogue().get(name), name.rsplit_once('.')) {
        (Some(asset), Some((stem, extension))) => format!("/assets/{stem}-{}.{extension}", asset.hash),
        _ => format!("/assets/{name}"),
    }
}

/// Returns the file that the last part of an address asks for, and whether the name carried the right hash (then its
/// content never changes).
///
/// A name with the hash of another build gives today's file, which browsers must not keep.
pub fn requested(file: &str) -> Option<(Asset, bool)> {
    if let Some(found) = asset(file) {
        return Some((found, false));
    }
    let (stem, extension) = file.rsplit_once('.')?;
    let (stem, hash) = stem.rsplit_once('-')?;
    let found = asset(&format!("{stem}.{extension}"))?;
    let same = found.hash == hash;
    Some((found, same))
}

/// Returns the names of all files, in order.
pub fn names() -> impl Iterator<Item = &'static str> {
    catalogue().keys().map(String::as_str)
}

fn catalogue() -> &'static BTreeMap<String, Asset> {
    static CATALOGUE: OnceLock<BTreeMap<String, Asset>> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let mut whole = BTreeMap::new();
        let mut styles = String::new();
        let mut files: Vec<_> = Files::iter().collect();
        files.sort();
        for name in files {
            let Some(file) = Files::get(&name) else { continue };
            if name.starts_with("css/") {
                styles.push_str(&compact(&String::from_utf8_lossy(&file.data)));
            } else if let Some(content_type) = content_type(&name) {
                whole.insert(name.into_owned(), described(file.data, content_type));
            }
        }
        for &(name, bytes) in LIBRARY {
            if let Some(content_type) = content_type(name) {
                whole.insert(name.to_owned(), described(Cow::Borrowed(bytes), content_type));
            }
        }
        whole.insert("app.css".to_owned(), described(Cow::Owned(styles.into_bytes()), "text/css; charset=utf-8"));
        whole
    })
}

fn described(bytes: Cow<'static, [u8]>, content_type: &'static str) -> Asset {
    let digest = HEXLOWER.encode(&Sm3::digest(&bytes));
    Asset { bytes, content_type, hash: digest.chars().take(12).collect() }
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" | "mjs" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "txt" => Some("text/plain; charset=utf-8"),
        _ => None,
    }
}

/// Spaces that a style sheet does not need; none of these pairs stands inside a quoted text of ours.
const SPARED: [(&str, &str); 12] = [
    (": ", ":"),
    ("; ", ";"),
    (", ", ","),
    (" {", "{"),
    ("{ ", "{"),
    (" }", "}"),
    (";}", "}"),
    (" > ", ">"),
    ("}\n", "}"),
    ("} ", "}"),
    ("{\n", "{"),
    (" !", "!"),
];

/// Returns a style sheet without its comments, indentation, empty lines and needless spaces.
fn compact(styles: &str) -> String {
    let mut plain = String::with_capacity(styles.len());
    let mut rest = styles;
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, behind)| behind);
    }
    plain.push_str(rest);
    let mut out = String::with_capacity(plain.len());
    for line in plain.lines().map(str::trim).filter(|line| !line.is_empty()) {
        out.push_str(line);
        out.push('\n');
    }
    SPARED.iter().fold(out, |text, (long, short)| text.replace(long, short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_file() {
        for name in names() {
            let address = address(name);
            let file = address.strip_prefix("/assets/").unwrap();
            let (found, for_ever) = requested(file).unwrap();
            assert!(for_ever, "{name}");
            assert_eq!(found.bytes, asset(name).unwrap().bytes);
        }
        assert!(!requested("app.css").unwrap().1, "a plain name may change");
        assert!(!requested("app-000000000000.css").unwrap().1, "a wrong hash may change");
        assert!(requested("nothing.css").is_none());
        assert!(requested("../Cargo.toml").is_none());
    }

    #[test]
    fn a_list_is_cards_on_a_narrow_screen_alone_and_what_is_folded_is_open_on_paper() {
        let styles = asset("app.css").unwrap().bytes;
        let styles = String::from_utf8_lossy(&styles);
        let (before, cards) = styles.split_once("{.list{border:0;").expect("lists become cards");
        assert!(before.ends_with("@media screen and (max-width:60rem)"), "paper is narrow too");
        assert!(cards.contains("::details-content{content-visibility:visible}"));
    }

    #[test]
    fn a_wide_page_begins_where_its_head_begins() {
        let styles = asset("app.css").unwrap().bytes;
        let styles = String::from_utf8_lossy(&styles);
        let rules: Vec<&str> = styles.split('}').filter(|rule| rule.contains("var(--sheet)")).collect();
        let holds =
            |part: &str| rules.iter().any(|rule| rule.contains(part) && rule.contains("max-width:var(--sheet)"));
        assert!(holds(".bar,") && holds("main{"), "{rules:?}");
        assert!(styles.contains("body:has(>main.wide){--sheet:"), "both are made wider together");
        assert!(!styles.contains("main.wide{"), "not the page alone");
    }

    #[test]
    fn days_and_numbers_of_a_table_stay_on_one_line() {
        let styles = asset("app.css").unwrap().bytes;
        let styles = String::from_utf8_lossy(&styles);
        let (_, wide) =
            styles.split_once("@media print,(min-width:60rem){").expect("wide tables have rules of their own");
        let (rule, _) = wide.split_once('}').unwrap();
        assert!(rule.contains(":is(.day,td.num,td time)") && rule.contains("white-space:nowrap"), "{rule}");
    }

    #[test]
    fn files_stay_small() {
        for (name, limit) in [
            ("app.css", 32 * 1024),
            ("letters.css", 3 * 1024),
            ("map.css", 5 * 1024),
            ("poster.css", 4 * 1024),
            ("app.js", 12 * 1024),
            ("password.js", 2 * 1024),
            ("photo.js", 5 * 1024),
            ("field.css", 1024),
            ("field.js", 30 * 1024),
            ("field-forms.js", 7 * 1024 + 512),
            ("field-sw.js", 3 * 1024 + 512),
            ("where.js", 2 * 1024),
            ("map.js", 7 * 1024),
            ("map-base.js", 4 * 1024),
            ("mark.svg", 1024),
        ] {
            let size = asset(name).unwrap().bytes.len();
            assert!(size <= limit, "{name}: {size} > {limit} bytes");
        }
    }

    /// Returns the numbers that follow a mark in the tokens, each up to its unit.
    fn sizes(mark: &str) -> Vec<f64> {
        let tokens = include_str!("../assets/css/10-tokens.css");
        let number = |text: &str| {
            let digits: String = text.chars().take_while(|sign| sign.is_ascii_digit() || *sign == '.').collect();
            digits.parse().unwrap()
        };
        tokens.split(mark).skip(1).map(number).collect()
    }

    #[test]
    fn the_number_of_a_case_and_of_a_person_fit_their_fields_at_every_size_of_letters() {
        let forms = include_str!("../assets/css/40-forms.css");
        let share = |field: &str| -> f64 {
            let (_, rule) = forms.split_once(&format!(r#"[name="{field}"] {{ font-size: min(1em, "#)).unwrap();
            rule.split_once("vw").unwrap().0.parse().unwrap()
        };
        let shares = [share("number"), share("proof")];
        let (scales, letters) = (sizes("--scale: "), sizes("--text: "));
        assert!(scales.len() == 9 && letters.len() == 2, "{scales:?} {letters:?}");
        // The first five scales are those of the usual view, which begins with 1; the elder view has 1 too.
        let (usual, elder) = scales.split_at(5);
        let views = usual.iter().map(|scale| (scale, letters[0])).chain(elder.iter().map(|scale| (scale, letters[1])));
        for (scale, size) in views {
            for width in [320.0, 360.0, 390.0] {
                let root = 16.0 * scale;
                // Around the letters stand the edge of the page (1 rem), the padding (.75 rem) and line of the field.
                let widest = width - 2.0 * (1.0 + 0.75) * root - 3.0;
                let [number, proof] = shares.map(|share| (size * root).min(width * share / 100.0));
                // A digit is about 0.57 of the height of its letters wide, in the widest of our fonts.
                assert!(20.0 * 0.57 * number <= widest, "{width} px, scale {scale}, size {size}: {number} in {widest}");
                // The 18 digits of an identity number are typed in a card too, whose padding is 1 rem.
                let inside = widest - 2.0 * root;
                assert!(18.0 * 0.57 * proof <= inside, "{width} px, scale {scale}, size {size}: {proof} in {inside}");
            }
        }
    }

    #[test]
    fn styles_fetch_nothing() {
        let styles = String::from_utf8(asset("app.css").unwrap().bytes.into_owned()).unwrap();
        for banned in ["url(http", "@import", "@font-face", "//"] {
            assert!(!styles.contains(banned), "{banned}");
        }
        assert_eq!(styles.matches('{').count(), styles.matches('}').count(), "braces balance");
    }

    #[test]
    fn letters_in_a_picture_take_no_stroke_from_around_it() {
        let packed = |name: &str| {
            let text = String::from_utf8(asset(name).unwrap().bytes.into_owned()).unwrap();
            text.replace([' ', '\n'], "").replace(";}", "}")
        };
        assert!(packed("app.css").contains("svgtext{stroke:none}"), "a seal would print as black blobs");
        let map = packed("map.css");
        let prints: Vec<&str> = map.split("@mediaprint").skip(1).collect();
        assert!(prints.iter().any(|print| print.contains(".maptext{fill:#000;stroke:#fff}")), "{map}");
    }

    #[test]
    fn a_printed_map_says_in_greys_what_the_screen_says_in_colours() {
        let map = include_str!("../assets/map.css");
        let (_, print) = map.rsplit_once("@media print").unwrap();
        let grey = |class: &str| {
            let (_, rest) = print.split_once(&format!("{class} {{ fill: #")).unwrap_or_else(|| panic!("{class}"));
            let digits: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            let digits = if digits.len() == 3 { digits.chars().flat_map(|one| [one, one]).collect() } else { digits };
            luminance(&digits)
        };
        for classes in [&[".s0", ".s1", ".s2", ".s3", ".s4", ".none"][..], &[".lack", ".beside)", ".in", ".own"][..]] {
            let greys: Vec<f64> = classes.iter().map(|class| grey(class)).collect();
            assert!(greys.windows(2).all(|pair| pair[1] - pair[0] > 0.1), "{classes:?} look the same: {greys:?}");
        }
        assert!((grey(".s0") + 0.05) / 0.05 >= 4.5, "black words stay readable on the darkest area");
        assert!(print.contains(".map .area { stroke: #000;"), "an area has an edge");
    }

    /// Returns the value of a token in the block that begins with `selector`.
    fn token(selector: &str, name: &str) -> Option<String> {
        let styles = include_str!("../assets/css/10-tokens.css");
        let (_, block) = styles.split_once(selector)?;
        let (block, _) = block.split_once('}')?;
        let (_, rest) = block.split_once(&format!("--{name}: #"))?;
        let digits: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        Some(if digits.len() == 3 { digits.chars().flat_map(|digit| [digit, digit]).collect() } else { digits })
    }

    /// Returns the relative luminance as WCAG 2 defines it.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(colour.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    }

    #[test]
    fn every_pair_of_colours_can_be_read() {
        let usual = ":root {";
        let dark = r#":root[data-theme="dark"] {"#;
        let elder = r#"[data-view="elder"] {"#;
        let elder_dark = r#":root[data-view="elder"][data-theme="dark"] {"#;
        let mut pairs: Vec<(&str, &str, f64)> = Vec::new();
        for ground in ["paper", "card", "wash"] {
            pairs.extend([
                ("ink", ground, 7.0),
                ("ink-soft", ground, 4.5),
                ("ink-faint", ground, 4.5),
                ("seal", ground, 3.0),
            ]);
            pairs.extend([("edge", ground, 3.0), ("focus", ground, 3.0), ("late", ground, 4.5), ("ok", ground, 4.5)]);
        }
        pairs.extend([
            ("on-seal", "seal", 4.5),
            ("on-seal", "seal-deep", 4.5),
            ("paper", "ink", 7.0),
            ("ink", "ok-wash", 7.0),
        ]);
        pairs.extend([
            ("ok", "ok-wash", 4.5),
            ("soon", "soon-wash", 4.5),
            ("late", "late-wash", 4.5),
            ("info", "info-wash", 4.5),
        ]);
        for layers in [vec![usual], vec![dark], vec![elder, usual], vec![elder_dark, dark]] {
            let colour =
                |name: &str| layers.iter().find_map(|layer| token(layer, name)).unwrap_or_else(|| panic!("{name}"));
            for (front, ground, least) in &pairs {
                let (one, other) = (luminance(&colour(front)), luminance(&colour(ground)));
                let ratio = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                assert!(ratio >= *least, "{front} on {ground} in {layers:?}: {ratio:.2} < {least}");
            }
        }
    }

    #[test]
    fn the_dark_colours_are_the_same_by_system_and_by_choice() {
        let styles = include_str!("../assets/css/10-tokens.css");
        let block = |selector: &str| {
            styles.split_once(selector).unwrap().1.split_once('}').unwrap().0.split_whitespace().collect::<String>()
        };
        assert_eq!(block(r#":root[data-theme="system"] {"#), block(r#":root[data-theme="dark"] {"#));
        assert_eq!(block(r#"[data-theme="system"] { --ink-soft"#), block(r#"[data-theme="dark"] { --ink-soft"#));
    }

    #[test]
    fn comments_and_indentation_are_left_out() {
        assert_eq!(compact("/* a */ a, b {\n  c: d; /* e */\n\n}\nf { g: h; }\n"), "a,b{c:d;\n}f{g:h}");
        assert_eq!(compact("a {} /* open"), "a{}");
    }
}
