-- Who was responsible for a grid on the very day on which it was handed on again. Nobody is looked for here; the history of the grid shows it.
create table places_grid_worker_same_day (
  grid {int} not null,
  valid_from {text} not null,
  turn {int} not null,
  account {uuid} not null,
  worker_name {text} not null,
  note {text} not null,
  open_reports {int} not null,
  noted_name {text} not null,
  noted_by {uuid},
  noted_at {int} not null,
  primary key (grid, valid_from, turn)
) {strict}
