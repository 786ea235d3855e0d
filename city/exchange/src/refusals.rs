//! The reasons for which this crate says no, each with a sentence and a remedy in both languages.

use kernel::refusals;

/// The reasons of refusal of `exchange`.
#[derive(Clone, Copy, Debug)]
pub struct Why;

refusals! {
    Why {
        CaseChangedMeanwhile = "case.changed_meanwhile",
            "在您填写的时候，有人已经改动了这个办件。", "请刷新页面，看过最新内容后再操作。",
            "Somebody changed this case while you were writing.", "Reload the page, read what is new, then try again.";
        RuleItemUnknown = "rule.item_unknown",
            "事项目录里没有“{item}”。", "请在目录里查找现在的事项名称。",
            "The catalogue has no item “{item}”.", "Look up its present name in the catalogue.";
        ExchangeTokenMissing = "exchange.token_missing",
            "请求里没有令牌。", "请在请求头里写“Authorization: Bearer 令牌”。",
            "The request has no token.", "Send it in the header “Authorization: Bearer TOKEN”.";
        ExchangeTokenUnknown = "exchange.token_unknown",
            "令牌无效：不认识、已过期、已撤销，或者系统已停用。", "请向管理员要一个新的令牌。",
            "The token is not valid: it is unknown, expired or revoked, or its system is closed.", "Ask the administrator for a new one.";
        ExchangeScopeMissing = "exchange.scope_missing",
            "这个系统没有“{scope}”接口权限。", "确需使用的，请管理员登记一个带这项权限的系统。",
            "This system does not have the scope “{scope}”.", "If you need it, ask the administrator to register a system that has it.";
        ExchangeKeyMissing = "exchange.key_missing",
            "缺少请求头“Idempotency-Key”，或者写法不对。", "请为每件事生成一个 8 到 64 位的键（字母、数字和 . _ : -）；同一件事重发时用同一个键。",
            "The header “Idempotency-Key” is missing or malformed.", "Make one key of 8 to 64 letters, digits or . _ : - for each request, and use the same key when you repeat it.";
        ExchangeUnreadable = "exchange.unreadable",
            "请求读不出来：地址里的参数或正文不是有效的 UTF-8，或者正文不是 JSON 对象。", "请按接口说明检查编码和格式。",
            "The request can’t be read: its parameters or body are not valid UTF-8, or the body is not a JSON object.", "Check its encoding and format against the interface’s description.";
        ExchangeKind = "exchange.kind",
            "正文的类型不对，只接收没有压缩的 application/json。", "请把请求头“Content-Type”写成 application/json。",
            "The body has the wrong type: only uncompressed application/json is accepted.", "Set the header “Content-Type” to application/json.";
        ExchangeNothingHere = "exchange.nothing_here",
            "接口里没有这个地址，或者没有这个编号。", "请对照接口说明核对地址和编号。",
            "The interface has nothing at this address.", "Check the address and number against the interface’s description.";
        ExchangeMethod = "exchange.method",
            "这个地址不能用这种方法请求。", "可用的方法见应答头“Allow”。",
            "This address does not accept that method.", "The answer’s “Allow” header lists the methods it accepts.";
        ExchangeFieldUnknown = "exchange.field_unknown",
            "接口在这里不认识“{label}”。", "请去掉它；可用的名称见接口说明。",
            "The interface does not know “{label}” here.", "Leave it out. The interface’s description lists the names.";
        ExchangeValue = "exchange.value",
            "“{label}”不符合接口要求（{expected}）。", "请按接口说明改正后再发。",
            "“{label}” is not what the interface expects ({expected}).", "Correct it as the description says and send it again.";
        ExchangeBusy = "exchange.busy",
            "系统一时忙不过来，请求没有办。", "请过几秒用同一个键再发一次。",
            "The system is busy; nothing was done.", "Send it again in a few seconds, with the same key.";
        ExchangeUncertain = "exchange.uncertain",
            "保存的时候系统断了一下，不知道请求办了没有。", "请过几秒用同一个键再发一次：已经办了的不会重复办。",
            "The connection broke while saving; we don’t know whether the request was done.", "Send it again in a few seconds, with the same key. Nothing will be done twice.";
        ExchangeUnstored = "exchange.unstored",
            "系统暂时不能保存，请求没有办。", "请过半分钟用同一个键再发一次；一直不行，请告诉管理员。",
            "The system can’t save at the moment; nothing was done.", "Send it again in half a minute, with the same key. If it keeps happening, tell the administrator.";
        ExchangeFailed = "exchange.failed",
            "系统出了故障（编号 {reference}）。", "请用同一个键重发；还不行，请把编号告诉管理员。",
            "The system failed (reference {reference}).", "Send it again with the same key. If it fails again, give the administrator the reference.";
        ExchangeSystemClosed = "exchange.system_closed",
            "这个系统已经停用。", "请登记一个新的系统。",
            "This system is closed.", "Register a new one.";
        ExchangeSecretShown = "exchange.secret_shown",
            "令牌或密钥只显示一次，刚才已经显示过了。", "没有抄下来的，请再生成一个，并撤销没有抄下来的那个。",
            "A token or secret is shown only once, and this one has already been shown.", "If you did not save it, create another and revoke the one you lost.";
        ExchangeNotListening = "exchange.not_listening",
            "现在不向这个系统发消息：没有登记接收地址，或者已经停止发送。", "请管理员在这个系统的页面上登记接收地址，或者重新开启。",
            "No messages are being sent to this system: it has no address, or it was switched off.", "Ask the administrator to enter an address on the system's page, or to switch it on.";
        ExchangeWebhookAddress = "exchange.webhook_address",
            "这个地址不能接收消息。", "请填 https:// 开头的地址，不带账号和 # 号；内网的地址要管理员在配置里列出。",
            "Messages can’t be sent to this address.", "Give an address that starts with https://, without a user name or #. Addresses inside the network must be listed in the configuration.";
    }
}
