//! The reasons of refusal that the kernel gives or that several crates share. A department declares its own
//! (`refusals!`).

use super::Code;
use crate::refusals;

refusals! {
    Code {
        CaseSameHand = "case.same_hand",
            "“{action}”要由另一个人来做：“{step}”是您办的。", "请交给同单位的另一位同事。",
            "Somebody else must take “{action}”: you took “{step}”.", "Ask a colleague of the same unit.";
        CaseHerWord = "case.her_word_missing",
            "“{action}”是替申请人办的，要写明她是怎么说的。", "请选一种：当面、电话或者书面；她没有说过就不要办。",
            "“{action}” is done in the applicant's name: say how she asked for it.", "Choose at the counter, by telephone or in writing; without her word, do not do it.";
        CaseDayNotOver = "case.day_not_over",
            "告知书上写的日子还没有过（到{date}），现在不能做“{action}”。", "那一天过后再办。",
            "The day named in the letter is not over (until {date}); “{action}” is not possible yet.", "Do it after that day.";
        CaseDayOutside = "case.day_outside",
            "“{label}”要在 {from} 到 {to} 之间。", "请改正日期后再提交。",
            "“{label}” must lie between {from} and {to}.", "Correct the date and send again.";
        CaseTakenOften = "case.taken_often",
            "“{action}”最多 {times} 次，已经用完。", "请改办“{then}”。",
            "“{action}” may be taken {times} times at most, and has been.", "Take “{then}” instead.";
        CaseConsentMissing = "case.consent_missing",
            "还没有得到{party}的同意，不能做“{action}”。", "请先征得同意；不愿意的，不能勉强。",
            "{party} has not consented, so “{action}” is not possible.", "Ask for consent first; nobody may be pressed.";
        CaseExtensionsUsed = "case.extensions_used",
            "最多延期 {times} 次，已经用完。", "请尽快办结，办不了的如实说明原因。",
            "The time may be extended {times} times at most, and has been.", "Finish it soon, or say why it cannot be done.";
        CaseExtendOverdue = "case.extend_overdue",
            "已经超期，不能再延期。", "请尽快办结，并说明超期原因。",
            "It is overdue and cannot be extended any more.", "Finish it soon and say why it is late.";
        CaseExtendByStep = "case.extend_by_step",
            "这件事不能在这里延期：能不能延、延几次，由办理流程规定。", "流程里有延期这一步的，请从列出的操作里选；没有的，请按期办结。",
            "The time of this matter is not extended here: its procedure says whether and how often it is.", "Where the steps listed give more time, take that step; where none does, finish it in time.";
        CaseLimitMissing = "case.limit_missing",
            "没有查到时限“{rule}”。", "请管理员检查制度库里有没有这一条。",
            "The limit “{rule}” is not known.", "Ask the operator whether the rulebook has it.";
        CasePartyUnfit = "case.party_unfit",
            "“{party}”没有填，或者填得不对。", "请核对是谁、有几位，再提交。",
            "“{party}” is missing or does not fit.", "Check who it is and how many there are, then send again.";
        PermissionNotParty = "permission.not_party",
            "只有这件事的当事人才能这样做。", "请由当事人本人办理，或请承办单位代为记录。",
            "Only a party of this matter can do this.", "Let the party do it, or ask the office to record it.";

        CaseNotFound = "case.not_found",
            "没有找到这个办件。", "请核对办件编号和回执上的查询码；没有查询码的，核对申请时留的电话号码。",
            "No such case was found.", "Check the case number and the code on the receipt, or without a code the telephone number given when applying.";
        CaseNotOpened = "case.not_opened",
            "这个办件还没有登记，不能继续办理。", "请先在窗口受理或在网上提交申请。",
            "This case has not been opened yet.", "Accept it at a counter or apply online first.";
        CaseAlreadyOpened = "case.already_opened",
            "这个办件已经登记过了，不必重复登记。", "请用办件编号打开它，接着办理。",
            "This case has already been opened.", "Open it by its number and go on from there.";
        CaseActionUnknown = "case.action_unknown",
            "本事项的办理流程里没有“{action}”这一步。", "请刷新页面，从列出的操作里选一项。",
            "The procedure of this item has no step “{action}”.", "Reload the page and choose one of the steps it lists.";
        CaseActionNotPossibleHere = "case.action_not_possible_here",
            "办件目前是“{state}”，不能做“{action}”。", "可能有人刚办过这一步，请刷新页面看最新进展。",
            "The case is “{state}”; “{action}” is not possible now.", "Somebody may have just done it: reload the page to see where the case stands.";
        CaseEnded = "case.ended",
            "办件已经结束（{state}），不能再办理。", "还有需要的话，请重新提出申请。",
            "The case has ended (“{state}”) and cannot be changed.", "If something is still needed, make a new application.";
        CaseNotRunning = "case.not_running",
            "办件没有在办理中，时限没有在走。", "受理以后、作出决定以前才能这样做。",
            "The case is not being handled; no clock runs.", "This can be done after acceptance and before the decision.";
        CaseNotLate = "case.not_late",
            "办件没有超过承诺期限，不用说明原因。", "请刷新页面看最新情况。",
            "The case is not past its promised date; no reason is needed.", "Reload the page to see how it stands.";
        CaseExtensionTooLong = "case.extension_too_long",
            "延期超过了规定，最多还能延 {left}。", "请按规定的天数延期，或者先办结。",
            "The extension is longer than the rule allows; at most {left} are left.", "Extend within the rule, or decide now.";
        CaseOfficeUnfit = "case.office_unfit",
            "不能选这个单位。", "请选另一个有这项职责的单位，不能选现在的承办单位或已经征求过的单位。",
            "This office cannot be chosen.", "Choose another office with that duty, neither the one in charge nor one that was asked already.";
        CaseOpinionsMissing = "case.opinions_missing",
            "还有单位没有答复意见。", "等联合办理的单位答复后再办，或催一催。",
            "Opinions of other offices are still missing.", "Wait until the offices that handle it jointly have answered, or remind them.";
        CaseHomeOpen = "case.home_open",
            "还不知道申请人住在哪个社区，不能受理。", "请先在件的页面上确认居住社区，再受理。",
            "It is not known yet in which community the applicant lives.", "Say it on the page of the case first, then accept it.";
        CaseWaitNotOver = "case.wait_not_over",
            "公示期还没有结束（到{date}）。", "公示期满的第二天再办。",
            "The notice period is not over (until {date}).", "Go on the day after it has ended.";
        CaseAlreadyDone = "case.already_done",
            "这一步已经有人做过了。", "请刷新页面看最新情况。",
            "Somebody has done this already.", "Reload the page to see how it stands.";
        CaseOneByOne = "case.one_by_one",
            "“{action}”这样办要一件一件地来。", "请打开这件，在办件页上办。",
            "“{action}” is done case by case here.", "Open the case and do it there.";
        CaseSuperviseOneLevel = "case.supervise_one_level",
            "督办要一级抓一级，不能越级。", "请交由它的直接上级督办。",
            "Supervision goes one level at a time.", "Ask the level directly above the office to do it.";
        CaseSameOpen = "case.same_open",
            "这位居民的同一件事已经在办：{number}。", "请先核对那一件；确实要另办一件的，勾选“仍然受理”后再提交。",
            "The same matter of this resident is already open: {number}.", "Look at that case first; to open another one all the same, tick the box and send again.";
        CaseCounterMissing = "case.counter_missing",
            "没有说明在哪个窗口办理。", "请选择您正在值守的窗口后再试。",
            "It was not said at which counter this happens.", "Choose the counter you are working at and try again.";
        CaseProcedureDiffers = "case.procedure_differs",
            "办件按另一个流程或另一版流程办理，不能套用现在这个。", "请管理员检查流程文件是否保留了旧版本。",
            "The case follows another procedure or another version of it.", "Ask the operator whether the older version of the procedure file was kept.";

        PermissionMissing = "permission.missing",
            "您的岗位没有“{permission}”权限。", "确需办理的，请联系本单位管理员调整岗位权限。",
            "Your post does not carry the permission “{permission}”.", "If your work needs it, ask your unit's administrator to change the post.";
        PermissionOutsidePlace = "permission.outside_place",
            "这里不在您岗位的管辖范围内。", "请交给所属单位办理，或联系管理员调整岗位范围。",
            "This lies outside the area of your post.", "Hand it to the unit it belongs to, or ask the administrator to change the area of your post.";
        PermissionOtherDepartment = "permission.other_department",
            "这件事由其他部门负责。", "请转给负责的部门办理。",
            "Another department is responsible for this.", "Pass it to the department responsible.";
        PermissionConfidential = "permission.confidential",
            "这是保密事项，只有承办部门的经办人可以查看和办理。", "请由承办部门的经办人办理。",
            "This matter is confidential: only the responsible department's own staff see it and act on it.", "Leave it to the staff of the responsible department.";
        PermissionNotApplicant = "permission.not_applicant",
            "只有申请人本人可以做这一步。", "请用办件编号和回执上的查询码进入，或请窗口工作人员代为办理。",
            "Only the applicant can do this.", "Enter with the case number and the code on the receipt, or ask at a counter.";
        PermissionOtherCounter = "permission.other_counter",
            "这件事由受理它的窗口办理。", "请转告受理窗口；领取结果可以在任一窗口。",
            "This case is with the counter that accepted it.", "Pass it to that counter; a result can be collected anywhere.";
        PermissionCounterOnly = "permission.counter_only",
            "网上只能交照片或电子件。", "原件和复印件请带到任一社区窗口。",
            "Only pictures and electronic papers can be sent online.", "Bring originals and copies to any community counter.";
        PermissionSystemOnly = "permission.system_only",
            "这一步由系统自动完成，不能手工操作。", "不必操作，系统到时会自动办理。",
            "The platform takes this step by itself.", "Nothing needs to be done by hand.";
        PermissionSignIn = "permission.sign_in",
            "请先登录。", "登录后会回到这一页。",
            "Please sign in first.", "You will come back to this page afterwards.";

        FormMissing = "form.missing",
            "“{label}”还没有填写。", "请填写后再提交。",
            "“{label}” is missing.", "Fill it in and send again.";
        FormInvalid = "form.invalid",
            "“{label}”的内容不对。", "请按旁边的说明改正后再提交。",
            "“{label}” is not right.", "Correct it as the note beside it says and send again.";
        FormTooLong = "form.too_long",
            "“{label}”太长，最多 {limit} 个字。", "请精简后再提交。",
            "“{label}” is too long; at most {limit} characters.", "Shorten it and send again.";
        FormHidden = "form.hidden",
            "“{label}”里有看不见的字符，或者别的电脑显示不出来的字。", "请把这一栏清空，直接输入，不要从别处粘贴；名字里的生僻字请用能打出标准字的输入法。",
            "“{label}” holds characters that cannot be seen, or that other computers do not show.", "Clear the field and type it instead of pasting it; enter rare characters of a name with a standard input method.";
        FormGarbled = "form.garbled",
            "“{label}”里有“？”或“□”，多半是有个生僻字没有显示出来。", "请对照证件把这个字重新打一遍，例如“䶮”；打不出来的，请到窗口请工作人员登记。",
            "“{label}” holds a “?” or a box: a rare character was probably lost.", "Type that character again as it stands on the identity paper; if you cannot, ask at a counter.";
        FormChoice = "form.choice",
            "“{label}”只能从列出的选项里选。", "请选择其中一项。",
            "“{label}” must be one of the choices listed.", "Choose one of them.";
        FormDate = "form.date",
            "“{label}”不是有效的日期。", "请按“年-月-日”填写，例如 2026-11-23。",
            "“{label}” is not a date.", "Write year-month-day, for example 2026-11-23.";
        FormNumber = "form.number",
            "“{label}”要填整数，在 {from} 到 {to} 之间。", "请改正后再提交。",
            "“{label}” must be a whole number from {from} to {to}.", "Correct it and send again.";
        FormFieldUnknown = "form.field_unknown",
            "这一步不需要“{label}”。", "请刷新页面后重新填写。",
            "This step does not ask for “{label}”.", "Reload the page and fill it in again.";
        FormBlank = "form.blank",
            "“{label}”里还有没填的空（＿＿）。", "请把空填上；用不着的句子请删去。",
            "“{label}” still has a blank to fill in.", "Fill in every blank; take out the sentences that do not apply.";
        FormPaperMissing = "form.paper_missing",
            "没有勾选材料。", "请把缺少的或这次补交的材料都勾上。",
            "No paper was ticked.", "Tick every paper that is missing or handed in now.";
        FormPaperUnknown = "form.paper_unknown",
            "本事项的材料里没有“{label}”。", "请从材料清单里选择。",
            "The item has no paper “{label}”.", "Choose from its list of papers.";
        FormConsent = "form.consent",
            "还没有确认“{label}”。", "请阅读说明并勾选后再提交。",
            "“{label}” has not been confirmed.", "Read the note, tick the box and send again.";

        IdentifierEmpty = "identifier.empty",
            "“{label}”还没有填写。", "请填写完整的号码。",
            "“{label}” is missing.", "Enter the whole number.";
        IdentifierLength = "identifier.length",
            "号码的位数不对。", "请对照证件逐位核对，不要漏填或多填。",
            "The number has the wrong length.", "Compare it with the document digit by digit.";
        IdentifierCharacter = "identifier.character",
            "号码里有不该出现的字符。", "请只填证件上的数字和字母。",
            "The number holds a character that does not belong there.", "Enter only the digits and letters of the document.";
        IdentifierDate = "identifier.date",
            "号码里的出生日期不存在。", "请核对第 7 到 14 位。",
            "The date of birth in the number does not exist.", "Check digits 7 to 14.";
        IdentifierProvince = "identifier.province",
            "号码开头的省份代码不存在。", "请对照证件核对号码的前两位；外国人永久居留身份证核对第 2、3 位。",
            "The number begins with the code of a province that does not exist.", "Compare the first two digits with the paper, or digits 2 and 3 on a foreign permanent resident card.";
        IdentifierBirth = "identifier.birth",
            "号码里的出生日期还没有到，或者太早。", "请对照证件核对第 7 到 14 位。",
            "The date of birth in the number lies ahead or too long ago.", "Compare digits 7 to 14 with the paper.";
        IdentifierUnsure = "identifier.unsure",
            "这个号码不像常见的银行卡号，也许有一位填错了。", "请对照卡或存折再核对一遍；确实没错的（例如存折），勾选“号码没错”后再提交。",
            "This is no usual number of a bank card; one digit may be wrong.", "Compare it with the card or passbook; if it is right, as on a passbook, tick “The number is right” and send again.";
        IdentifierCheckDigit = "identifier.check_digit",
            "号码有误，校验没有通过。", "多半是有一位填错或两位颠倒，请对照证件核对。",
            "The number does not pass its check.", "Most often one digit is wrong or two are swapped: compare it with the document.";

        PlaceUnknown = "place.unknown",
            "没有找到这个地方。", "请从列表中选择，或换个名称再查。",
            "No such place was found.", "Choose from the list, or search by another name.";
        PlaceNotDeepEnough = "place.not_deep_enough",
            "地方选得不够具体，至少要选到{level}。", "请继续选择下一级。",
            "The place is too wide; choose at least a {level}.", "Go on to the level below.";

        VaultPurposeMissing = "vault.purpose_missing",
            "没有说明为什么要查看个人信息。", "请写明用途；本人可以看到这条记录。",
            "It was not said why the personal data is to be opened.", "State the purpose; the person can read this entry.";
        VaultRecordErased = "vault.record_erased",
            "这份个人信息已到保存期限并已销毁。", "需要的话，请申请人重新提供。",
            "This personal record reached the end of its retention and was erased.", "If it is needed, ask the applicant to give it again.";

        RequestSentDifferently = "request.sent_differently",
            "同一次提交之前已经收到，但内容不同。", "请刷新页面，确认结果后再提交新的内容。",
            "The same request was received before with different content.", "Reload the page, see what was done, then send the new content.";
        RequestTooMany = "request.too_many",
            "请求太频繁。", "请稍等 {seconds} 秒再试。",
            "Too many requests.", "Wait {seconds} seconds and try again.";
        RequestTooLarge = "request.too_large",
            "提交的内容太大。", "请减少附件或分几次提交。",
            "What was sent is too large.", "Attach less, or send it in parts.";

        GeographyMissing = "geography.missing",
            "这里还没有小区、楼栋和道路数据。", "请管理员用 lianglin places geography 导入后再试。",
            "No compounds, buildings and ways are known here yet.", "Ask the operator to lay them with lianglin places geography, then try again.";

        RatingAlreadyGiven = "rating.already_given",
            "这次办理已经评价过了，一次办理评价一次。", "想补充意见，请联系承办单位或拨打 12345。",
            "This visit has already been rated; one visit, one rating.", "To add something, contact the office in charge or call 12345.";
        RatingTooEarly = "rating.too_early",
            "事情还没办完，暂时不能评价。", "办结后再来评价。",
            "The case has not ended yet and cannot be rated.", "Come back when it is done.";
        RatingTooLate = "rating.too_late",
            "评价期限已过。", "有意见请联系承办单位或拨打 12345。",
            "The time for rating is over.", "If something is wrong, contact the office in charge or call 12345.";
        RatingScore = "rating.score",
            "评价要在五个等级里选一个。", "请从“非常不满意”到“非常满意”中选择。",
            "A rating is one of five levels.", "Choose from very dissatisfied to very satisfied.";
        RuleWrongUnit = "rule.wrong_unit",
            "制度库里“{rule}”的数值 {number}（单位 {unit}）在这里不能用，可用的单位：{wanted}。", "请管理员在制度库中改正这个数值或它的单位。",
            "The rulebook's value {number} {unit} of “{rule}” cannot be applied here; units that can: {wanted}.", "Ask the operator to correct the value or its unit in the rulebook.";
        FormAmount = "form.amount",
            "“{label}”不是有效的金额。", "请只填数字，最多两位小数，例如 1200.50。",
            "“{label}” is not an amount of money.", "Write digits only, with at most two decimals, for example 1200.50.";
    }
}
