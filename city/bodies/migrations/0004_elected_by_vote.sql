-- The compound whose owners a committee stands for, and the page of the vote that elected it, where that is known.
alter table bodies_body add column compound {text} not null default '';
alter table bodies_election add column link {text} not null default '';
create index bodies_election_link on bodies_election (link);
