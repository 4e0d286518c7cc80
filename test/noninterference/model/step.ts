/** One operation: what a person does through either door, and what it does to their part of the model. */
import type fc from 'fast-check';
import { fromGraphQL, fromRest, type GraphQLCall, type RestCall, wire } from './client.ts';
import type { Outcome, Token, Transition, User, World } from './model.ts';
import type { Ref } from './transitions.ts';

export type Step = {
  graphql: GraphQLCall;
  /** Not every operation is offered over REST. */
  rest?: RestCall;
  transition: Transition;
};

/** A step, before it is known which tasks there are. */
export type Plan = (world: World, who: User, token: Token) => Step;

export type Kind = {
  name: string;
  /** Plans of this kind, which shrink. */
  plans: fc.Arbitrary<Plan>;
  /** How often it comes, beside the others. */
  weight: number;
  /** Whether two of a person may run at once and come out as if they had run one after the other. */
  races?: true;
};

/** A mutation that answers one task. */
export const mutation = (name: string, input: object): GraphQLCall => ({
  document: `mutation ($input: ${capital(name)}Input!) { ${name}(input: $input) { task { ...Wire } } } ${wire}`,
  variables: { input },
  read: (data) => ({ tasks: [fromGraphQL(data[name].task)] }),
});

/** A mutation that answers many. */
export const mutations = (name: string, input: object): GraphQLCall => ({
  document: `mutation ($input: ${capital(name)}Input!) { ${name}(input: $input) { tasks { ...Wire } } } ${wire}`,
  variables: { input },
  read: (data) => ({ tasks: data[name].tasks.map(fromGraphQL) }),
});

/** Reads one task of an answer of REST, whose tag has to be its version. */
export function readTask(body: any, headers: Record<string, unknown>): Outcome {
  const task = fromRest(body.data);
  if (headers.etag !== `"${task.version}"`)
    throw new Error(`The ETag is ${String(headers.etag)}: ${JSON.stringify(task)}`);
  return { tasks: [task] };
}

export const readTasks = (body: any): Outcome => ({ tasks: body.data.map(fromRest) });

/** A reference in a bulk request of REST. */
export const toRestRef = ({ id, ifVersion }: Ref) => ({ id, ...(ifVersion !== undefined && { version: ifVersion }) });

const capital = (name: string): string => name[0]!.toUpperCase() + name.slice(1);
