/** What tests ask as the API's login outside the fence on purpose, and PostgreSQL does not refuse: the one list, each with its reason. */

type Deliberate = { pattern: RegExp; because: string };

export const deliberate: Deliberate[] = [
  { pattern: /^(set role hedgerow_visitor|reset role)$/, because: 'accounts.test.ts: what the visitor may not see' },
  { pattern: /^select pg_backend_pid\(\) as pid$/, because: 'pool.test.ts: which connection the pool lends' },
  {
    pattern:
      /^select current_user = session_user as itself, nullif\(current_setting\('jwt\.claims\.sub', true\), ''\) as sub$/,
    because: 'fence.test.ts: what a connection carries when its transaction is over',
  },
  {
    pattern:
      /^select current_setting\('role'\) as role, current_user = session_user as itself,\s+array\(\s+select name from unnest\(/,
    because: 'noninterference/faults/: what a connection carries after a fault',
  },
];
