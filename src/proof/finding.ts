/** What a command of the proof has found: one shape for text, JSON and SARIF. */

/** How bad it is: an error opens rows or is about to; a warning makes that likely, or slow; a note is for the reader to weigh. */
export type Level = 'error' | 'warning' | 'note';

export type Finding = {
  /** Names the kind of finding and stays the same for ever, such as `0001_row_security_off`. */
  rule: string;
  level: Level;
  /** The object, qualified, such as `app_public.tasks` or `app_public.tasks.owner_id`. Together with the rule it identifies the finding. */
  object: string;
  /** What is wrong with it: one sentence. */
  problem: string;
  /** SQL that mends it, or a sentence that says how. */
  remedy?: string;
};
