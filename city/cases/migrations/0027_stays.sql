-- Open cases that stay in a state too long without a word, but for what desks look at in a time of their own: they are
-- counted from this index alone, however many reports wait at desks.
create index cases_case_stays on cases_case (latest_at, clock, promised_due, office_path, office_department, desk_path, desk_department, confidential, kind, waits_for, late_reason, open)
where open = 1 and latest_at is not null and late_reason is null and (kind = 'service' or waits_for <> 'counter');
