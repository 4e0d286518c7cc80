/* A hurried developer pinned the search path to a schema that comes after pg_temp, which is searched first when it is not named. */
alter function app_hidden.booking_count() set search_path = app;
