-- Why somebody declined a request, in a few words, for whoever asked.
alter table identity_request add column answer {text}
