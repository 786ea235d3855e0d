//! What leads from paper to a page: its whole address, and the square of modules (QR) that carries a text.

use crate::page::Page;
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::{Display, Write as _};

/// Holds a square of modules without its quiet zone. True means dark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// The rows from top to bottom.
    pub rows: Vec<Vec<bool>>,
}

impl Qr {
    /// Makes the square that carries a text. Returns nothing if the text is too long for one.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let width = code.width().max(1);
        let dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Some(Self { rows: dark.chunks(width).map(<[bool]>::to_vec).collect() })
    }

    /// Returns its width with the quiet zone of four modules on each side.
    #[must_use]
    pub fn width(&self) -> usize {
        self.rows.len() + 8
    }

    /// Returns the dark modules as the path of an SVG whose origin is the first module. Each run is one stroke, so that
    /// no seams show.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        for (y, row) in self.rows.iter().enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, other| one == other) {
                if run.first() == Some(&true) {
                    let _ = write!(path, "M{x} {y}h{0}v1h-{0}z", run.len());
                }
                x += run.len();
            }
        }
        path
    }
}

impl Page {
    /// The whole address of a page of the platform, as paper carries it: of a path, and of the identity behind it,
    /// which may be empty.
    pub fn public(&self, path: &str, id: impl Display) -> String {
        format!("{}{path}{id}", self.frame().public_url)
    }

    /// The square that opens a page of the platform from paper. None if its address is too long for one.
    pub fn square(&self, path: &str, id: impl Display) -> Option<Qr> {
        Qr::of(&self.public(path, id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_drawn_run_by_run() {
        let small = Qr { rows: vec![vec![true, true, false], vec![false, false, false], vec![false, true, true]] };
        assert_eq!(small.path(), "M0 0h2v1h-2zM1 2h2v1h-2z");
        let square = Qr::of("http://127.0.0.1:8010/verify?n=210104-2026-0000001-1&c=0123456789").unwrap();
        assert!(square.rows.iter().all(|row| row.len() == square.rows.len()));
        assert!(square.rows.len() >= 21 && square.rows.len() % 4 == 1, "{}", square.rows.len());
        assert!(square.rows[0][0], "the first module is of a finder");
        assert_eq!(square.width(), square.rows.len() + 8);
        assert_eq!(Qr { rows: Vec::new() }.path(), "");
        assert_eq!(Qr { rows: vec![vec![true, false, true]] }.path(), "M0 0h1v1h-1zM2 0h1v1h-1z");
        assert!(Qr::of(&"x".repeat(2_400)).is_none(), "no square carries so much");
    }
}
