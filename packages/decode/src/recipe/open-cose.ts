import { type CborValue, encodeCbor } from '@custody/bytes';
import { Tagged } from '../containers/binary-value.ts';
import { wholeCbor } from '../containers/read-cbor.ts';
import { rawOf, recipientKey } from './cose-key.ts';
import { type CoseLayer, layerOf } from './cose-layer.ts';
import { openCipher } from './open-cipher.ts';
import type { CipherName } from './recipe.ts';
import { fail, StepFailure } from './step-failure.ts';

/** RFC 9053 4.1 to 4.3: cipher, bytes of key, nonce and tag. */
interface Content {
  readonly cipher: CipherName;
  readonly key: number;
  readonly iv: number;
  readonly tag: number;
}

const TAGS = { encrypt0: 16, encrypt: 96 } as const;
const LABEL = { alg: 1, iv: 5, partialIv: 6 } as const;
const gcm = (key: number): Content => ({ cipher: 'aes-gcm', key, iv: 12, tag: 16 });
const ccm = (key: number, iv: number, tag: number): Content => ({ cipher: 'aes-ccm', key, iv, tag });
const CONTENT: ReadonlyMap<number, Content> = new Map([
  [1, gcm(16)],
  [2, gcm(24)],
  [3, gcm(32)],
  [10, ccm(16, 13, 8)],
  [11, ccm(32, 13, 8)],
  [12, ccm(16, 7, 8)],
  [13, ccm(32, 7, 8)],
  [24, { cipher: 'chacha20-poly1305', key: 32, iv: 12, tag: 16 }],
  [30, ccm(16, 13, 16)],
  [31, ccm(32, 13, 16)],
  [32, ccm(16, 7, 16)],
  [33, ccm(32, 7, 16)],
]);
const MOST_RECIPIENTS = 100;

/** Opens COSE_Encrypt0 and COSE_Encrypt, tagged or not (RFC 9052 5). Of several recipients the first whose key this is. */
export function openCose(bytes: Buffer, { key, aad }: { key: Buffer; aad: Buffer | null }): Buffer {
  const item = wholeCbor(bytes);
  const tag = item instanceof Tagged ? item.tag : null;
  const layer = layerOf(item instanceof Tagged ? item.value : item);
  if (tag !== null && tag !== TAGS.encrypt0 && tag !== TAGS.encrypt)
    return fail('unsupported', `a COSE message of the tag ${tag}`);
  const isDirect = tag === TAGS.encrypt0 || (tag === null && layer.recipients.length === 0);
  const algorithm = layer.header.get(LABEL.alg);
  const content = CONTENT.get(algorithm as number);
  if (content === undefined) return fail('unsupported', 'a COSE message with an unknown content algorithm');
  const context = isDirect ? 'Encrypt0' : 'Encrypt';
  if (isDirect) return openLayer(layer, { content, key: rawOf(key), aad, context });
  let failure: unknown = new StepFailure('malformed', 'the COSE message has no recipient');
  for (const recipient of layer.recipients.slice(0, MOST_RECIPIENTS)) {
    try {
      const terms = { key, bits: content.key * 8, algorithm: algorithm as number };
      const secret = recipientKey(layerOf(recipient), terms);
      return openLayer(layer, { content, key: secret, aad, context });
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function openLayer(
  layer: CoseLayer,
  { content, key, aad, context }: { content: Content; key: Buffer; aad: Buffer | null; context: string },
): Buffer {
  const iv = layer.header.get(LABEL.iv);
  if (layer.header.has(LABEL.partialIv)) return fail('unsupported', 'a COSE message with a partial IV');
  if (!(iv instanceof Uint8Array) || iv.length !== content.iv)
    return fail('malformed', 'the IV of the COSE message is not of its length');
  if (key.length !== content.key)
    return fail('malformed', 'the key supplied is not of the length that the COSE message needs');
  const end = layer.ciphertext.length - content.tag;
  if (end < 0) return fail('malformed', 'the COSE message is shorter than its tag');
  // RFC 9052 5.3: Enc_structure.
  const covered: CborValue = [context, layer.protected, aad ?? new Uint8Array(0)];
  return openCipher(content.cipher, {
    key,
    iv: Buffer.from(iv),
    ciphertext: layer.ciphertext.subarray(0, end),
    tag: layer.ciphertext.subarray(end),
    aad: Buffer.from(encodeCbor(covered)),
    padding: 'pkcs7',
    public: null,
  });
}
