import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { s3Place, whatsAppFixtures } from './fixture-case.ts';
import { type Run, runCustody } from './run-custody.ts';
import { type FaultProxy, startFaultProxy } from './services/fault-proxy.ts';
import { programPath } from './services/process.ts';

const server = process.env.CUSTODY_TEST_S3;
const openssl = programPath('openssl');
const able = server !== undefined && openssl !== null;
if (!able) console.warn('skipped: S3 over https: needs $CUSTODY_TEST_S3 and openssl');

const folder = mkdtempSync(join(tmpdir(), 'custody-tls-'));
const { location, env } = s3Place(server ?? 'http://-', `tls-${randomBytes(6).toString('hex')}`);
let proxy: FaultProxy;

/** A private authority, as labs have them, and a certificate of its for 127.0.0.1. */
function certify(): { key: string; cert: string } {
  const run = (...args: string[]): unknown => execFileSync(openssl ?? '', args, { cwd: folder, stdio: 'pipe' });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  run('req', '-x509', ...fresh, '-subj', '/CN=Example Lab CA', '-keyout', 'ca.key', '-out', 'ca.pem');
  run('req', ...fresh.slice(0, -2), '-subj', '/CN=storage.example', '-keyout', 'key.pem', '-out', 'request.pem');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names'];
  run('x509', '-req', '-in', 'request.pem', ...signed, '-out', 'cert.pem');
  return { key: readFileSync(join(folder, 'key.pem'), 'utf8'), cert: readFileSync(join(folder, 'cert.pem'), 'utf8') };
}

function custody(args: readonly string[], more: Readonly<Record<string, string>>): Promise<Run> {
  return runCustody(args, { home: folder, env: { ...env, CUSTODY_S3_ENDPOINT: proxy.url, ...more } });
}

describe.skipIf(!able)('S3 over https with a certificate of the lab’s own authority', () => {
  beforeAll(async () => {
    proxy = await startFaultProxy(server ?? '', { tls: certify() });
  });
  afterAll(async () => {
    await proxy?.stop();
    rmSync(folder, { recursive: true });
  });

  it('is not trusted unless it is told to', async () => {
    const { code, stderr } = await custody(['init', '--case', location], { CUSTODY_S3_TIMEOUT: '2' });
    expect([code, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toMatch(/certificate .* not trusted.*CUSTODY_S3_CA/);
  });

  it('is used by the whole path with CUSTODY_S3_CA, and with NODE_EXTRA_CA_CERTS', async () => {
    const own = { CUSTODY_S3_CA: join(folder, 'ca.pem') };
    const extra = { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
    const keys = ['--keys', join(whatsAppFixtures, 'keyring.json'), '--threads', '2'];
    const capture = join(whatsAppFixtures, 'msgstore.db.crypt15');
    const runs = [
      await custody(['init', '--case', location], own),
      await custody(['warrant', '--case', location, 'add', join(whatsAppFixtures, 'warrant.json')], extra),
      await custody(['ingest', '--case', location, '--warrant', 'W-2024-017', ...keys, capture], own),
      await custody(['verify', location], extra),
    ];
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(runs.map(() => [0, expect.any(String)]));
  });
});
