/** Of a character: its six bits, at the place of the first, second, third, fourth of four; bit 31 where it is none. */
const DIGITS: usize = memory.data(4 * 256 * 4, 16);
const BAD: u32 = 0x80000000;

function setDigit(character: usize, value: u32): void {
  store<u32>(DIGITS + character * 4, value << 18);
  store<u32>(DIGITS + character * 4, value << 12, 1024);
  store<u32>(DIGITS + character * 4, value << 6, 2048);
  store<u32>(DIGITS + character * 4, value, 3072);
}

/** Both alphabets of RFC 4648. */
export function fillDigits(): void {
  for (let at = DIGITS; at < DIGITS + 4096; at += 4) store<u32>(at, BAD);
  for (let i: u32 = 0; i < 26; i++) {
    setDigit(0x41 + i, i);
    setDigit(0x61 + i, 26 + i);
  }
  for (let i: u32 = 0; i < 10; i++) setDigit(0x30 + i, 52 + i);
  setDigit(0x2b, 62);
  setDigit(0x2d, 62);
  setDigit(0x2f, 63);
  setDigit(0x5f, 63);
}

/** Digits without padding from `from` to `end` as bytes at `into`, where up to 3 more are overwritten; their number, or -1. */
export function base64(from: usize, end: usize, into: usize): i32 {
  const rest = <i32>(end - from) & 3;
  if (rest == 1) return -1;
  const whole = end - rest;
  let bad: u32 = 0;
  let to = into;
  for (let at = from; at < whole; at += 4) {
    const four =
      load<u32>(DIGITS + (<usize>load<u8>(at) << 2)) |
      load<u32>(DIGITS + (<usize>load<u8>(at, 1) << 2), 1024) |
      load<u32>(DIGITS + (<usize>load<u8>(at, 2) << 2), 2048) |
      load<u32>(DIGITS + (<usize>load<u8>(at, 3) << 2), 3072);
    bad |= four;
    store<u32>(to, bswap(four << 8));
    to += 3;
  }
  if (rest > 0) {
    let last =
      load<u32>(DIGITS + (<usize>load<u8>(whole) << 2)) | load<u32>(DIGITS + (<usize>load<u8>(whole, 1) << 2), 1024);
    if (rest == 3) last |= load<u32>(DIGITS + (<usize>load<u8>(whole, 2) << 2), 2048);
    bad |= last;
    store<u32>(to, bswap(last << 8));
    to += rest - 1;
  }
  return (bad & BAD) == 0 ? <i32>(to - into) : -1;
}
