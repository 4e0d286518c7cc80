/** `/openapi.json`: what the REST API is, for everybody. */
import type { Router } from 'express';
import express from 'express';
import { version } from '../version.ts';
import { openApi } from './openapi/document.ts';

export function documentRoutes(): Router {
  const document = openApi(version);
  const routes = express.Router();
  routes.get('/openapi.json', (_request, response) => {
    response.set('Access-Control-Allow-Origin', '*').json(document);
  });
  return routes;
}
