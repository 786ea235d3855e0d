-- The wrong tries of network addresses, which the crate `tries` counts since.
drop table identity_address;
