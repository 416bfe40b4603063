import type { InventoryEvent, SessionTokens } from '@limen/contract';
import { ORPCError } from '@orpc/client';
import type { HostService } from '../fixtures/host-service.ts';
import { connectRpc, type RpcClient } from '../fixtures/rpc-client.ts';

/** A socket on which the service's administrator has signed in. */
export interface AdministratorSession extends RpcClient {
  readonly tokens: SessionTokens;
}

export async function signIn(service: HostService): Promise<AdministratorSession> {
  const client = await connectRpc({ url: `wss://${service.address}` });
  for (;;) {
    try {
      const tokens = await client.api.session.signIn({ ...service.administrator, device: 'test' });
      return { ...client, tokens };
    } catch (error) {
      // It listens before it has its database, and refuses until then.
      if (!(error instanceof ORPCError && error.code === 'DATABASE_UNAVAILABLE')) throw error;
    }
  }
}

/** Follows an inventory and keeps every event, so that a test may look for what has already come. */
export class InventoryWatcher {
  readonly seen: { readonly event: InventoryEvent; readonly at: number }[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;
  #failure: unknown;

  constructor(client: RpcClient) {
    this.#reading = this.#read(client);
  }

  /** The first event, past or to come, from the `from`th on, that `matches`, and when it came (`performance.now()`). */
  async until(
    what: string,
    matches: (event: InventoryEvent) => boolean,
    { from = 0, timeoutMs = 20_000 } = {},
  ): Promise<{ event: InventoryEvent; at: number }> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = this.seen.slice(from).find(({ event }) => matches(event));
      if (found) return found;
      if (this.#failure !== undefined)
        throw new Error(`the stream ended before: ${what}`, { cause: this.#failure });
      if (!(await this.#next(deadline - performance.now()))) throw new Error(`not seen in time: ${what}`);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  /** False when nothing came in time. */
  #next(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (came: boolean) => (): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(came);
      };
      const wake = done(true);
      const timer = setTimeout(done(false), Math.max(0, timeoutMs));
      this.#waiting.add(wake);
    });
  }

  async #read(client: RpcClient): Promise<void> {
    try {
      for await (const event of await client.api.inventory.watch({}, { signal: this.#stop.signal })) {
        this.seen.push({ event, at: performance.now() });
        for (const wake of this.#waiting) wake();
      }
    } catch (error) {
      this.#failure = error;
      for (const wake of this.#waiting) wake();
    }
  }
}
