import { StoragePage } from './pages/storage-page.ts';
import type { Desktop } from './support/desktop.ts';
import { draw, expectAccessible, inspect, looks, wear } from './support/look.ts';
import { expect, test } from './support/storage-test.ts';

const english = { language: 'en', colorScheme: 'light' } as const;

/** Draw and check one state at both sizes and in all looks. */
async function everywhere(desktop: Desktop, name: string): Promise<void> {
  for (const look of looks) {
    await wear(desktop, desktop.window, look);
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await desktop.resize(width, height);
      const file = `storage-${name}-${look.language}-${look.colorScheme}-${width}`;
      await draw(desktop.window, file);
      if (width === 1280) await expectAccessible(desktop.window, file);
    }
  }
  await desktop.resize(1280, 800);
  await wear(desktop, desktop.window, english);
}

test('pools, volumes and every dialog look right and are accessible', async ({ host, desktop }) => {
  test.setTimeout(300_000);
  const { window } = desktop;
  await desktop.resize(1280, 800);
  // A second life of the service writes down a second moment: enough for a line.
  await host.service.stop({ keep: true });
  await host.service.start();
  const storage = new StoragePage(window);
  await storage.open();
  await expect(storage.pool('disks')).toContainText('running', { timeout: 40_000 });
  await inspect(desktop, window, 'storage-pools');
  await window.getByRole('button', { name: 'New pool' }).click();
  await inspect(desktop, window, 'storage-new-pool');
  await window.keyboard.press('Escape');

  await storage.openPool('disks');
  await expect(storage.volume('web-1.qcow2')).toBeVisible();
  await everywhere(desktop, 'pool');
  await window.getByRole('button', { name: 'New volume' }).click();
  await inspect(desktop, window, 'storage-new-volume');
  await window.keyboard.press('Escape');
  await storage.openMenu('web-1.qcow2');
  await inspect(desktop, window, 'storage-volume-menu');
  await window.getByRole('heading', { name: 'disks', exact: true }).click();
  await expect(window.getByRole('menu')).toHaveCount(0);
  for (const [action, name] of [
    ['Copy…', 'copy'],
    ['Delete…', 'delete'],
  ] as const) {
    await storage.act('forgotten.raw', action);
    await storage.dialog.waitFor();
    await inspect(desktop, window, `storage-${name}`);
    await window.keyboard.press('Escape');
    await storage.dialog.waitFor({ state: 'hidden' });
  }
  await storage.act('disks', 'Delete…');
  await storage.dialog.waitFor();
  await inspect(desktop, window, 'storage-delete-pool');
  await window.keyboard.press('Escape');

  await host.service.stop({ keep: true });
  try {
    await expect(window.getByText(/as of/).first()).toBeVisible({ timeout: 40_000 });
    await inspect(desktop, window, 'storage-away');
  } finally {
    await host.service.start();
  }
});
