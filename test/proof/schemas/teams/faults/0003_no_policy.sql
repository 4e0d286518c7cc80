/* A hurried developer followed the dashboard, which enables row-level security, and left the policies for later. */
create table public.reactions (
  team_id uuid not null references public.teams on delete cascade,
  user_id uuid not null default auth.uid(),
  emoji text not null,
  primary key (team_id, user_id, emoji)
);
alter table public.reactions enable row level security;
alter table public.reactions force row level security;
grant select, delete on public.reactions to authenticated;
