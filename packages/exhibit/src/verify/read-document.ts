import { utf8Decode } from '@custody/bytes';
import { malformed } from '../errors.ts';
import type { ExhibitDocument } from '../model.ts';

/** Reads `exhibit.json` and checks the shape of everything that verification walks through. Throws EXHIBIT_MALFORMED. */
export function readDocument(bytes: Uint8Array): ExhibitDocument {
  const value = parse(bytes);
  const document = record(value, 'the document');
  if (document.custodyExhibit !== 1) throw malformed('exhibit.json is not of version 1');
  text(document.verifierKey, 'verifierKey');
  text(document.checkpoint, 'checkpoint');
  count(document.size, 'size');
  text(record(document.case, 'case').origin, 'case.origin');
  for (const entry of list(document.derivations, 'derivations')) count(record(entry, 'a derivation').entry, 'entry');
  for (const one of list(document.segments, 'segments')) checkSegment(one);
  for (const one of list(document.leaves, 'leaves')) checkLeaf(one);
  for (const entry of list(document.conversations, 'conversations')) record(entry, 'a conversation');
  const completeness = record(document.completeness, 'completeness');
  count(completeness.shown, 'completeness.shown');
  count(completeness.context, 'completeness.context');
  return value as ExhibitDocument;
}

function checkSegment(value: unknown): void {
  const segment = record(value, 'a segment');
  count(segment.entry, 'segment.entry');
  text(segment.bytes, 'segment.bytes');
  for (const hash of list(segment.proof, 'segment.proof')) text(hash, 'a proof hash');
}

function checkLeaf(value: unknown): void {
  const leaf = record(value, 'an item');
  for (const name of ['index', 'segment', 'position']) count(leaf[name], `item.${name}`);
  if (leaf.kind !== 1 && leaf.kind !== 2) throw malformed('an item has no kind');
  if (!['selected', 'context', 'finding'].includes(String(leaf.role))) throw malformed('an item has no role');
  text(leaf.previous, 'item.previous');
  for (const hash of list(leaf.path, 'item.path')) text(hash, 'a path hash');
  for (const name of list(leaf.raw, 'item.raw')) text(name, 'a raw record name');
  for (const field of list(leaf.fields, 'item.fields')) record(field, 'a field');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8Decode(bytes));
  } catch {
    throw malformed('exhibit.json is not JSON in UTF-8');
  }
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} is no object`);
  return value as Record<string, unknown>;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${what} is no list`);
  return value;
}

function text(value: unknown, what: string): void {
  if (typeof value !== 'string') throw malformed(`${what} is no text`);
}

function count(value: unknown, what: string): void {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw malformed(`${what} is no number`);
}
