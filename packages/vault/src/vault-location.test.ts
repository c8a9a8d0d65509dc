import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openVault, parseVaultLocation } from './vault-location.ts';

it('tells directories from buckets', () => {
  expect(parseVaultLocation('cases/a')).toEqual({ kind: 'directory', path: resolve('cases/a') });
  expect(parseVaultLocation('/cases/a:b')).toEqual({ kind: 'directory', path: '/cases/a:b' });
  expect(parseVaultLocation('s3://cases')).toEqual({ kind: 's3', bucket: 'cases', prefix: '' });
  expect(parseVaultLocation('s3://cases/')).toEqual({ kind: 's3', bucket: 'cases', prefix: '' });
  expect(parseVaultLocation('s3://cases.x/2026/a')).toEqual({ kind: 's3', bucket: 'cases.x', prefix: '2026/a' });
});

it.each([
  '',
  's3://',
  's3://A',
  's3://ab',
  's3://a..b',
  's3://cases//a',
  's3://cases/../a',
  's3://cases/A',
  'http://h/b',
  'S3://cases',
])('refuses %j', (location) => {
  expect(() => parseVaultLocation(location)).toThrow(
    expect.objectContaining({ family: 'usage', code: 'LOCATION_INVALID' }),
  );
});

it('asks for keys where there are none, and falls back to the AWS names', async () => {
  await expect(openVault('s3://cases', {})).rejects.toMatchObject({ code: 'CREDENTIALS_MISSING' });
  await expect(
    openVault('s3://cases', { CUSTODY_S3_ACCESS_KEY: 'a', CUSTODY_S3_SECRET_KEY: '' }),
  ).rejects.toMatchObject({
    code: 'CREDENTIALS_MISSING',
  });
  const vault = await openVault('s3://cases/x', { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
  expect(vault.location).toBe('s3://cases/x');
});
