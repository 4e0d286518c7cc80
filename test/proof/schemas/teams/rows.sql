/* Rows of both users in every table. Each leads a team of their own and has one of every kind of document. Run by a superuser. */
insert into auth.users (id, email) values
  ('a11ce000-0000-4000-8000-000000000000', 'alice@example.com'),
  ('b0b00000-0000-4000-8000-000000000000', 'bob@example.com');

insert into public.teams (id, name) values
  ('a11ce000-0000-4000-8000-000000000001', 'Alice''s gardeners'),
  ('b0b00000-0000-4000-8000-000000000001', 'Bob''s builders');

insert into public.members (team_id, user_id, role) values
  ('a11ce000-0000-4000-8000-000000000001', 'a11ce000-0000-4000-8000-000000000000', 'leader'),
  ('b0b00000-0000-4000-8000-000000000001', 'b0b00000-0000-4000-8000-000000000000', 'leader');

insert into public.documents (team_id, id, owner_id, title, body, status) values
  ('a11ce000-0000-4000-8000-000000000001', 'a11ce000-0000-4000-8000-0000000000d1', 'a11ce000-0000-4000-8000-000000000000', 'Alice drafts', 'Seeds', 'draft'),
  ('a11ce000-0000-4000-8000-000000000001', 'a11ce000-0000-4000-8000-0000000000d2', 'a11ce000-0000-4000-8000-000000000000', 'Alice shares', 'Beds', 'shared'),
  ('a11ce000-0000-4000-8000-000000000001', 'a11ce000-0000-4000-8000-0000000000d3', 'a11ce000-0000-4000-8000-000000000000', 'Alice shows', 'Blossom', 'public'),
  ('b0b00000-0000-4000-8000-000000000001', 'b0b00000-0000-4000-8000-0000000000d1', 'b0b00000-0000-4000-8000-000000000000', 'Bob drafts', 'Plans', 'draft'),
  ('b0b00000-0000-4000-8000-000000000001', 'b0b00000-0000-4000-8000-0000000000d2', 'b0b00000-0000-4000-8000-000000000000', 'Bob shares', 'Walls', 'shared'),
  ('b0b00000-0000-4000-8000-000000000001', 'b0b00000-0000-4000-8000-0000000000d3', 'b0b00000-0000-4000-8000-000000000000', 'Bob shows', 'Roof', 'public');

insert into public.notes (owner_id, id, body) values
  ('a11ce000-0000-4000-8000-000000000000', 'a11ce000-0000-4000-8000-00000000000e', 'Alice waters'),
  ('b0b00000-0000-4000-8000-000000000000', 'b0b00000-0000-4000-8000-00000000000e', 'Bob digs');
