/* What PostgreSQL spends its time on. Needs pg_stat_statements: without it there is a notice, and no row. */
select
  calls,
  round(total_ms::numeric) as total_ms,
  round(mean_ms::numeric, 2) as mean_ms,
  round(100 * share::numeric, 1) as percent,
  role,
  left(regexp_replace(query, '\s+', ' ', 'g'), 100) as query
from admin.slow_statements
order by total_ms desc
limit 10;
