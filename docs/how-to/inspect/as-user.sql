/* What one user sees, newest first: nothing is written, and it is over at the end. First: \set user bob */
begin;
select admin.as_user(:'user');
select id, title, completed, deleted_at is not null as in_trash, updated_at
from app_public.tasks
order by created_at desc, id desc
limit 20;
rollback;
