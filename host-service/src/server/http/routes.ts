import { LimenError } from '@limen/contract';
import type { OpenAPIHandler } from '@orpc/openapi/fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type CallContext, requirePrincipal } from '../../procedures/context.ts';
import type { Services } from '../../services/services.ts';
import { ConnectionCaller } from '../connection-caller.ts';
import type { Entrance } from '../entrance.ts';
import { API_PREFIX, generateOpenApiDocument } from '../openapi-document.ts';
import type { Telemetry } from '../telemetry.ts';
import { addressOf } from './http-app.ts';

export interface RouteDependencies {
  readonly entrance: Entrance;
  readonly services: Pick<Services, 'liveSessions'> & { readonly host: Pick<Services['host'], 'health'> };
  readonly rest: OpenAPIHandler<CallContext>;
  readonly telemetry: Telemetry;
  /** Callers of requests under way, so that their streams can be ended. */
  readonly callers: Set<ConnectionCaller>;
}

/** All routes of one entrance. */
export function addRoutes(app: FastifyInstance, deps: RouteDependencies): void {
  addHealth(app, deps);
  addMetrics(app, deps);
  addApi(app, deps);
}

/** Open to all, for load balancers and service managers, and so says up or down and nothing more. */
function addHealth(app: FastifyInstance, { services }: RouteDependencies): void {
  app.get('/health', async (_request, reply) => {
    const { libvirt, database } = await services.host.health();
    const healthy = libvirt && database;
    const dependencies = { libvirt: upOrDown(libvirt), database: upOrDown(database) };
    return reply.status(healthy ? 200 : 503).send({ status: healthy ? 'ok' : 'degraded', dependencies });
  });
}

/**
 * Counts, no names: open to the control socket and to this machine (where a Prometheus agent runs); from
 * elsewhere it takes an administrator's access token.
 */
function addMetrics(app: FastifyInstance, { entrance, telemetry }: RouteDependencies): void {
  app.get('/metrics', async (request, reply) => {
    if (!isLoopback(request)) {
      const principal = await entrance.identify(request.headers.authorization);
      if (requirePrincipal({ principal }).role !== 'administrator') {
        throw new LimenError('FORBIDDEN', { permission: 'administrator' });
      }
    }
    return reply.type(telemetry.contentType).send(await telemetry.render());
  });
}

function addApi(app: FastifyInstance, { entrance, services, rest, callers }: RouteDependencies): void {
  let document: ReturnType<typeof generateOpenApiDocument> | undefined;
  app.get(`${API_PREFIX}/openapi.json`, () => (document ??= generateOpenApiDocument()));
  app.all(`${API_PREFIX}/*`, async (request, reply) => {
    const caller = new ConnectionCaller(addressOf(request), services.liveSessions);
    callers.add(caller);
    // Before anything is awaited: who leaves meanwhile would not be heard leaving.
    reply.raw.once('close', () => {
      callers.delete(caller);
      caller.dispose();
    });
    const principal = await entrance.identify(request.headers.authorization);
    if (principal) caller.adopt(principal);
    const context: CallContext = { caller, requestId: request.id, overloaded: false };
    await rest.handle(request, reply, { prefix: API_PREFIX, context });
  });
}

function upOrDown(up: boolean): 'up' | 'down' {
  return up ? 'up' : 'down';
}

function isLoopback({ socket }: FastifyRequest): boolean {
  const address = socket.remoteAddress;
  return address === undefined || address === '::1' || /^(::ffff:)?127\./.test(address);
}
