import type { RequestHandler } from 'express';
export const playgroundHeaders: RequestHandler = (_q, _r, next) => next();
export const playgroundPreset = (_p: { tokens: Record<string, string> } | undefined): GraphileConfig.Preset => ({
  grafserv: { graphiql: false },
});
