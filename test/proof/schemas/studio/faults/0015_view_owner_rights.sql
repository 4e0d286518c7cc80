/* A hurried developer replaced the view and forgot its option: it reads everybody's bookings. */
alter view app.open_bookings reset (security_invoker);
