/* A hurried developer lent a room to another house, and lifted the fence between all of them. */
alter policy within_tenant on app.bookings using (true) with check (true);
