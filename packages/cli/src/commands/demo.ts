import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '@custody/bytes';
import { Command } from 'commander';
import { EXIT } from '../exit-code.ts';

/** The fixtures of a source checkout; an installed package has none. */
const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', 'fixtures');

/** Marks a folder as the demo's own, so that nothing else is ever removed. */
const MARK = 'made-by-custody-demo';

export function demoCommand(run: (args: readonly string[]) => Promise<void>): Command {
  return new Command('demo')
    .description('the whole path on the fixtures of this checkout, command by command')
    .option('--dir <folder>', 'where the demo case goes', 'demo-case')
    .action((flags: { dir: string }) => demo(resolve(flags.dir), run));
}

type Step = readonly [why: string, args: readonly string[]];

async function demo(folder: string, run: (args: readonly string[]) => Promise<void>): Promise<void> {
  await prepareFolder(folder);
  process.env.CUSTODY_IDENTITY = join(folder, 'identity.txt');
  const place = relative(process.cwd(), join(folder, 'case')) || '.';
  const exhibit = relative(process.cwd(), join(folder, 'exhibit.zip'));
  let worst: number = EXIT.ok;
  for (const [why, args] of [...takingIn(place), ...answering(place, exhibit)]) {
    const real = args.map((arg) => (arg === 'KEY' ? verifierKeyOf(folder) : arg));
    process.stdout.write(`${why === '' ? '' : `\n# ${why}\n`}$ custody ${real.map(quoted).join(' ')}\n`);
    process.exitCode = EXIT.ok;
    await run(real);
    const code = Number(process.exitCode ?? 0);
    if (code !== EXIT.ok) process.stdout.write(`(exit ${code})\n`);
    if (code !== EXIT.ok && code !== EXIT.findings) worst = code;
  }
  process.exitCode = worst;
  if (worst === EXIT.ok) process.stdout.write(next(place, exhibit, folder));
}

function takingIn(place: string): Step[] {
  const wa = (name: string) => relative(process.cwd(), join(fixtures, 'whatsapp', name));
  const dump = (name: string) => relative(process.cwd(), join(fixtures, 'envelope', name));
  const ingest = (warrant: string) => ['ingest', '--case', place, '--warrant', warrant, '--no-supplier-hash', '--keys'];
  const whatsapp = ingest('W-2024-017');
  return [
    [
      'A new case. The verifier key is what courts and the defence get by another way than the exhibits.',
      ['init', '--case', place, '--title', 'Demo: invented people, numbers and words'],
    ],
    [
      'Two warrants: each limits the period and names a lawyer.',
      ['warrant', '--case', place, 'add', wa('warrant.json')],
    ],
    ['', ['warrant', '--case', place, 'add', dump('warrant.json')]],
    [
      'WhatsApp backups of three kinds, with the keys the order supplied.',
      [...whatsapp, wa('key'), wa('msgstore.db.crypt12'), wa('msgstore.db.crypt14')],
    ],
    ['', [...whatsapp, wa('root-key.txt'), wa('msgstore.db.crypt15')]],
    [
      'A database with a damaged page: its rows are missing, and that is a finding, not silence.',
      [...whatsapp, wa('root-key.txt'), wa('damaged/page.db.crypt15')],
    ],
    [
      'A server dump with an AES-256-GCM envelope around each message.',
      [...ingest('W-2024-031'), dump('keyring.json'), dump('dump.ndjson')],
    ],
  ];
}

function answering(place: string, exhibit: string): Step[] {
  const about = ['--tz', 'Europe/Amsterdam', '--exhibit-ref', 'DEMO/1', '--producer', 'custody demo', '--out', exhibit];
  return [
    ['Every record accounted for.', ['status', '--case', place]],
    ['What a damaged page cost.', ['findings', '--case', place, '--code', 'PAGE_DAMAGED']],
    ['Which devices are named?', ['query', '--case', place, '--type', 'imei', '--reason', 'demo']],
    ['Amounts from 10,000.', ['query', '--case', place, '--type', 'money', '--min', '10000', '--reason', 'demo']],
    [
      'An exhibit of the items that name a device, with one item of context on each side.',
      ['exhibit', '--case', place, '--type', 'imei', '--context', '1', ...about],
    ],
    ['The case: every stored byte, and with the keys all content.', ['verify', place]],
    ['The exhibit, as somebody without the case verifies it.', ['verify', exhibit, '--verifier-key', 'KEY']],
  ];
}

function verifierKeyOf(folder: string): string {
  return readFileSync(join(folder, 'case', 'log', 'verifier-key'), 'utf8').trim();
}

function next(place: string, exhibit: string, folder: string): string {
  return `
Done: captures decoded under a warrant, every record accounted for, the ledger verified, an exhibit written and verified.
What to type next (the demo's identity: export CUSTODY_IDENTITY=${join(folder, 'identity.txt')}):
  unzip -o ${exhibit} -d ${dirname(exhibit)}/exhibit     then open exhibit/data/exhibit.html; or: python3 exhibit/data/verify.py
  npx custody items --case ${place} --kind call
  npx custody query --case ${place} --text '"see you"' --tz Europe/Amsterdam
  npx custody log --case ${place}
  npx custody init --case my-case                    a case of your own; "npx custody --help" has everything
`;
}

async function prepareFolder(folder: string): Promise<void> {
  if (!existsSync(fixtures))
    throw new UsageError('DEMO_WITHOUT_FIXTURES', 'the demo needs the fixtures of a source checkout');
  if (existsSync(folder)) {
    if (!existsSync(join(folder, MARK)))
      throw new UsageError('DEMO_FOLDER_TAKEN', `${folder} exists and is not a demo: choose another --dir`);
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARK), 'everything in this folder is invented and may be deleted\n');
}

function quoted(arg: string): string {
  return /^[\w./:@=+,-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}
