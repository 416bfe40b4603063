import type { ContractClient, HostLinkId } from '@limen/contract';
import { type ClientContext, type ClientLink, type ClientOptions, createORPCClient } from '@orpc/client';
import { LimenError } from '@limen/contract';
import { call } from './bridge.ts';

/**
 * Carries oRPC calls over the bridge. Cancelling is a second message, because an AbortSignal cannot cross
 * processes; the call then rejects with `CANCELLED` whatever main still answers.
 */
class BridgeLink implements ClientLink<ClientContext> {
  readonly #linkId: HostLinkId;

  constructor(linkId: HostLinkId) {
    this.#linkId = linkId;
  }

  async call(
    path: readonly string[],
    input: unknown,
    options: ClientOptions<ClientContext>,
  ): Promise<unknown> {
    const { signal } = options;
    if (signal?.aborted) throw new LimenError('CANCELLED', {});
    const callId = crypto.randomUUID();
    const answer = call('rpc.call', {
      linkId: this.#linkId,
      callId,
      path: [...path],
      input: input ?? {},
    });
    if (!signal) return answer;

    let abort: (() => void) | undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      abort = () => {
        call('rpc.cancel', { callId }).catch(() => {});
        reject(new LimenError('CANCELLED', {}));
      };
      signal.addEventListener('abort', abort, { once: true });
    });
    try {
      return await Promise.race([answer, aborted]);
    } finally {
      if (abort) signal.removeEventListener('abort', abort);
      answer.catch(() => {});
    }
  }
}

const clients = new Map<HostLinkId, ContractClient>();

/** The typed client of one host's contract. Streams do not pass here: they arrive through the feed. */
export function hostClient(linkId: HostLinkId): ContractClient {
  const known = clients.get(linkId);
  if (known) return known;
  const client = createORPCClient<ContractClient>(new BridgeLink(linkId));
  clients.set(linkId, client);
  return client;
}
