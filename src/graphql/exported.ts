/**
 * The exported schema: a module that makes the schema without looking at the database, and beside it a manifest of what it was made for. `npm run
 * build` writes both; a checkout has none.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { assertValidSchema, type GraphQLSchema } from 'postgraphile/graphql';
import { version } from '../version.ts';
import { differences, type Shape } from './shape.ts';

/** Where the package has it. */
export const exportFolder = fileURLToPath(new URL('exported', import.meta.url));

/** What a folder of an export holds. */
export const exportFiles = { module: 'schema.js', manifest: 'manifest.json' } as const;

/** What has to be the same for the export to be served. */
export type Manifest = {
  /** The version of Hedgerow that has made it. */
  version: string;
  /** The SHA-256 of the module. */
  sha256: string;
  /** The shape of the database that it was made from. */
  shape: Shape;
};

/** Why an export is not served, and what to do. */
export type Refusal = { reason: string; remedy: string; err?: unknown };

export const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/**
 * Loads the export of a folder, if it was made by this version for a database of that shape. Never throws: what goes wrong is a refusal.
 * @returns undefined when there is none
 */
export async function loadExport(
  folder: string,
  readShape: () => Promise<Shape>,
): Promise<{ schema: GraphQLSchema } | Refusal | undefined> {
  try {
    return await load(folder, readShape);
  } catch (err) {
    return { ...damaged('it cannot be loaded'), err };
  }
}

async function load(folder: string, readShape: () => Promise<Shape>): ReturnType<typeof loadExport> {
  const text = await readFile(join(folder, exportFiles.manifest), 'utf8').catch(noFile);
  if (text === undefined) return undefined;
  const manifest = readManifest(text);
  if (!manifest) return damaged('its manifest cannot be read');
  if (manifest.version !== version) return damaged(`it was made by version ${manifest.version}`);

  const path = join(folder, exportFiles.module);
  const module = await readFile(path).catch(noFile);
  if (module === undefined || sha256(module) !== manifest.sha256)
    return damaged('its module is not the one that was made');

  const changed = differences(manifest.shape, await readShape());
  if (changed.length > 0) return unfit(changed);

  const { schema } = (await import(pathToFileURL(path).href)) as { schema: GraphQLSchema };
  // Remembered in the schema: the server does not do it again.
  assertValidSchema(schema);
  return { schema };
}

function readManifest(text: string): Manifest | undefined {
  try {
    const { version, sha256, shape } = JSON.parse(text) as Partial<Manifest>;
    return version !== undefined && sha256 !== undefined && shape ? { version, sha256, shape } : undefined;
  } catch {
    return undefined;
  }
}

function noFile(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const damaged = (reason: string): Refusal => ({
  reason,
  remedy: 'Install the package anew; in a checkout, run "npm run build".',
});

/** As many as a line of the log can hold. */
const told = 5;

function unfit(changed: string[]): Refusal {
  const more = changed.length > told ? ` and ${changed.length - told} more` : '';
  return {
    reason: `the database differs from the migrations of this version: ${changed.slice(0, told).join(', ')}${more}`,
    remedy:
      'That is all right for a schema of your own: with its migrations in the checkout, "npm run build" makes an export that fits.',
  };
}
