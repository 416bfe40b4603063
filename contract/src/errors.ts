import { z } from 'zod';

/**
 * The one error vocabulary. A code means the same on the RPC socket, in the HTTP API and on the screen, which
 * translates the code and never prints a stack. `status` is the HTTP status (RFC 9110) the code travels with.
 */
export const errorDeclarations = {
  INVALID_INPUT: {
    status: 400,
    message: 'The input is not valid',
    data: z.object({
      issues: z.array(z.object({ path: z.array(z.string()), message: z.string() })),
    }),
  },
  UNAUTHENTICATED: {
    status: 401,
    message: 'Sign in first',
    data: z.object({
      reason: z.enum(['missing', 'invalid', 'expired', 'revoked', 'wrong-credentials']),
    }),
  },
  FORBIDDEN: {
    status: 403,
    message: 'Not allowed',
    data: z.object({ permission: z.string() }),
  },
  NOT_FOUND: {
    status: 404,
    message: 'Not found',
    data: z.object({ kind: z.string(), id: z.string() }),
  },
  CONFLICT: {
    status: 409,
    message: 'Not possible in the present state',
    data: z.object({
      /**
       * `in-use`: `names` need it; `in-trash`: restore the machine first; `not-finished`: the job has not ended;
       * `no-base`: it is no linked clone; `changed`: somebody else changed it since it was read; `snapshot-refused`:
       * `state` is the reason of `snapshotRefusal`, `names` what is in the way.
       */
      reason: z.enum([
        'wrong-state',
        'name-taken',
        'no-console',
        'busy',
        'in-use',
        'in-trash',
        'not-in-trash',
        'not-finished',
        'no-base',
        'changed',
        'snapshot-refused',
      ]),
      state: z.string().optional(),
      allowed: z.array(z.string()).optional(),
      /** Who is in the way, by name. */
      names: z.array(z.string()).optional(),
    }),
  },
  /** More than the caller may have, or the host can give. `largest` names the machines that use most of it. */
  QUOTA_EXCEEDED: {
    status: 409,
    message: 'More than is left',
    data: z.object({
      scope: z.enum(['user', 'host']),
      resource: z.enum(['machines', 'vcpus', 'memory', 'disk']),
      requested: z.number(),
      limit: z.number(),
      used: z.number(),
      largest: z.array(z.object({ name: z.string(), amount: z.number() })).optional(),
    }),
  },
  /** A file or its address is not what it must be. `detail` is for people who read logs. */
  UNSUITABLE_IMAGE: {
    status: 422,
    message: 'This cannot be used as an image',
    data: z.object({
      reason: z.enum([
        'unknown-format',
        'has-backing-file',
        'has-external-data',
        'encrypted',
        'too-large',
        'damaged',
        'checksum-mismatch',
        'checksum-not-listed',
        'forbidden-address',
        'too-many-redirects',
        'download-failed',
        'no-disk-inside',
      ]),
      detail: z.string(),
    }),
  },
  /** The host has no room left. */
  STORAGE_FULL: {
    status: 507,
    message: 'The disk of the host is full',
    data: z.object({ path: z.string() }),
  },
  /** The host lacks something the wish needs; `packages` would bring it. */
  UNSUPPORTED: {
    status: 422,
    message: 'This host cannot do that',
    data: z.object({ feature: z.string(), packages: z.array(z.string()) }),
  },
  RATE_LIMITED: {
    status: 429,
    message: 'Too many attempts',
    data: z.object({ retryAfterSeconds: z.number().int().nonnegative() }),
  },
  HYPERVISOR_ERROR: {
    status: 502,
    message: 'libvirt refused',
    data: z.object({
      /** `virErrorNumber`, libvirt's public API. */
      libvirtCode: z.number().int(),
      /** `virErrorDomain`, libvirt's public API. */
      libvirtDomain: z.number().int(),
      detail: z.string(),
    }),
  },
  HYPERVISOR_UNAVAILABLE: {
    status: 503,
    message: 'The host service has no connection to libvirt',
    data: z.object({ detail: z.string() }),
  },
  DATABASE_UNAVAILABLE: {
    status: 503,
    message: 'The host service has no connection to its database',
    data: z.object({}),
  },
  TIMEOUT: {
    status: 504,
    message: 'No answer in time; the operation may still finish',
    data: z.object({ afterSeconds: z.number() }),
  },
  CANCELLED: { status: 499, message: 'Cancelled', data: z.object({}) },
  INCOMPATIBLE: {
    status: 426,
    message: 'Client and host service speak different versions',
    data: z.object({ client: z.string(), host: z.string() }),
  },
  /** Client side only: the link to the host went away while the call was under way. */
  CONNECTION_LOST: {
    status: 503,
    message: 'The connection to the host was lost',
    data: z.object({}),
  },
  /** Client side only: the certificate a host shows is not the pinned one. */
  CERTIFICATE_CHANGED: {
    status: 495,
    message: 'The host shows another certificate than the one that was trusted',
    data: z.object({ expected: z.string(), actual: z.string() }),
  },
  /** Client side only: the file being uploaded is not (any more) the one the person chose. */
  FILE_CHANGED: {
    status: 409,
    message: 'The file on this computer is not the one that was chosen',
    data: z.object({ fileName: z.string(), reason: z.enum(['changed', 'missing', 'unreadable']) }),
  },
  INTERNAL: {
    status: 500,
    message: 'Something went wrong inside; the log has the request id',
    data: z.object({ requestId: z.string().optional() }),
  },
} as const;

export type ErrorCode = keyof typeof errorDeclarations;
export type ErrorData<C extends ErrorCode> = z.infer<(typeof errorDeclarations)[C]['data']>;

export const errorCodes = Object.keys(errorDeclarations) as readonly ErrorCode[];

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorDeclarations, value);
}

/** What an error looks like where no class can travel: IPC, logs, HTTP bodies. */
export const serializedError = z.object({
  code: z.enum(errorCodes as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  data: z.unknown(),
});
export type SerializedError = z.infer<typeof serializedError>;

/** The only error class that crosses a layer. `cause` stays in the process; it never travels. */
export class LimenError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'LimenError';
  readonly code: C;
  readonly data: ErrorData<C>;

  constructor(code: C, data: ErrorData<C>, options: { message?: string; cause?: unknown } = {}) {
    super(options.message ?? errorDeclarations[code].message, {
      cause: options.cause,
    });
    this.code = code;
    this.data = data;
  }

  /** HTTP status of the code (RFC 9110; 495 and 499 as nginx uses them). */
  get status(): number {
    return errorDeclarations[this.code].status;
  }

  toJSON(): SerializedError {
    return { code: this.code, message: this.message, data: this.data };
  }

  /** Narrowing that also works across realms and bundles, where `instanceof` does not. */
  static is<C extends ErrorCode = ErrorCode>(error: unknown, code?: C): error is LimenError<C> {
    const candidate = error as { name?: unknown; code?: unknown } | null | undefined;
    if (candidate?.name !== 'LimenError' || !isErrorCode(candidate.code)) return false;
    return code === undefined || candidate.code === code;
  }

  /** Rebuild from {@link toJSON}; an unknown shape becomes `INTERNAL` rather than a second failure. */
  static from(value: unknown): LimenError {
    const parsed = serializedError.safeParse(value);
    if (!parsed.success) return new LimenError('INTERNAL', {}, { cause: value });
    const { code, message } = parsed.data;
    const data = errorDeclarations[code].data.safeParse(parsed.data.data);
    if (!data.success) return new LimenError('INTERNAL', {}, { message, cause: value });
    return new LimenError(code, data.data, { message });
  }
}
