import { hexDecode, hexEncode, utf8Encode } from '@custody/bytes';
import { isWeakPublicKey } from '@custody/chain';
import { verifyEd25519 } from '@custody/segment';
import { broken, usage } from '../errors.ts';
import type { Case } from '../open-case.ts';

/** Keeps these signatures apart from every other use of the key. */
const DOMAIN = 'custody/receipt/v1\n';
/** A receipt is a page, not a book: who hands one in controls its length. */
const MOST_TEXT = 64 * 1024 ** 2;

/** A statement signed by the person who acted. `statement` is JSON text, signed as it stands. */
export interface Receipt {
  readonly custodyReceipt: 1;
  readonly statement: string;
  /** Ed25519 public key of the person, hex. */
  readonly key: string;
  readonly signature: string;
}

/** What every statement says, besides what it is about. */
export interface ReceiptStatement {
  readonly kind: 'query' | 'disclosure';
  readonly origin: string;
  readonly verifierKey: string;
  /** Log size that the statement is true of. */
  readonly size: number;
  readonly [name: string]: unknown;
}

/** Signs a statement as the acting person. */
export function signReceipt(opened: Case, statement: ReceiptStatement): Receipt {
  const { signer } = opened.requirePerson();
  const text = JSON.stringify(statement);
  const signature = signer.sign(utf8Encode(`${DOMAIN}${text}`));
  return { custodyReceipt: 1, statement: text, key: hexEncode(signer.publicKey), signature: hexEncode(signature) };
}

/**
 * Reads a receipt and checks its signature, that the log has an entry by its key, and that it is of this case. Throws
 * UsageError RECEIPT_MALFORMED, IntegrityError RECEIPT_FORGED.
 */
export function readReceipt(
  opened: Case,
  json: string,
): { readonly statement: ReceiptStatement; readonly key: string } {
  if (json.length > MOST_TEXT) throw usage('RECEIPT_MALFORMED', 'this is too long for a receipt');
  const receipt = parse(json);
  const publicKey = hexOf(receipt.key, 32);
  const message = utf8Encode(`${DOMAIN}${receipt.statement}`);
  if (isWeakPublicKey(publicKey) || !verifyEd25519(publicKey, message, hexOf(receipt.signature, 64)))
    throw broken('RECEIPT_FORGED', 'the signature of the receipt does not verify under the key that it names');
  if (!opened.ledger.entries.some((entry) => hexEncode(entry.actor) === receipt.key))
    throw broken('RECEIPT_FORGED', 'the receipt is signed by somebody who never acted in this log');
  const statement = parseStatement(receipt.statement);
  if (statement.origin !== opened.ledger.origin || statement.verifierKey !== opened.verifierKeyText)
    throw broken(
      'RECEIPT_FORGED',
      `the receipt is of the log ${String(statement.origin).slice(0, 200)}, not of this one`,
    );
  return { statement, key: receipt.key };
}

function parse(json: string): Receipt {
  const value = parseObject(json, 'this is no receipt');
  const { custodyReceipt, statement, key, signature } = value;
  if (custodyReceipt !== 1 || typeof statement !== 'string' || typeof key !== 'string' || typeof signature !== 'string')
    throw usage('RECEIPT_MALFORMED', 'this is no receipt of custody (version 1)');
  return { custodyReceipt, statement, key, signature };
}

function parseStatement(text: string): ReceiptStatement {
  const { kind, origin, verifierKey, size, ...rest } = parseObject(text, 'the statement of the receipt');
  if ((kind !== 'query' && kind !== 'disclosure') || typeof origin !== 'string' || typeof verifierKey !== 'string')
    throw usage('RECEIPT_MALFORMED', 'the receipt states nothing that this version knows');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw usage('RECEIPT_MALFORMED', 'the receipt names no log size');
  return { kind, origin, verifierKey, size, ...rest };
}

function parseObject(json: string, what: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw usage('RECEIPT_MALFORMED', `${what}: not a JSON object`);
}

function hexOf(text: string, length: number): Uint8Array {
  if (!new RegExp(`^[0-9a-f]{${2 * length}}$`).test(text))
    throw usage('RECEIPT_MALFORMED', `the receipt needs ${length} bytes of hex where it has something else`);
  return hexDecode(text);
}
