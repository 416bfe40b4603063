import { ConsoleView } from './pages/console-view.ts';
import { MachinesPage } from './pages/machines-page.ts';
import { startHostService } from '../fixtures/host-service.ts';
import { makePrivateNetwork } from '../fixtures/network.ts';
import { Desktop } from './support/desktop.ts';
import { emptyMachineXml, expect, test } from './support/test.ts';

/** The desktop's heartbeat notices silence within this time. */
const NOTICED = { timeout: 40_000 };
const RECOVERED = { timeout: 40_000 };

test('a killed host service greys its rows, keeps the console’s last frame, and comes back by itself', async ({
  world,
  desktop,
}) => {
  const machines = new MachinesPage(desktop.window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
  const console = new ConsoleView(
    await desktop.windowAt('#/console/', () => machines.act('web-1', 'Console')),
  );
  await console.painted();

  await world.host.kill();
  await expect(machines.row('web-1')).toContainText('as of', NOTICED);
  await expect(machines.freshness).toHaveText(/unreachable since/);
  await expect(console.page.getByText(/Reconnecting|Waiting for the host/).first()).toBeVisible();
  await expect(console.page.locator('canvas').first()).toBeVisible();

  await world.host.start();
  await expect(machines.row('web-1')).not.toContainText('as of', RECOVERED);
  await expect(machines.freshness).toHaveText(/live/);
  await expect(console.page.getByText(/Reconnecting|Waiting for the host/)).toHaveCount(0, RECOVERED);
  await console.painted();
});

test('without libvirt nothing is shown as live; with it again everything is, changes meanwhile included', async ({
  world,
  desktop,
}) => {
  const machines = new MachinesPage(desktop.window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
  await world.libvirtd.define(emptyMachineXml('lab-3'));
  await expect(machines.rowIn('lab-3', 'Off')).toBeVisible();

  await world.libvirtd.kill();
  await expect(machines.row('web-1')).toContainText('as of', NOTICED);
  await expect(machines.freshness).toHaveText(/has no libvirt since/);

  await world.libvirtd.start();
  await expect(machines.row('web-1')).not.toContainText('as of', RECOVERED);
  await world.libvirtd.virsh('undefine', 'lab-3');
  await expect(machines.row('lab-3')).toHaveCount(0);
});

test('a cut network is noticed in silence and mended without a click', async ({ world }) => {
  const network = await makePrivateNetwork();
  try {
    const host = await startHostService({ libvirtd: world.libvirtd, network });
    try {
      await using desktop = await Desktop.launch({ pairingLink: await host.pairingLink() });
      const machines = new MachinesPage(desktop.window);
      await expect(machines.rowIn('web-1', 'Running')).toBeVisible();
      await network.cut();
      await expect(machines.row('web-1')).toContainText('as of', NOTICED);
      await world.libvirtd.define(emptyMachineXml('lab-4'));
      await network.restore();
      await expect(machines.rowIn('lab-4', 'Off')).toBeVisible(RECOVERED);
      await expect(machines.row('web-1')).not.toContainText('as of');
      await world.libvirtd.virsh('undefine', 'lab-4');
      await expect(machines.row('lab-4')).toHaveCount(0);
    } finally {
      await host.stop();
    }
  } finally {
    await network.remove();
  }
});
