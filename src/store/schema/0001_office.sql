-- The office's file. Forward only, never edited once released; embedded at build.

create table office (
  key text primary key,
  value text not null
) without rowid;

-- One row a writer; SQLite has one. Gapless and in commit order within a stream.
create table stream (
  id integer primary key,
  name text not null,
  sequence integer not null,
  head blob not null
);

-- The journal, append-only. `matter` is 0 for events of the directory.
create table event (
  stream integer not null,
  sequence integer not null,
  id integer not null,
  matter integer not null,
  at integer not null,
  body text not null,
  hash blob not null,
  matter_previous blob,
  primary key (stream, sequence)
) without rowid;
create index event_by_matter on event (matter, sequence);
create unique index event_by_id on event (id);

-- Requests that were answered, kept as long as the journal.
create table request (
  scope text not null,
  id text not null,
  body blob not null,
  event integer not null,
  primary key (scope, id)
) without rowid;

create table matter (
  id integer primary key,
  type text not null,
  number text not null,
  state text not null,
  territory text not null,
  text_sha256 text not null,
  wake_at integer,
  receipt blob,
  last_hash blob not null,
  snapshot text not null
);
-- Numbers are unique within a series (type, county, year), not over all.
create index matter_by_number on matter (number);
create unique index matter_by_receipt on matter (receipt) where receipt is not null;
create index matter_by_wake on matter (wake_at) where wake_at is not null;

-- Who points at whom: one row for each target of each link field.
create table link (
  field text not null,           -- "type.field"
  target integer not null,
  member integer not null,
  primary key (field, target, member)
) without rowid;

-- One row an open matter for each of grid, community, subdistrict, owner and handler.
create table worklist (
  unit text not null,            -- code, "owner:KEY", "handler:KEY"
  state text not null,           -- "type.state"
  due integer not null,          -- of the next clock; the greatest integer when none runs
  id integer not null,
  yellow_at integer,
  red_at integer,
  claimed integer not null default 0,
  primary key (unit, state, due, id)
) without rowid;

-- Quantities held (holds of a definition).
create table held (
  hold text not null,            -- "type.hold" and its keys
  matter integer not null,
  body text not null,
  primary key (hold, matter)
) without rowid;

create table number_series (
  series text primary key,       -- type, county, year
  last integer not null
) without rowid;

-- One row a batch: its merged deltas, until they are folded into cells.
create table delta (
  row integer primary key,
  body text not null
);
create table cell (
  indicator text not null,
  unit text not null,            -- code of the leaf and each ancestor, or "org:KEY"
  period text not null,          -- "2026-09-22" or "2026-09"
  dimensions text not null,
  count integer not null,
  sum integer not null,
  primary key (indicator, unit, period, dimensions)
) without rowid;
-- The records behind the figures.
create table figure_row (
  indicator text not null,
  day integer not null,
  event integer not null,
  position integer not null,
  matter integer not null,
  territory text not null,
  organisation text not null,
  dimensions text not null,
  count integer not null,
  sum integer not null,
  primary key (indicator, day, event, position)
) without rowid;

-- Pending steps; those that went too deep stay, with the reason.
create table ripple (
  row integer primary key,
  since integer not null,
  body text not null,
  stopped text
);

create table notice (
  id integer primary key,
  post integer not null,
  matter integer not null,
  event integer not null,
  at integer not null,
  not_before integer,
  text text not null,
  words text not null
);
create index notice_by_post on notice (post, id);
create table notice_read (
  post integer primary key,
  up_to integer not null
);

-- Messages for somebody outside, until an adapter has delivered them.
create table outbox (
  row integer primary key,
  matter integer not null,
  event integer not null,
  at integer not null,
  body text not null,
  delivered_at integer
);

-- The directory as it is now; its history is in the journal.
create table directory_entry (
  kind text not null,
  key text not null,
  body text not null,
  primary key (kind, key)
) without rowid;
-- Every text that was ever published, in order: open matters may be pinned to an old one.
create table publication (
  position integer primary key,
  sha256 text not null,
  locality text not null,
  body text not null
);
-- Active rows of reference types: what the directory reads at start.
create table reference_row (
  id integer primary key
);

create table account (
  id integer primary key,
  login text not null unique,
  display_name text not null,
  password text not null,
  disabled integer not null,
  may_administer integer not null,
  may_import_past integer not null
);
create table session (
  token blob primary key,
  account integer not null,
  opened_at integer not null,
  last_seen_at integer not null,
  expires_at integer not null,
  csrf text not null
) without rowid;
