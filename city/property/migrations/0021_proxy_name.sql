-- What tells a proxy by her name beside what tells her by her telephone, so that one person with two telephones is asked
-- about. Of proxies that were entered before it is not known.
alter table property_proxy add column name_mark {text} not null default '';
