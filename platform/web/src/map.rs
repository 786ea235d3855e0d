//! Maps as SVG: areas, ways and dots in metres, drawn to fit. They print, need no script, and say in words what they
//! show.
//!
//! Pages with a map link `map.css`. What is drawn is never personal: buildings and places, not people.

use std::fmt::Write;

/// Width of the picture, in its own units.
const WIDTH: f64 = 960.0;
/// Height over width at most, so that a long thin place stays readable.
const TALLEST: f64 = 0.75;
/// Units left free around what is drawn: enough for words above the topmost point.
const MARGIN: f64 = 36.0;
/// How high the letters are, in units of the picture (`map.css`).
const LETTERS: f64 = 15.0;
/// The same on a phone, where the whole picture is about a third as wide.
const LETTERS_ON_PHONE: f64 = 34.0;
/// How far above a point words stand, in units of the picture.
const RISE: f64 = 16.0;
/// The width of a Chinese sign and of any other, and how far signs reach above and below their line, as parts of the
/// height of the letters.
const WIDE: f64 = 1.0;
/// See [`WIDE`].
const SLIM: f64 = 0.56;
/// See [`WIDE`].
const ABOVE: f64 = 0.85;
/// See [`WIDE`].
const BELOW: f64 = 0.25;
/// Where a name that must stand somewhere may stand, the best place first: above its point, and moved from there to the
/// right in widths of the name, and down in heights of the letters.
const MOVES: [(f64, f64); 6] = [(0.0, 0.0), (0.0, 2.3), (0.55, 1.15), (-0.55, 1.15), (0.0, -1.2), (0.0, 3.5)];
/// The first of the signs that are as wide as high: radicals, with all Chinese signs behind them.
const FIRST_WIDE: char = '\u{2e80}';

/// A map being drawn. Points are metres east and north.
#[derive(Debug, Clone, Default)]
pub struct Map {
    shapes: Vec<Shape>,
    legend: Vec<(String, String, bool)>,
    names: Vec<Name>,
    beside: String,
}

/// A name that is left out where it would lie on that of something larger.
#[derive(Debug, Clone)]
struct Name {
    at: (f64, f64),
    size: f64,
    text: String,
    /// It is never left out: it moves beside its point, or is listed under the map.
    sure: bool,
}

/// A name with how far it stands from above its point, in units of the picture.
struct Placed<'n> {
    name: &'n Name,
    shift: (f64, f64),
}

/// The names that must stand somewhere and found no room: none at all, or none on a phone.
#[derive(Default)]
struct Unnamed<'n> {
    anywhere: Vec<&'n str>,
    on_phones: Vec<&'n str>,
}

