/** The user's own record: read, renamed, deleted with all that there is. GraphQL alone has it. */
import fc from 'fast-check';
import { claimsOf } from '../model.ts';
import type { Kind } from '../step.ts';
import { recorded, refused } from '../transitions.ts';

const record = '{ id name email }';

export const me: Kind = {
  name: 'me',
  weight: 4,
  plans: fc.constant((_world, who, token) => ({
    graphql: { document: `{ me ${record} }`, read: (data) => ({ value: data.me }) },
    transition: (person) => [person, { value: person.record ?? claimsOf(who, token) }],
  })),
};

export const updateMe: Kind = {
  name: 'update me',
  weight: 4,
  races: true,
  plans: fc.constantFrom('Someone', ' Someone else ', ' ').map((name) => (_world, _who, token) => ({
    graphql: {
      document: `mutation ($name: String!) { updateMe(input: { name: $name }) { user ${record} } }`,
      variables: { name },
      read: (data) => ({ value: data.updateMe.user }),
    },
    transition(person) {
      if (name.trim() === '') return [person, refused('VALIDATION_FAILED')];
      const before = recorded(person, token)?.record;
      if (!before) return [person, refused('UNAUTHENTICATED')];
      const after = { ...before, name: name.trim() };
      return [{ ...person, record: after }, { value: after }];
    },
  })),
};

export const deleteMe: Kind = {
  name: 'delete me',
  weight: 2,
  races: true,
  plans: fc.constant((_world, who, token) => ({
    graphql: {
      document: `mutation { deleteMe(input: {}) { user ${record} } }`,
      read: (data) => ({ value: data.deleteMe.user }),
    },
    // Answered as it was.
    transition: (person) => [
      { ...person, tasks: new Map(), record: null, left: true },
      { value: person.record ?? claimsOf(who, token) },
    ],
  })),
};
