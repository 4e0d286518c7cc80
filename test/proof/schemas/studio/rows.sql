/* Rows of both users in every table, each in a house of their own: one open booking, one in the bin, a remark on each. Run by a superuser. */
insert into app.bookings (owner_id, tenant_id, id, room, starts_at, ends_at, tags, details, deleted_at) values
  ('alice', 'house of alice', 'a11ce000-0000-4000-8000-0000000000b1', 'Attic', '2030-01-01 10:00Z', '2030-01-01 12:00Z', '{choir}', '{"people": 12}', null),
  ('alice', 'house of alice', 'a11ce000-0000-4000-8000-0000000000b2', 'Attic', '2030-01-02 10:00Z', '2030-01-02 12:00Z', '{}', '{}', '2029-12-01 00:00Z'),
  ('bob', 'house of bob', 'b0b00000-0000-4000-8000-0000000000b1', 'Barn', '2030-01-01 10:00Z', '2030-01-01 12:00Z', '{drums}', '{"people": 3}', null),
  ('bob', 'house of bob', 'b0b00000-0000-4000-8000-0000000000b2', 'Barn', '2030-01-02 10:00Z', '2030-01-02 12:00Z', '{}', '{}', '2029-12-01 00:00Z');

insert into app.remarks (owner_id, tenant_id, id, booking_id, body) values
  ('alice', 'house of alice', 'a11ce000-0000-4000-8000-0000000000c1', 'a11ce000-0000-4000-8000-0000000000b1', 'Alice brings scores'),
  ('alice', 'house of alice', 'a11ce000-0000-4000-8000-0000000000c2', 'a11ce000-0000-4000-8000-0000000000b2', 'Alice was ill'),
  ('bob', 'house of bob', 'b0b00000-0000-4000-8000-0000000000c1', 'b0b00000-0000-4000-8000-0000000000b1', 'Bob brings drums'),
  ('bob', 'house of bob', 'b0b00000-0000-4000-8000-0000000000c2', 'b0b00000-0000-4000-8000-0000000000b2', 'Bob was away');
