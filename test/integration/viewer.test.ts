/** How the viewer of the REST API is served: what browsers keep, and that nothing else of its package is there. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { viewerRoutes } from '../../src/rest/viewer.ts';

let server: Server;
let url: string;
const thrown: unknown[] = [];

beforeAll(async () => {
  const note: ErrorRequestHandler = (error, _request, _response, next) => {
    thrown.push(error);
    next(error);
  };
  server = createServer(express().use(viewerRoutes(), note)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The status when a browser asks whether what it has is still good. Without Cache-Control, fetch would add one that says no. */
async function statusAgain(path: string, { headers }: Response): Promise<number> {
  const again = { 'if-none-match': headers.get('etag')!, 'cache-control': 'max-age=0' };
  return (await fetch(url + path, { headers: again })).status;
}

test('browsers keep the assets, and ask again for the page', async () => {
  const page = await fetch(`${url}/docs/`);
  const assets = [...(await page.text()).matchAll(/(?:src|href)="(\/docs[^"]+)"/g)].map(([, path]) => path!);

  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(await statusAgain('/docs', page)).toBe(304);
  expect(assets).toHaveLength(5);
  for (const path of assets) {
    const asset = await fetch(url + path);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await statusAgain(path, asset)).toBe(304);
  }
});

test('nothing else of the package is served', async () => {
  const folder = /\/docs\/\w+\//.exec(await (await fetch(`${url}/docs`)).text())![0];
  const others = [
    '',
    'package.json',
    'index.html',
    'swagger-initializer.js',
    'swagger-ui-bundle.js.map',
    '..%2fpackage.json',
  ];

  const statuses = await Promise.all(others.map(async (name) => (await fetch(url + folder + name)).status));

  expect(statuses).toEqual(others.map(() => 404));
  expect((await fetch(`${url}/docs/swagger-ui.css`)).status).toBe(404);
});

test('a browser that goes away in the middle of an asset is no failure', async () => {
  const [path] = /\/docs\/\w+\/swagger-ui-bundle\.js/.exec(await (await fetch(`${url}/docs`)).text())!;
  const closed = new Promise((resolve) =>
    server.once('request', (_request, response) => response.once('close', () => setTimeout(resolve, 50))),
  );
  const leaving = new AbortController();

  await fetch(url + path, { signal: leaving.signal });
  leaving.abort();
  await closed;

  expect(thrown).toEqual([]);
});
