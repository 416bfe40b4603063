import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { type PrivateLibvirtd, startLibvirtd } from '../tests/fixtures/libvirtd.ts';
import { LibvirtWorker, type Timing } from './lib/libvirt-worker.ts';
import { type Measurement, printResults, summarise, writeResults } from './lib/results.ts';
import { VirshShell } from './lib/virsh-shell.ts';

const DOMAINS = 1_000;
const ROUNDS = 9;
/** Streams keep every core busy, so each round is told apart least. */
const STREAM_ROUNDS = 15;
const CALLS_A_ROUND = 20;
const DOCUMENTS_A_ROUND = 3;
const EVENTS_A_ROUND = 50;
const STREAM_MIB = 256;
const GUESTS = 20;
const MIB = 1024 ** 2;
/** State, CPU, balloon, vCPU, interface, block: what a list of machines shows. */
const USEFUL_STATS = 63;
const ALL_STATS = 0;
const STATE = 1;
const PYTHON = 'python3-libvirt';
const WORKER = join(import.meta.dirname, 'workers/node-libvirt.mjs');
const PEER = join(import.meta.dirname, 'peers/python-libvirt.py');

test('libvirt', async () => {
  // In memory where there is room: what is compared is how bytes get to libvirt, not a disk.
  const folder = await mkdtemp(join('/dev/shm', 'limen-bench-')).catch(() =>
    mkdtemp(join(tmpdir(), 'limen-bench-')),
  );
  try {
    const libvirtd = await startLibvirtd({ name: 'bench', baseDir: folder });
    try {
      const measurements = [
        ...(await measureCalls(libvirtd)),
        ...(await measureStreams(libvirtd, folder)),
        ...(await measureRunningGuests(libvirtd)),
      ];
      printResults(writeResults('libvirt', 'npm run bench:libvirt', measurements));
    } finally {
      await libvirtd.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function ours(libvirtd: PrivateLibvirtd, uri: string): Promise<LibvirtWorker> {
  return LibvirtWorker.start(process.execPath, [WORKER, libvirtd.socketPath, uri]);
}

function python(libvirtd: PrivateLibvirtd, uri: string, role: 'calls' | 'events'): Promise<LibvirtWorker> {
  // Not a python3 that happens to come first in the path: Debian's has the binding.
  return LibvirtWorker.start('/usr/bin/python3', [PEER, `${uri}?socket=${libvirtd.socketPath}`, role]);
}

/** Lists, statistics, documents and events of the test driver's domains. */
async function measureCalls(libvirtd: PrivateLibvirtd): Promise<Measurement[]> {
  const uri = 'test:///default';
  await using us = await ours(libvirtd, uri);
  await using observer = await ours(libvirtd, uri);
  await using peer = await python(libvirtd, 'test+unix:///default', 'calls');
  await using peerObserver = await python(libvirtd, 'test+unix:///default', 'events');
  await using virsh = new VirshShell(`test+unix:///default?socket=${libvirtd.socketPath}`);
  await us.define(Array.from({ length: DOMAINS - 1 }, (_, i) => testDomain(i)));
  const kinds = {
    list: new Comparison('list', CALLS_A_ROUND, {}),
    stats: new Comparison('stats', CALLS_A_ROUND, { mask: STATE }),
    xml: new Comparison('xml', DOCUMENTS_A_ROUND, {}),
  };
  const latencies = { ours: [] as number[], theirs: [] as number[] };
  const virshTimes = { list: [] as number[], stats: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const kind of Object.values(kinds)) await kind.round(us, peer, round);
    const events = await blinks(us, observer, peerObserver);
    const shown = [await virsh.time('list --all'), await virsh.time('domstats --state')] as const;
    // The first round warms everybody up.
    if (round === 0) continue;
    latencies.ours.push(...events.ours);
    latencies.theirs.push(...events.theirs);
    virshTimes.list.push(shown[0]);
    virshTimes.stats.push(shown[1]);
  }
  const fast = 'ratio <= 0.556';
  return [
    kinds.list.wall(`list of ${DOMAINS} domains`, fast),
    kinds.list.cpu(`list of ${DOMAINS} domains`),
    kinds.stats.wall(`statistics of ${DOMAINS} domains`, fast),
    kinds.stats.cpu(`statistics of ${DOMAINS} domains`),
    kinds.xml.wall(`XML of ${DOMAINS} domains, pipelined`, fast),
    kinds.xml.cpu(`XML of ${DOMAINS} domains, pipelined`),
    compare(`list of ${DOMAINS} domains, beside a shell`, 'ms', [kinds.list.ourMedians, virshTimes.list], {
      peerName: 'virsh list, its printing included',
      budget: 'ratio <= 0.556',
    }),
    compare(
      `statistics of ${DOMAINS} domains, beside a shell`,
      'ms',
      [kinds.stats.ourMedians, virshTimes.stats],
      {
        peerName: 'virsh domstats, its printing included',
        budget: 'ratio <= 0.556',
      },
    ),
    compare('call made → event heard in another process', 'ms', [latencies.ours, latencies.theirs], {
      peerName: PYTHON,
      budget: 'ratio <= 1.2',
    }),
  ];
}

/** One call made by us and by python in turn, whoever begins. */
class Comparison {
  readonly #what: string;
  readonly #times: number;
  readonly #details: Readonly<Record<string, unknown>>;
  readonly #ours: Timing[] = [];
  readonly #theirs: Timing[] = [];

  constructor(what: string, times: number, details: Readonly<Record<string, unknown>>) {
    this.#what = what;
    this.#times = times;
    this.#details = details;
  }

  async round(us: LibvirtWorker, peer: LibvirtWorker, round: number): Promise<void> {
    const ask = (worker: LibvirtWorker): Promise<Timing> =>
      worker.time(this.#what, this.#times, this.#details);
    const theirsFirst = round % 2 === 0 ? await ask(peer) : null;
    const mine = await ask(us);
    const theirs = theirsFirst ?? (await ask(peer));
    if (mine.result !== DOMAINS || theirs.result !== DOMAINS)
      throw new Error(`${this.#what}: ${String(mine.result)} and ${String(theirs.result)} domains`);
    if (round === 0) return;
    this.#ours.push(mine);
    this.#theirs.push(theirs);
  }

  get ourMedians(): number[] {
    return this.#ours.map(({ samples }) => summarise(samples).median);
  }

  wall(name: string, budget: string): Measurement {
    const theirs = this.#theirs.map(({ samples }) => summarise(samples).median);
    return compare(name, 'ms', [this.ourMedians, theirs], { peerName: PYTHON, budget });
  }

  cpu(name: string): Measurement {
    const mine = this.#ours.map(({ cpuMs }) => cpuMs);
    const theirs = this.#theirs.map(({ cpuMs }) => cpuMs);
    return compare(`${name}, CPU of the client`, 'ms', [mine, theirs], {
      peerName: PYTHON,
      budget: 'ratio <= 1',
    });
  }
}

/** Medians of both sides. */
function compare(
  name: string,
  unit: string,
  [mine, theirs]: readonly [readonly number[], readonly number[]],
  { peerName, budget }: { peerName: string; budget: string },
): Measurement {
  const { median, spread } = summarise(mine);
  return { name, unit, limen: median, peerName, peer: summarise(theirs).median, budget, spread };
}

/** Suspend and resume the test driver's own domain; how long after each call was made both observers heard. */
async function blinks(
  actor: LibvirtWorker,
  observer: LibvirtWorker,
  peer: LibvirtWorker,
): Promise<{ ours: number[]; theirs: number[] }> {
  await observer.heard();
  await peer.heard();
  const made: number[] = [];
  for (let i = 0; i < EVENTS_A_ROUND; i += 1) made.push(await actor.blink('test', i % 2 === 1));
  const after = async (worker: LibvirtWorker): Promise<number[]> => {
    const heard: { at: number }[] = [];
    while (heard.length < made.length) heard.push(...(await worker.heard()));
    return heard.map(({ at }, i) => at - (made[i] ?? NaN));
  };
  return { ours: await after(observer), theirs: await after(peer) };
}

/** Volumes of a directory pool, to and from a file. */
async function measureStreams(libvirtd: PrivateLibvirtd, folder: string): Promise<Measurement[]> {
  const uri = 'qemu:///system';
  const pool = join(libvirtd.imagesDir, 'bench');
  await mkdir(pool);
  await libvirtd.virsh('pool-create-as', 'bench', 'dir', '--target', pool);
  await libvirtd.virsh('vol-create-as', 'bench', 'disk', `${STREAM_MIB}MiB`, '--format', 'raw');
  const [source, target] = [join(folder, 'source'), join(folder, 'target')];
  await writeFile(source, randomBytes(STREAM_MIB * MIB));
  await using us = await ours(libvirtd, uri);
  await using virsh = new VirshShell(libvirtd.uri);
  const order = { volume: { pool: 'bench', name: 'disk' }, bytes: STREAM_MIB * MIB };
  const ways = [
    { name: 'upload', file: source, command: `vol-upload --pool bench disk ${source}` },
    { name: 'download', file: target, command: `vol-download --pool bench disk ${target}` },
  ].map((way) => ({ ...way, ours: [] as number[], theirs: [] as number[] }));
  const perSecond = (ms: number): number => (STREAM_MIB * 1000) / ms;
  for (let round = 0; round <= STREAM_ROUNDS; round += 1) {
    for (const way of ways) {
      const theirsFirst = round % 2 === 0 ? await virsh.time(way.command) : null;
      const { samples } = await us.time(way.name, 1, { ...order, file: way.file });
      const theirs = theirsFirst ?? (await virsh.time(way.command));
      if (round === 0) continue;
      way.ours.push(...samples.map(perSecond));
      way.theirs.push(perSecond(theirs));
    }
  }
  return ways.map(({ name, ours: mine, theirs }) =>
    compare(`${name} of a ${STREAM_MIB} MiB volume`, 'MiB/s', [mine, theirs], {
      peerName: 'virsh in a running shell',
      budget: 'ratio >= 0.9',
    }),
  );
}

/** Statistics of guests whose QEMU has to be asked: dealt out over five calls, beside one call for all. */
async function measureRunningGuests(libvirtd: PrivateLibvirtd): Promise<Measurement[]> {
  for (let i = 0; i < GUESTS; i += 1) {
    await libvirtd.define(pausedGuest(i));
    await libvirtd.virsh('start', '--paused', `guest-${i}`);
  }
  await using us = await ours(libvirtd, 'qemu:///system');
  await us.time('list', 1);
  const samples = { split: [] as number[], single: [] as number[], everything: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const single = await us.time('stats', 2, { mask: USEFUL_STATS });
    const split = await us.time('splitStats', 2, { mask: USEFUL_STATS });
    const everything = await us.time('stats', 2, { mask: ALL_STATS });
    if (round === 0) continue;
    samples.single.push(summarise(single.samples).median);
    samples.split.push(summarise(split.samples).median);
    samples.everything.push(summarise(everything.samples).median);
  }
  return [
    compare(`statistics of ${GUESTS} running guests`, 'ms', [samples.split, samples.single], {
      peerName: 'one call for all of them',
      budget: 'ratio <= 0.7',
    }),
    compare(`useful statistics of ${GUESTS} running guests`, 'ms', [samples.split, samples.everything], {
      peerName: 'one call for all of them and every group',
      budget: 'ratio <= 0.4',
    }),
  ];
}

function testDomain(index: number): string {
  return `<domain type='test'><name>bench-${index}</name><memory>1024</memory><os><type>hvm</type></os></domain>`;
}

function pausedGuest(index: number): string {
  return `<domain type='qemu'><name>guest-${index}</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='pc'>hvm</type></os><devices><memballoon model='virtio'/></devices></domain>`;
}
