/** Faults for the database, each as somebody might make it. What a fault changes is put back by what was read before, or by its own `mend`. */
import { testRoles } from '../../support/servers.ts';

export type Fault = {
  /** What is wrong, as a sentence. */
  what: string;
  plant: string;
  /** Only for what is neither a function nor a policy. */
  mend?: string;
  /** The part of the API that is searched; without it, all. What is wrong in there nobody says. */
  among?: readonly string[];
  /** Whether it shows only when two things are done at once. */
  races?: true;
};

/** The body of a function, in place of the one that is there. */
const sql = (signature: string, returns: string, body: string, properties = 'volatile') =>
  `create or replace function ${signature} returns ${returns} language sql ${properties} as $fault$ ${body} $fault$`;
const plpgsql = (signature: string, returns: string, body: string) =>
  `create or replace function ${signature} returns ${returns} language plpgsql volatile as $fault$ #variable_conflict use_column
  ${body} $fault$`;

/** With rights that no policy binds. Those of the schema's owner would not do: forced row-level security shows the owner nothing. */
const asSuperuser = (signature: string) => ({
  plant: `alter function ${signature} owner to current_user; alter function ${signature} security definer`,
  mend: `alter function ${signature} owner to ${testRoles.owner.user}`,
});

const oneTask = (name: string, parameters: string) =>
  `app_public.${name}(id uuid, ${parameters}if_version integer default null)`;
const tasks = 'app_public.tasks';

