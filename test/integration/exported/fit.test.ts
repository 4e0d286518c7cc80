/** The exported schema is the one that is built, and is served only where it fits: by whom, for what database, and whole. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type GraphQLField,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { pino } from 'pino';
import { createApp } from '../../../src/app.ts';
import { createChanges } from '../../../src/database/changes.ts';
import { fencedPgService, fencedTransactions } from '../../../src/database/fence.ts';
import { buildSchema } from '../../../src/graphql/build-schema.ts';
import { loadExport, type Manifest, sha256 } from '../../../src/graphql/exported.ts';
import { printSorted } from '../../../src/graphql/print-schema.ts';
import { readShape } from '../../../src/graphql/shape.ts';
import { version } from '../../../src/version.ts';
import { appOptions, listen, tokenOf } from '../../support/api.ts';
import { useDatabase } from '../../support/database.ts';
import { exportOnce } from '../../support/export.ts';

const database = useDatabase();
let original: string;
let folder: string;

beforeAll(async () => {
  original = await exportOnce(database.apiUrl);
});
/** Each test has a copy of its own to spoil. Beside the original, from where its imports lead to the same places. */
beforeEach(async () => {
  folder = await mkdtemp(join(dirname(original), 'copy-'));
  await cp(original, folder, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const manifestPath = () => join(folder, 'manifest.json');
const modulePath = () => join(folder, 'schema.js');
const readManifest = async () => JSON.parse(await readFile(manifestPath(), 'utf8')) as Manifest;
const writeManifest = async (changes: Partial<Manifest>) =>
  writeFile(manifestPath(), JSON.stringify({ ...(await readManifest()), ...changes }));

type Line = { level: number; msg: string; reason?: string; remedy?: string };

/** Starts the API on the folder, asks it one thing, and gives the answer and what was logged of the schema. */
async function ask(query: string): Promise<{ answer: unknown; told: Line[] }> {
  const logged: Line[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void logged.push(JSON.parse(line) as Line) });
  const changes = createChanges({ url: database.apiUrl }, log);
  const app = await createApp({ ...appOptions({ pool: database.pool, changes, log }), schemaFolder: folder });
  const listening = await listen(app);
  try {
    const response = await fetch(`${listening.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf('alice')}` },
      body: JSON.stringify({ query }),
    });
    return { answer: await response.json(), told: logged.filter(({ msg }) => msg.includes('schema')) };
  } finally {
    await listening.close();
    await app.release();
    await changes.release();
  }
}

const count = '{ tasks { totalCount } }';
const none = { data: { tasks: { totalCount: 0 } } };
const isBuilt = expect.objectContaining({ level: 20, msg: 'the schema was built' });
const refused = (reason: unknown) =>
  expect.objectContaining({
    level: 40,
    msg: 'the exported schema is not used',
    reason,
    remedy: expect.stringContaining('npm run build'),
  });

test('an export that fits is served, and nothing is said of it above the level debug', async () => {
  const { answer, told } = await ask(count);

  expect(answer).toEqual(none);
  expect(told).toEqual([expect.objectContaining({ level: 20, msg: 'the schema is the exported one' })]);
});

test('where there is none the schema is built, without a warning', async () => {
  await rm(manifestPath());

  const { answer, told } = await ask(count);

  expect(answer).toEqual(none);
  expect(told).toEqual([isBuilt]);
});

test('where the database has moved on the schema is built, and the warning names what differs', async () => {
  await database.admin.query(
    `alter table app_public.tasks add column place text;
     grant insert (place), update (place) on app_public.tasks to hedgerow_visitor`,
  );

  const { answer, told } = await ask(
    'mutation { createTask(input: { task: { title: "Hedge", place: "South" } }) { task { place } } }',
  );
  await database.admin.query('delete from app_public.users; alter table app_public.tasks drop column place');

  expect(answer).toEqual({ data: { createTask: { task: { place: 'South' } } } });
  expect(told).toEqual([
    refused(
      'the database differs from the migrations of this version: column app_public.tasks.place, table app_public.tasks',
    ),
    isBuilt,
  ]);
});

