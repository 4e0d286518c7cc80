/** Applies mutants one by one, has a suite run on each, and says what became of them. */
import pg from 'pg';
import { readCatalog } from '../catalog.ts';
import type { Source } from '../source.ts';
import type { Mutant } from './mutant.ts';
import type { NoticedBy, Suite } from './suites.ts';

export type Outcome = { mutant: Mutant } & (
  | { verdict: 'killed'; by: string }
  /** The suite held, though something is broken. */
  | { verdict: 'survived' }
  /** Nothing is broken, or it cannot be: here is why. */
  | { verdict: 'equivalent'; reason: string }
);

/** What is known from an earlier run: what noticed the mutant of this id, or null when nothing did. */
export type Known = ReadonlyMap<string, string | null>;

/**
 * Runs the suite on all mutants.
 * @param known mutants that need not run again
 * @param accepted reasons of the baseline, by the mutant's id: why one that survives is none
 * @param onVerdict hears of each mutant that has run
 * @returns an outcome for each, in the order of the mutants
 */
export async function mutate(
  source: Source,
  mutants: readonly Mutant[],
  suite: Suite,
  {
    schemas,
    known = new Map(),
    accepted = new Map(),
    onVerdict = () => {},
  }: {
    schemas: readonly string[];
    known?: Known;
    accepted?: ReadonlyMap<string, string>;
    onVerdict?: (mutant: Mutant, noticedBy: NoticedBy) => void;
  },
): Promise<Outcome[]> {
  const refused = await tryOut(source, mutants, async (_client, apply) => void (await apply()));
  const noticed = new Map<string, NoticedBy>();
  for (const [id, by] of known) noticed.set(id, by ?? undefined);

  const toRun = mutants.filter(({ id }) => !refused.has(id) && !noticed.has(id));
  await suite(source, toRun, (mutant, by) => {
    noticed.set(mutant.id, by);
    onVerdict(mutant, by);
  });

  const survivors = mutants.filter(({ id }) => !refused.has(id) && noticed.get(id) === undefined);
  const unchanged = await tryOut(source, survivors, comparison(schemas));
  return mutants.map((mutant) => {
    const { id, equivalent } = mutant;
    const reason =
      refused.get(id) ??
      (noticed.get(id) === undefined ? (unchanged.get(id) ?? equivalent ?? accepted.get(id)) : undefined);
    if (reason !== undefined) return { mutant, verdict: 'equivalent', reason };
    const by = noticed.get(id);
    return by === undefined ? { mutant, verdict: 'survived' } : { mutant, verdict: 'killed', by };
  });
}

/** Applies each in a transaction that is rolled back, looks, and gives what there is to say: that PostgreSQL refuses it, or what was seen. */
async function tryOut(
  source: Source,
  mutants: readonly Mutant[],
  look: (client: pg.Client, apply: () => Promise<void>) => Promise<string | undefined>,
): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  if (mutants.length === 0) return reasons;
  const copy = await source.copy();
  const client = new pg.Client(copy.url);
  await client.connect();
  try {
    for (const { id, sql } of mutants) {
      await client.query('begin');
      const seen = await look(client, async () => void (await client.query(sql))).catch(
        (error: pg.DatabaseError) => `PostgreSQL refuses it: ${error.message}`,
      );
      if (seen !== undefined) reasons.set(id, seen);
      await client.query('rollback');
    }
    return reasons;
  } finally {
    await client.end();
    await copy.drop();
  }
}

/** Whether the catalog is the same with the mutant. */
function comparison(schemas: readonly string[]) {
  let before: string | undefined;
  return async (client: pg.Client, apply: () => Promise<void>) => {
    before ??= JSON.stringify(await readCatalog(client, schemas));
    await apply();
    return JSON.stringify(await readCatalog(client, schemas)) === before
      ? 'it leaves the catalog as it was'
      : undefined;
  };
}
