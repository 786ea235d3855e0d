//! This file writes the page of an answer, which a browser shows and prints without anything else.

use std::fmt::Write as _;

use kernel::language::Lang;

use super::{Listing, Sheet};
use crate::plan::picture::{Dot, escaped, svg};

/// A page has no more lines than people print.
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
    @media print{body{font-size:11px;max-width:none;padding:0}figure{break-inside:avoid}tr{break-inside:avoid}\
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
    drawn(listing, &mut text);
    if !listing.said.is_empty() {
        let _ = writeln!(text, "<h2>{}</h2>\n<ul>", lang.pick("需要知道", "What to know"));
        for said in &listing.said {
            let _ = writeln!(text, "<li>{}</li>", escaped(said.get(lang)));
        }
        text.push_str("</ul>\n");
    }
    table(&listing.sums, lang, &mut text);
    table(&listing.lines, lang, &mut text);
    if listing.on_map {
        let source = lang.pick("地图：© OpenStreetMap contributors", "Map: © OpenStreetMap contributors");
        let _ = writeln!(text, "<footer>{source}</footer>");
    }
    text.push_str("</body>\n</html>\n");
    text
}

/// Draws what is anywhere.
fn drawn(listing: &Listing, text: &mut String) {
    let sheet = if listing.lines.is_placed() { &listing.lines } else { &listing.sums };
    let dot = |entry: &super::Entry| {
        let title = entry.cells.iter().map(super::Said::shown).filter(|said| !said.is_empty()).collect::<Vec<_>>();
        Some(Dot { at: entry.at?, group: entry.group, title: title.join(" · ") })
    };
    let dots: Vec<Dot> = sheet.entries.iter().filter_map(dot).collect();
    if !dots.is_empty() {
        let _ = writeln!(text, "<figure>\n{}</figure>", svg(&dots, &[], listing.degrees));
    }
}

fn table(sheet: &Sheet, lang: Lang, text: &mut String) {
    if sheet.entries.is_empty() {
        return;
    }
    let _ = writeln!(text, "<h2>{}</h2>\n<table>\n<thead><tr>", escaped(sheet.name.get(lang)));
    let class = |whole: bool| if whole { " class=\"num\"" } else { "" };
    for title in &sheet.titles {
        let _ = writeln!(text, "<th{}>{}</th>", class(title.whole), escaped(title.said.get(lang)));
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for entry in sheet.entries.iter().take(MOST_LINES) {
        text.push_str("<tr>");
        for (title, said) in sheet.titles.iter().zip(&entry.cells) {
            let _ = write!(text, "<td{}>{}</td>", class(title.whole), escaped(&said.shown()));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n");
    if let Some(more) = sheet.entries.len().checked_sub(MOST_LINES).filter(|more| *more > 0) {
        let said = match lang {
            Lang::Zh => format!("还有 {more} 行，见 answer.xlsx。"),
            Lang::En => format!("{more} more lines stand in answer.xlsx."),
        };
        let _ = writeln!(text, "<p>{said}</p>");
    }
}
