import { type ErrorMap, type HTTPMethod, type HTTPPath, oc } from '@orpc/contract';
import type { z } from 'zod';
import { errorDeclarations } from './errors.ts';
import type { Permission } from './permissions.ts';

/** What travels with each procedure beside its types; the host's middleware acts on it. */
export interface ProcedureMeta {
  readonly permission: Permission;
  /** Which object the input names; it is looked up, and authorised on, before the handler runs. */
  readonly resolve: 'none' | 'machine';
  /** State-changing calls are written to the audit log. */
  readonly mutates: boolean;
}

const errors = errorDeclarations satisfies ErrorMap;

interface Declaration<I extends z.ZodType, O> extends ProcedureMeta {
  readonly http: {
    readonly method: HTTPMethod;
    readonly path: HTTPPath;
    readonly summary: string;
  };
  readonly input: I;
  readonly output: O;
}

const base = oc
  .$meta<ProcedureMeta>({
    permission: 'administrator',
    resolve: 'none',
    mutates: true,
  })
  .errors(errors);

/**
 * Declare a procedure once: the server derives its handler types, the client its call types, and the HTTP API
 * with its OpenAPI document all come from here. `permission` and `resolve` cannot be left out.
 */
export function procedure<I extends z.ZodType, O extends Parameters<typeof base.output>[0]>(
  d: Declaration<I, O>,
) {
  return base
    .meta({ permission: d.permission, resolve: d.resolve, mutates: d.mutates })
    .route({
      method: d.http.method,
      path: d.http.path,
      summary: d.http.summary,
      tags: [d.http.path.split('/')[1] ?? ''],
    })
    .input(d.input)
    .output(d.output);
}
