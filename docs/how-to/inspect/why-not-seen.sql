/* Why does a user see a task, or not? First: \set user bob, and \set task 00000000-0000-7000-8000-00000000000b */
select part, what, value from admin.explain_access(:'user', 'app_public.tasks', :'task');
