/* A hurried developer kept a room from being booked twice. A clash tells one customer of another, and one house of another. */
create unique index bookings_room_key on app.bookings (room, starts_at) where deleted_at is null;
