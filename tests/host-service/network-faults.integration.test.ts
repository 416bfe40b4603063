import type { NewNetworkInput } from '@limen/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StepEvent } from '../../host-service/src/jobs/execution.ts';
import { type FaultyHost, startFaultyHost } from '../fixtures/faulty-host.ts';
import { jobEnded, untilJob } from '../fixtures/jobs.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { networksShow } from './network-host.ts';
import { type AdministratorSession, signIn } from './session.ts';

/** Networks that are being made while something dies. */

let libvirtd: PrivateLibvirtd;
let service: FaultyHost;
let session: AdministratorSession;

beforeAll(async () => {
  libvirtd = await startLibvirtd({ network: 'private' });
  service = await startFaultyHost({ libvirtd });
  session = await signIn(service);
}, 600_000);

afterAll(async () => {
  await session?.close();
  await service?.stop();
  await libvirtd?.stop();
});

const wish = (name: string, third: number): NewNetworkInput => ({
  name,
  kind: 'isolated',
  ipv4: { address: `10.214.${third}.1/24`, ranges: [] },
});

/** Do something when the job is defined and not yet started, once. */
function betweenDefineAndStart(work: () => Promise<void>): void {
  let done = false;
  service.atStep(async ({ step, moment }: StepEvent) => {
    if (done || step !== 'start' || moment !== 'after-prepare') return;
    done = true;
    await work();
  });
}

test('libvirtd dies between define and start, and comes back: the network is whole', async () => {
  let back: Promise<void> | undefined;
  betweenDefineAndStart(async () => {
    await libvirtd.kill();
    back = libvirtd.start();
  });
  const { api } = session;
  const job = await jobEnded(api, (await api.networks.create(wish('whole', 1))).id);
  await back;
  expect(job.state).toBe('done');
  expect(await libvirtd.virsh('net-list', '--name', '--autostart')).toBe('whole');
});

test('libvirtd dies between define and start, and the job is given up meanwhile: nothing is left', async () => {
  const { api } = session;
  betweenDefineAndStart(() => libvirtd.kill());
  const created = await api.networks.create(wish('gone', 2));
  // The job has met the dead daemon, and waits for it.
  await untilJob(api, created.id, ({ error }) => error !== null);
  await api.jobs.cancel({ jobId: created.id });
  const [job] = await Promise.all([jobEnded(api, created.id), libvirtd.start()]);
  expect(job.state).toBe('cancelled');
  expect(await libvirtd.virsh('net-list', '--all', '--name')).toBe('whole');
  const { networks } = await networksShow(api, (snapshot) => snapshot.networks.length === 1);
  expect(networks).toMatchObject([{ name: 'whole' }]);
});

test('a network that cannot be started is not left behind', async () => {
  // Its bridge is there already, for the daemon and not for us.
  const bridge = (await libvirtd.virsh('net-dumpxml', 'whole')).match(/bridge name='([^']+)'/)?.[1] ?? '';
  betweenDefineAndStart(async () => {
    await libvirtd.virsh('net-destroy', 'whole');
    await libvirtd.virsh('net-start', 'whole');
  });
  const call = session.api.networks.create({ ...wish('twin', 3), bridge });
  await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  const routed = { name: 'nowhere', kind: 'isolated', bridge: 'lo', ipv4: null } as const;
  const { id } = await session.api.networks.create(routed);
  const job = await jobEnded(session.api, id);
  expect(job).toMatchObject({ state: 'failed', error: { code: 'HYPERVISOR_ERROR' } });
  expect(await libvirtd.virsh('net-list', '--all', '--name')).toBe('whole');
});

test('two networks of one subnet that are asked for at once: one is made', async () => {
  service.atStep(() => undefined);
  const { api } = session;
  const jobs = await Promise.all([
    api.networks.create(wish('left', 9)),
    api.networks.create(wish('right', 9)),
  ]);
  const ended = await Promise.all(jobs.map(({ id }) => jobEnded(api, id)));
  expect(ended.map(({ state }) => state).toSorted()).toEqual(['done', 'failed']);
  expect(ended.find(({ state }) => state === 'failed')?.error?.message).toContain('overlaps with network');
  expect((await libvirtd.virsh('net-list', '--name')).split('\n')).toHaveLength(2);
});
