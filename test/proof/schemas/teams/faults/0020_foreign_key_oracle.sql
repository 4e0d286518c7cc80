/* A hurried developer wanted no member who is not a user. Who leads a team can now try ids until one is accepted. */
alter table public.members
  add constraint members_user_id_fkey foreign key (user_id) references auth.users on delete cascade;
