/** Encrypts one block from `input` to `output`; they may be the same bytes. CFB needs no other direction. */
export type BlockEncrypt = (input: Uint8Array, output: Uint8Array) => void;

/** CFB decryption with whole blocks of feedback, as OpenPGP uses it. */
export function cfbDecrypt(encrypt: BlockEncrypt, block: number, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const register = Uint8Array.from(iv);
  const stream = new Uint8Array(block);
  const plain = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += block) {
    encrypt(register, stream);
    const end = Math.min(block, data.length - at);
    for (let i = 0; i < end; i++) {
      const byte = data[at + i] as number;
      plain[at + i] = byte ^ (stream[i] as number);
      register[i] = byte;
    }
  }
  return plain;
}
