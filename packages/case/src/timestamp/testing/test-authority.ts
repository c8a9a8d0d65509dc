import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Boolean as Asn1Boolean,
  Set as Asn1Set,
  type BaseBlock,
  Constructed,
  fromBER,
  GeneralizedTime,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Sequence,
} from 'asn1js';

/** A throwaway time-stamping authority: by openssl as it should be, and by hand as it should not. */
export const POLICY = '1.3.6.1.4.1.99999.1.1';

const CONFIG = `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = an invented name
[ca_ext]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa_ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[lax_ext]
extendedKeyUsage = timeStamping
[none_ext]
basicConstraints = critical,CA:FALSE
[both_ext]
extendedKeyUsage = critical,timeStamping,serverAuth
[unsigned_ext]
keyUsage = critical,keyEncipherment
extendedKeyUsage = critical,timeStamping
[odd_ext]
extendedKeyUsage = critical,timeStamping
1.2.3.4.5 = critical,ASN1:NULL
[tsa]
default_tsa = tsa1
[tsa1]
serial = ./serial
signer_cert = ./tsa_ext.pem
signer_key = ./tsa_ext.key
certs = ./ca.pem
signer_digest = sha256
default_policy = ${POLICY}
other_policies = 1.3.6.1.4.1.99999.1.2
digests = sha256,sha384,sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[lists]
database = ./index.txt
default_md = sha256
crl_extensions = crl_ext
[crl_ext]
authorityKeyIdentifier = keyid:always
`;

export type CertificateKind = 'tsa_ext' | 'lax_ext' | 'none_ext' | 'both_ext' | 'unsigned_ext' | 'odd_ext';

