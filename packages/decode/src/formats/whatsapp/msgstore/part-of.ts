import type { Parent } from './directory.ts';
import type { ItemContext } from './item-context.ts';
import { writeSentAt, writeTalk } from './message-head.ts';

/** The message or call that a row belongs to gives it its time. */
export function writePartOf(context: ItemContext, parent: Parent | null): void {
  if (parent === null) return;
  if (parent.id !== null) context.out.ref('part-of', parent.id);
  writeSentAt(context, parent.at, parent.fromMe);
}

/** A row inside a message was said by the same person to the same people: the authority judges both alike. */
export function writeWithin(context: ItemContext, parent: Parent | null): void {
  if (parent !== null) writeTalk(context, parent);
  writePartOf(context, parent);
}
