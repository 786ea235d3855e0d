hall-rows-days = { $from } to { $to }: { $n } in all.
hall-rows-one-day = { $from }: { $n } in all.
hall-rows-minutes = { $n } min
hall-rows-place = Counted at
hall-rows-day = Counted on
hall-rows-gone = Details are no longer kept
hall-rows-none = There is nothing to look at here
hall-rows-none-text = Try another place or other days.
