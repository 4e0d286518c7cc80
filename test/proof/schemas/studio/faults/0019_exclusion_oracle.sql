/* A hurried developer kept bookings from overlapping, whoever's they are and wherever. */
alter table app.bookings
  add constraint bookings_overlap_excl exclude using gist (pg_catalog.tstzrange(starts_at, ends_at) with &&) where (status = 'confirmed');
