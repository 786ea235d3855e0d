insert into store_audit_open (district, stream, sequence) values (5, {uuid:018f0000-0000-7000-8000-000000000005}, 1);
