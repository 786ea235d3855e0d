-- A receiver that fails for days is switched off. A secret that was renewed signs beside the new one for a while. A message
-- is given up by the time since it was first tried.
alter table exchange_system add column failing_since {int};
alter table exchange_system add column switched_off_at {int};
alter table exchange_system add column old_secret_until {int};
alter table exchange_delivery add column first_attempted_at {int};
