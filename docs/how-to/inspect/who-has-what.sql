/* Users: the ten with the most tasks, and how many there are of which kind. */
select id, name, open_tasks, completed_tasks, trashed_tasks, last_active_at, pg_size_pretty(size_bytes) as size
from admin.users
order by open_tasks + completed_tasks + trashed_tasks desc, id
limit 10;

select
  count(*) as users,
  count(*) filter (where last_active_at > now() - interval '30 days') as changed_something_in_30_days,
  count(*) filter (where open_tasks + completed_tasks + trashed_tasks = 0) as without_a_task,
  sum(open_tasks) as open,
  sum(completed_tasks) as completed,
  sum(trashed_tasks) as trashed
from admin.users;
