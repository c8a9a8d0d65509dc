import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addAuthority, loadPerson, openCase } from '@custody/case';
import { COSIGNATURE_TYPE, cosign, encodeVerifierKey, readNote, verifierKey } from '@custody/chain';
import { draftEvent, signerFromSeed, storeObject } from '@custody/segment';
import type { AnchoredCase } from '../anchored-case.ts';
import { whatsApp } from '../e2e/lab.ts';
import { type Attack, refusalOf } from './attack.ts';
import type { Insider } from './insider.ts';

/** Entries of another history: more than anybody has seen of the true one. */
const LONGER = 40;
/** A day, in milliseconds. */
const DAY = 86_400_000;

/** Attacks by who holds every key of the case: the log is whole, and only what is kept outside shows them. */
export const outsideAttacks: readonly Attack[] = [
  {
    what: 'the end of the log is cut off, and what was published with it',
    shownBy: 'a checkpoint kept elsewhere: `verify --checkpoint`, or the memory of `verify`',
    code: 'LOG_ROLLED_BACK',
    async carry(scene) {
      const it = await scene.insider();
      it.put(`log/commit/${it.sizes.at(-1)}`, null);
      it.unpublish();
      return scene.failures(it.lane, known(scene));
    },
  },
  {
    what: 'the log is exchanged for another one, signed with its own key',
    shownBy: 'a checkpoint kept elsewhere, which together with this one proves it',
    code: 'LOG_FORKED',
    async carry(scene) {
      const it = await rewritten(scene);
      return scene.failures(it.lane, known(scene));
    },
  },
  {
    what: 'a backup is restored and extended',
    shownBy: 'the witness, asked before anything is signed',
    code: 'LOG_ROLLED_BACK',
    async carry(scene) {
      const backup = scene.lane();
      const ahead = scene.lane();
      await extend(scene, ahead, 'W-AHEAD');
      await scene.askWitness(ahead);
      return refusalOf(() => scene.guard(backup));
    },
  },
  {
    what: 'another history is shown to the witness',
    shownBy: 'the witness: no proof leads there from what it cosigned',
    code: 'LOG_FORKED',
    async carry(scene) {
      const it = await rewritten(scene);
      return refusalOf(() => scene.askWitness(it.lane));
    },
  },
  {
    what: 'a time-stamp is carried over into a log that was exchanged',
    shownBy: 'the root that was stamped, which this log never had',
    code: 'CHECKPOINT_ROOT_MISMATCH',
    async carry(scene) {
      const it = await rewritten(scene);
      await carryOver(scene, it, { like: 'token.tsr' });
      return scene.failures(it.lane);
    },
  },
  {
    what: 'a time-stamp of something else is put in',
    shownBy: 'the SHA-256 inside the token',
    code: 'TIMESTAMP_IMPRINT_MISMATCH',
    async carry(scene) {
      const it = await scene.insider();
      const checkpoint = it.ledger.checkpoint ?? '';
      await carryOver(scene, it, { like: 'token.tsr', checkpoint });
      return scene.failures(it.lane);
    },
  },
  {
    what: 'the time-stamp is by an authority of the attacker',
    shownBy: "the authority's certificate, supplied by the reader (`--tsa-ca`)",
    code: 'TIMESTAMP_CHAIN_INVALID',
    async carry(scene) {
      const authorities = readFileSync(scene.tsa.authority.path('foreign.pem'));
      return scene.failures(scene.lane(), { authorities });
    },
  },
  {
    what: 'a cosignature is forged',
    shownBy: "the witness's key",
    code: 'CHECKPOINT_SIGNATURE_INVALID',
    async carry(scene) {
      const it = await scene.insider();
      const note = it.ledger.checkpoint ?? '';
      const { name } = scene.witnessKey.key;
      const forger = signerFromSeed(new Uint8Array(32).fill(6));
      // The forger signs and puts the id of the true key on the line.
      const line = cosign(readNote(note).text, 1_800_000_000, { name, signer: forger });
      const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64');
      bytes.set(scene.witnessKey.key.id);
      const forged = `${note}\u2014 ${name} ${bytes.toString('base64')}\n`;
      await carryOver(scene, it, { like: null, checkpoint: forged });
      return scene.failures(it.lane);
    },
  },
  {
    what: 'nobody independent ever saw the log',
    shownBy: "the reader's own list of witnesses and how many it takes (`--policy`)",
    code: 'WITNESS_QUORUM_MISSING',
    async carry(scene) {
      const other = signerFromSeed(new Uint8Array(32).fill(9));
      const key = encodeVerifierKey(verifierKey('lab-z.example/witness', other.publicKey, COSIGNATURE_TYPE));
      return scene.failures(scene.lane(), { policy: `witness z ${key}\nquorum z\n` });
    },
  },
  {
    what: 'an entry is backdated',
    shownBy: 'the time-stamp that was chained in before it',
    code: 'ENTRY_TIME_FALSE',
    async carry(scene) {
      const it = await scene.insider();
      it.commit([it.entry({ time: Date.now() - 30 * DAY })]);
      it.unpublish();
      return scene.failures(it.lane);
    },
  },
  {
    what: 'an entry is postdated',
    shownBy: 'the time-stamp over a log that already had it',
    code: 'ENTRY_TIME_FALSE',
    async carry(scene) {
      const lane = scene.lane();
      const it = await scene.insider(lane);
      it.commit([it.entry({ time: Date.now() + 30 * DAY })]);
      it.unpublish();
      await scene.lab.json('timestamp', '--case', lane, '--tsa', scene.tsa.url, '--tsa-ca', scene.tsa.ca);
      return scene.failures(lane);
    },
  },
];

