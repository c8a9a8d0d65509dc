import { execFile, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDirectoryVault } from './directory-vault.ts';

const MODULE = fileURLToPath(new URL('./directory-vault.ts', import.meta.url));
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dir-vault-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Arguments for a Node process that runs `code` with `vault` opened at `path`. */
function childArgs(path: string, code: string): string[] {
  const source = `import { openDirectoryVault } from ${JSON.stringify(MODULE)};
    const vault = await openDirectoryVault(${JSON.stringify(path)}); ${code}`;
  return ['--conditions=source', '--no-warnings', '--input-type=module-typescript', '-e', source];
}

async function names(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of (await openDirectoryVault(path)).list('')) found.push(name);
  return found;
}

/** A process number that no process has any more. */
function deadProcess(): number {
  return Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
}

describe('a vault in a directory', () => {
  it('stores read-only files for the owner alone, and leaves no temporary file', async () => {
    const vault = await openDirectoryVault(folder);
    await vault.create('a/b', text('x'));
    await vault.create('a/b', text('y'));
    await vault.create('c', text('x'), { durable: false });
    await vault.destroy('c');
    for (const name of ['a/b', 'c']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o400);
    expect(readdirSync(join(folder, '.tmp'))).toEqual([]);
    expect(vault.localPath?.('a/b')).toBe(join(folder, 'a/b'));
  });

  it('makes nothing until something is stored', async () => {
    const path = join(folder, 'not-yet');
    expect(await names(path)).toEqual([]);
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, 'a file');
    await expect(openDirectoryVault(path)).rejects.toMatchObject({ code: 'LOCATION_INVALID' });
  });

  it('sweeps what dead processes left, and nothing of living ones', async () => {
    const vault = await openDirectoryVault(folder);
    let seen: string[] = [];
    async function* looking(): AsyncGenerator<Uint8Array> {
      yield text('x');
      await openDirectoryVault(folder);
      seen = readdirSync(join(folder, '.tmp'));
    }
    await vault.createFromStream('mine', looking());
    expect(seen).toHaveLength(1);
    const place = (seen[0] as string).split('-')[1] as string;
    const random = 'ab'.repeat(12);
    const left = {
      dead: `${deadProcess()}-${place}-${random}`,
      elsewhere: `${deadProcess()}-00000000-${random}`,
      old: `${process.pid}-00000000-${random}`,
    };
    for (const name of Object.values(left)) writeFileSync(join(folder, '.tmp', name), 'half');
    utimesSync(join(folder, '.tmp', left.old), new Date(), new Date(Date.now() - 2 * 3_600_000));
    expect(await names(folder)).toEqual(['mine']);
    expect(readdirSync(join(folder, '.tmp'))).toEqual([left.elsewhere]);
  });

  it('erases a destroyed object also where a killed process left a second name for it', async () => {
    const vault = await openDirectoryVault(folder);
    await vault.create('secret', text('the key'));
    const second = join(folder, '.tmp', `${process.pid}-00000000-${'cd'.repeat(12)}`);
    linkSync(join(folder, 'secret'), second);
    const outside = join(folder, 'copy-elsewhere');
    const held = await (await import('node:fs/promises')).open(join(folder, 'secret'), 'r');
    await vault.destroy('secret');
    expect(existsSync(second)).toBe(false);
    expect((await held.readFile()).includes('the key')).toBe(false);
    await held.close();
    await vault.create('shared', text('kept'));
    linkSync(join(folder, 'shared'), outside);
    await vault.destroy('shared');
    expect(readFileSync(outside, 'utf8')).toBe('kept');
  });

  it('takes nothing but plain files for objects, and lists what does not belong', async () => {
    const vault = await openDirectoryVault(folder);
    await vault.create('a', text('x'));
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    writeFileSync(join(folder, 'README.TXT'), 'foreign');
    mkdirSync(join(folder, 'deep'));
    for (const name of ['link', 'pipe']) {
      await expect(vault.read(name)).rejects.toMatchObject({ family: 'integrity', code: 'OBJECT_NOT_PLAIN' });
    }
    await expect(vault.read('deep')).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
    await expect(vault.read('a/b')).rejects.toMatchObject({ code: 'OBJECT_MISSING' });
    expect(await vault.info('deep')).toBeNull();
    expect(await names(folder)).toEqual(['README.TXT', 'a', 'link', 'pipe']);
  });

  it('refuses a name that is the folder of another', async () => {
    const vault = await openDirectoryVault(folder);
    await vault.create('a/b', text('x'));
    const conflict = { family: 'usage', code: 'NAME_CONFLICT' };
    await expect(vault.create('a', text('x'))).rejects.toMatchObject(conflict);
    await expect(vault.create('a/b/c', text('x'))).rejects.toMatchObject(conflict);
    await expect(vault.create('a/b/c/d', text('x'))).rejects.toMatchObject(conflict);
    await expect(vault.destroy('a')).rejects.toMatchObject(conflict);
  });

  it('goes on after its folders were removed under it', async () => {
    const vault = await openDirectoryVault(folder);
    await vault.create('index/1', text('x'));
    rmSync(join(folder, 'index'), { recursive: true });
    expect(await vault.create('index/1', text('y'))).toBe('created');
    rmSync(folder, { recursive: true });
    expect(await vault.create('index/2', text('y'))).toBe('created');
    expect(await names(folder)).toEqual(['index/2']);
  });

  it('caps whole reads', async () => {
    const vault = await openDirectoryVault(folder, { maxWholeRead: 10 });
    await vault.create('a', new Uint8Array(11));
    await expect(vault.read('a')).rejects.toMatchObject({ family: 'usage', code: 'OBJECT_TOO_LARGE' });
    expect((await vault.read('a', { offset: 1, length: 10 })).length).toBe(10);
  });

  it('has one winner among processes', async () => {
    const code = `const won = [];
      for (let i = 0; i < 40; i++) if ((await vault.create('n/' + i, Buffer.from(String(process.pid)))) === 'created') won.push(i);
      console.log(process.pid + ':' + won.join());`;
    const run = promisify(execFile);
    const outputs = await Promise.all([0, 1, 2].map(() => run(process.execPath, childArgs(folder, code))));
    const winners = new Map<string, string>();
    for (const { stdout } of outputs) {
      const [pid = '', won = ''] = stdout.trim().split(':');
      for (const i of won.split(',').filter(Boolean)) {
        expect(winners.has(i)).toBe(false);
        winners.set(i, pid);
      }
    }
    expect(winners.size).toBe(40);
    for (const [i, pid] of winners) expect(await readFile(join(folder, 'n', i), 'utf8')).toBe(pid);
  });

  it('shows whole objects or none after kill -9', async () => {
    const body = Buffer.alloc(200_000, 'every object is whole. ');
    const code = `const body = Buffer.alloc(200_000, 'every object is whole. ');
      for (let i = 0; ; i++) { await vault.create('n/' + i, body); console.log(i); }`;
    const child = spawn(process.execPath, childArgs(folder, code), { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
    });
    while (!said.includes('\n5\n')) await sleep(5);
    await sleep(Math.random() * 20);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    const vault = await openDirectoryVault(folder);
    const promised = said.slice(0, said.lastIndexOf('\n')).split('\n');
    for (const i of promised) expect(body.equals(await vault.read(`n/${i}`))).toBe(true);
    for (const name of await names(folder)) expect(body.equals(await vault.read(name))).toBe(true);
    expect(readdirSync(join(folder, '.tmp'))).toEqual([]);
    expect(await vault.create(`n/${promised.length + 9}`, body)).toBe('created');
  });
});

