/** An explanation as lines that can be compared: indented by depth, what and value. */
import type { Explanation, ExplanationLine } from '../../../src/proof/explain/explain.ts';

/** All lines, or those of some parts. */
export function told({ lines }: Explanation, ...parts: ExplanationLine['part'][]): string[] {
  return lines
    .filter(({ part }) => parts.length === 0 || parts.includes(part))
    .map(({ depth, what, value }) => `${'  '.repeat(depth)}${what} → ${value}`);
}
