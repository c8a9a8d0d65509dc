import { equalBytes, utf8DecodeLossy, utf8Encode } from '@custody/bytes';
import { type DisclosedField, valueOfField } from '@custody/chain';
import { usage } from './errors.ts';
import type { Passage } from './redaction-rules.ts';

/** A stretch of a body: UTF-8 bytes `from` to `to`, and what stands there. */
export interface PassageBytes {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Finds a passage in an item's text. Throws UsageError ARGUMENT_INVALID where it is not there. */
export function passageIn(index: number, body: DisclosedField | undefined, passage: Passage): PassageBytes {
  const bytes = body === undefined ? null : valueOfField(body);
  if (bytes === null || bytes === undefined)
    throw usage('ARGUMENT_INVALID', `item ${index} has no text to withhold from`);
  const text = utf8DecodeLossy(bytes);
  const start = 'text' in passage ? text.indexOf(passage.text) : passage.start;
  const end = 'text' in passage ? start + passage.text.length : passage.end;
  if (start < 0 || end > text.length)
    throw usage('ARGUMENT_INVALID', `item ${index} has no such passage: nothing would be withheld`);
  // Of bytes that are no UTF-8 nobody can say which characters they are: the whole text goes.
  if (!equalBytes(utf8Encode(text), bytes)) return { from: 0, to: bytes.length, text };
  const from = utf8Encode(text.slice(0, start)).length;
  return { from, to: from + utf8Encode(text.slice(start, end)).length, text: text.slice(start, end) };
}
