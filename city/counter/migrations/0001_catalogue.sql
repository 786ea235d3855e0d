create table counter_release (
  id {uuid} not null,
  item {text} not null,
  version {int} not null,
  entry {text} not null,
  replaced {text},
  from_day {text} not null,
  document {text} not null,
  clause {text} not null,
  author_name {text} not null,
  released_by {uuid},
  released_name {text} not null,
  released_at {int} not null,
  withdrawn_at {int},
  withdrawn_name {text},
  primary key (id)
) {strict};
create unique index counter_release_version on counter_release (item, version);
create table counter_draft (
  item {text} not null,
  fields {text} not null,
  author {uuid},
  author_name {text} not null,
  changed_at {int} not null,
  primary key (item)
) {strict};
