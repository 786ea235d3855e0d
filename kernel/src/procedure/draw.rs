//! Drawing a procedure as an SVG diagram that stands by itself: no style sheet, no script, nothing fetched.

use super::layout::{Card, HEAD, Line, count, lay_out, text_width};
use super::{Action, By, ClockState, LimitRule, Procedure, State, StateLimit, Waits};
use crate::calendar::{Limit, Unit};
use crate::language::Lang;
use std::fmt::Write;

// The light colours of the product's tokens.
const INK: &str = "#1d2230";
const SOFT: &str = "#4d5566";
const FAINT: &str = "#78808f";
const PAPER: &str = "#fbf9f5";
const CARD: &str = "#ffffff";
const LINE: &str = "#e3ded4";
const WASH: &str = "#f3efe7";
const OK: &str = "#1f6b45";
const OK_WASH: &str = "#e6f1ea";
const SOON: &str = "#855400";
const SOON_WASH: &str = "#fbf0d9";
const FONT: &str = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif";

/// Height of a line of notes below the diagram.
const NOTE: i32 = 22;

/// Draws the procedure: states as cards from left to right with their actions, who takes them and where they lead.
/// Terminal states have a double edge. Colour, sign and words say what the clocks do and how long a state lasts at
/// most. Below stands who takes part and which clocks there are.
pub fn draw(procedure: &Procedure, lang: Lang) -> String {
    let layout =
        lay_out(procedure, |action| row_width(procedure, action, lang), |state| head_width(procedure, state, lang));
    let notes = [parties_words(procedure, lang), clocks_words(procedure, lang)];
    let notes: Vec<&String> = notes.iter().filter(|note| !note.is_empty()).collect();
    let height = layout.height + 40 + NOTE * count(notes.len());
    let widest = notes.iter().map(|note| text_width(note, 12) + 76).max().unwrap_or_default();
    let width = layout.width.max(720).max(widest);
    let title = escape(procedure.title.get(lang));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" lang=\"{}\" font-family=\"{FONT}\" font-size=\"13\" fill=\"{INK}\">\n<title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{PAPER}\"/>\n",
        lang.code()
    );
    text(&mut svg, 32, 46, &title, "font-size=\"22\" font-weight=\"600\"");
    let version = lang.pick("版本", "version");
    let after = 32 + text_width(procedure.title.get(lang), 24) + 14;
    text(&mut svg, after, 46, &format!("{} · {version} {}", procedure.name, procedure.version), &fill(FAINT));
    for line in &layout.lines {
        draw_line(&mut svg, line);
    }
    for card in &layout.cards {
        draw_card(&mut svg, card, procedure, lang);
    }
    draw_legend(&mut svg, layout.height + 12, lang);
    for (row, note) in notes.into_iter().enumerate() {
        let y = layout.height + 12 + NOTE * (count(row) + 1);
        text(&mut svg, 38, y, &escape(note), &format!("font-size=\"12\" fill=\"{SOFT}\""));
    }
    svg.push_str("</svg>\n");
    svg
}

fn fill(colour: &str) -> String {
    format!("fill=\"{colour}\"")
}

