import {
  type CaptureFile,
  detectFormat,
  type Format,
  loadFormat,
  openZipFolder,
  probeOf,
  type SuppliedKey,
} from '@custody/decode';
import type { Finding } from '@custody/evidence';
import { type CaptureFileSpec, type CaptureReaders, captureFile } from './capture-files.ts';

/** The files of a capture and what reads each; `null`: nothing does. */
export interface ChosenFormats {
  readonly files: readonly CaptureFileSpec[];
  readonly inputs: readonly CaptureFile[];
  readonly formats: readonly (Format | null)[];
  /** Files whose members stand among `files` behind them: they are not unknown. */
  readonly opened: ReadonlySet<number>;
  readonly findings: readonly Finding[];
}

interface Terms {
  readonly wanted: string | null;
  readonly keys: readonly SuppliedKey[];
}

/**
 * Formats by file. A ZIP that no format claims is read as the folder that it was made of, where a format claims one of its
 * files; a ZIP within it is not.
 */
export async function chooseFormats(
  readers: CaptureReaders,
  specs: readonly CaptureFileSpec[],
  terms: Terms,
): Promise<ChosenFormats> {
  const claimed = await claimsOn(inputsOf(readers, specs), terms);
  let files = specs;
  const opened = new Set<number>();
  const findings: Finding[] = [];
  for (const [index, spec] of specs.entries()) {
    if (claimed[index] !== null) continue;
    const { source } = captureFile(readers, specs, index);
    const zip = await openZipFolder(
      { name: spec.name, source },
      { scratch: readers.scratch, keyring: { keys: terms.keys } },
    );
    if (zip === null) continue;
    const members = zip.files.map(({ name, offset, length, unpacked }) =>
      unpacked === null ? { name, offset: spec.offset + offset, length } : { name, offset, length, unpacked },
    );
    const formats = await claimsOn(inputsOf(readers, members), terms);
    // A password may be what is missing: of a ZIP without one readable file what is wrong with it is said all the same.
    if (zip.files.length > 0 && formats.every((format) => format === null)) zip.discard();
    else {
      files = [...files, ...members];
      claimed.push(...formats);
      findings.push(...zip.findings);
      opened.add(index);
    }
  }
  const inputs = inputsOf(readers, files);
  return { files, inputs, formats: await asWanted(claimed, terms), opened, findings };
}

function inputsOf(readers: CaptureReaders, files: readonly CaptureFileSpec[]): CaptureFile[] {
  return files.map((_, index) => captureFile(readers, files, index));
}

async function claimsOn(files: readonly CaptureFile[], { wanted, keys }: Terms): Promise<(Format | null)[]> {
  const format = wanted === null ? null : await loadFormat(wanted);
  const found: (Format | null)[] = [];
  // One after the other: each probe holds what it read of its file.
  for (const { name, source, beside } of files) {
    const probe = probeOf(name, source, { ...(beside !== undefined && { beside }), keyring: { keys } });
    if (format !== null) found.push(format.detect(probe) === null ? null : format);
    else found.push((await detectFormat(probe))[0]?.format ?? null);
  }
  return found;
}

/** A format that was asked for reads the files that it claims; where it claims none, all. */
async function asWanted(claimed: readonly (Format | null)[], { wanted }: Terms): Promise<readonly (Format | null)[]> {
  if (wanted === null || claimed.some((one) => one !== null)) return claimed;
  const format = await loadFormat(wanted);
  return claimed.map(() => format);
}
