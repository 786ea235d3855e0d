-- Everybody who changed a draft since it was begun, not only the last: none of them releases it where two people are
-- needed. Accounts, divided by spaces; drafts from before name their last author alone.
alter table counter_draft add column editors {text} not null default '';
