import { utf8Decode, utf8Encode } from '@custody/bytes';
import { type ByteTable, END, RECORD, START, TAG } from '../byte-table.ts';
import { partMalformed } from '../errors.ts';

/** What a links index is written from. */
export interface LinksContent {
  readonly types: readonly string[];
  readonly nodes: ByteTable;
  /** Keys are the node numbers of a group as 32-bit integers, tags its basis. */
  readonly groups: ByteTable;
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly rowGroups: Uint32Array;
  readonly rowLeaves: Uint32Array;
}

/** A links index as it lies in memory: columns over the stored bytes, nothing decoded. */
export interface LinksColumns {
  readonly types: readonly string[];
  readonly nodes: number;
  readonly groups: number;
  readonly arena: Uint8Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** Node i is `arena[nodeEnds[i-1] .. nodeEnds[i])`, of type `nodeTypes[i]`; sorted by type, then bytes. */
  readonly nodeEnds: Uint32Array;
  readonly nodeTypes: Uint32Array;
  /** Groups of node i: `nodeGroups[nodeGroupEnds[i-1] .. nodeGroupEnds[i])`. */
  readonly nodeGroupEnds: Uint32Array;
  readonly nodeGroups: Uint32Array;
  readonly groupBases: Uint32Array;
  readonly groupNodeEnds: Uint32Array;
  readonly groupNodes: Uint32Array;
  readonly groupRowEnds: Uint32Array;
  /** LeafIndex of every row, ascending within a group. */
  readonly rows: Uint32Array;
}

const MAGIC = 'custody-links 1\n';
const HEADER = 48;

/** `custody-links 1\n`, eight 32-bit lengths, then the columns; little-endian, each aligned to its width. */
export function encodeLinks(content: LinksContent): Uint8Array {
  const { nodes, groups, rowGroups, rowLeaves } = content;
  const typeNames = utf8Encode(JSON.stringify([...content.types].sort(byBytes)));
  const order = nodeOrder(content);
  const newIds = inverse(order, nodes.count);
  const members = groupMembers(groups, newIds);
  const rowEnds = countEnds(rowGroups, groups.count);
  const arenaEnds = new Uint32Array(order.length);
  let arenaLength = 0;
  for (let i = 0; i < order.length; i++) {
    arenaLength += spanLength(nodes, order[i] as number);
    arenaEnds[i] = arenaLength;
  }
  const counts = [
    order.length,
    groups.count,
    members.nodes.length,
    rowLeaves.length,
    arenaLength,
    typeNames.length,
    0,
    0,
  ];
  const out = new Writer(layoutLength(counts));
  out.bytes(utf8Encode(MAGIC));
  out.u32(Uint32Array.from(counts));
  out.f64(content.first.subarray(0, groups.count));
  out.f64(content.last.subarray(0, groups.count));
  out.u32(arenaEnds);
  out.u32(nodeTypes(content, order));
  const byNode = groupsByNode(members, order.length);
  out.u32(byNode.ends);
  out.u32(byNode.groups);
  out.u32(Uint32Array.from({ length: groups.count }, (_, i) => groups.records[i * RECORD + TAG] as number));
  out.u32(members.ends);
  out.u32(members.nodes);
  out.u32(rowEnds);
  out.u32(placed(rowGroups, rowLeaves, rowEnds));
  for (const node of order) {
    const { arena, records } = nodes;
    out.bytes(arena.subarray(records[node * RECORD + START] as number, records[node * RECORD + END] as number));
  }
  out.bytes(typeNames);
  return out.memory;
}

/** The columns of an index; views over `bytes`, which must be aligned to 8. Throws IntegrityError INDEX_PART_MALFORMED. */
export function readLinks(bytes: Uint8Array): LinksColumns {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  if (aligned.length < HEADER || utf8Decode(aligned.subarray(0, 16)) !== MAGIC)
    throw partMalformed('is no links index');
  const reader = new Reader(aligned);
  const counts = [...reader.u32(8)];
  const [nodes, groups, members, rowCount, arenaLength, typesLength] = counts as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (aligned.length !== layoutLength(counts)) throw partMalformed('has not the length that its header states');
  const columns = {
    nodes,
    groups,
    first: reader.f64(groups),
    last: reader.f64(groups),
    nodeEnds: reader.u32(nodes),
    nodeTypes: reader.u32(nodes),
    nodeGroupEnds: reader.u32(nodes),
    nodeGroups: reader.u32(members),
    groupBases: reader.u32(groups),
    groupNodeEnds: reader.u32(groups),
    groupNodes: reader.u32(members),
    groupRowEnds: reader.u32(groups),
    rows: reader.u32(rowCount),
    arena: reader.bytes(arenaLength),
  };
  const types = JSON.parse(utf8Decode(reader.bytes(typesLength))) as readonly string[];
  return { ...columns, types };
}

