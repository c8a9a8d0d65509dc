import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  askWitnesses,
  type Failure,
  loadPerson,
  makeWitnessKey,
  type OutsideKnowledge,
  openCase,
  refuseRollback,
  verifyCase,
  Witness,
  type WitnessAddress,
  type WitnessKey,
  WitnessMemory,
} from '@custody/case';
import { openVault, type Post } from '@custody/vault';
import { Insider } from './attacks/insider.ts';
import { Lab, whatsApp } from './e2e/lab.ts';
import { TsaServer } from './e2e/tsa-server.ts';

/** A case that the command made, with a time-stamp and a cosignature, and what its verifiers keep elsewhere. */
export class AnchoredCase {
  readonly lab: Lab = new Lab('attacks');
  readonly tsa: TsaServer = new TsaServer();
  #path = '';
  #lanes = 0;
  #witness: Witness | null = null;
  #key: WitnessKey | null = null;
  /** A checkpoint that the defence got and kept. */
  kept: Uint8Array = new Uint8Array(0);

  async build(): Promise<void> {
    await this.tsa.start();
    this.#path = await this.lab.newCase();
    await this.lab.ingest(this.#path, join(whatsApp, 'msgstore.db.crypt12'));
    await this.lab.json('timestamp', '--case', this.#path, '--tsa', this.tsa.url, '--tsa-ca', this.tsa.ca);
    this.#key = await makeWitnessKey(this.lab.path('witness.key'), 'lab-b.example/witness');
    const opened = await openCase(this.#path, { person: await loadPerson(this.lab.identity) });
    const memory = new WitnessMemory(await openVault(this.lab.path('witness')));
    this.#witness = new Witness({ own: this.#key, logs: [opened.verifierKey], memory, now: Date.now });
    await this.askWitness(this.#path);
    this.kept = readFileSync(join(this.#path, 'log/checkpoint'));
  }

  remove(): void {
    this.tsa.stop();
    this.lab.remove();
  }

  get original(): string {
    return this.#path;
  }

  get identity(): string {
    return this.lab.identity;
  }

  /** A copy of the case to attack. */
  lane(from: string = this.#path): string {
    const lane = this.lab.path(`lane-${this.#lanes++}`);
    cpSync(from, lane, { recursive: true });
    return lane;
  }

  async insider(lane: string = this.lane()): Promise<Insider> {
    return Insider.at(lane, this.identity);
  }

  /** What a verifier without keys is told. */
  async failures(lane: string, known: OutsideKnowledge = {}, verifierKey?: string): Promise<readonly Failure[]> {
    const pinned = verifierKey === undefined ? {} : { verifierKey };
    return (await verifyCase(lane, { person: null, known, ...pinned })).failures;
  }

  get verifierKey(): string {
    return readFileSync(join(this.#path, 'log/verifier-key'), 'utf8').trim();
  }

  /** The witness as it is reached over the network, without one. */
  get post(): Post {
    return (_, { body }) => (this.#witness as Witness).addCheckpoint(body);
  }

  get address(): WitnessAddress {
    return { url: 'https://lab-b.example/', key: (this.#key as WitnessKey).key };
  }

  get witnessKey(): WitnessKey {
    return this.#key as WitnessKey;
  }

  /** Has the witness cosign the case there. */
  async askWitness(lane: string): Promise<void> {
    const opened = await openCase(lane, { person: await loadPerson(this.identity) });
    await askWitnesses(opened, { witnesses: [this.address], post: this.post });
  }

  /** What keeps a case from being extended. */
  async guard(lane: string): Promise<void> {
    const opened = await openCase(lane, { person: await loadPerson(this.identity) });
    await refuseRollback(opened, this.post, () => {});
  }

  drop(lane: string): void {
    rmSync(lane, { recursive: true, force: true });
  }
}
