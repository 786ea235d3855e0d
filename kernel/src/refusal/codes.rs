//! The reasons of refusal that the kernel gives or that several crates share. A department declares its own
//! (`refusals!`).

use super::Code;
use crate::refusals;

refusals! {
    Code {
        CaseSameHand = "case.same_hand",
            "“{action}”要由另一个人来办：“{step}”是您办的。", "请交给同单位的另一位同事。",
            "“{action}” must be done by someone else: you did “{step}”.", "Ask a colleague in your unit.";
        CaseOwnUnit = "case.own_unit",
            "“{action}”不能由承办单位的人来办：自己单位的事，自己不能批。", "请由把这一件派来的社区或者窗口来办。",
            "“{action}” is not for the unit that has the case: nobody decides what her own unit asks for.", "Ask the community or the counter that sent it out.";
        CaseInHand = "case.in_hand",
            "“{action}”之前要先把人撤下来：{name} 正在办。", "请先在“经办人”一栏改成没有人经办，再退回。",
            "Before “{action}”, withdraw whoever has it in hand: {name}.", "Set the handler to nobody first, then send it back.";
        CaseHerWord = "case.her_word_missing",
            "“{action}”是替申请人办的，要写明申请人是怎么说的。", "请选一种：当面、电话或者书面；申请人没有说过就不要办。",
            "“{action}” is done in the applicant's name: say how the applicant asked for it.", "Choose in person, by phone or in writing; if the applicant did not ask, do not do it.";
        CaseDayNotOver = "case.day_not_over",
            "告知书上写的日子还没有过（到{date}），现在不能办“{action}”。", "那一天过后再办。",
            "The deadline in the letter has not passed yet ({date}), so “{action}” is not possible.", "Do it after that day.";
        CaseDayOutside = "case.day_outside",
            "“{label}”要在 {from} 到 {to} 之间。", "请改正日期后再提交。",
            "“{label}” must be between {from} and {to}.", "Correct the date and send again.";
        CaseTakenSeldom = "case.taken_seldom",
            "“{first}”办满 {times} 次以后，才能办“{action}”。", "请先办“{first}”。",
            "“{action}” is possible only after “{first}” was done {times} times.", "Do “{first}” first.";
        CaseTakenOften = "case.taken_often",
            "“{action}”最多 {times} 次，已经用完。", "请改办“{then}”。",
            "“{action}” can be done at most {times} times, and that limit has been reached.", "Do “{then}” instead.";
        CaseConsentMissing = "case.consent_missing",
            "还没有得到{party}的同意，不能办“{action}”。", "请先征得同意；不愿意的，不能勉强。",
            "Agreement is still missing from: {party}. “{action}” is not possible yet.", "Ask for agreement first; nobody may be pressed.";
        CaseExtensionsUsed = "case.extensions_used",
            "最多延期 {times} 次，已经用完。", "请尽快办完，办不了的如实说明原因。",
            "The deadline can be extended at most {times} times, and that limit has been reached.", "Finish it soon, or say why it cannot be done.";
        CaseExtendOverdue = "case.extend_overdue",
            "已经超期，不能再延期。", "请尽快办完，并说明超期原因。",
            "It is overdue and can no longer be extended.", "Finish it soon and say why it is late.";
        CaseExtendByStep = "case.extend_by_step",
            "这件事不能在这里延期：能不能延、延几次，由办理流程规定。", "流程里有延期这一步的，请从列出的操作里选；没有的，请按期办完。",
            "The deadline cannot be extended here: the procedure says whether and how often it can be.", "If one of the steps listed gives more time, use it; otherwise finish on time.";
        CaseLimitMissing = "case.limit_missing",
            "没有查到时限“{rule}”。", "请管理员检查制度库里有没有这一条。",
            "The limit “{rule}” was not found.", "Ask the operator to check whether it is in the rulebook.";
        CasePartyUnfit = "case.party_unfit",
            "“{party}”没有填，或者填得不对。", "请核对是谁、有几位，再提交。",
            "“{party}” is missing or not right.", "Check who it is and how many there are, then send again.";
        PermissionNotParty = "permission.not_party",
            "只有这件事的当事人才能这样做。", "请由当事人本人办理，或请承办单位代为记录。",
            "Only a party to this case can do this.", "Ask the party to do it, or ask the office to record it.";

        CaseNotFound = "case.not_found",
            "没有找到这个办件。", "请核对办件编号和回执上的查询码；没有查询码的，核对申请时留的电话号码。",
            "No such case was found.", "Check the case number and the code on the receipt. Without a code, check the phone number given when applying.";
        CaseNotOpened = "case.not_opened",
            "这个办件还没有登记，不能继续办理。", "请先在窗口受理或在网上提交申请。",
            "This case has not been opened yet.", "Accept it at a counter or apply online first.";
        CaseAlreadyOpened = "case.already_opened",
            "这个办件已经登记过了，不必重复登记。", "请用办件编号打开它，接着办理。",
            "This case has already been opened.", "Open it by its number and continue from there.";
        CaseActionUnknown = "case.action_unknown",
            "本事项的办理流程里没有“{action}”这一步。", "请刷新页面，从列出的操作里选一项。",
            "The procedure of this item has no step “{action}”.", "Reload the page and choose one of the steps listed.";
        CaseActionNotPossibleHere = "case.action_not_possible_here",
            "办件现在是“{state}”，不能办“{action}”。", "可能有人刚办过这一步，请刷新页面看最新进展。",
            "The case is now “{state}”, so “{action}” is not possible.", "Someone may have just done it: reload the page to see the latest.";
        CaseEnded = "case.ended",
            "办件已经结束（{state}），不能再办理。", "还有需要的话，请重新提出申请。",
            "The case is over (“{state}”) and cannot be changed.", "If something is still needed, make a new application.";
        CaseNotRunning = "case.not_running",
            "这一件现在没有在办，不计时间。", "受理以后、作出决定以前才能这样做。",
            "The case is not in progress, so no deadline is running.", "Do this after acceptance and before the decision.";
        CaseNotLate = "case.not_late",
            "办件没有超过承诺期限，不用说明原因。", "请刷新页面看最新情况。",
            "The case is not past its promised date; no reason is needed.", "Reload the page to see the latest.";
        CaseExtensionTooLong = "case.extension_too_long",
            "延期超过了规定，最多还能延 {left}。", "请按规定的天数延期，或者先办完。",
            "The extension is longer than the rule allows; at most {left} more.", "Choose a shorter extension, or decide now.";
        CaseOfficeUnfit = "case.office_unfit",
            "不能选这个单位。", "请选另一个有这项职责的单位，不能选现在的承办单位或已经征求过的单位。",
            "This office cannot be chosen.", "Choose another office responsible for this, not the one in charge and not one already asked.";
        CaseOpinionsMissing = "case.opinions_missing",
            "还有单位没有答复意见。", "等联合办理的单位答复后再办，也可以催一催。",
            "Opinions of other offices are still missing.", "Wait until the joint offices have answered, or remind them.";
        CaseHomeOpen = "case.home_open",
            "还不知道申请人住在哪个社区，不能受理。", "请先在件的页面上确认居住社区，再受理。",
            "The applicant's community is not known yet.", "Enter it on the page of the case first, then accept it.";
        CaseWaitNotOver = "case.wait_not_over",
            "公示期还没有结束（到{date}）。", "公示期满的第二天再办。",
            "The public notice period is not over yet (until {date}).", "Continue the day after it ends.";
        CaseAlreadyDone = "case.already_done",
            "这一步已经有人做过了。", "请刷新页面看最新情况。",
            "Someone has already done this.", "Reload the page to see the latest.";
        CaseOneByOne = "case.one_by_one",
            "“{action}”要一件一件地办。", "请打开这一件，在它的页面上办。",
            "“{action}” must be done case by case.", "Open the case and do it there.";
        CaseSuperviseOneLevel = "case.supervise_one_level",
            "督办要一级抓一级，不能越级。", "请交由它的直接上级督办。",
            "Supervision goes one level at a time.", "Ask the level directly above the office to do it.";
        CaseSameOpen = "case.same_open",
            "这位居民的同一件事已经在办：{number}。", "请先核对那一件；确实要另办一件的，勾选“仍然受理”后再提交。",
            "This resident already has an open case for the same item: {number}.", "Look at that case first; to open another one anyway, tick the box and send again.";
        CaseCounterMissing = "case.counter_missing",
            "没有选在哪个窗口办理。", "请选择您正在值守的窗口后再试。",
            "No counter was given.", "Choose the counter you are working at and try again.";
        CaseProcedureDiffers = "case.procedure_differs",
            "这一件按另一个流程或者旧的流程办，不能用现在这个。", "请管理员检查流程文件是否保留了旧版本。",
            "The case follows another procedure or another version of it.", "Ask the operator whether the older version of the procedure file was kept.";

        PermissionMissing = "permission.missing",
            "您的岗位没有“{permission}”权限。", "确需办理的，请联系本单位管理员调整岗位权限。",
            "Your post does not have the permission “{permission}”.", "If your work needs it, ask your unit's administrator to change your post.";
        PermissionOutsidePlace = "permission.outside_place",
            "这里不在您岗位的管辖范围内。", "请交给所属单位办理，或联系管理员调整岗位范围。",
            "This is outside the area of your post.", "Pass it to the unit responsible, or ask the administrator to change the area of your post.";
        PermissionOtherDepartment = "permission.other_department",
            "这件事由其他部门负责。", "请转给负责的部门办理。",
            "Another department is responsible for this.", "Pass it to that department.";
        PermissionConfidential = "permission.confidential",
            "这是保密事项，只有承办部门的经办人可以查看和办理。", "请由承办部门的经办人办理。",
            "This is confidential: only staff of the department responsible can see it and act on it.", "Leave it to the staff of that department.";
        PermissionNotApplicant = "permission.not_applicant",
            "只有申请人本人可以做这一步。", "请用办件编号和回执上的查询码进入，或请窗口工作人员代为办理。",
            "Only the applicant can do this.", "Use the case number and the code on the receipt, or ask at a counter.";
        PermissionOtherCounter = "permission.other_counter",
            "这件事由受理它的窗口办理。", "请转告受理窗口；领取结果可以在任一窗口。",
            "This case is handled by the counter that accepted it.", "Tell that counter; a result can be collected at any counter.";
        PermissionCounterOnly = "permission.counter_only",
            "网上只能交照片或电子件。", "原件和复印件请带到任一社区窗口。",
            "Only pictures and electronic papers can be sent online.", "Bring originals and copies to any community counter.";
        PermissionSystemOnly = "permission.system_only",
            "这一步由系统自动完成，不能手工操作。", "不必操作，系统到时会自动办理。",
            "The system takes this step automatically.", "You need not do anything.";
        PermissionSignIn = "permission.sign_in",
            "请先登录。", "登录后会回到这一页。",
            "Please sign in first.", "You will come back to this page afterwards.";

        FormMissing = "form.missing",
            "“{label}”还没有填写。", "请填写后再提交。",
            "“{label}” is missing.", "Fill it in and send again.";
        FormInvalid = "form.invalid",
            "“{label}”填得不对。", "请按旁边的说明改正后再提交。",
            "“{label}” is not right.", "Follow the note beside it, correct it and send again.";
        FormTelephone = "form.telephone",
            "“{label}”不像电话号码。", "请填 11 位手机号，或者区号加座机号；写着“选填”的，不想留可以空着。",
            "“{label}” does not look like a telephone number.", "Enter a mobile number of 11 digits, or a landline with its area code; where it says “optional”, you may leave it empty.";
        FormTooLong = "form.too_long",
            "“{label}”太长，最多 {limit} 个字。", "请精简后再提交。",
            "“{label}” is too long; at most {limit} characters.", "Shorten it and send again.";
        FormHidden = "form.hidden",
            "“{label}”里有看不见的字符，或者别的电脑显示不出来的字。", "请把这一栏清空，直接输入，不要从别处粘贴；名字里的生僻字请用能打出标准字的输入法。",
            "“{label}” contains characters that cannot be seen, or that other computers do not show.", "Clear the field and type it instead of pasting it; enter rare characters of a name with a standard input method.";
        FormGarbled = "form.garbled",
            "“{label}”里有“？”或“□”，多半是有个生僻字没有显示出来。", "请对照证件把这个字重新打一遍，例如“䶮”；打不出来的，请到窗口请工作人员登记。",
            "“{label}” contains a “?” or a box: a rare character was probably lost.", "Type that character again as it stands on the identity paper; if you cannot, ask at a counter.";
        FormNameSigns = "form.name_signs",
            "“{label}”里有名字里不会有的符号。", "请只写名字，去掉“<”“=”这类符号。",
            "“{label}” has signs that no name has.", "Write the name alone, without signs such as “<” or “=”.";
        FormPersonal = "form.personal",
            "“{label}”里有电话号码、证件号码或者银行卡号，而这一栏别人看得到。", "请删去号码，也不写人名；电话有单独一栏的，填在那一栏。",
            "“{label}” has the number of a telephone, an identity paper or a bank card, and others read this field.", "Delete the number, and name nobody. Where a telephone has a field of its own, enter it there.";
        FormChoice = "form.choice",
            "“{label}”只能从列出的选项里选。", "请选择其中一项。",
            "“{label}” must be one of the choices listed.", "Choose one of them.";
        FormUnchosen = "form.unchosen",
            "“{label}”还没有选。", "请选择其中一项。",
            "Nothing is chosen yet for “{label}”.", "Choose one of them.";
        FormDate = "form.date",
            "“{label}”不是有效的日期。", "请按“年-月-日”填写，例如 2026-11-23。",
            "“{label}” is not a valid date.", "Enter year-month-day, for example 2026-11-23.";
        FormUndated = "form.undated",
            "“{label}”还没有填日期。", "请按“年-月-日”填写，例如 2026-11-23。",
            "“{label}” has no date yet.", "Enter year-month-day, for example 2026-11-23.";
        FormPast = "form.past",
            "“{label}”填的日期已经过去了。", "请填今天或者以后的日期。",
            "The date in “{label}” is past.", "Enter today or a later day.";
        FormDateAhead = "form.date_ahead",
            "“{label}”不能晚于今天。", "请核对日期后再提交。",
            "“{label}” cannot be in the future.", "Check the date and send again.";
        FormEarly = "form.early",
            "“{label}”填的日期太早。", "请核对日期，填晚一些的。",
            "The date in “{label}” is too early.", "Check it and enter a later one.";
        FormNumber = "form.number",
            "“{label}”要填整数，在 {from} 到 {to} 之间。", "请改正后再提交。",
            "“{label}” must be a whole number from {from} to {to}.", "Correct it and send again.";
        FormFieldUnknown = "form.field_unknown",
            "这一步不需要“{label}”。", "请刷新页面后重新填写。",
            "This step does not ask for “{label}”.", "Reload the page and fill it in again.";
        FormBlank = "form.blank",
            "“{label}”里还有没填的空（＿＿）。", "请把空填上；用不着的句子请删去。",
            "“{label}” still has a blank to fill in.", "Fill in every blank; delete sentences that do not apply.";
        FormPaperMissing = "form.paper_missing",
            "没有勾选材料。", "补材料的，请勾选您补了哪几样；告知要补材料的，请勾选缺哪几样。",
            "No papers are ticked.", "If you are handing in papers, tick the ones you have added; if you are asking for papers, tick the ones that are missing.";
        FormPaperUnknown = "form.paper_unknown",
            "本事项的材料里没有“{label}”。", "请从材料清单里选择。",
            "“{label}” is not one of the papers for this item.", "Choose from the list of papers.";
        FormConsent = "form.consent",
            "还没有确认“{label}”。", "请阅读说明并勾选后再提交。",
            "“{label}” has not been confirmed.", "Read the note, tick the box and send again.";

        IdentifierEmpty = "identifier.empty",
            "“{label}”还没有填写。", "请填写完整的号码。",
            "“{label}” is missing.", "Enter the whole number.";
        IdentifierLength = "identifier.length",
            "号码的位数不对。", "请对照证件逐位核对，不要漏填或多填。",
            "The number has the wrong length.", "Check it digit by digit against the document.";
        IdentifierCharacter = "identifier.character",
            "号码里有不该出现的字符。", "请只填证件上的数字和字母。",
            "The number contains a character that does not belong there.", "Enter only the digits and letters on the document.";
        IdentifierDate = "identifier.date",
            "号码里的出生日期不存在。", "请核对第 7 到 14 位。",
            "The date of birth in the number does not exist.", "Check digits 7 to 14.";
        IdentifierProvince = "identifier.province",
            "号码开头的省份代码不存在。", "请对照证件核对号码的前两位；外国人永久居留身份证核对第 2、3 位。",
            "The province code at the start of the number does not exist.", "Check the first two digits against the document; on a foreign permanent resident card, digits 2 and 3.";
        IdentifierBirth = "identifier.birth",
            "号码里的出生日期还没有到，或者太早。", "请对照证件核对第 7 到 14 位。",
            "The date of birth in the number is in the future or too long ago.", "Check digits 7 to 14 against the document.";
        IdentifierUnsure = "identifier.unsure",
            "这个号码不像常见的银行卡号，也许有一位填错了。", "请对照卡或存折再核对一遍；确实没错的（例如存折），勾选“号码没错”后再提交。",
            "This does not look like a bank card number; one digit may be wrong.", "Check it against the card or passbook; if it is right, as on a passbook, tick “The number is right” and send again.";
        IdentifierCheckDigit = "identifier.check_digit",
            "号码不对，校验没有通过。", "多半是有一位填错或两位颠倒，请对照证件核对。",
            "The number is not valid.", "Usually one digit is wrong or two are swapped: check it against the document.";

        PlaceUnknown = "place.unknown",
            "没有找到这个地方。", "请从列表中选择，或换个名称再查。",
            "No such place was found.", "Choose from the list, or search by another name.";
        PlaceNotDeepEnough = "place.not_deep_enough",
            "地方选得不够具体，至少要选到{level}。", "请继续选择下一级。",
            "The place is too general; choose at least a {level}.", "Continue to the next level down.";

        VaultPurposeMissing = "vault.purpose_missing",
            "没有说明为什么要查看个人信息。", "请写明用途；本人可以看到这条记录。",
            "No purpose was given for opening the personal data.", "State the purpose; the person can see this entry.";
        VaultRecordErased = "vault.record_erased",
            "这份个人信息保存期满，已经删除。", "需要的话，请申请人重新提供。",
            "The retention period of this personal data is over and it has been deleted.", "If you need it, ask the applicant to provide it again.";

        RequestSentDifferently = "request.sent_differently",
            "这次提交之前已经收到过，但内容不一样。", "请刷新页面，看清办了什么，再提交新的内容。",
            "This was already sent before with different content.", "Reload the page, see what was done, then send the new content.";
        RequestTooMany = "request.too_many",
            "操作太频繁了。", "请稍等 {seconds} 秒再试。",
            "Too many requests.", "Wait {seconds} seconds and try again.";
        RequestTooLarge = "request.too_large",
            "提交的内容太大。", "请减少附件或分几次提交。",
            "What you sent is too large.", "Attach less, or send it in parts.";

        GeographyMissing = "geography.missing",
            "这里还没有小区、楼栋和道路数据。", "请管理员用 lianglin places geography 导入后再试。",
            "There is no data on compounds, buildings and roads here yet.", "Ask the operator to import it with lianglin places geography, then try again.";

        RatingAlreadyGiven = "rating.already_given",
            "这次办理已经评价过了，一次办理评价一次。", "想补充意见，请联系承办单位或拨打 12345。",
            "This case has already been rated; each case can be rated once.", "To add anything, contact the office in charge or call 12345.";
        RatingTooEarly = "rating.too_early",
            "事情还没办完，暂时不能评价。", "办完以后再来评价。",
            "The case is not finished yet, so it cannot be rated.", "Come back when it is finished.";
        RatingTooLate = "rating.too_late",
            "评价期限已过。", "有意见请联系承办单位或拨打 12345。",
            "The time for rating is over.", "If something is wrong, contact the office in charge or call 12345.";
        RatingScore = "rating.score",
            "评价要在五个等级里选一个。", "请从“非常不满意”到“非常满意”中选择。",
            "A rating is one of five levels.", "Choose from very dissatisfied to very satisfied.";
        RuleWrongUnit = "rule.wrong_unit",
            "制度库里“{rule}”的数值 {number}（单位 {unit}）在这里不能用，可用的单位：{wanted}。", "请管理员在制度库中改正这个数值或它的单位。",
            "The rulebook's value {number} {unit} for “{rule}” cannot be used here; units that can: {wanted}.", "Ask the operator to correct the value or its unit in the rulebook.";
        FormAmount = "form.amount",
            "“{label}”不是有效的金额。", "请只填数字，最多两位小数，例如 1200.50。",
            "“{label}” is not a valid amount.", "Enter digits only, with at most two decimals, for example 1200.50.";
    }
}
