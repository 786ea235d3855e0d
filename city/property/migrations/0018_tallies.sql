-- How each matter of a counted vote stands, in whole numbers, kept with its count: so that a page does not add up every
-- line. Votes that were counted before are added up from their lines.
alter table property_matter add column taking_heads {int};
alter table property_matter add column taking_cm2 {int};
alter table property_matter add column yes_heads {int};
alter table property_matter add column yes_cm2 {int};
alter table property_matter add column no_heads {int};
alter table property_matter add column no_cm2 {int};
alter table property_matter add column abstain_heads {int};
alter table property_matter add column abstain_cm2 {int};
alter table property_matter add column divided_heads {int};
