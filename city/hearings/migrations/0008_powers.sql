-- Who may act for a party of a mediation (授权委托书): an agent from outside, whose name lies sealed under the file's record, or one of her own side who represents her. What she lets him do, until when, who saw the paper, and when she took it back.
create table hearings_power (
  district {int} not null,
  case_id {uuid} not null,
  id {uuid} not null,
  giver {text} not null,
  fellow {text} not null,
  special {text} not null,
  until_on {text},
  sealed {bytes} not null,
  paper_on {text},
  noted_name {text} not null,
  noted_at {int} not null,
  withdrawn_at {int},
  primary key (district, case_id, id)
) {strict};
