/* All about one user. First: \set user bob */
select * from admin.users where id = :'user';

select created_at, action, task_id, changes, request_id, address
from app_public.task_history
where owner_id = :'user'
order by created_at desc
limit 20;
