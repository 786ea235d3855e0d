-- What is not read yet, newest first, without going over what was read.
create index jobs_notice_unread on jobs_notice (recipient, not_before, id) where channel = 'in_app' and read_at is null;
