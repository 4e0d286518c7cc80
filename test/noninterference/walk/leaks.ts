/** Defects that others have shipped, each planted alone: in SQL, in what createApp is given, or in a module that stands in for ours. */
import type { OutgoingHttpHeaders, RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { context, get, listen } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import type { Identity } from '../../../src/auth/identity.ts';
import type * as Preset from '../../../src/graphql/preset.ts';
import type * as Authenticate from '../../../src/http/authenticate.ts';
import type { Planted } from './worlds.ts';

/** Parts of our modules; a leak puts its own in their place. */
export type Parts = {
  createPreset: typeof Preset.createPreset;
  authenticate: typeof Authenticate.authenticate;
};

export type Leak = Planted & {
  name: string;
  /** Given the real ones: made anew for each world. */
  parts?: (real: Parts) => Partial<Parts>;
};

const visitor = 'hedgerow_visitor';

export const leaks: Leak[] = [
  {
    name: 'a definer function without a filter, that tells whether a title is there',
    sql: `create function app_public.is_title_taken(title text) returns boolean language sql stable security definer set search_path = ''
      as $$ select exists (select from app_public.tasks as task where task.title = is_title_taken.title) $$;
      grant execute on function app_public.is_title_taken(text) to ${visitor};`,
  },
  {
    name: 'a definer function without a filter, that counts',
    sql: `create function app_public.tasks_in_all() returns integer language sql stable security definer set search_path = ''
      as $$ select count(*)::integer from app_public.tasks $$;
      grant execute on function app_public.tasks_in_all() to ${visitor};`,
  },
  {
    name: 'a computed column that runs as definer',
    sql: `create function app_public.tasks_namesakes(task app_public.tasks) returns integer language sql stable security definer set search_path = ''
      as $$ select count(*)::integer from app_public.tasks as other where other.title = task.title $$;
      grant execute on function app_public.tasks_namesakes(app_public.tasks) to ${visitor};`,
  },
  {
    name: 'a view with the rights of its owner',
    sql: `create view app_public.open_tasks as select task.title, task.description from app_public.tasks as task where not task.completed;
      grant select on app_public.open_tasks to ${visitor};`,
  },
  {
    name: 'a unique constraint on titles, without the owner',
    sql: 'alter table app_public.tasks add constraint tasks_title_key unique (title);',
  },
  {
    name: 'a unique constraint on ids alone',
    sql: 'alter table app_public.tasks add constraint tasks_id_key unique (id);',
  },
  {
    name: 'a policy that lets everybody read',
    sql: 'alter policy select_owner on app_public.tasks using (true);',
  },
  {
    name: 'a trigger that tells in its error what others have',
    sql: `create function app_private.tg_tasks__no_namesake() returns trigger language plpgsql security definer set search_path = '' as $$
      begin
        if exists (select from app_public.tasks as task where task.title = new.title and task.owner_id <> new.owner_id) then
          raise exception using errcode = '23514', message = 'Somebody has this already.';
        end if;
        return new;
      end $$;
      create trigger _900_no_namesake before insert on app_public.tasks for each row execute function app_private.tg_tasks__no_namesake();`,
  },
  {
    name: 'the error masker that the library brings, with a hash of the text',
    parts: ({ createPreset }) => ({ createPreset: (options) => withoutOurErrors(createPreset(options)) }),
  },
  {
    name: 'errors as PostgreSQL words them',
    parts: ({ createPreset }) => ({
      createPreset: (options) => withoutOurErrors(createPreset(options), { maskError: (error) => error }),
    }),
  },
  {
    name: 'settings that keep the user whom they have seen first',
    parts: ({ createPreset }) => ({
      createPreset(options) {
        let kept: Record<string, string> | undefined;
        return createPreset({ ...options, settingsOf: (...given) => (kept ??= options.settingsOf(...given)) });
      },
    }),
  },
  {
    name: 'settings for the session, of which absent claims keep what the last user had',
    options(options) {
      options.pool.on('connect', (client) => {
        const connection = client.connection as unknown as { parse(message: { text: string }): void };
        const parse = connection.parse.bind(connection);
        connection.parse = (message) => parse({ ...message, text: message.text.replaceAll(', true)', ', false)') });
      });
      return options;
    },
  },
  {
    name: 'a promise of settings',
    parts: ({ createPreset }) => ({
      createPreset: (options) =>
        createPreset({
          ...options,
          settingsOf: ((...given: Parameters<typeof options.settingsOf>) =>
            Promise.resolve(options.settingsOf(...given))) as never,
        }),
    }),
  },
  {
    name: 'a cache of answers whose key lacks the user',
    handler: cachedByUrl,
  },
  {
    name: 'a subscription whose topic comes from an argument',
    parts: ({ createPreset }) => ({
      createPreset(options) {
        const preset = createPreset(options);
        return { ...preset, plugins: [...preset.plugins!, TellsOfAnyonePlugin] };
      },
    }),
  },
  {
    name: 'an identity that stays with the connection',
    parts({ authenticate }) {
      const known = new WeakMap<Socket, Identity>();
      return {
        authenticate(verifyToken, identities) {
          const verify = authenticate(verifyToken, identities);
          return async (request) => {
            const identity = known.get(request.socket) ?? (await verify(request));
            identities.set(request, identity);
            known.set(request.socket, identity);
            return identity;
          };
        },
      };
    },
  },
];

function withoutOurErrors(
  preset: GraphileConfig.Preset,
  grafserv: GraphileConfig.Preset['grafserv'] = {},
): GraphileConfig.Preset {
  const { maskError: _ours, ...others } = preset.grafserv!;
  return {
    ...preset,
    plugins: preset.plugins!.filter(({ name }) => name !== 'HedgerowAnswersPlugin'),
    grafserv: { ...others, ...grafserv },
  };
}

/** Whose changes are told is asked of who subscribes. */
const TellsOfAnyonePlugin = extendSchema({
  typeDefs: gql`
    extend type Subscription {
      changesOf(ownerId: String!): TaskChange!
    }
  `,
  objects: {
    Subscription: {
      plans: {
        changesOf: {
          subscribePlan: (_: unknown, { $ownerId }: any) => listen(get(context(), 'changes') as any, $ownerId),
          plan: ($change: unknown) => $change,
        } as any,
      },
    },
  },
});

/** As somebody might put it in front: what was asked before is answered from memory. */
function cachedByUrl(handler: RequestListener): RequestListener {
  const answers = new Map<string, { status: number; headers: OutgoingHttpHeaders; body: unknown }>();
  return (request, response) => {
    if (request.method !== 'GET') return handler(request, response);
    // Express shortens it on the way.
    const url = request.url!;
    const kept = answers.get(url);
    if (kept) return void response.writeHead(kept.status, kept.headers).end(kept.body);
    const end = response.end.bind(response) as (...given: unknown[]) => typeof response;
    response.end = (...given: unknown[]) => {
      answers.set(url, { status: response.statusCode, headers: response.getHeaders(), body: given[0] });
      return end(...given);
    };
    handler(request, response);
  };
}
