/* A hurried developer indexed the tags. `@>` is not leakproof: under the policy the index cannot be used first. */
create index bookings_tags_idx on app.bookings using gin (tags);
