-- What a matter held before is taken away whenever it holds something else: found by the matter,
-- not by reading all that anybody holds.
create index held_by_matter on held (matter);
