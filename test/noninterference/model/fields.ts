/** What clients send of tasks: few values, so that filters find some and orders have ties; now and then one that a rule refuses. */
import fc from 'fast-check';
import { priorities } from './model.ts';
import type { Fields } from './transitions.ts';

/** Words that no stemming changes; none is the beginning of another, so every collation puts them in the same order. */
export const words = ['elm', 'fern', 'moss', 'oak'] as const;
export const tags = ['garden', 'home', 'work'] as const;
export const moments = ['2020-01-01T00:00:00Z', '2021-06-01T12:30:00+02:00', '2999-12-31T23:59:59.5Z'] as const;

const phrase = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((some) => some.join(' '));

const title = fc.oneof(
  { weight: 16, arbitrary: phrase },
  { weight: 2, arbitrary: phrase.map((text) => `\t ${text}\u3000\n`) },
  { weight: 1, arbitrary: fc.constantFrom(' ', '', 'x'.repeat(201)) },
);
const someTags = fc.oneof(
  { weight: 16, arbitrary: fc.subarray([...tags]) },
  { weight: 1, arbitrary: fc.constant(['garden', ' garden']) },
);

const optional = {
  description: fc.option(phrase, { nil: null }),
  completed: fc.boolean(),
  priority: fc.constantFrom(...priorities),
  dueAt: fc.option(fc.constantFrom(...moments), { nil: null }),
  tags: someTags,
};

/** Of a whole task: a title at least. */
export const fields = fc.record({ title, ...optional }, { requiredKeys: ['title'] }) as fc.Arbitrary<
  Fields & { title: string }
>;
/** Of a part of one. */
export const patch = fc.record({ title, ...optional }, { requiredKeys: [] }) as fc.Arbitrary<Fields>;
