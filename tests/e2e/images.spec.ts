import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeGuestMedia } from '../fixtures/guest-media.ts';
import { ImagesPage } from './pages/images-page.ts';
import { Backstage, SMALL_SYSTEM } from './support/backstage.ts';
import type { Desktop } from './support/desktop.ts';
import { serveFile, serveHalf } from './support/serve.ts';
import { expect, test } from './support/test.ts';

/** Stand in for the system's own dialog, which nothing here can click. */
async function willChoose({ app }: Desktop, ...filePaths: string[]): Promise<void> {
  await app.evaluate(({ dialog }, paths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: paths });
  }, filePaths);
}

test('an image is uploaded, renamed, shared, kept while a machine needs it, and deleted', async ({
  world,
  desktop,
}) => {
  await using backstage = await Backstage.enter(world);
  const folder = await mkdtemp(join(tmpdir(), 'limen-upload-'));
  const { window } = desktop;
  const page = new ImagesPage(window);
  try {
    const { system } = await makeGuestMedia(folder);
    await willChoose(desktop, system);
    await page.open();
    await expect(window.getByText('No images yet')).toBeVisible();
    await page.add('Upload…');
    await page.dialog.getByRole('button', { name: 'Choose files…' }).click();
    await expect(page.dialog.getByLabel('Name')).toHaveValue(SMALL_SYSTEM);
    const sent = page.arrival(SMALL_SYSTEM).waitFor({ state: 'attached' });
    await page.dialog.getByRole('button', { name: 'Upload', exact: true }).click();
    await sent;
    await expect(page.row(SMALL_SYSTEM)).toContainText('Private', { timeout: 60_000 });
    await expect(page.arrival(SMALL_SYSTEM)).toHaveCount(0);

    await page.act(SMALL_SYSTEM, 'Rename, re-label…');
    await page.dialog.getByLabel('Name').fill('base/system');
    await expect(page.dialog.getByText('1 to 128 characters, without slashes.')).toBeVisible();
    await page.dialog.getByLabel('Name').fill('base system');
    await page.dialog.getByRole('button', { name: 'Save' }).click();
    await expect(page.row('base system')).toBeVisible();
    await page.act('base system', 'Share with everybody on the host');
    await expect(page.row('base system')).toContainText('Shared');

    const image = await backstage.image('base system');
    if (image === undefined) throw new Error('the image is not in the library');
    await backstage.makeMachine('needs-it', { type: 'cloud', imageId: image.id, cloudInit: {} });
    await expect(page.row('base system')).toContainText('needs-it');
    await page.openMenu('base system');
    await expect(window.getByRole('menuitem', { name: 'Delete…' })).toBeDisabled();
    await expect(window.getByText('In use by needs-it')).toBeVisible();
    await window.keyboard.press('Escape');
    await backstage.removeMachines('needs-it');
    await expect(page.row('base system')).not.toContainText('needs-it');
    await page.act('base system', 'Delete…');
    await page.dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(window.getByText('No images yet')).toBeVisible();
  } finally {
    await backstage.removeMachines('needs-it');
    await backstage.removeImages(SMALL_SYSTEM, 'base system');
    await rm(folder, { recursive: true });
  }
});

test('a download that is cancelled leaves nothing, and can be tried again', async ({ desktop }) => {
  const { window } = desktop;
  const page = new ImagesPage(window);
  await using server = await serveHalf();
  await page.open();
  await page.add('Fetch from URL…');
  await page.dialog.getByLabel('Address').fill(`${server.url}/endless.iso`);
  await expect(page.dialog.getByLabel('Name')).toHaveValue('endless');
  await page.dialog.getByRole('button', { name: 'Fetch' }).click();
  await expect(page.arrival('endless')).toContainText('downloading');

  await window.getByRole('button', { name: '1 job' }).click();
  await window.getByRole('button', { name: 'Cancel: Fetching endless' }).click();
  await expect(window.getByText('Fetching endless was cancelled')).toBeVisible();
  await expect(page.arrival('endless')).toHaveCount(0);
  await window.getByRole('button', { name: 'Try again: Fetching endless was cancelled' }).click();
  await expect(page.arrival('endless')).toContainText('downloading');
  await window.keyboard.press('Escape');
  await window.getByRole('button', { name: 'Cancel endless' }).click();
  await expect(window.getByText('No images yet')).toBeVisible();
});

test('an image is fetched with its checksum; with another one it is refused, and nothing is left', async ({
  world,
  desktop,
}) => {
  await using backstage = await Backstage.enter(world);
  const folder = await mkdtemp(join(tmpdir(), 'limen-fetch-'));
  const { window } = desktop;
  const page = new ImagesPage(window);
  try {
    const { system } = await makeGuestMedia(folder);
    await using server = await serveFile(system);
    const digest = createHash('sha256')
      .update(await readFile(system))
      .digest('hex');
    await page.open();
    await page.fetch(`${server.url}/debian-12-cloud.raw`, digest.replaceAll('a', 'b'));
    const refusal = window.getByRole('alert').filter({ hasText: 'Fetching debian-12-cloud failed' });
    await refusal.getByRole('button', { name: 'Details' }).click();
    await expect(page.dialog.getByRole('log')).toContainText(`its sha256 is ${digest}`);
    await page.dialog.getByRole('button', { name: 'Close' }).click();
    await expect(page.arrival('debian-12-cloud')).toHaveCount(0);
    await expect(window.getByText('No images yet')).toBeVisible();

    await page.fetch(`${server.url}/debian-12-cloud.raw`, digest);
    await expect(page.row('debian-12-cloud')).toContainText('Debian 12', { timeout: 60_000 });
  } finally {
    await backstage.removeImages('debian-12-cloud');
    await rm(folder, { recursive: true });
  }
});
