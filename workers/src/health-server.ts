import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { usage } from './errors.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `/metrics`, `/healthz` (the process answers) and `/readyz` (it takes jobs: Redis answers and it is not
 * draining). Nothing it says is more than a number or a code. Throws UsageError ARGUMENT_INVALID where it cannot listen.
 */
export async function startHealthServer(
  { host, port }: { readonly host: string; readonly port: number },
  { metrics, ready }: { readonly metrics: WorkerMetrics; readonly ready: () => string | null },
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'only GET\n');
    if (path === '/healthz') return answer(response, 200, 'ok\n');
    if (path === '/readyz') {
      const why = ready();
      return why === null ? answer(response, 200, 'ready\n') : answer(response, 503, `${why}\n`);
    }
    if (path !== '/metrics') return answer(response, 404, 'there are /metrics, /healthz and /readyz\n');
    metrics.text().then(
      (text) => answer(response, 200, text, metrics.contentType),
      () => answer(response, 500, 'no metrics\n'),
    );
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw usage('ARGUMENT_INVALID', `--metrics-port ${port}: cannot listen on ${host} (${error.code ?? 'no reason'})`);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(text);
}
