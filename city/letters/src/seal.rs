//! This file draws the picture of an office's seal (印章): a ring, a star, the name around it, and a line below.
//! Rotated letters draw it, so that it prints anywhere.
//!
//! It is a picture beside the signature and not an electronic signature. The code of a certificate proves it.

use std::fmt::Write as _;

use crate::words::Seal;

/// Is vermilion, the same on screen and on paper as in the style sheet.
const VERMILION: &str = "#b5321c";
/// Lists the star's points around the middle. The tips lie 16 from it.
const STAR: &str =
    "0,-16 3.59,-4.94 15.22,-4.94 5.81,1.89 9.4,12.94 0,6.11 -9.4,12.94 -5.81,1.89 -15.22,-4.94 -3.59,-4.94";
/// Limits how many letters stand around a seal.
const MOST_LETTERS: usize = 40;
/// Says how far from the middle the tops of the letters lie.
const TOPS: f64 = 43.5;
/// Limits the degrees between the middles of two letters. `SPREAD` limits the degrees over all of them.
const STEP: f64 = 25.0;
const SPREAD: f64 = 252.0;
/// Is the length of the letters' arc. `SMALLEST` and `LARGEST` limit the size of a letter.
const ARC: f64 = 150.0;
const SMALLEST: f64 = 3.0;
const LARGEST: f64 = 12.0;

impl Seal {
    /// Returns what stands inside an `<svg viewBox="-50 -50 100 100">`.
    #[must_use]
    pub fn drawn(&self) -> String {
        let letters: Vec<char> =
            self.name.chars().filter(|letter| !letter.is_whitespace()).take(MOST_LETTERS).collect();
        let count = u32::try_from(letters.len()).map_or(1.0, f64::from).max(1.0);
        let size = (ARC / count).clamp(SMALLEST, LARGEST);
        let spread = (count * STEP).min(SPREAD);
        let gap = if count > 1.0 { spread / (count - 1.0) } else { 0.0 };
        let first = if count > 1.0 { -spread / 2.0 } else { 0.0 };
        let mut svg = format!(
            "<g fill=\"{VERMILION}\" stroke=\"none\" text-anchor=\"middle\" font-weight=\"700\"><circle r=\"47\" fill=\"none\" stroke=\"{VERMILION}\" \
             stroke-width=\"3\"/><polygon points=\"{STAR}\"/>"
        );
        for (index, letter) in (0_u32..).zip(letters) {
            let (angle, y) = (first + gap * f64::from(index), size * 0.88 - TOPS);
            let letter = escaped(&letter.to_string());
            let _ = write!(
                svg,
                "<text transform=\"rotate({angle:.2})\" y=\"{y:.2}\" font-size=\"{size:.2}\">{letter}</text>"
            );
        }
        let _ = write!(svg, "<text y=\"31\" font-size=\"8\">{}</text></g>", escaped(&self.line));
        svg
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(name: &str) -> String {
        Seal { name: name.to_owned(), line: "专用章".to_owned() }.drawn()
    }

    #[test]
    fn the_name_stands_evenly_around_the_ring() {
        let svg = drawn("大东区民政局");
        assert_eq!(svg.matches("<text").count(), 7, "six letters and the line: {svg}");
        for part in ["rotate(-75.00)", "rotate(75.00)", ">政</text>", ">专用章</text>", VERMILION, "<polygon"] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert!(
            svg.starts_with("<g fill=\"#b5321c\" stroke=\"none\""),
            "no letter takes a stroke from around it: {svg}"
        );
        assert_eq!(svg.matches("stroke=\"#").count(), 1, "the ring alone has one: {svg}");
        assert!(drawn("局").contains("rotate(0.00)"), "one letter stands at the top");
        assert!(drawn("").contains("专用章"));
    }

    #[test]
    fn a_long_name_is_written_smaller_and_never_breaks_out() {
        let svg = drawn(&"街".repeat(60));
        assert_eq!(svg.matches(">街<").count(), MOST_LETTERS);
        assert!(svg.contains("rotate(-126.00)") && svg.contains("font-size=\"3.75\""), "{svg}");
        assert!(!drawn("<b>&").contains("<b>"), "a name is text");
    }
}
