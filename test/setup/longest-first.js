/** The order of test files: those that take minutes come first, so that no worker is left with one of them when the others are done. */
import Sequencer from '@jest/test-sequencer';

/** In the order of what they take, on two cores. Jest knows it only from an earlier run on the same machine. */
const longest = [
  'noninterference/model/faults',
  'noninterference/model/run',
  'noninterference/walk/leaks',
  'noninterference/walk/graphql',
  'noninterference/faults/',
  'e2e/package',
  'e2e/prove-your-own-policies',
  'e2e/issuers',
  'e2e/policies',
  'proof/shapes',
  'proof/lint/rules',
  'integration/scale',
  'security/rest-garbage',
  'e2e/',
];

/** Those that are not listed come last. */
const rank = ({ path }) => {
  const at = longest.findIndex((part) => path.includes(`/test/${part}`));
  return at === -1 ? longest.length : at;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
