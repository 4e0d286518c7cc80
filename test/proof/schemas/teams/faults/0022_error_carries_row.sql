/* A hurried developer helped with an error: it quotes the row, also to who may not read it. */
create function private.tg_documents__final() returns trigger
language plpgsql
volatile
as $$
begin
  if old.status = 'public' and new.status <> 'public' then
    raise exception 'The document "%" is public already.', old.title using detail = old.body;
  end if;
  return new;
end
$$;
create trigger _100_final before update on public.documents
for each row execute function private.tg_documents__final();
