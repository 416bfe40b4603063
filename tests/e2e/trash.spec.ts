import { MachinesPage } from './pages/machines-page.ts';
import { TrashPage } from './pages/trash-page.ts';
import { Backstage } from './support/backstage.ts';
import { expect, test } from './support/test.ts';

test('a machine is cloned, thrown away, taken back twice, and deleted for good', async ({
  world,
  desktop,
}) => {
  await using backstage = await Backstage.enter(world);
  const { window } = desktop;
  const machines = new MachinesPage(window);
  const trash = new TrashPage(window);
  try {
    await backstage.makeMachine('old');
    await expect(machines.rowIn('old', 'Off')).toBeVisible();
    await machines.act('old', 'Clone…');
    const dialog = window.getByRole('dialog', { name: 'Clone old' });
    await expect(dialog.getByLabel('Name')).toHaveValue('old-2');
    await dialog.getByRole('button', { name: 'Clone' }).click();
    await expect(machines.rowIn('old-2', 'Off')).toBeVisible({ timeout: 30_000 });

    await machines.act('old-2', 'Move to trash');
    await expect(machines.row('old-2')).toHaveCount(0);
    await window.getByRole('button', { name: 'Undo' }).click();
    await expect(machines.rowIn('old-2', 'Off')).toBeVisible();

    await machines.act('old-2', 'Move to trash');
    await trash.open();
    await expect(trash.row('old-2')).toContainText('in 7 days');
    await window.getByRole('button', { name: 'Restore old-2' }).click();
    await expect(window.getByText('The trash is empty')).toBeVisible();

    await machines.open();
    await machines.act('old-2', 'Move to trash');
    await expect(machines.row('old-2')).toHaveCount(0);
    // Its name is free meanwhile; coming back, the machine needs another.
    await backstage.makeMachine('old-2');
    await trash.open();
    await window.getByRole('button', { name: 'Restore old-2' }).click();
    const restore = window.getByRole('dialog', { name: 'Restore old-2' });
    await expect(restore.getByLabel('Name')).toHaveValue('old-2-restored');
    await restore.getByRole('button', { name: 'Cancel' }).click();
    await trash.purge('old-2');
    await expect(window.getByText('The trash is empty')).toBeVisible({ timeout: 30_000 });
    const names = await world.libvirtd.virsh('list', '--all', '--name');
    expect(
      names
        .split('\n')
        .filter((name) => name.startsWith('old'))
        .sort(),
    ).toEqual(['old', 'old-2']);
  } finally {
    await backstage.removeMachines('old', 'old-2', 'old-2-restored');
  }
});
