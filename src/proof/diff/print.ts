/** Changes for the terminal, and as findings. */
import type { Finding } from '../finding.ts';
import type { Change, Direction } from './change.ts';

const signs: Record<Direction, string> = { widened: '+', narrowed: '-', changed: '~' };

/** Text: by object, those in which something widened first; the counts at the end. */
export function printDiff(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing differs in who may do what.\n';
  // Changes come with what widened first, and so do the objects.
  const objects = [...new Set(changes.map(({ object }) => object))];
  const blocks = objects.map((object) =>
    [object, ...changes.filter((change) => change.object === object).map(printChange)].join('\n'),
  );
  const count = (direction: Direction) => changes.filter((change) => change.direction === direction).length;
  const counts = `${count('widened')} widened (+), ${count('changed')} changed (~), ${count('narrowed')} narrowed (-)`;
  return `${[...blocks, counts].join('\n\n')}\n`;
}

function printChange({ direction, what, before, after }: Change): string {
  const values = [before === undefined ? [] : `from ${before}`, after === undefined ? [] : `to   ${after}`].flat();
  return [
    `  ${signs[direction]} ${what}`,
    ...values.map((value) => `      ${value.replaceAll('\n', '\n        ')}`),
  ].join('\n');
}

/** For SARIF: what widened is a warning, what may have is a note, as is what narrowed. */
export const findingsOf = (changes: readonly Change[]): Finding[] =>
  changes.map(({ direction, object, what }) => ({
    rule: `access_${direction}`,
    level: direction === 'widened' ? 'warning' : 'note',
    object,
    problem: what,
  }));
