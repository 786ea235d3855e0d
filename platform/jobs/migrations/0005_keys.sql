-- What was set for a day under the old name is known under the new one, so that no day has it twice. Where both stand,
-- the old one keeps its name.
update jobs_job set dedupe_key = replace(dedupe_key, 'daily:app.remind:', 'daily:cases.remind:')
where dedupe_key like 'daily:app.remind:%' and not exists (
  select 1 from jobs_job as known
  where known.dedupe_key = replace(jobs_job.dedupe_key, 'daily:app.remind:', 'daily:cases.remind:')
);
update jobs_job set dedupe_key = replace(dedupe_key, 'daily:app.ask_rating:', 'daily:cases.ask_rating:')
where dedupe_key like 'daily:app.ask_rating:%' and not exists (
  select 1 from jobs_job as known
  where known.dedupe_key = replace(jobs_job.dedupe_key, 'daily:app.ask_rating:', 'daily:cases.ask_rating:')
);
update jobs_job set dedupe_key = replace(dedupe_key, 'daily:app.remind_visits:', 'daily:visits.remind:')
where dedupe_key like 'daily:app.remind_visits:%' and not exists (
  select 1 from jobs_job as known
  where known.dedupe_key = replace(jobs_job.dedupe_key, 'daily:app.remind_visits:', 'daily:visits.remind:')
);
update jobs_job set dedupe_key = replace(dedupe_key, 'daily:app.renew_catalogue:', 'daily:counter.renew:')
where dedupe_key like 'daily:app.renew_catalogue:%' and not exists (
  select 1 from jobs_job as known
  where known.dedupe_key = replace(jobs_job.dedupe_key, 'daily:app.renew_catalogue:', 'daily:counter.renew:')
);
update jobs_job set dedupe_key = replace(dedupe_key, 'daily:app.part:', 'daily:mobilization.part:')
where dedupe_key like 'daily:app.part:%' and not exists (
  select 1 from jobs_job as known
  where known.dedupe_key = replace(jobs_job.dedupe_key, 'daily:app.part:', 'daily:mobilization.part:')
);
