# 一网统览：各人从哪里开始，到哪里找

overview-on-duty = 工作人员当班
overview-day-title = 今天
overview-day-none = 今天没有安排
overview-day-none-next = 没有预约，没有上门，也没有待办的件。
overview-to-work = 看我能办的全部事
overview-lanes = 其他待办
overview-services = 其他工作
overview-services-none = 这里还没有您能办的事
overview-services-none-next = 您的岗位没有这一类工作。

overview-find-title = 找一找
overview-find-for = 找“{ $words }”
overview-find-lead = 在上面的框里写事项、编号、社区或者驿站的名字。
overview-find-none = 没有找到
overview-find-none-next = 换个说法，或者写编号的全部数字。
overview-find-items = 看全部事项
overview-find-persons = 这里不按姓名和证件号找人。要看申请人的信息，先找到办件，在办件里写明用途再打开。

overview-mine-lead = 您自己的事：进度、预约、账号，还有您愿意帮的忙。
overview-mine-cases = 您的办件
overview-mine-drafts = 没填完的表
overview-mine-drafts-text = 填表时按“先存下来，以后接着填”，会给您一个链接，打开它就接着填。
overview-mine-account = 要不要开账号
overview-mine-account-text = 不开账号也能办事，凭编号和手机号查进度。开了账号，办过的事自动列出来。
overview-mine-account-open = 开一个账号

overview-community-lead = 您所在社区的页面和社区里的工作。
overview-unit-lead = 您所在单位的页面，谁手里有多少件。
overview-topics-lead = 办件以外，要盯着的几件专门的事。
overview-work-lead = 您今天的岗位能办的全部事。
overview-tiles-none = 还没有可看的数字。
overview-tiles-note = 点数字，看它数的是哪些。

overview-map-title = 在办和超期
overview-map-of = { $name }下辖地方的在办件和超期件
overview-map-area = { $name }：在办 { $open } 件，超期 { $late } 件
overview-map-none = 没有在办
overview-map-well = 没有超期
overview-map-some = 超期不到一成
overview-map-much = 超期多于一成
overview-map-place = 地方
overview-map-open = 在办
overview-map-late = 超期
overview-map-soon = 快到期
overview-map-own = 本级单位
overview-map-no-ground = 这里还没有铺设楼栋数据，先看下面的表。
overview-map-invented = 图上的楼栋是演示数据。
overview-map-quiet = 没有在办件的地方（{ $count }）
overview-map-nothing-below = 没有下一级

overview-report-title = 反映问题，找谁
overview-report-lead = 在网上反映问题的功能还在建。现在这样找人最快。
overview-report-now = 马上有危险
overview-report-police = 报警
overview-report-fire = 火灾、被困、燃气泄漏抢险
overview-report-ambulance = 急救
overview-report-traffic = 交通事故
overview-report-hotlines = 不是紧急的事
overview-report-city = 市民服务热线：不知道归谁管的事，都可以打
overview-report-power = 停电、用电故障
overview-report-law = 法律咨询
overview-report-homes = 燃气和供水
overview-report-gas = 闻到燃气味：先关阀门、开窗，不开灯，到屋外再打燃气单据上的抢修电话；有明火或者有人受伤打 119、120。
overview-report-water = 停水、漏水：打水费单据上的电话，或者打 12345。
overview-report-community = 本社区
overview-report-no-telephone = 电话还没有登记
overview-report-find = 在“附近”找到您的社区，就能看到电话、地址和开门时间。
overview-report-to-nearby = 找到我的社区
overview-report-case = 已经在办的事
overview-report-case-text = 对办的过程有意见，在进度页里写给经办人，也可以评价。
overview-report-to-follow = 查进度

overview-privacy = 隐私
overview-privacy-for = 收集什么，谁看得到，怎么更正和删除
overview-privacy-lead = 只收集办这件事用得着的信息，用完到期就销毁。
overview-privacy-what = 收集什么
overview-privacy-what-text = 姓名、证件号、电话和材料，只在您办事时收集，加密保存，跟着那一件事，不进搜索，不进日志。
overview-privacy-who = 谁看得到
overview-privacy-who-text = 经办人打开您的信息要写明用途，每次打开都有记录，您在进度页里看得到是谁、什么时候、为什么。
overview-privacy-rights = 您的权利
overview-privacy-rights-text = 可以要一份自己的信息，可以要求更正或者删除。
overview-privacy-device = 留在您设备上的
overview-privacy-device-text = 字号和语言的选择；您选了“记住这是我的社区”，才会记那个社区。不跟踪，不放广告，数据不出本市网络。

overview-help = 帮助
overview-help-for = 怎么办事、查进度、找人
overview-help-apply = 怎么办一件事
overview-help-apply-text = 找到事项，看要带什么、几天办完，在网上填，或者到本市任何一个社区窗口办。
overview-help-follow = 怎么查进度
overview-help-follow-text = 凭回执上的编号和手机号。
overview-help-person = 想找人当面问
overview-help-person-text = 社区党群服务中心的地址、电话和开门时间。
overview-help-read = 看不清，看不懂
overview-help-read-text = 页面上方有“长辈版”“显示”和“English”。每一页都能打印，都能只用键盘。
overview-help-urgent = 急事
overview-help-urgent-text = 该打哪个电话。

overview-contact = 联系我们
overview-contact-for = 有问题打哪个电话
