/** The walk: each request in all worlds, as one and the same person, and what is wrong with the answers. */
import { buildClientSchema, getIntrospectionQuery, type GraphQLField, type GraphQLSchema } from 'graphql';
import { errorCodes } from '../../../src/errors.ts';
import type { Coverage } from './coverage.ts';
import { base64OfJson, decoded, normalise, textOf } from './normalise.ts';
import { companies } from './operations.ts';
import { readCursors } from './orders.ts';
import { canaries } from './rows.ts';
import { finish, newDraft, selectAll, variable } from './selections.ts';
import { type Answer, graphql, type Request, send } from './send.ts';
import { harvest, type Values, valuesOf } from './values.ts';
import type { World } from './worlds.ts';

/** Something that must not be, with all it takes to look into it. */
export type Finding = {
  kind: 'difference' | 'canary' | 'touched' | 'log' | 'code';
  actor: string;
  label: string;
  text: string;
};

const asRequest = (label: string, query: string, variables: object = {}): Request => ({
  label,
  isWrite: false,
  ...graphql(query, variables),
  covers: [],
});

async function dataOf(world: World, actor: string, query: string, variables: object = {}): Promise<any> {
  const { status, body } = await send(world, actor, asRequest('', query, variables), 'walk-setup');
  const { data, errors } = JSON.parse(body) as { data?: unknown; errors?: unknown };
  if (status !== 200 || errors !== undefined) throw new Error(`The walk cannot begin: ${body}`);
  return data;
}

/** The schema that a server has really built, as it tells it. */
export const schemaOf = async (world: World): Promise<GraphQLSchema> =>
  buildClientSchema(await dataOf(world, 'alice', getIntrospectionQuery()));

/** Alice's own values, and bob's where he has some; node ids and cursors among them. */
export async function readValues(schema: GraphQLSchema, [reference, crowded]: readonly World[]): Promise<Values> {
  const root = schema.getQueryType()!;
  const nothing: Values = { draw: () => [] };
  const draft = newDraft();
  const { query, variables } = finish(draft, 'query', selectAll({ schema, values: nothing, draft }, root, 4));
  const of = async (world: World, actor: string) => {
    const found = harvest(schema, root, 'query', await dataOf(world, actor, query, variables));
    const values = valuesOf({ own: found, foreign: [] });
    const cursors = await readCursors(
      schema,
      (field, argument) => companies(field, argument, values).map(([, others]) => others),
      (field, given) => cursorsOf(world, actor, field, given),
    );
    return [...found, ...cursors];
  };
  return valuesOf({ own: await of(reference!, 'alice'), foreign: await of(crowded!, 'bob') });
}

async function cursorsOf(
  world: World,
  actor: string,
  field: GraphQLField<unknown, unknown>,
  given: Record<string, unknown>,
): Promise<string[] | undefined> {
  const draft = newDraft();
  const passed = field.args
    .filter(({ name }) => name in given)
    .map((argument) => `${argument.name}: ${variable(draft, argument, given[argument.name])}`);
  const asked = finish(draft, 'query', `${field.name}(${passed.join(', ')}) { edges { cursor } }`);
  const { body } = await send(world, actor, asRequest('', asked.query, asked.variables), 'walk-setup');
  const { data } = JSON.parse(body) as { data?: Record<string, { edges: { cursor: string }[] } | null> };
  return data?.[field.name]?.edges.map(({ cursor }) => cursor);
}

export type Walking = {
  worlds: readonly World[];
  actor: string;
  requests: readonly Request[];
  /** When the run began, in milliseconds. */
  since: number;
  /** In the crowded world, bob asks the same just before, on the same connections. */
  bobAsksFirst?: boolean;
  coverage?: Coverage;
  /** Goes no further than to the first finding. */
  untilFound?: boolean;
};

