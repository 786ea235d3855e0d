//! How reasons are declared: one macro, used by the kernel and by every crate that says no.

use crate::language::Lang;

/// What a reason of refusal says: a stable text, and a sentence and a remedy in both languages.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason {
    /// The stable text, as in `case.action_not_possible_here`.
    pub text: &'static str,
    /// What was refused, in Chinese.
    pub zh: &'static str,
    /// What to do, in Chinese.
    pub zh_remedy: &'static str,
    /// What was refused, in English.
    pub en: &'static str,
    /// What to do, in English.
    pub en_remedy: &'static str,
}

/// A stable reason of refusal. Programs rely on the text of [`Code::as_str`]; it never changes its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static Reason);

impl Code {
    /// The code of a reason; [`crate::refusals!`] writes these.
    pub const fn new(reason: &'static Reason) -> Self {
        Self(reason)
    }

    /// The stable text, as in `case.action_not_possible_here`.
    pub const fn as_str(self) -> &'static str {
        self.0.text
    }

    /// The sentence that says what was refused, with `{name}` places.
    pub const fn sentence(self, lang: Lang) -> &'static str {
        lang.pick(self.0.zh, self.0.en)
    }

    /// The sentence that says what to do, with `{name}` places.
    pub const fn remedy(self, lang: Lang) -> &'static str {
        lang.pick(self.0.zh_remedy, self.0.en_remedy)
    }
}

/// Declares reasons of refusal as constants of a type, and lists them in `ALL`.
///
/// Each is written `Name = "group.name", zh sentence, zh remedy, en sentence, en remedy;`. A crate declares a type of
/// its own for them, as in `pub struct Why;`. The start of the platform checks that no text is declared twice.
#[macro_export]
macro_rules! refusals {
    ($group:ident {
        $($name:ident = $text:literal, $zh:literal, $zh_remedy:literal, $en:literal, $en_remedy:literal;)+
    }) => {
        #[expect(non_upper_case_globals, reason = "they are called like the variants of an enum")]
        impl $group {
            $(
                #[doc = concat!("`", $text, "`: ", $en)]
                pub const $name: $crate::refusal::Code = $crate::refusal::Code::new(&$crate::refusal::Reason {
                    text: $text, zh: $zh, zh_remedy: $zh_remedy, en: $en, en_remedy: $en_remedy,
                });
            )+

            /// Every reason, in the order of the list.
            pub const ALL: &'static [$crate::refusal::Code] = &[$(Self::$name),+];
        }
    };
}
