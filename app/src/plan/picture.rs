//! This file draws a town as an SVG: dots for buildings and sites, lines for what joins and parts them. A page shows it
//! and a browser opens it without anything else.

use std::fmt::Write as _;

use kernel::language::Lang;
use planning::neighbours::Line;
use planning::shape::Point;
use planning::snap::rectangle;

/// The widest and the highest picture, in units of the drawing.
const WIDEST: f64 = 1_000.0;
const HIGHEST: f64 = 1_300.0;
/// The space around what is drawn.
const EDGE: f64 = 12.0;
/// More dots or lines than that are not seen apart; of more every second one is drawn, or every third.
const MOST: usize = 20_000;
/// More lines of one kind than that take too long to draw, and nobody would see them apart: the kind is left out.
const MOST_LINES: usize = 60_000;
/// How far beside the middle of its dots a number stands, and how far it stays away from the edge.
const BESIDE: f64 = 11.0;
/// Colours that are told from one another, also when printed, for groups side by side.
const COLOURS: [&str; 12] = [
    "#1b6ca8", "#d1495b", "#2e933c", "#edae49", "#6a4c93", "#00798c", "#8d5524", "#c9408f", "#5f7367", "#3d405b",
    "#e07a2f", "#7fb069",
];

/// A dot.
#[derive(Debug, Clone)]
pub struct Dot {
    /// Where it is.
    pub at: Point,
    /// The group whose colour it has. A dot of no group is grey.
    pub group: Option<usize>,
    /// What is said of it where somebody points at it.
    pub title: String,
}

/// A number that is written beside dots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Where its middle is.
    pub at: Point,
    /// The number.
    pub number: u64,
}

/// The name of a community that is written above its dots.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Where the highest of its dots is, and the middle of them.
    pub at: Point,
    /// The name.
    pub name: String,
}

/// What is written over dots.
#[derive(Debug, Clone, Copy)]
pub struct Labels<'l> {
    /// What the picture shows.
    pub title: &'l str,
    /// The numbers of the grids.
    pub numbers: &'l [Number],
    /// The names of the communities, if there are several.
    pub names: &'l [Name],
    /// What the dots and numbers are.
    pub said: &'l str,
}

/// Says what a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A way or street.
    Way,
    /// Water, which nobody crosses.
    Water,
    /// What else nobody crosses: railways and motorways.
    Closed,
    /// A way on which people walk.
    Walk,
    /// Two neighbours.
    Near,
}

impl Stroke {
    const fn class(self) -> &'static str {
        match self {
            Self::Way => "way",
            Self::Water => "water",
            Self::Closed => "closed",
            Self::Walk => "walk",
            Self::Near => "near",
        }
    }
}

impl Stroke {
    /// Lists all kinds of lines, in the order of a legend.
    const ALL: [Self; 5] = [Self::Water, Self::Closed, Self::Way, Self::Walk, Self::Near];

    /// Returns the kinds of some lines, in the order of a legend.
    fn among(lines: &[(Line, Self)]) -> Vec<Self> {
        Self::ALL.into_iter().filter(|kind| lines.iter().any(|(_, stroke)| stroke == kind)).collect()
    }

    /// Says what a line of this kind is.
    const fn said(self, lang: Lang) -> &'static str {
        match self {
            Self::Way => lang.pick("街道、小河和围墙", "streets, streams and walls"),
            Self::Water => lang.pick("水面：对岸的楼不相邻", "water: nobody is a neighbour across"),
            Self::Closed => {
                lang.pick("铁路和高速路：对面的楼不相邻", "railways and motorways: nobody is a neighbour across")
            }
            Self::Walk => lang.pick("人走的路", "ways on which people walk"),
            Self::Near => lang.pick("相邻的两栋楼", "two buildings that are neighbours"),
        }
    }
}

/// How lines look beside a legend: each kind has dashes of its own, so that they are told apart on paper without
/// colours.
const DASHES: &str = "\
    .way{stroke:#80868b;stroke-width:1;stroke-dasharray:7 3}.water{stroke:#3b8ec2;stroke-width:3}\
    .closed{stroke:#4b3a2f;stroke-width:2.4;stroke-dasharray:10 2}\
    .walk{stroke:#c3c7cb;stroke-width:1}.near{stroke:#4a4e52;stroke-width:1;stroke-dasharray:1 2.5}circle{stroke:#fff;stroke-width:.4}\
    text{font:15px system-ui,\"Noto Sans SC\",\"Microsoft YaHei\",sans-serif;fill:#1a1a1a}";
/// How numbers look over dots: they have a white edge, so that they are read on paper.
const NUMBERS: &str = "\
    path{fill:none}.number{font-weight:700;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:4px;\
    stroke-linejoin:round}.name{font-size:17px;font-weight:700;fill:#7a2e0e;text-anchor:middle;paint-order:stroke;\
    stroke:#fff;stroke-width:5px;stroke-linejoin:round}";
