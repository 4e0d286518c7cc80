/* Whose are the tasks with these words? Perhaps the user has two accounts. It reads every task. First: \set words 'what they remember' */
select person.id as owner, person.email, task.id, task.title, task.updated_at
from app_public.tasks as task
join app_public.users as person on person.id = task.owner_id
where task.title ilike '%' || :'words' || '%'
order by task.updated_at desc
limit 20;
