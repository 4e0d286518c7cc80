/* A hurried developer numbered invoices by a sequence that everybody can read, and move. */
create sequence public.invoice_numbers;
grant usage, select on sequence public.invoice_numbers to authenticated;
