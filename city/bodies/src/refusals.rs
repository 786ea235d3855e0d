//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `bodies`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        BodiesKnown = "bodies.known",
            "“{name}”在这里已经登记过。", "请换一个名称，或者不用再登记。",
            "“{name}” is entered here already.", "Give it another name, or leave it as it is.";
        BodiesLevel = "bodies.level",
            "这一类组织不设在这一级。", "请换一个地方，或者换一类。",
            "Bodies of this kind are not kept at this level.", "Choose another place or another kind.";
        BodiesFew = "bodies.few",
            "选出的人数不够：至少 {least} 人。", "请核对选举结果；确实不够的，要补选。",
            "Too few were elected: at least {least} are needed.", "Check the result; if it is right, more have to be elected.";
        BodiesMany = "bodies.many",
            "选出的人数太多：最多 {most} 人。", "请核对选举结果。",
            "Too many were elected: at most {most}.", "Check the result.";
        BodiesOdd = "bodies.odd",
            "人数要是单数。", "请核对选举结果。",
            "The number of members must be odd.", "Check the result.";
        BodiesWomen = "bodies.women",
            "至少要有 {women} 名妇女成员。", "请核对选举结果；确实没有的，要补选。",
            "At least {women} of the members must be women.", "Check the result; if it is right, more have to be elected.";
        BodiesOrder = "bodies.order",
            "日期不对：不能晚于今天，也不能早于前一个日期（{date}）。", "请改正日期后再提交。",
            "The date is not right: not after today, and not before {date}.", "Correct the date and send again.";
        BodiesFuture = "bodies.future",
            "日期不能晚于今天。", "请改正日期后再提交。",
            "The date is after today.", "Correct the date and send again.";
        BodiesElected = "bodies.elected",
            "{date}的选举已经登记过。", "请刷新页面看最新情况。",
            "The election of {date} is entered already.", "Reload the page to see the latest.";
        BodiesNoTerm = "bodies.no_term",
            "这一天没有正在进行的任期，不能登记补选。", "整届重新选的，去掉“补选”再登记。",
            "No term runs on that day, so there is no by-election.", "If the whole body was elected anew, untick “by-election”.";
        BodiesTermStays = "bodies.term_stays",
            "补选不改任期，任期还到原来那天。", "去掉“任期几年”再登记；整届重新选的，去掉“补选”。",
            "A by-election does not change the term: it ends on the same day as before.", "Leave “Term in years” empty. If the whole body was elected anew, untick “by-election”.";
        BodiesSameDay = "bodies.same_day",
            "这就是登记着的那天，没有要更正的。", "请填正确的日期。",
            "This is the day that is entered; nothing is corrected.", "Enter the right day.";
        BodiesLookAgain = "bodies.look_again",
            "您看过以后，会跟着变的日期又不一样了。", "请再看一遍会改什么，再更正。",
            "What changes is not what you looked at any more.", "Look once more at what changes, then correct it.";
        BodiesElectionGone = "bodies.election_gone",
            "这一天没有登记选举，可能已经更正过。", "请刷新页面看最新情况。",
            "No election of that day is entered; it may have been corrected already.", "Reload the page to see the latest.";
        BodiesHeld = "bodies.held",
            "这个职务现在有人担任。", "请先登记他到哪天为止，再登记新的人。",
            "Somebody holds this post.", "Enter first until when, then who follows.";
        BodiesAnnounced = "bodies.announced",
            "没有勾选本人同意公示。", "请先征得本人同意；不同意公示的，只登记职务，不写名字。",
            "The agreement to publish the name is not ticked.", "Ask the person first. If the answer is no, keep the post and leave the name out.";
        BodiesEnded = "bodies.ended",
            "这个组织已经撤销，不能再改。", "请打开别的组织。",
            "This body has ended and cannot be changed.", "Open another one.";
        BodiesLink = "bodies.link",
            "链接不对：要以 / 或者 https:// 开头。", "请从浏览器地址栏复制完整的地址，没有的不填。",
            "The link is not right: it begins with / or https://.", "Copy the whole address from the browser, or leave it out.";
        BodiesHours = "bodies.hours",
            "会议的时间不对：要有日期、开始和结束，结束在开始以后。", "请写成 2026-12-01、14:00、15:30 这样。",
            "The time of the meeting is not right: it needs a day, a beginning, and an end after it.", "Write it as 2026-12-01, 14:00, 15:30.";
        BodiesAccount = "bodies.account",
            "没有叫“{login}”的账号。", "请核对登录名；没有账号的不填。",
            "There is no account “{login}”.", "Check the sign-in name, or leave it out.";
        BodiesNoPost = "bodies.no_post",
            "账号“{login}”在这里没有调解的岗位。", "请先给他安排调解岗位，或者核对登录名；没有账号的不填。",
            "The account “{login}” holds no post of a mediator here.", "Give the post first, or check the sign-in name; leave it out if there is none.";
        BodiesNotOnRoster = "bodies.not_on_roster",
            "名册里没有这位调解员，或者已经到期。", "请写名册上的姓名；要用别人的，先请书记把他列入名册。",
            "This mediator is not on the roster, or no longer.", "Enter a name of the roster; others have to be put on it first.";
        BodiesHimself = "bodies.himself",
            "这位调解员自己是当事人，不能调解这一件。", "请换一位调解员。",
            "This mediator is a party and cannot mediate this matter.", "Choose another mediator.";
        BodiesNamesake = "bodies.namesake",
            "调解员或者经手人和一位当事人或者代理人同名。", "就是同一个人的，请换一位；不是的，核对身份后写明怎么核对的。",
            "The mediator, or whoever enters this, is called as a party or an agent is.", "If it is the same person, choose another mediator. If not, check and say how that was checked.";
        BodiesHousehold = "bodies.household",
            "这位调解员和当事人住在一处，不能调解这一件。", "请换一位调解员。",
            "This mediator lives at the address of a party and cannot mediate this matter.", "Choose another mediator.";
        BodiesEmployer = "bodies.employer",
            "当事人就是这位调解员的单位，不能由他调解。", "请换一位调解员。",
            "A party is this mediator's employer.", "Choose another mediator.";
        BodiesServing = "bodies.serving",
            "这位调解员在管这个社区的物业企业工作，不能调解物业的事。", "请换一位调解员。",
            "This mediator works for a company that manages property in this community.", "Choose another mediator for a dispute about property management.";
        BodiesTie = "bodies.tie",
            "调解员说明自己和当事人有关系，不能调解这一件。", "请换一位调解员。",
            "The mediator declares a tie to a party and cannot mediate this matter.", "Choose another mediator.";
        BodiesTieUnsaid = "bodies.tie_unsaid",
            "没有选调解员和当事人有没有关系。", "请问过调解员本人再选。",
            "It is not said whether the mediator has a tie to a party.", "Ask the mediator, then choose.";
    }
}
