# 页面框架：每一页都有的话

web-brand = 两邻
web-skip = 跳到正文
web-nav = 主要栏目
web-home = 回首页
web-again = 返回再试
web-sign-in = 登录
web-sign-out = 退出
web-waiting = { $count } 件待办
web-elder-view = 长辈版
web-usual-view = 普通版
web-display = 显示
web-text-size = 字号
web-size-letter = 字
web-size-step = 第 { $step } 档字号
web-theme = 明暗
web-theme-system = 随系统
web-theme-light = 浅色
web-theme-dark = 深色
web-foot-city = { $city } · “两邻”社区服务平台
web-foot-call = 有事打电话：政务服务便民热线
web-foot-call-city = 本市咨询
web-foot-privacy = 本站不跟踪任何人，不放广告，数据不出本市网络。
web-foot-source = 源代码公开，采用 Apache-2.0 许可。
web-close = 关闭

web-keys = 键盘快捷键
web-keys-find = 到查找框
web-keys-send = 提交正在填的表
web-keys-rows = 在列表里下移、上移
web-keys-open = 打开选中的一行
web-keys-tick = 勾选选中的一行
web-keys-this = 看这张表

web-problems = { $count ->
    [1] 还有一处要改
   *[other] 还有几处要改
 }
web-optional = 选填
web-either = 两样填一样就行
web-password-show = 显示密码
web-password-strength = 密码有多难猜
# 三个词，用空格隔开：容易猜、过得去、难猜。
web-password-words = 弱 可以 强
web-account = 去“我的账号”看看
web-step-done = （已完成）
web-step-now = （现在办到这一步）
web-crumbs = 当前位置
web-pages = 翻页
web-page-before = 上一页
web-page-after = 下一页

web-time-not-started = 还没开始计时
web-time-stopped = 时限暂停
web-time-late-days = 超 { $days } 天
web-time-late-minutes = 迟了 { $n } 分钟
web-time-late-hours = 迟了 { $n } 小时
web-time-today-at = 今天 { $time }
web-time-today-before = 今天 { $time } 前
web-time-today = 今天
web-time-tomorrow-at = 明天 { $time }
web-time-tomorrow-before = 明天 { $time } 前
web-time-tomorrow = 明天
web-time-by = 最迟{ $when }
web-time-days-left = 还有 { $days } 天

web-error-reference = 故障编号
web-error-refused-title = 这一步现在办不了
web-error-not-found-title = 没有找到这一页
web-error-not-found-sentence = 这个地址没有内容，或者您不能看。
web-error-not-found-remedy = 请核对地址或编号。链接是别人转给您的，请问他要编号。
web-error-sign-in-title = 请先登录
web-error-sign-in-sentence = 登录以后才能看这一页。
web-error-sign-in-remedy = 请登录后再试。
web-error-busy-title = 现在办事的人多
web-error-busy-sentence = 系统一时忙不过来，您刚才的操作还没有办。
web-error-busy-remedy = 请过几秒再试一次；填过的内容用浏览器的“后退”还能找回。
web-error-uncertain-title = 不知道存上了没有
web-error-uncertain-sentence = 保存的时候系统断了一下。您刚才提交的内容可能存上了，也可能没有。
web-error-uncertain-remedy = 请过几秒用浏览器的“后退”回去，把同一张表再提交一次。已经办了的不会重复办。
web-error-unstored-title = 现在存不了
web-error-unstored-sentence = 系统暂时不能保存，您刚才的操作没有办。
web-error-unstored-remedy = 请过半分钟再试一次；填过的内容用浏览器的“后退”还能找回。一直不行，请告诉工作人员。
web-error-too-many-title = 这会儿人太多，请等几秒再试
web-error-too-many-sentence = 跟您用同一个网络的人提交得太多，这一次没有办。常常是别人也在用，不怪您。
web-error-too-many-remedy = 等几秒再提交一次；填过的内容用浏览器的“后退”还能找回。
web-error-too-large-title = 内容太大了
web-error-too-large-sentence = 一次提交的内容超过了上限，没有收下。
web-error-too-large-remedy = 填过的内容用浏览器的“后退”还能找回。请少写一些、换小一点的照片，或者分几次提交。
web-error-late-title = 内容没有传完
web-error-late-sentence = 等了很久，您提交的内容还没有传完，所以没有收下。
web-error-late-remedy = 请看看网络好不好，再提交一次。填过的内容用浏览器的“后退”还能找回；照片可以先缩小，或者分几次传。
web-error-unreadable-title = 没能读出来
web-error-unreadable-sentence = 提交的内容不完整，或者不是用本站的表填的，没有收下。
web-error-unreadable-remedy = 请回到上一页，刷新以后重新填写、提交。
web-error-forged-title = 请刷新页面再提交一次
web-error-forged-sentence = 我们没法确认这张表是您在本站填的，为了安全没有办。
web-error-forged-remedy = 请回到上一页，刷新以后再提交一次。您要是没有填过表，什么都不用做。
web-error-method-title = 这个地址打不开
web-error-method-sentence = 这个地址只收表里提交的内容。
web-error-method-remedy = 请从首页找要办的事。
web-error-failed-title = 系统出了故障
web-error-failed-sentence = 是我们的问题，不怪您。已经收下的内容不会丢。
web-error-failed-remedy = 请稍后再试；还是不行，请把下面的故障编号告诉工作人员。

web-work-share = 已完成 { $percent }%
web-work-leave = 您可以先离开，算好了结果就在这一页。
web-work-still = 不要自动刷新
web-work-stop = 停止计算

web-find-all = 找事项、编号和地方
web-find-what = 事项、编号、社区
web-find-send = 找
web-find-crumb = 找一找
web-foot-nav = 公开信息与帮助
web-foot-seen = 居民看到的：

web-heading-affairs = 办事
web-heading-report = 反映
web-heading-mine = 我的
web-heading-nearby = 附近
web-heading-foot = 首页
web-heading-window = 窗口
web-heading-today = 今天
web-heading-tasks = 待办
web-heading-community = 社区
web-heading-find = 查件
web-heading-unit = 本单位
web-heading-overview = 总览
web-heading-supervise = 督办
web-heading-map = 地图
web-heading-topics = 专项
web-heading-work = 我的工作
