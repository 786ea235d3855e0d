//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `counter`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        CounterSameElsewhere = "counter.same_elsewhere",
            "这位居民的同一件事已经在办，承办单位是{office}。", "请居民凭编号查询进展，或请{office}核对；确实要另办一件的，勾选“仍然受理”后再提交。",
            "This resident already has an open case for the same item at {office}.", "The resident can follow it by its number, or you can ask {office}; to open another one anyway, tick the box and send again.";
        CounterIdentityKind = "counter.identity_kind",
            "办这件事不收这种证件。", "请选列出的证件；只有这种证件的，到任一社区窗口咨询。",
            "This kind of identity document is not accepted for this item.", "Choose one of those listed; if you have no other, ask at any community counter.";
        CounterThingGone = "counter.thing_gone",
            "要改的这一项已经不在了，可能刚刚撤回或者改过。", "请看这一页现在的内容，再决定要不要办。",
            "What you wanted to change is no longer there; it may just have been taken back or changed.", "Look at the page as it is now, then decide what to do.";
        CounterDistrictMissing = "counter.district_missing",
            "还没有选您住的区。", "请选一个区；社区不知道没关系，工作人员会打电话问您。",
            "No district is chosen yet.", "Choose the district you live in; staff will phone you about the community.";
        CounterProofWrong = "counter.proof_wrong",
            "号码和这个办件登记的不一样。", "请照证件上的号码再填一次；没有登记证件的，填登记的电话。",
            "The number is not the one recorded for this case.", "Enter it again as printed on the document; if none was given, enter the phone number that was given.";
        CounterProofMissing = "counter.proof_missing",
            "还没有填查询码，也没有填电话。", "填查询码，或者填电话。",
            "Neither the code nor the phone number is filled in.", "Enter the code or the phone number.";
        CounterTooMany = "counter.too_many",
            "从这里或用这个电话提交得太多了，这一次没有提交。", "请到任一社区窗口办理，或者过 {minutes} 分钟再提交。",
            "Too many applications were sent from here or with this phone number, so this one was not sent.", "Come to any community counter, or send it again in {minutes} minutes.";
        CounterDraftsFull = "counter.drafts_full",
            "现在保存的草稿太多，这一份没有保存。", "请填完直接提交，或者到任一社区窗口办理。",
            "Too many drafts are saved just now, so this one was not saved.", "Fill in the rest and send it, or come to any community counter.";
        CounterDraftLarge = "counter.draft_large",
            "填的内容太多，没有保存。", "请直接提交，或者把长的内容写在纸上带到任一社区窗口。",
            "The answers are too long and were not saved.", "Send the application now, or write long answers on paper and bring them to any community counter.";
        CounterAge = "counter.age",
            "这一项给{ages}的人，照证件号本人现在{years}周岁。", "先告诉本人；问清楚了还要办的，勾选“已经告诉本人”后再提交，能不能办由办理单位决定。",
            "This item is for {ages}; according to the identity number the person is {years}.", "Tell the person. To go on anyway, tick “the person was told” and send again; the office decides.";
        CounterMailbox = "counter.mailbox",
            "“{label}”不像一个邮箱地址。", "请核对后再填，例如 name@example.cn。",
            "“{label}” does not look like an e-mail address.", "Check it and type it again, such as name@example.cn.";
        CounterMobile = "counter.mobile",
            "“{label}”是座机号码，收不到短信。", "请填 11 位的手机号码，或者扫二维码、抄下取回码。",
            "“{label}” is a landline and gets no text messages.", "Enter a mobile number of 11 digits, or scan the QR code or write the code down.";
        CounterMessagesTooMany = "counter.messages_too_many",
            "发得太多了，这一次没有发。", "请扫二维码，或者抄下取回码；也可以过 {minutes} 分钟再发。",
            "Too many messages were sent, so this one was not.", "Scan the QR code or write the code down, or send it again in {minutes} minutes.";
        CounterSavedCode = "counter.saved_code",
            "取回码不对，取回码一共 12 位。", "请照保存时的页面再填一次。",
            "That is not the code of a saved application; it has 12 characters.", "Type it again as the page showed it when you saved.";
        FormTooMany = "form.too_many",
            "“{label}”最多填 {limit} 个。", "多出来的请写在纸上，带到任一社区窗口。",
            "“{label}” allows at most {limit}.", "Write the others on paper and bring it to any community counter.";
        CatalogueDraftFaulty = "catalogue.draft_faulty",
            "事项 {item} 的草稿还有要改的地方，不能发布。", "请打开草稿，按提示逐条改好再发布。",
            "The draft of item {item} still has faults and cannot be released.", "Open the draft, correct what is marked, then release it.";
        CatalogueDraftGone = "catalogue.draft_gone",
            "事项 {item} 没有草稿，可能已经发布或被删除。", "请看这个事项的发布记录；要改，请重新编辑。",
            "There is no draft of item {item}; it may have been released or deleted.", "Look at the item's releases; to change it, edit it again.";
        CatalogueDraftChanged = "catalogue.draft_changed",
            "草稿刚刚被改过，没有发布。", "请重新看一遍草稿和影响，再发布。",
            "The draft has just been changed, so nothing was released.", "Check the draft and its effect again, then release it.";
        CatalogueDraftTaken = "catalogue.draft_taken",
            "别人刚刚改过这份草稿，您的修改还没有保存。", "再保存一次，就以您的为准；要看别人的修改，请重新打开这一页。",
            "Someone else has just changed this draft; your changes are not saved yet.", "Save again to replace it with yours, or reload the page to see the other changes.";
        CatalogueFromPast = "catalogue.from_past",
            "生效日期不能早于今天。", "请选今天或以后的日期。",
            "The date cannot be before today.", "Choose today or a later day.";
        CatalogueBasisUnknown = "catalogue.basis_unknown",
            "发布要写明依据的文件和条款。", "请从制度库的文件中选一条。",
            "A release must name its legal basis, document and clause.", "Choose one of the documents in the rulebook.";
        CatalogueDocumentAhead = "catalogue.document_ahead",
            "发文日期在今天以后。", "请填文件上印的日期。",
            "The date of issue is after today.", "Enter the date printed on the document.";
        CatalogueFourEyes = "catalogue.four_eyes",
            "自己写过或者改过的草稿，要由另一个人发布。", "请让另一位有权限的同事检查后发布。",
            "A draft that you wrote or changed must be released by someone else.", "Ask a colleague who may edit the catalogue to check and release it.";
        CatalogueOpensFourEyes = "catalogue.opens_four_eyes",
            "发布这份草稿，事项 {item} 就不再保密，必须由没有写过、改过草稿的人发布。", "请让另一位有权限的同事核对后发布；不想取消保密的，请在草稿里勾选“保密”。",
            "With this draft, item {item} is no longer confidential, so someone who neither wrote nor changed it must release it.", "Ask a colleague who may edit the catalogue to check and release it, or tick “confidential” in the draft.";
        CatalogueColumnTurned = "catalogue.column_turned",
            "“{title}”这一列讲的是保密，但看不出“是”指保密还是不保密。", "请把列名改成“{column}”：保密的写“是”，不保密的写“否”，再上传。",
            "The column “{title}” is about confidentiality, but it isn’t clear which way its yes and no go.", "Name it “{column}”, write yes for confidential items and no for others, and upload it again.";
        CatalogueReleaseWaiting = "catalogue.release_waiting",
            "这个事项已有一个新版本，{date}生效。", "要改它，请先撤回那个版本。",
            "A new version of this item is already set for {date}.", "To change it, withdraw that version first.";
        CatalogueReleaseInForce = "catalogue.release_in_force",
            "这个版本 {date}起已经生效，不能撤回。", "要改，请编辑事项并发布新版本。",
            "This version has been in force since {date} and cannot be withdrawn.", "To change it, edit the item and release a new version.";
        CatalogueCodeTaken = "catalogue.code_taken",
            "事项编号 {item} 已经用过了。", "请换一个没有用过的编号。",
            "The code {item} is already used.", "Choose a code that has never been used.";
    }
}
