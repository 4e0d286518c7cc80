/* A hurried developer wanted the API to run a job over all houses. */
alter role app_login bypassrls;
