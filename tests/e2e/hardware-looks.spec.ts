import { HardwareTab } from './pages/hardware-tab.ts';
import type { Desktop } from './support/desktop.ts';
import { expect, MACHINE, test } from './support/hardware-test.ts';
import { draw, expectAccessible, inspect, looks, wear } from './support/look.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

const english = { language: 'en', colorScheme: 'light' } as const;

/** Draw and check one state at both sizes and in all looks. */
async function everywhere(desktop: Desktop, name: string): Promise<void> {
  for (const look of looks) {
    await wear(desktop, desktop.window, look);
    for (const size of sizes) {
      await desktop.resize(size.width, size.height);
      const file = `hardware-${name}-${look.language}-${look.colorScheme}-${size.width}`;
      await draw(desktop.window, file);
      if (size.width === 1280) await expectAccessible(desktop.window, file);
    }
  }
  await desktop.resize(1280, 800);
  await wear(desktop, desktop.window, english);
}

test('every device, dialog and state of the hardware tab looks right and is accessible', async ({
  host,
  desktop,
}) => {
  test.setTimeout(400_000);
  const { window } = desktop;
  await desktop.resize(1280, 800);
  const hardware = new HardwareTab(window);
  await hardware.open(MACHINE);
  for (const [device, name] of [
    ['Memory', 'memory'],
    ['Disk vda', 'disk'],
    ['Drive sda', 'drive'],
    ['Boot order', 'boot'],
    ['Firmware', 'firmware'],
    ['Screen and sound', 'screen'],
    ['Guest services', 'services'],
    ['Serial ports', 'serial'],
    ['Shared folders', 'folders'],
    ['Other devices', 'others'],
  ] as const) {
    await hardware.choose(device);
    await inspect(desktop, window, `hardware-${name}`);
  }
  const disk = await hardware.choose('Disk vda');
  await disk.getByRole('button', { name: 'Move or convert' }).click();
  await expect(window.getByRole('dialog')).toBeVisible();
  await inspect(desktop, window, 'hardware-move-disk');
  await window.keyboard.press('Escape');
  await expect(window.getByRole('dialog')).toBeHidden();
  await hardware.choose('Definition');
  await expect(hardware.form.getByText('<name>')).toBeVisible();
  await inspect(desktop, window, 'hardware-definition');

  for (const what of ['Disk', 'CD/DVD drive', 'Network card'] as const) {
    const dialog = await hardware.add(what);
    await inspect(desktop, window, `hardware-add-${what.replaceAll(/\W/g, '-').toLowerCase()}`);
    await dialog.getByRole('button', { name: 'Add to the changes' }).click();
  }
  const folders = await hardware.choose('Shared folders');
  await folders.getByRole('button', { name: 'Share a folder' }).click();
  const sharing = window.getByRole('dialog', { name: 'Share a folder of the host' });
  await sharing.getByLabel('Folder on the host').fill('/usr/share');
  await inspect(desktop, window, 'hardware-add-folder');
  await sharing.getByRole('button', { name: 'Add to the changes' }).click();
  const form = await hardware.choose('Processors');
  await form.getByRole('textbox', { name: 'vCPU', exact: true }).fill('2');
  await form.getByRole('switch', { name: 'Arrange the processors by hand' }).click({ force: true });
  await everywhere(desktop, 'changes');

  await host.libvirtd.virsh('setmaxmem', MACHINE, '300M', '--config');
  await expect(hardware.bar.getByRole('alert')).toBeVisible();
  await inspect(desktop, window, 'hardware-conflict');
  await hardware.bar.getByRole('button', { name: 'Drop my changes' }).click();
  await hardware.choose('Memory');
  await inspect(desktop, window, 'hardware-pending');
  await host.libvirtd.virsh('setmaxmem', MACHINE, '256M', '--config');

  await host.service.stop({ keep: true });
  try {
    await expect(hardware.bar).toContainText('not connected', { timeout: 40_000 });
    await inspect(desktop, window, 'hardware-away');
  } finally {
    await host.service.start();
  }
});
