/**
 * pgTAP for the tests, from the dev dependency @electric-sql/pglite-pgtap: plain SQL files, which PostgreSQL 18 can also find
 * outside its own folder. Where it is not installed, the server starts without.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runAs } from './run-as.ts';
import type { Server, Settings } from './server.ts';

/** The setting under which `create extension pgtap` works; none when it is not installed or cannot be unpacked. Never throws. */
export async function pgtapSettings(server: Server): Promise<Settings> {
  try {
    const { pgtap } = await import('@electric-sql/pglite-pgtap');
    const { bundlePath } = await pgtap.setup(undefined as never, undefined);
    const archive = await readFile(bundlePath);
    const hash = createHash('sha256').update(archive).digest('hex').slice(0, 8);
    const folder = join(server.folder, `pgtap-${hash}`);
    // The setting is a list whose separator cannot be escaped.
    if (folder.includes(':') || !(await unpack(server, gunzipSync(archive), folder))) return {};
    return { extension_control_path: `${join(folder, 'share', 'postgresql')}:$system` };
  } catch {
    return {};
  }
}

/** Unpacks as the server's account, which may not reach the archive; renamed when complete. */
async function unpack(server: Server, tar: Uint8Array, folder: string): Promise<boolean> {
  const draft = join(server.folder, `tmp-${randomBytes(6).toString('hex')}`);
  const script = '[ -d "$2" ] || { mkdir "$1" && tar -xf - -C "$1" && mv "$1" "$2"; }';
  const { code } = await runAs(server.account, '/bin/sh', ['-c', script, 'sh', draft, folder], { input: tar });
  return code === 0;
}
