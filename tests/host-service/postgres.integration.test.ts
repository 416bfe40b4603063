import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { http } from '../fixtures/https.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { type PrivatePostgres, startPostgres } from '../fixtures/postgres.ts';
import { connectRpc, rejection } from '../fixtures/rpc-client.ts';
import { type AdministratorSession, InventoryWatcher, signIn } from './session.ts';

/** The host service on PostgreSQL, which may go and come back under it. */

let libvirtd: PrivateLibvirtd;
let postgres: PrivatePostgres;
let service: HostService;
let session: AdministratorSession;

beforeAll(async () => {
  [libvirtd, postgres] = await Promise.all([startLibvirtd(), startPostgres()]);
  service = await startHostService({ libvirtd, databaseUrl: postgres.url });
  session = await signIn(service);
});

afterAll(async () => {
  await service?.stop();
  await Promise.all([libvirtd?.stop(), postgres?.stop()]);
});

const health = () => http({ port: Number(service.address.split(':').at(-1)) }, '/health');

test('says that it is on PostgreSQL', async () => {
  expect(await session.api.host.get({})).toMatchObject({ database: { kind: 'postgresql', connected: true } });
  expect(await health()).toMatchObject({ status: 200 });
});

test('without its database it says so, keeps machines live, and takes it back when it returns', async () => {
  const watcher = new InventoryWatcher(session);
  await watcher.until('live', ({ hypervisor }) => hypervisor.state === 'connected');
  await postgres.kill();
  expect((await health()).json()).toMatchObject({ dependencies: { libvirt: 'up', database: 'down' } });
  const { api, close } = await connectRpc({ url: `wss://${service.address}` });
  const refused = rejection(api.session.signIn({ ...service.administrator }));
  expect(await refused).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  const from = watcher.seen.length;
  await libvirtd.define(
    "<domain type='qemu'><name>meanwhile</name><memory>1024</memory><os><type>hvm</type></os></domain>",
  );
  await watcher.until('defined meanwhile', (event) => event.type === 'changes' && event.upserted.length > 0, {
    from,
  });
  await postgres.start();
  await expect.poll(async () => (await health()).status, { timeout: 20_000, interval: 200 }).toBe(200);
  expect(await api.session.signIn({ ...service.administrator })).toMatchObject({
    user: { username: 'admin' },
  });
  await watcher.close();
  await close();
});
