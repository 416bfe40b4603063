import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import type { PrivateLibvirtd } from '../../tests/fixtures/libvirtd.ts';
import { freePort } from '../../tests/fixtures/ports.ts';
import { waitForPath } from '../../tests/fixtures/watch.ts';
import type { Expected } from '../lib/dom-clock.ts';

/** Debian packages the peer consists of; the benchmark leaves it out, and says so, where they are missing. */
export const cockpitPackages = [
  'chromium',
  'cockpit-ws',
  'cockpit-bridge',
  'cockpit-machines',
  'libvirt-dbus',
  'dbus',
];

const COCKPIT_WS = '/usr/lib/cockpit/cockpit-ws';
const COCKPIT_BRIDGE = '/usr/bin/cockpit-bridge';
const LIBVIRT_DBUS = '/usr/sbin/libvirt-dbus';
const CHROMIUM = '/usr/bin/chromium';

/** cockpit-machines in Chromium on a private libvirtd. */
export interface CockpitMachines extends AsyncDisposable {
  readonly page: Page;
  /** What the page shows once a machine runs. */
  running(machine: string): Expected;
  /** From the request for the page until the last row is there, in ms. */
  readonly listMs: number;
}

/** Whether everything the peer needs is installed. */
export async function hasCockpit(): Promise<boolean> {
  const found = await Promise.allSettled(
    [COCKPIT_WS, COCKPIT_BRIDGE, LIBVIRT_DBUS, CHROMIUM].map((path) => access(path)),
  );
  return found.every((result) => result.status === 'fulfilled');
}

/**
 * Show the machines of `libvirtd` in cockpit-machines and wait until all are there.
 *
 * It gets a message bus of its own with generous limits: on a stock bus it silently loses rows beyond 128, and
 * a peer that shows less would look faster than it is.
 */
export async function openCockpit(
  libvirtd: PrivateLibvirtd,
  machines: readonly string[],
): Promise<CockpitMachines> {
  const folder = await mkdtemp(join(tmpdir(), 'limen-cockpit-'));
  const children: ChildProcess[] = [];
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    for (const child of children.toReversed()) await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const bus = join(folder, 'bus');
    await writeFile(join(folder, 'bus.conf'), busConfiguration(bus));
    const environment = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${bus}` };
    const start = (command: string, args: readonly string[]): void => {
      children.push(spawn(command, args, { env: environment, stdio: 'ignore' }));
    };
    start('dbus-daemon', [`--config-file=${join(folder, 'bus.conf')}`, '--nofork']);
    await waitForPath(bus, 10_000);
    start('nsenter', ['--mount', '--pid', `--target=${libvirtd.pid}`, LIBVIRT_DBUS, '--system']);
    const port = await freePort();
    start(COCKPIT_WS, [
      `--local-session=${COCKPIT_BRIDGE}`,
      '-p',
      String(port),
      '-a',
      '127.0.0.1',
      '--no-tls',
    ]);
    await listening(port);

    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', ...quiet] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const started = performance.now();
    await page.goto(`http://127.0.0.1:${port}/cockpit/@localhost/machines/index.html`);
    // Without hardware virtualisation it stops at a full-page warning; a person clicks it away.
    await page.getByRole('button', { name: 'Ignore' }).click();
    for (const machine of machines) await page.locator(cell(machine)).waitFor({ state: 'attached' });
    return {
      page,
      running: (machine) => ({ selector: cell(machine), text: 'Running' }),
      listMs: performance.now() - started,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Where the page says a machine's state. */
function cell(machine: string): string {
  return `#vm-${machine}-system-state`;
}

/** Keep the browser from looking for hosts it cannot reach. */
const quiet = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function busConfiguration(socket: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_type="method_call"/>
    <allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
  <limit name="max_replies_per_connection">100000</limit>
  <limit name="max_match_rules_per_connection">100000</limit>
  <limit name="max_incoming_bytes">1000000000</limit>
  <limit name="max_outgoing_bytes">1000000000</limit>
</busconfig>
`;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

async function listening(port: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}
