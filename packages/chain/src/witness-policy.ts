/** C2SP tlog-policy: which logs and witnesses are known, and which of the witnesses must have cosigned. */
import { hexEncode } from '@custody/bytes';
import { formatError } from './errors.ts';
import { COSIGNATURE_TYPE, ED25519_TYPE, readVerifierKey, type VerifierKey } from './verifier-key.ts';

/** A key in a policy, with where to reach its holder. */
export interface PolicyKey {
  readonly key: VerifierKey;
  readonly url: string | null;
}

export interface PolicyWitness extends PolicyKey {
  /** Its name inside the policy. */
  readonly name: string;
}

export interface WitnessPolicy {
  readonly logs: readonly PolicyKey[];
  readonly witnesses: readonly PolicyWitness[];
  /** Whether these witnesses together are enough. */
  isQuorum(signed: readonly VerifierKey[]): boolean;
}

/** Ours; the standard asks for 32 of each. */
const LINES_MAX = 4096;
const POLICY_MAX = 256 * 1024;
const NONE = 'none';

type Rule = (signed: ReadonlySet<string>) => boolean;

/** Reads a policy. Names are compared as they stand. Throws POLICY_MALFORMED with the line's number. */
export function readWitnessPolicy(text: string): WitnessPolicy {
  if (text.length > POLICY_MAX) throw malformed(0, 'it is too long');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) throw malformed(0, 'it has control characters');
  if (text !== '' && !text.endsWith('\n')) throw malformed(0, 'its last line does not end');
  const lines = text.split('\n').slice(0, -1);
  if (lines.length > LINES_MAX) throw malformed(0, `it has more than ${LINES_MAX} lines`);
  const reader = new PolicyReader();
  for (const [i, line] of lines.entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    if (words.length > 0 && !(words[0] as string).startsWith('#')) reader.take(words, i + 1);
  }
  return reader.policy();
}

class PolicyReader {
  readonly #logs: PolicyKey[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  readonly #rules = new Map<string, Rule>();
  /** Names that are a member of some group already. */
  readonly #taken = new Set<string>();
  #quorum: Rule | null = null;

  take(words: readonly string[], line: number): void {
    const [kind, ...rest] = words;
    if (kind === 'log') this.#log(rest, line);
    else if (kind === 'witness') this.#witness(rest, line);
    else if (kind === 'group') this.#group(rest, line);
    else if (kind === 'quorum') this.#setQuorum(rest, line);
    else throw malformed(line, `it begins with ${JSON.stringify(kind)}: log, witness, group and quorum are known`);
  }

  policy(): WitnessPolicy {
    const quorum = this.#quorum;
    if (quorum === null) throw malformed(0, 'it has no quorum line');
    return {
      logs: this.#logs,
      witnesses: this.#witnesses,
      isQuorum: (signed) => quorum(new Set(signed.map(({ publicKey }) => hexEncode(publicKey)))),
    };
  }

  #log([vkey, url, ...more]: readonly string[], line: number): void {
    if (vkey === undefined || more.length > 0) throw malformed(line, 'a log is "log VKEY [URL]"');
    this.#logs.push(readKey(vkey, url, { line, type: ED25519_TYPE, known: this.#logs }));
  }

  #witness([name, vkey, url, ...more]: readonly string[], line: number): void {
    if (name === undefined || vkey === undefined || more.length > 0)
      throw malformed(line, 'a witness is "witness NAME VKEY [URL]"');
    const witness = { name, ...readKey(vkey, url, { line, type: COSIGNATURE_TYPE, known: this.#witnesses }) };
    this.#witnesses.push(witness);
    const id = hexEncode(witness.key.publicKey);
    this.#define(name, (signed) => signed.has(id), line);
  }

  #group([name, threshold, ...members]: readonly string[], line: number): void {
    if (name === undefined || threshold === undefined || members.length === 0)
      throw malformed(line, 'a group is "group NAME all|any|K MEMBER..."');
    const rules = members.map((member) => {
      const rule = this.#rules.get(member);
      if (rule === undefined) throw malformed(line, `${member} is defined on no line before`);
      if (this.#taken.has(member)) throw malformed(line, `${member} is a member already: each counts once`);
      this.#taken.add(member);
      return rule;
    });
    const needed = threshold === 'all' ? rules.length : threshold === 'any' ? 1 : readCount(threshold, line);
    if (needed < 1 || needed > rules.length) throw malformed(line, `${needed} of ${rules.length} members cannot be`);
    this.#define(name, (signed) => rules.filter((rule) => rule(signed)).length >= needed, line);
  }

  #setQuorum([name, ...more]: readonly string[], line: number): void {
    if (name === undefined || more.length > 0) throw malformed(line, 'a quorum is "quorum NAME"');
    if (this.#quorum !== null) throw malformed(line, 'there is a quorum line before');
    const rule = name === NONE ? () => true : this.#rules.get(name);
    if (rule === undefined) throw malformed(line, `${name} is defined on no line before`);
    this.#quorum = rule;
  }

  #define(name: string, rule: Rule, line: number): void {
    if (name === NONE || this.#rules.has(name)) throw malformed(line, `the name ${name} is taken`);
    this.#rules.set(name, rule);
  }
}

function readKey(
  vkey: string,
  url: string | undefined,
  terms: { readonly line: number; readonly type: number; readonly known: readonly PolicyKey[] },
): PolicyKey {
  const key = readVerifierKey(vkey);
  const { line, type, known } = terms;
  if (key.type !== type)
    throw malformed(line, `the key of ${key.name} has the signature type ${key.type}, not ${type}`);
  const own = hexEncode(key.publicKey);
  if (known.some((other) => hexEncode(other.key.publicKey) === own))
    throw malformed(line, `the key of ${key.name} stands there twice`);
  return { key, url: url ?? null };
}

function readCount(text: string, line: number): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text))
    throw malformed(line, `${JSON.stringify(text)} is neither all, any nor a number`);
  return Number(text);
}

function malformed(line: number, why: string): Error {
  return formatError('POLICY_MALFORMED', `this is no witness policy: ${line === 0 ? '' : `line ${line}: `}${why}`);
}
