#!/usr/bin/env node
// Becomes the worker: same process id, so whoever started it signals the real thing. Nothing here may be newer than
// Node 20, so that an older one gets a sentence instead of a syntax error.
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`custody-worker: needs Node 24 or later, this is ${process.versions.node}: try "npm run worker --"`);
  process.exitCode = 1;
} else {
  const flags = [
    '--disable-warning=ExperimentalWarning',
    // A small young generation: each hop has a thread, and each thread one of its own.
    '--max-semi-space-size=8',
    '--conditions=source',
  ];
  // Compiled code goes to the user's own cache: in a shared temporary folder others could plant code.
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'custody', 'compiled');
  // One heap of the C library a core instead of eight: what a thread freed others use.
  const arenas = String(Math.max(2, cpus().length));
  const env = { NODE_COMPILE_CACHE: cache, MALLOC_ARENA_MAX: arenas, ...process.env };
  process.execve(process.execPath, [process.execPath, ...flags, main, ...process.argv.slice(2)], env);
}
