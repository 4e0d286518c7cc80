/* A hurried developer turned the key round, for lookups by id: the policy's column is first in no index any more. */
alter table public.documents
  drop constraint documents_pkey,
  add constraint documents_pkey primary key (id, team_id);
