//! The words of a department: enums that are stored, sent and shown by one stable word each, and sets of them.

use std::collections::BTreeSet;
use std::fmt;

use crate::{FromVal, StoreError, Val};

/// One of a few things that each have a stable word. [`worded!`](crate::worded) makes it.
pub trait Word: Copy + Ord + 'static {
    /// Returns the stable word.
    fn word(self) -> &'static str;
    /// Reads the stable word.
    fn read(word: &str) -> Option<Self>;
}

/// Writes an enum with a stable word for each variant: `ALL`, `code`, `parse`, and how it is read from a column.
#[macro_export]
macro_rules! worded {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// All variants.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the stable word.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Reads the stable word.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }

        impl $crate::words::Word for $name {
            fn word(self) -> &'static str {
                self.code()
            }

            fn read(word: &str) -> Option<Self> {
                Self::parse(word)
            }
        }

        impl $crate::FromVal for $name {
            fn from_val(value: &$crate::Val) -> Result<Self, $crate::StoreError> {
                let found = Self::parse(&<String as $crate::FromVal>::from_val(value)?);
                found.ok_or_else(|| $crate::StoreError::data(concat!("expected one of ", stringify!($name))))
            }
        }
    };
}

/// A set of words of one kind, stored as the words with spaces between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words<T: Word>(pub BTreeSet<T>);

impl<T: Word> Default for Words<T> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<T: Word> Words<T> {
    /// Reads words and leaves out unknown ones.
    #[must_use]
    pub fn parse<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self(words.into_iter().filter_map(T::read).collect())
    }
}

impl<T: Word> fmt::Display for Words<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|one| one.word()).collect();
        out.write_str(&words.join(" "))
    }
}

impl<T: Word> FromVal for Words<T> {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        Ok(Self::parse(String::from_val(value)?.split(' ')))
    }
}
