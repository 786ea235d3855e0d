//! The macro that writes the list of reasons: it makes the enum and its tables.

/// Writes the enum and its tables from one list. A line of the list is
/// `Name = "group.name", zh sentence, zh remedy, en sentence, en remedy;`.
macro_rules! codes {
    ($($name:ident = $text:literal, $zh:literal, $zh_remedy:literal, $en:literal, $en_remedy:literal;)+) => {
        /// A stable reason of refusal. Programs rely on the text of [`Code::as_str`], which never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`: ", $en)] $name,)+
        }

        impl Code {
            /// Every reason, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Returns the stable text, such as `case.action_not_possible_here`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// Returns the sentence that says what was refused, with `{name}` places.
            pub const fn sentence(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($zh, $en),)+ }
            }

            /// Returns the sentence that says what to do, with `{name}` places.
            pub const fn remedy(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($zh_remedy, $en_remedy),)+ }
            }
        }
    };
}
