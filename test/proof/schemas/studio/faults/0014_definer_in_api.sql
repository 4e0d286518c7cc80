/* A hurried developer moved the count to where the API shows it. */
alter function app_hidden.booking_count() set schema app;
