/* A hurried developer met "permission denied for function" and granted it to everybody. */
grant execute on function private.my_teams() to public;
