/* A hurried developer stored a slow count. A materialized view has no policies. */
create materialized view public.team_statistics as
select team_id, pg_catalog.count(*) as documents from public.documents group by team_id;
grant select on public.team_statistics to authenticated;
