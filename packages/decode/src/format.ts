import type { BatchWriter, Finding } from '@custody/evidence';
import type { ByteSource } from './byte-source.ts';
import type { Keyring } from './keyring.ts';
import type { Scratch } from './scratch.ts';

/** One file of a capture, as a decoder sees it. */
export interface CaptureFile {
  /** File name, or path inside a directory capture: shown in locators, never trusted. */
  readonly name: string;
  readonly source: ByteSource;
  /** Further files of the same capture by path, for formats that span several (a `-wal` beside a database). */
  readonly beside?: (name: string) => ByteSource | null;
  /** All files of a directory capture, for formats that are folders; absent where the capture is one file. */
  readonly folder?: CaptureFolder;
}

/** A directory capture: paths as they stand in locators, `/` between their parts. */
export interface CaptureFolder {
  readonly names: readonly string[];
  open(path: string): ByteSource | null;
}

/** What `detect` looks at: the first and last bytes of a file and its name. Names are a hint, bytes decide. */
export interface Probe {
  readonly name: string;
  readonly length: number;
  /** Up to 64 KiB from the start. */
  readonly head: Uint8Array;
  /** Up to 4 KiB from the end. */
  readonly tail: Uint8Array;
  /** As of `CaptureFile`: a profile beside a dump says what the dump is. */
  readonly beside?: CaptureFile['beside'];
  /** What was supplied with the capture: profiles are. */
  readonly keyring?: Keyring;
}

/** A format's claim on a file: `null` from `detect` means "not mine". */
export interface Claim {
  /** certain: a signature or structure no other format has; likely: consistent, checked further when decoded. */
  readonly confidence: 'certain' | 'likely';
  /** Why, in words for the examiner. */
  readonly grounds: string;
}

export interface DecodeContext {
  readonly keyring: Keyring;
  readonly scratch: Scratch;
  /** Called now and then during long preparation: bytes done of bytes to do. */
  readonly progress?: (done: number, total: number) => void;
}

/** A stretch of the capture that decodes by itself. Units are a function of the capture, keys and decoder only. */
export interface Unit {
  readonly index: number;
  /** Records that the unit lists, where known beforehand; for progress and work division. About 4,000 at most. */
  readonly records: number | null;
  /** For the decoder only; survives structured cloning. */
  readonly state: unknown;
}

/** What `prepare` found out. `state` survives structured cloning; keys in it stay in this process's memory. */
export interface Plan {
  readonly units: readonly Unit[];
  readonly state: unknown;
  /** Findings about the capture as a whole, committed before the first unit. */
  readonly findings: readonly Finding[];
  /** Fingerprints of the keys that were used: first 8 bytes of SHA-256 of the key material's SHA-256, hex. */
  readonly keyIds: readonly string[];
  /** Hash of a declarative profile that steers the decoder, hex; null for formats without one. */
  readonly profile: string | null;
  /**
   * Other files of a directory capture that this plan reads or accounts for, by path: no other format decodes them, and
   * none of them is reported as unknown.
   */
  readonly covers?: readonly string[];
  /** What the container says of itself outside its records, in a few short texts: shown beside the derivation. */
  readonly about?: readonly ContainerFact[];
}

/** One statement of a container's header, as found. */
export interface ContainerFact {
  readonly name: string;
  readonly value: string;
  /** Whether the format's cryptography covers it. */
  readonly authenticated: boolean;
}

/** Records are counted once each: records = decoded + lost + notCovered (lost null: cannot be known). */
export interface Counts {
  readonly records: number;
  readonly decoded: number;
  readonly lost: number | null;
  readonly notCovered: number;
}

export interface UnitResult {
  readonly counts: Counts;
  /** For `finish`; survives structured cloning, small. */
  readonly summary: unknown;
}

export interface UnitDecoder {
  /** Writes the unit's items and findings in capture order. Same unit, same bytes: always the same leaves. */
  decode(unit: Unit, out: BatchWriter): UnitResult;
  close(): void;
}

/** One capture format. */
export interface Format {
  /** The name in the contract: `whatsapp-crypt15`. */
  readonly name: string;
  readonly title: string;
  /** Version of this decoder: part of every derivation. */
  readonly version: string;
  readonly versions: string;
  readonly keyMaterial: string;
  /** What the format's own cryptography shows, and what not. */
  readonly authentication: string;
  readonly notCovered: string;
  /**
   * True where a plan means the same to any process that has the capture and the keys, and holds no key: no handle of a
   * scratch file, nothing of the process that prepared it. Such a plan may be stored, so that others need not prepare.
   */
  readonly portable?: boolean;
  /** True where the format decodes only what was asked for by its name: it is never detected. */
  readonly onRequest?: boolean;
  detect(probe: Probe): Claim | null;
  /** Keys, structure, units. Runs once. A capture that cannot be decoded at all is a plan with no units and a finding. */
  prepare(file: CaptureFile, context: DecodeContext): Promise<Plan>;
  /** Opens a plan in any thread. */
  open(plan: Pick<Plan, 'state'>, file: CaptureFile, context: DecodeContext): UnitDecoder;
  /**
   * One summary for two neighbouring stretches, so that what a capture of any size leaves for `finish` stays small.
   * Called from left to right in unit order within one thread, or not at all; `earlier` is the first unit's summary or
   * what `combine` gave last, and may be changed. `finish` takes a single joined summary and a list alike.
   */
  combine?(plan: Pick<Plan, 'state'>, earlier: unknown, later: unknown): unknown;
  /** Findings that need the summaries of all units, in unit order (gaps, one-sided conversations). */
  finish?(
    plan: Pick<Plan, 'state'>,
    summaries: readonly unknown[],
  ): { readonly findings: readonly Finding[]; readonly counts?: Counts };
}