/// The height of a line of the legend, and the width that its words take.
const LINE: f64 = 24.0;
const WORDS: f64 = 520.0;
/// How far the name of a community stays away from the sides.
const NAME: f64 = 70.0;

/// Draws the same as [`svg`], with a legend below in a language. It names the kinds of lines that are there.
pub fn svg_with_legend(dots: &[Dot], lines: &[(Line, Stroke)], degrees: bool, lang: Lang) -> String {
    let points: Vec<Point> = dots.iter().map(|dot| dot.at).collect();
    let frame = Frame::around(&points, degrees);
    let kinds = Stroke::among(lines);
    let title = lang.pick("楼栋和它们的相邻", "Buildings and their neighbours");
    let mut text = opened(&frame, &kinds, title, lang);
    drawn(&mut text, &frame, dots, lines);
    let said = lang.pick("楼栋；同一社区的颜色相同", "a building; those of one community have one colour");
    legend(&mut text, &frame, said, &kinds, lang);
    text.push_str("</svg>\n");
    text
}

/// Draws dots over the lines around them, with numbers and names above and a legend below in a language.
pub fn svg_with_numbers(
    dots: &[Dot],
    lines: &[(Line, Stroke)],
    labels: Labels<'_>,
    degrees: bool,
    lang: Lang,
) -> String {
    let points: Vec<Point> = dots.iter().map(|dot| dot.at).collect();
    let frame = Frame::around(&points, degrees);
    let (width, height) = frame.size();
    let placed = lines.iter().map(|(line, stroke)| (line.map(|at| frame.place(at)), *stroke));
    let mut near: Vec<(Line, Stroke)> = placed.filter(|(line, _)| frame.meets(line)).collect();
    for kind in Stroke::ALL {
        if near.iter().filter(|(_, stroke)| *stroke == kind).count() > MOST_LINES {
            near.retain(|(_, stroke)| *stroke != kind);
        }
    }
    let (kinds, Labels { title, numbers, names, said }) = (Stroke::among(&near), labels);
    let mut text = opened(&frame, &kinds, title, lang);
    let _ = writeln!(
        text,
        "<style>{NUMBERS}</style>\n<clipPath id=\"seen\"><rect width=\"{width:.0}\" height=\"{height:.0}\"/>\
         </clipPath>\n<g clip-path=\"url(#seen)\">"
    );
    paths(&mut text, &near);
    text.push_str("</g>\n");
    drawn(&mut text, &frame, dots, &[]);
    for Number { at, number } in numbers {
        let at = frame.place(*at);
        let (x, base) = ((at.x + BESIDE).min(width - BESIDE), at.y + 5.0);
        let _ = writeln!(text, "<text class=\"number\" x=\"{x:.1}\" y=\"{base:.1}\">{number}</text>");
    }
    for Name { at, name } in names {
        let at = frame.place(*at);
        // As far inside of the picture as a name of eight signs reaches.
        let (x, y) = (at.x.clamp(NAME, (width - NAME).max(NAME)), (at.y - 10.0).max(16.0));
        let _ = writeln!(text, "<text class=\"name\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(name));
    }
    legend(&mut text, &frame, said, &kinds, lang);
    text.push_str("</svg>\n");
    text
}

/// Draws lines that are placed already, all of a kind in one path, which takes less room than one element for each.
fn paths(text: &mut String, lines: &[(Line, Stroke)]) {
    for kind in Stroke::ALL.into_iter().rev() {
        let mut ends = String::new();
        for ([from, to], _) in lines.iter().filter(|(_, stroke)| *stroke == kind) {
            let _ = write!(ends, "M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y);
        }
        if !ends.is_empty() {
            let _ = writeln!(text, "<path class=\"{}\" d=\"{ends}\"/>", kind.class());
        }
    }
}

/// Begins a picture that has a legend of some kinds of lines below.
fn opened(frame: &Frame, kinds: &[Stroke], title: &str, lang: Lang) -> String {
    let (width, height) = frame.size();
    let (wide, high) = (width.max(WORDS), height + LINE * (kinds.len() as f64 + 1.0) + EDGE);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.0} {high:.0}\" role=\"img\" lang=\"{}\">\n\
         <title>{title}</title>\n<style>{DASHES}</style>\n\
         <rect width=\"{wide:.0}\" height=\"{high:.0}\" fill=\"#fff\"/>\n",
        lang.code()
    )
}

