//! Says what a program does about a refusal where the remedy that people read names a box, a list or a page: it names
//! the field or the call of the interface instead.

use kernel::language::Lang;
use kernel::refusal::{Code, Refusal};

use crate::refusals::Why;

/// Returns what a program does about a refusal.
#[must_use]
pub fn remedy(refusal: &Refusal, lang: Lang) -> String {
    let own = of_sending(refusal.code).or_else(|| of_photos(refusal.code)).or_else(|| of_updating(refusal.code));
    own.map_or_else(|| refusal.remedy(lang), |(chinese, english)| lang.pick(chinese, english).to_owned())
}

/// Returns what is done about what was sent with a report, in Chinese and English.
fn of_sending(code: Code) -> Option<(&'static str, &'static str)> {
    Some(match code {
        Code::FormMissing => ("请写上这个字段再发。", "Give this field and send again."),
        Code::FormInvalid => ("请改正这个字段再发。", "Correct this field and send again."),
        Code::FormTelephone => (
            "请写 11 位手机号，或者区号加座机号；也可以不写。",
            "Give a mobile number of 11 digits or a landline with its area code, or leave it out.",
        ),
        Code::FormTooLong => ("请写短些再发。", "Shorten it and send again."),
        Code::FormHidden => ("请去掉看不见的字符再发。", "Take out the characters that cannot be seen and send again."),
        Code::FormGarbled => ("请核对字符编码（UTF-8）再发。", "Check the encoding (UTF-8) and send again."),
        Code::RequestSentDifferently => (
            "这个标识（Idempotency-Key、update_id 或 attribute[external_id]）已经办过一次；新的内容换一个标识再发。",
            "Something was done under this Idempotency-Key, update_id or attribute[external_id] already; send new \
             content under another one.",
        ),
        Why::GridKindMissing => (
            "请写上 attribute[condition]；有哪些见这个 service_code 的说明（services/…）。",
            "Give attribute[condition]; the definition of the service_code (services/…) lists them.",
        ),
        Why::GridKindHour => (
            "请换一个 attribute[condition]；看到的时间写在 attribute[seen_at] 里。",
            "Send another attribute[condition]; give the time at which it was seen in attribute[seen_at].",
        ),
        Why::GridCallFirst => (
            "请反映人先打这个 service_code 的说明里写的电话，再带 attribute[called]=yes 发一次。",
            "Let whoever reports it call the number in the definition of the service_code first, then send again with \
             attribute[called]=yes.",
        ),
        places::Why::PointUnreadable => (
            "请在 lat 里写纬度、在 long 里写经度，都用小数。",
            "Give the latitude in lat and the longitude in long, as decimals.",
        ),
        places::Why::PointSwapped => ("请把 lat 和 long 对调。", "Swap lat and long."),
        places::Why::PointOutside | places::Why::PointUnmapped => (
            "请核对 lat 和 long；或者不写，在 address_string 里写小区或社区的名字。",
            "Check lat and long, or leave them out and give the name of a compound or community in address_string.",
        ),
        _ => return None,
    })
}

/// Returns what is done about photos and about the size of what was sent, in Chinese and English.
fn of_photos(code: Code) -> Option<(&'static str, &'static str)> {
    Some(match code {
        Code::RequestTooLarge => ("请少带几张照片，或者把文字写短，再发。", "Send fewer photos or less text."),
        Why::GridPhotoMany => (
            "这次什么也没有收下；请在 media 里少放几张再发。",
            "Nothing was taken; send again with fewer photos in media.",
        ),
        papers::Why::PaperFileKind | papers::Why::PaperPhotoKind | papers::Why::PaperFileHeic => {
            ("请在 media 里放 JPG 或 PNG 照片。", "Put a JPG or PNG picture into media.")
        }
        papers::Why::PaperFileLarge | papers::Why::PaperFilePixels => {
            ("请把 media 里的照片缩小再发。", "Make the picture in media smaller and send again.")
        }
        papers::Why::PaperFileBroken => {
            ("请核对 media 里的照片是不是完整，再发。", "Check that the picture in media is whole and send again.")
        }
        _ => return None,
    })
}

/// Returns what is done about a report that is there already, in Chinese and English.
fn of_updating(code: Code) -> Option<(&'static str, &'static str)> {
    Some(match code {
        Code::CaseNotFound => ("请核对 service_request_id。", "Check the service_request_id."),
        Code::CaseActionUnknown
        | Code::CaseActionNotPossibleHere
        | Code::CaseAlreadyDone
        | Code::CaseEnded
        | exchange::Why::CaseChangedMeanwhile => (
            "请先读这一件（requests/…），看它现在的状态。",
            "Read the report first (requests/…) and see how it stands now.",
        ),
        Why::GridReportGone => (
            "还有同样的情况，请用 POST requests 另外反映一件。",
            "If it is there again, send a new one by POST requests.",
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands on pages alone.
    const OF_PAGES: [&str; 14] = [
        "勾选",
        "刷新",
        "页面",
        "这一页",
        "旁边的说明",
        "按钮",
        "回执",
        "tick",
        "Reload",
        "reload",
        "page",
        "button",
        "beside it",
        "receipt",
    ];

    #[test]
    fn no_program_is_told_of_what_stands_on_a_page() {
        let shared = Code::ALL.iter().filter(|code| {
            let name = code.as_str();
            name.starts_with("form.") || name.starts_with("request.") || **code == Code::CaseNotFound
        });
        let of_photos = papers::Why::ALL.iter().filter(|code| {
            let name = code.as_str();
            ["paper.photo_kind", "paper.file_heic", "paper.file_large", "paper.file_broken"].contains(&name)
        });
        let own = Why::ALL.iter().filter(|code| {
            let name = code.as_str();
            let part = ["call_first", "kind_hour", "photo_many", "service", "attribute", "argument", "key_", "body_"];
            part.iter().any(|part| name.contains(part))
        });
        // Papers and names are not asked for here.
        let elsewhere = ["form.paper_missing", "form.consent", "form.field_unknown"];
        for code in shared.chain(of_photos).chain(own).filter(|code| !elsewhere.contains(&code.as_str())) {
            for lang in Lang::ALL {
                let told = remedy(&Refusal::new(*code), lang);
                for word in OF_PAGES {
                    assert!(!told.contains(word), "{code}: {told}");
                }
            }
        }
    }

    #[test]
    fn what_fits_programs_too_stays() {
        let missing = Refusal::new(Why::GridServiceMissing);
        assert_eq!(remedy(&missing, Lang::En), missing.remedy(Lang::En));
        assert!(remedy(&Refusal::new(Why::GridCallFirst), Lang::Zh).contains("attribute[called]=yes"));
    }
}
