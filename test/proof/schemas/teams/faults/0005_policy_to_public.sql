/* A hurried developer left out `to`, so that the policy is for every role that there is or will be. */
alter policy select_owner on public.notes to public;
