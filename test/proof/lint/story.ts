/** The story of a rule: SQL in sections, each of which says what the rule finds after it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Section = {
  /** Such as `clean` or `broken: app_public.notes`. */
  title: string;
  sql: string;
  /** The objects that the rule must find. */
  objects: string[];
};

/** Sections begin with `-- clean`, `-- broken: object` (several: `; ` between them), `-- mended` or `-- near miss`, and a comment may follow. */
export async function readStory(file: string): Promise<Section[]> {
  const sql = await readFile(join(import.meta.dirname, 'rules', file), 'utf8');
  const parts = sql.split(/^-- (?=(?:clean|broken|mended|near miss)\b)/m).slice(1);
  return parts.map((part) => {
    const title = part.split('\n', 1)[0]!;
    const [, objects] = /^broken: (.+)$/.exec(title) ?? [];
    return { title, sql: part.slice(title.length), objects: objects?.split('; ') ?? [] };
  });
}
