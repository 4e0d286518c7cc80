/** Jest transform: Node's own type stripping, which is what production runs. It keeps every line and column. */
import { createHash } from 'node:crypto';
import { stripTypeScriptTypes } from 'node:module';

export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
  getCacheKey: (source) => createHash('sha256').update(source).update(process.version).digest('hex'),
};
