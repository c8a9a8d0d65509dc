import { type ByteColumn, type CborValue, decodeCbor, rowBytes } from '@custody/bytes';
import { findingSlot, itemSlot } from '@custody/evidence';
import { latin1Of, utf8Latin1 } from '@custody/exhibit';
import { openSegment, type PartContent } from '@custody/segment';
import { bySegment, sourceIdentities } from '../expunge-selection.ts';
import type { Case } from '../open-case.ts';
import { regionsOf } from '../regions-of.ts';

/** Fields of an item that say something of its own: in bytes as they are, or in CBOR. */
const PLAIN = ['messageId', 'conversation', 'body'] as const;
const STRUCTURED = ['sender', 'recipients', 'owner', 'refs', 'attachments', 'fields'] as const;

/** A text of a leaf, one character a byte, and the region its derivation is read by. */
export interface LeafText {
  readonly text: string;
  readonly region: string | null;
}

/** Texts of leaves that are about to be destroyed. Needs `source`. */
export async function* destroyedTexts(opened: Case, leaves: readonly number[]): AsyncGenerator<LeafText> {
  for (const [segment, own] of bySegment(opened, leaves)) {
    const wanted = new Set(own.map((index) => index - segment.first));
    const { parts } = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
    const region = regionsOf(opened)(segment.derive);
    for (const { content } of parts)
      for (const text of textsOf(content, (position) => wanted.has(position))) yield { text, region };
  }
}

/**
 * Content of all leaves but these. With `isWhole` it may be whole columns where nothing of a segment is destroyed: enough
 * for a search, in which values may follow each other.
 */
export async function* stayingTexts(
  opened: Case,
  leaves: readonly number[],
  isWhole: boolean,
): AsyncGenerator<LeafText> {
  const { rewrites, segments } = opened.ledger;
  const going = new Set(leaves);
  const touched = new Set([...bySegment(opened, leaves).keys()]);
  for (const segment of segments) {
    const { parts } = await openSegment(opened.vault, opened.ledger, segment, sourceIdentities(opened));
    const stays = (position: number) =>
      !going.has(segment.first + position) && rewrites.expungedBy(segment.first + position) === null;
    const region = regionsOf(opened)(segment.derive);
    for (const { content } of parts) {
      if (isWhole && !touched.has(segment)) {
        for (const column of worded(content)) yield { text: latin1Of(column.bytes), region };
      } else for (const text of textsOf(content, stays)) yield { text, region };
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
