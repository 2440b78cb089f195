-- Books: append-only quantities with accounts. Turns of a rota are entries too.
create table book_entry (
  book text not null,
  account text not null,
  at integer not null,
  event integer not null,
  position integer not null,
  matter integer not null,
  amount integer not null,       -- fen, or millionths; negative: out
  other text not null,           -- the account it came from or went to
  primary key (book, account, at, event, position)
) without rowid;
-- Derived: what stands in each account.
create table book_balance (
  book text not null,
  account text not null,
  amount integer not null,
  primary key (book, account)
) without rowid;
