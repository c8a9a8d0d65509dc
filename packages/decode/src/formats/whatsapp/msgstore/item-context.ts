import type { Authentication, BatchWriter, PartyId } from '@custody/evidence';
import type { SqliteFile } from '../../../sqlite/index.ts';
import type { Directory } from './directory.ts';
import { partyOf } from './jid.ts';
import type { MediaFolder } from './media-folder.ts';

/** What the units report for the whole: small, and survives cloning. */
export interface Tally {
  /** Rows that became items or parts of items. */
  decoded: number;
  /** Files that messages name and the capture does not hold. */
  absentFiles: number;
  /** Files beside the database whose hash is another than the message states. */
  otherFiles: number;
  /** Messages whose chat or sender is named by a row that is not there. */
  unresolved: number;
}

/** What all row writers of a unit share. */
export class ItemContext {
  readonly out: BatchWriter;
  readonly file: SqliteFile;
  readonly names: Directory;
  readonly owner: PartyId | null;
  readonly authentication: Authentication;
  readonly media: MediaFolder;
  readonly tally: Tally = { decoded: 0, absentFiles: 0, otherFiles: 0, unresolved: 0 };
  readonly #parties = new Map<string, PartyId>();

  constructor(
    out: BatchWriter,
    options: {
      file: SqliteFile;
      names: Directory;
      owner: string | null;
      authentication: Authentication;
      media: MediaFolder;
    },
  ) {
    this.out = out;
    this.file = options.file;
    this.names = options.names;
    this.authentication = options.authentication;
    this.media = options.media;
    this.owner = options.owner === null ? null : this.party(options.owner);
  }

  /** The party of a JID, looked up once a unit. */
  party(jid: string, display?: string | null): PartyId {
    const known = this.#parties.get(jid);
    if (known !== undefined) return known;
    const id = partyOf(this.out, jid, display ?? undefined);
    this.#parties.set(jid, id);
    return id;
  }
}