export class TestAuthority {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'tsa-'));

  constructor() {
    writeFileSync(this.path('tsa.cnf'), CONFIG);
    writeFileSync(this.path('serial'), '01\n');
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    for (const ca of ['ca', 'foreign']) {
      const files = ['-keyout', `${ca}.key`, '-out', `${ca}.pem`];
      const subject = ['-subj', `/CN=invented ${ca}`, '-extensions', 'ca_ext', '-days', '3650'];
      this.openssl('req', '-x509', '-config', 'tsa.cnf', ...key, ...files, ...subject);
    }
    this.certify('tsa_ext');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  openssl(...args: readonly string[]): Buffer {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** A certificate of that kind, by the authority's own root. */
  certify(kind: CertificateKind): { readonly pem: string; readonly key: KeyObject } {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${kind}.key`];
    this.openssl('req', '-config', 'tsa.cnf', ...key, '-subj', '/CN=invented TSA', '-out', `${kind}.csr`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '3000', '-extfile', 'tsa.cnf'];
    this.openssl('x509', '-req', '-in', `${kind}.csr`, ...by, '-extensions', kind, '-out', `${kind}.pem`);
    return { pem: this.path(`${kind}.pem`), key: createPrivateKey(readFileSync(this.path(`${kind}.key`))) };
  }

  /** Whether openssl takes an answer for these bytes under the authority's root: a second opinion. */
  accepts(answer: Uint8Array, data: Uint8Array): boolean {
    writeFileSync(this.path('second.tsr'), answer);
    writeFileSync(this.path('second.data'), data);
    const args = ['ts', '-verify', '-data', 'second.data', '-in', 'second.tsr', '-CAfile', 'ca.pem'];
    try {
      return this.openssl(...args).includes('Verification: OK');
    } catch {
      return false;
    }
  }

  /** A list by `ca` on which the authority's certificate is revoked, or nothing is. Times are in seconds since 1970. */
  revocationList(
    terms: { readonly at?: number; readonly reason?: string; readonly made?: number; readonly ca?: string } = {},
  ): Buffer {
    const { at, reason, made, ca = 'ca' } = terms;
    const stamp = (seconds: number) => new Date(seconds * 1000).toISOString().replace(/[-T:]|\.\d+/g, '');
    const { serialNumber } = new X509Certificate(readFileSync(this.path('tsa_ext.pem')));
    const date = at === undefined ? '' : `${stamp(at).slice(2)}${reason === undefined ? '' : `,${reason}`}`;
    const line = ['R', '400101000000Z', date, serialNumber, 'unknown', '/CN=invented TSA'].join('\t');
    writeFileSync(this.path('index.txt'), at === undefined ? '' : `${line}\n`);
    writeFileSync(this.path('index.txt.attr'), 'unique_subject = no\n');
    const times =
      made === undefined
        ? ['-crldays', '30']
        : ['-crl_lastupdate', stamp(made), '-crl_nextupdate', stamp(made + 86400)];
    const by = ['-keyfile', `${ca}.key`, '-cert', `${ca}.pem`, '-out', 'list.crl'];
    this.openssl('ca', '-gencrl', '-config', 'tsa.cnf', '-name', 'lists', ...by, ...times);
    return readFileSync(this.path('list.crl'));
  }

  /** Whether openssl finds the authority's certificate good by the last list. */
  isListedGood(): boolean {
    try {
      this.openssl('verify', '-crl_check', '-CRLfile', 'list.crl', '-CAfile', 'ca.pem', 'tsa_ext.pem');
      return true;
    } catch {
      return false;
    }
  }

  /** What openssl answers to a request. */
  answer(request: Uint8Array): Buffer {
    writeFileSync(this.path('request.tsq'), request);
    this.openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'request.tsq', '-out', 'answer.tsr');
    return readFileSync(this.path('answer.tsr'));
  }
}

/** What a token made by hand says; each part may be wrong. */
export interface TokenParts {
  readonly data: Uint8Array;
  readonly certificate: string;
  readonly key: KeyObject;
  readonly nonce?: bigint;
  readonly policy?: string;
  readonly genTime?: Date;
  /** Certificate that the signed attributes name; null: none. */
  readonly named?: string | null;
  readonly contentType?: string;
  readonly attributeType?: string;
  readonly digestOf?: Uint8Array;
  readonly status?: number;
  readonly criticalExtension?: boolean;
}

const SHA256 = '2.16.840.1.101.3.4.2.1';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

const oid = (value: string) => new ObjectIdentifier({ value });
const seq = (...value: BaseBlock[]) => new Sequence({ value });
const set = (...value: BaseBlock[]) => new Asn1Set({ value });
const context = (tagNumber: number, ...value: BaseBlock[]) =>
  new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
const octets = (bytes: Uint8Array) => new OctetString({ valueHex: new Uint8Array(bytes) });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const algorithm = () => seq(oid(SHA256), new Null());

/** A response signed by hand (RFC 3161, RFC 5652). */
export function forgeResponse(parts: TokenParts): Buffer {
  const { x509, issuer, serial } = readParts(parts.certificate);
  const info = Buffer.from(tstInfo(parts).toBER());
  const named = parts.named === undefined ? parts.certificate : parts.named;
  const attributes = [
    seq(oid('1.2.840.113549.1.9.3'), set(oid(parts.attributeType ?? TST_INFO))),
    seq(oid('1.2.840.113549.1.9.4'), set(octets(sha256(parts.digestOf ?? info)))),
    ...(named === null
      ? []
      : [seq(oid('1.2.840.113549.1.9.16.2.47'), set(seq(seq(seq(octets(sha256(readParts(named).x509.raw)))))))]),
  ];
  const signed = Buffer.from(set(...attributes).toBER());
  const signer = seq(
    new Integer({ value: 1 }),
    seq(issuer, serial),
    algorithm(),
    context(0, ...attributes),
    seq(oid('1.2.840.10045.4.3.2')),
    octets(sign('sha256', signed, parts.key)),
  );
  const signedData = seq(
    new Integer({ value: 3 }),
    set(algorithm()),
    seq(oid(parts.contentType ?? TST_INFO), context(0, octets(info))),
    context(0, fromBER(new Uint8Array(x509.raw)).result),
    set(signer),
  );
  const token = seq(oid('1.2.840.113549.1.7.2'), context(0, signedData));
  return Buffer.from(seq(seq(new Integer({ value: parts.status ?? 0 })), token).toBER());
}

function tstInfo(parts: TokenParts): Sequence {
  const { genTime = new Date(), policy = POLICY } = parts;
  return seq(
    new Integer({ value: 1 }),
    oid(policy),
    seq(algorithm(), octets(sha256(parts.data))),
    new Integer({ value: 7 }),
    new GeneralizedTime({ valueDate: new Date(Math.floor(genTime.getTime() / 1000) * 1000) }),
    ...(parts.nonce === undefined ? [] : [Integer.fromBigInt(parts.nonce)]),
    ...(parts.criticalExtension === true
      ? [context(1, seq(oid('1.2.3.4'), new Asn1Boolean({ value: true }), octets(Uint8Array.of(5, 0))))]
      : []),
  );
}

function readParts(pem: string): { x509: X509Certificate; issuer: BaseBlock; serial: BaseBlock } {
  const x509 = new X509Certificate(readFileSync(pem));
  const [tbs] = (fromBER(new Uint8Array(x509.raw)).result as Sequence).valueBlock.value as [Sequence];
  const [, serial, , issuer] = tbs.valueBlock.value as [BaseBlock, BaseBlock, BaseBlock, BaseBlock];
  return { x509, issuer, serial };
}
