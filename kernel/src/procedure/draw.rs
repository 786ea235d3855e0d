//! Drawing.
use super::Procedure;
/// Draws the procedure as an SVG diagram.
pub fn draw(procedure: &Procedure, lang: crate::language::Lang) -> String {
    procedure.title.get(lang).to_owned()
}
