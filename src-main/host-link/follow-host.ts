import { imagesEvent, inventoryEvent, jobsEvent, LimenError, metricsEvent } from '@limen/contract';
import type {
  Capability,
  ContractClient,
  Handshake,
  ImagesEvent,
  InventoryEvent,
  JobsEvent,
  MetricsEvent,
} from '@limen/contract';
import type { z } from 'zod';
import { pause, withDeadline } from './deadline.ts';
import type { InventoryStore } from './inventory-store.ts';
import { toLimenError } from './rpc-errors.ts';
import type { SessionKeeper } from './session-keeper.ts';
import type { HostConnection } from './transport.ts';

const FIRST_EVENT_TIMEOUT_MS = 20_000;
const RENEWAL_TIMEOUT_MS = 15_000;
const RENEWAL_RETRY_MS = 2_000;
const EXTRA_RETRY_MS = 5_000;
/** Timers stand still while the computer sleeps, token lives do not: look at the clock this often. */
const LONGEST_SLEEP_MS = 30_000;

export interface FollowListener {
  readonly inventory: (event: InventoryEvent) => void;
  readonly metrics: (event: MetricsEvent) => void;
  readonly jobs: (event: JobsEvent) => void;
  readonly images: (event: ImagesEvent) => void;
}

/** A stream that only some hosts have, named by the capabilities that bring it. */
interface Extra<T> {
  readonly capabilities: readonly Capability[];
  readonly watch: (client: ContractClient, signal: AbortSignal) => Promise<AsyncIterable<T>>;
  readonly schema: z.ZodType<T>;
}

const metrics: Extra<MetricsEvent> = {
  capabilities: ['metrics.live'],
  watch: (client, signal) => client.metrics.watch({}, { signal }),
  schema: metricsEvent,
};

const jobs: Extra<JobsEvent> = {
  capabilities: ['images', 'machines.create'],
  watch: (client, signal) => client.jobs.watch({}, { signal }),
  schema: jobsEvent,
};

const images: Extra<ImagesEvent> = {
  capabilities: ['images'],
  watch: (client, signal) => client.images.watch({}, { signal }),
  schema: imagesEvent,
};

export interface FollowTarget {
  readonly connection: HostConnection;
  readonly handshake: Handshake;
  readonly session: SessionKeeper;
  readonly store: InventoryStore;
}

/**
 * Follow a signed-in host for as long as its connection lasts: inventory, what else it offers, and the session's
 * renewal.
 * Always rejects in the end, with the reason: `CONNECTION_LOST`, `UNAUTHENTICATED`, or what the host said.
 */
export async function followHost(
  target: FollowTarget,
  listener: FollowListener,
  outer: AbortSignal,
): Promise<never> {
  const scope = new AbortController();
  const stop = (): void => scope.abort();
  outer.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([
      target.connection.closed.then(() => {
        throw new LimenError('CONNECTION_LOST', {});
      }),
      followInventory(target, listener, scope.signal),
      keepSession(target, scope.signal),
      followExtra(target, metrics, listener.metrics, scope.signal),
      followExtra(target, jobs, listener.jobs, scope.signal),
      followExtra(target, images, listener.images, scope.signal),
    ]);
  } catch (error) {
    throw toLimenError(error);
  } finally {
    outer.removeEventListener('abort', stop);
    scope.abort();
  }
}

async function followInventory(
  target: FollowTarget,
  listener: FollowListener,
  signal: AbortSignal,
): Promise<never> {
  const { connection, store } = target;
  const tooLate = setTimeout(() => connection.dispose(), FIRST_EVENT_TIMEOUT_MS);
  try {
    for (;;) {
      const since = store.position;
      const events = await connection.client.inventory.watch(since === null ? {} : { since }, { signal });
      let gap = false;
      for await (const raw of events) {
        const event = check(inventoryEvent.safeParse(raw));
        clearTimeout(tooLate);
        gap = store.apply(event) === 'gap';
        if (gap) break;
        listener.inventory(event);
      }
      if (!gap)
        throw new LimenError('CONNECTION_LOST', {}, { message: 'The host ended the inventory stream' });
      store.reset();
    }
  } finally {
    clearTimeout(tooLate);
  }
}

/** A host that has no such stream, or cannot give it now, stays live; in the second case it is asked again. */
async function followExtra<T>(
  { connection, handshake }: FollowTarget,
  extra: Extra<T>,
  receive: (event: T) => void,
  signal: AbortSignal,
): Promise<never> {
  const isOffered = extra.capabilities.some((capability) => handshake.capabilities.includes(capability));
  if (!isOffered) return until(signal);
  while (!signal.aborted) {
    try {
      const events = await extra.watch(connection.client, signal);
      for await (const raw of events) {
        if (signal.aborted) break;
        receive(check(extra.schema.safeParse(raw)));
      }
    } catch (error) {
      if (toLimenError(error).code === 'UNAUTHENTICATED') throw error;
    }
    await pause(EXTRA_RETRY_MS, signal);
  }
  return until(signal);
}

async function keepSession(target: FollowTarget, signal: AbortSignal): Promise<never> {
  const { connection, session } = target;
  while (!signal.aborted) {
    const due = session.renewInMs;
    if (due > 0) {
      await pause(Math.min(due, LONGEST_SLEEP_MS), signal);
      continue;
    }
    try {
      await withDeadline(RENEWAL_TIMEOUT_MS, signal, () => session.renew(connection.client));
    } catch (error) {
      if (LimenError.is(error, 'UNAUTHENTICATED') || session.expiresInMs === 0) throw error;
      await pause(RENEWAL_RETRY_MS, signal);
    }
  }
  return until(signal);
}

function check<T>(parsed: { success: true; data: T } | { success: false; error: unknown }): T {
  if (parsed.success) return parsed.data;
  throw new LimenError(
    'INTERNAL',
    {},
    { message: 'The host sent an event this desktop cannot read', cause: parsed.error },
  );
}

/** Never resolves; rejects when the signal aborts, which is when nobody waits for it any more. */
function until(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const cancelled = (): void => reject(new LimenError('CANCELLED', {}));
    if (signal.aborted) cancelled();
    else signal.addEventListener('abort', cancelled, { once: true });
  });
}
