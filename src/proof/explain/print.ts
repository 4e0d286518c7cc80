/** An explanation for the terminal: the verdict first, then what leads there, indented. Readable without colour. */
import type { Explanation, ExplanationLine } from './explain.ts';

/** The text, with a line break at its end. */
export function printExplanation({ identity, table, key, command, words, lines }: Explanation): string {
  const settings = Object.entries(identity.settings).map(([name, value]) => `${name} = ${value === '' ? "''" : value}`);
  const head = [`${command} on ${table}, ${key}`, `as ${[identity.role, ...settings].join(', ')}`, words];
  return `${[...head, '', ...lines.map(printLine)].join('\n')}\n`;
}

/** Of what is true or not, a mark and, where a mark would not do, the word; of anything else, the value. */
function printLine({ depth, part, what, value }: ExplanationLine): string {
  const indent = '  '.repeat(depth);
  if (part === 'note') return `${indent}• ${what}`;
  if (part === 'operand') return `${indent}  ${what} = ${value}`;
  if (value === 'true') return `${indent}✓ ${what}`;
  if (value === 'false') return `${indent}✗ ${what}`;
  if (value === 'on' || value === 'off') return `${indent}• row security is ${what}`;
  return `${indent}✗ ${what}: ${value}`;
}
