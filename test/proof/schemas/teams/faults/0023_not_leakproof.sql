/* A hurried developer indexed the words of all documents. `@@` is not leakproof: under the policy the index cannot be used first. */
create index documents_words_idx on public.documents using gin (pg_catalog.to_tsvector('english', body));
