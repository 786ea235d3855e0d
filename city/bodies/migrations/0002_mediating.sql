-- The account that mediates a dispute: that of the mediator who was named, or, where the office keeps no roster, that
-- of whoever began.
alter table bodies_matter add column account {uuid};
-- Where a mediator works, sealed. It stood open before.
alter table bodies_mediator add column workplace {bytes};