function layoutLength(counts: readonly number[]): number {
  const [nodes, groups, members, rows, arena, types] = counts as [number, number, number, number, number, number];
  return HEADER + groups * 16 + (nodes * 3 + groups * 3 + members * 2 + rows) * 4 + arena + types;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Nodes that stand in a group, by type, then by bytes: what stands beside nothing is left out. */
function nodeOrder({ nodes, types, groups }: LinksContent): Uint32Array {
  const used = usedNodes(groups, nodes.count);
  const ranks = typeRanks(types);
  const { records, arena } = nodes;
  const buffer = Buffer.from(arena.buffer, arena.byteOffset, arena.length);
  const at = (node: number, field: number) => records[node * RECORD + field] as number;
  const inGroups = Uint32Array.from({ length: nodes.count }, (_, i) => i).filter((node) => used[node] === 1);
  return inGroups.sort((a, b) => {
    const byType = (ranks[at(a, TAG)] as number) - (ranks[at(b, TAG)] as number);
    return byType !== 0 ? byType : buffer.compare(buffer, at(b, START), at(b, END), at(a, START), at(a, END));
  });
}

function usedNodes(groups: ByteTable, count: number): Uint8Array {
  const used = new Uint8Array(count);
  const view = new DataView(groups.arena.buffer, groups.arena.byteOffset, groups.arena.length);
  const end = groups.count === 0 ? 0 : (groups.records[(groups.count - 1) * RECORD + END] as number);
  for (let byte = 0; byte < end; byte += 4) used[view.getUint32(byte, true)] = 1;
  return used;
}

function typeRanks(types: readonly string[]): number[] {
  const sorted = [...types].sort(byBytes);
  return types.map((type) => sorted.indexOf(type));
}

function nodeTypes({ nodes, types }: LinksContent, order: Uint32Array): Uint32Array {
  const ranks = typeRanks(types);
  return order.map((node) => ranks[nodes.records[node * RECORD + TAG] as number] as number);
}

function inverse(order: Uint32Array, count: number): Uint32Array {
  const places = new Uint32Array(count);
  for (let i = 0; i < order.length; i++) places[order[i] as number] = i;
  return places;
}

function spanLength({ records }: ByteTable, key: number): number {
  return (records[key * RECORD + END] as number) - (records[key * RECORD + START] as number);
}

interface Members {
  readonly ends: Uint32Array;
  readonly nodes: Uint32Array;
}

function groupMembers(groups: ByteTable, newIds: Uint32Array): Members {
  const ends = new Uint32Array(groups.count);
  let total = 0;
  for (let i = 0; i < groups.count; i++) ends[i] = total += spanLength(groups, i) / 4;
  const nodes = new Uint32Array(total);
  const view = new DataView(groups.arena.buffer, groups.arena.byteOffset, groups.arena.length);
  let at = 0;
  for (let i = 0; i < groups.count; i++) {
    const from = at;
    const end = groups.records[i * RECORD + END] as number;
    for (let byte = groups.records[i * RECORD + START] as number; byte < end; byte += 4) {
      nodes[at++] = newIds[view.getUint32(byte, true)] as number;
    }
    nodes.subarray(from, at).sort();
  }
  return { ends, nodes };
}

function groupsByNode({ ends, nodes }: Members, count: number): { ends: Uint32Array; groups: Uint32Array } {
  const groupOf = new Uint32Array(nodes.length);
  let at = 0;
  for (let group = 0; group < ends.length; group++) while (at < (ends[group] as number)) groupOf[at++] = group;
  const nodeEnds = countEnds(nodes, count);
  return { ends: nodeEnds, groups: placed(nodes, groupOf, nodeEnds) };
}

/** For each key below `count` where its stretch ends, when values are placed by key. */
function countEnds(keys: Uint32Array, count: number): Uint32Array {
  const ends = new Uint32Array(count);
  for (const key of keys) ends[key] = (ends[key] as number) + 1;
  for (let i = 1; i < count; i++) ends[i] = (ends[i] as number) + (ends[i - 1] as number);
  return ends;
}

/** Values by key, in their order within a key. */
function placed(keys: Uint32Array, values: Uint32Array, ends: Uint32Array): Uint32Array {
  const next = new Uint32Array(ends.length);
  for (let i = 1; i < ends.length; i++) next[i] = ends[i - 1] as number;
  const out = new Uint32Array(values.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    out[next[key] as number] = values[i] as number;
    next[key] = (next[key] as number) + 1;
  }
  return out;
}

class Writer {
  readonly memory: Uint8Array;
  #at = 0;

  constructor(length: number) {
    this.memory = new Uint8Array(length);
  }

  bytes(bytes: Uint8Array): void {
    this.memory.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  u32(numbers: Uint32Array): void {
    this.bytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }

  f64(numbers: Float64Array): void {
    this.bytes(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = MAGIC.length;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  u32(count: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, this.#take(count * 4), count);
  }

  f64(count: number): Float64Array {
    return new Float64Array(this.#bytes.buffer, this.#take(count * 8), count);
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count) - this.#bytes.byteOffset;
    return this.#bytes.subarray(at, at + count);
  }

  /** Place in the buffer. */
  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw partMalformed('ends too early');
    this.#at += length;
    return this.#bytes.byteOffset + at;
  }
}
