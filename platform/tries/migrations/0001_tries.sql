-- Wrong tries, by a keyed digest of what they were made at: an account, a case, a network address, a telephone.
create table tries_count (
  digest {bytes} not null primary key,
  wrong {int} not null,
  since {int} not null,
  free_at {int} not null
) {strict};
create index tries_count_since on tries_count (since, digest)
