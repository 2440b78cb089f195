-- Anonymous counts (language.md, `tally`) that no event of their matter holds yet: bare numbers, no
-- instant and nobody. Gathered every hour.
create table tally (
  matter integer not null,
  action text not null,
  times integer not null,
  primary key (matter, action)
) without rowid;
