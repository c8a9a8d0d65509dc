import { CustodyError, utf8DecodeLossy } from '@custody/bytes';
import { bytesField, type ProtobufField, readProtobuf } from '../whatsapp/protobuf.ts';

/** What the message as sent says (Wire's `GenericMessage`), as far as an item needs it. */
export interface WireContent {
  readonly text: string | null;
  readonly asset: { readonly name: string | null; readonly mime: string | null; readonly size: number | null } | null;
  readonly place: { readonly latitude: number; readonly longitude: number; readonly name: string | null } | null;
  /** Id of the quoted message. */
  readonly quote: string | null;
}

/** Field numbers of messages.proto. */
const TEXT = 2;
const ASSET = 11;
const LOCATION = 13;
const EDITED = 15;
const EPHEMERAL = 18;

/** Null where the bytes are no such message. */
export function readGenericMessage(bytes: Uint8Array): WireContent | null {
  try {
    const message = readProtobuf(bytes);
    // What disappears after a time wraps the same fields; an edit wraps the new text.
    const inner = nested(message, EPHEMERAL) ?? nested(message, EDITED) ?? message;
    const text = nested(inner, TEXT);
    const quote = text === null ? null : nested(text, 5);
    return {
      text: text === null ? null : string(text, 1),
      asset: assetOf(nested(inner, ASSET) ?? nested(message, ASSET)),
      place: placeOf(nested(inner, LOCATION)),
      quote: quote === null ? null : string(quote, 1),
    };
  } catch (error) {
    if (error instanceof CustodyError) return null;
    throw error;
  }
}

function assetOf(asset: readonly ProtobufField[] | null): WireContent['asset'] {
  const original = asset === null ? null : nested(asset, 1);
  if (original === null) return null;
  const size = original.findLast((field) => field.number === 2)?.value;
  return { mime: string(original, 1), size: typeof size === 'number' ? size : null, name: string(original, 3) };
}

function placeOf(location: readonly ProtobufField[] | null): WireContent['place'] {
  if (location === null) return null;
  const [longitude, latitude] = [float(location, 1), float(location, 2)];
  if (longitude === null || latitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return { latitude, longitude, name: string(location, 3) };
}

function nested(fields: readonly ProtobufField[], number: number): readonly ProtobufField[] | null {
  const bytes = bytesField(fields, number);
  return bytes === null ? null : readProtobuf(bytes);
}

function string(fields: readonly ProtobufField[], number: number): string | null {
  const bytes = bytesField(fields, number);
  return bytes === null || bytes.length === 0 ? null : utf8DecodeLossy(bytes);
}

function float(fields: readonly ProtobufField[], number: number): number | null {
  const bytes = bytesField(fields, number);
  return bytes?.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true) : null;
}
