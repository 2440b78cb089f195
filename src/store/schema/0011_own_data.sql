-- Whose account opened a matter as its author: what somebody is shown as his own. Derived.
create table authored (
  account integer not null,
  matter integer not null,
  primary key (account, matter)
) without rowid;
-- Which matters an account's lists showed today: what its day's budget is counted by.
create table listed (
  day integer not null,          -- days since 1970, UTC
  account integer not null,
  matter integer not null,
  primary key (day, account, matter)
) without rowid;
