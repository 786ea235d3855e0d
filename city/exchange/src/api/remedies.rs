//! This file says what a program does about a refusal where the remedy that people read names a box, a button or a
//! page: it names the field or the call instead.

use crate::refusals::Why;
use kernel::language::Lang;
use kernel::refusal::{Code, Refusal};

/// Returns what a program does about a refusal.
#[must_use]
pub fn remedy(refusal: &Refusal, lang: Lang) -> String {
    remedy_of(refusal.code, lang).map_or_else(|| refusal.remedy(lang), str::to_owned)
}

/// Returns what a program does about refusals of that code, or nothing where the remedy that people read fits programs
/// too.
#[must_use]
pub fn remedy_of(code: Code, lang: Lang) -> Option<&'static str> {
    for_programs(code).map(|(chinese, english)| lang.pick(chinese, english))
}

/// Returns the remedy of a code in Chinese and English.
fn for_programs(code: Code) -> Option<(&'static str, &'static str)> {
    Some(match code {
        Code::CaseSameOpen | counter::Why::CounterSameElsewhere => (
            "请先核对那一件；确实要另办一件的，加上 \"once_more\": \"yes\" 再发一次。",
            "Look at that case first; to open another one anyway, send again with \"once_more\": \"yes\".",
        ),
        Code::IdentifierUnsure => (
            "请对照卡或存折再核对一遍；确实没错的（例如存折），加上 \"bank_card_confirmed\": true 再发一次。",
            "Check it against the card or passbook; if it is right, as on a passbook, send again with \
             \"bank_card_confirmed\": true.",
        ),
        counter::Why::CounterAge => (
            "先告诉本人；问清楚了还要办的，加上 \"age_told\": \"yes\" 再发一次，能不能办由办理单位决定。",
            "Tell the person. To go on anyway, send again with \"age_told\": \"yes\"; the office decides.",
        ),
        Code::CaseActionUnknown => {
            ("请重新读取这个办件，从 actions 里选一步。", "Read the case again and choose one of its actions.")
        }
        Code::CaseActionNotPossibleHere => (
            "可能有人刚办过这一步，请重新读取这个办件，看 actions 里现在有哪几步。",
            "Someone may have just done it: read the case again and see which actions it has now.",
        ),
        Code::CaseAlreadyDone => ("请重新读取这个办件，看最新进展。", "Read the case again to see the latest."),
        Why::CaseChangedMeanwhile => {
            ("请重新读取这个办件，看过最新内容后再办。", "Read the case again, see what is new, then act again.")
        }
        Code::RequestSentDifferently => (
            "请先查这个 Idempotency-Key 办了什么；要发新的内容，换一个 Idempotency-Key。",
            "See what was done under this Idempotency-Key; send new content under another one.",
        ),
        Code::FormFieldUnknown => ("请去掉这一项再发。", "Leave it out and send again."),
        Code::FormPaperMissing => (
            "请在 papers 里写材料代码：交材料的写补了哪几样，要求补材料的写缺哪几样。",
            "Put the codes of the papers into papers: those handed in, or those that are missing.",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_told_of_fields_and_calls() {
        for (code, field) in [
            (Code::CaseSameOpen, "\"once_more\": \"yes\""),
            (counter::Why::CounterSameElsewhere, "\"once_more\": \"yes\""),
            (Code::IdentifierUnsure, "\"bank_card_confirmed\": true"),
            (counter::Why::CounterAge, "\"age_told\": \"yes\""),
            (Code::CaseActionUnknown, "actions"),
            (Code::RequestSentDifferently, "Idempotency-Key"),
            (Code::FormPaperMissing, "papers"),
        ] {
            for lang in [Lang::Zh, Lang::En] {
                let told = remedy(&Refusal::new(code), lang);
                assert!(told.contains(field), "{code}: {told}");
            }
        }
        let missing = Refusal::new(Code::FormMissing);
        assert_eq!(remedy(&missing, Lang::En), missing.remedy(Lang::En), "what fits programs too stays");
    }

    #[test]
    fn no_program_is_told_to_tick_a_box_or_to_reload_a_page() {
        let all = Code::ALL.iter().filter(|code| for_programs(**code).is_some());
        for code in all {
            let told = remedy(&Refusal::new(*code), Lang::Zh) + &remedy(&Refusal::new(*code), Lang::En);
            for page in ["勾选", "刷新", "页面", "tick", "Reload"] {
                assert!(!told.contains(page), "{code}: {told}");
            }
        }
    }
}
