import { readContainer } from '../../containers/read-container.ts';
import { type RecordPlace, RecordStore } from '../../containers/record-store.ts';
import type { CaptureFile, DecodeContext } from '../../format.ts';
import { mboxMessages } from '../pgp-mail/mail-records.ts';
import { CellHashes } from './cell-hashes.ts';
import { cellsOfJson, cellsOfMail } from './record-cells.ts';
import type { StatedFile } from './stated-file.ts';

const LONGEST_MAIL = 64 * 1024 * 1024;
const LINE_WINDOW = 1024 * 1024;

/** A store that hashes what it is given, and keeps nothing. */
class HashingStore extends RecordStore {
  readonly #hashes: CellHashes;

  constructor(hashes: CellHashes, path: string) {
    super(NOWHERE, path);
    this.#hashes = hashes;
  }

  override add(json: Uint8Array, _place: RecordPlace, _raw: Uint8Array | null): void {
    this.#hashes.add(cellsOfJson(Buffer.from(json.buffer, json.byteOffset, json.length).toString()));
  }

  override problem(_why: string, _place: RecordPlace): void {
    this.#hashes.add(null);
  }

  override flush(): void {}
}

const NOWHERE = {
  length: 0,
  append: () => {},
  finish: () => ({ id: '', length: 0 }),
  discard: () => {},
};

/**
 * Reads every record of a file as its manifest says, whatever decoder reads it besides.
 * @throws ContainerFailure where the file is no such container.
 */
export async function hashRecords(
  file: CaptureFile,
  stated: StatedFile,
  scratch: DecodeContext['scratch'],
): Promise<CellHashes> {
  const { container } = stated;
  const hashes = new CellHashes(stated, container?.kind === 'mbox' ? 'latin1' : 'utf8');
  if (container === undefined) return hashes;
  if (container.kind === 'ndjson') readLines(file, hashes);
  else if (container.kind === 'mbox') readMails(file, hashes);
  else await readContainer(file, container, { store: new HashingStore(hashes, file.name), scratch });
  return hashes;
}

function readLines({ source }: CaptureFile, hashes: CellHashes): void {
  let rest = '';
  const decoder = new TextDecoder('utf-8');
  for (let at = 0; at < source.length; at += LINE_WINDOW) {
    const lines = (rest + decoder.decode(source.read(at, LINE_WINDOW), { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') hashes.add(cellsOfJson(line));
    // Controlled by whoever wrote the file: a line without an end is no record.
    if (rest.length > LONGEST_MAIL) rest = '';
  }
  if (rest.trim() !== '') hashes.add(cellsOfJson(rest));
}

function readMails({ source, name }: CaptureFile, hashes: CellHashes): void {
  let end = 0;
  for (const { offset, length } of mboxMessages(name, source)) {
    const separator = Buffer.from(source.read(end, Math.min(offset - end, LINE_WINDOW))).toString('latin1');
    const mail = length > LONGEST_MAIL ? null : Buffer.from(source.read(offset, length)).toString('latin1');
    hashes.add(mail === null ? null : cellsOfMail(separator, mail));
    end = offset + length;
  }
}
