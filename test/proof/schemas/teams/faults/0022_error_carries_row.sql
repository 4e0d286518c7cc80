/* A hurried developer kept users to one team, and said in the error which one: the name of a team that the reader is not in. */
create function private.tg_members__one_team() returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  other text;
begin
  select teams.name into other
  from public.members join public.teams on teams.id = members.team_id
  where members.user_id = new.user_id
  limit 1;
  if found then
    raise exception 'This user is in the team "%" already.', other;
  end if;
  return new;
end
$$;
create trigger _100_one_team before insert on public.members
for each row execute function private.tg_members__one_team();
