export interface CephPlaces {
  readonly folder: string;
  readonly fsid: string;
  /** Ports of 127.0.0.1: the S3 door, the monitor's two protocols. */
  readonly ports: { readonly s3: number; readonly monV2: number; readonly monV1: number };
  /** `memstore` keeps objects in memory; `bluestore` writes and syncs a file, as a real cluster does. */
  readonly store: 'memstore' | 'bluestore';
  /** Where the OSD finds its object classes: Debian 13 builds in a path that lacks its first slash. Null: its default. */
  readonly classFolder: string | null;
  /** Room of a bluestore; default 20 GiB. */
  readonly bytes?: number;
}

const MIB = 1024 * 1024;

/** Settings of a Ceph cluster of one monitor, one OSD and one S3 gateway, without authentication among themselves. */
export function cephConf(places: CephPlaces): string {
  return [forAll(places), forMonitor(places), forObjectStore(places), forGateway(places)].join('\n');
}

function forAll({ folder, fsid, ports }: CephPlaces): string {
  return section('global', {
    fsid,
    'mon host': `[v2:127.0.0.1:${ports.monV2},v1:127.0.0.1:${ports.monV1}]`,
    'auth cluster required': 'none',
    'auth service required': 'none',
    'auth client required': 'none',
    keyring: `${folder}/keyring`,
    'run dir': folder,
    // A unix socket's path may not exceed 107 bytes, and a temporary folder may be deep.
    'admin socket': '""',
    'log file': `${folder}/$name.log`,
    'mon cluster log file': `${folder}/cluster.log`,
    'crash dir': folder,
    'ms bind ipv6': 'false',
    'ms mon client mode': 'crc',
    'ms mon cluster mode': 'crc',
    'ms mon service mode': 'crc',
    // One copy of everything is enough for a test.
    'osd pool default size': '1',
    'osd pool default min size': '1',
    'osd pool default pg num': '4',
    'osd pool default pgp num': '4',
    'osd pool default pg autoscale mode': 'off',
    'osd crush chooseleaf type': '0',
    'mon allow pool size one': 'true',
    'mon warn on pool no redundancy': 'false',
    'mon max pg per osd': '2000',
    // A full disk of the test machine is not this test's subject.
    'mon data avail warn': '2',
    'mon data avail crit': '1',
    // A single monitor has nobody to wait for.
    'paxos propose interval': '0.05',
    'paxos min wait': '0.01',
  });
}

function forMonitor({ folder }: CephPlaces): string {
  return section('mon', { 'mon data': `${folder}/mon`, 'mon initial members': 'a' });
}

function forObjectStore({ folder, store, classFolder, bytes = 20_480 * MIB }: CephPlaces): string {
  return section('osd', {
    'osd data': `${folder}/osd`,
    'osd objectstore': store,
    ...(classFolder === null ? {} : { 'osd class dir': classFolder }),
    'osd class load list': '*',
    'osd class default list': '*',
    'public addr': '127.0.0.1',
    'cluster addr': '127.0.0.1',
    'bluestore block size': String(bytes),
    'memstore device bytes': String(4096 * MIB),
    'osd memory target': String(1024 * MIB),
  });
}

function forGateway({ folder, ports }: CephPlaces): string {
  return section('client.rgw', {
    'rgw frontends': `beast endpoint=127.0.0.1:${ports.s3} tcp_nodelay=1`,
    'rgw data': `${folder}/rgw`,
    'rgw dns name': 'localhost',
    'rgw thread pool size': '32',
    'rgw enable usage log': 'false',
    'rgw enable ops log': 'false',
    'rgw run sync thread': 'false',
    'rgw override bucket index max shards': '1',
    'rgw dynamic resharding': 'false',
  });
}

function section(name: string, settings: Readonly<Record<string, string>>): string {
  return `[${name}]\n${Object.entries(settings)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}`;
}
