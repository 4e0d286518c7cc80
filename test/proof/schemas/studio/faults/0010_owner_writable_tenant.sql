/* A hurried developer made bookings movable between houses: the column of the restrictive policy. */
grant update (tenant_id) on app.bookings to app_user;
