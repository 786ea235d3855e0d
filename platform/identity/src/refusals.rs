//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `identity`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        IdentityWrongCredentials = "identity.wrong_credentials",
            "账号或密码不对。", "请核对后再试；忘记密码请联系管理员重设。",
            "The account name or password is wrong.", "Check both and try again. If you forgot the password, ask the administrator to reset it.";
        IdentityTotpWrong = "identity.totp_wrong",
            "动态验证码不对或已过期。", "请填写验证器上现在显示的六位数字。",
            "The one-time code is wrong or has expired.", "Enter the six digits your authenticator app shows now.";
        IdentityPasswordShort = "identity.password_short",
            "密码太短，至少要 {length} 个字符。", "可以用几个不相干的词连成一句，好记又安全。",
            "The password is too short: it needs at least {length} characters.", "A few unrelated words in a row are easy to remember and hard to guess.";
        IdentityPasswordWeak = "identity.password_weak",
            "这个密码太常见，容易被猜到。", "请换一个，不要用姓名、账号或电话号码。",
            "This password is too common and easy to guess.", "Choose another, without your name, account name or phone number.";
        IdentityPasswordSame = "identity.password_same",
            "新密码和原来的一样。", "请换一个新密码。",
            "The new password is the same as the old one.", "Choose a different one.";
        IdentityLoginTaken = "identity.login_taken",
            "账号名“{login}”已经有人用了。", "请换一个账号名。",
            "The account name “{login}” is taken.", "Choose another one.";
        IdentityAccountClosed = "identity.account_closed",
            "这个账号已经停用。", "需要恢复请联系管理员。",
            "This account is closed.", "To have it opened again, ask the administrator.";
        IdentityRoleUnknown = "identity.role_unknown",
            "没有“{role}”这个角色。", "请从角色列表里选择。",
            "There is no role “{role}”.", "Choose from the list of roles.";
        IdentityRoleNotHere = "identity.role_not_here",
            "角色“{role}”不能设在这一级。", "请换一个地方，或换一个角色。",
            "The role “{role}” doesn’t exist at this level.", "Choose another place or another role.";
        IdentityDepartmentNeeded = "identity.department_needed",
            "角色“{role}”要写明所属部门。", "请选择部门后再提交。",
            "The role “{role}” needs a department.", "Choose the department and send it again.";
        IdentityDepartmentUnknown = "identity.department_unknown",
            "没有“{department}”这个部门。", "请写部门的名称或代码。",
            "There is no department “{department}”.", "Write its name or code.";
        IdentityPlaceSeveral = "identity.place_several",
            "叫“{place}”的地方不止一个。", "请改写区划代码。",
            "Several places are called “{place}”.", "Write its division code instead.";
        IdentityListedTwice = "identity.listed_twice",
            "账号名“{login}”在表里出现了两次，只看第一次。", "请给每个人不同的账号名。",
            "The account name “{login}” appears twice in the table; only the first row counts.", "Give each person a different account name.";
        IdentityPostDates = "identity.post_dates",
            "任职结束日期早于开始日期。", "请核对两个日期。",
            "The post ends before it begins.", "Check both dates.";
        IdentityPostBegins = "identity.post_begins",
            "任职开始日期离今天太远。", "请填今天前后一年以内的日期；从今天开始的可以空着。",
            "The first day is too far from today.", "Enter a day within a year of today.";
        IdentityPostEnds = "identity.post_ends",
            "任职结束日期离今天太远。", "请填十年以内的日期；还没有定下来的空着。",
            "The last day is too far from today.", "Enter a day within the next ten years, or leave it empty if none is set.";
        IdentityPostUnknown = "identity.post_unknown",
            "没有找到这个任职记录。", "请刷新页面后重试。",
            "We couldn’t find this post.", "Reload the page and try again.";
        IdentityCodeOff = "identity.code_off",
            "这个账号没有开启动态验证码。", "不用移除，本人登录后可以自己开启。",
            "This account has no one-time code.", "There is nothing to remove. Its owner can turn codes on after signing in.";
        IdentityRequestOwn = "identity.request_own",
            "自己提出的事，自己不能确认。", "请另一位有同样权限的同事确认；不办了可以撤回。",
            "You can’t confirm your own request.", "Ask a colleague with the same permission, or withdraw it.";
        IdentityRequestAbout = "identity.request_about",
            "这件事关系到您本人，不能由您确认。", "请另一位有权限的同事确认。",
            "This is about you, so you can’t confirm it.", "Ask another colleague with the permission.";
        IdentityRequestOver = "identity.request_over",
            "这件申请已经有结果了。", "请看申请页上写的结果；还要办的，请重新提出。",
            "This request has already been decided.", "Its page shows the result. Request it again if it is still needed.";
        IdentityRequestExpired = "identity.request_expired",
            "这件申请已经过期。", "还要办的，请重新提出。",
            "This request has expired.", "Request it again if it is still needed.";
        IdentityRequestWaiting = "identity.request_waiting",
            "同样的申请已经有人提出，正等人确认。", "请到“待确认”里看；要重来，先撤回那一件。",
            "The same request is already waiting for a second person.", "Look under “To confirm”. To start again, withdraw that one first.";
        IdentityRequestsMany = "identity.requests_many",
            "您提出的申请有 {open} 件在等确认，不能再提了。", "请先撤回不办的，或请另一位同事先处理这些申请。",
            "You already have {open} requests waiting, and that is the limit.", "Withdraw those no longer needed, or ask a colleague to decide on these first.";
        IdentityAskerGone = "identity.asker_gone",
            "提出这件事的{name}现在没有这项权限了。", "请由现在有权限的人重新提出。",
            "{name}, who requested this, no longer has the permission.", "Have it requested again by somebody who has.";
        IdentityNotConfirmed = "identity.not_confirmed",
            "没有两个人对这项操作的有效确认。", "请到“待确认”里提出，由另一个人确认，再照确认页上的命令运行。",
            "This action has not been confirmed by two people.", "Request it under “To confirm”, have another person confirm it, and run the command its page shows.";
        IdentityConfirmationUsed = "identity.confirmation_used",
            "这次确认已经用过了。", "还要做的，请重新提出，由另一个人确认。",
            "This confirmation has already been used.", "Request it again and have another person confirm it.";
        IdentitySessionEnded = "identity.session_ended",
            "登录已过期。", "请重新登录，刚才填的内容不会丢。",
            "You have been signed out.", "Sign in again. What you wrote is kept.";
    }
}
