//! This file draws a town as an SVG: dots for buildings and sites, lines for what joins and parts them. A page shows it
//! and a browser opens it without anything else.

use std::fmt::Write as _;

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

/// Says what a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stroke {
    /// A way or street.
    Way,
    /// What nobody crosses.
    Closed,
    /// Two neighbours.
    Near,
}

impl Stroke {
    const fn class(self) -> &'static str {
        match self {
            Self::Way => "way",
            Self::Closed => "closed",
            Self::Near => "near",
        }
    }
}

/// Draws dots over lines. Points are degrees when `degrees` is set, otherwise metres. What lies outside of the dots is
/// cut off.
pub fn svg(dots: &[Dot], lines: &[(Line, Stroke)], degrees: bool) -> String {
    let points: Vec<Point> = dots.iter().map(|dot| dot.at).collect();
    let frame = Frame::around(&points, degrees);
    let (width, height) = frame.size();
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\">\n<style>\
         .way{{stroke:#c8ccd0;stroke-width:1}}.closed{{stroke:#7aa6c2;stroke-width:2}}\
         .near{{stroke:#9aa0a6;stroke-width:.6}}circle{{stroke:#fff;stroke-width:.4}}</style>\n"
    );
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
    let radius = if dots.len() > 2_000 { 2.0 } else { 4.0 };
    for dot in thinned(dots) {
        let colour = dot.group.map_or("#888888", |group| COLOURS[group % COLOURS.len()]);
        let (at, title) = (frame.place(dot.at), escaped(&dot.title));
        let _ = writeln!(
            text,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\" fill=\"{colour}\"><title>{title}</title></circle>",
            at.x, at.y
        );
    }
    text.push_str("</svg>\n");
    text
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
        assert!(svg(&dots[..1], &[], true).contains("cx=\"12.0\""));
    }
}
