import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Requests of this route take as long as they must, and it sees to it that they do not hang. */
    readonly watchesItsTime?: boolean;
  }
}

/**
 * Cut whoever takes longer than `ms` to send a request, from its headers on; answers may take as long as they like.
 * Node's own limit (`requestTimeout`) is one for all requests of a server, and some of ours take hours by their nature.
 * The headers stay Node's to watch over (`headersTimeout`).
 */
export function limitRequestTime(app: FastifyInstance, ms: number): void {
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.watchesItsTime === true || !mayHaveBody(request)) return;
    const { raw } = request;
    const timer = setTimeout(() => {
      if (!raw.complete) raw.socket.destroy();
    }, ms);
    timer.unref();
    raw.once('close', () => clearTimeout(timer));
  });
}

function mayHaveBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
