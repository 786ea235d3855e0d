//! The tail of the highest statistics: a Gumbel distribution with the mean and the spread of the replicates.

/// Euler's constant.
const EULER: f64 = 0.577_215_664_901_532_9;

/// A Gumbel distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gumbel {
    location: f64,
    scale: f64,
}

impl Gumbel {
    /// Fits it by moments. Fewer than two values, or values without spread, have no tail.
    pub fn fit(values: &[f64]) -> Self {
        let count = values.len() as f64;
        if values.len() < 2 {
            return Self { location: f64::INFINITY, scale: 0.0 };
        }
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        let scale = (squares / (count - 1.0)).sqrt() * 6.0_f64.sqrt() / std::f64::consts::PI;
        Self { location: mean - EULER * scale, scale }
    }

    /// Returns the chance of a value at least this high; 1 where nothing is known of the tail.
    pub fn above(&self, value: f64) -> f64 {
        if self.scale <= 0.0 {
            return 1.0;
        }
        -(-(-(value - self.location) / self.scale).exp()).exp_m1()
    }
}
