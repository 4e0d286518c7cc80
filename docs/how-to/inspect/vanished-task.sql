/*
 * A user says that a task has vanished. First: \set user bob, and \set words 'what they remember of its title'. Every entry of the history that
 * mentions the words, in a title before or after, with what has become of the task since.
 */
select
  history.created_at,
  history.action,
  history.changes,
  history.actor_id,
  history.request_id,
  history.address,
  history.task_id,
  case
    when task.id is null then 'deleted for good'
    when task.deleted_at is not null then 'in the trash since ' || task.deleted_at
    when task.completed then 'completed on ' || task.completed_at
    else 'open'
  end as now
from app_public.task_history as history
left join app_public.tasks as task on task.owner_id = history.owner_id and task.id = history.task_id
where history.owner_id = :'user'
and history.task_id in (
  select mentioned.task_id
  from app_public.task_history as mentioned
  where mentioned.owner_id = :'user'
  and mentioned.changes ->> 'title' ilike '%' || :'words' || '%'
)
order by history.task_id, history.created_at;
