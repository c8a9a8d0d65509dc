import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { globSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'minio';
import { type CephPlaces, cephConf } from './ceph-conf.ts';
import { freePort, programPath, runProgram, startProgram, stopProgram, untilReady } from './process.ts';
import type { Service } from './service.ts';
import { serviceFolder } from './service-folder.ts';

const PROGRAMS: Readonly<Record<string, string>> = {
  monmaptool: 'ceph-common',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
  'radosgw-admin': 'radosgw',
  ceph: 'ceph-common',
};
const START: Readonly<Record<CephProgram, readonly string[]>> = {
  radosgw: ['-n', 'client.rgw', '-f'],
  'ceph-osd': ['-i', '0', '-f'],
};
const ACCESS_KEY = 'custodytest';
const SECRET_KEY = 'custodysecret';

export interface S3Options {
  readonly store?: CephPlaces['store'];
  readonly bucket?: string;
  /** Room of a bluestore. */
  readonly bytes?: number;
}

/** What must be installed for startS3, as far as it is missing (Debian package names). */
export function missingForS3(): readonly string[] {
  const missing = Object.entries(PROGRAMS).filter(([program]) => programPath(program) === null);
  return [...new Set(missing.map(([, debianPackage]) => debianPackage))];
}

/** One of the processes of a cluster. */
export type CephProgram = 'radosgw' | 'ceph-osd';

/** A cluster whose processes a test may end and start again. */
export interface CephService extends Service {
  /** Ends a process with SIGKILL and waits until it is gone. */
  kill(name: CephProgram): Promise<void>;
  /** Starts a killed process again and waits until the door answers. */
  revive(name: CephProgram): Promise<void>;
  /** `radosgw-admin ARGS`; its standard output. */
  admin(...args: readonly string[]): Promise<string>;
}

/** A Ceph S3 gateway of its own on a free port of 127.0.0.1, with one empty plain bucket, which `url` ends in. */
export async function startS3(options: S3Options = {}): Promise<CephService> {
  const cluster = new Cluster(await newPlaces(options));
  try {
    await cluster.start();
    return {
      url: await cluster.makeBucket(options.bucket ?? 'custody-test'),
      stop: () => cluster.stop(),
      kill: (name) => cluster.kill(name),
      revive: (name) => cluster.revive(name),
      admin: (...args) => cluster.admin(args),
    };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function newPlaces({ store = 'memstore', bytes }: S3Options): Promise<CephPlaces> {
  const folder = await serviceFolder('s3', ['mon', 'osd', 'rgw']);
  const ports = { s3: await freePort(), monV2: await freePort(), monV1: await freePort() };
  const [classFolder = null] = globSync('/usr/lib/{,*/}rados-classes');
  return { folder, fsid: randomUUID(), ports, store, classFolder, ...(bytes !== undefined && { bytes }) };
}

class Cluster {
  readonly #places: CephPlaces;
  readonly #running = new Map<string, ChildProcess>();

  constructor(places: CephPlaces) {
    this.#places = places;
  }

  async start(): Promise<void> {
    const { folder } = this.#places;
    await writeFile(join(folder, 'ceph.conf'), cephConf(this.#places));
    await writeFile(join(folder, 'keyring'), '');
    await this.#startMonitor();
    await this.#startObjectStore();
    await this.#startGateway();
  }

  async makeBucket(name: string): Promise<string> {
    const port = this.#places.ports.s3;
    const where = { endPoint: '127.0.0.1', port, useSSL: false, region: 'us-east-1' };
    await new Client({ ...where, accessKey: ACCESS_KEY, secretKey: SECRET_KEY }).makeBucket(name);
    return `http://${ACCESS_KEY}:${SECRET_KEY}@127.0.0.1:${port}/${name}`;
  }

  async stop(): Promise<void> {
    for (const child of [...this.#running.values()].toReversed()) await stopProgram(child);
    await rm(this.#places.folder, { recursive: true, force: true });
  }

  async #startMonitor(): Promise<void> {
    const { folder, fsid, ports } = this.#places;
    const map = join(folder, 'monmap');
    const address = `[v2:127.0.0.1:${ports.monV2},v1:127.0.0.1:${ports.monV1}]`;
    await this.#run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', address, map]);
    await this.#run('ceph-mon', ['--mkfs', '-i', 'a', '--monmap', map]);
    this.#start('ceph-mon', ['-i', 'a', '-f']);
  }

  async #startObjectStore(): Promise<void> {
    const uuid = randomUUID();
    await this.#run('ceph', ['osd', 'new', uuid, '0']);
    await this.#run('ceph-osd', ['-i', '0', '--mkfs', '--osd-uuid', uuid]);
    this.#start('ceph-osd', START['ceph-osd']);
    await this.#run('ceph', ['osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=local']);
  }

  async #startGateway(): Promise<void> {
    const gateway = this.#start('radosgw', START.radosgw);
    const user = [
      '--uid=custody',
      '--display-name=custody',
      `--access-key=${ACCESS_KEY}`,
      `--secret-key=${SECRET_KEY}`,
    ];
    await this.admin(['user', 'create', ...user]);
    await this.#untilAnswers(gateway);
  }

  async kill(name: CephProgram): Promise<void> {
    const child = this.#running.get(name);
    if (child !== undefined) await stopProgram(child);
  }

  async revive(name: CephProgram): Promise<void> {
    this.#start(name, START[name]);
    await this.#untilAnswers(this.#running.get('radosgw') as ChildProcess);
  }

  admin(args: readonly string[]): Promise<string> {
    return this.#run('radosgw-admin', ['-n', 'client.rgw', ...args]);
  }

  async #untilAnswers(gateway: ChildProcess): Promise<void> {
    const door = `http://127.0.0.1:${this.#places.ports.s3}/`;
    const answers = async (): Promise<boolean> => (await fetch(door, { signal: AbortSignal.timeout(2000) })).ok;
    await untilReady(gateway, this.#log('radosgw'), answers);
  }

  #start(name: string, args: readonly string[]): ChildProcess {
    const child = startProgram({ file: programPath(name) ?? name, args, env: this.#env(), log: this.#log(name) });
    this.#running.set(name, child);
    return child;
  }

  #run(name: string, args: readonly string[]): Promise<string> {
    return runProgram({ file: programPath(name) ?? name, args, env: this.#env() });
  }

  #env(): Record<string, string> {
    return { CEPH_CONF: join(this.#places.folder, 'ceph.conf') };
  }

  #log(name: string): string {
    return join(this.#places.folder, `${name}.out`);
  }
}
