/**
 * AES-256-GCM of many messages (NIST SP 800-38D), without AES: the caller encrypts the counter blocks. For WebAssembly
 * with 128-bit vectors; memory has a fixed size and nothing is allocated.
 */
import { base64, fillDigits } from './base64';
import { absorb, expand, hashKey, multiply, tableOf } from './ghash';
import { ARENA_SIZE, arena, blocks, MOST_KEYS, MOST_MESSAGES, Message, messages, order, SOURCE_SIZE, source } from './memory';
import { isUtf8 } from './utf8';

export { ARENA_SIZE, arena, base64, blocks, expand, hashKey, MOST_KEYS, MOST_MESSAGES, messages, order, SOURCE_SIZE, source };

fillDigits();

/** The message that comes as number `i` in `order`. */
// @ts-ignore: decorator
@inline
function messageAt(i: i32): Message {
  return changetype<Message>(messages + (<usize>load<u32>(order + (<usize>i << 2)) << 5));
}

/** Writes the counter blocks of the first `count` messages in `order`: J0 = IV || 1 (7.1), then one for each block of text. IVs have 12 bytes. */
export function counters(count: i32): void {
  for (let i = 0; i < count; i++) {
    const message = messageAt(i);
    const iv = v128.load(message.iv);
    const number = ((message.textLength + 15) >> 4) + 1;
    let to: usize = message.blocks;
    for (let n = 1; n <= number; n++) {
      v128.store(to, i32x4.replace_lane(iv, 3, bswap(n)));
      to += 16;
    }
  }
}

function tagOf(message: Message): v128 {
  const table = tableOf(message.key);
  let y = absorb(table, i64x2.splat(0), message.aad, message.aadLength);
  y = absorb(table, y, message.text, message.textLength);
  const aadBits = bswap(<u64>message.aadLength << 3);
  const textBits = bswap(<u64>message.textLength << 3);
  const lengths = i64x2.replace_lane(i64x2.splat(aadBits), 1, textBits);
  y = multiply(table, v128.xor(y, lengths));
  return v128.xor(y, v128.load(message.blocks));
}

/** The bytes of all text or-ed together; writes up to 15 bytes beyond it. */
function decrypt(message: Message): v128 {
  let seen = i64x2.splat(0);
  let stream: usize = message.blocks + 16;
  const end: usize = message.text + message.textLength;
  let at: usize = message.text;
  for (; at + 16 <= end; at += 16) {
    const plain = v128.xor(v128.load(at), v128.load(stream));
    seen = v128.or(seen, plain);
    v128.store(at, plain);
    stream += 16;
  }
  for (; at < end; at++) {
    const plain = load<u8>(at) ^ load<u8>(stream++);
    seen = v128.or(seen, i8x16.splat(plain));
    store<u8>(at, plain);
  }
  return seen;
}

/**
 * Checks the tags of the first `count` messages in `order`, whose key stream lies at their blocks, and decrypts those whose tag is right, in
 * place. Afterwards `key` says: -1 the tag is wrong and the text untouched, 0 opened, 1 opened and all of it is UTF-8.
 */
export function openAll(count: i32): void {
  for (let i = 0; i < count; i++) {
    const message = messageAt(i);
    // All 16 bytes at once: how many of them are right shows in nothing.
    if (v128.any_true(v128.xor(tagOf(message), v128.load(message.tag)))) {
      message.key = -1;
      continue;
    }
    const isAscii = i8x16.bitmask(decrypt(message)) == 0;
    message.key = isAscii || isUtf8(message.text, message.textLength) ? 1 : 0;
  }
}
