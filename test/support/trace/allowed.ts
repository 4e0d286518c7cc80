/** What the API's login may ask outside the fence: the one list, each with its reason. Everything else touches users' data. */

type Allowed = { pattern: RegExp; because: string };

export const allowed: Allowed[] = [
  { pattern: /^set jit_optimize_above_cost = -1;?$/, because: 'PostGraphile says so to each new connection' },
  { pattern: /^(un)?listen "task_changed:[0-9a-f]{32}"$/, because: 'changes.ts hears of changes: hints, never data' },
  {
    pattern: /^select pg_(try_advisory_lock|advisory_unlock)_shared\(\$1, \$2\)( as held)?$/,
    because: 'the lock by which writers know that somebody listens',
  },
  { pattern: /^select 1$/, because: 'the heartbeat of that connection' },
  {
    pattern: /^select current_setting\('server_version_num'\)::int \/ 10000 as major$/,
    because: 'start: is the server new enough',
  },
  { pattern: /^deallocate "\w+"$/, because: 'PostGraphile forgets a prepared statement' },
];

/**
 * Whether all that a statement reads from is the catalog: what the self-test and introspection do. It must name the schema each time, and
 * nothing of the schemas of Hedgerow.
 */
export function readsCatalogOnly(text: string): boolean {
  const code = text.replace(/--.*$/gm, '').replace(/'(?:[^']|'')*'/g, "''");
  const sources = [...code.matchAll(/\b(?:from|join)\s+(?!lateral\b|\(|where\b|unnest\b)(\S+)/gi)].map(
    ([, name]) => name!,
  );
  return (
    /^(select|with)\b/i.test(code) &&
    !/\b(app_public|app_hidden|app_private|admin|auth|set_config)\b|\bfor (update|share|no key|key)\b|\binto\b/i.test(
      code,
    ) &&
    (sources.length > 0 || callsCatalogOnly(code)) &&
    sources.every((name) => name.startsWith('pg_catalog.'))
  );
}

/** Of a statement that reads from nothing: whether it calls nothing else, and does call something. */
function callsCatalogOnly(code: string): boolean {
  const calls = [...code.matchAll(/([\w.]+)\s*\(/g)].map(([, name]) => name!);
  return calls.length > 0 && calls.every((name) => name.startsWith('pg_catalog.') || /^(nullif|coalesce)$/i.test(name));
}