function known(scene: AnchoredCase): { readonly checkpoint: { readonly name: string; readonly note: Uint8Array } } {
  return { checkpoint: { name: 'checkpoint.kept', note: scene.kept } };
}

/** The same case with another history after its third commit, each signature of it valid. */
async function rewritten(scene: AnchoredCase): Promise<Insider> {
  const it = await scene.insider();
  for (const size of it.sizes.slice(2)) it.put(`log/commit/${size}`, null);
  it.unpublish();
  const opened = await openCase(it.lane, { person: await loadPerson(scene.identity) });
  await opened.append(Array.from({ length: LONGER }, () => draftEvent('access', {}, { time: Date.now() })));
  return scene.insider(it.lane);
}

async function extend(scene: AnchoredCase, lane: string, id: string): Promise<void> {
  const opened = await openCase(lane, { person: await loadPerson(scene.identity) });
  const warrant = JSON.parse(readFileSync(join(whatsApp, 'warrant.json'), 'utf8')) as Record<string, unknown>;
  await addAuthority(opened, JSON.stringify({ ...warrant, id }));
}

/** Commits the parts of one of the original's anchors again, as if they had been got for this log: the one with that file. */
async function carryOver(
  scene: AnchoredCase,
  it: Insider,
  taken: { readonly like: string | null; readonly checkpoint?: string },
): Promise<void> {
  const opened = await openCase(it.lane, { person: await loadPerson(scene.identity) });
  const source = await scene.insider(scene.original);
  const groups = source.ledger.commits.map((commit) => commit.anchors).filter((names) => names.length > 0);
  const isWanted = (names: readonly string[]) =>
    names.some((name) => name.endsWith('/token.tsr')) === (taken.like === 'token.tsr');
  const names = groups.find(isWanted) ?? [];
  const label = `anchors/5-${'ab'.repeat(8)}`;
  const files = new Map(names.map((name) => [name.split('/')[2] ?? '', source.read(name) as Uint8Array]));
  if (taken.checkpoint !== undefined) files.set('checkpoint', Buffer.from(taken.checkpoint));
  const objects = [];
  for (const [file, bytes] of files) objects.push(await storeObject(opened.vault, `${label}/${file}`, bytes));
  await opened.append([draftEvent('anchor', {}, { time: Date.now() })], objects);
}
