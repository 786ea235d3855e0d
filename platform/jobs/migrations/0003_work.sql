-- Work that takes a while and that somebody waits for: asked for, under way, done with an answer, called off, or failed.
create table jobs_work (
  id {uuid} not null primary key,
  kind {text} not null,
  place {text} not null,
  state {text} not null,
  share {int} not null,
  asked {text} not null,
  answer {bytes},
  said {text} not null,
  asked_by {uuid},
  asked_name {text} not null,
  asked_at {int} not null,
  changed_at {int} not null
) {strict};
create index jobs_work_place on jobs_work (kind, place, asked_at);
create index jobs_work_changed on jobs_work (changed_at);
