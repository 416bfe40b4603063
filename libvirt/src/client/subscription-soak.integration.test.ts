import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { startConnected } from '../../test-support/connected-client.ts';
import { procedures } from '../procedures/index.ts';
import { LibvirtClient } from './libvirt-client.ts';

const { connect, domains } = procedures;
const SUBSCRIPTIONS = 1_000;
const ENOUGH_FOR_NOISE = 256 * 1024;
const PATIENT = { timeout: 10_000 };

let daemon: PrivateLibvirtd;

beforeAll(async () => {
  daemon = await startLibvirtd();
});

afterAll(() => daemon.stop());

test('1,000 subscriptions opened and disposed leave nothing behind, here or in the daemon', async () => {
  const collectGarbage = exposedGc();
  let socket: Socket | null = null;
  const observer = new LibvirtClient({
    uri: 'test:///default',
    connect: async () => {
      socket = createConnection(daemon.socketPath);
      await once(socket, 'connect');
      return socket;
    },
  });
  await startConnected(observer);
  const actor = new LibvirtClient({ uri: 'test:///default', socketPath: daemon.socketPath });
  // Registered all the time, so that what it hears does not depend on when it asks.
  actor.onDomainEvent('lifecycle', () => undefined);
  await startConnected(actor);
  const watched = socketOf(socket);
  const bytesOfOneEvent = await bytesOfBlink(observer, actor, watched);

  await subscribeAndDispose(observer, watched);
  collectGarbage();
  const [heapBefore, listenersBefore] = [process.memoryUsage().heapUsed, listenerCounts(watched)];
  const listeners = await subscribeAndDispose(observer, watched);
  // A collection that was under way keeps what died after it began; looking at it keeps it for a turn of the loop.
  await vi.waitFor(() => {
    collectGarbage();
    expect(listeners.filter((listener) => listener.deref() !== undefined)).toHaveLength(0);
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(ENOUGH_FOR_NOISE);
  }, PATIENT);
  expect(listenerCounts(watched)).toEqual(listenersBefore);

  const silentSince = watched.bytesRead;
  await blink(actor);
  await observer.call(connect.getType, {});
  const reply = watched.bytesRead - silentSince;
  await observer.call(connect.getType, {});
  expect(watched.bytesRead - silentSince).toBe(2 * reply);
  expect(await bytesOfBlink(observer, actor, watched)).toBe(bytesOfOneEvent);
  await actor.close();
  await observer.close();
});

/** Half of them one after another, each registered at the daemon and taken back, half of them at once. */
async function subscribeAndDispose(client: LibvirtClient, socket: Socket): Promise<WeakRef<() => void>[]> {
  const listeners: WeakRef<() => void>[] = [];
  const open = (): (() => void) => {
    // Holds something of its own, so that each is an object of its own.
    const marker = { number: listeners.length };
    const listener = () => {
      marker.number += 1;
    };
    listeners.push(new WeakRef(listener));
    return client.onDomainEvent('lifecycle', listener);
  };
  for (let i = 0; i < SUBSCRIPTIONS / 2; i += 1) {
    const stop = await answered(socket, open);
    await answered(socket, stop);
  }
  const stops = await answered(socket, () => Array.from({ length: SUBSCRIPTIONS / 2 }, open));
  await answered(socket, () => stops.forEach((stop) => stop()));
  return listeners;
}

/** Do what makes the client ask the daemon one thing, and wait for the answer. */
async function answered<T>(socket: Socket, act: () => T): Promise<T> {
  const answer = once(socket, 'data');
  const result = act();
  await answer;
  return result;
}

/** What one pair of events costs on the wire while one listener is there. */
async function bytesOfBlink(observer: LibvirtClient, actor: LibvirtClient, socket: Socket): Promise<number> {
  const { promise, hear } = twoEvents();
  const stop = await answered(socket, () => observer.onDomainEvent('lifecycle', hear));
  const before = socket.bytesRead;
  await blink(actor);
  await promise;
  const bytes = socket.bytesRead - before;
  await answered(socket, stop);
  return bytes;
}

/** Two lifecycle events, of which the actor itself has heard when this resolves. */
async function blink(actor: LibvirtClient): Promise<void> {
  const { promise, hear } = twoEvents();
  const stop = actor.onDomainEvent('lifecycle', hear);
  const domain = await actor.call(domains.lookupByName, { name: 'test' });
  await actor.call(domains.suspend, { domain });
  await actor.call(domains.resume, { domain });
  await promise;
  stop();
}

function twoEvents(): { promise: Promise<void>; hear: () => void } {
  let heard = 0;
  let resolveBoth: (() => void) | null = null;
  const promise = new Promise<void>((resolve) => {
    resolveBoth = resolve;
  });
  const hear = () => {
    heard += 1;
    if (heard === 2) resolveBoth?.();
  };
  return { promise, hear };
}

function listenerCounts(socket: Socket): string[] {
  return socket.eventNames().map((name) => `${String(name)} ${socket.listenerCount(name)}`);
}

/** The compiler cannot know that the client has connected by now. */
function socketOf(socket: Socket | null): Socket {
  if (socket === null) throw new Error('the client did not connect');
  return socket;
}

/** Twice: a collection that was already under way keeps what died after it began. */
function exposedGc(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => {
    collect();
    collect();
  };
}