#[derive(Debug, Clone)]
enum Shape {
    Area { class: String, points: Vec<(f64, f64)>, title: String, href: Option<String> },
    Line { class: &'static str, points: Vec<(f64, f64)> },
    Dot { class: String, at: (f64, f64), radius: f64, title: String },
    Text { at: (f64, f64), text: String },
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing is drawn on it.
    pub fn is_empty(&self) -> bool {
        self.shapes.is_empty()
    }

    /// An area with its corners, what it is in words, and where a click leads.
    pub fn area(&mut self, class: &str, points: Vec<(f64, f64)>, title: &str, href: Option<String>) {
        if !points.is_empty() {
            let (class, title) = (class.to_owned(), title.to_owned());
            self.shapes.push(Shape::Area { class, points, title, href });
        }
    }

    /// A way or another line; `way` for streets, `to` for who goes where.
    pub fn line(&mut self, class: &'static str, points: Vec<(f64, f64)>) {
        self.shapes.push(Shape::Line { class, points });
    }

    /// A dot of a radius in units of the picture (3 for a building, 9 for a station).
    pub fn dot(&mut self, class: &str, at: (f64, f64), radius: f64, title: &str) {
        self.shapes.push(Shape::Dot { class: class.to_owned(), at, radius, title: title.to_owned() });
    }

    /// Words above a point.
    pub fn text(&mut self, at: (f64, f64), text: &str) {
        self.shapes.push(Shape::Text { at, text: text.to_owned() });
    }

    /// The name of something of a size, above a point. Where two names would lie on one another, that of the smaller
    /// thing is left out: it still stands in the title of what is drawn. Where something else than size says whose name
    /// matters more, a rank takes its place.
    pub fn name(&mut self, at: (f64, f64), size: f64, text: &str) {
        self.names.push(Name { at, size, text: text.to_owned(), sure: false });
    }

    /// The same of something that must not go unnamed. Where its name would lie on another it moves beside its point;
    /// where there is no room it is listed with the legend, behind the words of [`Map::beside`].
    pub fn sure_name(&mut self, at: (f64, f64), size: f64, text: &str) {
        self.names.push(Name { at, size, text: text.to_owned(), sure: true });
    }

    /// The words before the names that found no room on the map.
    pub fn beside(&mut self, words: impl Into<String>) {
        self.beside = words.into();
    }

    /// The size of an area with these corners, in square metres.
    #[must_use]
    pub fn size_of(corners: &[(f64, f64)]) -> f64 {
        let next = corners.iter().cycle().skip(1);
        let twice: f64 = corners.iter().zip(next).map(|(from, to)| from.0.mul_add(to.1, -(to.0 * from.1))).sum();
        twice.abs() / 2.0
    }

    /// The names that do not lie on words that are drawn or on the name of something larger, the largest first; and
    /// those that must stand somewhere and found no room.
    fn readable(&self, view: &View) -> (Vec<Placed<'_>>, Vec<&str>) {
        let mut taken = self.words(view, LETTERS);
        let mut order: Vec<&Name> = self.names.iter().collect();
        order.sort_by(|one, other| other.size.total_cmp(&one.size));
        let (mut placed, mut without) = (Vec::new(), Vec::new());
        for name in order {
            match view.room(name, &mut taken) {
                Some(shift) => placed.push(Placed { name, shift }),
                None if name.sure => without.push(name.text.as_str()),
                None => {}
            }
        }
        (placed, without)
    }

    /// The parts of the picture that words take which are never left out.
    fn words(&self, view: &View, letters: f64) -> Vec<[f64; 4]> {
        let words = self.shapes.iter().filter_map(|shape| match shape {
            Shape::Text { at, text } => Some(view.taken(*at, (0.0, 0.0), text, letters)),
            _ => None,
        });
        words.collect()
    }

    /// Writes the names. Those that would lie on others, or reach out of the picture, in the larger letters of a phone
    /// are hidden there by the style sheet. Says which of those that must stand somewhere do not.
    fn write_names(&self, view: &View, html: &mut String) -> Unnamed<'_> {
        let mut taken = self.words(view, LETTERS_ON_PHONE);
        let (placed, anywhere) = self.readable(view);
        let mut unnamed = Unnamed { anywhere, ..Unnamed::default() };
        for Placed { name: Name { at, text, sure, .. }, shift } in placed {
            let own = view.taken(*at, shift, text, LETTERS_ON_PHONE);
            let [left, _, right, _] = own;
            let fits = left >= 0.0 && right <= WIDTH && takes(&mut taken, own);
            if *sure && !fits {
                unnamed.on_phones.push(text);
            }
            let point = view.at(at.0, at.1);
            let class = if fits { "" } else { " class=\"small\"" };
            draw_words((point.0 + shift.0, point.1 + shift.1), text, class, html);
        }
        unnamed
    }

    /// Writes the names that found no room, as lines of the legend.
    fn write_unnamed(&self, unnamed: &Unnamed<'_>, html: &mut String) {
        for (class, names) in [("", &unnamed.anywhere), (" class=\"small\"", &unnamed.on_phones)] {
            if !names.is_empty() {
                let _ = write!(html, "<li{class}>{} {}</li>", escaped(&self.beside), escaped(&names.join(" · ")));
            }
        }
    }

    /// One line of the legend under the map: the class of an area (or of a dot) and what it means.
    pub fn legend(&mut self, class: &str, text: impl Into<String>, dot: bool) {
        self.legend.push((class.to_owned(), text.into(), dot));
    }

