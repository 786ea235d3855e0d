-- What residents say at a hearing point (意见): sealed words, and what became of it. Only words that staff released stand here as text.
create table hearings_opinion (
  district {int} not null,
  id {uuid} not null,
  number {text} not null,
  path {text} not null,
  wanted {text} not null,
  stage {text} not null,
  said {bytes} not null,
  answer {bytes} not null,
  question {text} not null,
  told {text} not null,
  shown {int} not null,
  turned {text} not null,
  answer_by {text} not null,
  said_at {int} not null,
  answered_name {text} not null,
  answered_at {int},
  primary key (district, id)
) {strict};
create unique index hearings_opinion_number on hearings_opinion (district, number);
create index hearings_opinion_place on hearings_opinion (path, stage, said_at);
