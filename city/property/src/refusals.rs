//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `property`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        PropertyBuildingUnknown = "property.building_unknown",
            "这个小区没有叫“{building}”的楼栋。", "请按“本小区的楼栋”里的名称填写。",
            "This compound has no building called “{building}”.", "Use the names under “Buildings of this compound”.";
        PropertyArea = "property.area",
            "面积“{area}”看不懂。", "请填平方米，最多两位小数，例如 89.50。",
            "The area “{area}” cannot be read.", "Enter square metres with at most two decimals, for example 89.50.";
        PropertyOwnerMissing = "property.owner_missing",
            "没有写权利人。", "请填业主姓名；开发商还没有卖出的，请填“未售”。",
            "No owner is named.", "Enter the name of the owner, or “unsold” if the developer still holds the unit.";
        PropertyShareForm = "property.share_form",
            "份额“{share}”看不懂。", "请写成“1/2”这样的分数；一人独有的可以不填。",
            "The share “{share}” cannot be read.", "Write it as 1/2; leave it empty for a single owner.";
        PropertyShareParts = "property.share_parts",
            "“{unit}”的几个份额分母不一样。", "请把同一套房的份额写成同样的分母，例如 1/4 和 3/4。",
            "The shares of “{unit}” are of different wholes.", "Write all shares of a unit with the same whole, as in 1/4 and 3/4.";
        PropertySharesMore = "property.shares_more",
            "“{unit}”有几个人都说是自己的：份额加起来是 {parts}/{whole}，超过了整套。", "请对照不动产登记簿，改正每个人的份额。",
            "Several people claim “{unit}”: their shares are {parts}/{whole}, more than the whole.", "Compare the register of real estate and correct the shares.";
        PropertySharesLess = "property.shares_less",
            "“{unit}”的份额加起来只有 {parts}/{whole}。", "请补上其他共有人，或者改正份额。",
            "The shares of “{unit}” are only {parts}/{whole}.", "Add the other owners, or correct the shares.";
        PropertyUnitDiffers = "property.unit_differs",
            "“{unit}”在几行里的面积或用途不一样。", "同一套房的每一行请填同样的面积和用途。",
            "“{unit}” has different areas or uses in its rows.", "Enter the same area and use in every row of a unit.";
        PropertyUnitTwice = "property.unit_twice",
            "“{unit}”写了两次，其中有一次是“未售”。", "请只留一次；卖出了的，去掉“未售”那一行。",
            "“{unit}” stands twice, once as unsold.", "Keep one of the rows; if it was sold, drop the row “unsold”.";
        PropertyOwnerTwice = "property.owner_twice",
            "“{unit}”的同一个业主写了两次。", "请只留一行，份额写全。",
            "The same owner of “{unit}” stands twice.", "Keep one row with the whole share.";
        PropertyStatedTwice = "property.stated_twice",
            "“{building}”写了两个不同的总面积。", "每个楼栋只写一个总面积，按测绘报告或者规划许可。",
            "“{building}” has two different total areas.", "State one total for each building, as the survey has it.";
        PropertyAreasDiffer = "property.areas_differ",
            "“{building}”各户面积加起来是 {sum} 平方米，所报总面积是 {stated} 平方米，对不上。", "请核对有没有漏户、重户或者填错的面积。",
            "The units of “{building}” add up to {sum} square metres, but its stated total is {stated}.", "Check for units that are missing, double or wrong.";
        PropertyCodeUnknown = "property.code_unknown",
            "没有这个业主码。", "请照着纸上的业主码再输一遍；重新打印过的，旧码已经作废；还是不行，请向社区要一张新的。",
            "This owner code does not exist.", "Enter the code again as it stands on the letter. A letter that was printed again voids the old one; if in doubt, ask your community for a new one.";
        PropertyCodeKeeper = "property.code_keeper",
            "这里的业主名册由您管，您的账号不能连这里的房屋。", "您也是业主的，请用纸质表决票，由另一位同事录入。",
            "You keep the owners’ register here, so your account cannot be linked with units here.", "If you own a home here, vote on paper, and have a colleague enter the sheet.";
        PropertyCodeMany = "property.code_many",
            "一个账号在一个小区最多为 {most} 家没有共同业主的房屋表决。", "请业主用自己的账号来连，或者投纸质表决票。",
            "In one compound an account votes for at most {most} owners who have no unit in common.", "The owner links her own account, or votes on paper.";
        PropertyLinkWaits = "property.link_waits",
            "这个账号刚连上，{date}起才能在网上表决，正在进行的表决也一样。", "在那以前截止的表决，请投纸质票；或者带身份证和房产证到社区当面核对，核对后马上能投。",
            "This account was linked a short time ago and votes online from {date}, also in a vote that is under way.", "If the vote ends before, vote on paper; or show your identity card and title deed at the community, and vote online at once.";
        VoteKeeper = "vote.keeper",
            "这里的表决由您管，您不能在网上投票。", "您也是业主的，请用纸质表决票，由另一位同事录入。",
            "You keep the votes here, so you cannot vote online.", "If you own a home here, vote on paper, and have a colleague enter the sheet.";
        PropertyCodeTaken = "property.code_taken",
            "这个业主码已经由另一个账号用了。", "请由那个账号表决；不是您家人的账号，请告诉社区，社区可以解除。",
            "Another account uses this owner code already.", "Vote with that account; if nobody in your family has it, tell your community, which releases it and prints a new code.";
        PropertyRegisterInVote = "property.register_in_vote",
            "这个小区正在表决，名册在表决结束前不能改。", "请等表决结束后再导入；名册确有差错的，请先撤销表决。",
            "A vote is under way in this compound, and its register stays as it is until the end.", "Import after the end; if the register is wrong, call the vote off first.";
        PropertyUnitInVote = "property.unit_in_vote",
            "这个小区正在表决，这套房的业主现在不能改：表决按召集那天的业主算。", "请等表决结束后再改，或者先撤销表决；面积、用途、份额现在就能改，不影响这次表决。",
            "A vote is under way in this compound, so the owners of this unit stay: the vote is of those who owned it when it was called.", "Change them after the end, or call the vote off first. Area, use and shares can be corrected now and do not change this vote.";
        PropertyUnitVoteKnown = "property.unit_vote_known",
            "这个小区正在表决，更正不会改变这次表决的面积和人数。", "请勾选知道了再保存。",
            "A vote is under way in this compound, and a correction does not change its area and heads.", "Tick that you know it, then save.";
        PropertyUnitUnsold = "property.unit_unsold",
            "去掉了所有业主，这套房就算开发商没有卖出的。", "确实没有卖出的，请勾选“未售”；不是的，请写上业主。",
            "Without owners the unit counts as not sold by the developer.", "Tick “unsold” if that is so; otherwise name the owners.";
        PropertyUnitSame = "property.unit_same",
            "和登记的一样，没有要更正的。", "请改了再保存。",
            "This is what is registered; nothing is corrected.", "Change something, then save.";
        PropertySheetChanged = "property.sheet_changed",
            "您看过以后，登记又变了，和刚才列出来的不一样。", "请再核对一遍新的清单，再确认。",
            "What is registered changed since you looked, so the list is another one now.", "Compare the new list and confirm again.";
        PropertyUnitsVanish = "property.units_vanish",
            "有 {count} 套房会从名册里去掉。", "确实要去掉的，请勾选再导入；不是的，请补全表格。",
            "{count} units would be dropped from the register.", "Tick the box if they are to go; otherwise complete the table.";
        VoteNoMatter = "vote.no_matter",
            "没有写表决什么。", "请至少写一项。",
            "No matter is put to the vote.", "Write one at least.";
        VoteManyMatters = "vote.many_matters",
            "一次最多表决 {most} 项。", "请分成几次表决。",
            "One vote takes {most} matters at most.", "Hold several votes.";
        VoteCommitteeNotTold = "vote.committee_not_told",
            "还没有告知居民委员会。", "请先告知居民委员会，再勾选这一项（物业管理条例第十四条）。",
            "The residents’ committee was not told yet.", "Tell it, then tick the box (regulation on property management, article 14).";
        VoteNoticeShort = "vote.notice_short",
            "从召集（通知全体业主）那天算起不满 {days} 天，不能开始表决。", "最早可以从 {earliest}开始（物业管理条例第十四条）。",
            "A vote opens {days} days after its call, which tells all owners, at the earliest.", "It can open on {earliest} (regulation on property management, article 14).";
        VoteOpensPast = "vote.opens_past",
            "表决不能从过去的日子开始。", "请填今天以后的日子：按哪天的法律算，看表决开始的那天。",
            "A vote does not open on a day that is over.", "Choose a day to come: the law of the day on which it opens decides.";
        VoteLong = "vote.long",
            "从召集到开始、从开始到结束，都不能超过 {days} 天。", "请把日子改近一些；还没有定下来的，定了再召集。",
            "A vote opens at most {days} days after it is called, and lasts at most as long.", "Choose a nearer day. If it is not settled yet, call the vote later.";
        VoteLookedOther = "vote.looked_other",
            "现在有表决权的是 {heads} 人、{area} 平方米，和您核对时看到的不一样，或者您还没有核对过。", "请再核对一遍，再召集。",
            "{heads} owners with {area} square metres are entitled now, which is not what you looked at, or you did not look yet.", "Look at it once more, then call the vote.";
        VoteOff = "vote.off",
            "这次表决已经撤销。", "原因在表决的页面上看。",
            "This vote was called off.", "Its page says why.";
        VoteOffOther = "vote.off_other",
            "撤销是您提出的，要由另一位同事确认。", "请另一位管这个小区名册的同事打开这次表决，核对原因后确认。",
            "You asked that this vote is called off, so a colleague confirms it.", "Ask a colleague who keeps this register to open the vote, read the reason and confirm.";
        VoteOffChanged = "vote.off_changed",
            "撤销这件事刚才有变化：已经有人提出，或者已经决定不撤销了。", "请重新打开撤销的页面看看。",
            "Somebody asked for it meanwhile, or lets the vote go on.", "Open the page again and look.";
        VoteEndsEarly = "vote.ends_early",
            "结束的时间要在开始之后，也要在现在之后。", "请改一下结束的日期或者时间。",
            "The end must be after the beginning, and after now.", "Change the day or time of the end.";
        VoteFewAsk = "vote.few_ask",
            "要求召开的只有 {asking} 位业主，至少要 {needed} 位（全小区 {heads} 位）。", "请再收集要求召开的业主，或者由业主委员会、街道召集（物业管理条例第十三条）。",
            "Only {asking} owners ask for it; at least {needed} of the {heads} of the compound are needed.", "Find more owners who ask, or let the owners’ committee or the street call it (regulation on property management, article 13).";
        VoteUnitUnknown = "vote.unit_unknown",
            "名册里没有“{unit}”。", "请照名册写楼栋、单元和房号，中间空一格，每行一套。",
            "The register has no “{unit}”.", "Write building, stair and unit as in the register, with blanks between them, one unit a line.";
        VoteNobody = "vote.nobody",
            "这个范围里没有房屋。", "请先导入名册，或者换一个范围。",
            "There are no units in this range.", "Import the register first, or choose another range.";
        VoteNotOpen = "vote.not_open",
            "表决还没有开始。", "请在 {opens} 以后再来。",
            "The vote has not opened yet.", "Come back after {opens}.";
        VoteEnded = "vote.ended",
            "表决已经结束，不再收票，也不能再改。", "结果在表决的页面上看。",
            "The vote is over: nothing is taken or changed any more.", "See the result on the page of the vote.";
        VoteSheetLater = "vote.sheet_later",
            "计票核对表和参与名单要等表决结束才有。", "请在 {ends} 以后再打开这个地址。",
            "The audit sheet and the list of who took part are there once the vote is over.", "Open this address again after {ends}.";
        VoteSheetSoon = "vote.sheet_soon",
            "表决已经结束，正在计票，计票核对表和参与名单还没有出来。", "请过几分钟再打开这个地址。",
            "The vote is over and is being counted; the audit sheet and the list of who took part are not there yet.", "Open this address again in a few minutes.";
        VoteNumberUnknown = "vote.number_unknown",
            "没有编号为“{number}”的表决票。", "请核对票上的编号。",
            "There is no ballot sheet with the number “{number}”.", "Compare the number on the sheet.";
        VoteSecondBallot = "vote.second_ballot",
            "{units}已经投过票了：{at}由{by}录入。", "同一业主名下几套房，人数算一个，面积合计，只投一张票。录错了的，先收回原来的票再录。",
            "{units} voted already: entered by {by} at {at}.", "An owner of several units is one head with their whole area and gives one ballot. If it was entered wrongly, take the first one back and enter it again.";
        VoteUnanswered = "vote.unanswered",
            "“{matter}”还没有选。", "请选同意、反对或者弃权。",
            "Nothing is chosen for “{matter}”.", "Choose for, against or neither.";
        VoteChosenTwice = "vote.chosen_twice",
            "“{matter}”选了不止一个。", "请只选同意、反对、弃权里的一个。",
            "More than one choice is made for “{matter}”.", "Choose one of for, against and neither.";
        VoteCandidates = "vote.candidates",
            "候选人只写在“业主委员会”这类事项里，最多 {most} 名，一行一名，不能重复。", "请改事项类别，或者改候选人名单。",
            "Candidates belong to a matter about the owners’ committee: {most} at most, one a line, each once.", "Change the kind of the matter, or the list.";
        VoteSeats = "vote.seats",
            "应选人数要在 1 到 {most} 之间。", "请按要选出的人数填，不能比候选人多。",
            "The number of seats must be between 1 and {most}.", "Enter how many are elected, not more than there are candidates.";
        VoteSeatsMore = "vote.seats_more",
            "“{election}”应选 {seats} 人，票上同意了 {chosen} 人。", "同意的人数不能多于应选人数，请改。",
            "“{election}” elects {seats}, and the ballot is for {chosen}.", "Be for as many as are elected at most.";
        VotePartial = "vote.partial",
            "名册里只有 {units} 套，小区登记 {buildings} 栋 {households} 户，这样算的不是全体业主。", "请先补全名册；确实只算这些的，勾选知道了，并写明原因。",
            "The register has {units} units, and the compound {buildings} buildings with {households} households: these are not all owners.", "Complete the register first. If these alone count, tick that you know it and say why.";
        VoteNotPaper = "vote.not_paper",
            "{number} 号没有可以收回的纸质票。", "请核对票号；网上投的票，由业主自己改投。",
            "There is no paper ballot with the number {number} to take back.", "Check the number; an owner changes an online ballot herself.";
        VoteTakeBackOther = "vote.take_back_other",
            "这张票是您录入的，要由另一位同事收回。", "请另一位同事对照纸质票收回，再重新录入。",
            "You entered this ballot, so a colleague takes it back.", "Ask a colleague to compare the sheet, take it back and enter it again.";
        VoteChoiceUnread = "vote.choice_unread",
            "第 {matter} 项填的“{typed}”看不懂。", "同意填 1，反对填 2，弃权填 3。",
            "“{typed}” cannot be read for matter {matter}.", "Enter 1 for, 2 against, 3 neither.";
        VoteProxyMissing = "vote.proxy_missing",
            "{units}没有登记委托书，代理人不能代投。", "请先登记书面委托书；业主自己投的，不要勾选“代理人投”。",
            "No written proxy is entered for {units}.", "Enter the written proxy first; if the owner voted herself, do not tick “by proxy”.";
        VoteProxyWithdrawn = "vote.proxy_withdrawn",
            "{units}的委托在 {at} 撤回了，代理人的票不收。", "请由业主自己投票，或者重新出具委托书。",
            "The proxy of {units} was withdrawn at {at}; this ballot is not taken.", "The owner votes herself or gives a new written proxy.";
        VoteProxyMany = "vote.proxy_many",
            "这位代理人已经代了 {units} 套房，再代就超过 {most} 套了。", "请业主另找一位代理人，或者自己投票。",
            "This proxy has {units} units already; more would exceed {most}.", "The owner finds another proxy or votes herself.";
        VoteProxyNamesake = "vote.proxy_namesake",
            "这次表决里已经有同名的代理人，电话不一样。", "是同一个人的，填原来登记的那个电话；确实是另一个人的，勾选后再登记。",
            "There is a proxy of the same name with another telephone in this vote.", "If it is the same person, enter the telephone of before; if it is somebody else, tick that it is.";
        VoteProxyThere = "vote.proxy_there",
            "{units}已经登记过委托书，还没有撤回。", "要换代理人的，请先撤回原来的委托。",
            "{units} has a written proxy already that was not withdrawn.", "Withdraw it first to name another.";
        VoteProxyVoted = "vote.proxy_voted",
            "{units}已经自己投过票了，不用再委托。", "同一业主名下几套房，人数算一个，面积合计，只投一张票。",
            "{units} voted already and needs no proxy.", "An owner of several units gives one ballot.";
        PropertyCompanyKnown = "property.company_known",
            "这个统一社会信用代码已经登记：{name}。", "请打开那一家，在它的页面上改。",
            "A company with this credit code is registered: {name}.", "Open that one and change it there.";
        PropertyCompanyName = "property.company_name",
            "用这个统一社会信用代码登记的企业叫“{name}”，和这一行的名称不一样。", "请照营业执照核对名称和代码；企业改了名的，先在它的页面上改。",
            "The company with this credit code is called “{name}”, which is not the name in this row.", "Compare name and code with the business licence. If the company has another name now, change it on its page first.";
        PropertyCommunityUnknown = "property.community_unknown",
            "您管的地方里没有叫“{community}”的社区，或者有几个同名的。", "请照登记写社区的名称；有同名的，写社区的十二位代码。",
            "None of your places has a community called “{community}”, or several have.", "Write the name as it is registered; where several have it, write the code of the community, with twelve digits.";
        PropertyDays = "property.days",
            "日期的先后不对。", "结束的日子要在开始以后。",
            "The days are in the wrong order.", "The end must come after the beginning.";
        PropertyOverlap = "property.contract_overlap",
            "这个小区在这段时间已经有合同：{name}。", "先登记那一份什么时候终止，再登记这一份。",
            "The compound has a contract for these days: {name}.", "First enter when that one ends, then enter this one.";
        PropertyNoticeTwice = "property.notice_twice",
            "这份合同已经登记过终止通知。", "请刷新页面看看。",
            "A notice was entered for this contract before.", "Reload the page and look.";
        PropertyDismissal = "property.dismissal",
            "业主解聘物业企业，要提前 {days} 天书面通知（民法典第九百四十六条）：最早 {date}结束。", "请核对日子；合同另有约定的，填约定的天数；确实晚了的，勾选照实登记。",
            "Owners who dismiss a company tell it {days} days before (Civil Code, article 946): the contract ends on {date} at the earliest.", "Check the days. If the contract sets days of its own, enter them; if it was late, tick that it is entered as it was.";
        PropertyRenewal = "property.renewal",
            "物业企业不续签，要在期满前 {days} 天书面通知（民法典第九百四十七条）：最晚 {date}。", "请核对日子；合同另有约定的，填约定的天数；确实晚了的，勾选照实登记，并请双方再商量。",
            "A company that does not renew tells the owners {days} days before the end (Civil Code, article 947): by {date}.", "Check the days. If the contract sets days of its own, enter them; if it was late, tick that it is entered as it was, and have both sides talk.";
        PropertyLeaves = "property.leaves",
            "物业企业不续签的，服务到合同期满（{date}）。", "请改结束的日子。",
            "A company that does not renew serves until the contract ends ({date}).", "Change the last day.";
        PropertyPoints = "property.points",
            "“{label}”要填分数，最多一位小数，例如 6 或者 0.5。", "加分减分都填正数。",
            "“{label}” must be points with at most one digit behind the point, such as 6 or 0.5.", "Write good and bad points alike without a sign.";
        PropertyPointsMost = "property.points_most",
            "一条记录最多 {most} 分。", "请核对分数；分几件事的，一件登记一条。",
            "One record has at most {most} points.", "Check the points. If they are for several matters, enter each of them.";
        PropertyNotServed = "property.not_served",
            "这家企业不在这里登记，在这里也没有合同。", "请选它服务的地方；合同还没有登记的，先登记合同。",
            "This company is not registered here and has no contract here.", "Choose a place that it serves. If its contract is not entered yet, enter it first.";
        PropertyAppealed = "property.appealed",
            "这条记录已经申诉过。", "一条记录申诉一次；请看答复。",
            "The company has appealed against this record before.", "There is one appeal against a record. Read the answer.";
        PropertyAnswered = "property.answered",
            "这条记录没有待答复的申诉。", "请刷新页面看看。",
            "No appeal against this record waits for an answer.", "Reload the page and look.";
        PropertyOwnRecord = "property.own_record",
            "这条记录是您登记的，申诉要由另一个人答复。", "请交给同单位的另一位同事。",
            "You entered this record, so somebody else answers the appeal.", "Ask a colleague in your unit.";
        PropertyTablePast = "property.table_past",
            "召集的日子已经过了。", "请填今天或者以后的日子；已经开过的，按今天召集，再登记已召开，填实际开的那天。",
            "The day of the table is over.", "Choose today or a day to come. If it was held already, call it for today, then enter that it was held, with its real day.";
        PropertyHeld = "property.table_held",
            "这次联席已经登记召开。", "请刷新页面看看；记录有错、有漏的，在它的页面上更正；新的事，下次联席再议。",
            "This meeting is entered as held.", "Reload the page. Correct the minutes on its page; new matters go to the next one.";
        PropertyNotHeld = "property.table_not_held",
            "这次联席还没有登记召开。", "请先登记召开，再更正记录。",
            "This meeting is not entered as held yet.", "Enter that it was held, then correct the minutes.";
        PropertyIncomeReplaced = "property.income_replaced",
            "这一版已经更正过。", "请打开更正后的那一版，在它的页面上再更正。",
            "This version was corrected already.", "Open the version that corrects it, and correct that one.";
        PropertySettled = "property.settled",
            "这项承诺已经登记过结果。", "请刷新页面看看。",
            "The outcome of this commitment was entered before.", "Reload the page and look.";
        PropertyLater = "property.later",
            "延到的日子要在原来的日子以后，也不能是过去。", "请改日期。",
            "The new day must come after the old one and not lie in the past.", "Change the day.";
        PropertyDelivered = "property.delivered",
            "已交付面积比总面积还大。", "请核对两个面积。",
            "More area is delivered than there is.", "Check both areas.";
        PropertyGroup = "property.group",
            "筹备组里的业主要有 {least} 到 {most} 名：另外街道一名（组长）、开发商一名。", "请改人数，或者调整筹备组。",
            "The preparatory group needs {least} to {most} owners, beside one from the street, who leads, and one from the developer.", "Change the number, or the group.";
        PropertySteps = "property.steps",
            "前一步还没有登记，或者日期在前一步之前。", "请按先后填：告知、成立筹备组、公示草案、开会。",
            "The step before is not entered, or the day lies before it.", "Enter the steps in their order: told, group, drafts, meeting.";
        PropertyFirstVote = "property.first_vote",
            "首次业主大会已经开过，或者它的表决还没有结束。", "开过以后要再表决的，请从业主名册召集；要重新召集的，先撤销正在进行的表决。",
            "The first owners’ meeting was held, or its vote is not over yet.", "To vote again after it, call a vote from the owners’ register; to call this one anew, call off the one under way.";
        PropertyFirstNot = "property.first_not",
            "还不够开首次业主大会的条件。", "请核对交付面积、首套交付的日子和申请的业主人数；条件写在这个小区的页面上。",
            "The first owners’ meeting is not possible yet.", "Check the delivered area, the day of the first delivery and how many owners applied; the page of the compound says what is needed.";
        PropertyFirstKnown = "property.first_known",
            "这个小区的首次业主大会已经登记过。", "请打开它的页面，在那里登记进展。",
            "The first owners’ meeting of this compound is entered already.", "Open its page and enter there how far it is.";
        PropertyDrafts = "property.drafts",
            "草案要公示满 {days} 天：最早 {date}开会。", "请改开会的日子。",
            "The drafts are posted for {days} days: the meeting is on {date} at the earliest.", "Change the day of the meeting.";
        PropertyFundPrivate = "property.fund_private",
            "自家的部分由自家修，不能用维修资金。", "只有共用部位、共用设施才能用（住宅专项维修资金管理办法第十八条）。",
            "A private part is repaired by its owner, not by the fund.", "The fund pays for shared parts alone (measures on the maintenance fund, article 18).";
        PropertyFundService = "property.fund_service",
            "这是物业企业日常该做的，不能用维修资金。", "请物业企业按合同做。",
            "The company does this for its fee, not for the fund’s money.", "Ask the company to do it by its contract.";
        PropertyFundRange = "property.fund_range",
            "出钱的账户和分摊的范围对不上。", "全小区的从小区账户出，一栋楼或者一个单元的从楼栋账户出。",
            "The account that pays is not that of those who share it.", "The whole compound pays from its account, a building or a stair from that of the building.";
        PropertyFundVoteMissing = "property.fund_vote_missing",
            "还没有登记表决结果。", "请先在“表决结果”里连到平台上的表决，或者照纸面结果填。",
            "No result of a vote is entered.", "Under “Result of the vote”, link the vote of the platform or enter the figures from paper.";
        PropertyFundVoteNotLegal = "property.fund_vote_not_legal",
            "参与表决的不够，或者同意的不够。", "人数和面积都要够（民法典第二百七十八条）；请核对数字，或者重新表决。",
            "Too few took part, or too few of them agreed.", "Heads and area both have to be enough (Civil Code, article 278). Check the figures, or vote again.";
        PropertyFundNotPosted = "property.fund_not_posted",
            "方案公示满 {days} 天才能开始表决。", "请核对公示和表决的日期；公示不够的，重新公示、表决。",
            "The vote opens {days} days after the plan was posted at the earliest.", "Check both days. If it was too short, post and vote again.";
        PropertyFundWorksBeforeVote = "property.fund_works_before_vote",
            "表决还没有结束就开工了。", "请核对开工的日期；属于应急的，撤回后按应急登记。",
            "The works began before the vote was over.", "Check the day. In an emergency withdraw it and enter it as one.";
        PropertyFundDay = "property.fund_day",
            "这一天还没有到。", "请填已经过去的日期，或者今天。",
            "That day has not come yet.", "Enter a day that has passed, or today.";
        PropertyFundUnseen = "property.fund_unseen",
            "还没有登记到现场看过。", "请先到现场看，登记“到现场看过”。",
            "Nobody looked at it on the spot yet.", "Go there first, and enter “Looked at on the spot”.";
        PropertyFundNotBegun = "property.fund_not_begun",
            "还没有登记开工。", "请先登记哪天开工。",
            "It is not entered when works began.", "Enter the day first.";
        PropertyFundVoted = "property.fund_voted",
            "表决结果已经用过，不能再改。", "要改的，先登记“改方案，重新公示、表决”。",
            "The result of the vote counted already and cannot be changed.", "To change it, enter “Change the plan, and post and vote again” first.";
        PropertyFundOtherVote = "property.fund_other_vote",
            "这次表决不能用：参加表决的不是分摊这笔费用的业主，或者使用维修资金的事项没有、不止一项。", "请选另一次表决，或者照纸面结果填。",
            "This vote cannot be used: those who voted are not those who share the cost, or it has no matter about using the maintenance fund, or several.", "Choose another vote, or enter the figures from paper.";
        PropertyFundVoteUsed = "property.fund_vote_used",
            "这次表决已经用在另一笔使用上。", "一次表决只用一次：请选另一次表决，或者重新表决。",
            "Another use counts on this vote already.", "A vote counts for one use: choose another one, or vote again.";
        PropertyFundPart = "property.fund_part",
            "名册里没有“{part}”。", "请照名册写楼栋；一个单元的，写楼栋、空一格、单元。",
            "The register has no “{part}”.", "Write the building as in the register; for a stair, the building, a blank and the stair.";
        PropertyFundRegister = "property.fund_register",
            "名册里分摊这笔费用的是 {heads} 人、{area} 平方米，和填的不一样。", "请照名册填；名册有错的，先改名册。",
            "By the register {heads} owners with {area} m² share this use, which is not what was entered.", "Enter what the register has. If the register is wrong, correct it first.";
        PropertyFundPostedEarly = "property.fund_posted_early",
            "公示的日子在登记方案以前。", "方案登记以后再公示；以前公示的方案，按登记的重新公示。",
            "The plan was posted before it was entered.", "Post the plan once it is entered. If it was posted before, post it again as it is entered.";
        PropertyFundBudget = "property.fund_budget",
            "准许的数额比预算 {most} 元还多。", "请核对数额；预算不够的，退回改方案、重新表决。",
            "The amount is more than the budget of {most} yuan.", "Check the amount. If the budget is too small, the plan is changed and voted on again.";
        PropertyFundAllowed = "property.fund_allowed",
            "结算的数额比准许的 {most} 元还多。", "请核对数额；超出的部分不能从维修资金里出，要用的另行表决、申请。",
            "The settlement is more than the {most} yuan that were allowed.", "Check the amount. The fund does not pay the rest; to use more, vote and apply again.";
        PropertyAmountNone = "property.amount_none",
            "金额要大于 0。", "请核对数额再填。",
            "The amount must be more than nothing.", "Check the amount.";
        PropertyAmountMost = "property.amount_most",
            "金额太大，最多 {most} 元。", "请看看是不是多打了数字。",
            "The amount is too large: {most} yuan at the most.", "Check whether there is a digit too many.";
        PropertyAccountShort = "property.account_short",
            "维修资金账户里可以用的只有 {free} 元（已经准许、还没有拨付的 {held} 元不算在内），不够这笔 {amount} 元。", "请核对数额和日期；有交存、利息到账的，先登记到账户里。",
            "The account of the fund has {free} yuan left to use, without {held} yuan that were allowed and are not paid yet: not enough for these {amount} yuan.", "Check the amount and the day. If money or interest came in, enter it in the account first.";
        PropertyAccountOpened = "property.account_opened",
            "这个账户已经建过：一个小区一个账户，一栋楼一个账户。", "请打开社区的维修资金页面，在那个账户里登记。",
            "This account of the fund is there already: a compound has one, and each building has one.", "Open the page of the fund of its community, and enter it in that account.";
        PropertyAccountEarly = "property.account_early",
            "这一天在账户的期初（{date}）以前。", "请改日期；期初以前的收支已经算在期初余额里。",
            "This day is before the account was opened ({date}).", "Change the day. What happened before is in what was there at its opening.";
        PropertyCost = "property.cost",
            "成本比收入还多，没有可分的。", "请核对收入和成本；只有合理成本可以扣。",
            "The cost is more than the income, so there is nothing to divide.", "Check both amounts. Only reasonable cost is taken off.";
        PropertyUnitLine = "property.unit_line",
            "“{line}”这一行看不懂。", "一行一户：房号，逗号，面积（平方米，最多两位小数），例如：1-101，80。房号只写楼栋、单元、房号，不写人名、电话。",
            "The line “{line}” cannot be read.", "One unit a line: its number, a comma, its area in square metres with at most two digits behind the point, such as 1-101, 80. Write building, stair and unit alone: name nobody, and give no telephone.";
        PropertyIncomeTwice = "property.income_twice",
            "这笔收入的这段时间已经公布过。", "请核对起止日期；是另一笔收入的，换一个名称。",
            "This income is published for some of these days already.", "Check the days. If it is another income, give it another name.";
        PropertyUnitAgain = "property.unit_again",
            "“{line}”这一户写了两次。", "同一户只写一行。",
            "The unit “{line}” stands twice.", "Write each unit once.";
    }
}
