/* A hurried developer replaced a definer function and forgot to pin its search path again. */
alter function private.my_teams() reset search_path;
