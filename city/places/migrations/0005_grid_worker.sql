-- Who of a community's workers is responsible for a grid from which day on, and how many reports were open there when it was handed over.
create table places_grid_worker (
  grid {int} not null,
  valid_from {text} not null,
  valid_to {text},
  account {uuid} not null,
  worker_name {text} not null,
  note {text} not null,
  open_reports {int} not null,
  noted_name {text} not null,
  noted_by {uuid},
  noted_at {int} not null,
  primary key (grid, valid_from)
) {strict};
create index places_grid_worker_account on places_grid_worker (account)
