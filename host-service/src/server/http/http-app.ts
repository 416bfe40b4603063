import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { LimenError } from '@limen/contract';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from '../../ports/logger.ts';
import { failureFields, toLimenError } from '../../procedures/errors.ts';
import { type Entrance, LOCAL } from '../entrance.ts';
import { limitRequestTime } from './request-deadline.ts';

/** Requests a minute from one address. Sign-in has a far tighter limit of its own. */
const REQUESTS_PER_MINUTE = 600;

const BODY_LIMIT = 1 << 20;

export interface HttpAppOptions {
  readonly entrance: Entrance;
  /** Null for plain HTTP, on the control socket. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  readonly logger: Logger;
  /** To receive a request in full, in ms; see {@link limitRequestTime}. */
  readonly requestMs: number;
}

/** A fastify with everything but routes: TLS, limits, headers, request ids, the access log, coded errors. */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { entrance, tls, logger, requestMs } = options;
  const app = fastify({
    https: tls && { ...tls, minVersion: 'TLSv1.2' },
    bodyLimit: BODY_LIMIT,
    // Node's, for all alike; see limitRequestTime.
    requestTimeout: 0,
    genReqId: () => randomUUID(),
  }) as unknown as FastifyInstance;
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // It would bind every other service of the host's name, on every port, to TLS.
    strictTransportSecurity: false,
  });
  await app.register(cors, { origin: false });
  if (entrance.name === 'network') {
    await app.register(rateLimit, {
      max: REQUESTS_PER_MINUTE,
      timeWindow: 60_000,
      errorResponseBuilder: (_request, { ttl }) =>
        new LimenError('RATE_LIMITED', { retryAfterSeconds: Math.ceil(ttl / 1000) }),
    });
  }
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  limitRequestTime(app, requestMs);
  app.addHook('onResponse', async (request, reply) => logRequest(logger, request, reply));
  app.setNotFoundHandler((request) => {
    throw new LimenError('NOT_FOUND', { kind: 'route', id: pathOf(request).slice(0, 128) });
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const failure = fromFastify(error, request.id);
    if (failure.code === 'INTERNAL')
      logger.error({ requestId: request.id, ...failureFields(failure) }, 'request failed');
    return reply.status(failure.status).send(failure.toJSON());
  });
  return app;
}

/** Address of the caller, as it goes into the log and the audit trail. */
export function addressOf(request: FastifyRequest): string {
  return request.socket.remoteAddress ?? LOCAL;
}

/** Without the query string: what is in it is not for the log. */
function logRequest(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { id, method } = request;
  const ms = Math.round(reply.elapsedTime);
  const line = { requestId: id, method, path: pathOf(request), status: reply.statusCode, ms };
  logger.info({ ...line, address: addressOf(request) }, 'request');
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

/** Fastify's own complaints (a body too large, not JSON …) carry a status below 500 and a text without input. */
function fromFastify(error: FastifyError | LimenError, requestId: string): LimenError {
  if (LimenError.is(error)) return error;
  if (error.statusCode === undefined || error.statusCode >= 500) return toLimenError(error, requestId);
  return new LimenError('INVALID_INPUT', { issues: [{ path: [], message: error.message }] });
}
