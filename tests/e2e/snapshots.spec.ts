import { guestShell } from '../fixtures/guest-shell.ts';
import { SnapshotsTab } from './pages/snapshots-tab.ts';
import { inspect } from './support/look.ts';
import { expect, MACHINE, test } from './support/snapshots-test.ts';

const LONG = { timeout: 60_000 };

test('a snapshot is taken, gone back to with the present kept, described and deleted', async ({
  host,
  desktop,
}) => {
  test.setTimeout(240_000);
  const { window } = desktop;
  const inGuest = (command: string) => guestShell(host.libvirtd, MACHINE, command);
  await desktop.resize(1280, 800);
  const snapshots = new SnapshotsTab(window);
  await snapshots.open(MACHINE);
  await expect(window.getByText('No snapshots yet')).toBeVisible();
  await inspect(desktop, window, 'snapshots-none');

  await inGuest('touch /tmp/before');
  const taking = await snapshots.take();
  await taking.getByRole('textbox', { name: 'Name' }).fill('Before the update');
  await taking.getByRole('textbox', { name: 'Description' }).fill('Everything works.\nKernel 6.1.');
  await inspect(desktop, window, 'snapshots-take');
  await taking.getByRole('button', { name: 'Take snapshot' }).click();
  await expect(snapshots.row('Before the update')).toBeVisible(LONG);
  await snapshots.row('Before the update').click();
  await expect(snapshots.details.getByRole('img', { name: 'The screen at' })).toBeVisible(LONG);
  await expect(snapshots.details).toContainText('goes on from here');
  await inspect(desktop, window, 'snapshots-one');

  await inGuest('touch /tmp/after');
  const reverting = await snapshots.act('Before the update', 'Revert…');
  await inspect(desktop, window, 'snapshots-revert');
  await reverting.getByRole('textbox', { name: 'Name' }).fill('After the update');
  await reverting.getByRole('button', { name: 'Go back' }).click();
  await expect(snapshots.row('After the update')).toBeVisible(LONG);
  await expect(snapshots.details).not.toContainText('Reverting', LONG);
  const files = await inGuest('ls /tmp');
  expect([files.includes('before'), files.includes('after')]).toEqual([true, false]);

  // The keyboard walks the tree from the first one to the present.
  await snapshots.row('Before the update').click();
  await window.keyboard.press('ArrowDown');
  await expect(snapshots.row('After the update')).toHaveAttribute('aria-selected', 'true');
  await inspect(desktop, window, 'snapshots-tree');
  await desktop.resize(1920, 1080);
  await inspect(desktop, window, 'snapshots-tree-wide');
  await desktop.resize(1280, 800);

  const describing = await snapshots.act('After the update', 'Describe…');
  await describing.getByRole('textbox', { name: 'Description' }).fill('Broken: no network.');
  await describing.getByRole('button', { name: 'Save' }).click();
  await expect(snapshots.details).toContainText('Broken: no network.');

  await host.libvirtd.virsh('snapshot-delete', MACHINE, 'After the update', '--metadata');
  await expect(snapshots.row('After the update')).toHaveCount(0, LONG);
  await host.libvirtd.virsh('snapshot-create-as', MACHINE, 'by virsh');
  await expect(snapshots.row('by virsh')).toBeVisible(LONG);
  const deleting = await snapshots.act('Before the update', 'Delete', 'With the 1 snapshot taken on it');
  await expect(deleting).toContainText('by virsh');
  await inspect(desktop, window, 'snapshots-delete');
  await deleting.getByRole('button', { name: 'Delete' }).click();
  await expect(window.getByText('No snapshots yet')).toBeVisible(LONG);
  expect(await inGuest('echo alive')).toBe('alive');
});

test('a machine that cannot have any says why', async ({ host, desktop }) => {
  await host.define('diskless', (xml) => xml.replace(/<disk type='file' device='disk'>[\s\S]*?<\/disk>/, ''));
  const snapshots = new SnapshotsTab(desktop.window);
  await snapshots.open('diskless');
  await expect(desktop.window.getByText('The machine has no disk it can write to.')).toBeVisible();
  await inspect(desktop, desktop.window, 'snapshots-impossible');
});
