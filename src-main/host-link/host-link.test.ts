import { LimenError } from '@limen/contract';
import type { ImagesEvent, InventoryEvent, JobsEvent, LinkState } from '@limen/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HostLink } from './host-link.ts';
import type { LinkRecord } from './link-record.ts';
import {
  EPOCH,
  FakeHost,
  FINGERPRINT,
  MemoryTokens,
  OTHER_FINGERPRINT,
  snapshotEvent,
} from '../test-support/fake-host.ts';

const record: LinkRecord = {
  id: 'c0000000-0000-4000-8000-000000000001' as LinkRecord['id'],
  address: 'alpha:8443',
  fingerprint: FINGERPRINT,
  givenName: null,
  hostName: null,
  hostId: null,
  user: null,
};

interface Bench {
  readonly host: FakeHost;
  readonly tokens: MemoryTokens;
  readonly link: HostLink;
  readonly states: LinkState[];
  readonly events: InventoryEvent[];
  readonly followed: (JobsEvent | ImagesEvent)[];
}

const open: HostLink[] = [];

function bench(refreshToken: string | null = 'refresh-0', host = new FakeHost()): Bench {
  const tokens = new MemoryTokens(refreshToken);
  const states: LinkState[] = [];
  const events: InventoryEvent[] = [];
  const followed: (JobsEvent | ImagesEvent)[] = [];
  const link = new HostLink(record, {
    transport: host,
    tokens,
    identity: { name: 'LIMEN', version: '0.1.0', device: 'test' },
    random: () => 1,
    listener: {
      changed: () => {
        if (states.at(-1) !== link.state) states.push(link.state);
      },
      recordChanged: () => {},
      inventory: (event) => events.push(event),
      metrics: () => {},
      jobs: (event) => followed.push(event),
      images: (event) => followed.push(event),
      forgotten: () => {},
    },
  });
  open.push(link);
  return { host, tokens, link, states, events, followed };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

async function live(b: Bench): Promise<void> {
  b.link.start();
  await settle();
  b.host.last.inventory.push(snapshotEvent());
  await settle();
  expect(b.link.state).toBe('live');
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  for (const link of open.splice(0)) link.dispose();
  vi.useRealTimers();
});

test('goes through every state in order and is live only with the first inventory event', async () => {
  const b = bench();
  b.link.start();
  await settle();
  expect(b.link.state).toBe('syncing');
  b.host.last.inventory.push(snapshotEvent());
  await settle();
  expect(b.states).toEqual(['idle', 'resolving', 'connecting', 'authenticating', 'syncing', 'live']);
  expect(b.link.describe()).toMatchObject({ name: 'alpha', user: { username: 'alice' }, error: null });
});

test('sends no token to connect for the first time, and the access token from then on', async () => {
  const b = bench();
  await live(b);
  expect(b.host.last.options.accessToken).toBeNull();
  expect(b.tokens.token).toBe('refresh-1');
  b.host.last.dispose();
  await vi.advanceTimersByTimeAsync(250);
  expect(b.host.last.options.accessToken).toBe('access-1');
  expect(b.host.renewals).toBe(1);
});

test('without tokens it waits for a person and does not connect', async () => {
  const b = bench(null);
  b.link.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(b.link.state).toBe('needs-sign-in');
  expect(b.host.connectAttempts).toBe(0);
});

test('a refused refresh token is forgotten and asks to sign in', async () => {
  const b = bench('spent');
  b.link.start();
  await settle();
  expect(b.link.state).toBe('needs-sign-in');
  expect(b.tokens.token).toBeNull();
});

test('an access token the host no longer accepts is replaced without a person', async () => {
  const b = bench();
  await live(b);
  b.host.accessTokens.clear();
  b.host.last.dispose();
  await vi.advanceTimersByTimeAsync(250);
  b.host.last.inventory.push(snapshotEvent());
  await settle();
  expect(b.link.state).toBe('live');
  expect(b.host.renewals).toBe(2);
  expect(b.states).not.toContain('needs-sign-in');
});

