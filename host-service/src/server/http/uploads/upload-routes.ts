import { UPLOADS_PATH } from '@limen/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requirePrincipal } from '../../../procedures/context.ts';
import { toLimenError } from '../../../procedures/errors.ts';
import type { Services } from '../../../services/services.ts';
import type { Entrance } from '../../entrance.ts';
import { linger, webBodyOf } from './body.ts';
import { TusEndpoint, type UploadExchange } from './tus-endpoint.ts';
import type { UploadJournal } from './upload-journal.ts';

export interface UploadDependencies {
  readonly entrance: Entrance;
  readonly services: Pick<Services, 'uploads' | 'liveSessions'>;
  readonly journal: UploadJournal;
  /** A client that sends nothing for this long is cut, in ms. */
  readonly idleMs: number;
}

/** What a body may only be: the next bytes of a file. */
const BYTES = 'application/offset+octet-stream';

/** The idle limit takes the place of the one for whole requests. */
const config = { watchesItsTime: true };

/** The tus endpoint. In a scope of its own: nobody else may take a body for anything but JSON. */
export function addUploads(app: FastifyInstance, dependencies: UploadDependencies): void {
  const { services, journal } = dependencies;
  const endpoint = new TusEndpoint(services.uploads, (count) => journal.received(count));
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('Tus-Resumable', '1.0.0');
    });
    scope.addHook('onSend', async ({ raw }, reply) => {
      // Also for clients that would have it closed; see linger.
      if (!raw.complete) reply.header('connection', 'keep-alive');
    });
    scope.addHook('onResponse', async ({ raw }) => linger(raw));
    // Resumed as soon as the service is back, so that its end need not wait for them.
    const underWay = new Set<FastifyRequest>();
    scope.addHook('preClose', async () => {
      for (const { raw } of underWay) raw.socket.destroy();
    });
    const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      underWay.add(request);
      const entry = journal.open(request);
      try {
        const response = await answer(dependencies, endpoint, request, entry.identified);
        entry.close('ok');
        return await send(reply, response);
      } catch (error) {
        const failure = toLimenError(error, request.id);
        entry.close(failure.code);
        throw failure;
      } finally {
        underWay.delete(request);
      }
    };
    scope.post(UPLOADS_PATH, { config }, serve);
    scope.route({ method: ['HEAD', 'PATCH', 'DELETE'], url: `${UPLOADS_PATH}/:id`, config, handler: serve });
  });
}

async function answer(
  { entrance, services, idleMs }: UploadDependencies,
  endpoint: TusEndpoint,
  request: FastifyRequest,
  identified: (exchange: UploadExchange) => void,
): Promise<Response> {
  const { raw } = request;
  const principal = requirePrincipal({ principal: await entrance.identify(request.headers.authorization) });
  const exchange = { requestId: request.id, principal, record: null, jobId: null, failure: null };
  identified(exchange);
  const release = services.liveSessions.hold(principal, (why) => {
    // A token that ran out is the next request's concern: this one was allowed.
    if (why === 'revoked') raw.socket.destroy();
  });
  try {
    return await endpoint.handle(toWebRequest(request, idleMs), exchange);
  } finally {
    release();
  }
}

function toWebRequest(request: FastifyRequest, idleMs: number): Request {
  const { method, headers, raw } = request;
  const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, [value].flat().join(', ')]],
  );
  const hasBody = headers['content-type'] === BYTES && (method === 'PATCH' || method === 'POST');
  const body = hasBody ? webBodyOf(raw, idleMs) : null;
  // Answers name paths only, so that it does not matter under which name this host was reached.
  return new Request(new URL(request.url, 'http://host'), { method, headers: pairs, body, duplex: 'half' });
}

async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.status(response.status);
  for (const [name, value] of response.headers) {
    if (name !== 'connection' && name !== 'content-length') reply.header(name, value);
  }
  return reply.send();
}
