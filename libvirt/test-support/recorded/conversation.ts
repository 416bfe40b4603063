import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { LibvirtClient } from '../../src/client/libvirt-client.ts';
import type { DomainEventPayload } from '../../src/events/domain-events.ts';
import { ListDomains, Stats, VolumeStreamFlag } from '../../src/procedures/flags.ts';
import { procedures } from '../../src/procedures/index.ts';
import { startConnected } from '../connected-client.ts';

const { connect, domains, node, pools, volumes } = procedures;

/** Where the pool lies for the daemon; it must exist, and be empty. */
export const POOL_FOLDER = '/var/lib/libvirt/images';
const POOL_XML = `<pool type='dir'><name>recorded</name><target><path>${POOL_FOLDER}</path></target></pool>`;
const VOLUME_XML = `<volume><name>disk</name><capacity unit='bytes'>8192</capacity><allocation>0</allocation></volume>`;

/** What was learnt, to be compared. */
export interface Learnt {
  readonly domains: readonly string[];
  readonly state: number | undefined;
  readonly cpus: number;
  readonly xmlHasName: boolean;
  readonly events: readonly (readonly [string, number, number])[];
  readonly refusal: unknown;
  readonly downloaded: string;
  readonly holes: readonly unknown[];
  readonly afterwards: readonly string[];
}

/**
 * One of everything: handshake, list, statistics, event, error, streams both ways. Each call waits for the one
 * before and each connection speaks in turn, so a repetition says the same bytes in the same order.
 */
export async function converse(open: () => Promise<Duplex>): Promise<Learnt> {
  const driver = await connected('test:///default', open);
  const storage = await connected('storage:///system', open);
  try {
    return { ...(await aboutDomains(driver)), ...(await aboutVolumes(storage)) };
  } finally {
    await driver.close();
    await storage.close();
  }
}

type AboutVolumes = Pick<Learnt, 'downloaded' | 'holes' | 'afterwards'>;

async function aboutDomains(client: LibvirtClient): Promise<Omit<Learnt, keyof AboutVolumes>> {
  const events: DomainEventPayload<'lifecycle'>[] = [];
  const list = await client.call(connect.listAllDomains, { flags: ListDomains.active });
  const [domain] = list;
  if (domain === undefined) throw new Error('the test driver has a running domain');
  const xml = await client.call(domains.getXmlDesc, { domain });
  const { cpus } = await client.call(node.getInfo, {});
  const [entry] = await client.call(connect.getAllDomainStats, { domains: [domain], stats: Stats.state });
  for (const change of [domains.suspend, domains.resume]) {
    const heard = new Promise<void>((resolve) => {
      const stop = client.onDomainEvent('lifecycle', (event) => {
        events.push(event);
        stop();
        resolve();
      });
    });
    // On the connection the event comes on, so that the record tells what it follows.
    await client.call(change, { domain }, { lane: 'read' });
    await heard;
  }
  const refusal: unknown = await client
    .call(domains.lookupByName, { name: 'nobody' })
    .catch((error: unknown) => error);
  return {
    domains: list.map(({ name, uuid, id }) => `${name} ${uuid} ${id}`),
    state: Number(entry?.stats.get('state.state')),
    cpus,
    xmlHasName: xml.includes(`<name>${domain.name}</name>`),
    events: events.map(({ domain: { name }, event, detail }) => [name, event, detail] as const),
    refusal,
  };
}

async function aboutVolumes(client: LibvirtClient): Promise<AboutVolumes> {
  const pool = await client.call(pools.createXml, { xml: POOL_XML });
  const volume = await client.call(volumes.create, { pool, xml: VOLUME_XML });
  const whole = { volume, offset: 0, length: 8192 };
  const sparse = await client.openStream(
    volumes.download,
    { ...whole, flags: VolumeStreamFlag.sparse },
    { sparse: true },
  );
  const holes: unknown[] = await sparse.stream.toArray();
  const upload = await client.openStream(volumes.upload, whole);
  upload.stream.end(Buffer.alloc(8192, 'LIMEN'));
  await finished(upload.stream);
  const download = await client.openStream(volumes.download, whole);
  const downloaded = (await buffer(download.stream)).toString().slice(0, 10);
  await client.call(volumes.delete, { volume });
  const afterwards = await client.call(pools.listVolumes, { pool });
  await client.call(pools.destroy, { pool });
  return { downloaded, holes, afterwards: afterwards.map(({ name }) => name) };
}

function connected(uri: string, open: () => Promise<Duplex>): Promise<LibvirtClient> {
  const client = new LibvirtClient({ uri, connect: open });
  // Somebody listens all the time: the kind is subscribed with the handshake, and once.
  client.onDomainEvent('lifecycle', () => undefined);
  return startConnected(client);
}
