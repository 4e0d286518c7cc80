/** Charts over time: columns that stand side by side, or a line that rises. */
import { escape } from '../../../print/escape.ts';
import { periodLabel, type Periods } from '../periods.ts';
import { ticksTo } from '../ticks.ts';
import { printShortCount } from '../units.ts';
import type { Drawing } from './figure.ts';

/** Pixels: above the highest mark, where the axis has its unit; between the highest and the lowest; below, for the names of periods. */
const top = 26;
const plot = 150;
const bottom = 24;

/** How many periods are named at the most, so that the names have room on a telephone. */
const named = 4;

/**
 * Columns: in each period one for each series.
 * @param unit what is counted
 */
export function columnChart(periods: Periods, series: readonly (readonly number[])[], unit: string): Drawing {
  const ticks = ticksTo(Math.max(...series.flat()));
  const band = 100 / periods.starts.length;
  // Four fifths of a period are columns, the rest is the gap.
  const width = (band * 0.8) / series.length;
  const columns = series.flatMap((values, index) =>
    values.map((value, period) => {
      const height = (plot * value) / ticks.at(-1)!;
      const left = period * band + band * 0.1 + index * width;
      return value === 0
        ? ''
        : `<rect class="colour-${index + 1}" x="${percent(left)}" width="${percent(width)}" y="${pixels(top + plot - height)}" height="${pixels(height)}"/>`;
    }),
  );
  return drawing(periods, ticks, unit, columns.join(''));
}

/**
 * A line: what had come together by the end of each period, from nothing at the beginning of the first.
 * @param sums by the end of each period
 * @param unit what is counted
 */
export function lineChart(periods: Periods, sums: readonly number[], unit: string): Drawing {
  const ticks = ticksTo(sums.at(-1)!);
  const points = [0, ...sums].map(
    (sum, index) => `${pixels((1000 * index) / sums.length)},${pixels(1000 - (1000 * sum) / ticks.at(-1)!)}`,
  );
  // Stretched to the width that there is; the line keeps its own.
  const line = `<svg aria-hidden="true" y="${top}" width="100%" height="${plot}" viewBox="0 0 1000 1000" preserveAspectRatio="none">
<polygon class="area" points="0,1000 ${points.join(' ')} 1000,1000"/>
<polyline class="line" vector-effect="non-scaling-stroke" points="${points.join(' ')}"/>
</svg>`;
  return drawing(periods, ticks, unit, line);
}

const drawing = (periods: Periods, ticks: readonly number[], unit: string, content: string): Drawing => ({
  height: top + plot + bottom,
  margin: true,
  content: `${amounts(ticks, unit)}${content}${names(periods)}`,
});

function amounts(ticks: readonly number[], unit: string): string {
  const marks = ticks.map((tick) => {
    const y = pixels(top + plot - (plot * tick) / ticks.at(-1)!);
    return `<line class="grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="end" x="-8" y="${y}" dy="4">${printShortCount(tick)}</text>`;
  });
  return `<text x="-44" y="12">${escape(unit)}</text>${marks.join('')}`;
}

/** The names stand to the right of where their period begins, and none where there is no room for it. */
function names({ unit, starts }: Periods): string {
  const step = Math.ceil(starts.length / named);
  return starts
    .map((start, index) => {
      const left = (100 * index) / starts.length;
      if (index % step !== 0 || left > 80) return '';
      return `<line class="mark" x1="${percent(left)}" x2="${percent(left)}" y1="${top + plot}" y2="${top + plot + 6}"/><text x="${percent(left)}" dx="3" y="${top + plot + 16}">${escape(periodLabel(unit, start))}</text>`;
    })
    .join('');
}

const percent = (value: number): string => `${Number(value.toFixed(3))}%`;
const pixels = (value: number): string => `${Number(value.toFixed(2))}`;
