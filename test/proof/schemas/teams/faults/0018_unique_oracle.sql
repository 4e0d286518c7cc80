/* A hurried developer wanted addresses by title. A clash tells of a document of another team. */
alter table public.documents add constraint documents_title_key unique (title);
