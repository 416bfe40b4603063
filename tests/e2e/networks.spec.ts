import { guestShows } from '../fixtures/guest-shell.ts';
import { NetworksPage } from './pages/networks-page.ts';
import { expect, MAC, MACHINE, test } from './support/networks-test.ts';

test.beforeEach(() => test.setTimeout(180_000));

test('a network is made, stopped and deleted; what overlaps is said while typing', async ({
  lab,
  desktop,
}) => {
  const networks = new NetworksPage(desktop.window);
  await networks.open();
  await expect(networks.row('lab')).toContainText('10.217.1.1/24');
  await desktop.window.getByRole('button', { name: 'New network' }).click();
  await networks.field('Name').fill('made');
  const address = networks.field('IPv4 address of the host');
  // A free one is proposed.
  await expect(address).toHaveValue(/^192\.168\.\d+\.1\/24$/);
  await address.fill('10.217.1.129/25');
  await expect(networks.dialog.getByText('Overlaps with network lab')).toBeVisible();
  await address.fill('10.217.2.1/24');
  await expect(networks.field('First address of IPv4 range 1')).toHaveValue('10.217.2.2');
  await networks.dialog.getByRole('button', { name: 'Create' }).click();
  await expect(networks.row('made')).toContainText('Active', { timeout: 20_000 });
  expect(await lab.host.libvirtd.virsh('net-dumpxml', 'made')).toContain("<range start='10.217.2.2'");

  // Whoever stops it, the row knows.
  await lab.host.libvirtd.virsh('net-destroy', 'made');
  await expect(networks.row('made')).toContainText('Inactive');
  await networks.act('made', 'Delete…');
  await networks.dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(networks.row('made')).toHaveCount(0);
  expect(await lab.host.libvirtd.virsh('net-list', '--all', '--name')).toBe('lab');

  await desktop.window.getByRole('button', { name: 'Actions of lab' }).click();
  await expect(desktop.window.getByRole('menuitem', { name: 'Stop' })).toBeDisabled();
  await expect(desktop.window.getByText(`Running on it: ${MACHINE}`)).toBeVisible();
  await expect(desktop.window.getByRole('menuitem', { name: 'Delete…' })).toBeDisabled();
});

test('a lease is made static and a name added, and the guest gets both', async ({ lab, desktop }) => {
  const networks = new NetworksPage(desktop.window);
  await networks.open();
  await networks.openNetwork('lab');
  const leases = networks.panel('Leases');
  await expect(leases.getByRole('link', { name: MACHINE })).toBeVisible();
  await leases.getByRole('button', { name: 'Make static' }).click();
  await expect(networks.field('MAC address')).toHaveValue(MAC);
  await networks.field('Address').first().fill('10.217.3.1');
  await expect(networks.dialog.getByText('Not an address of the subnet')).toBeVisible();
  await networks.field('Address').first().fill('10.217.1.42');
  await networks.dialog.getByRole('button', { name: 'Add' }).click();
  await expect(networks.panel('Static leases')).toContainText('10.217.1.42');

  await networks.panel('DNS entries').getByRole('button', { name: 'Add DNS entry' }).click();
  await networks.field('Address').fill('10.217.1.9');
  await networks.field('Host names').fill('files.lab.test');
  await networks.dialog.getByRole('button', { name: 'Add' }).click();
  await expect(networks.panel('DNS entries')).toContainText('files.lab.test');

  const { libvirtd } = lab.host;
  const renew =
    'udhcpc -n -q -t 10 -T 1 -i eth0 -s /usr/lib/limen/address >/dev/null; ip -4 -o addr show eth0';
  await guestShows(libvirtd, MACHINE, { command: renew, matches: (out) => out.includes('10.217.1.42') });
  await guestShows(libvirtd, MACHINE, {
    command: 'nslookup files.lab.test 10.217.1.1',
    matches: (out) => out.includes('10.217.1.9'),
  });
  await expect(leases).toContainText('static', { timeout: 20_000 });
});

test('what another tool changed meanwhile is said and not overwritten; the next start is named', async ({
  lab,
  desktop,
}) => {
  const networks = new NetworksPage(desktop.window);
  await networks.open();
  await networks.openNetwork('lab');
  await desktop.window.getByRole('button', { name: 'Edit…' }).click();
  await networks.field('DNS domain').fill('other.test');
  await expect(networks.dialog.getByText('takes effect at its next start')).toBeVisible();
  const range = "<range start='10.217.1.50' end='10.217.1.60'/>";
  const { libvirtd } = lab.host;
  await libvirtd.virsh('net-update', 'lab', 'add', 'ip-dhcp-range', range, '--live', '--config');
  await networks.dialog.getByRole('button', { name: 'Save' }).click();
  await expect(networks.dialog.getByText('Somebody else changed: DHCP ranges')).toBeVisible();
  expect(await libvirtd.virsh('net-dumpxml', '--inactive', 'lab')).toContain("name='lab.test'");
  await networks.dialog.getByRole('button', { name: 'Save' }).click();
  await expect(desktop.window.getByText('Waits for the next start: domain')).toBeVisible();
  await expect(desktop.window.getByRole('button', { name: 'Restart the network' })).toBeDisabled();
  const stored = await libvirtd.virsh('net-dumpxml', '--inactive', 'lab');
  expect(stored).toContain("name='other.test'");
  expect(stored).toContain("start='10.217.1.50'");
});