test.each<[string, () => Promise<unknown>, string]>([
  ['of another version', () => writeManifest({ version: '0.0.9' }), 'it was made by version 0.0.9'],
  ['whose manifest is cut off', () => writeFile(manifestPath(), '{ "version": "'), 'its manifest cannot be read'],
  ['whose manifest says nothing', () => writeFile(manifestPath(), '{}'), 'its manifest cannot be read'],
  ['without its module', () => rm(modulePath()), 'its module is not the one that was made'],
  [
    'whose module was changed',
    async () => writeFile(modulePath(), `${await readFile(modulePath(), 'utf8')}\n`),
    'its module is not the one that was made',
  ],
  [
    'whose module throws',
    async () => {
      const text = 'throw new Error("broken");';
      await writeFile(modulePath(), text);
      await writeManifest({ sha256: sha256(text) });
    },
    'it cannot be loaded',
  ],
  [
    'that holds no schema',
    async () => {
      const text = 'export const schema = undefined;';
      await writeFile(modulePath(), text);
      await writeManifest({ sha256: sha256(text) });
    },
    'it cannot be loaded',
  ],
])('an export %s is not served: the schema is built, with a warning', async (_name, spoil, reason) => {
  await spoil();

  const { answer, told } = await ask(count);

  expect(answer).toEqual(none);
  expect(told).toEqual([refused(reason), isBuilt]);
});

test('the manifest says by which version it was made, and of what shape the database was', async () => {
  const manifest = await readManifest();

  expect(manifest.version).toBe(version);
  expect(manifest.shape).toEqual(await readShape(fencedTransactions(database.pool)));
});

describe('the exported schema', () => {
  let built: GraphQLSchema;
  let exported: GraphQLSchema;

  beforeAll(async () => {
    built = await buildSchema({ pgServices: [fencedPgService(database.pool)] });
    const found = await loadExport(original, () => readShape(fencedTransactions(database.pool)));
    if (!found || !('schema' in found)) throw new Error(JSON.stringify(found));
    exported = found.schema;
  });

  test('prints as the built one does', () => {
    expect(printSorted(exported)).toBe(printSorted(built));
  });

  test('has a plan wherever the built one has, and what refused values are found by', () => {
    const parts = partsOf(built);

    expect(partsOf(exported)).toEqual(parts);
    // Some of each, so that the comparison is of something.
    expect(parts).toContainEqual(['Query.tasks', 'plan']);
    expect(parts).toContainEqual(['Query.tasks(search)', 'applyPlan']);
    expect(parts).toContainEqual(['Subscription.taskChanged', 'plan, subscribePlan']);
    expect(parts).toContainEqual(['TaskOrderBy.RELEVANCE', 'apply']);
    expect(parts).toContainEqual(['TaskInput', expect.stringContaining('pgTable tasks')]);
    expect(parts).toContainEqual(['TaskInput.dueAt', 'apply, pgColumn due_at']);
  });

  test('takes and gives values of its scalars as the built one does', () => {
    const values = [
      '2027-03-01T09:30:00Z',
      'tomorrow',
      '3',
      3,
      3.5,
      true,
      null,
      {},
      '0189b5a2-0000-7000-8000-000000000000',
    ];
    // Their order in the schema means nothing.
    const outcomes = (schema: GraphQLSchema) =>
      Object.fromEntries(
        Object.values(schema.getTypeMap())
          .filter(isScalarType)
          .map((type) => [
            type.name,
            values.map((value) => [outcome(() => type.parseValue(value)), outcome(() => type.serialize(value))]),
          ]),
      );

    expect(outcomes(exported)).toEqual(outcomes(built));
    expect(Object.keys(outcomes(exported))).toEqual(expect.arrayContaining(['Cursor', 'Datetime', 'UUID']));
  });
});

function outcome(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return String(error);
  }
}

/** What of a schema does not print: where functions of Grafast hang, and our own extensions. */
function partsOf(schema: GraphQLSchema): [place: string, parts: string][] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .flatMap((type) => [
      partOf(type.name, type),
      ...(isEnumType(type) ? type.getValues().map((value) => partOf(`${type.name}.${value.name}`, value)) : []),
      ...(isInputObjectType(type)
        ? Object.values(type.getFields()).map((field) => partOf(`${type.name}.${field.name}`, field))
        : []),
      ...(isObjectType(type)
        ? Object.values(type.getFields()).flatMap((field: GraphQLField<unknown, unknown>) => [
            partOf(`${type.name}.${field.name}`, field),
            ...field.args.map((arg) => partOf(`${type.name}.${field.name}(${arg.name})`, arg)),
          ])
        : []),
    ])
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

function partOf(place: string, { extensions }: { extensions: any }): [string, string] {
  const { grafast, pgTable, pgColumn } = extensions;
  const parts = Object.entries(grafast ?? {})
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => (typeof part === 'function' ? name : `${name} ${JSON.stringify(part)}`));
  if (pgTable) parts.push(`pgTable ${pgTable}`);
  if (pgColumn) parts.push(`pgColumn ${pgColumn}`);
  return [place, parts.sort().join(', ')];
}