export const faults: readonly Fault[] = [
  { what: 'everybody may read every task', plant: `alter policy select_owner on ${tasks} using (true)` },
  {
    what: 'everybody may read and delete every task',
    plant: `alter policy select_owner on ${tasks} using (true); alter policy delete_owner on ${tasks} using (true)`,
  },
  {
    what: 'everybody may read and change every task',
    plant: `alter policy select_owner on ${tasks} using (true); alter policy update_owner on ${tasks} using (true) with check (true)`,
  },
  {
    what: 'row-level security is off',
    plant: `alter table ${tasks} disable row level security`,
    mend: `alter table ${tasks} enable row level security`,
  },
  {
    what: 'a task that is in the trash is hidden by the policy',
    plant: `alter policy select_owner on ${tasks} using (owner_id = app_hidden.current_user_id() and deleted_at is null)`,
  },
  {
    what: 'a new task belongs to bob, whoever makes it, and nothing checks that',
    plant: `alter table ${tasks} alter column owner_id set default 'bob'; alter policy insert_owner on ${tasks} with check (true)`,
    mend: `alter table ${tasks} alter column owner_id set default app_hidden.current_user_id()`,
  },
  {
    what: 'a connection takes the first user that it sees for everybody',
    plant: sql(
      'app_hidden.current_user_id()',
      'text',
      `select coalesce(nullif(current_setting('fault.sub', true), ''), set_config('fault.sub', nullif(current_setting('jwt.claims.sub', true), ''), false))`,
      'stable parallel safe',
    ),
  },
  {
    what: 'an id is taken when anybody has it',
    plant: `alter table ${tasks} add constraint fault unique (id)`,
    mend: `alter table ${tasks} drop constraint fault`,
  },
  {
    what: 'trashing runs with the rights of a superuser',
    among: ['trash'],
    ...asSuperuser('app_public.trash_task(uuid, integer)'),
  },
  { what: 'toggling runs with the rights of a superuser', ...asSuperuser('app_public.toggle_task(uuid, integer)') },
  {
    what: 'emptying the trash runs with the rights of a superuser',
    among: ['trash', 'empty trash'],
    ...asSuperuser('app_public.empty_trash()'),
  },
  {
    what: 'deleting many runs with the rights of a superuser',
    among: ['delete many'],
    ...asSuperuser('app_public.delete_tasks(app_public.task_ref[])'),
  },
  {
    what: 'looking for missing tasks runs with the rights of a superuser',
    ...asSuperuser('app_hidden.hold_tasks(app_public.task_ref[])'),
  },
  {
    what: 'versions are neither looked at nor counted',
    plant: `alter table ${tasks} disable trigger _400_version`,
    mend: `alter table ${tasks} enable trigger _400_version`,
  },
  {
    what: 'versions are counted but not looked at',
    plant: plpgsql('app_private.tg__version()', 'trigger', 'begin new.version = old.version + 1; return new; end'),
  },
  {
    what: 'the version in a refusal is the one that was sent',
    plant: plpgsql(
      'app_private.tg__version()',
      'trigger',
      'begin if new.version <> old.version then perform app_hidden.refuse_stale(old.id, new.version); end if; new.version = old.version + 1; return new; end',
    ),
  },
  {
    what: 'deleting does not look at the version',
    among: ['delete', 'update'],
    plant: plpgsql(
      oneTask('delete_task', ''),
      tasks,
      `declare held app_public.tasks; begin
        delete from app_public.tasks as task where task.id = delete_task.id returning task.* into held; return held; end`,
    ),
  },
  {
    what: 'completing looks at the version before it waits for the row: of two at once both win',
    among: ['complete'],
    races: true,
    plant: plpgsql(
      oneTask('complete_task', 'completed boolean default true, '),
      tasks,
      `declare done app_public.tasks; begin
        select task.* into done from app_public.tasks as task where task.id = complete_task.id;
        if done.version <> if_version then perform app_hidden.refuse_stale(done.id, done.version); end if;
        perform pg_sleep(0.02);
        update app_public.tasks as task set completed = complete_task.completed where task.id = complete_task.id returning task.* into done;
        return done; end`,
    ),
  },
  {
    what: 'toggling reads first and writes later: of two at once one is lost',
    among: ['toggle'],
    races: true,
    plant: plpgsql(
      oneTask('toggle_task', ''),
      tasks,
      `declare was boolean; done app_public.tasks; begin
        select task.completed into was from app_public.tasks as task where task.id = toggle_task.id;
        perform pg_sleep(0.02);
        update app_public.tasks as task set completed = not was, version = coalesce(if_version, task.version)
        where task.id = toggle_task.id returning task.* into done;
        return done; end`,
    ),
  },
  {
    what: 'many at once: those that are missing are passed over',
    plant: plpgsql(
      'app_hidden.hold_tasks(refs app_public.task_ref[])',
      'void',
      `begin perform app_hidden.refuse_too_many(cardinality(refs));
        if exists (select from unnest(refs) as ref group by ref.id having count(*) > 1) then
          raise exception using errcode = 'ZH422', message = 'Each task may be named once.'; end if;
        perform app_hidden.refuse_stale(task.id, task.version) from unnest(refs) as ref join app_public.tasks as task on task.id = ref.id
        where task.version <> ref.if_version order by task.id limit 1; end`,
    ),
  },
  {
    what: 'many at once: as many as one likes',
    plant: plpgsql('app_hidden.refuse_too_many(count integer)', 'void', 'begin end').replace('volatile', 'immutable'),
  },
  {
    what: 'trashing again tells a later time',
    among: ['trash'],
    plant: sql(
      oneTask('trash_task', ''),
      tasks,
      'update app_public.tasks as task set deleted_at = now(), version = coalesce(if_version, task.version) where task.id = trash_task.id returning task.*',
    ),
  },
  {
    what: 'restoring reopens, too',
    among: ['complete', 'trash', 'restore'],
    plant: sql(
      oneTask('restore_task', ''),
      tasks,
      'update app_public.tasks as task set deleted_at = null, completed = false, version = coalesce(if_version, task.version) where task.id = restore_task.id returning task.*',
    ),
  },
  {
    what: 'emptying the trash counts all tasks',
    among: ['trash', 'empty trash'],
    plant: sql(
      'app_public.empty_trash()',
      'integer',
      'with emptied as (delete from app_public.tasks where deleted_at is not null) select count(*)::integer from app_public.tasks',
    ),
  },
  {
    what: 'completing again tells a later time',
    among: ['complete'],
    plant: `drop trigger _310_completed_at on ${tasks};
      create trigger _310_completed_at before update of completed on ${tasks} for each row execute function app_private.tg_tasks__completed_at()`,
    mend: `drop trigger _310_completed_at on ${tasks};
      create trigger _310_completed_at before update of completed on ${tasks} for each row
      when (new.completed <> old.completed) execute function app_private.tg_tasks__completed_at()`,
  },
  {
    what: 'a change does not move updatedAt',
    plant: `alter table ${tasks} disable trigger _500_updated_at`,
    mend: `alter table ${tasks} enable trigger _500_updated_at`,
  },
  {
    what: 'titles are not trimmed',
    plant: `alter table ${tasks} disable trigger _200_trim_title`,
    mend: `alter table ${tasks} enable trigger _200_trim_title`,
  },
  {
    what: 'replacing keeps the description that is not given',
    among: ['replace'],
    plant: plpgsql(
      'app_public.replace_task(id uuid, task app_public.tasks, if_version integer default null)',
      tasks,
      `declare replaced app_public.tasks; begin
        update app_public.tasks as stored set
          title = (replace_task.task).title, description = coalesce((replace_task.task).description, stored.description),
          completed = coalesce((replace_task.task).completed, false), priority = coalesce((replace_task.task).priority, 'normal'),
          due_at = (replace_task.task).due_at, tags = coalesce((replace_task.task).tags, '{}'),
          version = coalesce(replace_task.if_version, stored.version)
        where stored.id = replace_task.id returning stored.* into replaced;
        return replaced; end`,
    ),
  },
  {
    what: 'the tasks of a user who leaves stay',
    among: ['delete me'],
    plant: `alter table ${tasks} drop constraint tasks_owner_id_fkey; alter table app_public.users disable trigger _200_delete_tasks`,
    mend: `delete from ${tasks} where owner_id not in (select id from app_public.users);
      alter table app_public.users enable trigger _200_delete_tasks;
      alter table ${tasks} add constraint tasks_owner_id_fkey foreign key (owner_id) references app_public.users (id) on delete cascade`,
  },
  {
    what: 'a user who has tasks cannot leave',
    among: ['delete me'],
    plant: `alter table ${tasks} drop constraint tasks_owner_id_fkey, add constraint tasks_owner_id_fkey foreign key (owner_id) references app_public.users (id);
      alter table app_public.users disable trigger _200_delete_tasks`,
    mend: `alter table app_public.users enable trigger _200_delete_tasks;
      alter table ${tasks} drop constraint tasks_owner_id_fkey,
      add constraint tasks_owner_id_fkey foreign key (owner_id) references app_public.users (id) on delete cascade`,
  },
  {
    what: 'a token from before the account was deleted brings it back',
    among: ['delete me'],
    plant: 'alter table app_public.users disable trigger _100_refuse_deleted',
    mend: 'alter table app_public.users enable trigger _100_refuse_deleted',
  },
  {
    what: 'leaving forgets whom it is about, with the rights of a superuser',
    among: ['delete me'],
    plant: `${plpgsql(
      'app_public.delete_me()',
      'app_public.users',
      'declare leaving app_public.users = app_public.me(); begin delete from app_public.users; return leaving; end',
    )}; ${asSuperuser('app_public.delete_me()').plant}`,
    mend: asSuperuser('app_public.delete_me()').mend,
  },
  {
    what: 'trashing runs with the rights of the owner of the schema, who sees no task',
    plant: 'alter function app_public.trash_task(uuid, integer) security definer',
  },
  {
    what: 'counts count what is in the trash',
    among: ['trash', 'count'],
    plant: sql(
      'app_public.users_task_counts(person app_public.users)',
      'app_public.task_tally',
      `select count(*)::integer, count(*) filter (where not completed)::integer, count(*) filter (where completed)::integer,
        count(*) filter (where app_public.tasks_overdue(task))::integer, count(*) filter (where deleted_at is not null)::integer
      from app_public.tasks as task where task.owner_id = person.id`,
      'stable parallel safe',
    ),
  },
];
