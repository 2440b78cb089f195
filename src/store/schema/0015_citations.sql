-- How often a row was the basis of an action. Derived from the journal.
create table citation (
  row integer primary key,       -- the matter that was cited
  times integer not null
);
insert into citation (row, times)
  select basis.value, count(*) from event, json_each(event.body, '$.event.basis') as basis
  where json_extract(event.body, '$.event.kind') = 'action'
  group by basis.value;
