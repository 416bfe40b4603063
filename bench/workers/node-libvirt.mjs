/**
 * Does what bench/libvirt.bench.ts asks, with the built node-libvirt in a process of its own, so that neither
 * the benchmark's tooling nor a peer disturbs it. Orders are lines of JSON on standard input, each answered by one
 * on standard output; `peers/python-libvirt.py` understands the same ones. usage: node node-libvirt.mjs SOCKET URI
 */
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { bulkStats, LibvirtClient, procedures, saveToFile, sendFile } from 'node-libvirt';

/** @import { FileHandle } from 'node:fs/promises' */
/** @import { DomainRef } from 'node-libvirt' */

const { connect, domains, pools, volumes } = procedures;

const [socketPath = '', uri = ''] = process.argv.slice(2);
const client = new LibvirtClient({ uri, socketPath });

/** @type {{ at: number, event: number }[]} */
const heard = [];
client.onDomainEvent('lifecycle', ({ event }) => heard.push({ at: now(), event }));

/** CLOCK_MONOTONIC in ms: the same for every process of this machine. */
function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** @type {readonly DomainRef[]} */
let known = [];

/** @type {Readonly<Record<string, (order: any) => Promise<unknown>>>} */
const work = {
  list: async () => {
    known = await client.call(connect.listAllDomains, {});
    return known.length;
  },
  stats: async ({ mask }) =>
    (await client.call(connect.getAllDomainStats, { domains: [], stats: mask })).length,
  splitStats: async ({ mask }) => (await bulkStats(client, known, mask)).length,
  xml: async () =>
    (await Promise.all(known.map((domain) => client.call(domains.getXmlDesc, { domain })))).length,
  upload: async ({ volume, file, bytes }) => {
    const { stream } = await client.openStream(volumes.upload, {
      volume: await volumeOf(volume),
      offset: 0,
      length: bytes,
    });
    await withFile(file, 'r', (opened) => sendFile(opened, stream));
    return bytes;
  },
  download: async ({ volume, file, bytes }) => {
    const { stream } = await client.openStream(volumes.download, {
      volume: await volumeOf(volume),
      offset: 0,
      length: bytes,
    });
    await withFile(file, 'w', (opened) => saveToFile(stream, opened));
    return bytes;
  },
};

/**
 * @param {string} path
 * @param {'r' | 'w'} mode
 * @param {(file: FileHandle) => Promise<void>} use
 */
async function withFile(path, mode, use) {
  const file = await open(path, mode);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** @param {{ pool: string, name: string }} volume */
async function volumeOf({ pool, name }) {
  return client.call(volumes.lookupByName, {
    pool: await client.call(pools.lookupByName, { name: pool }),
    name,
  });
}

/** @param {any} order */
async function carryOut(order) {
  if (order.do === 'define') {
    await Promise.all(order.xml.map((/** @type {string} */ xml) => client.call(domains.defineXml, { xml })));
    return {};
  }
  if (order.do === 'heard') return { heard: heard.splice(0) };
  if (order.do === 'blink') {
    const domain = await client.call(domains.lookupByName, { name: order.name });
    const at = now();
    await client.call(order.resume ? domains.resume : domains.suspend, { domain });
    return { at };
  }
  const act = work[order.do];
  if (act === undefined) throw new Error(`unknown order ${order.do}`);
  const samples = [];
  let result;
  const cpu = process.cpuUsage();
  for (let i = 0; i < order.times; i += 1) {
    const start = now();
    result = await act(order);
    samples.push(now() - start);
  }
  const { user, system } = process.cpuUsage(cpu);
  return { samples, cpuMs: (user + system) / 1000 / order.times, result };
}

async function obey() {
  process.stdout.write('{"ready":true}\n');
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await carryOut(JSON.parse(line)))}\n`);
  }
  await client.close();
}

client.onStatus(({ state }) => {
  if (state === 'connected') void obey();
});
client.start();
