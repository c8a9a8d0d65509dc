import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BatchWriter } from '@custody/evidence';
import type { ByteSource } from '../src/byte-source.ts';
import type { CaptureFile } from '../src/format.ts';
import { readKeyFiles } from '../src/keys/read-key-files.ts';
import { detectFormat, probeOf } from '../src/registry.ts';
import type { Scratch, ScratchHandle } from '../src/scratch.ts';

/**
 * Peak memory of decoding one capture, prepare and every unit, without ledger and index.
 * `node --conditions=source packages/decode/bench/memory.bench.ts CAPTURE KEYRING`; the capture is a file, or a folder whose
 * named file (`Manifest.plist`, `sql/db.sqlite`) comes third. `--json`: one line of JSON instead of words.
 */
const told = process.argv.slice(2);
const asJson = told.includes('--json');
const [capture = '', keyring = '', inside] = told.filter((one) => one !== '--json');

const opened = new Map<string, number>();
/** A folder may have more files than a process may hold open. */
const MOST_OPEN = 200;

function descriptorOf(path: string): number {
  const known = opened.get(path);
  if (known !== undefined) return known;
  const [oldest] = opened;
  if (oldest !== undefined && opened.size >= MOST_OPEN) {
    closeSync(oldest[1]);
    opened.delete(oldest[0]);
  }
  const fd = openSync(path, 'r');
  opened.set(path, fd);
  return fd;
}

function fileSource(path: string): ByteSource {
  const length = statSync(path).size;
  return {
    length,
    read(offset, wanted) {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(wanted, length - offset)));
      readSync(descriptorOf(path), bytes, 0, bytes.length, offset);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    },
    readInto(offset, into) {
      readSync(descriptorOf(path), into, 0, into.length, offset);
    },
  };
}

/** Files of a temporary folder: what is measured is invented, so nothing need be sealed. */
class FileScratch implements Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'memory-bench-'));
  #count = 0;

  create() {
    const id = join(this.folder, String(this.#count++));
    const fd = openSync(id, 'w');
    let length = 0;
    return {
      get length() {
        return length;
      },
      append(bytes: Uint8Array) {
        length += writeSync(fd, bytes);
      },
      finish(): ScratchHandle {
        closeSync(fd);
        return { id, length };
      },
      discard: () => rmSync(id, { force: true }),
    };
  }

  open({ id }: ScratchHandle): ByteSource {
    return fileSource(id);
  }
}

function captureFile(): CaptureFile {
  if (inside === undefined) return { name: basename(capture), source: fileSource(capture) };
  const names = readdirSync(capture, { recursive: true, encoding: 'utf8' });
  const known = new Set(names);
  const open = (path: string) => (known.has(path) ? fileSource(join(capture, path)) : null);
  const beside = (name: string) => open(join(inside, '..', name));
  return { name: inside, source: fileSource(join(capture, inside)), beside, folder: { names, open } };
}

export interface Measured {
  readonly format: string;
  readonly units: number;
  /** Items and findings of units. */
  readonly leaves: number;
  /** Resident memory, MiB. */
  readonly peak: { readonly start: number; readonly survey: number; readonly all: number };
  /** Of processor time. */
  readonly seconds: number;
  readonly findings: readonly string[];
}

function inWords({ format, units, leaves, peak, seconds, findings }: Measured): string {
  const first =
    `${format}: ${units} units, ${leaves} items and findings; peak ${peak.start} MiB at the start, ${peak.survey} after ` +
    `the survey, ${peak.all} in all; ${seconds} s of processor time`;
  return [first, ...findings.slice(0, 5).map((one) => `  ${one}`)].join('\n');
}

const megabytes = () => Math.round(process.resourceUsage().maxRSS / 1024);
const file = captureFile();
const format = detectFormat(probeOf(file.name, file.source, { beside: file.beside }))[0]?.format;
if (format === undefined) throw new Error('no format claims the capture');
const scratch = new FileScratch();
try {
  const before = megabytes();
  const keys = readKeyFiles([{ name: keyring, bytes: new Uint8Array(readFileSync(keyring)) }], () => null);
  const context = { keyring: keys, scratch };
  const plan = await format.prepare(file, context);
  const prepared = megabytes();
  const decoder = format.open(plan, file, context);
  const out = new BatchWriter();
  let items = 0;
  for (const unit of plan.units) {
    out.clear();
    decoder.decode(unit, out);
    items += out.batch().count;
  }
  const { user, system } = process.cpuUsage();
  const measured: Measured = {
    format: format.name,
    units: plan.units.length,
    leaves: items,
    peak: { start: before, survey: prepared, all: megabytes() },
    seconds: Math.round((user + system) / 1e6),
    findings: plan.findings.map(({ code, detail }) => `${code}: ${detail}`),
  };
  console.log(asJson ? JSON.stringify(measured) : inWords(measured));
} finally {
  rmSync(scratch.folder, { recursive: true });
}
