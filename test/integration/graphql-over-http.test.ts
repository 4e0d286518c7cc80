/** The GraphQL-over-HTTP specification, by the audits of the package graphql-http; docs/reference/graphql-over-http.md says what is missed. C-01, C-42 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Audit, type AuditResult, serverAudits } from 'graphql-http';
import { tokenOf, useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const page = readFileSync(join(import.meta.dirname, '../../docs/reference/graphql-over-http.md'), 'utf8');
const missed = [...page.matchAll(/^\| ([0-9A-Z]{4}) +\| (MUST|SHOULD|MAY) /gm)].map(([, id, level]) => ({ id, level }));

const audits: Audit[] = serverAudits({
  url: () => `${api.url}/graphql`,
  fetchFn: (url: string, { headers, ...init }: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: { ...(headers as Record<string, string>), authorization: `Bearer ${tokenOf('alice')}` },
    }),
});

test('nothing that is missed is a MUST, and all of it is audited', () => {
  expect(missed.filter(({ level }) => level === 'MUST')).toEqual([]);
  expect(audits.map(({ id }) => id)).toEqual(expect.arrayContaining(missed.map(({ id }) => id)));
});

test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (id, _name, audit) => {
  const result: AuditResult = await audit.fn();

  const isMissed = missed.some((miss) => miss.id === id);
  // What is listed as missed and is not any longer is a mistake of the page.
  expect({ isMissed, why: result.status === 'ok' ? undefined : result.reason }).toEqual({
    isMissed,
    why: isMissed ? expect.any(String) : undefined,
  });
});