/// Writes a text that is already escaped.
fn text(svg: &mut String, x: i32, y: i32, words: &str, attributes: &str) {
    let _ = writeln!(svg, "<text x=\"{x}\" y=\"{y}\" {attributes}>{words}</text>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn row_width(procedure: &Procedure, action: &Action, lang: Lang) -> i32 {
    text_width(action.title.get(lang), 13) + text_width(by_word(procedure, &action.by, lang), 11) + 52
}

fn head_width(procedure: &Procedure, state: &State, lang: Lang) -> i32 {
    let title = text_width(state.title.get(lang), 16) + 34;
    title.max(text_width(&state_words(procedure, state, lang), 11) + 50)
}

/// What the clocks do in a state, on which ground, who is waited for, and how long at most.
fn state_words(procedure: &Procedure, state: &State, lang: Lang) -> String {
    let ground = state.ground.as_ref().map(|ground| format!(" ({ground})")).unwrap_or_default();
    let mut words = format!("{}{ground}", clock_word(state.clock, lang));
    for (name, clock) in &state.clocks {
        let title = procedure.clocks.get(name).map_or(name.as_str(), |clock| clock.title.get(lang));
        let _ = write!(words, " · {title}: {}", clock_word(*clock, lang));
    }
    let _ = write!(words, " · {}", waits_word(state.waits_for, lang));
    words.push_str(&latest_words(procedure, state, lang));
    words
}

fn latest_words(procedure: &Procedure, state: &State, lang: Lang) -> String {
    let Some(latest) = &state.latest else { return String::new() };
    let limit = match &latest.limit {
        StateLimit::Rule(code) => code.clone(),
        StateLimit::Fixed(limit) => limit_words(*limit, lang),
    };
    let then = latest.then.as_ref().and_then(|then| procedure.actions.get(then));
    let then = then.map(|action| format!(" → {}", action.title.get(lang))).unwrap_or_default();
    format!(" · {} {limit}{then}", lang.pick("最长", "at most"))
}

fn limit_words(limit: Limit, lang: Lang) -> String {
    let unit = match limit.unit {
        Unit::CalendarDay => lang.pick("天", "calendar days"),
        Unit::WorkingDay => lang.pick("个工作日", "working days"),
        Unit::WorkingHour => lang.pick("个工作时", "working hours"),
        Unit::UrgentHour => lang.pick("个紧急工作时", "urgent hours"),
    };
    format!("{} {unit}", limit.amount)
}

/// Who takes part, in the order of the file.
fn parties_words(procedure: &Procedure, lang: Lang) -> String {
    let mut parties: Vec<_> = procedure.parties.values().collect();
    parties.sort_by_key(|party| party.order);
    let shown = parties.into_iter().map(|party| {
        let most = party.max.map_or_else(|| lang.pick("不限", "any").to_owned(), |most| most.to_string());
        let consents = if party.must_consent { lang.pick("，须同意", ", must consent") } else { "" };
        format!("{} {}–{most}{consents}", party.title.get(lang), party.min)
    });
    let shown: Vec<String> = shown.collect();
    if shown.is_empty() {
        return String::new();
    }
    format!("{}{}", lang.pick("当事人：", "Parties: "), shown.join(lang.pick("；", "; ")))
}

/// The clocks with where their limits come from, in the order of the file.
fn clocks_words(procedure: &Procedure, lang: Lang) -> String {
    let mut clocks: Vec<_> = procedure.clocks.values().collect();
    clocks.sort_by_key(|clock| clock.order);
    let shown = clocks.into_iter().map(|clock| {
        let limit = match &clock.limit {
            LimitRule::Item => lang.pick("按事项", "from the item").to_owned(),
            LimitRule::Given => lang.pick("按约定的日期", "a date that is given").to_owned(),
            LimitRule::Rule(code) => code.clone(),
            LimitRule::Fixed(limit) => limit_words(*limit, lang),
        };
        format!("{} ({limit})", clock.title.get(lang))
    });
    let shown: Vec<String> = shown.collect();
    format!("{}{}", lang.pick("时限：", "Clocks: "), shown.join(lang.pick("；", "; ")))
}

fn by_word<'a>(procedure: &'a Procedure, by: &'a By, lang: Lang) -> &'a str {
    match by {
        By::Applicant => lang.pick("申请人", "applicant"),
        By::Counter => lang.pick("任一窗口", "any counter"),
        By::Desk => lang.pick("受理窗口", "its counter"),
        By::Office => lang.pick("承办单位", "office"),
        By::Supervisor => lang.pick("督办", "supervisor"),
        By::System => lang.pick("系统", "platform"),
        By::Party(role) => procedure.parties.get(role).map_or(role.as_str(), |party| party.title.get(lang)),
    }
}

fn waits_word(waits: Waits, lang: Lang) -> &'static str {
    match waits {
        Waits::Applicant => lang.pick("等申请人", "waits for applicant"),
        Waits::Counter => lang.pick("等窗口", "waits for counter"),
        Waits::Office => lang.pick("等承办单位", "waits for office"),
        Waits::Party => lang.pick("等当事人", "waits for a party"),
        Waits::Nobody => lang.pick("流程结束", "the end"),
    }
}

