/** Serving in this process. */
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import type { ServerUrls } from '../../database/open.ts';
import { readTrustedDocuments } from '../../graphql/trusted-documents.ts';
import { type Running, start } from '../../start.ts';
import { cast } from '../cast.ts';

export type Serving = Running & {
  /** Nothing but the documents of this file is executed. */
  documents?: { path: string; count: number };
};

/**
 * Starts the API with what belongs to the command line: the file of trusted documents, the demo users.
 * @throws OperatorError when the file, the database or the address will not do
 */
export async function serveHere(config: Config, database: ServerUrls, log: Logger): Promise<Serving> {
  const trustedDocuments = config.trustedDocuments ? await readTrustedDocuments(config.trustedDocuments) : undefined;
  const running = await start(config, database, log, { trustedDocuments, demoUsers: cast });
  return {
    ...running,
    documents: trustedDocuments && { path: trustedDocuments.path, count: trustedDocuments.texts.size },
  };
}