/// Writes what dots and kinds of lines are, below the picture.
fn legend(text: &mut String, frame: &Frame, said: &str, kinds: &[Stroke], lang: Lang) {
    let (_, height) = frame.size();
    let place = |at: usize| height + LINE * (at as f64 + 0.5);
    let middle = place(0);
    let _ = writeln!(text, "<circle cx=\"32\" cy=\"{middle:.1}\" r=\"5\" fill=\"{}\"/>", COLOURS[0]);
    key(text, middle, said);
    for (at, kind) in (1..).zip(kinds) {
        let (middle, class) = (place(at), kind.class());
        let _ = writeln!(text, "<line class=\"{class}\" x1=\"12\" y1=\"{middle:.1}\" x2=\"52\" y2=\"{middle:.1}\"/>");
        key(text, middle, kind.said(lang));
    }
}

/// Writes the words of a line of the legend beside its sign.
fn key(text: &mut String, middle: f64, said: &str) {
    let base = middle + 5.0;
    let _ = writeln!(text, "<text x=\"62\" y=\"{base:.1}\">{}</text>", escaped(said));
}

/// Draws dots over lines. Points are degrees when `degrees` is set, otherwise metres. What lies outside of the dots is
/// cut off.
pub fn svg(dots: &[Dot], lines: &[(Line, Stroke)], degrees: bool) -> String {
    let points: Vec<Point> = dots.iter().map(|dot| dot.at).collect();
    let frame = Frame::around(&points, degrees);
    let (width, height) = frame.size();
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n<style>\
         .way{{stroke:#c8ccd0;stroke-width:1}}.water{{stroke:#7aa6c2;stroke-width:2}}\
         .closed{{stroke:#8a7a6f;stroke-width:2}}\
         .near{{stroke:#9aa0a6;stroke-width:.6}}circle{{stroke:#fff;stroke-width:.4}}</style>\n"
    );
    drawn(&mut text, &frame, dots, lines);
    text.push_str("</svg>\n");
    text
}

/// Draws dots over lines inside of a frame.
fn drawn(text: &mut String, frame: &Frame, dots: &[Dot], lines: &[(Line, Stroke)]) {
    for (line, stroke) in thinned(lines) {
        let [from, to] = line.map(|at| frame.place(at));
        if frame.sees(from) || frame.sees(to) {
            let class = stroke.class();
            let _ = writeln!(
                text,
                "<line class=\"{class}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
                from.x, from.y, to.x, to.y
            );
        }
    }
    let whole = if dots.len() > 2_000 { 2.0 } else { 4.0 };
    for dot in thinned(dots) {
        // What belongs to no group is seen behind the others.
        let radius = if dot.group.is_none() { whole / 2.0 } else { whole };
        let colour = dot.group.map_or("#888888", |group| COLOURS[group % COLOURS.len()]);
        let (at, title) = (frame.place(dot.at), escaped(&dot.title));
        let _ = writeln!(
            text,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\" fill=\"{colour}\"><title>{title}</title></circle>",
            at.x, at.y
        );
    }
}

/// Returns as many of some things as can be drawn.
fn thinned<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by(all.len().div_ceil(MOST).max(1))
}

/// Says where a point is drawn.
struct Frame {
    low: Point,
    high: Point,
    /// How much narrower a degree of longitude is than one of latitude.
    narrow: f64,
    scale: f64,
}

impl Frame {
    fn around(points: &[Point], degrees: bool) -> Self {
        let (low, high) = rectangle(points);
        let narrow = if degrees { f64::midpoint(low.y, high.y).to_radians().cos().max(0.01) } else { 1.0 };
        let (wide, tall) = ((high.x - low.x) * narrow, high.y - low.y);
        let fitting = (WIDEST / wide).min(HIGHEST / tall);
        Self { low, high, narrow, scale: if fitting.is_finite() { fitting } else { 1.0 } }
    }

    fn size(&self) -> (f64, f64) {
        let Self { low, high, narrow, scale } = self;
        let wide = (high.x - low.x) * narrow * scale;
        (wide + 2.0 * EDGE, (high.y - low.y) * scale + 2.0 * EDGE)
    }

    fn place(&self, at: Point) -> Point {
        let Self { low, high, narrow, scale } = self;
        Point { x: (at.x - low.x) * narrow * scale + EDGE, y: (high.y - at.y) * scale + EDGE }
    }

    fn sees(&self, at: Point) -> bool {
        let (width, height) = self.size();
        (0.0..=width).contains(&at.x) && (0.0..=height).contains(&at.y)
    }

    /// Says whether a line that is placed already may lead through the picture.
    fn meets(&self, line: &Line) -> bool {
        let ((width, height), [from, to]) = (self.size(), line);
        from.x.max(to.x) >= 0.0 && from.x.min(to.x) <= width && from.y.max(to.y) >= 0.0 && from.y.min(to.y) <= height
    }
}

/// Returns a text as it stands in a page or a drawing.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_drawn_with_north_above() {
        let dot = |x: f64, y: f64, title: &str| Dot { at: Point { x, y }, group: Some(1), title: title.to_owned() };
        let dots = [dot(0.0, 0.0, "south"), dot(100.0, 100.0, "<north>")];
        let lines = [
            ([Point { x: 0.0, y: 0.0 }, Point { x: 50.0, y: 0.0 }], Stroke::Near),
            ([Point { x: 9e6, y: 0.0 }, Point { x: 9e6, y: 5.0 }], Stroke::Way),
        ];
        let drawn = svg(&dots, &lines, false);
        assert!(drawn.contains("cx=\"12.0\" cy=\"1012.0\"") && drawn.contains("cx=\"1012.0\" cy=\"12.0\""), "{drawn}");
        assert!(drawn.contains("&lt;north&gt;") && drawn.matches("<line").count() == 1, "{drawn}");
        assert!(svg(&[], &[], true).ends_with("</svg>\n"));
        assert!(!drawn.contains("dasharray") && !drawn.contains("<text"), "pages have no legend: {drawn}");
        assert!(svg(&dots[..1], &[], true).contains("cx=\"12.0\""));
    }

    #[test]
    fn numbers_stand_over_streets_and_dots_and_what_is_far_away_is_left_out() {
        let point = |x: f64, y: f64| Point { x, y };
        let dot = |x: f64, y: f64| Dot { at: point(x, y), group: Some(1), title: String::new() };
        let lines = [
            ([point(-500.0, 50.0), point(500.0, 50.0)], Stroke::Closed),
            ([point(0.0, 0.0), point(50.0, 0.0)], Stroke::Way),
            ([point(0.0, 0.0), point(0.0, 50.0)], Stroke::Way),
            ([point(9e6, 0.0), point(9e6, 5.0)], Stroke::Near),
        ];
        let numbers = [Number { at: point(100.0, 100.0), number: 7 }];
        let drawn = svg_with_numbers(
            &[dot(0.0, 0.0), dot(100.0, 100.0)],
            &lines,
            Labels { title: "", numbers: &numbers, names: &[], said: "楼栋；数字是网格号" },
            false,
            Lang::Zh,
        );
        assert!(drawn.contains("<text class=\"number\" x=\"1013.0\" y=\"17.0\">7</text>"), "{drawn}");
        assert_eq!(drawn.matches("<path").count(), 2, "one for each kind: {drawn}");
        assert!(drawn.contains("d=\"M12.0 1012.0L512.0 1012.0M12.0 1012.0L12.0 512.0\""), "{drawn}");
        assert!(drawn.contains("数字是网格号") && !drawn.contains("相邻的两栋楼"), "{drawn}");
        let names = [Name { at: point(100.0, 100.0), name: "文安路<社区>".to_owned() }];
        let drawn = svg_with_numbers(
            &[dot(0.0, 0.0), dot(100.0, 100.0)],
            &lines,
            Labels { title: "", numbers: &numbers, names: &names, said: "" },
            false,
            Lang::Zh,
        );
        let name = "<text class=\"name\" x=\"954.0\" y=\"16.0\">文安路&lt;社区&gt;</text>";
        assert!(drawn.contains(name), "it stays inside of the picture: {drawn}");
    }

    #[test]
    fn a_legend_names_the_lines_that_are_there_in_the_chosen_language() {
        let dot = |x: f64, y: f64| Dot { at: Point { x, y }, group: Some(1), title: String::new() };
        let dots = [dot(0.0, 0.0), dot(100.0, 100.0)];
        let line = [Point { x: 0.0, y: 0.0 }, Point { x: 50.0, y: 0.0 }];
        let drawn = svg_with_legend(&dots, &[(line, Stroke::Near), (line, Stroke::Way)], false, Lang::Zh);
        assert!(drawn.contains("lang=\"zh-CN\"") && drawn.contains(">相邻的两栋楼</text>"), "{drawn}");
        assert!(drawn.contains(">街道、小河和围墙</text>") && !drawn.contains("铁路"), "{drawn}");
        assert_eq!((drawn.matches("<line").count(), drawn.matches("<text").count()), (4, 3), "{drawn}");
        // The legend stands below the drawing and inside of the picture.
        assert!(drawn.contains("viewBox=\"0 0 1024 1108\"") && drawn.contains("y1=\"1060.0\""), "{drawn}");
        let dashes: Vec<&str> = DASHES.split('}').filter(|rule| rule.contains("stroke-dasharray")).collect();
        let each = ["7 3", "10 2", "1 2.5"];
        assert!(dashes.len() == 3 && dashes.iter().zip(each).all(|(rule, dash)| rule.contains(dash)), "{dashes:?}");
        let drawn = svg_with_legend(&dots[..1], &[(line, Stroke::Closed)], false, Lang::En);
        assert!(drawn.contains("viewBox=\"0 0 520 ") && drawn.contains(">railways and motorways"), "{drawn}");
        assert!(!drawn.contains("streets"), "{drawn}");
    }
}
