-- Signed roots of the journal (docs/decisions/tamper_evidence.md): one a minute while it grows.
create table root (
  number integer primary key,    -- 1, 2, 3 without a gap
  at integer not null,
  body text not null,            -- canonical JSON: what is signed
  signature blob not null
);
-- Complete subtrees of 256, 65,536, … lines: a proof reads some hundred rows, never the journal.
create table tree_node (
  stream integer not null,
  level integer not null,        -- 8, 16, …: 2^level lines
  position integer not null,
  hash blob not null,
  primary key (stream, level, position)
) without rowid;
-- A hash of the account's words, sealed under the office key; the journal holds the seal's hash.
alter table account add column seal blob;
-- What came down to nothing is no row: it could be changed by hand and nobody would notice.
delete from open_count where n = 0;
delete from cell where count = 0 and sum = 0;
delete from book_balance where amount = 0;