const mountable = ((): boolean => {
  try {
    execFileSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!mountable) console.warn('skipped: a full disk: no right to mount a small file system here');

it.skipIf(!mountable)('stores nothing on a full disk, says so, and goes on when there is room', () => {
  const code = `import { readdirSync, rmSync } from 'node:fs';
    const report = async (act) => { try { console.log(await act()); } catch (e) { console.log(e.family, e.code); } };
    async function* large() { for (let i = 0; i < 40; i++) yield Buffer.alloc(65536); }
    await report(() => vault.create('small', Buffer.alloc(1000)));
    await report(() => vault.create('large', Buffer.alloc(2_000_000)));
    await report(async () => (await vault.createFromStream('stream', large())).result);
    console.log(await vault.info('large'), await vault.info('stream'), readdirSync('/mnt/.tmp').length);
    await report(() => vault.create('small-2', Buffer.alloc(1000)));`;
  const quoted = childArgs('/mnt', code).map((a) => `'${a.replaceAll("'", `'\\''`)}'`);
  const script = `mount -t tmpfs -o size=1m none /mnt && exec '${process.execPath}' ${quoted.join(' ')}`;
  const output = execFileSync('unshare', ['-rm', 'sh', '-c', script], { encoding: 'utf8' });
  expect(output.trim().split('\n')).toEqual([
    'created',
    'unavailable STORE_FULL',
    'unavailable STORE_FULL',
    'null null 0',
    'created',
  ]);
});
