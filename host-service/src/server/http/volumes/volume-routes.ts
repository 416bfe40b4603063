import { Readable } from 'node:stream';
import { type ErrorCode, LimenError, poolId, volumeName, VOLUMES_PATH } from '@limen/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../../../ports/principal.ts';
import { type AuditTrail, auditDetail } from '../../../procedures/audit-trail.ts';
import { requirePrincipal } from '../../../procedures/context.ts';
import { toLimenError } from '../../../procedures/errors.ts';
import type { Services } from '../../../services/services.ts';
import type { Entrance } from '../../entrance.ts';
import { addressOf } from '../http-app.ts';

export interface VolumeRouteDependencies {
  readonly entrance: Entrance;
  readonly services: Pick<Services, 'storage' | 'liveSessions'>;
  readonly audit: AuditTrail;
}

const target = z.object({ poolId, name: volumeName });

/** Volumes as files. Their bytes have no place on a socket that carries calls. */
export function addVolumes(app: FastifyInstance, deps: VolumeRouteDependencies): void {
  const { entrance, services } = deps;
  app.get(`${VOLUMES_PATH}/:poolId/:name`, async (request, reply) => {
    let principal: Principal | null = null;
    try {
      principal = requirePrincipal({
        principal: await entrance.identify(request.headers.authorization),
      });
      if (principal.role !== 'administrator')
        throw new LimenError('FORBIDDEN', { permission: 'administrator' });
      const left = new AbortController();
      // Before a byte has come the stream does not know of a client that leaves.
      reply.raw.once('close', () => left.abort());
      const release = services.liveSessions.hold(principal, (why) => {
        if (why === 'revoked') request.raw.socket.destroy();
      });
      reply.raw.once('close', release);
      const { bytes, stream } = await services.storage.openVolume(readTarget(request), left.signal);
      record(deps.audit, { request, principal, outcome: 'ok' });
      return await reply
        .type('application/octet-stream')
        .header('content-length', String(bytes))
        .send(Readable.from(stream, { objectMode: false }));
    } catch (error) {
      const failure = toLimenError(error, request.id);
      record(deps.audit, { request, principal, outcome: failure.code });
      throw failure;
    }
  });
}

function readTarget({ params }: FastifyRequest): z.infer<typeof target> {
  const parsed = target.safeParse(params);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message }));
  throw new LimenError('INVALID_INPUT', { issues });
}

/** Who took what with them is kept, as changes are. */
function record(
  audit: AuditTrail,
  {
    request,
    principal,
    outcome,
  }: {
    readonly request: FastifyRequest;
    readonly principal: Principal | null;
    readonly outcome: 'ok' | ErrorCode;
  },
): void {
  audit.record({
    at: new Date(),
    requestId: request.id,
    procedure: 'storage.downloadVolume',
    actor: principal && {
      userId: principal.userId,
      username: principal.username,
      sessionId: principal.sessionId,
    },
    address: addressOf(request),
    target: null,
    outcome,
    detail: auditDetail(request.params),
  });
}
