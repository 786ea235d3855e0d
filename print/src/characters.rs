//! Finds the characters that a finished letter could not draw: an empty box in the place of a name is worse than no
//! letter.

use typst::layout::{Frame, FrameItem};
use typst::text::{TextItem, is_default_ignorable};
use typst_layout::PagedDocument;

use crate::fonts::Fonts;

/// The greatest number of characters that a refusal names.
const MOST_NAMED: usize = 20;

/// Returns the characters that cannot be drawn, each once, in the order of the letter, or none when all are drawn.
///
/// Characters for private use are never drawn, even where a font has a glyph for them. Such a character means one thing
/// in one font and another in the next, so the print would not be what was meant.
pub fn missing(document: &PagedDocument, fonts: &Fonts) -> Option<String> {
    let mut undrawn = Vec::new();
    for page in document.pages() {
        walk(&page.frame, &mut undrawn);
    }
    // The layout gives up the rest of a run at its first character that no font has. Characters that some font draws
    // are not blamed.
    let blamed: Vec<char> = undrawn.iter().copied().filter(|c| is_private(*c) || !fonts.draw(*c)).collect();
    let named = if blamed.is_empty() { undrawn } else { blamed };
    (!named.is_empty()).then(|| named.into_iter().take(MOST_NAMED).collect())
}

fn walk(frame: &Frame, undrawn: &mut Vec<char>) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => walk(&group.frame, undrawn),
            FrameItem::Text(run) => note(run, undrawn),
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}

/// Notes the characters of the run whose glyph is number 0, the empty box.
fn note(run: &TextItem, undrawn: &mut Vec<char>) {
    for glyph in &run.glyphs {
        for c in run.text.get(glyph.range()).unwrap_or_default().chars() {
            let drawn = glyph.id != 0 && !is_private(c);
            if !drawn && !is_default_ignorable(c) && !undrawn.contains(&c) {
                undrawn.push(c);
            }
        }
    }
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_use_is_known_by_its_ranges() {
        for (c, private) in [('\u{E000}', true), ('\u{F8FF}', true), ('\u{F0000}', true), ('𠮷', false), ('䶮', false)]
        {
            assert_eq!(is_private(c), private, "U+{:X}", u32::from(c));
        }
    }
}
