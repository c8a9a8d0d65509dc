import { type ByteColumn, type CborValue, decodeCbor, rowBytes } from '@custody/bytes';
import { findingSlot, itemSlot } from '@custody/evidence';
import { latin1Of, utf8Latin1 } from '@custody/exhibit';
import { openSegment, type PartContent } from '@custody/segment';
import { bySegment, sourceIdentities } from '../expunge-selection.ts';
import type { Case } from '../open-case.ts';

/** Fields of an item that say something of its own: in bytes as they are, or in CBOR. */
const PLAIN = ['messageId', 'conversation', 'body'] as const;
const STRUCTURED = ['sender', 'recipients', 'owner', 'refs', 'attachments', 'fields'] as const;

/** Texts of leaves that are about to be destroyed, one character a byte. Needs `source`. */
export async function* destroyedTexts(opened: Case, leaves: readonly number[]): AsyncGenerator<string> {
  for (const [segment, own] of bySegment(opened, leaves)) {
    const wanted = new Set(own.map((index) => index - segment.first));
    const { parts } = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
    for (const { content } of parts) yield* textsOf(content, (position) => wanted.has(position));
  }
}

/**
 * Content of all leaves but these, one character a byte: whole columns where nothing of a segment is destroyed. It is only
 * searched, so that values may follow each other.
 */
export async function* stayingTexts(opened: Case, leaves: readonly number[]): AsyncGenerator<string> {
  const { rewrites, segments } = opened.ledger;
  const going = new Set(leaves);
  const touched = new Set([...bySegment(opened, leaves).keys()]);
  for (const segment of segments) {
    const { parts } = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
    const stays = (position: number) =>
      !going.has(segment.first + position) && rewrites.expungedBy(segment.first + position) === null;
    for (const { content } of parts) {
      if (touched.has(segment)) yield* textsOf(content, stays);
      else for (const column of worded(content)) yield latin1Of(column.bytes);
    }
  }
}

function worded({ items, findings }: PartContent): ByteColumn[] {
  const of = [...PLAIN, ...STRUCTURED].map((name) => items[itemSlot[name] - 1] as ByteColumn);
  return [...of, findings[findingSlot.detail - 1] as ByteColumn];
}

function* textsOf(content: PartContent, isWanted: (position: number) => boolean): Generator<string> {
  const { items, findings, itemPositions, findingPositions } = content;
  for (const [row, position] of itemPositions.entries()) {
    if (!isWanted(position)) continue;
    for (const name of PLAIN) {
      const value = rowBytes(items[itemSlot[name] - 1] as ByteColumn, row);
      if (value !== null) yield latin1Of(value);
    }
    for (const name of STRUCTURED) {
      const value = rowBytes(items[itemSlot[name] - 1] as ByteColumn, row);
      if (value !== null && value.length > 0) yield* textsIn(decodeCbor(value));
    }
  }
  for (const [row, position] of findingPositions.entries()) {
    const value = isWanted(position) ? rowBytes(findings[findingSlot.detail - 1] as ByteColumn, row) : null;
    if (value !== null) yield latin1Of(value);
  }
}

function* textsIn(value: CborValue): Generator<string> {
  if (typeof value === 'string') yield utf8Latin1(value);
  else if (value instanceof Uint8Array) yield latin1Of(value);
  else if (typeof value === 'number' || typeof value === 'bigint') yield String(value);
  else if (value instanceof Map) for (const one of value.values()) yield* textsIn(one);
  else if (Array.isArray(value)) for (const one of value as readonly CborValue[]) yield* textsIn(one);
}
