-- Canaries (诱饵事项): final matters that nobody has a reason to read (docs/decisions/canaries.md).
-- Which matters they are is sealed under the office's own key, so that the file alone does not tell;
-- how many there are stands sealed in `log_end` under "canary".
create table canary (
  id integer primary key,        -- 1, 2, 3 without a gap
  seal blob not null             -- matter, instant, account
);
