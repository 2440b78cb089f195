-- Answer links (答复链接): who holds the code may take one action of the author's, once. Derived from
-- the journal, which has another hash of each code. The rows of a matter go when anything of it is erased.
create table answer_link (
  code blob primary key,         -- SHA-256 of what was sent; the code itself is kept nowhere
  matter integer not null,
  action text not null,
  issued_at integer not null,
  until integer not null,
  ended text not null            -- empty: it lives; used, revoked (by a newer one), left (the state)
) without rowid;
create index answer_link_by_matter on answer_link (matter, action);
create index outbox_waiting on outbox (at) where delivered_at is null;