/** Sends them one after the other, each in all worlds at once. */
export async function walk({
  worlds,
  actor,
  requests,
  since,
  bobAsksFirst,
  coverage,
  untilFound,
}: Walking): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [at, request] of requests.entries()) {
    if (untilFound && findings.length > 0) break;
    const requestId = `walk-${actor}-${at}`;
    const found = (kind: Finding['kind'], text: string) =>
      findings.push({ kind, actor, label: request.label, text: `${describe(request)}\n${text}` });

    const answers = await Promise.all(
      worlds.map(async (world) => {
        if (bobAsksFirst && world.name === 'crowded' && !request.isWrite) await send(world, 'bob', request, 'bob');
        const logged = world.logged.length;
        const answer = await send(world, actor, request, requestId);
        const touched = request.isWrite ? await world.restore() : [];
        for (const row of touched.filter((row) => canariesIn(row, request).length > 0)) {
          found('touched', `In the world "${world.name}": ${row}`);
        }
        for (const line of world.logged.slice(logged).filter((line) => line.includes(`"${requestId}"`))) {
          for (const canary of canariesIn(line, request)) found('log', `${canary} in the log: ${line}`);
        }
        return answer;
      }),
    );

    const [first, ...others] = answers.map((answer) => normalise(answer, since));
    for (const [index, other] of others.entries()) {
      const difference = differenceOf(textOf(first!), textOf(other));
      if (difference) found('difference', `"${worlds[0]!.name}" | "${worlds[index + 1]!.name}"\n${difference}`);
    }
    for (const [index, answer] of answers.entries()) {
      for (const canary of canariesIn(textOf(answer), request))
        found('canary', `${canary} in "${worlds[index]!.name}"`);
      for (const code of unknownCodes(answer)) found('code', `in "${worlds[index]!.name}": ${code}`);
    }
    coverage?.note(request.covers, isAnswered(first!));
  }
  return findings;
}

/**
 * The canaries in a text that the request did not bring itself. What it brought may be echoed: in the first world, where bob has never been,
 * the same echo is answered, and the bytes are compared.
 */
export function canariesIn(text: string, request?: Request): string[] {
  const { path = '', headers = {}, body = '' } = request ?? {};
  const sent = readable([decodeURIComponent(path), JSON.stringify(headers), body].join('\n'));
  const shown = readable(text);
  return canaries.flatMap((canary) => [...new Set(shown.match(canary) ?? [])]).filter((found) => !sent.includes(found));
}

/** With what is in base64 beside it: cursors and global ids. */
const readable = (text: string): string => [text, ...(text.match(base64OfJson) ?? []).map(decoded)].join('\n');

/** Not refused: a success, and over GraphQL without errors. */
const isAnswered = ({ status, body }: Answer): boolean => status < 400 && !body.includes('"errors":[');

/** Errors of which our table of codes knows nothing: somebody else's words. And our own for what should not be. */
function unknownCodes({ body }: Answer): string[] {
  if (!/"errors":\[|"error":\{/.test(body)) return [];
  const { errors, error } = JSON.parse(body) as {
    errors?: { extensions?: { code?: string } }[];
    error?: { code: string };
  };
  const codes = errors?.map(({ extensions }) => extensions?.code ?? 'none') ?? [error?.code ?? 'none'];
  return codes
    .filter((code) => !(code in errorCodes) || code === 'INTERNAL')
    .map((code) => `code ${code}: ${body.slice(0, 300)}`);
}

const around = 120;

/** The first place where they differ, with what is around it. */
export function differenceOf(one: string, other: string): string | undefined {
  if (one === other) return undefined;
  let at = 0;
  while (one[at] === other[at]) at += 1;
  const from = Math.max(0, at - around);
  return `at ${at}:\n- ${one.slice(from, at + around)}\n+ ${other.slice(from, at + around)}`;
}

/** The request, so that it can be sent by hand. */
const describe = ({ method, path, headers, body }: Request): string =>
  [`${method} ${path}`, headers && JSON.stringify(headers), body].filter(Boolean).join('\n');

/** A finding as a person wants to read it. `WALK` takes the label, or a part of it. */
export const print = ({ kind, actor, label, text }: Finding): string =>
  `${kind}: ${label}, as ${actor}\n${text}\nAlone: WALK='${label.replaceAll("'", "'\\''")}' npm run prove`;

/** Only those that `WALK` in the environment names; all without it. */
export const chosen = (requests: readonly Request[]): readonly Request[] =>
  requests.filter(({ label }) => label.includes(process.env.WALK ?? ''));

/**
 * Of all requests, those that are the first to reach a place with a kind of value: a walk that still goes everywhere. What a write is given is
 * reached by each write for itself: an insert and an update of one column are two ways to it.
 */
export function brief(requests: readonly Request[]): readonly Request[] {
  const reached = new Set<string>();
  return requests.filter(({ covers, label, isWrite }) => {
    const before = reached.size;
    const by = isWrite ? label.split('(')[0] : '';
    for (const { what, from } of covers) reached.add(`${by} ${what} ${from}`);
    return reached.size > before;
  });
}

/** Fails with the first few findings in full, and the number of all. */
export function expectNothing(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  throw new Error([`${findings.length} findings. The first:`, ...findings.slice(0, 3).map(print)].join('\n\n'));
}
