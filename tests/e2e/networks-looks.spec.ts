import { NetworksPage } from './pages/networks-page.ts';
import { inspect } from './support/look.ts';
import { expect, MAC, MACHINE, test } from './support/networks-test.ts';

test('the networks, one of them, and every dialog look right and are accessible', async ({
  lab,
  desktop,
}) => {
  test.setTimeout(300_000);
  const { window } = desktop;
  const lease = { mac: MAC, duid: null, name: MACHINE, ip: '10.217.1.44' };
  const mail = { mac: '52:54:00:5e:10:77', duid: null, name: 'mail', ip: '10.217.1.20' };
  const host = { ip: '10.217.1.77', hostnames: ['files', 'nas'] };
  await lab.edit(
    'lab',
    { type: 'add-static-lease', lease },
    { type: 'add-static-lease', lease: mail },
    { type: 'add-dns-host', host },
    { type: 'set-domain', domain: { name: 'next.test', localOnly: true } },
  );
  const ipv6 = { address: 'fd17:2a:1::1/64', ranges: [] };
  await lab.create({ name: 'closed', kind: 'isolated', ipv6, autostart: false });
  await lab.host.libvirtd.virsh('net-destroy', 'closed');
  const networks = new NetworksPage(window);
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await desktop.resize(width, height);
    await networks.open();
    await expect(networks.row('closed')).toBeVisible();
    await inspect(desktop, window, `networks-list-${width}`);
    await networks.openNetwork('lab');
    await expect(networks.panel('Leases').getByRole('link', { name: MACHINE })).toBeVisible();
    await inspect(desktop, window, `networks-one-${width}`);
  }
  await desktop.resize(1280, 800);
  await window.getByRole('button', { name: 'Edit…' }).click();
  await networks.field('DNS domain').fill('not a domain');
  await inspect(desktop, window, 'networks-edit');
  await window.keyboard.press('Escape');
  await networks.panel('Static leases').getByRole('button', { name: 'Add static lease' }).click();
  await networks.field('Address').first().fill('10.217.1.44');
  await networks.dialog.getByRole('button', { name: 'Add' }).click();
  await inspect(desktop, window, 'networks-lease');
  await window.keyboard.press('Escape');
  await networks.panel('DNS entries').getByRole('button', { name: 'Change 10.217.1.77' }).click();
  await inspect(desktop, window, 'networks-dns');
  await window.keyboard.press('Escape');

  await networks.open();
  await window.getByRole('button', { name: 'New network' }).click();
  await networks.field('IPv4 address of the host').fill('10.217.1.1/23');
  await networks.dialog.getByRole('switch', { name: 'IPv6' }).click({ force: true });
  await inspect(desktop, window, 'networks-new');
  await window.keyboard.press('Escape');
  await window.getByRole('button', { name: 'Actions of lab' }).click();
  await inspect(desktop, window, 'networks-menu');
  await window.keyboard.press('Escape');
  await networks.act('closed', 'Delete…');
  await inspect(desktop, window, 'networks-delete');
  await networks.dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(networks.row('closed')).toHaveCount(0);

  await lab.edit(
    'lab',
    { type: 'remove-static-lease', lease },
    { type: 'remove-static-lease', lease: mail },
    { type: 'remove-dns-host', host },
    { type: 'set-domain', domain: { name: 'lab.test', localOnly: true } },
  );

  await lab.host.service.stop({ keep: true });
  try {
    await expect(window.getByRole('button', { name: 'New network' })).toHaveCount(0, { timeout: 40_000 });
    await inspect(desktop, window, 'networks-away');
  } finally {
    await lab.host.service.start();
  }
});
