/** Which of two predicates lets more through, and how the changes are printed. */
import type { Change } from '../../../src/proof/diff/change.ts';
import { comparePredicates } from '../../../src/proof/diff/implies.ts';
import { findingsOf, printDiff } from '../../../src/proof/diff/print.ts';

test.each([
  ['(a AND b)', 'a', 'widened'],
  ['a', '(b AND a)', 'narrowed'],
  ['a', '(a OR b)', 'widened'],
  ['(a OR b)', 'b', 'narrowed'],
  ['(a AND b)', '(a OR c)', 'widened'],
  ['((a AND b) OR c)', '(a OR c)', 'widened'],
  ['(a AND (b OR c))', '(a AND b)', 'narrowed'],
  ['(a OR b)', '((b OR a) AND (a OR b OR c))', undefined],
  ['(a AND b)', '(b AND a)', undefined],
  ['a', 'true', 'widened'],
  ['true', 'a', 'narrowed'],
  ['false', 'a', 'widened'],
  ['a', 'false', 'narrowed'],
  ['a', 'b', 'changed'],
  ['(a AND b)', '(a AND c)', 'changed'],
  ['(NOT (a AND b))', '(NOT a)', 'changed'],
])('from %s to %s: %s', (before, after, direction) => {
  expect(comparePredicates(before, after)).toBe(direction);
});

const changes: Change[] = [
  { direction: 'widened', object: 'desk.notes', what: 'It opens.', before: 'a\nb', after: 'true' },
  { direction: 'changed', object: 'back.me()', what: 'It differs.' },
  { direction: 'narrowed', object: 'desk.notes', what: 'It closes.' },
];

test('changes are printed by object, what widened first, counted at the end', () => {
  expect(printDiff(changes)).toBe(`desk.notes
  + It opens.
      from a
        b
      to   true
  - It closes.

back.me()
  ~ It differs.

1 widened (+), 1 changed (~), 1 narrowed (-)
`);
  expect(printDiff([])).toBe('Nothing differs in who may do what.\n');
});

test('as findings, what widened is a warning', () => {
  expect(findingsOf(changes)).toEqual([
    { rule: 'access_widened', level: 'warning', object: 'desk.notes', problem: 'It opens.' },
    { rule: 'access_changed', level: 'note', object: 'back.me()', problem: 'It differs.' },
    { rule: 'access_narrowed', level: 'note', object: 'desk.notes', problem: 'It closes.' },
  ]);
});
