/** The ways of writing the history that are compared: not at all, by statement as the migrations do, and by row with the same expressions. */
import type pg from 'pg';

export type Variant = 'none' | 'statement' | 'row';

export const variants: readonly Variant[] = ['none', 'statement', 'row'];

const events = ['insert', 'update', 'delete'] as const;

/** Makes triggers by row out of the functions of those by statement: `new` and `old` in place of the transition tables. All are off. */
export async function makeRowTriggers(admin: pg.Client): Promise<void> {
  for (const event of events) {
    const { rows } = await admin.query<{ definition: string }>(
      "select pg_get_functiondef(('app_private.tg_tasks__record_' || $1)::regproc) as definition",
      [event],
    );
    const byRow = rows[0]!.definition
      .replace(`tg_tasks__record_${event}`, `tg_bench__record_${event}`)
      .replace(
        /from changed as task\s+join before as was on [^;]+;/,
        'from (select new.*) as task, (select old.*) as was;',
      )
      .replace('from changed as task;', 'from (select new.*) as task;')
      .replace('from changed as was;', 'from (select old.*) as was;')
      .replace('return null', 'return null /* by row */');
    if (/\bchanged\b/.test(byRow)) throw new Error(`The function of ${event} has another form than this bench knows.`);
    await admin.query(
      `${byRow};
       alter function app_private.tg_bench__record_${event}() owner to hedgerow_historian;
       create trigger _800_bench_${event} after ${event} on app_public.tasks
       for each row execute function app_private.tg_bench__record_${event}()`,
    );
  }
  await switchTo(admin, 'none');
}

/** Makes one variant's triggers the only ones that write the history. */
export async function switchTo(admin: pg.Client, variant: Variant): Promise<void> {
  const set = (name: string, on: boolean) =>
    `alter table app_public.tasks ${on ? 'enable' : 'disable'} trigger ${name}`;
  await admin.query(
    events
      .flatMap((event) => [
        set(`_800_record_${event}`, variant === 'statement'),
        set(`_800_bench_${event}`, variant === 'row'),
      ])
      .join('; '),
  );
}
