//! The picture of a place's order (一核多元): the core in the middle, the bodies around it in two columns, each a link
//! to what stands of it below. Numbers only; the template draws them.

/// Widths and heights in units of the picture: at 480 units a letter of 14 can be read on a phone.
const WIDTH: i64 = 480;
const BOX_WIDTH: i64 = 150;
const BOX_HEIGHT: i64 = 58;
const GAP: i64 = 14;
const MARGIN: i64 = 6;
const CORE_WIDTH: i64 = 132;
const CORE_HEIGHT: i64 = 84;
/// The columns of letters that a box takes in a line; a Chinese character takes two.
const COLUMNS: usize = 18;
const LINES: usize = 3;
const LINE_HEIGHT: i64 = 17;

/// A line of text.
pub(super) struct Words {
    pub x: i64,
    pub y: i64,
    pub text: String,
}

/// A box with its words.
pub(super) struct Shape {
    pub x: i64,
    pub y: i64,
    pub width: i64,
    pub height: i64,
    pub href: String,
    pub words: Vec<Words>,
}

/// A line from the core to a box.
pub(super) struct Link {
    pub x1: i64,
    pub y1: i64,
    pub x2: i64,
    pub y2: i64,
}

/// The picture.
pub(super) struct Picture {
    pub width: i64,
    pub height: i64,
    pub core: Shape,
    pub around: Vec<Shape>,
    pub links: Vec<Link>,
}

/// What a box says and where it leads.
pub(super) struct Label {
    pub text: String,
    pub href: String,
}

/// Draws the core with the others around it: one by one at the left and at the right.
pub(super) fn drawn(core: &Label, around: &[Label]) -> Picture {
    let rows = i64::try_from(around.len().div_ceil(2)).unwrap_or(1).max(2);
    let height = 2 * MARGIN + rows * BOX_HEIGHT + (rows - 1) * GAP;
    let middle = (WIDTH / 2, height / 2);
    let core = shape(core, (middle.0 - CORE_WIDTH / 2, middle.1 - CORE_HEIGHT / 2), (CORE_WIDTH, CORE_HEIGHT));
    let (mut shapes, mut links) = (Vec::new(), Vec::new());
    for (row, pair) in (0_i64..).zip(around.chunks(2)) {
        for (side, label) in (0_i64..).zip(pair) {
            let x = if side == 0 { MARGIN } else { WIDTH - MARGIN - BOX_WIDTH };
            let y = MARGIN + row * (BOX_HEIGHT + GAP);
            // From edge to edge: no line runs through words, also where paper shows no fill.
            let (from, to) = if side == 0 { (core.x, x + BOX_WIDTH) } else { (core.x + core.width, x) };
            links.push(Link { x1: from, y1: middle.1, x2: to, y2: y + BOX_HEIGHT / 2 });
            shapes.push(shape(label, (x, y), (BOX_WIDTH, BOX_HEIGHT)));
        }
    }
    Picture { width: WIDTH, height, core, around: shapes, links }
}

fn shape(label: &Label, at: (i64, i64), size: (i64, i64)) -> Shape {
    let lines = broken(&label.text);
    let count = i64::try_from(lines.len()).unwrap_or(1);
    // The first line stands so that all of them are in the middle of the box.
    let first = at.1 + size.1 / 2 - (count - 1) * LINE_HEIGHT / 2 + LINE_HEIGHT / 3;
    let words =
        (0_i64..).zip(lines).map(|(line, text)| Words { x: at.0 + size.0 / 2, y: first + line * LINE_HEIGHT, text });
    Shape { x: at.0, y: at.1, width: size.0, height: size.1, href: label.href.clone(), words: words.collect() }
}

/// Breaks a text into lines that a box takes: at blanks where there are some, else anywhere. What is too long ends with
/// a sign for it.
fn broken(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for part in parts(text) {
        let needed = columns(&part);
        if let Some(line) = lines.last_mut()
            && (line.is_empty() || columns(line) + needed <= COLUMNS)
        {
            line.push_str(&part);
        } else {
            lines.push(part);
        }
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    lines.into_iter().map(|line| line.trim().to_owned()).collect()
}

/// The parts between which a line may break: each Chinese character, and each other word with the blank behind it.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut is_open = false;
    for sign in text.chars() {
        match parts.last_mut().filter(|_| is_open && sign.is_ascii()) {
            Some(word) => word.push(sign),
            None => parts.push(sign.to_string()),
        }
        is_open = sign.is_ascii() && sign != ' ';
    }
    parts
}

fn columns(text: &str) -> usize {
    text.chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_broken_where_a_box_ends() {
        for (text, lines) in [
            ("居民委员会", vec!["居民委员会"]),
            ("翠湖花园第一届业主委员会", vec!["翠湖花园第一届业主", "委员会"]),
            ("Residents' supervision committee", vec!["Residents'", "supervision", "committee"]),
            ("Police post", vec!["Police post"]),
            ("", vec![""]),
        ] {
            assert_eq!(broken(text), lines, "{text}");
        }
        let long = broken(&"长".repeat(40));
        assert!(long.len() == LINES && long[LINES - 1].ends_with('…'), "{long:?}");
    }

    #[test]
    fn every_box_lies_inside_and_none_upon_another() {
        let label = |text: &str| Label { text: text.to_owned(), href: String::new() };
        for count in 0..=13 {
            let around: Vec<Label> = (0..count).map(|_| label("组织")).collect();
            let picture = drawn(&label("党组织"), &around);
            let shapes: Vec<&Shape> = picture.around.iter().chain([&picture.core]).collect();
            for (at, one) in shapes.iter().enumerate() {
                assert!(one.x >= 0 && one.y >= 0);
                assert!(one.x + one.width <= picture.width && one.y + one.height <= picture.height, "{count}");
                for other in shapes.iter().skip(at + 1) {
                    let apart = one.x + one.width <= other.x
                        || other.x + other.width <= one.x
                        || one.y + one.height <= other.y
                        || other.y + other.height <= one.y;
                    assert!(apart, "{count}");
                }
            }
            assert_eq!(picture.links.len(), count);
            let core = &picture.core;
            let is_inside = |x: i64| core.x < x && x < core.x + core.width;
            assert!(picture.links.iter().all(|link| !is_inside(link.x1) && !is_inside(link.x2)), "{count}");
        }
    }
}
