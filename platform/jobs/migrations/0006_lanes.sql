-- Each destination has a lane of its own; the work of the platform itself has the lane without a name. Jobs with one
-- order key are done one after the other, by their number. set_at is what the clock said when a wait was reckoned; it is
-- empty where somebody planned the moment.
alter table jobs_job add column lane {text} not null default '';
alter table jobs_job add column order_key {text};
alter table jobs_job add column order_number {int} not null default 0;
alter table jobs_job add column set_at {int};
create index jobs_job_lane on jobs_job (lane, run_at, id) where done_at is null and failed_at is null;
create index jobs_job_order on jobs_job (order_key, order_number, id) where done_at is null and failed_at is null;
create index jobs_job_held on jobs_job (lane, lease_until) where lease_until is not null;
create index jobs_job_set on jobs_job (set_at) where done_at is null and failed_at is null and set_at is not null;
create table jobs_lane (
  lane {text} not null primary key,
  failures {int} not null,
  paused_until {int},
  last_error {text},
  taken_at {int} not null,
  changed_at {int} not null
) {strict};
-- What waits for a destination already leaves the platform's own work.
update jobs_job set lane = 'notice:webhook' where kind = 'jobs.deliver' and done_at is null and exists (
  select 1 from jobs_notice as told where told.id = jobs_job.id and told.channel = 'webhook'
);
update jobs_job set lane = 'notice:email' where kind = 'jobs.deliver' and done_at is null and exists (
  select 1 from jobs_notice as told where told.id = jobs_job.id and told.channel = 'email'
);
update jobs_job set lane = case kind when 'exchange.deliver' then 'exchange:earlier' else 'check:earlier' end
where kind in ('exchange.deliver', 'papers.check') and done_at is null;
insert into jobs_lane (lane, failures, taken_at, changed_at)
select distinct lane, 0, 0, 0 from jobs_job where lane <> '';
