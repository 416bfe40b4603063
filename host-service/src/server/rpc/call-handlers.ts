import { LimenError } from '@limen/contract';
import { SmartCoercionPlugin } from '@orpc/json-schema';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { StandardRPCHandler, type StandardHandlerOptions } from '@orpc/server/standard';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import type { CallContext } from '../../procedures/context.ts';
import { toLimenError, toOrpcError } from '../../procedures/errors.ts';
import type { HostRouter } from '../../procedures/router.ts';

type HandlerInterceptor = NonNullable<StandardHandlerOptions<CallContext>['interceptors']>[number];

/** Longest path echoed in an error: it is the client's text. */
const MAX_ECHO = 128;

/** What fails before or beside a procedure: too many calls, no such procedure, a body that cannot be read. */
const answerInVocabulary: HandlerInterceptor = async (options) => {
  const { context, request, prefix } = options;
  try {
    if (context.overloaded) throw new LimenError('RATE_LIMITED', { retryAfterSeconds: 1 });
    const result = await options.next();
    if (result.matched) return result;
    const path = request.url.pathname.slice(prefix?.length ?? 0);
    throw new LimenError('NOT_FOUND', { kind: 'procedure', id: path.slice(0, MAX_ECHO) });
  } catch (error) {
    throw toOrpcError(toLimenError(error, context.requestId));
  }
};

/** Serves the router to the RPC socket. */
export function createRpcHandler(router: HostRouter): StandardRPCHandler<CallContext> {
  return new StandardRPCHandler(router, { interceptors: [answerInVocabulary] });
}

/** Serves the same router as REST; streams become server-sent events. */
export function createRestHandler(router: HostRouter): OpenAPIHandler<CallContext> {
  return new OpenAPIHandler(router, {
    interceptors: [answerInVocabulary],
    // Query strings have no numbers: this makes `since[revision]=5` one where the schema says so.
    plugins: [new SmartCoercionPlugin({ schemaConverters: [new ZodToJsonSchemaConverter()] })],
  });
}
