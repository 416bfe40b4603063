import { CreatePage } from './pages/create-page.ts';
import { ImagesPage } from './pages/images-page.ts';
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

test('a template is made from a machine, and a linked machine from the template', async ({
  world,
  desktop,
}) => {
  await using backstage = await Backstage.enter(world);
  const { window } = desktop;
  const machines = new MachinesPage(window);
  const images = new ImagesPage(window);
  const page = new CreatePage(window);
  try {
    await backstage.makeMachine('golden');
    await expect(machines.rowIn('golden', 'Off')).toBeVisible();
    await machines.act('golden', 'Make template…');
    const dialog = window.getByRole('dialog', { name: 'Make a template from golden' });
    await dialog.getByLabel('Name').fill('gold/1');
    await expect(dialog.getByText('1 to 128 characters, without slashes.')).toBeVisible();
    await dialog.getByLabel('Name').fill('gold-1');
    // There is no system on its disk.
    await dialog.getByRole('switch', { name: /^Generalise/ }).uncheck();
    await dialog.getByRole('button', { name: 'Make template' }).click();
    await expect(window.getByText('Template gold-1 is ready')).toBeVisible({ timeout: 30_000 });

    await page.open();
    await page.from('Template', 'gold-1');
    await page.useBios();
    await page.leaveOff();
    await page.size('Memory', 64);
    await page.field('Name').fill('copy-1');
    await page.create.click();
    await expect(machines.rowIn('copy-1', 'Off')).toBeVisible({ timeout: 30_000 });
    await images.open();
    await expect(images.row('gold-1')).toContainText('copy-1');
  } finally {
    await backstage.removeMachines('copy-1', 'golden');
    await backstage.removeImages('gold-1');
  }
});
