-- What was corrected and what it said before: a unit, the minutes of a table, a ballot on paper that was taken back.
create table property_correction (
  district {int} not null,
  id {uuid} not null,
  subject {uuid} not null,
  number {int} not null,
  before_text {text} not null,
  reason {text} not null,
  by_name {text} not null,
  corrected_at {int} not null,
  primary key (district, id)
) {strict};
create index property_correction_subject on property_correction (district, subject, corrected_at);

-- How much of a compound the register had when a vote was called, beside what the places know of it, and why the vote was
-- called all the same where that is less.
alter table property_vote add column units {int};
alter table property_vote add column ground_buildings {int};
alter table property_vote add column ground_households {int};
alter table property_vote add column partial_reason {text};

-- An election: what is elected and how many seats there are, the same for each of its candidates.
alter table property_matter add column election {text};
alter table property_matter add column seats {int};

-- Versions of a published income: which one it corrects and why, which one corrects it, and why it was divided by a
-- register that is not whole.
alter table property_income add column replaces {uuid};
alter table property_income add column replaced_by {uuid};
alter table property_income add column reason {text};
alter table property_income add column partial_reason {text};
