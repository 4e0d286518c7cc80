/* A hurried developer let a booking follow another, of whomever. Naming one tells whether it is there, and whose it is. */
alter table app.bookings
  add constraint bookings_id_owner_id_key unique (id, owner_id),
  add column follows_id uuid,
  add column follows_owner_id text,
  add constraint bookings_follows_id_fkey foreign key (follows_id, follows_owner_id) references app.bookings (id, owner_id);
grant insert (follows_id, follows_owner_id) on app.bookings to app_user;
