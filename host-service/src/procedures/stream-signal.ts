import type { CallContext } from './context.ts';

/** Aborts when the client gives up or the caller's tenure ends, whichever comes first. */
export function streamSignal(context: CallContext, request: AbortSignal | undefined): AbortSignal {
  const { tenure } = context.caller;
  return request ? AbortSignal.any([request, tenure]) : tenure;
}
