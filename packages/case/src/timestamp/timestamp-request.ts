import { createHash } from 'node:crypto';
import { Boolean as Asn1Boolean, Integer, Null, ObjectIdentifier, OctetString, Sequence } from 'asn1js';

const SHA256 = '2.16.840.1.101.3.4.2.1';

/** A TimeStampReq (RFC 3161 2.4.1) for the SHA-256 of `data` that asks for the signer's certificate. */
export function encodeTimestampRequest(
  data: Uint8Array,
  terms: { readonly nonce: bigint; readonly policy?: string },
): Uint8Array {
  const hash = new Uint8Array(createHash('sha256').update(data).digest());
  const algorithm = new Sequence({ value: [new ObjectIdentifier({ value: SHA256 }), new Null()] });
  const imprint = new Sequence({ value: [algorithm, new OctetString({ valueHex: hash })] });
  const request = new Sequence({
    value: [
      new Integer({ value: 1 }),
      imprint,
      ...(terms.policy === undefined ? [] : [new ObjectIdentifier({ value: terms.policy })]),
      Integer.fromBigInt(terms.nonce),
      new Asn1Boolean({ value: true }),
    ],
  });
  return new Uint8Array(request.toBER());
}
