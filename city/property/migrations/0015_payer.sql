-- Who pays for a shared part, as a class and never by name. Income that was published before has words alone.
alter table property_income add column payer {text};
