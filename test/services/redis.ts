import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, programPath, startProgram, stopProgram, untilReady } from './process.ts';
import type { Service } from './service.ts';
import { serviceFolder } from './service-folder.ts';

/** What must be installed for startRedis, as far as it is missing. */
export function missingForRedis(): readonly string[] {
  return programPath('redis-server') === null ? ['redis-server'] : [];
}

/** An append-only Redis of its own on a free port of 127.0.0.1, in a temporary folder. */
export async function startRedis(): Promise<Service> {
  const folder = await serviceFolder('redis');
  const port = await freePort();
  const log = join(folder, 'redis.out');
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', ''];
  const child = startProgram({ file: programPath('redis-server') ?? 'redis-server', args, log });
  const stop = async (): Promise<void> => {
    await stopProgram(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(child, log, () => answersPing(port));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `redis://127.0.0.1:${port}`, stop };
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (answer) => {
      resolve(answer.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
  });
}
