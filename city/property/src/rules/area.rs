//! Areas as people write them, in whole square centimetres.

/// The largest area that is taken, in square centimetres: a hundred square kilometres.
const MOST_CM2: i64 = 1_000_000_000_000;

/// Reads square metres with at most two digits behind the point (`89.5`), in square centimetres; none if it is no such
/// number or nothing.
#[must_use]
pub fn cm2(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.chars().all(|sign| sign.is_ascii_digit());
    if !is_digits(whole) || !is_digits(rest) || whole.len() > 9 || rest.len() > 2 {
        return None;
    }
    let hundredths: i64 = format!("{rest:0<2}").parse().ok()?;
    let area = whole.parse::<i64>().ok()?.checked_mul(10_000)?.checked_add(hundredths.checked_mul(100)?)?;
    (1..=MOST_CM2).contains(&area).then_some(area)
}

/// Writes square centimetres as square metres with two digits behind the point.
#[must_use]
pub fn square_metres(cm2: i64) -> String {
    let hundredths = cm2 / 100;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_whole_square_centimetres() {
        for (text, expected, told) in [
            ("80", 800_000, "80.00"),
            (" 89.5 ", 895_000, "89.50"),
            ("0.01", 100, "0.01"),
            ("120.25", 1_202_500, "120.25"),
        ] {
            assert_eq!(cm2(text), Some(expected), "{text}");
            assert_eq!(square_metres(expected), told);
        }
        for wrong in ["", "0", "0.00", "-1", "1.234", "1e3", "一百", "9999999999", ".5", "5."] {
            assert_eq!(cm2(wrong), None, "{wrong}");
        }
    }
}