test('a stream that ends because the token ran out (the computer slept) leads to a renewal, not to a person', async () => {
  const b = bench();
  await live(b);
  b.host.last.inventory.fail(new LimenError('UNAUTHENTICATED', { reason: 'expired' }));
  await vi.advanceTimersByTimeAsync(250);
  b.host.last.inventory.push(snapshotEvent());
  await settle();
  expect(b.link.state).toBe('live');
  expect(b.states).not.toContain('needs-sign-in');
  expect(b.host.renewals).toBe(2);
});

test('backs off while the host is away, keeps the reason, and comes back by itself', async () => {
  const b = bench();
  b.host.reachable = false;
  b.link.start();
  await settle();
  expect(b.link.describe()).toMatchObject({ state: 'waiting', error: { code: 'CONNECTION_LOST' } });
  await vi.advanceTimersByTimeAsync(250 + 500 + 1000 - 1);
  expect(b.host.connectAttempts).toBe(3);
  await vi.advanceTimersByTimeAsync(600_000);
  const attempts = b.host.connectAttempts;
  expect(attempts).toBeGreaterThan(40);
  b.host.reachable = true;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(b.link.state).toBe('syncing');
});

test('waking up or a click shortens the wait', async () => {
  const b = bench();
  b.host.reachable = false;
  b.link.start();
  await vi.advanceTimersByTimeAsync(60_000);
  b.host.reachable = true;
  const attempts = b.host.connectAttempts;
  b.link.wake();
  await settle();
  expect(b.host.connectAttempts).toBe(attempts + 1);
  b.host.last.inventory.push(snapshotEvent());
  await settle();
  b.link.wake();
  expect(b.host.last.checks).toBe(1);
});

test('a lost connection leaves live at once and resumes from the last position', async () => {
  const b = bench();
  await live(b);
  b.host.last.lastHeardAt = Date.now();
  const heardAt = new Date().toISOString();
  b.host.last.dispose();
  await settle();
  expect(b.link.describe()).toMatchObject({ state: 'waiting', syncedAt: heardAt });
  await vi.advanceTimersByTimeAsync(250);
  expect(b.host.last.since).toEqual({ epoch: EPOCH, revision: 1 });
});

test('calls fail at once while the link is down, and with the host’s own error while it is up', async () => {
  const b = bench();
  await expect(b.link.call((client) => client.session.me({}))).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
  });
  await live(b);
  await expect(b.link.call((client) => client.session.me({}))).resolves.toMatchObject({ username: 'alice' });
  const conflict = new LimenError('CONFLICT', { reason: 'wrong-state' });
  await expect(b.link.call(() => Promise.reject(conflict))).rejects.toBe(conflict);
});

