/** Tokens that are accepted by design: whatever they claim, the database runs them as the visitor and as their own subject. C-13, C-30, C-31, T-01 */
import { createTokenVerifier } from '../../../src/auth/verify-token.ts';
import type { VerifyToken } from '../../../src/auth/verify-token.ts';
import { useApi } from '../../support/api.ts';
import { startIssuer } from '../../support/issuer.ts';
import { testRoles } from '../../support/servers.ts';
import { mint, testSecret } from '../../support/tokens.ts';
import { harmlessTo, honest, makeCast, mallorysKeys, publishedBy, rules, signerOf } from './corpus/index.ts';
import type { Kind } from './corpus/index.ts';
import { type PoolWatch, watchPool } from './pool-watch.ts';

const mallorys = mallorysKeys();
const mallorysIssuer = await startIssuer(mallorys.ed.jwk, mallorys.rsa.jwk);
const cast = makeCast({ ...mallorys, url: mallorysIssuer.url });
const issuer = await startIssuer(...publishedBy(cast));
afterAll(() => Promise.all([issuer.close(), mallorysIssuer.close()]));

const verifiers: Record<Kind, VerifyToken> = {
  secret: createTokenVerifier({ kind: 'secret', secret: testSecret }, rules),
  jwks: createTokenVerifier({ kind: 'jwks', url: issuer.url }, rules),
};

const create = 'mutation ($title: String!) { createTask(input: { task: { title: $title } }) { task { id ownerId } } }';
const read = '{ me { id } tasks { totalCount nodes { title ownerId } } }';
const change = 'mutation ($id: UUID!) { updateTask(input: { id: $id, patch: { title: "taken" } }) { task { id } } }';

describe.each<Kind>(['secret', 'jwks'])('An API with a verifier of the kind %s', (kind) => {
  const api = useApi({ verifyToken: verifiers[kind] });
  const harmless = harmlessTo(kind, cast);
  /** The titles of each user's tasks, as they should be. */
  const titles = new Map<string, string[]>();
  let watch: PoolWatch;
  /** A task of Bob's, whom so many tokens claim to be. */
  let bobs: string;

  beforeAll(async () => {
    const answer = await api.query(mint({ ...honest, sub: 'bob' }, { by: signerOf(kind, cast) }), create, {
      title: 'Bob’s own',
    });
    bobs = answer.data.createTask.task.id;
    titles.set('bob', ['Bob’s own']);
    watch = watchPool(api.database.pool);
  });
  beforeEach(() => watch.reset());

  test.each(harmless)('accepts: $name – $why', async ({ name, token, sub }) => {
    titles.set(sub, [...(titles.get(sub) ?? []), name]);

    const created = await api.query(token, create, { title: name });
    const seen = await api.query(token, read);
    const changed = await api.query(token, change, { id: bobs });

    expect(created.data.createTask.task.ownerId).toBe(sub);
    expect(seen.data.me.id).toBe(sub);
    expect(seen.data.tasks.nodes.map((task: { ownerId: string }) => task.ownerId)).toEqual(
      titles.get(sub)!.map(() => sub),
    );
    expect(seen.data.tasks.nodes.map((task: { title: string }) => task.title).sort()).toEqual(
      [...titles.get(sub)!].sort(),
    );
    expect(changed.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  test.each(harmless)('runs as the visitor and as its own subject: $name', async ({ token, sub }) => {
    await api.query(token, read);
    await api.query(token, create, { title: 'Once more' });
    titles.set(sub, [...(titles.get(sub) ?? []), 'Once more']);

    expect(watch.who.length).toBeGreaterThanOrEqual(2);
    for (const who of watch.who) {
      expect(who).toEqual({ role: 'hedgerow_visitor', login: testRoles.api.user, sub, otherClaims: [] });
    }
  });

  test('has kept them all apart: the table holds what each made, and under no other name.', async () => {
    const { rows } = await api.database.admin.query<{ owner_id: string; titles: string[] }>(
      'select owner_id, array_agg(title) as titles from app_public.tasks group by owner_id',
    );

    const sorted = (entries: [string, string[]][]) => new Map(entries.map(([sub, own]) => [sub, [...own].sort()]));
    expect(sorted(rows.map((row) => [row.owner_id, row.titles]))).toEqual(sorted([...titles]));
    expect(titles.size).toBeGreaterThan(30);
  });
});

test('A key at a URL in a header is not fetched, though the token is accepted.', () => {
  expect(mallorysIssuer.requests).toBe(0);
});
