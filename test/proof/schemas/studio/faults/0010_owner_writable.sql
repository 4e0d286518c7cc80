/* A hurried developer let the front desk book for others, by the same role. */
grant insert (owner_id) on app.bookings to app_user;
