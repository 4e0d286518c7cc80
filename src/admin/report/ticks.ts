/** Where an axis has its marks: at round numbers, from 0 to the first that is not below the largest value. */
import { type Unit, unitFor } from './units.ts';

/** How many intervals an axis has at the most. */
const intervals = 4;

/**
 * The marks; the last is the end of the axis.
 * @param units in which they are to be round; without them they are whole numbers
 */
export function ticksTo(largest: number, units?: readonly Unit[]): number[] {
  const [, unit] = units === undefined ? ['', 1] : unitFor(units, largest);
  if (largest <= 0) return [0, unit];
  const step = roundStep(largest / unit / intervals, units === undefined);
  const count = Math.ceil(largest / unit / step - 1e-9);
  // Without the digits that adding up leaves behind, as in 0.30000000000000004.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step * unit).toPrecision(12)));
}

/** The next 1, 2, 2.5 or 5 times a power of ten. */
function roundStep(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const steps = [1, 2, 2.5, 5, 10].map((factor) => factor * power);
  return whole
    ? Math.max(1, steps.find((step) => step >= least && Number.isInteger(step)) ?? 1)
    : steps.find((step) => step >= least - 1e-9)!;
}
