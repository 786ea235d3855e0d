-- When somebody saw the paper of a power. Until now it stood in the place of when the power was written down.
alter table hearings_power add column seen_at {int};
update hearings_power set seen_at = noted_at where paper_on is not null;
