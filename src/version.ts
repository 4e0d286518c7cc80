/** The version of the package. */
import { readFileSync } from 'node:fs';

/** Both src/ and, in the package, dist/ lie beside package.json. */
const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');

export const { version } = JSON.parse(manifest) as { version: string };
