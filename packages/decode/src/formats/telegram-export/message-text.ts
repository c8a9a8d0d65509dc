import type { CborValue } from '@custody/bytes';
import { isObject, textOf } from './json-object.ts';

export interface MessageText {
  readonly text: string | null;
  /** Parts that are more than text: links with their address, mentions with the id behind them, phone numbers … */
  readonly entities: CborValue;
}

/**
 * The text of a message: `text_entities` where there is one (since 2022), else `text`, which is a string or a list of strings
 * and objects with `type` and `text`.
 */
export function messageText(text: unknown, entities: unknown): MessageText {
  const parts = Array.isArray(entities) && entities.length > 0 ? entities : Array.isArray(text) ? text : null;
  if (parts === null) return { text: textOf(text), entities: null };
  let joined = '';
  const kept: CborValue[] = [];
  for (const part of parts) {
    if (typeof part === 'string') joined += part;
    else if (isObject(part)) {
      joined += typeof part.text === 'string' ? part.text : '';
      const { type } = part;
      if (typeof type !== 'string' || type === 'plain') continue;
      const named = Object.entries(part).filter(
        (one): one is [string, string | number] => typeof one[1] === 'string' || Number.isSafeInteger(one[1]),
      );
      kept.push(new Map<string, CborValue>(named));
    }
  }
  return { text: joined === '' ? null : joined, entities: kept.length === 0 ? null : kept };
}
