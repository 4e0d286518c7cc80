/** The playground, as the server gives it out: escaped, unframed, unstored, from this server alone. */
import { useApi } from '../support/api.ts';

const api = useApi({ playground: { tokens: { '</script><b>': 'a.b.c', alice: 'd.e.f' } } });

test('the page offers the tokens by name, and no name can break out of its script', async () => {
  const response = await api.fetch('/graphiql', { headers: { accept: 'text/html' } });
  const html = await response.text();

  expect(response.status).toBe(200);
  expect(html).toContain('"alice":"d.e.f"');
  expect(html).toContain(String.raw`"\u003c/script>\u003cb>"`);
  expect(html).not.toContain('</script><b>');
});

test('the page may be neither stored nor framed, and loads nothing from elsewhere', async () => {
  const response = await api.fetch('/graphiql', { headers: { accept: 'text/html' } });
  const html = await response.text();

  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
  expect(html).not.toMatch(/(src|href)="?https?:|from "https?:/);
});

test('what the page loads is served', async () => {
  const response = await api.fetch('/ruru-static/ruru.js');

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/javascript/);
});

test('the API itself keeps its strict policy', async () => {
  const { headers } = await api.fetch('/healthz');

  expect(headers.get('content-security-policy')).not.toContain("script-src 'self' 'unsafe-inline'");
});

test('a visit to /graphql with a browser is not the playground', async () => {
  const response = await api.fetch('/graphql', { headers: { accept: 'text/html' } });

  expect(response.status).toBe(401);
});
