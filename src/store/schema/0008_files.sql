-- Derived: which matters name which file, by the hash of its content. A personal value's row goes when
-- its key is destroyed; a file that no row names is swept.
create table file_use (
  sha256 text not null,
  matter integer not null,
  slot integer not null,         -- of the key that seals the value; -1: not personal
  primary key (sha256, matter, slot)
) without rowid;
create index file_use_by_matter on file_use (matter, slot);
