import { readFileSync } from 'node:fs';

interface PackageDescription {
  readonly version: string;
}

const description = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as PackageDescription;

if (process.argv.includes('--version')) process.stdout.write(`${description.version}\n`);
else {
  process.stderr.write('custody: only --version is there so far\n');
  process.exitCode = 1;
}
