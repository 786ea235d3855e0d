-- By when whoever has a case now is to act, in microseconds: where hours count, and where a desk has a time of its own.
alter table cases_case add column act_by {int};
