alter table identity_account add column password_until {int};
create table identity_request (
  id {uuid} not null primary key,
  kind {text} not null,
  permission {text} not null,
  place {text} not null,
  department {text},
  subject {uuid},
  detail {text} not null,
  same_as {text} not null,
  why {text} not null,
  asked_by {uuid} not null,
  asked_name {text} not null,
  asked_at {int} not null,
  expires_at {int} not null,
  outcome {text},
  decided_by {uuid},
  decided_name {text},
  decided_at {int}
) {strict};
create index identity_request_waiting on identity_request (expires_at, id) where outcome is null;
create index identity_request_over on identity_request (expires_at, id);
create index identity_request_asked on identity_request (asked_by, id);
create index identity_request_subject on identity_request (subject, id);
create index identity_request_place on identity_request (place, id);
create table identity_demonstration (
  since {int} not null primary key
) {strict}
