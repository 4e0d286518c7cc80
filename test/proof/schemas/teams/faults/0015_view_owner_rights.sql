/* A hurried developer made a view for a list. It reads with the rights of its owner, whom no policy binds. */
create view public.document_titles as
select team_id, id, title from public.documents;
grant select on public.document_titles to authenticated;
