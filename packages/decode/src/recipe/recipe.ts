import type { FieldPath } from '../profile/field-path.ts';

export type Encoding = 'base64' | 'base64url' | 'hex' | 'utf8';

/**
 * Bytes that a step reads: the name of a value made before; a field of the record, decoded; a stretch of a value
 * (negative numbers count from its end); a constant; a length; or a list of these, one after the other.
 */
export type BytesOf =
  | string
  | { readonly field: FieldPath; readonly encoding?: Encoding; readonly from?: number; readonly to?: number }
  | { readonly of: string; readonly from?: number; readonly to?: number }
  | { readonly text: string }
  | { readonly hex: string }
  | {
      readonly lengthOf: BytesOf;
      readonly unit?: 'bytes' | 'bits';
      readonly size: 1 | 2 | 4 | 8;
      readonly endian?: 'big' | 'little';
    }
  | readonly BytesOf[];

export type HashName = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** A number, or the field whose decimal digits give it. */
export type NumberOf = number | { readonly field: FieldPath };

export type CurveName = 'x25519' | 'x448' | 'p-256' | 'p-384' | 'p-521' | 'secp256k1' | 'brainpool-p256r1';

export type MacName = 'hmac-sha1' | 'hmac-sha224' | 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512' | 'aes-cmac';

export type CipherName =
  | 'aes-gcm'
  | 'aes-ccm'
  | 'aes-cbc'
  | 'aes-ctr'
  | 'a128cbc-hs256'
  | 'a192cbc-hs384'
  | 'a256cbc-hs512'
  | 'aes-gcm-siv'
  | 'aes-siv'
  | 'chacha20-poly1305'
  | 'xchacha20-poly1305'
  | 'secretbox'
  | 'box'
  | 'sealed-box';

export type StandardName = 'jwe' | 'jwe-json' | 'cose' | 'cms' | 'age' | 'openpgp';

export type Compression = 'none' | 'gzip' | 'deflate' | 'deflate-raw' | 'zstd';

/** Supplied keys with this id, else those supplied without one; without `id` every key of the profile. */
export interface KeyStep {
  readonly do: 'key';
  readonly as: string;
  readonly id?: BytesOf;
  /** Keys of another length are no candidates. */
  readonly length?: number;
}

export type Step =
  | { readonly do: 'take'; readonly as: string; readonly from: BytesOf }
  | KeyStep
  | { readonly do: 'hash'; readonly as: string; readonly hash: HashName; readonly over: BytesOf }
  | { readonly do: 'hmac'; readonly as: string; readonly hash: HashName; readonly key: BytesOf; readonly over: BytesOf }
  | {
      readonly do: 'hkdf';
      readonly as: string;
      readonly hash: HashName;
      readonly secret: BytesOf;
      readonly salt?: BytesOf;
      readonly info?: BytesOf;
      readonly length: NumberOf;
    }
  | {
      readonly do: 'pbkdf2';
      readonly as: string;
      readonly hash: HashName;
      readonly password: BytesOf;
      readonly salt: BytesOf;
      readonly iterations: NumberOf;
      readonly length: NumberOf;
    }
  | {
      readonly do: 'scrypt';
      readonly as: string;
      readonly password: BytesOf;
      readonly salt: BytesOf;
      readonly cost: number;
      readonly blockSize: number;
      readonly parallel: number;
      readonly length: NumberOf;
    }
  | {
      readonly do: 'argon2id';
      readonly as: string;
      readonly password: BytesOf;
      readonly salt: BytesOf;
      readonly passes: number;
      readonly memoryKiB: number;
      readonly parallel: number;
      readonly length: NumberOf;
    }
  | {
      /** `concat-kdf`: H(counter, secret, info) (NIST SP 800-56C one-step); `x963-kdf`: H(secret, counter, info). */
      readonly do: 'concat-kdf' | 'x963-kdf';
      readonly as: string;
      readonly hash: HashName;
      readonly secret: BytesOf;
      readonly info?: BytesOf;
      readonly length: NumberOf;
    }
  | {
      readonly do: 'agree';
      readonly as: string;
      readonly curve: CurveName;
      readonly private: BytesOf;
      readonly public: BytesOf;
    }
  | {
      readonly do: 'unwrap';
      readonly as: string;
      readonly wrap: 'aes-kw' | 'aes-kwp' | 'rsa-oaep' | 'rsa-pkcs1';
      readonly key: BytesOf;
      readonly wrapped: BytesOf;
      /** RSA-OAEP: the hash of the label, and of MGF1 where `mgf1Hash` says no other. */
      readonly hash?: HashName;
      readonly mgf1Hash?: HashName;
      readonly label?: BytesOf;
    }
  | {
      readonly do: 'verify-mac';
      readonly mac: MacName;
      readonly key: BytesOf;
      readonly over: BytesOf;
      readonly tag: BytesOf;
      /** Leading bytes of the MAC that the tag holds; left out: all. */
      readonly truncate?: number;
    }
  | {
      readonly do: 'decrypt';
      readonly as: string;
      readonly cipher: CipherName;
      /** `box` and `sealed-box`: the recipient's private key. */
      readonly key: BytesOf;
      readonly iv?: BytesOf;
      readonly ciphertext: BytesOf;
      readonly tag?: BytesOf;
      readonly aad?: BytesOf;
      /** AES-CBC; default `pkcs7`. */
      readonly padding?: 'pkcs7' | 'zero' | 'iso7816' | 'none';
      /** `box`: the sender's public key. */
      readonly public?: BytesOf;
    }
  /** A whole standard by its name: what it says of itself decides how it is opened. */
  | {
      readonly do: 'open';
      readonly as: string;
      readonly standard: StandardName;
      readonly from: BytesOf;
      /** As the standard has keys: JWK, PEM or DER, raw bytes, a passphrase, an age identity, an OpenPGP key file. */
      readonly key: BytesOf;
      /** COSE: additional data that both ends knew. */
      readonly aad?: BytesOf;
      /** OpenPGP: what the key file is locked with. */
      readonly password?: BytesOf;
    }
  | {
      readonly do: 'decompress';
      readonly as: string;
      readonly compression: Exclude<Compression, 'none'>;
      readonly from: BytesOf;
    };

export type Inner =
  | { readonly kind: 'text' }
  /** The plaintext's bytes in hex, for what nobody can decode yet. */
  | { readonly kind: 'hex' }
  | {
      readonly kind: 'json';
      readonly body?: FieldPath;
      /** Values of the inner JSON that go into the item's fields. */
      readonly fields?: Readonly<Record<string, { readonly field: FieldPath; readonly as?: 'text' | 'integer' }>>;
    };

/** How a payload is sealed: steps one after the other; the value of the last that has one is the plaintext. */
export interface Recipe {
  readonly steps: readonly Step[];
  /** A record whose field has none of these values is of another version: UNSUPPORTED_VERSION. */
  readonly supported?: { readonly field: FieldPath; readonly values: readonly string[] };
  readonly inner: Inner;
}
