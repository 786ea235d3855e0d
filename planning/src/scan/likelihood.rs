//! The likelihood ratio of a zone and a window.

/// Returns the logarithm of the likelihood ratio of `count` reports where `expected` are expected, of `all`. It is 0
/// where there are no more than expected.
#[inline]
pub fn ratio(count: f64, expected: f64, all: f64) -> f64 {
    if count <= expected {
        return 0.0;
    }
    let (rest, left) = (all - count, all - expected);
    let outside = if rest > 0.0 { rest * (rest / left).ln() } else { 0.0 };
    count * (count / expected).ln() + outside
}

/// Returns a number that [`ratio`] does not pass, without a logarithm. The ratio and its slope are 0 at the
/// expectation, and its curvature is at most `1 / expected + 1 / (all - count)`.
#[inline]
pub fn bound(count: f64, expected: f64, all: f64) -> f64 {
    let above = count - expected;
    above * above * 0.5 * (1.0 / expected + 1.0 / (all - count))
}
