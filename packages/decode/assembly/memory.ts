/** Bytes of the dump that hold the records being read, and 16 more that may be read beyond them. */
export const SOURCE_SIZE: i32 = 1048576;
export const source: usize = memory.data(1048576 + 16, 16);

/** Decoded fields and additional data of the messages of a window, each at a multiple of 16. */
export const ARENA_SIZE: i32 = 524288;
export const arena: usize = memory.data(524288 + 64, 16);

/** Counter blocks, then in their place the key stream: the block for the tag first, message by message. */
export const blocks: usize = memory.data(524288 + 16384, 16);

/** Most messages of one window. */
export const MOST_MESSAGES: i32 = 512;
export const messages: usize = memory.data(512 * 32, 16);
/** Numbers of the messages to be opened, those of one key together: its tables then stay near. */
export const order: usize = memory.data(512 * 4, 16);

/** Most keys with tables at one time: at least as many as a window has messages. */
export const MOST_KEYS: i32 = 512;

/** What a message is made of. Places count from the start of memory. */
// @ts-ignore: decorator
@unmanaged
export class Message {
  iv: u32;
  aad: u32;
  aadLength: i32;
  text: u32;
  textLength: i32;
  tag: u32;
  blocks: u32;
  /** Place of its key's tables. */
  key: i32;
}
