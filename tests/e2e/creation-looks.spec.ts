import { join } from 'node:path';
import { CreatePage } from './pages/create-page.ts';
import { ImagesPage } from './pages/images-page.ts';
import { MachinesPage } from './pages/machines-page.ts';
import { TrashPage } from './pages/trash-page.ts';
import { Backstage, SMALL_INSTALLER, SMALL_SYSTEM, stockedLibrary } from './support/backstage.ts';
import { draw, inspect } from './support/look.ts';
import { serveFile, serveHalf } from './support/serve.ts';
import { expect, test } from './support/test.ts';

test('making a machine looks right at every step', async ({ world, desktop }) => {
  await using backstage = await Backstage.enter(world);
  const { window } = desktop;
  await desktop.resize(1280, 800);
  const page = new CreatePage(window);
  await expect(new MachinesPage(window).rowIn('web-1', 'Running')).toBeVisible();
  await page.open();
  await page.from('Cloud image');
  await expect(page.form.getByText('No image of this kind yet')).toBeVisible();
  await inspect(desktop, window, 'new-machine-no-image');

  await using _library = await stockedLibrary(world, backstage);
  await page.from('Cloud image', SMALL_SYSTEM);
  await page.field('How many').fill('3');
  await page.form.getByRole('button', { name: 'Show hardware and labels' }).click();
  await inspect(desktop, window, 'new-machine-filled');
  await page.field('Name').fill('../etc');
  await page.size('Memory', 1_000_000);
  await page.field('SSH public keys').fill('no key');
  await expect(page.create).toBeDisabled();
  await inspect(desktop, window, 'new-machine-wrong');
});

test('a host that goes away while it makes something is told everywhere, and takes nothing with it', async ({
  world,
  desktop,
}) => {
  await using server = await serveHalf();
  const { window } = desktop;
  await desktop.resize(1280, 800);
  const images = new ImagesPage(window);
  const page = new CreatePage(window);
  await images.open();
  await images.add('Fetch from URL…');
  await images.dialog.getByLabel('Address').fill(`${server.url}/long.iso`);
  await images.dialog.getByRole('button', { name: 'Fetch' }).click();
  await expect(images.arrival('long')).toContainText('downloading');
  await page.open();
  await page.from('Empty');
  await page.field('Name').fill('precious');
  await expect(page.create).toBeEnabled();
  await world.host.stop({ keep: true });
  try {
    await expect(page.form.getByText(/The host cannot be reached/)).toBeVisible();
    await expect(page.field('Name')).toHaveValue('precious');
    await expect(page.create).toBeDisabled();
    await inspect(desktop, window, 'new-machine-away');
    await window.getByRole('button', { name: '1 job' }).click();
    await expect(window.locator('[data-job]').getByText(/as of/)).toBeVisible();
    await inspect(desktop, window, 'jobs-away');
    await window.keyboard.press('Escape');
  } finally {
    await world.host.start();
  }
  await expect(page.create).toBeEnabled({ timeout: 40_000 });
  await expect(page.field('Name')).toHaveValue('precious');
  await page.field('Name').press('Escape');
  await window.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await images.open();
  await window.getByRole('button', { name: 'Cancel long' }).click();
  await expect(window.getByText('No images yet')).toBeVisible();
});

test('the library and its jobs look right at every step', async ({ world, desktop }) => {
  await using backstage = await Backstage.enter(world);
  await using server = await serveHalf();
  const { window } = desktop;
  await desktop.resize(1280, 800);
  const page = new ImagesPage(window);
  await page.open();
  await expect(window.getByText('No images yet')).toBeVisible();
  await inspect(desktop, window, 'images-empty');
  await page.add('Upload…');
  await inspect(desktop, window, 'image-upload');
  await window.keyboard.press('Escape');
  await page.add('Fetch from URL…');
  await page.dialog.getByLabel('Address').fill('ftp://example.org');
  await page.dialog.getByRole('button', { name: 'Fetch' }).click();
  await inspect(desktop, window, 'image-import-wrong');
  await page.dialog.getByLabel('Address').fill(`${server.url}/slow.iso`);
  await page.dialog.getByRole('button', { name: 'Fetch' }).click();
  await expect(page.arrival('slow')).toContainText('downloading');
  await using _library = await stockedLibrary(world, backstage);
  await expect(page.row(SMALL_SYSTEM)).toBeVisible();
  await inspect(desktop, window, 'images');
  await page.openMenu(SMALL_SYSTEM);
  await inspect(desktop, window, 'image-menu');
  await window.keyboard.press('Escape');
  await page.act(SMALL_SYSTEM, 'Rename, re-label…');
  await inspect(desktop, window, 'image-edit');
  await window.keyboard.press('Escape');
  await window.getByRole('button', { name: '1 job' }).click();
  await inspect(desktop, window, 'jobs');
  await window.getByRole('button', { name: 'Cancel: Fetching slow' }).click();
  await expect(window.getByText('Fetching slow was cancelled')).toBeVisible();
  await window.keyboard.press('Escape');
  await using installer = await serveFile(join(world.scanned, `${SMALL_INSTALLER}.iso`));
  await page.fetch(`${installer.url}/debian-12.6.0-amd64-netinst.iso`, 'ab'.repeat(32));
  const refusal = window.getByRole('alert').filter({ hasText: /^Fetching .* failed/ });
  await refusal.getByRole('button', { name: 'Details' }).click();
  await expect(page.dialog.getByRole('log')).toBeVisible();
  await inspect(desktop, window, 'job-failed');
  await desktop.resize(1920, 1080);
  await draw(window, 'job-failed-1920');
});

test('cloning and throwing away look right at every step', async ({ world, desktop }) => {
  await using backstage = await Backstage.enter(world);
  const { window } = desktop;
  await desktop.resize(1280, 800);
  const machines = new MachinesPage(window);
  try {
    await backstage.makeMachine('old');
    await expect(machines.rowIn('old', 'Off')).toBeVisible();
    await machines.act('old', 'Clone…');
    await inspect(desktop, window, 'clone');
    await window.keyboard.press('Escape');
    await machines.act('old', 'Make template…');
    await inspect(desktop, window, 'template');
    await window.keyboard.press('Escape');
    await machines.act('old', 'Move to trash');
    const trash = new TrashPage(window);
    await trash.open();
    await expect(trash.row('old')).toBeVisible();
    await inspect(desktop, window, 'trash-full');
    await window.getByRole('button', { name: 'Delete for good: old' }).click();
    await expect(window.getByText('Will be deleted.')).toBeVisible();
    await inspect(desktop, window, 'purge');
  } finally {
    await backstage.removeMachines('old');
  }
});