fn clock_word(clock: ClockState, lang: Lang) -> &'static str {
    match clock {
        ClockState::NotStarted => lang.pick("还没开始计时", "clock not started"),
        ClockState::Running => lang.pick("计时中", "clock runs"),
        ClockState::Stopped => lang.pick("暂停计时", "on hold"),
        ClockState::Ended => lang.pick("计时结束", "clock ended"),
    }
}

/// The colours of a state's head: wash, and sign.
const fn colours(clock: ClockState) -> (&'static str, &'static str) {
    match clock {
        ClockState::NotStarted => (CARD, FAINT),
        ClockState::Running => (OK_WASH, OK),
        ClockState::Stopped => (SOON_WASH, SOON),
        ClockState::Ended => (WASH, SOFT),
    }
}

fn draw_line(svg: &mut String, line: &Line) {
    let (colour, width) = if line.primary { (INK, "2") } else { (FAINT, "1.25") };
    let mut path = String::new();
    for (index, (x, y)) in line.points.iter().enumerate() {
        let _ = write!(path, "{}{x} {y}", if index == 0 { "M" } else { " L" });
    }
    let _ = writeln!(
        svg,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"/>"
    );
    if let (true, [.., (before, _), (x, y)]) = (line.arrow, line.points.as_slice()) {
        let back = if before > x { 9 } else { -9 };
        let (up, down, tail) = (y - 5, y + 5, x + back);
        let _ = writeln!(svg, "<path d=\"M{x} {y} L{tail} {up} L{tail} {down} Z\" fill=\"{colour}\"/>");
    }
}

fn draw_card(svg: &mut String, card: &Card<'_>, procedure: &Procedure, lang: Lang) {
    let (x, y, width) = (card.x, card.y, card.width);
    if let Some((_, state)) = card.state {
        draw_state(svg, card, state, &escape(&state_words(procedure, state, lang)), lang);
    } else {
        frame(svg, card, 0, "fill=\"none\" stroke-dasharray=\"5 4\"", FAINT);
        let begin = lang.pick("开始", "Start");
        text(svg, x + 16, y + 32, begin, "font-size=\"15\" font-weight=\"600\"");
    }
    for (row, (_, action)) in card.rows.iter().enumerate() {
        let base = card.row_y(row) + 5;
        let weight = if action.primary { "font-weight=\"600\"" } else { "" };
        text(svg, x + 16, base, &escape(action.title.get(lang)), weight);
        let by = format!("font-size=\"11\" text-anchor=\"end\" fill=\"{SOFT}\"");
        text(svg, x + width - 14, base, &escape(by_word(procedure, &action.by, lang)), &by);
    }
}

fn draw_state(svg: &mut String, card: &Card<'_>, state: &State, words: &str, lang: Lang) {
    let (x, y, width) = (card.x, card.y, card.width);
    let (wash, colour) = colours(state.clock);
    frame(svg, card, 0, &fill(CARD), if state.terminal { INK } else { colour });
    if card.rows.is_empty() {
        frame(svg, card, 4, &fill(wash), if state.terminal { INK } else { LINE });
    } else {
        let (left, top, right, bottom) = (x + 1, y + 1, x + width - 1, y + HEAD - 4);
        let _ = writeln!(
            svg,
            "<path d=\"M{left} {bottom} V{} Q{left} {top} {} {top} H{} Q{right} {top} {right} {} V{bottom} Z\" fill=\"{wash}\"/>",
            top + 7,
            left + 7,
            right - 7,
            top + 7
        );
    }
    text(svg, x + 16, y + 23, &escape(state.title.get(lang)), "font-size=\"15\" font-weight=\"600\"");
    sign(svg, x + 22, y + 37, state.clock);
    text(svg, x + 34, y + 41, words, &format!("font-size=\"11\" fill=\"{colour}\""));
}

