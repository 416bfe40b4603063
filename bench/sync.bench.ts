import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from '@playwright/test';
import type { BridgeInput, LimenBridge } from '@limen/contract';
import { MachinesPage } from '../tests/e2e/pages/machines-page.ts';
import { Desktop } from '../tests/e2e/support/desktop.ts';
import { emptyMachineXml } from '../tests/e2e/support/test.ts';
import { type HostService, startHostService } from '../tests/fixtures/host-service.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../tests/fixtures/libvirtd.ts';
import { watchDom } from './lib/dom-clock.ts';
import { type Measurement, printResults, summarise, writeResults } from './lib/results.ts';
import { type CockpitMachines, cockpitPackages, hasCockpit, openCockpit } from './peers/cockpit.ts';

const MACHINES = 300;
const ROUNDS = 3;
const STARTS_A_ROUND = 12;

const names = Array.from({ length: MACHINES }, (_, i) => `vm-${String(i).padStart(3, '0')}`);

/** Sorted by name, the first rows are on the screen in both programs. */
const onScreen = names.slice(0, STARTS_A_ROUND);

test('sync', async () => {
  const libvirtd = await startLibvirtd({ name: 'bench' });
  try {
    for (const name of names) await libvirtd.define(emptyMachineXml(name));
    const host = await startHostService({ libvirtd, environment: { LIMEN_LOG_LEVEL: 'info' } });
    try {
      printResults(writeResults('sync', 'npm run bench:sync', await measure(libvirtd, host)));
    } finally {
      await host.stop();
    }
  } finally {
    await libvirtd.stop();
  }
});

async function measure(libvirtd: PrivateLibvirtd, host: HostService): Promise<Measurement[]> {
  const peer = await hasCockpit();
  if (!peer) process.stdout.write(`without the peer: needs ${cockpitPackages.join(', ')}\n`);
  const ours = { starts: [] as number[], lists: [] as number[] };
  const theirs = { starts: [] as number[], lists: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    {
      await using desktop = await Desktop.launch();
      await desktop.resize(1280, 800);
      ours.lists.push(await signInToList(desktop, host));
      const machines = new MachinesPage(desktop.window);
      ours.starts.push(
        ...(await timeStarts(libvirtd, (name) =>
          watchDom(machines.page, { selector: '[role="row"]', having: name, text: 'Running' }),
        )),
      );
    }
    if (!peer) continue;
    await using cockpit: CockpitMachines = await openCockpit(libvirtd, names);
    theirs.lists.push(cockpit.listMs);
    theirs.starts.push(
      ...(await timeStarts(libvirtd, (name) => watchDom(cockpit.page, cockpit.running(name)))),
    );
  }
  return [
    ...figures(
      'virsh start returned → row updated',
      { ours: ours.starts, theirs: theirs.starts, peerName: 'cockpit-machines in Chromium' },
      { median: 50, p95: 120, ratio: 0.5 },
    ),
    ...figures(
      `list of ${MACHINES} machines complete after sign-in`,
      {
        ours: ours.lists,
        theirs: theirs.lists,
        peerName: 'cockpit-machines in Chromium, from opening its page',
      },
      { median: 1000 },
    ),
  ];
}

interface Budget {
  readonly median: number;
  readonly p95?: number;
  readonly ratio?: number;
}

interface Samples {
  readonly ours: readonly number[];
  /** Empty where the peer is not installed. */
  readonly theirs: readonly number[];
  /** What the peer did for its figure. */
  readonly peerName: string;
}

function figures(name: string, { ours, theirs, peerName }: Samples, budget: Budget): Measurement[] {
  const limen = summarise(ours);
  const against = theirs.length === 0 ? undefined : summarise(theirs);
  const figure = (rank: 'median' | 'p95', limit: string): Measurement => ({
    name: `${name}, ${rank}`,
    unit: 'ms',
    limen: limen[rank],
    ...(against === undefined ? {} : { peerName, peer: against[rank] }),
    budget: limit,
    spread: limen.spread,
  });
  const ratio = budget.ratio === undefined || against === undefined ? '' : ` and ratio <= ${budget.ratio}`;
  const median = figure('median', `limen <= ${budget.median}${ratio}`);
  return budget.p95 === undefined ? [median] : [median, figure('p95', `limen <= ${budget.p95}`)];
}

/** From the sign-in request until the table has every machine, in ms. The host was added before. */
async function signInToList(desktop: Desktop, host: HostService): Promise<number> {
  const { address, fingerprint, administrator } = host;
  const linkId = await desktop.window.evaluate(
    async (input: BridgeInput<'links.add'>) => {
      const bridge = (globalThis as unknown as { limen: LimenBridge }).limen;
      const added = await bridge.invoke('links.add', input);
      if (!added.ok) throw new Error(added.error.message);
      location.hash = '#/machines';
      return added.value.id;
    },
    { address, fingerprint },
  );
  await new MachinesPage(desktop.window).freshness.filter({ hasText: 'needs sign-in' }).waitFor();
  const list = watchDom(desktop.window, { selector: 'h1, h2, [role="heading"]', text: `· ${MACHINES}` });
  await list.armed;
  const asked = await desktop.window.evaluate(
    (credentials: BridgeInput<'links.signIn'>) => {
      const at = performance.timeOrigin + performance.now();
      void (globalThis as unknown as { limen: LimenBridge }).limen.invoke('links.signIn', credentials);
      return at;
    },
    { linkId, ...administrator, remember: false },
  );
  const complete = (await list.seen) - asked;
  await new MachinesPage(desktop.window).row(names[0] ?? '').waitFor();
  return complete;
}

/** Start machines one after another; how long after virsh had returned each shows as running, in ms. */
async function timeStarts(
  libvirtd: PrivateLibvirtd,
  watch: (name: string) => { armed: Promise<void>; seen: Promise<number> },
): Promise<number[]> {
  const samples: number[] = [];
  for (const name of onScreen) {
    const row = watch(name);
    await row.armed;
    const virsh = spawn('virsh', ['-q', '-c', libvirtd.uri, 'start', name], { stdio: 'ignore' });
    const [code] = (await once(virsh, 'exit')) as [number | null];
    const returned = performance.timeOrigin + performance.now();
    if (code !== 0) throw new Error(`virsh start ${name} ended with ${String(code)}`);
    samples.push((await row.seen) - returned);
    await libvirtd.virsh('destroy', name);
  }
  return samples;
}
