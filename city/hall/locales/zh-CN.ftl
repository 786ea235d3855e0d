hall-rows-days = { $from }至{ $to }，合计 { $n }。
hall-rows-one-day = { $from }，合计 { $n }。
hall-rows-minutes = { $n } 分钟
hall-rows-place = 计入的地方
hall-rows-day = 计入的日期
hall-rows-gone = 明细已不再保存
hall-rows-none = 这里没有可以查看的明细
hall-rows-none-text = 换一个地方或者另一段日期看看。
