import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { UsageError } from '@custody/bytes';
import {
  askWitnesses,
  makeWitnessKey,
  readWitnessKey,
  Witness,
  type WitnessAddress,
  type Witnessed,
  WitnessMemory,
} from '@custody/case';
import { encodeVerifierKey, readVerifierKey } from '@custody/chain';
import { httpPost, openVault } from '@custody/vault';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT } from '../exit-code.ts';
import { Output } from '../output.ts';
import { type CaseFlags, caseCommand, withCase } from '../with-case.ts';

interface KeyFlags {
  readonly name: string;
  readonly out: string;
  readonly json?: boolean;
}

interface ServeFlags {
  readonly key: string;
  readonly log: readonly string[];
  readonly store: string;
  readonly port: number;
  readonly host: string;
  readonly json?: boolean;
}

interface AskFlags extends CaseFlags {
  readonly witness: readonly string[];
  readonly policy?: string;
}

export function witnessCommand(): Command {
  return new Command('witness')
    .description('witnesses of the log (C2SP tlog-witness): run one for others, or have others cosign a case')
    .addCommand(keyCommand().exitOverride())
    .addCommand(serveCommand().exitOverride())
    .addCommand(askCommand().exitOverride());
}

function keyCommand(): Command {
  return new Command('key')
    .description("make a witness's key and print its public half, to be given to whoever asks and verifies")
    .requiredOption('--name <name>', 'name of the witness, like lab-b.example/witness')
    .requiredOption('--out <file>', 'where the private half is kept; never overwritten')
    .option('--json', 'machine-readable output on stdout')
    .action(async ({ name, out, json }: KeyFlags) => {
      const { key } = await makeWitnessKey(out, name);
      const result = { name, witness: encodeVerifierKey(key), file: out };
      await new Output(json === true).line(result, () => `witness key  ${result.witness}\nkept in      ${out}`);
    });
}

function serveCommand(): Command {
  return new Command('serve')
    .description('cosign checkpoints of other logs that are shown to extend what was cosigned before')
    .requiredOption('--key <file>', 'the key made by "custody witness key"')
    .requiredOption('--log <vkey>', 'verifier key of a log to witness; repeatable', collect, [])
    .requiredOption('--store <dir>', 'where it remembers what it cosigned: losing it ends the witness')
    .option('--port <n>', 'TCP port (0: any free one)', readPort, 8420)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--json', 'machine-readable output on stdout')
    .action(serve);
}

async function serve({ key, log, store, port, host, json }: ServeFlags): Promise<void> {
  const own = await readWitnessKey(key);
  const memory = new WitnessMemory(await openVault(store));
  const witness = new Witness({ own, logs: log.map(readVerifierKey), memory, now: Date.now });
  const out = new Output(json === true);
  const { serveWitness } = await import('../witness-server.ts');
  const { url, server } = await serveWitness(witness, { host, port }, (note) => out.note(note));
  const result = { listening: url, witness: encodeVerifierKey(own.key), logs: log };
  await out.line(result, () => `listening    ${url}\nwitness key  ${result.witness}`);
  const stop = () => {
    server.close();
    server.closeIdleConnections();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  await once(server, 'close');
}

function askCommand(): Command {
  return caseCommand(new Command('ask'))
    .description('have witnesses cosign the newest checkpoint, and chain what they give into the log')
    .option('--witness <url=vkey>', 'a witness: where it listens, and its key; repeatable', collect, [])
    .option(
      '--policy <file>',
      'C2SP tlog-policy: its witnesses that have an address are asked, too; kept with the case',
    )
    .option('--reason <text>', 'why, recorded')
    .action(async (flags: AskFlags) => {
      const policy = flags.policy === undefined ? undefined : await readFile(flags.policy, 'utf8');
      await withCase(flags, async (opened, out) => {
        const witnessed = await askWitnesses(opened, {
          witnesses: flags.witness.map(readAddress),
          post: httpPost,
          ...(policy !== undefined && { policy }),
          ...(flags.reason !== undefined && { reason: flags.reason }),
        });
        await out.line(witnessed, askedText);
        if (witnessed.quorum === false || (witnessed.quorum === null && witnessed.silent.length > 0))
          process.exitCode = EXIT.unavailable;
      });
    });
}

function askedText({ size, witnesses, silent, quorum, entry }: Witnessed): string {
  return [
    ...witnesses.map(({ name, url, time }) => `cosigned    the first ${size} entries, by ${name} (${url}) at ${time}`),
    ...silent.map(({ name, message }) => `SILENT      ${name}: ${message}`),
    ...(quorum === null ? [] : [`quorum      ${quorum ? 'met' : 'NOT MET'}`]),
    `kept        entry ${entry}`,
  ].join('\n');
}

/** `URL=VKEY`; a key has `=` only at its end, an address before its query none. */
function readAddress(text: string): WitnessAddress {
  const at = /=[^=+]+\+[0-9a-f]{8}\+/.exec(text)?.index;
  if (at === undefined) {
    throw new UsageError(
      'ARGUMENT_INVALID',
      `not a witness: ${JSON.stringify(text)}. It is URL=VKEY, as "custody witness key" prints VKEY`,
    );
  }
  return { url: text.slice(0, at), key: readVerifierKey(text.slice(at + 1)) };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('a port is 0 to 65535');
  return port;
}

function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}
