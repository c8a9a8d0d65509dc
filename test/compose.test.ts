import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hopNames } from '../workers/src/queue.ts';
import { runCustody } from './run-custody.ts';
import { freePort, startProgram } from './services/process.ts';
import { missingForS3 } from './services/s3.ts';
import { serviceFolder } from './services/service-folder.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'workers/compose');
const IS_LONG = process.env.CUSTODY_LONG === '1';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly env_file?: readonly string[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
  readonly healthcheck?: Readonly<Record<string, unknown>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** Of https://github.com/compose-spec/compose-spec (05-services.md), as far as they are used here. */
const TOP_KEYS = ['name', 'networks', 'secrets', 'services', 'volumes'];
const HEALTH_KEYS = ['test', 'interval', 'timeout', 'retries', 'start_period'];
const SERVICE_KEYS = [
  ...['build', 'cap_drop', 'command', 'depends_on', 'env_file', 'environment', 'healthcheck', 'image', 'networks'],
  ...['ports', 'read_only', 'restart', 'secrets', 'security_opt', 'stop_grace_period', 'tmpfs', 'user', 'volumes'],
];

const compose = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const workers = services.filter(([, service]) => service.build?.dockerfile.includes('worker'));

describe('workers/compose/compose.yaml', () => {
  it('names only what is there', () => {
    for (const [name, { image, build, depends_on = {}, volumes = [], secrets = [], networks = [] }] of services) {
      expect((image === undefined) !== (build === undefined), name).toBe(true);
      if (build !== undefined) expect(existsSync(join(folder, build.context, build.dockerfile)), name).toBe(true);
      for (const other of Object.keys(depends_on)) expect(compose.services).toHaveProperty(other);
      for (const volume of volumes) expect(compose.volumes).toHaveProperty([volume.split(':')[0] ?? '']);
      for (const secret of secrets) expect(compose.secrets).toHaveProperty([secret]);
      for (const network of networks) expect(compose.networks).toHaveProperty([network]);
    }
    const used = new Set(services.flatMap(([, { secrets = [] }]) => secrets));
    expect([...used].sort()).toEqual(Object.keys(compose.secrets).sort());
  });

  it('is of the form that the Compose specification gives it', () => {
    expect(
      Object.keys(compose)
        .filter((key) => !key.startsWith('x-'))
        .sort(),
    ).toEqual(TOP_KEYS);
    for (const [name, service] of services) {
      for (const key of Object.keys(service)) expect(SERVICE_KEYS, `${name}.${key}`).toContain(key);
      const { healthcheck = {}, stop_grace_period, depends_on = {} } = service;
      for (const key of Object.keys(healthcheck)) expect(HEALTH_KEYS, `${name}.healthcheck.${key}`).toContain(key);
      const { interval, timeout, start_period, test } = healthcheck as Record<string, unknown>;
      for (const span of [interval, timeout, start_period, stop_grace_period])
        if (span !== undefined) expect(span, name).toMatch(/^(\d+h)?(\d+m)?(\d+s)?$/);
      if (test !== undefined) expect(['CMD', 'CMD-SHELL'], name).toContain((test as string[])[0]);
      // Waited for by their health, which they have to state.
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(condition).toBe('service_healthy');
        expect(compose.services[other]?.healthcheck).toBeDefined();
      }
      expect(service.command?.every((part) => typeof part === 'string') ?? true, name).toBe(true);
      for (const value of Object.values(service.environment ?? {})) expect(typeof value, name).toBe('string');
    }
  });

  it('copies only what is in the repository', () => {
    const worker = readFileSync(join(folder, 'worker.Dockerfile'), 'utf8');
    for (const [, sources = ''] of worker.matchAll(/^COPY (.+) \S+$/gm)) {
      for (const source of sources.split(' ')) expect(existsSync(join(root, source)), source).toBe(true);
    }
    const entry = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(worker)?.[1] ?? '[]') as string[];
    expect(existsSync(join(root, entry.at(-1) ?? ''))).toBe(true);
    const s3 = readFileSync(join(folder, 's3.Dockerfile'), 'utf8');
    for (const [, source = ''] of s3.matchAll(/^COPY (\S+) \S+$/gm))
      expect(existsSync(join(folder, source))).toBe(true);
  });

  it('has a worker for each hop, with flags that the worker takes', () => {
    const hops = workers.flatMap(([, { command = [] }]) => (command[command.indexOf('--hops') + 1] ?? '').split(','));
    expect(hops.sort()).toEqual([...hopNames].sort());
    // One process for all: a flag that it does not know ends it.
    const flags = workers.flatMap(([, { command = [] }]) => command.slice(1));
    const worker = join(root, 'workers/bin/custody-worker.js');
    const { status, stderr } = spawnSync(process.execPath, [worker, 'run', ...flags, '--help']);
    expect([status, stderr.toString()]).toEqual([0, '']);
  });

  it('sets only variables that the programs read', () => {
    const sources = ['packages/vault/src', 'packages/case/src', 'workers/src']
      .flatMap((place) =>
        readdirSync(join(root, place), { recursive: true, encoding: 'utf8' }).map((file) => join(root, place, file)),
      )
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(file, 'utf8'));
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    const named = new Set([
      ...workers.flatMap(([, { environment = {} }]) => Object.keys(environment)),
      ...[...readme.matchAll(/\bCUSTODY_[A-Z0-9_]+/g)].map(([name]) => name),
    ]);
    // Node's own: where temporary files go.
    expect(named.delete('TMPDIR')).toBe(true);
    expect(named.size).toBeGreaterThan(4);
    for (const name of named)
      expect(
        sources.some((text) => text.includes(`'${name}'`) || text.includes(`.${name}`)),
        name,
      ).toBe(true);
    const script = readFileSync(join(folder, 's3.sh'), 'utf8');
    for (const name of Object.keys(compose.services.s3?.environment ?? {})) expect(script).toContain(`\${${name}`);
  });

  it('commits no secret', () => {
    expect(readFileSync(join(folder, 'secrets/.gitignore'), 'utf8')).toBe('*\n!.gitignore\n');
  });

  // A minute on a busy machine: a real server, made, ended and found again.
  it.skipIf(!IS_LONG || missingForS3().length > 0)(
    'runs an S3 server that keeps what it took over a restart',
    async () => {
      const data = await serviceFolder('s3sh');
      const home = mkdtempSync(join(tmpdir(), 'custody-compose-'));
      const port = await freePort();
      writeFileSync(join(home, 'keys'), 'owner\nword-of-the-owner\n');
      copyFileSync(join(folder, 's3.sh'), join(home, 's3.sh'));
      await chmod(home, 0o755);
      const env = {
        S3_FOLDER: data,
        S3_PORT: String(port),
        S3_KEYS: join(home, 'keys'),
        S3_BYTES: String(4 * 1024 ** 3),
      };
      const access = {
        CUSTODY_S3_ENDPOINT: `http://127.0.0.1:${port}`,
        CUSTODY_S3_ACCESS_KEY: 'owner',
        CUSTODY_S3_SECRET_KEY: 'word-of-the-owner',
      };
      const custody = (...args: string[]) => runCustody(args, { home, env: access });
      const start = () => startProgram({ file: '/bin/bash', args: [join(home, 's3.sh')], env, log: join(home, 'log') });
      const buckets = ['--create-buckets', '--originals', 's3://lab-originals/case-7'];
      let child = start();
      await expect
        .poll(async () => (await custody('init', '--case', 's3://lab/case-7', ...buckets)).code, {
          timeout: 90_000,
          interval: 1000,
        })
        .toBe(0);
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
      child = start();
      await expect
        .poll(async () => (await custody('verify', 's3://lab/case-7')).code, { timeout: 90_000, interval: 1000 })
        .toBe(0);
      child.kill('SIGTERM');
      await once(child, 'exit');
      for (const place of [data, home]) rmSync(place, { recursive: true });
    },
  );
});

if (!IS_LONG) console.warn('skipped: the S3 server of workers/compose by itself: CUSTODY_LONG=1 runs it');
