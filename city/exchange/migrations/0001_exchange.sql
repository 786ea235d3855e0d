create table exchange_system (
  id {uuid} not null primary key,
  district {int} not null,
  name {text} not null,
  place {text} not null,
  department {text},
  scopes {text} not null,
  calls_per_minute {int} not null,
  webhook_url {text},
  created_at {int} not null,
  created_by {text} not null,
  closed_at {int}
) {strict};
create index exchange_system_place on exchange_system (place, id);
create table exchange_token (
  id {uuid} not null primary key,
  digest {bytes} not null unique,
  system {uuid} not null references exchange_system (id),
  created_at {int} not null,
  expires_at {int} not null,
  last_used_at {int},
  revoked_at {int}
) {strict};
create index exchange_token_system on exchange_token (system, id);
create table exchange_call (
  system {uuid} not null references exchange_system (id),
  day {text} not null,
  route {text} not null,
  class {int} not null,
  calls {int} not null,
  primary key (system, day, route, class)
) {strict};
create index exchange_call_day on exchange_call (day);
create table exchange_delivery (
  id {uuid} not null primary key,
  system {uuid} not null references exchange_system (id),
  number {text} not null,
  state {text} not null,
  at {int} not null,
  attempts {int} not null,
  attempted_at {int},
  failure {text},
  sent_at {int},
  failed_at {int}
) {strict};
create index exchange_delivery_system on exchange_delivery (system, at, id);
create index exchange_delivery_at on exchange_delivery (at);
