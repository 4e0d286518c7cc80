/* Who is connected and does something, those first who have been at it the longest; and who waits for whom. */
select pid, login, subject, state, now() - transaction_at as for_so_long, waits_for, blocked_by, left(query, 80) as query
from admin.sessions
where state <> 'idle'
order by transaction_at;

select waiting.pid, waiting.object, waiting.mode, now() - waiting.waiting_since as for_so_long, blocker as blocked_by, holder.state, left(holder.query, 80) as query
from admin.locks as waiting
cross join lateral unnest(waiting.blocked_by) as blocker
left join admin.sessions as holder on holder.pid = blocker
where not waiting.granted;
