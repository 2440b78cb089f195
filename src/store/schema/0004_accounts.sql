-- Second factors, tokens for a new password, and what a session's browser called itself.
alter table session add column agent text not null default '';
create index session_by_account on session (account);
create table second_factor (
  account integer primary key,
  secret blob not null,          -- sealed under a key derived from the office key
  last_step integer not null,
  recovery text not null,        -- hashes of what is left, hexadecimal, parted by blanks
  confirmed integer not null
);
create table password_reset (
  token blob primary key,        -- its hash
  account integer not null,
  expires_at integer not null
) without rowid;
