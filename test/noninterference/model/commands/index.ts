/** All there is to do. */
import { deleteMe, me, updateMe } from './account.ts';
import { completeMany, createMany, removeMany, restoreMany, trashMany, updateMany } from './bulk.ts';
import { replace, update } from './change.ts';
import { complete, toggle } from './complete.ts';
import { counts } from './counts.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { emptyTrash, remove, restore, trash } from './trash.ts';
import type { Kind } from '../step.ts';

export const kinds: readonly Kind[] = [
  create,
  get,
  update,
  replace,
  complete,
  toggle,
  trash,
  restore,
  remove,
  emptyTrash,
  createMany,
  updateMany,
  completeMany,
  trashMany,
  restoreMany,
  removeMany,
  list,
  counts,
  me,
  updateMe,
  deleteMe,
];
