import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from '@playwright/test';
import {
  type ContractClient,
  type ImageId,
  isFinished,
  type JobId,
  type NewMachineInput,
} from '@limen/contract';
import { type HostService, startHostService } from '../tests/fixtures/host-service.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../tests/fixtures/libvirtd.ts';
import { privateStorage } from '../tests/fixtures/private-storage.ts';
import { connectRpc } from '../tests/fixtures/rpc-client.ts';
import { run } from '../tests/fixtures/run.ts';
import { type Measurement, printResults, summarise, writeResults } from './lib/results.ts';

const MACHINES = 20;
const ROUNDS = 5;
const CLONES = 20;
const MIB = 2 ** 20;
const SCRIPT = join(import.meta.dirname, 'peers/create-machines.sh');

test('create', async () => {
  const libvirtd = await startLibvirtd({ name: 'bench' });
  try {
    const images = join(libvirtd.imagesDir, 'images');
    await makeImages(images);
    const { environment } = await privateStorage(libvirtd, { scanDirectories: [images] });
    const host = await startHostService({
      libvirtd,
      environment: { ...environment, LIMEN_LOG_LEVEL: 'info' },
    });
    try {
      printResults(writeResults('create', 'npm run bench:create', await measure(libvirtd, host)));
    } finally {
      await host.stop();
    }
  } finally {
    await libvirtd.stop();
  }
});

/** What nothing boots from starts as fast as what does. The large one is there in full. */
async function makeImages(folder: string): Promise<void> {
  await mkdir(folder);
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', join(folder, 'cloud.qcow2'), '64M']);
  const large = ['-o', 'preallocation=falloc', join(folder, 'large.qcow2'), '2G'];
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...large]);
}

async function measure(libvirtd: PrivateLibvirtd, host: HostService): Promise<Measurement[]> {
  const { api, close } = await connectRpc({ url: `ws+unix:${join(host.dataDirectory, 'control.sock')}:` });
  try {
    const { added } = await api.images.scan({});
    const image = (name: string): ImageId => {
      const found = added.find(({ path }) => path.endsWith(`/${name}.qcow2`));
      if (found === undefined) throw new Error(`no image ${name}`);
      return found.id;
    };
    return [
      await manyAtOnce(libvirtd, api, image('cloud')),
      ...(await linkedClones(libvirtd, api, image('large'))),
    ];
  } finally {
    await close();
  }
}

/** All running: by one call, and by a shell script that makes the same files and gives libvirt the same definitions. */
async function manyAtOnce(
  libvirtd: PrivateLibvirtd,
  api: ContractClient,
  imageId: ImageId,
): Promise<Measurement> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const template = join(libvirtd.guestDir, 'definition.xml');
  // The first round warms both up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const cloudInit = { hostname: 'bench', sshKeys: [], packages: [], runCommands: [] };
    const source = { type: 'cloud', imageId, cloudInit } as const;
    const wish = { source, name: `r${round}-{n}`, count: MACHINES, startAfterCreation: true };
    const took = await timed(() => make(api, wish));
    if (round > 0) ours.push(took);
    await requireRunning(libvirtd);
    if (round === 0) await writeFile(template, await libvirtd.virsh('dumpxml', '--inactive', 'r0-1'));
    await removeAll(libvirtd);

    const args = [SCRIPT, libvirtd.uri, template, join(libvirtd.imagesDir, 'images/cloud.qcow2')];
    const scripted = await timed(() => run('sh', [...args, libvirtd.imagesDir, String(MACHINES)]));
    if (round > 0) theirs.push(scripted);
    await requireRunning(libvirtd);
    await removeAll(libvirtd);
  }
  const limen = summarise(ours);
  return {
    name: `${MACHINES} machines from one cloud image, all running, median`,
    unit: 'ms',
    limen: limen.median,
    peerName: 'shell script with qemu-img, xorriso and virsh, as many at once',
    peer: summarise(theirs).median,
    budget: 'ratio <= 1.15',
    spread: limen.spread,
  };
}

async function linkedClones(
  libvirtd: PrivateLibvirtd,
  api: ContractClient,
  imageId: ImageId,
): Promise<Measurement[]> {
  const samples: number[] = [];
  for (let n = 0; n <= CLONES; n += 1) {
    const source = { type: 'template', imageId, mode: 'linked' } as const;
    const took = await timed(() => make(api, { source, name: `clone-${n}`, startAfterCreation: false }));
    if (n > 0) samples.push(took);
  }
  await removeAll(libvirtd);
  const { median, p95, spread } = summarise(samples);
  const name = 'linked clone of an image of 2 GiB, ready to start';
  const budget = 'limen <= 300';
  return [
    { name: `${name}, median`, unit: 'ms', limen: median, budget, spread },
    { name: `${name}, p95`, unit: 'ms', limen: p95, budget, spread },
  ];
}

async function make(
  api: ContractClient,
  wish: Pick<NewMachineInput, 'source' | 'name' | 'startAfterCreation'> & { readonly count?: number },
): Promise<void> {
  const events = await api.jobs.watch({});
  const started = await api.machines.create({
    presetId: 'linux',
    vcpus: 1,
    memoryBytes: 16 * MIB,
    diskBytes: 64 * MIB,
    network: { type: 'none' },
    hardware: { firmware: 'bios' },
    ...wish,
  });
  const left = new Set<JobId>(started.map(({ jobId }) => jobId));
  for await (const event of events) {
    for (const job of event.type === 'snapshot' ? event.jobs : event.upserted) {
      if (!isFinished(job.state) || !left.delete(job.id)) continue;
      if (job.state !== 'done')
        throw new Error(`${job.subject.name} is ${job.state}: ${job.error?.message ?? ''}`);
    }
    if (left.size === 0) return;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function requireRunning(libvirtd: PrivateLibvirtd): Promise<void> {
  const running = (await libvirtd.virsh('list', '--name')).split('\n').filter((name) => name !== '');
  if (running.length !== MACHINES) throw new Error(`${running.length} machines run instead of ${MACHINES}`);
}

/** By virsh, so that neither way pays for what the other left. */
async function removeAll(libvirtd: PrivateLibvirtd): Promise<void> {
  const names = (await libvirtd.virsh('list', '--all', '--name')).split('\n').filter((name) => name !== '');
  const running = new Set((await libvirtd.virsh('list', '--name')).split('\n'));
  for (const name of names) {
    if (running.has(name)) await libvirtd.virsh('destroy', name);
    await libvirtd.virsh('undefine', name);
  }
  const machines = join(libvirtd.imagesDir, 'limen/machines');
  await run('find', [machines, libvirtd.imagesDir, '-maxdepth', '1', '-type', 'f', '-delete']);
  await rm(join(libvirtd.imagesDir, 'seeds'), { recursive: true, force: true });
}
