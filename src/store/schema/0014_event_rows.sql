-- Most lines are longer than what a table without row ids keeps within a page of its tree: each then
-- took a page of its own, and a journal two and a half times its bytes. One file has one stream, so
-- that the sequence alone is the key.
create table event_row (
  sequence integer primary key,
  stream integer not null,
  id integer not null,
  matter integer not null,
  at integer not null,
  body text not null,
  hash blob not null,
  matter_previous blob
);
insert into event_row (sequence, stream, id, matter, at, body, hash, matter_previous)
  select sequence, stream, id, matter, at, body, hash, matter_previous from event
  order by sequence;
drop table event;
alter table event_row rename to event;
create index event_by_matter on event (matter, sequence);
create unique index event_by_id on event (id);
