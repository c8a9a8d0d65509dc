import { cpus } from 'node:os';
import * as openpgp from 'openpgp';
import { readArmor } from '../src/openpgp/armor.ts';
import { readKeyring } from '../src/openpgp/keyring.ts';
import { openMessage } from '../src/openpgp/open-message.ts';

/**
 * The same OpenPGP messages of 300 bytes opened by this package and by the npm package `openpgp`, in turns, from armour
 * to text. Usage: openpgp.bench.ts [messages]. Prints µs of processor time a message, and the ratio.
 */
const messages = Number(process.argv[2] ?? 200);
const ROUNDS = 3;

type SecretKey = Awaited<ReturnType<typeof openpgp.readPrivateKey>>;

interface Kind {
  readonly name: string;
  readonly key: openpgp.KeyOptions;
  /** What the message is sealed with. */
  readonly config: openpgp.PartialConfig;
}

const user = { userIDs: [{ name: 'Amber Wren', email: 'amber@example.org' }] };
const old = { aeadProtect: false, preferredSymmetricAlgorithm: openpgp.enums.symmetric.aes256 } as const;
const KINDS: readonly Kind[] = [
  { name: 'RSA 2048, AES-256, MDC', key: { ...user, type: 'rsa', rsaBits: 2048 }, config: old },
  { name: 'Curve25519, AES-256, MDC', key: { ...user, type: 'ecc', curve: 'curve25519Legacy' }, config: old },
  { name: 'NIST P-256, AES-256, MDC', key: { ...user, type: 'ecc', curve: 'nistP256' }, config: old },
  {
    name: 'X25519 of RFC 9580, AEAD',
    key: { ...user, type: 'curve25519', config: { v6Keys: true, aeadProtect: true } },
    config: { aeadProtect: true },
  },
];

console.log(`${cpus()[0]?.model}, Node ${process.version}, ${messages} messages of 300 bytes of each kind`);
for (const kind of KINDS) await bench(kind);

async function bench({ name, key, config }: Kind): Promise<void> {
  const { privateKey } = await openpgp.generateKey({ ...key, format: 'object' });
  const texts = Array.from({ length: messages }, (_, i) =>
    `${i} ${'a message of a few words '.repeat(12)}`.slice(0, 300),
  );
  const armoured = await Promise.all(texts.map((text) => seal(text, privateKey, config)));
  const ring = readKeyring([{ bytes: Buffer.from(privateKey.write()), passphrases: [], source: 'bench' }], []);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(
      await timed(() => {
        for (const [i, text] of armoured.entries())
          if (openOurs(text, ring) !== texts[i]) throw new Error('another text');
      }),
    );
    theirs.push(
      await timed(async () => {
        for (const [i, text] of armoured.entries()) {
          if ((await openTheirs(text, privateKey)) !== texts[i]) throw new Error('another text');
        }
      }),
    );
  }
  const [a, b] = [Math.min(...ours), Math.min(...theirs)];
  console.log(
    `${name.padEnd(28)}${a.toFixed(0).padStart(7)} µs here, ${b.toFixed(0).padStart(7)} µs openpgp: ${(b / a).toFixed(2)} times its rate`,
  );
}

async function seal(text: string, key: SecretKey, config: Kind['config']): Promise<string> {
  const message = await openpgp.createMessage({ text });
  return (await openpgp.encrypt({ message, encryptionKeys: key.toPublic(), config })) as string;
}

function openOurs(armoured: string, ring: ReturnType<typeof readKeyring>): string {
  const block = readArmor(armoured).find(({ kind }) => kind.startsWith('MESSAGE'));
  const { outcome, literal, why } = openMessage(block?.bytes ?? new Uint8Array(0), ring);
  if (outcome !== 'authenticated' || literal === null) throw new Error(why);
  return Buffer.from(literal.data).toString('utf8');
}

async function openTheirs(armoured: string, key: SecretKey): Promise<string> {
  const message = await openpgp.readMessage({ armoredMessage: armoured });
  const { data } = await openpgp.decrypt({ message, decryptionKeys: key });
  return data as string;
}

/** Microseconds of processor time a message: of all threads, for WebCrypto works in others. */
async function timed(work: () => void | Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user: spent, system } = process.cpuUsage(before);
  return (spent + system) / messages;
}
