import {
  type Contract,
  contract,
  type ErrorCode,
  type LimenError,
  type ProcedureMeta,
} from '@limen/contract';
import { implement, type ImplementerInternalWithMiddlewares } from '@orpc/server';
import type { Logger } from '../ports/logger.ts';
import type { Services } from '../services/services.ts';
import { type AuditTrail, auditDetail } from './audit-trail.ts';
import { authenticate, authorise } from './authorisation.ts';
import type { CallContext } from './context.ts';
import { failureFields, toLimenError, toOrpcError } from './errors.ts';
import type { CallObserver } from './observer.ts';
import { guardStream, isStream } from './streams.ts';

export interface PipelineDependencies {
  readonly inventory: Pick<Services['inventory'], 'find' | 'status'>;
  readonly audit: AuditTrail;
  readonly observer: CallObserver;
  readonly logger: Logger;
}

/** Said by name: spelled out, the contract's type is longer than what the compiler writes into declarations. */
export type Pipeline = ImplementerInternalWithMiddlewares<Contract, CallContext, CallContext>;

/** Two middlewares (`observe`, `authenticate`) come before the input is validated, one (`authorise`) after. */
const VALIDATE_BEFORE_LAST_MIDDLEWARE = { initialInputValidationIndex: -1 };

/**
 * The contract, ready for handlers, with what happens around every one of them, driven by what the contract
 * declares: authenticate → validate → resolve the object → authorise on it → run → audit. Here, and nowhere else,
 * what was thrown becomes an error of the contract.
 */
export function createPipeline(deps: PipelineDependencies): Pipeline {
  const pipeline = implement(contract, VALIDATE_BEFORE_LAST_MIDDLEWARE)
    .$context<CallContext>()
    .use(async ({ context, path, procedure, next }, input) => {
      const call = new ObservedCall(deps, context, {
        name: path.join('.'),
        meta: procedure['~orpc'].meta,
        input,
      });
      try {
        const result = await next();
        if (!isStream(result.output)) call.finish('ok');
        else result.output = guardStream(result.output, context.caller.tenure, call);
        return result;
      } catch (error) {
        throw toOrpcError(call.fail(error));
      }
    })
    .use(({ context, procedure, next }) => {
      authenticate(context.caller, procedure['~orpc'].meta);
      return next();
    })
    .use(({ context, procedure, next }, input) => {
      authorise(context.caller, procedure['~orpc'].meta, input, deps.inventory);
      return next();
    });
  return pipeline;
}

/** Log, audit and count one call. */
class ObservedCall {
  readonly #deps: PipelineDependencies;
  readonly #context: CallContext;
  readonly #call: {
    readonly name: string;
    readonly meta: ProcedureMeta;
    readonly input: unknown;
  };
  readonly #began = performance.now();
  /** Whoever asked; a call may change who is signed in. */
  readonly #before: CallContext['caller']['principal'];
  #streaming = false;

  constructor(
    deps: PipelineDependencies,
    context: CallContext,
    call: {
      readonly name: string;
      readonly meta: ProcedureMeta;
      readonly input: unknown;
    },
  ) {
    this.#deps = deps;
    this.#context = context;
    this.#call = call;
    this.#before = context.caller.principal;
  }

  streamOpened(): () => void {
    this.#streaming = true;
    return this.#deps.observer.streamOpened(this.#call.name);
  }

  fail(error: unknown): LimenError {
    const failure = toLimenError(error, this.#context.requestId);
    this.finish(failure.code, failure);
    return failure;
  }

  finish(outcome: 'ok' | ErrorCode, failure?: LimenError): void {
    const { name, meta, input } = this.#call;
    const seconds = (performance.now() - this.#began) / 1000;
    // A stream lasts as long as somebody looks: that is not a duration of the kind the histogram holds.
    if (!this.#streaming) this.#deps.observer.callFinished(name, outcome, seconds);
    const actor = this.#before ?? this.#context.caller.principal;
    const { requestId } = this.#context;
    const { address } = this.#context.caller;
    const line = {
      requestId,
      procedure: name,
      outcome,
      ms: Math.round(seconds * 1000),
      user: actor?.username,
      address,
    };
    if (outcome === 'INTERNAL')
      this.#deps.logger.error({ ...line, ...failureFields(failure) }, 'call failed');
    else if (meta.mutates || outcome !== 'ok') this.#deps.logger.info(line, 'call');
    else this.#deps.logger.debug(line, 'call');
    if (!meta.mutates) return;
    const detail = auditDetail(input);
    this.#deps.audit.record({
      at: new Date(),
      requestId,
      procedure: name,
      actor: actor && {
        userId: actor.userId,
        username: actor.username,
        sessionId: actor.sessionId,
      },
      address,
      target: meta.resolve === 'machine' ? { kind: 'machine', id: detail.machineId ?? '' } : null,
      outcome,
      detail,
    });
  }
}
