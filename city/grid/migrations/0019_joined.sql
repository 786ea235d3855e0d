-- By which marks whoever joined a report is known again, so that she is counted once and one telephone is told once: her
-- account or her telephone, told apart by a key for this case alone. They are deleted when the case ends.
create table grid_joined (
  district {int} not null,
  case_id {uuid} not null,
  mark {text} not null,
  at {int} not null,
  primary key (district, case_id, mark)
) {strict};
