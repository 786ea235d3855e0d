//! This file writes the page of an answer, which a browser shows and prints without anything else.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kernel::language::Lang;

use super::{Entry, Listing, Sheet};
use crate::plan::picture::{Dot, Labels, escaped, svg, svg_with_numbers};

/// A table has no more lines than people print: those of a large community.
const MOST_LINES: usize = 3_000;

/// How the page looks, on a screen and on paper.
const STYLE: &str = "\
    body{font:15px/1.5 system-ui,\"Noto Sans SC\",\"Microsoft YaHei\",sans-serif;color:#1a1a1a;margin:0 auto;\
    max-width:62rem;padding:1rem}\
    h1{font-size:1.6rem;margin:.3rem 0}h2{font-size:1.15rem;margin:1.4rem 0 .4rem}\
    dl{display:flex;flex-wrap:wrap;gap:.4rem 2rem;margin:.6rem 0}dt{color:#555}dd{margin:0;font-size:1.3rem}\
    figure{margin:1rem 0;border:1px solid #ddd}svg{display:block;width:100%;height:auto;max-height:90vh}\
    table{border-collapse:collapse;width:100%}th,td{border:1px solid #ccc;padding:.15rem .5rem;text-align:left;\
    vertical-align:top}th{background:#f2f4f5}.num{text-align:right}ul{padding-left:1.2rem}\
    footer{color:#555;margin-top:1.5rem}\
    @media print{section{break-before:page}\
    body{font-size:11px;max-width:none;padding:0}figure{break-inside:avoid}svg{max-height:65vh}tr{break-inside:avoid}\
    thead{display:table-header-group}}";

/// Returns the page.
pub(super) fn page(listing: &Listing, lang: Lang) -> String {
    let title = escaped(listing.title.get(lang));
    let mut text = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<dl>\n",
        lang.code()
    );
    for (name, figure) in &listing.figures {
        let _ = writeln!(text, "<div><dt>{}</dt><dd>{figure}</dd></div>", escaped(name.get(lang)));
    }
    text.push_str("</dl>\n");
    drawn(listing, lang, &mut text);
    if !listing.said.is_empty() {
        let _ = writeln!(text, "<h2>{}</h2>\n<ul>", lang.pick("需要知道", "What to know"));
        for said in &listing.said {
            let _ = writeln!(text, "<li>{}</li>", escaped(said.get(lang)));
        }
        text.push_str("</ul>\n");
    }
    table(&listing.sums, lang, &mut text);
    sections(&listing.lines, lang, &mut text);
    if listing.on_map {
        let source = lang.pick("地图：© OpenStreetMap contributors", "Map: © OpenStreetMap contributors");
        let _ = writeln!(text, "<footer>{source}</footer>");
    }
    text.push_str("</body>\n</html>\n");
    text
}

/// Draws what is anywhere.
fn drawn(listing: &Listing, lang: Lang, text: &mut String) {
    let sheet = if listing.lines.is_placed() { &listing.lines } else { &listing.sums };
    let dot = |entry: &Entry| {
        let title = entry.cells.iter().map(super::Said::shown).filter(|said| !said.is_empty()).collect::<Vec<_>>();
        Some(Dot { at: entry.at?, group: entry.group, title: title.join(" · ") })
    };
    let dots: Vec<Dot> = sheet.entries.iter().filter_map(dot).collect();
    if dots.is_empty() {
        return;
    }
    let Listing { strokes, numbers, names, degrees, .. } = listing;
    let picture = if numbers.is_empty() {
        svg(&dots, strokes, *degrees)
    } else {
        let all: Vec<Dot> = listing.below.iter().chain(&dots).cloned().collect();
        let title = listing.lines.name.get(lang);
        let labels = Labels { title, numbers, names, said: listing.legend.get(lang) };
        svg_with_numbers(&all, strokes, labels, *degrees, lang)
    };
    let _ = writeln!(text, "<figure>\n{picture}</figure>");
}

/// Writes a list with a section for each community, which begins on a new sheet of paper. A list that does not begin
/// with the community is one table.
fn sections(sheet: &Sheet, lang: Lang, text: &mut String) {
    if sheet.titles.first().is_none_or(|title| title.key != "community") {
        table(sheet, lang, text);
        return;
    }
    let mut parts: Vec<(String, Vec<&Entry>)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &sheet.entries {
        let community = entry.cells.first().map(super::Said::shown).unwrap_or_default();
        let at = *known.entry(community.clone()).or_insert(parts.len());
        match parts.get_mut(at) {
            Some((_, entries)) => entries.push(entry),
            None => parts.push((community, vec![entry])),
        }
    }
    for (community, entries) in &parts {
        let _ = writeln!(text, "<section>\n<h2>{} · {}</h2>", escaped(community), escaped(sheet.name.get(lang)));
        rows(sheet, entries, lang, text);
        text.push_str("</section>\n");
    }
}

fn table(sheet: &Sheet, lang: Lang, text: &mut String) {
    if sheet.entries.is_empty() {
        return;
    }
    let _ = writeln!(text, "<h2>{}</h2>", escaped(sheet.name.get(lang)));
    rows(sheet, &sheet.entries.iter().collect::<Vec<_>>(), lang, text);
}

/// Writes some lines of a table, and where the others stand if they are too many.
fn rows(sheet: &Sheet, entries: &[&Entry], lang: Lang, text: &mut String) {
    text.push_str("<table>\n<thead><tr>\n");
    let class = |whole: bool| if whole { " class=\"num\"" } else { "" };
    for title in &sheet.titles {
        let _ = writeln!(text, "<th{}>{}</th>", class(title.whole), escaped(title.said.get(lang)));
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for entry in entries.iter().take(MOST_LINES) {
        text.push_str("<tr>");
        for (title, said) in sheet.titles.iter().zip(&entry.cells) {
            let _ = write!(text, "<td{}>{}</td>", class(title.whole), escaped(&said.shown()));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n");
    if let Some(more) = entries.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
        let said = match lang {
            Lang::Zh => format!("还有 {more} 行，见 answer.xlsx。"),
            Lang::En => format!("{more} more lines stand in answer.xlsx."),
        };
        let _ = writeln!(text, "<p>{said}</p>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::listing::{Said, numbers, words};
    use crate::plan::table::both;

    #[test]
    fn each_community_has_its_own_sheets_of_paper_and_all_of_its_lines() {
        let line = |community: &str, at: usize| Entry {
            cells: vec![Said::text(community), Said::Whole(at as u64)],
            at: None,
            group: None,
        };
        let both_lines = (0..2_000).flat_map(|at| [line("甲社区", at), line("乙社区", at)]);
        let many = (0..MOST_LINES + 7).map(|at| line("丙社区", at));
        let mut sheet = Sheet {
            name: both("楼栋", "Buildings"),
            titles: vec![words("community", "社区", "Community"), numbers("grid", "网格", "Grid")],
            entries: both_lines.chain(many).collect(),
        };
        let mut text = String::new();
        sections(&sheet, Lang::Zh, &mut text);
        assert_eq!(text.matches("<section>").count(), 3);
        assert_eq!(text.matches("<td>甲社区</td>").count(), 2_000);
        assert_eq!(text.matches("<td>丙社区</td>").count(), MOST_LINES);
        assert!(text.contains("<h2>乙社区 · 楼栋</h2>") && text.contains("还有 7 行，见 answer.xlsx。"));
        sheet.titles.remove(0);
        text.clear();
        sections(&sheet, Lang::Zh, &mut text);
        assert!(!text.contains("<section>") && text.contains("<h2>楼栋</h2>"));
    }
}