test('a call that never answers ends with TIMEOUT, a cancelled one with CANCELLED', async () => {
  const b = bench();
  await live(b);
  const slow = b.link.call(() => new Promise<never>(() => {}));
  const outcome = expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' });
  await vi.advanceTimersByTimeAsync(60_000);
  await outcome;
  const controller = new AbortController();
  const cancelled = b.link.call(
    (_client, signal) =>
      new Promise<never>((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted'))),
      ),
    controller.signal,
  );
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('another certificate stops the link until a person trusts it', async () => {
  const b = bench();
  b.host.fingerprint = OTHER_FINGERPRINT;
  b.link.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(b.link.describe()).toMatchObject({
    state: 'untrusted',
    error: { data: { actual: OTHER_FINGERPRINT } },
  });
  expect(b.host.connectAttempts).toBe(1);
  b.link.trust(OTHER_FINGERPRINT);
  await settle();
  expect(b.link.state).toBe('syncing');
});

test('a host of another major version is shown as incompatible and not asked again and again', async () => {
  const b = bench();
  b.host.contractVersion = '2.0';
  b.link.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(b.link.state).toBe('incompatible');
  expect(b.host.connectAttempts).toBe(1);
  b.host.contractVersion = '1.4';
  b.link.retry();
  await settle();
  expect(b.link.state).toBe('syncing');
});

test('renews the session in-band at 80 % of the access token’s life, on the same connection', async () => {
  const b = bench();
  await live(b);
  expect(b.host.renewals).toBe(1);
  await vi.advanceTimersByTimeAsync(470_000);
  expect(b.host.renewals).toBe(1);
  await vi.advanceTimersByTimeAsync(11_000);
  expect(b.host.renewals).toBe(2);
  expect(b.host.connections).toHaveLength(1);
  expect(b.link.state).toBe('live');
});

test('signing in with a wrong password tells the caller and leaves the link as it was', async () => {
  const b = bench(null);
  b.link.start();
  await settle();
  const credentials = { username: 'alice', password: 'wrong', remember: true };
  await expect(b.link.signIn(credentials)).rejects.toMatchObject({ data: { reason: 'wrong-credentials' } });
  expect(b.link.state).toBe('needs-sign-in');
  await b.link.signIn({ ...credentials, password: 'right' });
  await settle();
  expect(b.link.state).toBe('syncing');
  expect(b.tokens.kept).toBe(true);
});

test('signing out forgets the tokens and the machines even when the host is away', async () => {
  const b = bench();
  await live(b);
  b.host.reachable = false;
  await b.link.signOut();
  await settle();
  expect(b.link.state).toBe('needs-sign-in');
  expect(b.tokens.token).toBeNull();
  expect(b.link.store.snapshot()).toBeNull();
});

test('an event that does not continue what is known asks for a new snapshot', async () => {
  const b = bench();
  await live(b);
  const changes = {
    type: 'changes' as const,
    epoch: crypto.randomUUID(),
    revision: 7,
    upserted: [],
    removed: [],
  };
  b.host.last.inventory.push({
    ...changes,
    hypervisor: { state: 'connected', since: '2026-01-01T00:00:00.000Z', detail: null },
  });
  await settle();
  expect(b.host.last.since).toBeNull();
  expect(b.events).toHaveLength(1);
});

test('a host that never sends its inventory is given up and tried again', async () => {
  const b = bench();
  b.link.start();
  await vi.advanceTimersByTimeAsync(20_250);
  expect(b.host.connections).toHaveLength(2);
  expect(b.host.connections[0]?.isClosed).toBe(true);
});

test('after dispose nothing happens any more', async () => {
  const b = bench();
  b.host.reachable = false;
  b.link.start();
  await settle();
  b.link.dispose();
  const attempts = b.host.connectAttempts;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(b.host.connectAttempts).toBe(attempts);
  expect(vi.getTimerCount()).toBe(0);
});

test('follows jobs and images of a host that has them, anew after each reconnection', async () => {
  const b = bench();
  b.host.capabilities = ['images', 'machines.create'];
  await live(b);
  b.host.last.jobs.push({ type: 'snapshot', jobs: [] });
  b.host.last.images.push({ type: 'snapshot', images: [] });
  await settle();
  expect(b.followed).toEqual([
    { type: 'snapshot', jobs: [] },
    { type: 'snapshot', images: [] },
  ]);
  b.host.last.dispose();
  await vi.advanceTimersByTimeAsync(250);
  expect(b.host.watched).toEqual(['jobs', 'images', 'jobs', 'images']);
});

test('asks no older host for jobs or images', async () => {
  const b = bench();
  await live(b);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(b.host.watched).toEqual([]);
});

test('a jobs stream that fails leaves the link live and is asked for again', async () => {
  const b = bench();
  b.host.capabilities = ['machines.create'];
  await live(b);
  b.host.last.jobs.fail(new LimenError('DATABASE_UNAVAILABLE', {}));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(b.link.state).toBe('live');
  expect(b.host.watched).toEqual(['jobs', 'jobs']);
});

test('gives its access token to requests, and another for one that was refused', async () => {
  const b = bench();
  const { signal } = new AbortController();
  await expect(b.link.accessToken(null, signal)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  await live(b);
  expect(await b.link.accessToken(null, signal)).toBe('access-1');
  expect(await b.link.accessToken('older', signal)).toBe('access-1');
  expect(await b.link.accessToken('access-1', signal)).toBe('access-2');
  b.host.refreshTokens.clear();
  await expect(b.link.accessToken('access-2', signal)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await vi.advanceTimersByTimeAsync(250);
  expect(b.link.state).toBe('needs-sign-in');
});
