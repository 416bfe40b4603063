import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { holdsPattern, imageInfo, makeDisk, MIB, writePattern } from '../host-service/storage-host.ts';
import { StoragePage } from './pages/storage-page.ts';
import { expect, test } from './support/storage-test.ts';

test.beforeEach(() => test.setTimeout(120_000));

test('a pool is made, fills with volumes, and is deleted without them', async ({ host, desktop }) => {
  const { window } = desktop;
  const storage = new StoragePage(window);
  await storage.open();
  await expect(storage.pool('disks')).toContainText('running');
  await window.getByRole('button', { name: 'New pool' }).click();
  await storage.dialog.getByLabel('Name').fill('fast');
  await storage.dialog.getByLabel('Folder on the host').fill('/etc');
  await storage.dialog.getByRole('button', { name: 'Create' }).click();
  await expect(storage.dialog.getByRole('alert')).toContainText('/etc belongs to the operating system');
  await storage.dialog.getByLabel('Folder on the host').fill(host.folder('fast'));
  await storage.dialog.getByRole('button', { name: 'Create' }).click();
  await expect(window.getByRole('heading', { name: 'fast', exact: true })).toBeVisible();

  await window.getByRole('button', { name: 'New volume' }).first().click();
  await storage.dialog.getByLabel('Name').fill('db');
  await storage.dialog.getByRole('combobox', { name: 'Unit of Size' }).selectOption('MiB');
  await storage.dialog.getByRole('textbox', { name: 'Size' }).fill('32');
  await storage.dialog.getByRole('button', { name: 'Create' }).click();
  await expect(storage.volume('db.qcow2')).toContainText('unused');
  const disk = join(host.folder('fast'), 'db.qcow2');
  expect(await imageInfo(disk)).toMatchObject({ format: 'qcow2', 'virtual-size': 32 * MIB });

  await storage.act('db.qcow2', 'Resize…');
  await storage.dialog.getByRole('textbox', { name: 'Size' }).fill('48');
  await storage.dialog.getByRole('button', { name: 'Resize' }).click();
  await expect(storage.volume('db.qcow2')).toContainText('48 MiB');
  await storage.act('db.qcow2', 'Copy…');
  await storage.dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(storage.volume('db-copy.qcow2')).toContainText('48 MiB');

  await storage.act('fast', 'Delete…');
  await storage.dialog.getByRole('button', { name: 'Delete pool' }).click();
  await expect(window.getByRole('heading', { name: 'Storage' })).toBeVisible();
  await expect(storage.pool('fast')).toHaveCount(0);
  expect((await readdir(host.folder('fast'))).toSorted()).toEqual(['db-copy.qcow2', 'db.qcow2']);
});

test('what is used cannot be lost, what nobody uses only by typing its name', async ({ host, desktop }) => {
  const { window } = desktop;
  const storage = new StoragePage(window);
  await storage.openPool('disks');
  await expect(storage.volume('web-1.qcow2')).toContainText('web-1');
  await expect(storage.volume('base.qcow2')).toContainText('web-1');
  await storage.openMenu('web-1.qcow2');
  for (const action of ['Wipe…', 'Delete…', 'Copy…', 'Resize…'])
    await expect(window.getByRole('menuitem', { name: action })).toBeDisabled();
  await expect(window.getByText('Used by web-1', { exact: true })).toBeVisible();
  await window.keyboard.press('Escape');

  await window.getByText('Unused · 1').click();
  await expect(storage.volume('web-1.qcow2')).toHaveCount(0);
  await storage.act('forgotten.raw', 'Delete…');
  const submit = storage.dialog.getByRole('button', { name: 'Delete' });
  await expect(submit).toBeDisabled();
  await storage.dialog.getByLabel('Type forgotten.raw to confirm').fill('forgotten.raw');
  await submit.click();
  await expect(storage.volume('forgotten.raw')).toHaveCount(0);
  await expect(stat(join(host.folder('disks'), 'forgotten.raw'))).rejects.toThrow('ENOENT');
});

test('a volume is saved on this computer', async ({ host, desktop }) => {
  const storage = new StoragePage(desktop.window);
  await storage.openPool('disks');
  const saved = join(host.libvirtd.guestDir, 'saved.qcow2');
  await desktop.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, saved);
  await host.libvirtd.virsh('destroy', 'web-1');
  await storage.act('web-1.qcow2', 'Download…');
  await expect(desktop.window.getByText('Saved saved.qcow2')).toBeVisible();
  const original = await readFile(join(host.folder('disks'), 'web-1.qcow2'));
  expect((await readFile(saved)).equals(original)).toBe(true);
  await host.libvirtd.virsh('start', 'web-1', '--paused');
});

test('a disk of this computer becomes a volume', async ({ host, desktop }) => {
  const { window } = desktop;
  const mine = join(host.libvirtd.guestDir, 'mine.qcow2');
  await makeDisk(mine, '96M');
  await writePattern(mine, { format: 'qcow2', pattern: 0x42, at: 0, bytes: 8 * MIB });
  const storage = new StoragePage(window);
  await storage.openPool('disks');
  await desktop.app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, mine);
  await window.getByRole('button', { name: 'Upload' }).click();
  await storage.dialog.getByRole('button', { name: 'Choose file…' }).click();
  await storage.dialog.getByLabel('Name').fill('../mine');
  await expect(storage.dialog.getByRole('button', { name: 'Upload' })).toBeDisabled();
  await storage.dialog.getByLabel('Name').fill('theirs.qcow2');
  await storage.dialog.getByRole('button', { name: 'Upload' }).click();
  await expect(storage.volume('theirs.qcow2')).toContainText('96 MiB', { timeout: 30_000 });
  await expect(storage.volume('theirs.qcow2')).toContainText('unused');
  const volume = join(host.folder('disks'), 'theirs.qcow2');
  expect(await holdsPattern(volume, { format: 'qcow2', pattern: 0x42, at: 0, bytes: 8 * MIB })).toBe(true);
  expect(await readdir(join(host.storageDir, 'incoming'))).toEqual(['uploads']);
});

test('what other tools do shows at once', async ({ host, desktop }) => {
  const storage = new StoragePage(desktop.window);
  await storage.open();
  await host.libvirtd.virsh('pool-destroy', 'disks');
  await expect(storage.pool('disks')).toContainText('stopped');
  await storage.act('disks', 'Start');
  await expect(storage.pool('disks')).toContainText('running');
});
