/* A hurried developer could not see a public document on the public page, and opened the policy to see whether it was that. */
alter policy select_public on public.documents using (true);
