/* How large the tables are, what was written to them, which indexes are for nothing; and the last two weeks, day by day. */
select "schema", "table", live_rows, dead_rows, pg_size_pretty(total_bytes) as size, inserted, updated, deleted, vacuumed_at
from admin.table_growth
order by total_bytes desc;

select "table", index, pg_size_pretty(size_bytes) as size, scans, remark
from admin.index_health
where remark <> ''
order by size_bytes desc;

select * from admin.task_stats where day > current_date - 14 order by day;

select number, applied_at from admin.migrations order by number desc limit 3;