    /// Whether something on it is a link: a picture with links in it is a group, or nobody who listens would find them.
    fn leads_somewhere(&self) -> bool {
        self.shapes.iter().any(|shape| matches!(shape, Shape::Area { href: Some(_), .. }))
    }

    /// The whole figure as HTML; empty when nothing is drawn. `label` says in words what it shows.
    pub fn figure(&self, label: &str) -> String {
        let Some(view) = View::of(&self.shapes) else { return String::new() };
        let mut html = String::new();
        let _ = write!(
            html,
            r#"<figure class="map"><svg viewBox="0 0 {WIDTH:.0} {:.0}" role="{}" aria-label="{}">"#,
            view.height,
            if self.leads_somewhere() { "group" } else { "img" },
            escaped(label)
        );
        for shape in &self.shapes {
            shape.draw(&view, &mut html);
        }
        let unnamed = self.write_names(&view, &mut html);
        html.push_str("</svg>");
        if !self.legend.is_empty() {
            html.push_str("<figcaption><ul class=\"legend\">");
            for (class, text, dot) in &self.legend {
                let mark = if *dot {
                    format!(r#"<circle cx="8" cy="8" r="6" class="{class}"/>"#)
                } else {
                    format!(r#"<rect width="16" height="16" class="area {class}"/>"#)
                };
                let text = escaped(text);
                let _ = write!(html, r#"<li><svg viewBox="0 0 16 16" aria-hidden="true">{mark}</svg>{text}</li>"#);
            }
            self.write_unnamed(&unnamed, &mut html);
            html.push_str("</ul></figcaption>");
        }
        html.push_str("</figure>");
        html
    }
}

/// How metres become units of the picture.
struct View {
    left: f64,
    top: f64,
    scale: f64,
    off: (f64, f64),
    height: f64,
}

impl View {
    fn of(shapes: &[Shape]) -> Option<Self> {
        let mut points =
            shapes.iter().flat_map(Shape::points).filter(|(x, y)| x.is_finite() && y.is_finite()).peekable();
        points.peek()?;
        let infinite = (f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY);
        let (west, east, south, north) = points.fold(infinite, |(west, east, south, north), (x, y)| {
            (west.min(x), east.max(x), south.min(y), north.max(y))
        });
        let (wide, high) = ((east - west).max(1.0), (north - south).max(1.0));
        let room = WIDTH - 2.0 * MARGIN;
        let tall = WIDTH.mul_add(TALLEST, -2.0 * MARGIN);
        let scale = (room / wide).min(tall / high);
        // What has no width or height stands in the middle.
        let drawn = ((east - west) * scale, (north - south) * scale);
        let height = drawn.1 + 2.0 * MARGIN;
        Some(Self { left: west, top: north, scale, off: ((WIDTH - drawn.0) / 2.0, MARGIN), height })
    }

    /// Where a point lies in the picture: to the right and down.
    fn at(&self, east: f64, north: f64) -> (f64, f64) {
        ((east - self.left).mul_add(self.scale, self.off.0), (self.top - north).mul_add(self.scale, self.off.1))
    }

    /// The part of the picture that words take in letters of that height, above a point and moved from there: left,
    /// top, right, bottom.
    fn taken(&self, at: (f64, f64), shift: (f64, f64), text: &str, letters: f64) -> [f64; 4] {
        let (x, y) = self.at(at.0, at.1);
        let signs = text.chars().map(|sign| if sign >= FIRST_WIDE { WIDE } else { SLIM });
        let (half, middle, line) = (signs.sum::<f64>() * letters / 2.0, x + shift.0, y + shift.1 - RISE);
        [middle - half, letters.mul_add(-ABOVE, line), middle + half, letters.mul_add(BELOW, line)]
    }

    /// How far from above its point a name stands where nothing lies yet, and takes that part of the picture; none
    /// where there is no room. Only one that must stand somewhere moves, and never out of the picture.
    fn room(&self, name: &Name, taken: &mut Vec<[f64; 4]>) -> Option<(f64, f64)> {
        let part = |shift: (f64, f64)| self.taken(name.at, shift, &name.text, LETTERS);
        let [left, _, right, _] = part((0.0, 0.0));
        let steps = MOVES.iter().take(if name.sure { MOVES.len() } else { 1 });
        let mut shifts = (0_u32..).zip(steps.map(|step| (step.0 * (right - left), step.1 * LETTERS)));
        let found = shifts.find(|(place, shift)| {
            let own = part(*shift);
            (*place == 0 || self.holds(&own)) && takes(taken, own)
        });
        found.map(|(_, shift)| shift)
    }

    /// Whether a part lies within the picture.
    fn holds(&self, part: &[f64; 4]) -> bool {
        let [left, top, right, bottom] = *part;
        left >= 0.0 && top >= 0.0 && right <= WIDTH && bottom <= self.height
    }

    fn path(&self, points: &[(f64, f64)]) -> String {
        let mut text = String::new();
        for (east, north) in points {
            let (x, y) = self.at(*east, *north);
            let _ = write!(text, "{x:.1},{y:.1} ");
        }
        text.trim_end().to_owned()
    }
}

impl Shape {
    fn points(&self) -> Vec<(f64, f64)> {
        match self {
            Self::Area { points, .. } | Self::Line { points, .. } => points.clone(),
            Self::Dot { at, .. } | Self::Text { at, .. } => vec![*at],
        }
    }

    fn draw(&self, view: &View, html: &mut String) {
        let _ = match self {
            Self::Area { class, points, title, href } => {
                let (path, title) = (view.path(points), escaped(title));
                let area = format!(r#"<polygon class="area {class}" points="{path}"><title>{title}</title></polygon>"#);
                match href {
                    Some(href) => write!(html, r#"<a href="{}" aria-label="{title}">{area}</a>"#, escaped(href)),
                    None => write!(html, "{area}"),
                }
            }
            Self::Line { class, points } => {
                write!(html, r#"<polyline class="{class}" points="{}"/>"#, view.path(points))
            }
            Self::Dot { class, at: (east, north), radius, title } => {
                let (x, y) = view.at(*east, *north);
                let title = if title.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(title)) };
                write!(html, r#"<circle class="dot {class}" cx="{x:.1}" cy="{y:.1}" r="{radius}">{title}</circle>"#)
            }
            Self::Text { at, text } => {
                draw_words(view.at(at.0, at.1), text, "", html);
                Ok(())
            }
        };
    }
}

/// Draws words above a point of the picture.
fn draw_words(at: (f64, f64), text: &str, class: &str, html: &mut String) {
    let (x, y) = at;
    let _ = write!(html, r#"<text{class} x="{x:.1}" y="{y:.1}" dy="-{RISE:.0}">{}</text>"#, escaped(text));
}

/// Takes a part of the picture, where nothing lies there yet. Says whether it did.
fn takes(taken: &mut Vec<[f64; 4]>, own: [f64; 4]) -> bool {
    let is_free = !taken.iter().any(|other| lie_on_one_another(&own, other));
    if is_free {
        taken.push(own);
    }
    is_free
}

/// Whether two parts of the picture have something in common.
fn lie_on_one_another(one: &[f64; 4], other: &[f64; 4]) -> bool {
    let ([left, top, right, bottom], [west, north, east, south]) = (one, other);
    left < east && west < right && top < south && north < bottom
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_north_is_above_and_words_stay_words() {
        let mut map = Map::new();
        assert_eq!(map.figure("x"), "");
        map.dot("pin", (0.0, 100.0), 9.0, "<北>");
        map.dot("pin", (0.0, 0.0), 9.0, "");
        map.legend("pin", "驿站 & 其他", true);
        let html = map.figure("\"图\"");
        assert!(html.contains(r#"role="img""#), "{html}");
        assert!(html.contains("aria-label=\"&quot;图&quot;\"") && html.contains("&lt;北&gt;"), "{html}");
        assert!(html.contains("驿站 &amp; 其他"));
        let heights: Vec<f64> = html
            .split("class=\"dot pin\" cx=\"480.0\" cy=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next()?.parse().ok())
            .collect();
        assert!(matches!(heights.as_slice(), [north, south] if north < south), "{heights:?} {html}");
    }

    #[test]
    fn of_names_that_would_lie_on_one_another_that_of_the_larger_stays() {
        let shown = |gap: f64, words: bool| -> Vec<String> {
            let mut map = Map::new();
            map.dot("pin", (0.0, 0.0), 3.0, "");
            map.dot("pin", (1_000.0, 1_000.0), 3.0, "");
            map.name((500.0, 500.0), 2.0, "Shenhe Street 3/1");
            map.name((500.0 + gap, 500.0), 9.0, "Dadong Street 12/4");
            if words {
                map.text((500.0, 500.0), "7");
            }
            let html = map.figure("");
            let texts = html.split("</text>").filter_map(|part| part.rsplit_once("dy=\"-16\">"));
            texts.map(|(_, text)| text.to_owned()).collect()
        };
        assert_eq!(shown(10.0, false), ["Dadong Street 12/4"], "the smaller gives way");
        assert_eq!(shown(300.0, false), ["Dadong Street 12/4", "Shenhe Street 3/1"], "both can be read");
        assert_eq!(shown(300.0, true), ["7", "Dadong Street 12/4"], "numbers are never left out");
    }

    #[test]
    fn a_name_that_must_stand_moves_beside_its_point_and_is_listed_where_there_is_no_room() {
        let drawn = |places: u32| {
            let mut map = Map::new();
            map.dot("pin", (0.0, 0.0), 3.0, "");
            map.dot("pin", (1_000.0, 1_000.0), 3.0, "");
            map.legend("s0", "late", false);
            map.beside("Also late:");
            for place in 0..places {
                map.sure_name((500.0, 500.0), f64::from(place), &format!("Shenhe Street {place}/9"));
            }
            map.figure("")
        };
        let two = drawn(2);
        assert_eq!(two.matches("<text").count(), 2, "one above, one beside: {two}");
        assert!(!two.contains("<li>Also late:"), "{two}");
        assert!(two.contains("<li class=\"small\">Also late: Shenhe Street 0/9</li>"), "no room on a phone: {two}");
        let many = drawn(20);
        assert!(many.contains("<li>Also late: "), "{many}");
        for place in 0..20 {
            assert!(many.contains(&format!("Shenhe Street {place}/9")), "{place}: {many}");
        }
    }

    #[test]
    fn on_a_phone_letters_are_larger_and_the_names_that_still_fit_stay() {
        let small = |gap: f64| -> usize {
            let mut map = Map::new();
            map.dot("pin", (0.0, 0.0), 3.0, "");
            map.dot("pin", (1_000.0, 1_000.0), 3.0, "");
            map.name((500.0 - gap / 2.0, 500.0), 9.0, "大东区");
            map.name((500.0 + gap / 2.0, 500.0), 2.0, "沈河区");
            let html = map.figure("");
            assert_eq!(html.matches("<text").count(), 2, "both stand on a wide screen: {html}");
            html.matches("<text class=\"small\"").count()
        };
        assert_eq!(small(100.0), 1, "of two that would lie on one another the smaller is hidden there");
        assert_eq!(small(400.0), 0, "both can be read");
    }

    #[test]
    fn the_size_of_an_area_does_not_depend_on_where_one_begins() {
        let corners = [(10.0, 10.0), (30.0, 10.0), (30.0, 20.0), (10.0, 20.0)];
        for turn in 0..4 {
            let mut turned = corners;
            turned.rotate_left(turn);
            assert!((Map::size_of(&turned) - 200.0).abs() < 1e-9, "{turn}");
            turned.reverse();
            assert!((Map::size_of(&turned) - 200.0).abs() < 1e-9, "{turn} the other way");
        }
        assert!(Map::size_of(&[]) < 1e-9 && Map::size_of(&corners[..2]) < 1e-9);
    }

    #[test]
    fn an_area_can_lead_somewhere() {
        let mut map = Map::new();
        map.area("s4", vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], "文安路", Some("/places/7?a=1&b=2".to_owned()));
        map.line("way", vec![(0.0, 0.0), (5.0, f64::NAN)]);
        let html = map.figure("");
        assert!(html.contains(r#"role="group""#), "{html}");
        assert!(html.contains(r#"<a href="/places/7?a=1&amp;b=2" aria-label="文安路">"#), "{html}");
    }
}
