import { sha256Hex, utf8Encode } from '@custody/bytes';
import type { ExportFile } from './export-folder.ts';
import { nameImpossible } from './name-impossible.ts';
import { nameUuid } from './name-uuid.ts';

/** A custody event as the log opens to the reader; closed fields are absent. */
export interface ProvenanceEvent {
  readonly entry: number;
  readonly kind: string;
  /** ISO 8601 UTC, as the writer's clock showed it. */
  readonly time: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly actor: {
    readonly key: string;
    readonly name?: string;
    readonly role?: string;
    readonly organisation?: string;
  };
  readonly authority?: string;
  readonly reason?: string;
  readonly tool?: Readonly<Record<string, unknown>>;
  readonly subject?: Readonly<Record<string, unknown>>;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly segment?: Readonly<Record<string, unknown>>;
}

export interface ProvenanceHeader {
  readonly origin: string;
  readonly title: string;
  readonly verifierKey: string;
  readonly size: number;
}

/** CASE 1.4.0 and UCO 1.4.0 beside W3C PROV-O (https://www.w3.org/TR/prov-o/): each node is of both. */
const CONTEXT = {
  kb: 'http://example.org/kb/',
  prov: 'http://www.w3.org/ns/prov#',
  'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-identity': 'https://ontology.unifiedcyberontology.org/uco/identity/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-tool': 'https://ontology.unifiedcyberontology.org/uco/tool/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

type Node = Readonly<Record<string, unknown>>;
/** Longer descriptions are cut, with the SHA-256 of the whole: an event may list a million items. */
const MOST_TEXT = 4000;

/**
 * The custody events of a log as CASE/UCO investigative actions and PROV activities: who, when, why, under which authority,
 * with which tool and build, on what, to what result; each informed by the one before it. Returns the number of events.
 */
export async function writeProvenance(
  events: AsyncIterable<ProvenanceEvent>,
  header: ProvenanceHeader,
  file: ExportFile,
): Promise<number> {
  const nodes = new ProvenanceNodes(header);
  await file.write(`{"@context": ${JSON.stringify(CONTEXT)},\n"@graph": [`);
  let written = 0;
  let count = 0;
  for await (const event of events) {
    for (const node of nodes.event(event)) await file.write(`${written++ === 0 ? '' : ','}\n${JSON.stringify(node)}`);
    count++;
  }
  for (const node of nodes.closing()) await file.write(`${written++ === 0 ? '' : ','}\n${JSON.stringify(node)}`);
  await file.write(']}\n');
  return count;
}

class ProvenanceNodes {
  readonly #header: ProvenanceHeader;
  readonly #known = new Map<string, string>();
  readonly #objects: string[] = [];
  readonly #authorities: string[] = [];
  #before: string | null = null;

  constructor(header: ProvenanceHeader) {
    this.#header = header;
  }

  /** The event's nodes, those it refers to first. */
  event(event: ProvenanceEvent): Node[] {
    const out: Node[] = [];
    const performer = this.#person(event, out);
    const instrument = this.#tool(event, out);
    const used = [...this.#inputs(event, out)];
    const made = [...this.#outputs(event, out)];
    const id = this.#id('event', event.entry);
    const reference = (ids: readonly string[]) => ids.map((one) => ({ '@id': one }));
    out.push({
      '@id': id,
      '@type': ['case-investigation:InvestigativeAction', 'prov:Activity'],
      'uco-core:name': nameOf(event),
      'uco-core:description': describe(event),
      'uco-action:startTime': time(event.time),
      'uco-action:endTime': time(event.time),
      'uco-action:actionStatus': event.kind === 'refuse' ? 'Fail' : 'Success',
      'uco-action:performer': { '@id': performer },
      'prov:startedAtTime': time(event.time),
      'prov:endedAtTime': time(event.time),
      'prov:wasAssociatedWith': reference(instrument === null ? [performer] : [performer, instrument]),
      ...(instrument !== null && { 'uco-action:instrument': { '@id': instrument } }),
      ...(used.length > 0 && { 'uco-action:object': reference(used), 'prov:used': reference(used) }),
      ...(made.length > 0 && { 'uco-action:result': reference(made), 'prov:generated': reference(made) }),
      ...(this.#before !== null && {
        'case-investigation:wasInformedBy': { '@id': this.#before },
        'prov:wasInformedBy': { '@id': this.#before },
      }),
    });
    this.#before = id;
    this.#objects.push(id);
    return out;
  }

  /** The record that holds all events together, and the investigation. */
  closing(): Node[] {
    const { origin, title, size, verifierKey } = this.#header;
    const record = this.#id('provenance', size);
    return [
      {
        '@id': record,
        '@type': ['case-investigation:ProvenanceRecord', 'prov:Collection'],
        'uco-core:description': `Custody events of the log ${origin} up to size ${size}. Verifier key ${verifierKey}.`,
        'uco-core:object': this.#objects.map((id) => ({ '@id': id })),
      },
      {
        '@id': this.#id('investigation', origin),
        '@type': 'case-investigation:Investigation',
        'uco-core:name': clean(title),
        'case-investigation:relevantAuthorization': this.#authorities.map((id) => ({ '@id': id })),
        'uco-core:object': [{ '@id': record }],
      },
    ];
  }

  #id(kind: string, ...names: readonly (string | number)[]): string {
    return `kb:${kind}-${nameUuid(this.#header.origin, kind, ...names)}`;
  }

  /** The node's id; its node is added to `out` where it is new. */
  #once(kind: string, name: string, out: Node[], make: (id: string) => Node): string {
    const key = `${kind} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#id(kind, name);
    this.#known.set(key, id);
    out.push(make(id));
    return id;
  }

  #person({ actor }: ProvenanceEvent, out: Node[]): string {
    return this.#once('person', actor.key, out, (id) => ({
      '@id': id,
      '@type': ['uco-identity:Person', 'prov:Agent'],
      'uco-core:name': clean(actor.name ?? actor.key),
      'uco-core:description': clean(
        [`signing key ${actor.key}`, actor.role ?? '', actor.organisation ?? ''].filter((one) => one !== '').join('; '),
      ),
    }));
  }

  #tool({ tool }: ProvenanceEvent, out: Node[]): string | null {
    if (tool === undefined) return null;
    const build = String(tool.build ?? '');
    return this.#once('tool', build, out, (id) => ({
      '@id': id,
      '@type': ['uco-tool:Tool', 'prov:SoftwareAgent'],
      'uco-core:name': 'custody',
      'uco-tool:version': String(tool.version ?? ''),
      'uco-core:description': `build ${build}`,
    }));
  }

  *#inputs(event: ProvenanceEvent, out: Node[]): Generator<string> {
    const { subject = {}, authority, kind } = event;
    if (typeof subject.capture === 'string' && kind !== 'intake') yield this.#capture(subject.capture, out);
    if (authority !== undefined && authority !== '') yield this.#authority(authority, out);
  }

  *#outputs({ subject = {}, kind }: ProvenanceEvent, out: Node[]): Generator<string> {
    if (kind === 'intake' && typeof subject.capture === 'string') yield this.#capture(subject.capture, out);
    if (kind === 'authority' && typeof subject.id === 'string') yield this.#authority(subject.id, out);
    if (kind === 'disclose' && typeof subject.sha256 === 'string')
      yield this.#hashed('disclosure', subject.sha256, out, `exhibit or export ${String(subject.exhibitRef ?? '')}`);
  }

  #capture(sha256: string, out: Node[]): string {
    return this.#hashed('capture', sha256, out, 'capture as received');
  }

  #hashed(kind: string, sha256: string, out: Node[], name: string): string {
    return this.#once(kind, sha256, out, (id) => ({
      '@id': id,
      '@type': ['uco-observable:ObservableObject', 'prov:Entity'],
      'uco-core:name': clean(name),
      'uco-core:hasFacet': {
        '@id': this.#id('content', kind, sha256),
        '@type': 'uco-observable:ContentDataFacet',
        'uco-observable:hash': {
          '@id': this.#id('hash', kind, sha256),
          '@type': 'uco-types:Hash',
          'uco-types:hashMethod': 'SHA256',
          'uco-types:hashValue': { '@type': 'xsd:hexBinary', '@value': sha256.toUpperCase() },
        },
      },
    }));
  }

  #authority(name: string, out: Node[]): string {
    return this.#once('authorization', name, out, (id) => {
      this.#authorities.push(id);
      return {
        '@id': id,
        '@type': ['case-investigation:Authorization', 'prov:Entity'],
        'case-investigation:authorizationIdentifier': clean(name),
      };
    });
  }
}

function nameOf({ kind, subject }: ProvenanceEvent): string {
  return typeof subject?.act === 'string' ? clean(`${kind}: ${subject.act}`) : kind;
}

/** All that the event says, as it stands in the log. */
function describe(event: ProvenanceEvent): string {
  const { entry, reason, subject, detail, segment, notBefore, notAfter } = event;
  const whole = JSON.stringify({ entry, reason, notBefore, notAfter, subject, detail, segment }, plain);
  const text = clean(whole);
  if (text.length <= MOST_TEXT) return text;
  return `${text.slice(0, MOST_TEXT).toWellFormed()} … (cut; SHA-256 of the whole ${sha256Hex(utf8Encode(whole))})`;
}

function plain(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return value instanceof Map ? Object.fromEntries(value) : value;
}

function time(iso: string): Node {
  return { '@type': 'xsd:dateTime', '@value': iso };
}

/** What JSON-LD can carry and xsd:string cannot (XML 1.0 section 2.2) is shown by its number. */
function clean(text: string): string {
  return nameImpossible(text.toWellFormed());
}
