import type { Audit, AuditEntry } from '../ports/audit.ts';
import type { Logger } from '../ports/logger.ts';
import { failureFields } from './errors.ts';

/** Input fields that are harmless and say what was asked; everything else stays out, secrets first of all. */
const KEPT_FIELDS = [
  'machineId',
  'jobId',
  'imageId',
  'networkId',
  'poolId',
  'targetPoolId',
  'newName',
  'userId',
  'username',
  'role',
  'action',
  'kind',
  'device',
  'name',
  'presetId',
  'mode',
];

/** Longest value kept: an input that failed validation can be any size. */
const MAX_VALUE = 256;

/** The allow-listed part of a raw input. */
export function auditDetail(input: unknown): Record<string, string> {
  if (typeof input !== 'object' || input === null) return {};
  const detail: Record<string, string> = {};
  for (const field of KEPT_FIELDS) {
    const value: unknown = Reflect.get(input, field);
    if (typeof value === 'string') detail[field] = storable(value.slice(0, MAX_VALUE));
  }
  const edits: unknown = Reflect.get(input, 'edits');
  if (Array.isArray(edits)) detail['edits'] = storable(typesOf(edits).slice(0, MAX_VALUE));
  return detail;
}

/** Of several things in one call: which kinds, each once. */
function typesOf(items: readonly unknown[]): string {
  const types = items.map((item) =>
    typeof item === 'object' && item !== null && 'type' in item ? item.type : null,
  );
  return [...new Set(types.filter((type) => typeof type === 'string'))].join(' ');
}

/** Databases take no NUL and no half of a surrogate pair, and nobody shall stay out of the log by sending one. */
function storable(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\ufffd');
}

/** Writes audit entries beside the calls: an answer never waits for it, the end of the service does. */
export class AuditTrail {
  readonly #audit: Audit;
  readonly #logger: Logger;
  readonly #pending = new Set<Promise<void>>();

  constructor(audit: Audit, logger: Logger) {
    this.#audit = audit;
    this.#logger = logger;
  }

  record(entry: AuditEntry): void {
    const writing = this.#audit
      .record(entry)
      .catch((error: unknown) => {
        this.#logger.error({ entry, ...failureFields(error) }, 'could not write an audit entry');
      })
      .finally(() => {
        this.#pending.delete(writing);
      });
    this.#pending.add(writing);
  }

  /** Resolves when everything recorded so far is written or has failed. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }
}
