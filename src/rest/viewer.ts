/** The viewer at /docs: Swagger UI, served by ourselves, which reads /openapi.json of this server. Public, as that document is. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import { viewerPage, viewerScript, viewerStyle } from './viewer/page.ts';

/** Where the viewer and what it loads are served. */
export const viewerPath = '/docs';

/** Of Swagger UI's folder, nothing else is served. */
const packageFiles = ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png'];

/**
 * In the package the files lie beside this one (`npm run build:viewer`): swagger-ui-dist would bring a script that tells its makers who
 * installs it.
 */
function assetsFolder(): string {
  const packed = fileURLToPath(new URL('swagger-ui', import.meta.url));
  return existsSync(packed) ? packed : dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
}

const folder = assetsFolder();
const ownFiles = { 'viewer.js': viewerScript, 'viewer.css': viewerStyle };

/** Another path when anything in them changes: browsers keep assets without asking again. */
const fingerprint = [...packageFiles.map((name) => readFileSync(join(folder, name))), viewerScript, viewerStyle]
  .reduce((hash, content) => hash.update(content), createHash('sha256'))
  .digest('hex');
const assetsPath = `${viewerPath}/${fingerprint.slice(0, 16)}`;
const page = viewerPage(assetsPath);

/** Serves the viewer and its assets. Whatever else is asked for below its path falls through. */
export function viewerRoutes(): Router {
  const routes = express.Router();
  routes.use(viewerPath, viewerHeaders);

  routes.get(viewerPath, (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(page);
  });

  for (const name of packageFiles) {
    routes.get(`${assetsPath}/${name}`, (_request, response) => {
      // Under a `root`: else nothing would be served from a folder below one like ~/.npm.
      response.sendFile(name, { root: folder, immutable: true, maxAge: '1y' });
    });
  }

  for (const [name, text] of Object.entries(ownFiles)) {
    routes.get(`${assetsPath}/${name}`, (_request, response) => {
      response.set('Cache-Control', 'public, max-age=31536000, immutable').type(name).send(text);
    });
  }

  return routes;
}

/** The page gets a token typed into it: it runs and asks nothing but this server, and stands in no other page. */
const viewerHeaders: RequestHandler[] = [
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      // Swagger UI's style sheet has its icons in it.
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  }),
  helmet.frameguard({ action: 'deny' }),
];
