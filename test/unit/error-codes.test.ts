/** docs/reference/error-codes.md is the table of src/errors.ts. C-42 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError, codeOfSqlState, errorCodes, sqlStates } from '../../src/errors.ts';
import { costLimit } from '../../src/graphql/cost-limit.ts';
import { documentLimits } from '../../src/graphql/document-limits.ts';
import { defaultPageSize, largestPageSize } from '../../src/graphql/page.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/reference/error-codes.md'), 'utf8');

test('the page lists every code with its status, and no other', () => {
  const listed = [...page.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) /gm)].map(([, code, status]) => [code, Number(status)]);

  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(Object.entries(errorCodes).map(([code, { status }]) => [code, status])),
  );
});

test('the page lists every SQLSTATE with its code, and no other', () => {
  const listed = [...page.matchAll(/^\| `([0-9A-Z]{2,5})`(?: \(class\))? +\| `([A-Z_]+)` /gm)].map(
    ([, state, code]) => [state, code],
  );

  expect(Object.fromEntries(listed)).toEqual(sqlStates);
});

test('the page tells the limits of a document', () => {
  const { depth, rootFields, aliases } = documentLimits;

  expect(page).toMatch(
    new RegExp(`TOO_COMPLEX.* depth ${depth}, ${rootFields} root fields, ${aliases} aliases, ${costLimit} objects`),
  );
  expect(page).toContain(`(${defaultPageSize} without \`first\` and \`last\`), for any other list ${largestPageSize}.`);
});

test.each([
  ['23505', 'CONFLICT'],
  ['22P02', 'VALIDATION_FAILED'],
  ['57014', 'TIMEOUT'],
  ['57P01', 'UNAVAILABLE'],
  ['XX000', 'INTERNAL'],
  ['', 'INTERNAL'],
])('SQLSTATE %j is %s: the exact state comes before its class', (state, code) => {
  expect(codeOfSqlState(state)).toBe(code);
});

test('an error knows the status of its code', () => {
  const error = new ApiError('NOT_FOUND');

  expect(error).toMatchObject({ code: 'NOT_FOUND', status: 404, message: errorCodes.NOT_FOUND.message });
});
