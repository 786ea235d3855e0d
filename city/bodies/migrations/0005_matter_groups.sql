-- Open disputes of an office by who mediates them: which of them somebody may know of is grouped and counted by this index alone.
drop index bodies_matter_office;
create index bodies_matter_office on bodies_matter (office, open, mediator, account);
