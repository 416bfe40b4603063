import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseKinds } from '../fixtures/databases.ts';
import { deferred } from '../fixtures/deferred.ts';
import { type FaultyHost, startFaultyHost } from '../fixtures/faulty-host.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { type PrivatePostgres, startPostgres } from '../fixtures/postgres.ts';
import { privateStorage } from '../fixtures/private-storage.ts';
import { connectRpc, type RpcClient } from '../fixtures/rpc-client.ts';
import { newMachine } from './faults/works.ts';
import { type AdministratorSession, signIn } from './session.ts';

const AT_ONCE = 20;
const QUOTA = 5;
const credentials = { username: 'ann', password: 'correct horse battery' };
const unlimited = { machines: null, vcpus: null, memoryBytes: null, diskBytes: null };

/** Many who ask at once, while nothing of what was granted is finished. */
describe.each(databaseKinds)('on %s', (kind) => {
  let libvirtd: PrivateLibvirtd;
  let postgres: PrivatePostgres | null;
  let host: FaultyHost;
  let session: AdministratorSession;
  let ann: RpcClient;

  beforeAll(async () => {
    libvirtd = await startLibvirtd();
    postgres = kind === 'postgresql' ? await startPostgres() : null;
    const { environment } = await privateStorage(libvirtd);
    host = await startFaultyHost({
      libvirtd,
      environment,
      ...(postgres && { databaseUrl: postgres.url }),
    });
    session = await signIn(host);
    const user = await session.api.users.create({ ...credentials, role: 'user' });
    await session.api.quotas.set({ userId: user.id, limits: { ...unlimited, machines: QUOTA } });
    ann = await connectRpc({ url: `wss://${host.address}` });
    await ann.api.session.signIn({ ...credentials, device: 'test' });
  });
  afterAll(async () => {
    await ann?.close();
    await host?.stop();
    await postgres?.stop();
    await libvirtd?.stop();
  });

  /** What each gets, asked for all at once; nothing is made before all are answered. Resolves when nothing is left. */
  async function ask(client: RpcClient, wish: (n: number) => ReturnType<typeof newMachine>) {
    const answered = deferred();
    host.atStep(() => answered.promise);
    const asked = Array.from({ length: AT_ONCE }, (_, n) => client.api.machines.create(wish(n)));
    const outcomes = await Promise.allSettled(asked);
    const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    for (const { jobId } of made) await client.api.jobs.cancel({ jobId });
    answered.resolve();
    const reasons = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as { code: string; data: unknown }) : [],
    );
    for await (const event of await client.api.jobs.watch({})) {
      const jobs = event.type === 'snapshot' ? event.jobs : event.upserted;
      for (const { id, state } of jobs) {
        const index = made.findIndex(({ jobId }) => jobId === id);
        if (state === 'cancelled' && index !== -1) made.splice(index, 1);
      }
      if (made.length === 0) break;
    }
    return { granted: AT_ONCE - reasons.length, reasons };
  }

  test('nobody gets more than the quota', async () => {
    const { granted, reasons } = await ask(ann, (n) => newMachine(`q${n}`, { source: { type: 'empty' } }));
    expect(granted).toBe(QUOTA);
    for (const reason of reasons) {
      expect(reason).toMatchObject({
        code: 'QUOTA_EXCEEDED',
        data: { scope: 'user', resource: 'machines', limit: QUOTA, used: QUOTA },
      });
    }
    expect((await ann.api.quotas.own({})).used).toMatchObject({ machines: 0, memoryBytes: 0, diskBytes: 0 });
  });

  test('nor, whoever asks, more than the host has', async () => {
    const { capacity } = await session.api.machines.creationOptions({});
    const memoryBytes = Math.floor(capacity.memoryAvailableBytes / 3.5 / 2 ** 20) * 2 ** 20;
    const { granted, reasons } = await ask(session, (n) =>
      newMachine(`c${n}`, { source: { type: 'empty' }, memoryBytes }),
    );
    expect(granted).toBe(3);
    for (const reason of reasons) {
      expect(reason).toMatchObject({ code: 'QUOTA_EXCEEDED', data: { scope: 'host', resource: 'memory' } });
    }
  });

  test('a name is one machine’s', async () => {
    const { granted, reasons } = await ask(session, (n) =>
      n % 2 === 0
        ? newMachine('web-3', { source: { type: 'empty' } })
        : newMachine('web-{n}', { source: { type: 'empty' }, count: 4 }),
    );
    expect(granted).toBe(1);
    for (const reason of reasons) {
      expect(reason).toMatchObject({ code: 'CONFLICT', data: { reason: 'name-taken' } });
    }
  });
});
