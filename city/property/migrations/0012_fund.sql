-- Uses of the maintenance fund beside their cases: what is planned, when it was posted, how the owners voted, and when
-- works began. Nobody is named. Areas are whole square centimetres.
create table property_use (
  district {int} not null,
  case_id {uuid} not null,
  path {text} not null,
  compound {text} not null,
  ground {int},
  number {text} not null,
  asker {text} not null,
  works {text} not null,
  budget_fen {int} not null,
  range_code {text} not null,
  emergency {text} not null,
  posted_on {text},
  vote {uuid},
  vote_from {text},
  vote_to {text},
  entitled_heads {int} not null,
  entitled_cm2 {int} not null,
  taking_heads {int} not null,
  taking_cm2 {int} not null,
  agreeing_heads {int} not null,
  agreeing_cm2 {int} not null,
  visited_on {text},
  works_on {text},
  stage {text} not null,
  opened_at {int} not null,
  primary key (district, case_id)
) {strict};
create index property_use_path on property_use (path, opened_at);
