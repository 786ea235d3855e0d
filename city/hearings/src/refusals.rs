//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `hearings`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        HearingsClass = "hearings.class",
            "没有选是哪一类的事。", "请选最接近的一类，拿不准的选“其他”。",
            "No kind of matter is chosen.", "Choose the nearest one, or “something else”.";
        HearingsPlace = "hearings.place",
            "没有选是哪个社区。", "请写社区、街道或者小区的名字，再选一个。",
            "No community is chosen.", "Write the name of a community, a street or a compound, and choose one.";
        HearingsDanger = "hearings.danger",
            "有人正受伤害，或者正在动手、威胁。", "请先打 110；伤着的打 120。打过了，或者现在没有危险了，勾上再送。",
            "Somebody is being hurt, or there is violence or a threat now.", "Call 110 first, 120 for the injured. Tick that you have, or that the danger is over, and send again.";
        HearingsCourtLate = "hearings.court_late",
            "一起申请司法确认的期限是 {date}，已经过了。", "可以重新调解、达成新的协议，或者直接起诉。",
            "The last day to ask the court together was {date}.", "The matter can be mediated anew, or taken to court.";
        HearingsCourtEarly = "hearings.court_early",
            "协议 {date} 起才有效，不能在那天以前申请司法确认。", "请核对交给法院的日期。",
            "The agreement holds from {date} on; the court cannot be asked before.", "Check the day on which the application was sent.";
        HearingsNoClauses = "hearings.no_clauses",
            "协议还没有写内容。", "请先在“协议”里一条一条写好：谁、做什么或者给多少、哪天以前。",
            "Nothing is written in the agreement yet.", "Write its clauses under “Agreement” first: who, what or how much, and by which day.";
        HearingsNoHead = "hearings.no_head",
            "协议里还没有写主要事实和各方责任。", "请先在“协议”里写好，两边看过、同意以后再往下走。",
            "The agreement does not say the main facts and each side's responsibility yet.", "Write them under “Agreement”, and let both sides read it and consent to it first.";
        HearingsTextNewer = "hearings.text_newer",
            "一方同意以后，协议的文字又改了。", "请让两边看过现在的文字，再同意一次。",
            "The text was changed after a side had consented.", "Let both sides read the text as it is now and consent to it.";
        HearingsEffectDay = "hearings.effect_day",
            "生效的日期不对：不能在今天以后，也不能早于开始调解的那天。", "请照协议上最后签字、盖章的日期填；口头说定的填说定那天。",
            "The day of effect is not right: it cannot be after today, nor before the mediation began.", "Enter the day of the last signature and the seal, or the day on which they agreed by word of mouth.";
        HearingsEffectSigned = "hearings.effect_signed",
            "最后一个签字是 {date}，协议不能在那天以前生效。", "请照最后签字、盖章的那天填。",
            "The last signature is of {date}; the agreement cannot hold before.", "Enter the day of the last signature and the seal.";
        HearingsNoChange = "hearings.no_change",
            "还没有写好怎么改。", "先选“写好怎么改”，两边看过、签了字再改。",
            "The change is not written down yet.", "Write it down first; both sides read and sign it, then it is changed.";
        HearingsTookBack = "hearings.took_back",
            "这一方自己收回了同意，别人不能替她再同意。", "请她自己用查询码再同意；书面同意的，看过原件，选“书面”，写上落款日期。",
            "This side took her consent back herself; nobody gives it again for her.", "She can give it again with her code. If she did so on paper, choose “On paper” and enter the day it bears.";
        HearingsPaperOld = "hearings.paper_old",
            "落款日期早于 {date}：那天以后才问到她，或者才有现在的文字。", "请对照原件核对日期；确实是早先写的，请她照现在问的重新写。",
            "The day on the paper is before {date}: only since then was she asked this, or is there this text.", "Check it against the original. If it is older, ask her to write it anew.";
        HearingsOtherMediator = "hearings.other_mediator",
            "这一件由另一位调解员调解。", "请交给他办；他不能再调的，先换调解员。",
            "Another mediator has this matter.", "Leave it to him. If he cannot go on, the mediator is changed first.";
        HearingsNoConsent = "hearings.no_consent",
            "{side}现在没有同意接着谈。", "请先问过当事人，同意以后再记。",
            "{side} does not agree to go on at present.", "Ask the party first, and write it down once it agrees.";
        HearingsNotAsked = "hearings.not_asked",
            "还没有就“{step}”问过两边。", "请先选“问两边下一步”，写明问的是哪一步；两边同意的只是问过的那一步。",
            "Both sides were not asked about “{step}” yet.", "Take the step “Ask both sides about the next step” and name it: they agree only to what they were asked.";
        HearingsOtherNamed = "hearings.other_named",
            "两边同意的不是这个人。", "请照问两边时写的填；要换别人的，先重新问过两边。",
            "This is not the one whom both sides agreed to.", "Enter what they were asked. For somebody else, ask both sides anew first.";
        HearingsUnnamed = "hearings.unnamed",
            "{side}的姓名还没有照证件写上。", "请在“邀请两边、核对身份”里写；也可以由本人凭查询码自己写。",
            "The name of {side} is not confirmed yet.", "Enter it from the paper that was shown under “Invite both sides, check who they are”, or let the party write it with the code.";
        HearingsNameKept = "hearings.name_kept",
            "调解员已经照证件核对过这个姓名，自己不能再改。", "写错了的，请给调解员留言。",
            "The mediator has checked this name against a paper; it cannot be changed here any more.", "If it is wrong, write to the mediator.";
        HearingsNameAgreed = "hearings.name_agreed",
            "已经有人同意了现在的协议文字，或者协议正等着签，姓名不能改。", "写错了的：等签的先选“改了再签”；还在谈的先重新问两边，再改姓名。",
            "Somebody agreed to the text as it is, or it waits to be signed: names cannot be changed now.", "If one is wrong: where it waits to be signed, take the step “Change it and sign again”; else ask both sides anew first, then change the name.";
        HearingsDetail = "hearings.detail",
            "这一类里没有这一项。", "请从列出来的里面选，或者不选。",
            "That is not in this class.", "Choose one of those that are listed, or none.";
        HearingsClausesOpen = "hearings.clauses_open",
            "协议还有 {count} 条没有记成已经履行。", "请先在“协议”里逐条记下履行情况。",
            "{count} clauses of the agreement are not noted as done.", "Note under “Agreement” how each clause was kept first.";
        HearingsTextFixed = "hearings.text_fixed",
            "这时候协议的文字不能改。", "还没签完的，先选“改了再签”，两边的同意作废，改好再签。",
            "The text of the agreement cannot be changed now.", "If it is not signed by all yet, take the step “Change it and sign again”: the consents are void, and both sign the new text.";
        HearingsBound = "hearings.bound",
            "调解已经结束，卷宗装订了，不能再改。", "后来收到的材料另外保存；事情又起来了的，重新申请调解。",
            "The mediation has ended and its file is bound: nothing in it changes any more.", "Keep what came later apart from it. If the matter begins anew, it can be brought again.";
        HearingsNotKeptNow = "hearings.not_kept_now",
            "协议还没有生效，或者已经办结。", "生效以后才记履行情况。",
            "The agreement is not in effect, or the case has ended.", "How it is kept is noted while it is in effect.";
        HearingsNoSession = "hearings.no_session",
            "这时候不在调解中。", "两边都同意、开始调解以后再记。",
            "No mediation is going on now.", "Write it down once both sides have agreed and the mediation has begun.";
        HearingsNotInvited = "hearings.not_invited",
            "还没有就“请人来帮忙”问过两边。", "先问两边；都同意了，在办件页面选“请人来帮忙”，写明请谁，再记他在场。",
            "Both sides were not asked whether somebody is invited to help.", "Ask both first. Once they agree, take the step “Invite somebody to help” on the page of the case and say whom; then note that he came.";
        HearingsBothThere = "hearings.both_there",
            "面对面谈，两边都要在场。", "两边都来了的，都勾上；只来了一边的，记成单独和那一边谈。",
            "Face to face, both sides are there.", "Tick both if both came. If only one came, note a talk with that side alone.";
        HearingsAlone = "hearings.alone",
            "单独谈的，只有那一边和调解员在场。", "请把那一边勾上，把另一边去掉。",
            "In a talk with one side alone, only that side and the mediator are there.", "Tick that side, and take the tick off the other.";
        HearingsNotApart = "hearings.not_apart",
            "现在是面对面谈。", "要分开谈的，先选“不再当面谈”。",
            "The sides talk face to face now.", "To talk apart, take the step “Talk apart again” first.";
        HearingsCourtNotAccepted = "hearings.court_not_accepted",
            "还没有记法院受理。", "请先记下法院哪天受理的。",
            "It is not noted yet that the court accepted the application.", "Note the day on which the court accepted it first.";
        HearingsDay = "hearings.day",
            "这个日期不对：不能在今天以后，也不能早于交给法院、法院受理的那天。", "请核对后重填。",
            "This date is not right: it cannot be after today, nor before the day on which the court was asked or accepted the matter.", "Check it and enter it again.";
        HearingsHourAhead = "hearings.hour_ahead",
            "还没到这个时间。", "谈过以后再记；记的是早些时候的一次，请核对是哪天、几点开始。",
            "It is not that time yet.", "Write a session down once it was held. For an earlier one, check the day and the hour.";
        HearingsBeforeConsent = "hearings.before_consent",
            "{side}那个时候还没有同意，同意以前谈的不算调解。", "请核对是哪天、几点开始；同意以后再谈，谈过再记。",
            "{side} had not agreed at that hour; what was talked about before is no session.", "Check the day and the hour. Talk once the party has agreed, then write it down.";
        HearingsLowest = "hearings.lowest",
            "这一件就在社区调解，下面没有一级可以交回。", "请接着调，或者交上一级。",
            "The community mediates this matter itself; there is no level below it.", "Go on, or pass it up a level.";
        HearingsHours = "hearings.hours",
            "说事日的时间不对：要有开始和结束，结束在开始以后。", "请写成 9:00 和 11:00 这样。",
            "The hours of the talk day are not right: they need a beginning, and an end after it.", "Write them as 9:00 and 11:00.";
        HearingsRoomUsed = "hearings.room_used",
            "“{room}”还有人约着用，不能去掉。", "请等约好的时间过了，或者先取消那几次。",
            "“{room}” is still taken by somebody, so it cannot go.", "Wait until those times are over, or call them off first.";
        HearingsRoomTaken = "hearings.room_taken",
            "“{room}”{date} {from}–{until} 已经有人约了。", "请选别的时间，或者别的房间。",
            "“{room}” is taken on {date} from {from} to {until}.", "Choose another time or another room.";
        HearingsHourOver = "hearings.hour_over",
            "这个时间今天已经过了。", "请选晚一点的时间，或者别的日子；已经谈过的，直接记下来。",
            "That time of today is over.", "Choose a later time or another day. If you have talked already, write the session down.";
        HearingsSessionLong = "hearings.session_long",
            "一次最多约 {hours} 小时。", "谈不完的，再约一次。",
            "A session is arranged for {hours} hours at most.", "If more time is needed, arrange another one.";
        HearingsSessionTwice = "hearings.session_twice",
            "这一件在 {date} {from}–{until} 已经约好一次了。", "请选别的时间；要改时间的，先取消那一次。",
            "This mediation has a session on {date} from {from} to {until} already.", "Choose another time. To move that session, call it off first.";
        HearingsPapersUnsaid = "hearings.papers_unsaid",
            "{side}还没有说哪些材料可以一起转过去。", "请先问过当事人，记下可以转全部、哪几样，还是都不转；当事人不同意，什么都不转。",
            "{side} has not said which papers may go along yet.", "Ask the party first and note whether all, some or none may. Nothing goes without its consent.";
        HearingsPapersUnnamed = "hearings.papers_unnamed",
            "说了只转一部分，但没有勾是哪几样。", "请勾上可以转的材料；都不转的，选“都不转”。",
            "Only some papers may go along, but none of them is ticked.", "Tick those that may go along. If none may, choose “none”.";
        HearingsCodeGiven = "hearings.code_given",
            "这一方已经有查询码了。", "码丢了的，核对是本人以后换新的。",
            "This side has a code already.", "If it is lost, check who she is and make a new one.";
        HearingsNotInviting = "hearings.not_inviting",
            "现在不能发查询码：还没有受理，或者已经办结。", "先受理，再邀请；已经办结的不用再发。",
            "No code is given now: the matter is not taken on yet, or has ended.", "Take it on first, then invite. Once it has ended, none is needed.";
        HearingsWanted = "hearings.wanted",
            "没有选怎么回复。", "选一种：公开回复、只回复本人、不用回复。",
            "It is not chosen how it is to be answered.", "Choose one: in public, to whoever said it alone, or not at all.";
        HearingsSettled = "hearings.settled",
            "这一条已经回复或者转办了。", "刷新页面看结果。",
            "This was answered or became a case already.", "Open the page again to see what became of it.";
        HearingsCaseUnknown = "hearings.case_unknown",
            "没有这个编号的办件，或者您看不到它。", "请核对编号；先登记一件，再把编号填到这里。",
            "There is no case of that number that you may see.", "Check the number. Enter the case first, then write its number here.";
        HearingsOpinionUnknown = "hearings.opinion_unknown",
            "编号或者查询码不对。", "请照当时显示的填；查询码不分大小写。",
            "The number or the code is not right.", "Write them as they were shown. Capitals and small letters are the same.";
        HearingsTalkDay = "hearings.talk_day",
            "没有选说事日，或者选的日子不是说事日。", "请从列出来的日子里选一个。",
            "No talk day is chosen, or that day is none.", "Choose one of the days that are listed.";
        HearingsTalkFull = "hearings.talk_full",
            "这个说事日约满了。", "请选别的日子，或者当天直接来，排在约好的人后面。",
            "That talk day is fully booked.", "Choose another day, or come on that day without booking, after those who did.";
        HearingsTalkTwice = "hearings.talk_twice",
            "这个电话那天已经约过了。", "一个电话一天约一次；要换日子的，先取消再约。",
            "This telephone has booked that day already.", "One telephone books once a day. To come on another day, call the first one off.";
        HearingsNotHosted = "hearings.not_hosted",
            "这一天不能记谁来过：不是说事日，还没有到，或者过了一个星期。", "请选最近一次说事日。",
            "Nobody is noted for that day: it is no talk day, lies ahead, or is more than a week ago.", "Choose the last talk day.";
        HearingsSideFull = "hearings.side_full",
            "这一方的人数已经到了上限。", "请他们推选代表，或者分成几件来调。",
            "This side has as many people as it may have.", "Let them name a representative, or mediate it as several matters.";
        HearingsChosenOther = "hearings.chosen_other",
            "当事人都选了{name}来调解。", "请由他调解；他有关系要回避、或者来不了的，请当事人重新选，或者改选“由调委会指定”。",
            "All parties chose {name} to mediate.", "Let that mediator begin. If a tie or another reason stands against it, let the parties choose again or leave it to the committee.";
        HearingsNotListed = "hearings.not_listed",
            "名册上没有这位调解员。", "请从名册里选，或者选“由调委会指定”。",
            "This mediator is not on the roster.", "Choose one of the roster, or leave it to the committee.";
        HearingsTied = "hearings.tied",
            "这位调解员这一件要回避，不能选。", "请选别的调解员，或者选“由调委会指定”。",
            "This mediator is not free in this matter and cannot be chosen.", "Choose another one, or leave it to the committee.";
        HearingsObjected = "hearings.objected",
            "有当事人请求换调解员，还没有答复。", "请先问两边“换调解员”；她又接受了的，先记下来，再问别的。",
            "A party asked for another mediator and has no answer yet.", "Ask both sides about another mediator first. If the party accepts the mediator after all, note that before anything else.";
        HearingsNoPower = "hearings.no_power",
            "这位代理人现在没有这个人的委托。", "请看“委托”：原件没有看过、过期了或者收回了的，都不算。",
            "This agent has no power of that party at present.", "See “Powers of attorney”: one whose paper was not seen, that is over or was taken back does not count.";
        HearingsNoSpecialPower = "hearings.no_special_power",
            "一般授权的代理人不能办这一步。", "请本人自己说；或者看过写明这一项的特别授权，在“委托”里记上。",
            "An agent with a general power cannot take this step.", "Let the party say it herself, or note a special power for it under “Powers of attorney” once its paper was seen.";
        HearingsGuardianSays = "hearings.guardian_says",
            "这位当事人由法定代理人代为同意、签字。", "请法定代理人来说；监护关系的材料看过以后，在“谁说的”里选他。不同意，本人随时可以说。",
            "For this party the guardian consents and signs.", "Let the guardian say it, once the paper that shows the guardianship was seen. A no the party can say at any time.";
        HearingsGuardianOwn = "hearings.guardian_own",
            "同意、签字由您的法定代理人办。", "请他来回答；您不同意的，随时可以自己说。",
            "Your guardian consents and signs for you.", "Let him answer. If you do not agree, you can say so yourself at any time.";
        HearingsGuardianAgent = "hearings.guardian_agent",
            "这位当事人由法定代理人同意、签字，您不能替她同意。", "请法定代理人来回答；当事人不同意的，您可以替她说。",
            "For this party the guardian consents and signs; you cannot consent for her.", "Let the guardian answer. If the party does not agree, you can say so for her.";
        HearingsAgentAnew = "hearings.agent_anew",
            "这份委托是在当事人有法定代理人的时候或者以前给的；现在没有法定代理人了，不能凭它同意、签字。", "请当事人自己说；还要这位代理人来的，请当事人重新委托，收回旧的，在“委托”里另记一条。不同意，照样可以说。",
            "This power was given before or while the party had a guardian. There is none any more, so nobody consents or signs by it.", "Let the party answer. If the agent is to go on, the party names that agent anew: take the old power back and note the new one under “Powers of attorney”. A no can be said all the same.";
        HearingsAgentGuarded = "hearings.agent_guarded",
            "这位代理人自己有法定代理人，不能代别人同意、签字。", "请换一位代理人，或者请当事人来说；当事人有法定代理人的，请法定代理人来说。不同意，照样可以说。",
            "This agent has a guardian and consents or signs for nobody.", "Choose another agent, or let the party answer; for a party who has a guardian, the guardian. A no can be said all the same.";
        HearingsPowerUnknown = "hearings.power_unknown",
            "编号或者委托的查询码不对，或者委托已经收回、到期，调解已经结束。", "请照给您的填，查询码不分大小写；还是不行的，请问委托人或者调解员。",
            "The number or the code of the power is not right, or the power does not hold any more.", "Write them as they were given to you. If that does not help, ask the party or the mediator.";
        HearingsAgentMediates = "hearings.agent_mediates",
            "代理人和调解员或者经手人同名，调解的人不能替一方说话。", "就是同一个人的，请换一位代理人；不是的，核对身份证件以后勾“不是同一个人”。",
            "The agent is called as the mediator or whoever enters this is; nobody who mediates speaks for a party.", "If it is the same person, another agent is needed. If not, check the identity paper, then tick “Not the same person”.";
        HearingsAgentOther = "hearings.agent_other",
            "代理人和对方的一位当事人或者代理人同名，一个人不能代表两边。", "就是同一个人的，请换一位代理人；不是的，核对身份证件以后勾“不是同一个人”。",
            "The agent is called as a party or an agent of the other side is; nobody acts for both.", "If it is the same person, another agent is needed. If not, check the identity paper, then tick “Not the same person”.";
        HearingsAgentParty = "hearings.agent_party",
            "代理人现在和对方的一位当事人同名，一个人不能代表两边。", "就是同一个人的，请换一位代理人；不是的，请调解员核对身份证件，收回这份委托，重新记的时候勾“不是同一个人”。",
            "The agent is called as a party of the other side is by now; nobody acts for both.", "If it is the same person, another agent is needed. If not, let the mediator check the identity paper, take this power back and note it anew with “Not the same person” ticked.";
        HearingsPartyActs = "hearings.party_acts",
            "对方的一位代理人也叫这个名字，一个人不能在两边。", "就是同一个人的，先请对方换一位代理人；不是的，核对身份证件以后勾“不是同一个人”。",
            "An agent of the other side is called so too; nobody stands on both sides.", "If it is the same person, the other side needs another agent first. If not, check the identity paper, then tick “Not the same person”.";
        HearingsPowerTwice = "hearings.power_twice",
            "对这一位的委托已经记过，还有效。", "要改的，先收回原来那一份，再重新记。",
            "A power for this person stands already.", "To change it, take the earlier one back first and give it anew.";
        HearingsPowersMany = "hearings.powers_many",
            "一个人最多记 {most} 份委托，收回的也算，已经记满了。", "请用还有效的那几份；不够的，请本人自己说。",
            "One party gives at most {most} powers, those taken back among them. There are that many.", "Use those that stand, or let the party speak for herself.";
        HearingsRepresentatives = "hearings.representatives",
            "一方最多推选 {most} 位代表。", "请在已经推选的代表里选，或者先收回一份。",
            "A side names at most {most} representatives.", "Choose one of those who were named, or take one back first.";
        HearingsNoAgentNow = "hearings.no_agent_now",
            "调解已经结束，不能再记委托。", "要看以前的委托，请看卷宗。",
            "The mediation has ended; no power is noted any more.", "Earlier ones are in the file.";
        HearingsAgentStep = "hearings.agent_step",
            "代理人不能在这里办这一步。", "请从列出来的里面选；没有列出来的，请本人自己说，或者问调解员。",
            "An agent does not take this step here.", "Choose one of those that are listed. For another one, let the party say it herself, or ask the mediator.";
        HearingsNotJoining = "hearings.not_joining",
            "现在不能加当事人。", "受理以后、写好协议等签以前可以加；当面谈着的，先改回分开谈。",
            "Nobody can be added now.", "People are added after the matter was taken on and before the agreement waits for signatures. If they sit together, talk apart again first.";
        HearingsTooMany = "hearings.too_many",
            "从这里送来得太多了，这一件没有送出。", "请过 {minutes} 分钟再试；急的打 12345。",
            "Too much was sent from here. This was not.", "Try again in {minutes} minutes. If it is urgent, call 12345.";
    }
}
