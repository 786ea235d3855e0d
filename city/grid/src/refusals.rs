//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `grid`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        GridKindMissing = "grid.kind_missing",
            "还没有选是哪一种情况。", "请从列出的情况里选一种；都不像的，从目录里选。",
            "What is wrong was not chosen.", "Choose one from the list. If none fits, choose from all kinds.";
        GridPlaceMissing = "grid.place_missing",
            "还没有选在哪里。", "请写小区、社区或街道的名字，再从列出的地方里选一个。",
            "The place was not chosen.", "Write the name of the compound, community or street, then choose one from the list.";
        GridCallFirst = "grid.call_first",
            "这种情况可能有危险，请先打电话。", "打过电话以后，勾选“已经打过电话”，再送出。",
            "This may be dangerous: call first.", "After the call, tick “I have called” and send the report.";
        GridReportGone = "grid.report_gone",
            "这一件已经办完，不能再算上您。", "还有同样的情况，请另外反映一件。",
            "This report is finished and cannot be joined.", "If it is there again, send a new report.";
        GridTooMany = "grid.too_many",
            "从这里反映得太多了，这一件没有送出。", "请过 {minutes} 分钟再试；急的打 12345。",
            "Too many reports were sent from here. This one was not.", "Try again in {minutes} minutes. If it is urgent, call 12345.";
        GridServiceMissing = "grid.service_missing",
            "没有写 service_code。", "请从 services 列出的里面选一个。",
            "There is no service_code.", "Take one of those that services lists.";
        GridServiceUnknown = "grid.service_unknown",
            "目录里没有这个 service_code。", "请从 services 列出的里面选一个。",
            "There is no such service_code.", "Take one of those that services lists.";
        GridFormatUnknown = "grid.format_unknown",
            "接口里没有这个地址，或者没有这种格式。", "地址末尾写 .json 或 .xml，如 services.json。",
            "The interface has nothing at this address, or not in this format.", "End the address with .json or .xml, as in services.json.";
        GridJurisdictionUnknown = "grid.jurisdiction_unknown",
            "jurisdiction_id 不是本市。", "请去掉 jurisdiction_id，或者写本市的代码。",
            "The jurisdiction_id is not this city.", "Leave jurisdiction_id out, or give the code of this city.";
        GridKeyMissing = "grid.key_missing",
            "没有写 api_key。", "请写管理员给的令牌。",
            "There is no api_key.", "Give the token that the administrator gave you.";
        GridPlaceForeign = "grid.place_foreign",
            "这个系统不能在那里反映。", "请核对地点；确需的，请管理员登记一个管那里的系统。",
            "This system may not report there.", "Check the place. If you need it, ask the administrator to register a system for it.";
        GridPlaceUnread = "grid.place_unread",
            "从“{label}”找不到地点。", "请在 address_string 里写小区或社区的名字，或者在 address_id 里写代码。",
            "“{label}” leads to no place.", "Give the name of a compound or community in address_string, or its code in address_id.";
        GridPlaceSeveral = "grid.place_several",
            "address_string 可能指好几个地方：{places}。", "请把其中一个写进 address_id。",
            "The address_string may mean several places: {places}.", "Put one of them into address_id.";
        GridAttributeMissing = "grid.attribute_missing",
            "缺少 attribute[{label}]。", "要填什么见这个 service_code 的说明（services/…）。",
            "The attribute[{label}] is missing.", "The definition of the service_code (services/…) says what is asked.";
        GridArgument = "grid.argument",
            "“{label}”不符合要求（{expected}）。", "请改正后再发。",
            "“{label}” is not what is expected ({expected}).", "Correct it and send it again.";
        GridSpanLong = "grid.span_long",
            "一次最多查 {days} 天。", "请分几次查。",
            "One question reaches over {days} days at most.", "Ask several times.";
        GridBodyKind = "grid.body_kind",
            "正文的类型不对，只接收没有压缩的表单（application/x-www-form-urlencoded，UTF-8）。", "请按 Open311 GeoReport v2 的写法发表单。",
            "The body has the wrong type: only an uncompressed form (application/x-www-form-urlencoded, UTF-8) is accepted.", "Send a form as Open311 GeoReport v2 says.";
        GridUpdateNothing = "grid.update_nothing",
            "这一件现在没有您可以办的这一步。", "请先查它现在的状态。",
            "There is no such step for you to take on this report now.", "See how it stands first.";
        GridFieldGone = "grid.field_gone",
            "没有这一件，或者不归您办。", "请看一下编号和地点；该由您办的，请上级调整您的岗位。",
            "There is no such matter, or it is not yours.", "Check its number and place. If it should be yours, ask for your post to be changed.";
        GridPhotosMany = "grid.photos_many",
            "照片太多，最多 {limit} 张。", "请去掉几张再送。",
            "Too many photos: at most {limit}.", "Take some away and send again.";
        GridPhotoLarge = "grid.photo_large",
            "有一张照片太大，最大 {limit} MB。", "请把相机的尺寸调小，再拍一张。",
            "A photo is too large: at most {limit} MB.", "Choose a smaller size in the camera and take it again.";
        GridEntryElse = "grid.entry_else",
            "这一条现在不是这个样子了。", "请看一看最新的，再决定。",
            "This entry stands otherwise by now.", "Look at how it stands, then decide.";
        GridUndoElsewhere = "grid.undo_elsewhere",
            "办件的步骤不在这里撤回。", "请打开这一件的页面，在还能撤回的时间内撤回。",
            "A step of a case is not taken back here.", "Open the page of the case and take it back while that is possible.";
        GridChangedSince = "grid.changed_since",
            "后来有人又改过，不能直接撤回。", "请打开这一户，把不对的那一项改过来。",
            "Somebody changed the same since, so it cannot simply be taken back.", "Open the dwelling and correct what is not right.";
    }
}
