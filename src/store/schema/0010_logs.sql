-- Logs beside the journal (docs/decisions/logs.md): rows go when their time is over, so each log is a
-- chain of its own, whose ends are kept.
create table read_log (
  id integer primary key,        -- 1, 2, 3 without a gap
  at integer not null,
  day integer not null,          -- days since 1970 in the matter's place
  account integer not null,
  post integer not null,         -- 0: none was needed
  matter integer not null,
  kind text not null,
  outside integer not null,
  night integer not null,
  request text not null,
  locality text not null,
  hash blob not null
);
create index read_by_matter on read_log (matter, id);
create index read_by_account on read_log (account, id);
create index read_by_day on read_log (account, day);
create table audit_log (
  id integer primary key,
  at integer not null,
  event text not null,
  success integer not null,
  account integer not null,      -- 0: nobody, or the command line
  source text not null,
  subject text not null,
  key text not null,
  peer text not null,
  request text not null,
  times integer not null,
  hash blob not null
);
create index audit_by_account on audit_log (account, id);
create index audit_by_event on audit_log (event, id);
-- Where the kept part of a log begins, and its end sealed under the office key: rows cannot be taken
-- from either side, nor the chain be made anew, without it.
create table log_end (
  log text primary key,          -- "read_log" or "audit_log"
  first integer not null,        -- id of the last row that went; 0: none
  base blob not null,            -- its hash
  seal blob not null
) without rowid;
-- How many sealed contacts an account opened in a day.
create table unseal_day (
  account integer not null,
  day integer not null,
  taken integer not null,
  primary key (account, day)
) without rowid;
-- Separate administrators (三员分立).
alter table account add column may_secure integer not null default 0;
alter table account add column may_audit integer not null default 0;
