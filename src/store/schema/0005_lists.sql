-- How many open matters a unit has in each state: what lists and maps show as totals. Kept with the
-- work lists in the same transaction, for every node from the grid up to the province.
create table open_count (
  unit text not null,            -- code, "owner:KEY", "handler:KEY"
  state text not null,           -- "type.state"
  n integer not null,
  primary key (unit, state)
) without rowid;

-- What a matter is found by: its words, and where it may be looked for ("t222401", "oKEY", …).
create table matter_words (
  id integer primary key,
  words text not null,
  scope text not null
);
-- Tokens of our own making (src/finding), so that any SQLite can open it. Holds no text itself: rows
-- go out with the words that `matter_words` says they came in with.
create virtual table word_index using fts5(
  words, scope, content='', tokenize="ascii tokenchars '_'"
);
