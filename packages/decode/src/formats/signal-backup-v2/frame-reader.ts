import type { ByteSource } from '../../byte-source.ts';
import { type BadLength, type Delimited, readDelimited } from './delimited.ts';
import { type Message, readMessage, type UnknownFields } from './schema/read-message.ts';
import { messageType } from './schema/schema.ts';

/** How the frames of a backup stand in their source: as Protocol Buffers here, as lines of JSON in an export. */
export interface FrameReader {
  walk(source: ByteSource, from: number, until: number): Generator<Delimited | BadLength>;
  /** Throws FormatError where the bytes are no such message. */
  read(type: 'BackupInfo' | 'Frame', bytes: Uint8Array, unknown: UnknownFields): Message;
  /** A quick look, for passes that do not need messages. */
  isChatItem(bytes: Uint8Array): boolean;
}

/** Field 4 of a frame, length-delimited. */
const CHAT_ITEM_KEY = 0x22;

export const protobufFrames: FrameReader = {
  walk: readDelimited,
  read: (type, bytes, unknown) => readMessage(messageType(type), bytes, unknown),
  isChatItem: (bytes) => bytes[0] === CHAT_ITEM_KEY,
};
