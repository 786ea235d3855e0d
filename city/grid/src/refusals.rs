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
        GridKindHour = "grid.kind_hour",
            "这种情况只在 {from} 到 {until} 之间算，{seen} 看到的不算。", "请选另一种情况；都不合适的，选“说不清”的那一种，请社区看。",
            "This counts between {from} and {until} only, not at {seen}.", "Choose another condition. If none fits, choose “Something else”, and the community looks.";
        GridPlaceMissing = "grid.place_missing",
            "还没有选在哪里。", "请从列出的地方里选一个；没有要说的地方，换个写法再找，或者从区、街道里选。",
            "The place was not chosen.", "Choose one from the list. If it is not there, write the place another way, or look from the districts down.";
        GridPlaceUnfound = "grid.place_unfound",
            "找过了，没有找到这个地方。", "换个写法再找，或者从区、街道里一级一级选；还是找不到，打 12345。",
            "We looked and found no such place.", "Write it another way, or choose from the districts down. If it is still not there, call 12345.";
        GridCallFirst = "grid.call_first",
            "这种情况可能有危险，请先打电话。", "打过电话以后，勾选“已经打过电话”，再送出。",
            "This may be dangerous: call first.", "After the call, tick “I have called” and send the report.";
        GridCheckedCall = "grid.checked_call",
            "这一件没有留电话，不能算打电话问过反映人。", "请去现场看；有照片的，也可以看照片。",
            "No telephone was left with this report, so nobody can have been asked on it.", "Go there and look. If there are photos, you may look at them instead.";
        GridCheckedPhotos = "grid.checked_photos",
            "这一件一张照片也没有，不能算看照片核实。", "请去现场看，或者请办理单位补上照片。",
            "This report has no photo, so it cannot be checked by photos.", "Go there and look, or ask the unit for photos.";
        GridAskNobody = "grid.ask_nobody",
            "这一件是工作人员自己发现的，没有反映人可问。", "有不清楚的，请问派遣的社区。",
            "A worker found this, so there is nobody who reported it and could be asked.", "Ask the community that sent it out.";
        GridLookFirst = "grid.look_first",
            "这张照片还没有看过，不能公开。", "先写明为什么看，看过照片，再公开。",
            "Nobody has looked at this photo yet, so it cannot be released.", "Say why you look, look at the photo, then release it.";
        GridReportGone = "grid.report_gone",
            "这一件已经办完了。", "还有同样的情况，请另外反映一件。",
            "This report is finished.", "If it is there again, send a new report.";
        GridJoinDanger = "grid.join_danger",
            "您说的情况有危险，算到那一件里，您的话就没人看到了。", "请先打上面的电话，再把这一件单独发出。",
            "What you describe is dangerous, and nobody would read your words if you joined the other report.", "Call the numbers above first, then send this as a report of its own.";
        GridMergeUnknown = "grid.merge_unknown",
            "没有这个编号的件，或者不归您看。", "请核对编号；要并到别的社区的件，请那边的同事来并。",
            "There is no report of this number that you may see.", "Check the number. To join a report of another community, ask a colleague there.";
        GridMergeSelf = "grid.merge_self",
            "不能并到自己。", "请写另一件的编号。",
            "A report cannot be joined to itself.", "Write the number of the other one.";
        GridMergeOver = "grid.merge_over",
            "那一件已经了结，不能再并过去。", "问题又出现了的，这一件照常立案。",
            "That report is finished and no other can be joined to it.", "If the problem is there again, file this one.";
        GridDutyUnit = "grid.duty_unit",
            "还没有选由哪个单位办。", "请从列出的单位里选一个。",
            "The unit was not chosen.", "Choose one of the units that are listed.";
        GridDutyPlace = "grid.duty_place",
            "还没有选在哪里适用。", "请从列出的地方里选一个，只能是您负责的范围。",
            "The place was not chosen.", "Choose one of the places that are listed: those for which you are responsible.";
        GridDutyDay = "grid.duty_day",
            "从哪天起没有写对。", "请写今天或者以后的一天。",
            "The first day is not right.", "Write today or a later day.";
        GridAppealOpen = "grid.appeal_open",
            "还没有结案，不能申诉。", "结案以后再申诉；来不及的，先申请延期。",
            "It is not closed, so there is nothing to appeal against.", "Appeal after it is closed. If time is short, ask for more.";
        GridAppealNotLate = "grid.appeal_not_late",
            "这一件没有超期。", "不用申诉。",
            "This report was not late.", "There is no need to appeal.";
        GridAppealTwice = "grid.appeal_twice",
            "这一件已经申诉过，只能申诉一次。", "请等审核结果，或者看已有的那次申诉。",
            "There was an appeal already; there can be one only.", "Wait for its result, or look at that appeal.";
        GridAppealOwnHand = "grid.appeal_own_hand",
            "这一件是您派遣或者核实的，申诉不能由您审核。", "请没有经手这一件的同事审核。",
            "You sent this report out or checked it, so you cannot examine the appeal.", "Let a colleague examine it who had no hand in the report.";
        GridPhotoMany = "grid.photo_many",
            "一件最多 {limit} 张照片，刚才选的没有收下。", "请留最说明问题的几张。",
            "At most {limit} photos go with one report. Those chosen last were not taken.", "Keep the ones that show most.";
        GridPhotoGone = "grid.photo_gone",
            "照片放得太久，已经清掉了。", "请重新添照片，或者不带照片送出。",
            "The photos waited too long and were cleared away.", "Add them again, or send the report without photos.";
        GridHidden = "grid.hidden",
            "反映人不让别人看到这一件，照片和文字不能公开。", "不用公开，照常办理。",
            "Whoever reported this does not want others to see it, so nothing of it can be released.", "Handle it as usual without releasing anything.";
        GridTooMany = "grid.too_many",
            "从这里反映得太多了，这一件没有送出。", "请过 {minutes} 分钟再试；急的打 12345。",
            "Too many reports were sent from here. This one was not.", "Try again in {minutes} minutes. If it is urgent, call 12345.";
        GridDangerChanged = "grid.danger_changed",
            "您看这一页的时候，又有人说到危险，或者同事已经写过了。", "请看过新的情况再写。",
            "While you looked at this page danger was spoken of again, or a colleague wrote here.", "Read what is new, then write.";
        GridShelveDanger = "grid.shelve_danger",
            "这种情况可能有危险，不能挂账。", "请马上处置；来不及的申请延期，争议的报上一级。",
            "This may be dangerous and cannot be put off.", "Handle it now. If time is short, ask for more; if it is in dispute, pass it up a level.";
        GridShelveHeard = "grid.shelve_heard",
            "这一件说到过危险，不能挂账。", "请马上处置。社区到现场看过、没有危险的，先在这一件的“危险提示”里写明，再挂账。",
            "Danger was spoken of here, so this cannot be put off.", "Handle it now. If the community went there and found no danger, it says so under “Danger” of this report first.";
        GridHandleProof = "grid.handle_proof",
            "处置后的照片要有 {needed} 张，现在有 {there} 张，也没有写明为什么没有。", "请选处置后的照片再交；和以前那张一模一样的不算。实在没有的，写明为什么没有。",
            "{needed} photos of how it looks now are needed; there are {there}, and you did not say why.", "Add the photos and hand it in again; one that is the same as an earlier one does not count. If there can be none, say why.";
        GridHandleBefore = "grid.handle_before",
            "还没有处置前的照片，也没有写明为什么没有。", "请选一张处置前的照片再交；没有的，写明为什么没有。",
            "There is no photo of what it was like before, and you did not say why.", "Add one and hand it in again. If there is none, say why.";
        GridProofMissing = "grid.proof_missing",
            "处置照片要有 {needed} 张，现在有 {there} 张，也没有写明为什么没有。", "请处置的人在“照片”里补拍处置后的样子，和以前那张一模一样的不算；在手机上拍的，等传完再核实。没有照片或者没办好的，退回去，请写明原因再交。",
            "{needed} photos of the work are needed; there are {there}, and nobody said why.", "Let whoever did it add how it looks now under Photos; one that is the same as an earlier one does not count. Wait for those still coming from a phone. If there is no photo, or it is not done, send it back to be handed in with the reason.";
        GridProofBefore = "grid.proof_before",
            "还没有处置前的照片，也没有写明为什么没有。", "反映时没有带、核查时也没有拍的，请处置的人在“照片”里补一张处置前的样子，注明“处置前”；没有的，退回去，请写明原因再交。",
            "There is no photo of what it was like before, and nobody said why.", "If none came with the report or from whoever looked at it, let whoever did the work add one under Photos and say that it shows the state before. If there is none, send it back to be handed in with the reason.";
        GridSheetSystem = "grid.sheet_system",
            "不知道{sheet}是哪一套编码。", "工作表请叫部件、部件扩展、事件、事件扩展或服务事项，或者选明是哪一套编码。",
            "It is not clear to which system of codes {sheet} belongs.", "Call the sheet 部件, 部件扩展, 事件, 事件扩展 or 服务事项, or choose the system of codes.";
        GridSheetLetter = "grid.sheet_letter",
            "{sheet}里有一列只写 A、B、C 类，看不出是严重程度还是区域。", "列名请写成 A类紧急、B类重大、C类一般，或者 A类核心区域、B类一般区域、C类其他区域。",
            "{sheet} has columns called A, B or C alone, which may be severities or areas.", "Call them A urgent, B major, C ordinary, or A core, B general, C other.";
        GridSheetCode = "grid.sheet_code",
            "{cell}：代码“{value}”的位数不对。大类代码两位；小类代码四位、大类之内的两位，或者完整编码（事件 10 位，部件 16 位）。", "前面的 0 不能少：把这一列设为文本再填，例如 01、0102。",
            "{cell}: the code “{value}” has another length. A big class has two digits; a small one four, two inside its big class, or a full code (10 of an event, 16 of a component).", "Zeros in front count: format the column as text and write 01, 0102.";
        GridSheetClass = "grid.sheet_class",
            "{cell}：小类代码“{value}”不在大类 {big} 里。", "请改小类代码的前两位，或改大类代码。",
            "{cell}: the small class “{value}” does not belong to the big class {big}.", "Correct its first two digits or the big class.";
        GridSheetNamed = "grid.sheet_named",
            "{cell}：代码 {code} 在前面叫“{other}”，这里叫“{value}”。", "一个代码只有一个名称：请改其中一处。",
            "{cell}: the code {code} was called “{other}” above and is “{value}” here.", "A code has one name: correct one of them.";
        GridSheetMissing = "grid.sheet_missing",
            "{cell}：“{column}”没有填，上面也没有可以沿用的。", "请填这一格。",
            "{cell}: “{column}” is empty, and there is nothing above to take.", "Fill in the cell.";
        GridSheetNoCondition = "grid.sheet_no_condition",
            "{cell}：小类“{value}”没有立案条件。", "请写明什么情况算一件；立案条件不从上一个小类沿用。",
            "{cell}: the small class “{value}” has no filing condition.", "Say when it counts as a case; a condition is not taken from the class above.";
        GridSheetTwice = "grid.sheet_twice",
            "{cell}：这个小类的这条立案条件在第 {line} 行已经有了。", "请删去一行，或者写明两条的区别。",
            "{cell}: line {line} has the same condition of the same small class.", "Delete one of them, or say how they differ.";
        GridSheetUnit = "grid.sheet_unit",
            "{cell}：没有叫“{value}”的单位。", "请改成本市目录里有的单位（网上编目录的那一页列着各单位的叫法）；还没有的，请管理平台的人先加上。",
            "{cell}: no unit is called “{value}”.", "Name a unit of the city’s catalogue (the web page for the catalogue lists what units are called), or ask whoever runs the platform to add it first.";
        GridSheetLimit = "grid.sheet_limit",
            "{cell}：“{value}”不是时限。", "请写成 2紧急工作时、4工作时、2工作日、10自然日；几步的用分号隔开：停工4工作时；拆除20工作日。",
            "{cell}: “{value}” is no limit.", "Write 2紧急工作时, 4工作时, 2工作日, 10自然日 or 2 urgent hours; steps are divided by semicolons.";
        GridSheetLimitHalf = "grid.sheet_limit_half",
            "{cell}：“{value}”里有半个；时限只数整小时、整天。", "请改成整数：半个工作日写 4工作时，一个半小时写 2工作时，两个半工作日写 3工作日；文件要求更紧的，写小一点的整数。",
            "{cell}: “{value}” has a half in it; limits count whole hours and whole days.", "Write a whole number: 4工作时 (4 working hours) for half a working day, 2工作时 for an hour and a half, 3工作日 for two and a half working days; a smaller one where the document is stricter.";
        GridSheetUsual = "grid.sheet_usual",
            "{cell}：只写了一部分等级的时限“{value}”，没有写一般情况的时限。", "请填 C类一般（按区域分的填 C类其他区域），或者填“处置时限”一列。",
            "{cell}: “{value}” is the limit of some classes only, and none is given for the ordinary case.", "Fill in C ordinary (by area: C other), or the column with one limit for all.";
        GridSheetLong = "grid.sheet_long",
            "{cell}：文字太长，最多 {limit} 个字。", "请写短一些，细节留在文件里。",
            "{cell}: the text is too long; at most {limit} characters.", "Shorten it and leave details to the document.";
        GridSheetHidden = "grid.sheet_hidden",
            "{cell}：里面有看不见的字符，或者别的电脑显示不出来的字。", "请清空这一格，直接输入，不要从别处粘贴。",
            "{cell} contains characters that cannot be seen, or that other computers do not show.", "Clear the cell and type it instead of pasting it.";
        GridSheetDamaged = "grid.sheet_damaged",
            "{cell}：“{value}”里有字丢失了。", "请照原件重新填写这一格。",
            "{cell}: a character of “{value}” was lost.", "Type the cell again from the original.";
        GridSheetLeftOut = "grid.sheet_left_out",
            "{cell}：“{value}”不收：{why}。", "这一行没有读入，不必改。本平台的目录不给人的观点、信仰和身份分类。",
            "{cell}: “{value}” is not taken: {why}.", "The row was left out and needs no correction. This catalogue does not class opinions, faith or people.";
        GridSheetTypeLoses = "grid.sheet_type_loses",
            "{cell}：文字写“{value}”，类型写“{type}”；以文字为准，按 {taken} 计。", "请核对；类型那一格可以改，也可以不改。",
            "{cell}: the words say “{value}”, the type “{type}”. The words count: {taken}.", "Please check; the type may be corrected or left.";
        GridSheetTypeUnknown = "grid.sheet_type_unknown",
            "{cell}：类型“{type}”不认识；按文字“{value}”计 {taken}。", "类型可以写 紧急工作时、工作时、工作日、自然日。",
            "{cell}: the type “{type}” is not known. The words “{value}” count: {taken}.", "A type is 紧急工作时, 工作时, 工作日 or 自然日.";
        GridSheetLimitOpen = "grid.sheet_limit_open",
            "{cell}：“{value}”没写明算法，按 {taken} 计。", "要按日夜连续计，请写 紧急工作时；按日历天计，请写 自然日。",
            "{cell}: “{value}” does not say what is counted; it is taken as {taken}.", "For hours that run day and night write 紧急工作时, for days of the calendar 自然日.";
        GridSheetFaulty = "grid.sheet_faulty",
            "有 {n} 行读不明白，一行也没有生效。", "请按报告改好这些行，再试一次。",
            "{n} rows could not be understood, so nothing was put in force.", "Correct these rows as the report says and try again.";
        GridSheetPast = "grid.sheet_past",
            "{date}已经过去。", "目录从今天或以后的一天起生效。",
            "{date} is past.", "A catalogue holds from today or a later day.";
        GridSheetFar = "grid.sheet_far",
            "{date}太远了，最晚到 {last}。", "请核对年份。",
            "{date} is too far ahead; the last day is {last}.", "Please check the year.";
        GridSheetEmpty = "grid.sheet_empty",
            "这张表没有一行能用，什么也没有改。", "请看是不是只有表头，或者选错了编码；要去掉一部分小类，请把其余的都写上。",
            "The sheet has no row that can be used, so nothing was changed.", "See whether only its head came along, or whether the system of codes is another. To take some classes away, keep all others in the sheet.";
        GridSheetBack = "grid.sheet_back",
            "这张表现在不能取消。", "请刷新页面，看它后面有没有别的表；有的话，先取消最后一张。",
            "This sheet cannot be cancelled now.", "Open the page again and see whether another sheet came after it; if so, cancel the last one first.";
        GridSheetSigns = "grid.sheet_signs",
            "{cell}：“{value}”不能以 = + - @ 开头，也不能有 < > 这样的符号。", "请去掉这些符号，只写名称。",
            "{cell}: “{value}” may not begin with = + - @, nor have signs such as < and >.", "Take these signs out and keep the name alone.";
        GridSheetDocument = "grid.sheet_document",
            "没有写明依据哪份文件。", "请写文号和标题，例如：沈城管〔2026〕12号 立结案标准。",
            "The document on which it rests is not named.", "Write its number and title.";
        GridImportNumber = "grid.import_number",
            "第 {line} 行没有编号。", "没有编号就分不清是不是同一件：请补上，或在对照文件里换一列。",
            "Line {line} has no number.", "Without one nobody can tell the same report again: add it, or name another column in the mapping.";
        GridImportTwice = "grid.import_twice",
            "{cell}：编号 {value} 在第 {line} 行已经有了。", "请核对原表，删去一行。",
            "{cell}: line {line} has the number {value} too.", "Check the source and delete one of them.";
        GridImportKind = "grid.import_kind",
            "{cell}：“{value}”对不上目录里的小类。", "请在对照文件的 [kinds] 里写 \"{value}\" = \"event/0102\" 这样的一行，或写进 leave_out。",
            "{cell}: “{value}” is no kind of the catalogue.", "Add a line such as \"{value}\" = \"event/0102\" to [kinds] of the mapping, or name it in leave_out.";
        GridImportPlace = "grid.import_place",
            "{cell}：没有叫“{value}”的地方，或者不止一个。", "请在对照文件的 [places] 里写 \"{value}\" = \"12 位代码\"。",
            "{cell}: no place is called “{value}”, or several are.", "Add \"{value}\" = \"code of 12 digits\" to [places] of the mapping.";
        GridImportMoment = "grid.import_moment",
            "{cell}：“{value}”不是时间。", "请写成 2026-11-30 10:42:03；年在后面的，在对照文件里写 dates = \"month_first\" 或 \"day_first\"。",
            "{cell}: “{value}” is no moment.", "Write 2026-11-30 10:42:03; where the year comes last, say dates = \"month_first\" or \"day_first\" in the mapping.";
        GridImportStatus = "grid.import_status",
            "{cell}：不知道“{value}”算办完还是没办完。", "请在对照文件的 [status] 里写 \"{value}\" = \"open\" 或 \"closed\"。",
            "{cell}: it is not known whether “{value}” is open or closed.", "Add \"{value}\" = \"open\" or \"closed\" to [status] of the mapping.";
        GridImportPoint = "grid.import_point",
            "{cell}：“{value}”不是经纬度。", "纬度在 -90 到 90 之间，经度在 -180 到 180 之间；请看看两列是不是写反了。",
            "{cell}: “{value}” is no coordinate.", "Latitudes lie between -90 and 90, longitudes between -180 and 180; see whether the columns are swapped.";
        GridImportPlaceless = "grid.import_placeless",
            "第 {line} 行没写地点，算在全市。", "原表补上地点以后可以再导一次，会改过来。",
            "Line {line} names no place and counts for the whole city.", "When the source has it, import again: the row is corrected.";
        GridImportWords = "grid.import_words",
            "{cell}：文字里有像证件号、电话、卡号的数字。文字一律不留。", "不必改。",
            "{cell}: the words hold what looks like the number of a person. Words are never kept.", "Nothing need be done.";
        GridImportPersonal = "grid.import_personal",
            "{cell}：像证件号、电话、卡号，这一行不收。", "请删去这一格里的号码；编号是电话或证件号的，在对照文件里换一列，或者重新编号。",
            "{cell}: it looks like the number of a person, so the row is not taken.", "Delete the number from the cell. Where it is the number of the report, name another column in the mapping or number the rows anew.";
        GridImportLong = "grid.import_long",
            "{cell}：超过 {limit} 个字，这一行不收。", "请写短些：这里只要编号，或者单位、渠道的名称。",
            "{cell}: it has more than {limit} characters, so the row is not taken.", "Shorten it: a number is wanted here, or the name of a unit or channel.";
        GridImportOrder = "grid.import_order",
            "第 {line} 行：{what}早于立案时间，照原表留。", "请核对原表。",
            "Line {line}: it was {what} before it was opened; kept as the source has it.", "Please check the source.";
        GridImportAhead = "grid.import_ahead",
            "第 {line} 行：{what}时间还没到，照原表留。", "请核对原表的日期，或者在对照文件里写明数据截止到哪一刻（as_of）。",
            "Line {line}: it was {what} later than the table was drawn up; kept as the source has it.", "Check the dates of the source, or say in the mapping up to which moment it goes (as_of).";
        GridImportReopened = "grid.import_reopened",
            "第 {line} 行：状态是没办完，却有结案时间；照状态算没办完。", "请核对原表。",
            "Line {line}: its state is open, yet it has a moment of closing. It counts as open.", "Please check the source.";
        GridImportSays = "grid.import_says",
            "{cell}：原表说“{value}”，按时间算出来是{ours}。", "请核对原表的期限和结案时间；以时间为准。",
            "{cell}: the source says “{value}”; by its moments it is {ours}.", "Check its due and closing moments; they count.";
        GridFieldGone = "grid.field_gone",
            "没有这一件，或者不归您办。", "请看一下编号和地点；该由您办的，请上级调整您的岗位。",
            "There is no such matter, or it is not yours.", "Check its number and place. If it should be yours, ask for your post to be changed.";
        GridFieldCounted = "grid.field_counted",
            "改的那一条已经收下，或者已经改过一次了，这一条不再另外算一件。", "请看收下的那一条；还要补充的，写到它的办件页上。这一条在“现场没送成的”里选“不办了，留着现在的”。",
            "What this corrects was taken already, or was corrected before, so this one does not count as well.", "See the one that was taken; add what is missing on the page of its case. Drop this one under “Problems with entries from phones”.";
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
        GridKeyFirst = "grid.key_first",
            "带照片的，正文里的 api_key 来不及看。", "请把 api_key 写在地址里（?api_key=…），或者写在 Authorization 标头里（Bearer …）。",
            "With photos, an api_key inside the body comes too late.", "Give api_key in the address (?api_key=…) or in the Authorization header (Bearer …).";
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
        GridWordsAddress = "grid.words_address",
            "这里只有一个图片地址，没有可以公开的话。", "请打开地址看一看；要公开的照片，请加到这一件里再公开。",
            "There is only the address of a picture here and no words to make public.", "Look at the picture. To show it to the public, add the photo to the report and release it there.";
        GridBodyKind = "grid.body_kind",
            "正文的类型不对，只接收没有压缩的表单（application/x-www-form-urlencoded，UTF-8；带照片的用 multipart/form-data，照片放在 media 里）。", "请按 Open311 GeoReport v2 的写法发表单。",
            "The body has the wrong type: only an uncompressed form is accepted (application/x-www-form-urlencoded in UTF-8, or multipart/form-data with photos in media).", "Send a form as Open311 GeoReport v2 says.";
        GridBodySigns = "grid.body_signs",
            "表单里有不是 UTF-8 的字节、写错的转义或者零字符（%00）。", "请改成 UTF-8，去掉零字符，再发。",
            "The form contains bytes that are not UTF-8, broken escapes or a zero character (%00).", "Encode it as UTF-8 without zero characters and send it again.";
        GridChooseEach = "grid.choose_each",
            "还有一项没有选。", "每一项点一下：用手机上写的，还是用现在的，再按“就这样定”。",
            "One of the fields was not chosen.", "Tap one for each field: what came from the phone or what stands there now. Then press “Save my choices”.";
        GridForwardLeft = "grid.forward_left",
            "这一件已经不在对方那里，不用再告诉对方重办。", "请看这一件现在归谁办，有话找现在办的单位说。",
            "The report is no longer with that platform, so it need not be told to do it again.", "See who handles it now, and speak to that unit.";
        GridForwardReason = "grid.forward_reason",
            "没有写为什么不再送。", "请写一句原因，例如：已电话告知对方。",
            "No reason was given.", "Write in a few words why it is let go, such as: told by telephone.";
        GridUpdateWords = "grid.update_words",
            "这一步不带文字，这一件也没有反映人可以留言，所以什么也没有记。", "请去掉 description 再发；要说的话请在有文字的一步里说。",
            "This step takes no words, and this report has no reporter with whom to keep them, so nothing was noted.", "Send it without description, or say it with a step that takes words.";
        GridUpdateNothing = "grid.update_nothing",
            "这一件现在没有您可以办的这一步。", "请先查它现在的状态。",
            "There is no such step for you to take on this report now.", "See how it stands first.";
    }
}
