//! Numbers that are no numbers of cases: who gives them out says where one looks with them and a code.

/// What a department numbers beside cases (预约、意见), and where somebody looks with such a number.
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    /// Reads a number however it is spelled, and returns it as it is written. None for what is no number of the kind.
    pub read: fn(&str) -> Option<String>,
    /// The local address of the page that asks for the number and a code, as a form with the fields `number` and
    /// `code`. It takes the number as `?number=` too.
    pub href: &'static str,
}

impl Numbered {
    /// The address of that page with the number. None for what is no number of the kind.
    pub(crate) fn address(&self, typed: &str) -> Option<String> {
        (self.read)(typed).map(|number| format!("{}?number={number}", self.href))
    }
}
