import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Run, readLines, runCustody } from '../run-custody.ts';

export const whatsApp: string = fileURLToPath(new URL('../../fixtures/whatsapp/', import.meta.url));
export const envelope: string = fileURLToPath(new URL('../../fixtures/envelope/', import.meta.url));
export const WHATSAPP_WARRANT = 'W-2024-017';
export const ENVELOPE_WARRANT = 'W-2024-031';

export type Counts = Readonly<
  Record<
    'records' | 'decoded' | 'notCovered' | 'items' | 'findings' | 'inScope' | 'outOfScope' | 'privileged' | 'undecided',
    number
  >
>;

export interface Ingested extends Counts {
  readonly capture: string;
  readonly format: string;
  readonly derivation: number;
  readonly lost: number | null;
  readonly evidenceRoot: string;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  readonly known: boolean;
  readonly repeated: boolean;
}

export interface ListedItem {
  readonly index: number;
  readonly capture: string;
  readonly derivation: number;
  readonly kind: string;
  readonly messageId: string | null;
  readonly sentAt: object | null;
  readonly body: string | null;
  readonly disposition: string;
}

export interface ListedFinding {
  readonly index: number;
  readonly derivation: number;
  readonly code: string;
  readonly class: string;
  readonly records: number | 'unknown';
  readonly detail: string;
}

/** A folder with a home of its own: what one examiner has on one machine, driven through the real command. */
export class Lab {
  readonly folder: string;
  readonly #home: string;

  constructor(name: string, folder: string = mkdtempSync(join(tmpdir(), `custody-${name}-`))) {
    this.folder = folder;
    this.#home = join(folder, 'home');
    mkdirSync(this.#home, { recursive: true });
  }

  /** Another person on the same machine. */
  person(name: string): Lab {
    return new Lab(name, join(this.folder, 'persons', name));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  get identity(): string {
    return join(this.#home, '.config/custody/identity.txt');
  }

  run(...args: readonly string[]): Promise<Run> {
    return runCustody(args, { home: this.#home });
  }

  /** Runs a command that must succeed and reads its last line of JSON. */
  async json<T>(...args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0 && code !== 2) throw new Error(`custody ${args.join(' ')} exited ${code}:\n${stderr}`);
    return readLines<T>(stdout).at(-1) as T;
  }

  async lines<T>(...args: readonly string[]): Promise<T[]> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    if (code !== 0) throw new Error(`custody ${args.join(' ')} exited ${code}:\n${stderr}`);
    return readLines<T>(stdout);
  }

  /** A new case with the warrants of both fixtures. */
  async newCase(name = 'case', ...init: readonly string[]): Promise<string> {
    const path = this.path(name);
    await this.json('init', '--case', path, '--title', name, ...init);
    await this.json('warrant', '--case', path, 'add', join(whatsApp, 'warrant.json'));
    await this.json('warrant', '--case', path, 'add', join(envelope, 'warrant.json'));
    return path;
  }

  /** Arguments of `ingest` for a capture, with the fixtures' own key unless told otherwise. */
  ingestArgs(path: string, capture: string, keys?: string): string[] {
    const isEnvelope = /\.(nd)?json$|\.csv$/.test(capture);
    const keyring = keys ?? join(isEnvelope ? envelope : whatsApp, 'keyring.json');
    const warrant = isEnvelope ? ENVELOPE_WARRANT : WHATSAPP_WARRANT;
    return ['ingest', '--case', path, '--warrant', warrant, '--keys', keyring, '--no-supplier-hash', capture];
  }

  ingest(path: string, capture: string, keys?: string): Promise<Ingested> {
    return this.json(...this.ingestArgs(path, capture, keys));
  }

  /** A copy of a file or folder of the lab under another name. */
  copy(from: string, name: string): string {
    const to = this.path(name);
    mkdirSync(join(to, '..'), { recursive: true });
    cpSync(from, to, { recursive: true });
    return to;
  }

  copyFile(from: string, name: string): string {
    const to = this.path(name);
    mkdirSync(join(to, '..'), { recursive: true });
    copyFileSync(from, to);
    return to;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** True where the counts of an ingest account for every record and item. */
export function addsUp(one: Counts & { readonly lost: number | null }): boolean {
  const scoped = one.inScope + one.outOfScope + one.privileged + one.undecided;
  return scoped === one.items && (one.lost === null || one.records === one.decoded + one.lost + one.notCovered);
}
