-- Work that waits for its time, and messages on their way to people.
create table jobs_job (
  id {uuid} not null primary key,
  kind {text} not null,
  dedupe_key {text} not null,
  payload {text} not null,
  run_at {int} not null,
  attempts {int} not null,
  lease_until {int},
  last_error {text},
  done_at {int},
  failed_at {int}
) {strict};
create unique index jobs_job_dedupe_key on jobs_job (dedupe_key);
create index jobs_job_due on jobs_job (run_at, id) where done_at is null and failed_at is null;
create index jobs_job_done on jobs_job (done_at) where done_at is not null;
create index jobs_job_failed on jobs_job (failed_at) where failed_at is not null;
create table jobs_notice (
  id {uuid} not null primary key,
  dedupe_key {text} not null,
  channel {text} not null,
  recipient {text} not null,
  template {text} not null,
  arguments {text} not null,
  not_before {int} not null,
  attempts {int} not null,
  last_error {text},
  sent_at {int},
  receipt {text},
  failed_at {int},
  read_at {int}
) {strict};
create unique index jobs_notice_dedupe_key on jobs_notice (dedupe_key);
create index jobs_notice_inbox on jobs_notice (recipient, id) where channel = 'in_app';
create index jobs_notice_failed on jobs_notice (failed_at) where failed_at is not null;
