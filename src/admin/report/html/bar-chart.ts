/** Bars that lie one below the other, each with its name and amount above it; parts of different kinds follow each other in one bar. */
import { escape } from '../../../print/escape.ts';
import { cut } from '../cut.ts';
import { ticksTo } from '../ticks.ts';
import type { Unit } from '../units.ts';
import type { Drawing } from './figure.ts';

export type Bar = {
  name: string;
  /** One amount of each kind. */
  parts: readonly number[];
  /** What it comes to, in words. */
  amount: string;
};

/** Pixels: of one bar with its name; of the name; of the bar; below all, for the axis. */
const row = 42;
const nameHeight = 18;
const thickness = 14;
const bottom = 24;

/** A longer name would run into the amount on a telephone. */
const nameLength = 34;

/**
 * @param print an amount on the axis
 * @param units in which the axis is round; without them it is in whole numbers
 */
export function barChart(bars: readonly Bar[], print: (amount: number) => string, units?: readonly Unit[]): Drawing {
  const ticks = ticksTo(Math.max(...bars.map(({ parts }) => sum(parts))), units);
  const end = ticks.at(-1)!;
  const height = bars.length * row;
  const marks = ticks.map((tick, index) => {
    const x = percent(tick / end);
    const anchor = index === 0 ? '' : index === ticks.length - 1 ? ' class="end"' : ' class="middle"';
    return `<line class="grid" x1="${x}" x2="${x}" y1="0" y2="${height}"/><text${anchor} x="${x}" y="${height + 16}">${escape(print(tick))}</text>`;
  });
  return {
    height: height + bottom,
    content: `${marks.join('')}\n${bars.map((bar, index) => printBar(bar, index * row, end)).join('\n')}`,
  };
}

function printBar({ name, parts, amount }: Bar, y: number, end: number): string {
  const rects = parts.map((part, index) =>
    part === 0
      ? ''
      : `<rect class="colour-${index + 1}" x="${percent(sum(parts.slice(0, index)) / end)}" width="${percent(part / end)}" y="${y + nameHeight}" height="${thickness}"/>`,
  );
  // The names lie over the lines of the axis, so they have some paper behind them.
  return `<text class="name" x="0" y="${y + 12}">${escape(cut(name, nameLength))}</text><text class="name end" x="100%" y="${y + 12}">${escape(amount)}</text>${rects.join('')}`;
}

const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);

const percent = (share: number): string => `${Number((share * 100).toFixed(3))}%`;
