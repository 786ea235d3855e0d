//! The stable reasons of refusal, each with its sentence and its remedy. As an exception, these texts stand in code
//! although people see them.

use crate::language::Lang;

codes! {
    CaseNotFound = "case.not_found",
        "没有找到这个办件。", "请核对办件编号和申请时留的电话号码。",
        "No such case was found.", "Check the case number and the telephone number given when applying.";
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
    CaseStillOpen = "case.still_open",
        "办件还没有结束，现在不能删除个人信息。", "办结以后再删除；不想办了，可以先撤回申请。",
        "The case is not over, so the personal data cannot be erased yet.", "Erase them when it is over, or withdraw the application first.";
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
    CaseWaitNotOver = "case.wait_not_over",
        "公示期还没有结束（到{date}）。", "公示期满的第二天再办。",
        "The notice period is not over (until {date}).", "Go on the day after it has ended.";
    CaseAlreadyDone = "case.already_done",
        "这一步已经有人做过了。", "请刷新页面看最新情况。",
        "Somebody has done this already.", "Reload the page to see how it stands.";
    CaseOneByOne = "case.one_by_one",
        "“{action}”这样办要一件一件地来。", "请打开这件，在办件页上办。",
        "“{action}” is done case by case here.", "Open the case and do it there.";
    CaseNoneTicked = "case.none_ticked",
        "没有勾选办件。", "请在待办里勾选要一起办的件，或者点“全选本页”。",
        "No case is ticked.", "Tick the cases in the list, or tick the whole page, then send again.";
    CaseNotNow = "case.not_now",
        "这一件刚才没有办成，别的件不受影响。", "请稍后再办这一件。",
        "This case could not be done just now; the others are not affected.", "Try this one again in a moment.";
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
    CaseNumberTaken = "case.number_taken",
        "这个办件编号已经用过。", "请再提交一次，系统会给出新的编号。",
        "This case number is already in use.", "Send it once more; a new number will be given.";
    CaseChangedMeanwhile = "case.changed_meanwhile",
        "在您填写的时候，有人已经改动了这个办件。", "请刷新页面，看过最新内容后再操作。",
        "Somebody changed this case while you were writing.", "Reload the page, read what is new, then act again.";

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
        "只有申请人本人可以做这一步。", "请用办件编号和申请时留的电话号码进入，或请窗口工作人员代为办理。",
        "Only the applicant can do this.", "Enter with the case number and the telephone number given when applying, or ask at a counter.";
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
    FormChoice = "form.choice",
        "“{label}”只能从列出的选项里选。", "请选择其中一项。",
        "“{label}” must be one of the choices listed.", "Choose one of them.";
    FormDate = "form.date",
        "“{label}”不是有效的日期。", "请按“年-月-日”填写，例如 2026-11-23。",
        "“{label}” is not a date.", "Write year-month-day, for example 2026-11-23.";
    FormDateAhead = "form.date_ahead",
        "“{label}”不能晚于今天。", "请核对日期后再提交。",
        "“{label}” must not lie in the future.", "Check the date and send again.";
    FormTooMany = "form.too_many",
        "“{label}”最多填 {limit} 个。", "多出来的请写在纸上，带到任一社区窗口。",
        "“{label}” takes at most {limit}.", "Write the others on paper and bring it to any community counter.";
    FormAmount = "form.amount",
        "“{label}”不是有效的金额。", "请只填数字，最多两位小数，例如 1200.50。",
        "“{label}” is not an amount of money.", "Write digits only, with at most two decimals, for example 1200.50.";
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
        "没有选择材料。", "请一次列全所有缺少的或带来的材料。",
        "No paper was chosen.", "Tick every paper that is missing or was brought, all at once.";
    FormPaperUnknown = "form.paper_unknown",
        "本事项的材料里没有“{label}”。", "请从材料清单里选择。",
        "The item has no paper “{label}”.", "Choose from its list of papers.";
    FormConsent = "form.consent",
        "还没有确认“{label}”。", "请阅读说明并勾选后再提交。",
        "“{label}” has not been confirmed.", "Read the note, tick the box and send again.";
    FormFile = "form.file",
        "文件“{label}”不能接收。", "请检查文件格式和大小后重新选择。",
        "The file “{label}” cannot be taken.", "Check its kind and size and choose again.";

    PaperFileMissing = "paper.file_missing",
        "没有选择文件。", "请拍照或选择文件后再提交。",
        "No file was chosen.", "Take a picture or choose a file, then send again.";
    PaperFileKind = "paper.file_kind",
        "这个文件不是照片，也不是PDF。", "请用 JPG、PNG 照片或 PDF 文件；Word、压缩包等请先另存为 PDF。",
        "This file is neither a picture nor a PDF.", "Use a JPG or PNG picture or a PDF; save other documents as PDF first.";
    PaperFileHeic = "paper.file_heic",
        "这是 HEIC 照片，窗口的电脑打不开。", "请在这一页直接拍照；或把手机相机设为“兼容性最佳”（JPG）后重拍。",
        "This is a HEIC picture, which the counters cannot open.", "Take the picture from this page, or set the camera to JPG (“most compatible”) and take it again.";
    PaperFileLarge = "paper.file_large",
        "文件太大，最多 {limit} MB。", "请把照片拍小一些，或把 PDF 分成几份。",
        "The file is too large; at most {limit} MB.", "Take a smaller picture, or split the PDF.";
    PaperFilePixels = "paper.file_pixels",
        "照片的尺寸太大，最多 {limit} 百万像素。", "请把相机的照片尺寸调小后重拍。",
        "The picture is too large; at most {limit} million pixels.", "Set the camera to smaller pictures and take it again.";
    PaperFileBroken = "paper.file_broken",
        "文件打不开，可能没有传完整。", "请重新拍照，或在电脑上确认能打开后再传。",
        "The file cannot be opened; it may be incomplete.", "Take the picture again, or check that the file opens on your device.";
    PaperFileActive = "paper.file_active",
        "这个 PDF 带有程序、附件或加密，不能接收。", "请用“打印为 PDF”另存一份，或直接拍照上传。",
        "This PDF carries programs, attachments or encryption and cannot be taken.", "Save it again with “print to PDF”, or send pictures of the pages.";
    PaperFileMany = "paper.file_many",
        "每种材料最多 {limit} 个文件。", "请先删去不清楚的，或把几页合成一个 PDF。",
        "At most {limit} files for each paper.", "Remove those that are not clear, or put several pages into one PDF.";
    PaperFileLooked = "paper.file_looked",
        "工作人员已经看过这个文件，不能再删。", "发错了可以再传一份正确的，并告诉承办单位。",
        "Staff have looked at this file; it cannot be removed any more.", "If it is the wrong one, add the right one and tell the office.";
    PaperFileGone = "paper.file_gone",
        "文件已经删除或到期销毁。", "需要的话，请申请人重新提供。",
        "The file was removed or has been erased.", "If it is needed, ask the applicant to give it again.";
    PaperNoCheck = "paper.no_check",
        "这种材料还不能用数据核验。", "请按材料清单收取，或承诺后补。",
        "This paper cannot be checked by data yet.", "Take the paper in, or agree on a later date.";
    PaperCheckAway = "paper.check_away",
        "核验系统暂时没有答复。", "可以先收材料照常办理，稍后再点“核验”。",
        "The data check did not answer.", "Go on with the paper itself, or try the check again later.";
    PaperLaterDate = "paper.later_date",
        "后补日期要在明天到 {limit} 之间。", "请改一个日期。",
        "The date must lie between tomorrow and {limit}.", "Choose another date.";
    PaperNotMissing = "paper.not_missing",
        "这种材料已经有了，不用后补。", "请刷新页面看最新情况。",
        "This paper is there already; nothing is to be promised.", "Reload the page to see where it stands.";
    PaperElsewhere = "paper.elsewhere",
        "原件不在这里，或刚刚有人登记过。", "请刷新页面，看原件现在由谁保管。",
        "The original is not here, or somebody has just recorded it.", "Reload the page to see who holds it now.";
    PaperListMixed = "paper.list_mixed",
        "一张交接清单只能交给同一个单位。", "请分开选择，各打一张清单。",
        "One hand-over list goes to one office.", "Choose them separately and make a list for each.";
    PaperListDone = "paper.list_done",
        "这张清单已经签收过了。", "不用再签；有问题请与对方单位核对。",
        "This list has been confirmed already.", "Nothing is left to do; settle differences with the other office.";

    IdentifierEmpty = "identifier.empty",
        "号码还没有填写。", "请填写完整的号码。",
        "The number is missing.", "Enter the whole number.";
    IdentifierLength = "identifier.length",
        "号码的位数不对。", "请对照证件逐位核对，不要漏填或多填。",
        "The number has the wrong length.", "Compare it with the document digit by digit.";
    IdentifierCharacter = "identifier.character",
        "号码里有不该出现的字符。", "请只填证件上的数字和字母。",
        "The number holds a character that does not belong there.", "Enter only the digits and letters of the document.";
    IdentifierDate = "identifier.date",
        "号码里的出生日期不存在。", "请核对第 7 到 14 位。",
        "The date of birth in the number does not exist.", "Check digits 7 to 14.";
    IdentifierCheckDigit = "identifier.check_digit",
        "号码有误，校验没有通过。", "多半是有一位填错或两位颠倒，请对照证件核对。",
        "The number does not pass its check.", "Most often one digit is wrong or two are swapped: compare it with the document.";

    PlaceUnknown = "place.unknown",
        "没有找到这个地方。", "请从列表中选择，或换个名称再查。",
        "No such place was found.", "Choose from the list, or search by another name.";
    PlaceNotDeepEnough = "place.not_deep_enough",
        "地方选得不够具体，至少要选到{level}。", "请继续选择下一级。",
        "The place is too wide; choose at least a {level}.", "Go on to the level below.";
    PlaceClosed = "place.closed",
        "这个地方已经撤销或并入其他地方。", "请选择现在的名称。",
        "This place no longer exists or was merged into another.", "Choose the place as it is called today.";
    PlaceOfficeMissing = "place.office_missing",
        "“{place}”还没有设置承办本事项的单位。", "请联系管理员在“地方与单位”里补上。",
        "“{place}” has no office set up for this item.", "Ask the operator to add it under places and units.";

    RuleMissingValue = "rule.missing_value",
        "制度库里没有“{rule}”在 {date} 的数值。", "请管理员在制度库中补上数值和依据。",
        "The rulebook holds no value of “{rule}” on {date}.", "Ask the operator to add the value and its source to the rulebook.";
    RuleItemUnknown = "rule.item_unknown",
        "事项目录里没有“{item}”。", "请在目录里查找现在的事项名称。",
        "The catalogue has no item “{item}”.", "Look up the item's present name in the catalogue.";
    RuleItemClosed = "rule.item_closed",
        "事项“{item}”目前不受理。", "请看事项说明里的受理时间和替代办法。",
        "“{item}” is not accepted at present.", "See the item's page for when it is, and for other ways.";
    RuleProcedureUnknown = "rule.procedure_unknown",
        "没有找到办理流程“{procedure}”。", "请管理员检查流程文件。",
        "The procedure “{procedure}” was not found.", "Ask the operator to check the procedure files.";

    IdentityWrongCredentials = "identity.wrong_credentials",
        "账号或密码不对。", "请核对后再试；忘记密码请联系管理员重设。",
        "The account or the password is wrong.", "Check both and try again; if you forgot the password, ask the administrator to reset it.";
    IdentityLocked = "identity.locked",
        "输错次数太多，账号暂时锁定。", "请 {minutes} 分钟后再试，或联系管理员。",
        "Too many wrong tries: the account is locked for now.", "Try again in {minutes} minutes, or ask the administrator.";
    IdentityTotpNeeded = "identity.totp_needed",
        "还需要动态验证码。", "请打开验证器，填写六位数字。",
        "A one-time code is needed as well.", "Open your authenticator and enter the six digits.";
    IdentityTotpWrong = "identity.totp_wrong",
        "动态验证码不对或已过期。", "请填写验证器上现在显示的六位数字。",
        "The one-time code is wrong or has expired.", "Enter the six digits your authenticator shows now.";
    IdentityPasswordShort = "identity.password_short",
        "密码太短，至少要 {length} 个字符。", "可以用几个不相干的词连成一句，好记又安全。",
        "The password is too short; at least {length} characters.", "A few unrelated words in a row are easy to keep and safe.";
    IdentityPasswordWeak = "identity.password_weak",
        "这个密码太常见，容易被猜到。", "请换一个，不要用姓名、账号或电话号码。",
        "This password is too common and easily guessed.", "Choose another, without name, account or telephone number.";
    IdentityPasswordSame = "identity.password_same",
        "新密码和原来的一样。", "请换一个新密码。",
        "The new password is the old one.", "Choose a new one.";
    IdentityLoginTaken = "identity.login_taken",
        "账号名“{login}”已经有人用了。", "请换一个账号名。",
        "The account name “{login}” is taken.", "Choose another.";
    IdentityAccountUnknown = "identity.account_unknown",
        "没有找到这个账号。", "请核对账号名。",
        "No such account was found.", "Check the account name.";
    IdentityAccountClosed = "identity.account_closed",
        "这个账号已经停用。", "需要恢复请联系管理员。",
        "This account is closed.", "Ask the administrator if it should be opened again.";
    IdentityRoleUnknown = "identity.role_unknown",
        "没有“{role}”这个角色。", "请从角色列表里选择。",
        "There is no role “{role}”.", "Choose from the list of roles.";
    IdentityRoleNotHere = "identity.role_not_here",
        "角色“{role}”不能设在这一级。", "请换一个地方，或换一个角色。",
        "The role “{role}” cannot be held at this level.", "Choose another place or another role.";
    IdentityDepartmentNeeded = "identity.department_needed",
        "角色“{role}”要写明所属部门。", "请选择部门后再提交。",
        "The role “{role}” needs a department.", "Choose the department and send again.";
    IdentityPostDates = "identity.post_dates",
        "任职结束日期早于开始日期。", "请核对两个日期。",
        "The post would end before it begins.", "Check both dates.";
    IdentityPostUnknown = "identity.post_unknown",
        "没有找到这个任职记录。", "请刷新页面后重试。",
        "No such post was found.", "Reload the page and try again.";
    IdentitySessionEnded = "identity.session_ended",
        "登录已过期。", "请重新登录，刚才填写的内容不会丢失。",
        "Your session has ended.", "Sign in again; what you wrote is kept.";

    VaultPurposeMissing = "vault.purpose_missing",
        "没有说明为什么要查看个人信息。", "请写明用途；本人可以看到这条记录。",
        "It was not said why the personal data is to be opened.", "State the purpose; the person can read this entry.";
    VaultRecordUnknown = "vault.record_unknown",
        "没有找到这份个人信息。", "请核对办件编号。",
        "No such personal record was found.", "Check the case number.";
    VaultRecordErased = "vault.record_erased",
        "这份个人信息已到保存期限并已销毁。", "需要的话，请申请人重新提供。",
        "This personal record reached the end of its retention and was erased.", "If it is needed, ask the applicant to give it again.";

    CatalogueDraftFaulty = "catalogue.draft_faulty",
        "事项 {item} 的草稿还有要改的地方，不能发布。", "请打开草稿，按提示逐条改好再发布。",
        "The draft of item {item} still has faults and cannot be released.", "Open the draft, correct what it names, then release it.";
    CatalogueDraftGone = "catalogue.draft_gone",
        "事项 {item} 没有草稿，可能已经发布或被删除。", "请看这个事项的发布记录；要改，请重新编辑。",
        "There is no draft of item {item}; it may have been released or thrown away.", "Look at the item's releases; to change it, edit it again.";
    CatalogueDraftChanged = "catalogue.draft_changed",
        "草稿刚刚被改过，没有发布。", "请重新看一遍草稿和影响，再发布。",
        "The draft was changed just now; nothing was released.", "Look at the draft and its effect again, then release it.";
    CatalogueDraftTaken = "catalogue.draft_taken",
        "别人刚刚改过这份草稿，您的修改还没有保存。", "再保存一次，就以您的为准；要看别人的修改，请重新打开这一页。",
        "Somebody else has just changed this draft; your changes are not kept yet.", "Keep them once more to put yours in its place, or open the page again to see the other draft.";
    CatalogueFromPast = "catalogue.from_past",
        "生效日期不能早于今天。", "请选今天或以后的日期。",
        "A release cannot begin before today.", "Choose today or a later day.";
    CatalogueBasisUnknown = "catalogue.basis_unknown",
        "发布要写明依据的文件和条款。", "请从制度库的文件中选一条。",
        "A release names the document and the clause it rests on.", "Choose one of the rulebook's documents.";
    CatalogueFourEyes = "catalogue.four_eyes",
        "自己写的草稿要由另一个人发布。", "请让另一位有权限的同事检查后发布。",
        "A draft is released by somebody other than its author.", "Ask a colleague who may edit the catalogue to check and release it.";
    CatalogueReleaseWaiting = "catalogue.release_waiting",
        "这个事项已有一个新版本，{date} 生效。", "要改它，请先撤回那个版本。",
        "A new version of this item already waits for {date}.", "To change it, withdraw that version first.";
    CatalogueReleaseInForce = "catalogue.release_in_force",
        "这个版本 {date} 起已经生效，不能撤回。", "要改，请编辑事项并发布新版本。",
        "This version has been in force since {date} and cannot be withdrawn.", "To change it, edit the item and release a new version.";
    CatalogueCodeTaken = "catalogue.code_taken",
        "事项编号 {item} 已经用过了。", "请换一个没有用过的编号。",
        "The code {item} is already used.", "Choose a code that was never used.";
    CatalogueImportEmpty = "catalogue.import_empty",
        "没有收到表格。", "请选择一个 XLSX 或 CSV 文件再上传。",
        "No table was received.", "Choose an XLSX or CSV file and send it again.";
    CatalogueImportUnreadable = "catalogue.import_unreadable",
        "表格读不出来。", "请存成 XLSX，或用 UTF-8、GBK 编码的 CSV，再上传。",
        "The table could not be read.", "Save it as XLSX, or as CSV in UTF-8 or GBK, and send it again.";
    CatalogueImportTooLarge = "catalogue.import_too_large",
        "表格太大：最多 {rows} 行、{columns} 列，解压后不超过 {megabytes} MB。", "请分成几个表格上传。",
        "The table is too large: at most {rows} rows, {columns} columns and {megabytes} MB when unpacked.", "Divide it into several tables.";
    CatalogueImportFormula = "catalogue.import_formula",
        "表格里有公式（{cell}），没有读取。", "请把公式改成数值或文字：复制后选择性粘贴为值。",
        "The table holds a formula ({cell}) and was not read.", "Turn formulas into plain values: copy, then paste as values.";
    CatalogueImportHead = "catalogue.import_head",
        "表格第一行缺少“{column}”这一列。", "请下载模板，照第一行的列名填写。",
        "The first row of the table has no column “{column}”.", "Download the template and keep the names of its first row.";

    RequestSentDifferently = "request.sent_differently",
        "同一次提交之前已经收到，但内容不同。", "请刷新页面，确认结果后再提交新的内容。",
        "The same request was received before with different content.", "Reload the page, see what was done, then send the new content.";
    RequestStale = "request.stale",
        "页面停留太久，为安全起见没有提交。", "请再点一次提交；内容还在。",
        "The page was open for too long; to be safe nothing was sent.", "Press send again; your entries are still there.";
    RequestTooMany = "request.too_many",
        "请求太频繁。", "请稍等 {seconds} 秒再试。",
        "Too many requests.", "Wait {seconds} seconds and try again.";
    RequestTooLarge = "request.too_large",
        "提交的内容太大。", "请减少附件或分几次提交。",
        "What was sent is too large.", "Attach less, or send it in parts.";
    RequestUnreadable = "request.unreadable",
        "提交的内容读不出来。", "请刷新页面后重新填写。",
        "What was sent could not be read.", "Reload the page and fill it in again.";

    GeographyMissing = "geography.missing",
        "这里还没有小区、楼栋和道路数据。", "请管理员用 lianglin places geography 导入后再试。",
        "No compounds, buildings and ways are known here yet.", "Ask the operator to lay them with lianglin places geography, then try again.";
    GridNothing = "grid.nothing",
        "这份方案已经不能采用：楼栋数据在它之后变了，或者方案没有算完。", "请重新生成方案再采用。",
        "This proposal can no longer be adopted: the buildings changed after it, or it was not finished.", "Make a new proposal and adopt that.";
    StationHours = "station.hours",
        "开放时间“{given}”看不懂。", "每行写一段，例如：周一至周五 08:30-17:30。",
        "The opening hours “{given}” are not understood.", "Write one part a line, for example: Mon-Fri 08:30-17:30.";
    StationClosed = "station.closed",
        "这个驿站已经停用。", "要恢复的话，请先重新开放。",
        "This station is closed for good.", "Open it again first.";
    MobilizationEnded = "mobilization.ended",
        "这次动员已经结束。", "还有需要的话，请另外发起一次。",
        "This mobilisation is over.", "Begin another if people are still needed.";
    MobilizationNothingNeeded = "mobilization.nothing_needed",
        "还没有写明哪个小区、哪一班、要多少人。", "请先填写需求再派人。",
        "Nothing says yet which compound needs how many people in which shift.", "Enter needs first, then plan.";
    MobilizationBooked = "mobilization.booked",
        "这个人在这段时间已经有一班，或者还在休息时间里。", "请换一班，或者换一个人。",
        "This person has another shift then, or is to rest.", "Choose another shift or another person.";
    MobilizationShift = "mobilization.shift",
        "班次的时间不对：结束要晚于开始，一班最长 {hours} 小时。", "请改正时间后再提交。",
        "The times of the shift are not right: it ends after it begins and lasts at most {hours} hours.", "Correct the times and send again.";
    MobilizationNotNow = "mobilization.not_now",
        "现在不能做这一步。", "可能已经签过到、已经请假或者班次已经结束，请刷新页面查看。",
        "This cannot be done now.", "Somebody may have been checked in, excused, or the shift may be over: reload the page.";

    VisitNotFound = "visit.not_found",
        "没有找到这个预约。", "请核对预约编号和预约时留的电话号码。",
        "No such appointment was found.", "Check the number and the telephone given when booking.";
    VisitSlotClosed = "visit.slot_closed",
        "这个时间不能预约。", "请从列出的时间里选一个。",
        "This time cannot be booked.", "Choose one of the times listed.";
    VisitSlotFull = "visit.slot_full",
        "这个时间刚刚约满了。", "请另选一个时间。",
        "This time has just been taken.", "Choose another time.";
    VisitDayFull = "visit.day_full",
        "这一天的上门刚刚约满了。", "请另选一天。",
        "The home visits of this day have just been taken.", "Choose another day.";
    VisitTwice = "visit.twice",
        "这个电话在这个时间已经有预约了。", "请另选一个时间，或用编号查看原来的预约。",
        "This telephone has an appointment at this time already.", "Choose another time, or look at the first appointment by its number.";
    VisitEnded = "visit.ended",
        "这个预约已经办过、取消或者正在办，不能再改。", "还有需要的话，请重新预约。",
        "This appointment is over, called off or being served and cannot be changed.", "If something is still needed, book again.";
    VisitNotAgreed = "visit.not_agreed",
        "这次上门还没有确认日期。", "请先确认哪一天上门。",
        "The day of this home visit is not agreed yet.", "Agree on the day first.";
    VisitNotToday = "visit.not_today",
        "这个编号不是今天到这个窗口的预约，或者已经报到过。", "请核对编号；没有预约的请取号。",
        "This number is no appointment of today at this counter, or it was checked in before.", "Check the number; without an appointment, hand out a number.";

    QueueEmpty = "queue.empty",
        "现在没有人在等。", "来了人先取号，有预约的报编号。",
        "Nobody is waiting.", "Whoever comes takes a number first; with an appointment, its number is said.";
    QueueStillServing = "queue.still_serving",
        "您叫的上一位还没有办完。", "请先点“办好了”或者“没人应”。",
        "The last one you called is not finished.", "Say first whether he or she was served or did not come.";
    QueueNotCalled = "queue.not_called",
        "这个号现在没有在叫。", "可能同事刚处理过，请刷新页面。",
        "This number is not being called now.", "A colleague may have just dealt with it: reload the page.";
    ExchangeTokenMissing = "exchange.token_missing",
        "请求里没有令牌。", "请在请求头里写“Authorization: Bearer 令牌”。",
        "The request carries no token.", "Send it in the header “Authorization: Bearer TOKEN”.";
    ExchangeTokenUnknown = "exchange.token_unknown",
        "令牌无效：不认识、已过期、已撤销，或者系统已停用。", "请向管理员要一个新的令牌。",
        "The token is not valid: unknown, expired, revoked, or its system is closed.", "Ask the administrator for a new one.";
    ExchangeScopeMissing = "exchange.scope_missing",
        "这个系统没有“{scope}”接口权限。", "确需使用的，请管理员登记一个带这项权限的系统。",
        "This system was not given the scope “{scope}”.", "If it is needed, ask the administrator to register a system that has it.";
    ExchangeKeyMissing = "exchange.key_missing",
        "缺少请求头“Idempotency-Key”，或者写法不对。", "请为每件事生成一个 8 到 64 位的键（字母、数字和 . _ : -）；同一件事重发时用同一个键。",
        "The header “Idempotency-Key” is missing or not well formed.", "Make one key of 8 to 64 letters, digits or . _ : - for each matter, and send the same key again when you repeat it.";
    ExchangeUnreadable = "exchange.unreadable",
        "请求读不出来：地址里的参数或正文不是有效的 UTF-8，或者正文不是 JSON 对象。", "请按接口说明检查编码和格式。",
        "The request cannot be read: its parameters or its body are not valid UTF-8, or the body is no JSON object.", "Check encoding and form against the interface's description.";
    ExchangeKind = "exchange.kind",
        "正文的类型不对，只接收没有压缩的 application/json。", "请把请求头“Content-Type”写成 application/json。",
        "The body has the wrong type: only application/json without compression is taken.", "Set the header “Content-Type” to application/json.";
    ExchangeNothingHere = "exchange.nothing_here",
        "接口里没有这个地址，或者没有这个编号。", "请对照接口说明核对地址和编号。",
        "The interface has nothing at this address.", "Check address and number against the interface's description.";
    ExchangeMethod = "exchange.method",
        "这个地址不能用这种方法请求。", "可用的方法见应答头“Allow”。",
        "This address does not take that method.", "See the header “Allow” of the answer for those it takes.";
    ExchangeFieldUnknown = "exchange.field_unknown",
        "接口在这里不认识“{label}”。", "请去掉它；可用的名称见接口说明。",
        "The interface knows no “{label}” here.", "Leave it out; its description lists the names.";
    ExchangeValue = "exchange.value",
        "“{label}”不符合接口要求（{expected}）。", "请按接口说明改正后再发。",
        "“{label}” is not as the interface asks ({expected}).", "Correct it as the description says and send again.";
    ExchangeBusy = "exchange.busy",
        "系统一时忙不过来，请求没有办。", "请过几秒用同一个键再发一次。",
        "The platform is busy; nothing was done.", "Send it again in a few seconds, with the same key.";
    ExchangeFailed = "exchange.failed",
        "系统出了故障（编号 {reference}）。", "请用同一个键重发；还不行，请把编号告诉管理员。",
        "The platform failed (reference {reference}).", "Send it again with the same key; if it fails again, tell the administrator the reference.";
    ExchangeSystemClosed = "exchange.system_closed",
        "这个系统已经停用。", "请登记一个新的系统。",
        "This system is closed.", "Register a new one.";
    ExchangeSecretShown = "exchange.secret_shown",
        "令牌或密钥只显示一次，刚才已经显示过了。", "没有抄下来的，请再生成一个，并撤销没有抄下来的那个。",
        "A token or secret is shown once, and this one was shown already.", "If you did not note it, make another and revoke the one you lost.";
    ExchangeWebhookAddress = "exchange.webhook_address",
        "这个地址不能接收消息。", "请填 https:// 开头的地址，不带账号和 # 号；内网的 http 地址要管理员在配置里允许。",
        "Messages cannot be sent to this address.", "Give an address that begins with https://, without user name or #; http inside the network must be allowed in the configuration.";

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
}
