/** The schema of the API: the exported one where it fits the database, else one that is built by looking at the database. */
import type { GraphQLSchema } from 'postgraphile/graphql';
import type { Logger } from 'pino';
import type { FencedTransaction } from '../database/fence.ts';
import { loadExport } from './exported.ts';
import { readShape } from './shape.ts';

export type SchemaOptions = {
  /** The folder of the export; without one there, the schema is built. */
  folder: string;
  withTransaction: FencedTransaction;
  /** What the schema is built with, beside schema-preset.ts. */
  preset: GraphileConfig.Preset;
  log: Logger;
};

/** Both ways give the same schema; building takes longer and leaves more in memory. An export that does not fit is a warning in the log. */
export async function openSchema({ folder, withTransaction, preset, log }: SchemaOptions): Promise<GraphQLSchema> {
  const found = await loadExport(folder, () => readShape(withTransaction));
  if (found && 'schema' in found) {
    log.debug('the schema is the exported one');
    return found.schema;
  }
  if (found) log.warn(found, 'the exported schema is not used');
  // What builds is loaded here only.
  const { buildSchema } = await import('./build-schema.ts');
  const schema = await buildSchema(preset);
  log.debug('the schema was built');
  return schema;
}
