import type { CborWriter } from '@custody/bytes';
import type { Attachment, Authentication, Instant, InstantStatement, Ref } from './item.ts';
import type { Locator } from './locator.ts';

/** `[path, offset, length, row]`, and the further records as a fifth element when there are any. */
export function encodeLocator(cbor: CborWriter, locator: Locator, sources: readonly Locator[]): void {
  cbor.array(sources.length === 0 ? 4 : 5);
  place(cbor, locator);
  if (sources.length === 0) return;
  cbor.array(sources.length);
  for (const source of sources) {
    cbor.array(4);
    place(cbor, source);
  }
}

function place(cbor: CborWriter, locator: Locator): void {
  cbor.text(locator.path);
  number(cbor, locator.offset);
  number(cbor, locator.length);
  number(cbor, locator.row);
}

/**
 * `[utc, raw, zone, precision, clock]`; `true` as a sixth element where the time is ambiguous; `[from, to]` as a seventh
 * where only bounds are known, after `true` or `false`.
 */
export function encodeInstant(cbor: CborWriter, instant: Instant): void {
  const { within } = instant;
  cbor.array(within !== undefined ? 7 : instant.ambiguous === true ? 6 : 5);
  number(cbor, instant.utc);
  cbor.text(instant.raw);
  encodeStatement(cbor, instant);
  if (within !== undefined || instant.ambiguous === true) cbor.bool(instant.ambiguous === true);
  if (within === undefined) return;
  cbor.array(2);
  cbor.int(within[0]);
  cbor.int(within[1]);
}

/** The last three elements of an instant: `zone, precision, clock`. */
export function encodeStatement(cbor: CborWriter, statement: InstantStatement): void {
  text(cbor, statement.zone);
  cbor.text(statement.precision);
  cbor.text(statement.clock);
}

/** `[[rel, id] ...]` */
export function encodeRefs(cbor: CborWriter, refs: readonly Ref[]): void {
  cbor.array(refs.length);
  for (const ref of refs) {
    cbor.array(2);
    cbor.text(ref.rel);
    cbor.text(ref.id);
  }
}

/** `[[name, mime, size, sha256, present] ...]` */
export function encodeAttachments(cbor: CborWriter, attachments: readonly Attachment[]): void {
  cbor.array(attachments.length);
  for (const attachment of attachments) {
    cbor.array(5);
    text(cbor, attachment.name);
    text(cbor, attachment.mime);
    number(cbor, attachment.size);
    text(cbor, attachment.sha256);
    cbor.bool(attachment.present);
  }
}

/** `[mechanism, result, proves]` */
export function encodeAuthentication(cbor: CborWriter, authentication: Authentication): void {
  cbor.array(3);
  cbor.text(authentication.mechanism);
  cbor.text(authentication.result);
  cbor.text(authentication.proves);
}

function number(cbor: CborWriter, value: number | null): void {
  if (value === null) cbor.nil();
  else cbor.int(value);
}

function text(cbor: CborWriter, value: string | null): void {
  if (value === null) cbor.nil();
  else cbor.text(value);
}