fn frame(svg: &mut String, card: &Card<'_>, inset: i32, attributes: &str, stroke: &str) {
    let (x, y) = (card.x + inset, card.y + inset);
    let (width, height) = (card.width - 2 * inset, card.height - 2 * inset);
    let radius = 8 - inset;
    let _ = writeln!(
        svg,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" stroke=\"{stroke}\" \
         stroke-width=\"1.25\" {attributes}/>"
    );
}

/// The sign of what the clocks do: an empty ring, a triangle, two bars, a square.
fn sign(svg: &mut String, x: i32, y: i32, clock: ClockState) {
    let (_, colour) = colours(clock);
    let shape = match clock {
        ClockState::NotStarted => {
            format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"4.5\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>")
        }
        ClockState::Running => {
            format!("<path d=\"M{} {} V{} L{} {y} Z\" fill=\"{colour}\"/>", x - 4, y - 5, y + 5, x + 5)
        }
        ClockState::Stopped => {
            let (left, right, top) = (x - 4, x + 1, y - 5);
            format!("<path d=\"M{left} {top} h3 v10 h-3 Z M{right} {top} h3 v10 h-3 Z\" fill=\"{colour}\"/>")
        }
        ClockState::Ended => {
            format!("<rect x=\"{}\" y=\"{}\" width=\"8\" height=\"8\" fill=\"{colour}\"/>", x - 4, y - 4)
        }
    };
    let _ = writeln!(svg, "{shape}");
}

fn draw_legend(svg: &mut String, y: i32, lang: Lang) {
    let small = format!("font-size=\"12\" fill=\"{SOFT}\"");
    let mut x = 38;
    for clock in [ClockState::NotStarted, ClockState::Running, ClockState::Stopped, ClockState::Ended] {
        sign(svg, x, y - 4, clock);
        text(svg, x + 12, y, clock_word(clock, lang), &small);
        x += text_width(clock_word(clock, lang), 12) + 40;
    }
    let usual = Line { points: vec![(x, y - 4), (x + 30, y - 4)], arrow: true, primary: true };
    draw_line(svg, &usual);
    let words = lang.pick("通常的下一步；双边框为终点", "usual next step; a double edge is an end");
    text(svg, x + 38, y, words, &small);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::procedure::load;

    const SHIPPED: [(&str, &str); 3] = [
        ("direct", include_str!("../../../data/procedures/direct.toml")),
        ("separate", include_str!("../../../data/procedures/separate.toml")),
        ("online", include_str!("../../../data/procedures/online.toml")),
    ];

    #[test]
    fn a_diagram_names_every_state_and_action_in_the_language_asked_for() {
        for (name, text) in SHIPPED {
            let procedure = load(name, text).unwrap();
            for lang in Lang::ALL {
                let svg = draw(&procedure, lang);
                assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
                for title in procedure.states.values().map(|state| &state.title) {
                    assert!(svg.contains(title.get(lang)), "{name} {title:?}");
                }
                for title in procedure.actions.values().map(|action| &action.title) {
                    assert!(svg.contains(title.get(lang)), "{name} {title:?}");
                }
                assert!(!svg.contains("href") && !svg.contains("<script"), "self-contained");
                if let Ok(folder) = std::env::var("LIANGLIN_DRAWINGS") {
                    std::fs::write(format!("{folder}/{name}.{}.svg", lang.code()), svg).unwrap();
                }
            }
        }
    }

    #[test]
    fn a_title_cannot_break_out_of_the_diagram() {
        let text = SHIPPED[0]
            .1
            .replace("en = \"Finished\"", "en = \"<script>&\"")
            .replace("en = \"Approve\"", "en = \"\\\"<\"");
        let procedure = load("direct.toml", &text).unwrap();
        assert!(!draw(&procedure, Lang::En).contains("<script"));
        assert!(draw(&procedure, Lang::En).contains("&lt;script&gt;&amp;"));
    }
}
