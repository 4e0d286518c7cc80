/** The file of trusted documents: what it has to be, and that every fault is told, with the variable and the file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, specifiedRules } from 'graphql';
import { OperatorError } from '../../src/errors.ts';
import { documentLimitsRule } from '../../src/graphql/document-limits.ts';
import { checkTrustedDocuments, readTrustedDocuments } from '../../src/graphql/trusted-documents.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hedgerow-trusted-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'documents.json');
  await writeFile(path, text);
  return path;
}

/** The refusal, which names the variable and the file. */
async function refusal(path: string, attempt: () => unknown): Promise<string> {
  const error = await Promise.resolve()
    .then(attempt)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(OperatorError);
  const { message } = error as OperatorError;
  expect(message).toContain(`HEDGEROW_TRUSTED_DOCUMENTS names ${path}`);
  return message;
}

test('it is an object of ids and documents, in the order of the file, whatever the ids are called', async () => {
  const path = await fileOf('{ "sha256:1f": "{ a }", "__proto__": "{ b }", "constructor": "{ c }" }');

  const { texts } = await readTrustedDocuments(path);

  expect([...texts]).toEqual([
    ['sha256:1f', '{ a }'],
    ['__proto__', '{ b }'],
    ['constructor', '{ c }'],
  ]);
});

test('a file that is not there, and a folder, are told apart', async () => {
  const missing = join(folder, 'nowhere.json');

  expect(await refusal(missing, () => readTrustedDocuments(missing))).toMatch(/no such file/);
  expect(await refusal(folder, () => readTrustedDocuments(folder))).toMatch(/a folder: name the JSON file in it/);
});

test.each([
  ['no JSON', '{', /not JSON/],
  ['nothing', '', /not JSON/],
  ['an array', '["{ a }"]', /not an object/],
  ['a text', '"{ a }"', /not an object/],
  ['null', 'null', /not an object/],
  ['no document', '{}', /or has none/],
  ['values that are no texts', '{ "a": 1, "b": "{ b }", "c": null }', /- a is not a text\n.*- c is not a text$/],
  ['an empty id', '{ "": "{ a }" }', /empty id/],
])('a file that holds %s is refused', async (_what, text, message) => {
  const path = await fileOf(text);

  expect(await refusal(path, () => readTrustedDocuments(path))).toMatch(message);
});

describe('the documents', () => {
  const schema = buildSchema('type Query { hedge: Hedge } type Hedge { id: ID, next: Hedge }');
  const check = (documents: Record<string, string>) =>
    checkTrustedDocuments({ path: '/d.json', texts: new Map(Object.entries(documents)) }, schema, [
      ...specifiedRules,
      documentLimitsRule,
    ]);

  test('that fit the schema are accepted, with several operations too', () => {
    expect(() =>
      check({ one: '{ hedge { id } }', two: 'query A { hedge { id } } query B { hedge { id } }' }),
    ).not.toThrow();
  });

  test('that do not are all told at once, each with all its faults', async () => {
    const deep = `{ hedge ${'{ next '.repeat(10)} { id } ${'}'.repeat(10)} }`;

    const message = await refusal('/d.json', () =>
      check({ good: '{ hedge { id } }', syntax: '{ hedge {', field: '{ hedge { idd hight } }', deep, empty: '' }),
    );

    expect(message.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^ {2}- syntax: Syntax Error/),
      expect.stringMatching(/^ {2}- field: .*"idd"/),
      expect.stringMatching(/^ {2}- field: .*"hight"/),
      expect.stringMatching(/^ {2}- deep: .*depth is 12/),
      expect.stringMatching(/^ {2}- empty: Syntax Error/),
    ]);
  });
});
