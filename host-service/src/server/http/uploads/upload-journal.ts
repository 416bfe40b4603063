import type { ErrorCode } from '@limen/contract';
import type { FastifyRequest } from 'fastify';
import { type AuditTrail, auditDetail } from '../../../procedures/audit-trail.ts';
import type { Telemetry } from '../../telemetry.ts';
import { addressOf } from '../http-app.ts';
import type { UploadExchange } from './tus-endpoint.ts';

export interface JournalEntry {
  /** It is known who calls. */
  readonly identified: (exchange: UploadExchange) => void;
  readonly close: (outcome: 'ok' | ErrorCode) => void;
}

/** Writes down what is done with uploads: for the audit log who began, finished, gave up or was refused which. */
export class UploadJournal {
  readonly #audit: AuditTrail;
  readonly #telemetry: Telemetry;

  constructor(audit: AuditTrail, telemetry: Telemetry) {
    this.#audit = audit;
    this.#telemetry = telemetry;
  }

  received(bytes: number): void {
    this.#telemetry.uploadReceived(bytes);
  }

  open(request: FastifyRequest): JournalEntry {
    const began = performance.now();
    let exchange: UploadExchange | null = null;
    return {
      identified: (known) => {
        exchange = known;
      },
      close: (outcome) => {
        const procedure = procedureOf(request, exchange);
        if (procedure === null || !isWorthKeeping(procedure, outcome)) return;
        // Receiving takes as long as the file is large: that is not a duration of the kind the histogram holds.
        if (procedure === 'uploads.begin' || procedure === 'uploads.cancel')
          this.#telemetry.callFinished(procedure, outcome, (performance.now() - began) / 1000);
        this.#record(request, procedure, { exchange, outcome });
      },
    };
  }

  #record(
    request: FastifyRequest,
    procedure: string,
    { exchange, outcome }: { exchange: UploadExchange | null; outcome: 'ok' | ErrorCode },
  ): void {
    const { record, jobId, principal } = exchange ?? { record: null, jobId: null, principal: null };
    this.#audit.record({
      at: new Date(),
      requestId: request.id,
      procedure,
      actor: principal && {
        userId: principal.userId,
        username: principal.username,
        sessionId: principal.sessionId,
      },
      address: addressOf(request),
      target: null,
      outcome,
      detail: auditDetail({ imageId: record?.id, name: record?.name, presetId: record?.presetId, jobId }),
    });
  }
}

function procedureOf({ method }: FastifyRequest, exchange: UploadExchange | null): string | null {
  switch (method) {
    case 'POST':
      return 'uploads.begin';
    case 'PATCH':
      return exchange?.jobId == null ? 'uploads.receive' : 'uploads.finish';
    case 'DELETE':
      return 'uploads.cancel';
    default:
      return null;
  }
}

/** A part that came is nothing to keep, nor that a client left or came too early: both are how resuming works. */
function isWorthKeeping(procedure: string, outcome: 'ok' | ErrorCode): boolean {
  if (outcome === 'CANCELLED' || outcome === 'CONFLICT') return false;
  return procedure !== 'uploads.receive' || outcome !== 'ok';
}
