import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { startConnected } from '../../test-support/connected-client.ts';
import { Lifecycle } from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';
import { LibvirtClient } from './libvirt-client.ts';

const { domains } = procedures;
const DOMAINS = 10_000;
/** As many as the daemon works on at a time for one connection. */
const WORKERS = 5;
const LIFE = [Lifecycle.defined, Lifecycle.started, Lifecycle.stopped, Lifecycle.undefined];

let daemon: PrivateLibvirtd;

beforeAll(async () => {
  daemon = await startLibvirtd();
});

afterAll(() => daemon.stop());

test('10,000 short lives are heard completely, each in its order', async () => {
  const client = await startConnected(
    new LibvirtClient({ uri: 'test:///default', socketPath: daemon.socketPath }),
  );
  const uuids = Array.from({ length: DOMAINS }, () => randomUUID());
  const heard = new Map<string, number[]>(uuids.map((uuid) => [uuid, []]));
  let total = 0;
  const all = new Promise<void>((resolve) => {
    client.onDomainEvent('lifecycle', ({ domain, event }) => {
      heard.get(domain.uuid)?.push(event);
      total += 1;
      if (total === DOMAINS * LIFE.length) resolve();
    });
  });
  const queue = uuids.values();
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      for (const uuid of queue) await live(client, uuid);
    }),
  );
  await all;
  expect([...heard.values()].filter((events) => events.join() !== LIFE.join())).toEqual([]);
  expect(total).toBe(DOMAINS * LIFE.length);
  await client.close();
});

async function live(client: LibvirtClient, uuid: string): Promise<void> {
  const domain = { uuid };
  const xml = `<domain type='test'><name>${uuid}</name><uuid>${uuid}</uuid><memory>1024</memory><os><type>hvm</type></os></domain>`;
  await client.call(domains.defineXml, { xml });
  await client.call(domains.create, { domain });
  await client.call(domains.destroy, { domain });
  await client.call(domains.undefine, { domain });
}
