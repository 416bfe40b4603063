import { MachinesPage } from './pages/machines-page.ts';
import { emptyMachineXml, expect, test } from './support/test.ts';

/** What the desktop promises for changes made behind its back. */
const WITHIN_A_SECOND = { timeout: 1_000 };

test('what virsh does shows within a second, without a reload', async ({ world, desktop }) => {
  const { libvirtd } = world;
  const machines = new MachinesPage(desktop.window);
  await expect(machines.rowIn('web-1', 'Running')).toBeVisible();

  await libvirtd.define(emptyMachineXml('lab-1'));
  await expect(machines.rowIn('lab-1', 'Off')).toBeVisible(WITHIN_A_SECOND);
  await libvirtd.virsh('start', 'lab-1');
  await expect(machines.rowIn('lab-1', 'Running')).toBeVisible(WITHIN_A_SECOND);
  await libvirtd.virsh('suspend', 'lab-1');
  await expect(machines.rowIn('lab-1', 'Paused')).toBeVisible(WITHIN_A_SECOND);
  await libvirtd.virsh('destroy', 'lab-1');
  await expect(machines.rowIn('lab-1', 'Off')).toBeVisible(WITHIN_A_SECOND);
  await libvirtd.virsh('undefine', 'lab-1');
  await expect(machines.row('lab-1')).toHaveCount(0, WITHIN_A_SECOND);
});

test('a machine is started, paused, resumed and forced off from its row', async ({ world, desktop }) => {
  const { libvirtd } = world;
  await libvirtd.define(emptyMachineXml('lab-2'));
  try {
    const machines = new MachinesPage(desktop.window);
    await expect(machines.rowIn('lab-2', 'Off')).toBeVisible();
    await machines.act('lab-2', 'Start');
    await expect(machines.rowIn('lab-2', 'Running')).toBeVisible();
    expect(await libvirtd.virsh('domstate', 'lab-2')).toBe('running');
    await machines.act('lab-2', 'Pause');
    await expect(machines.rowIn('lab-2', 'Paused')).toBeVisible();
    await machines.act('lab-2', 'Resume');
    await expect(machines.rowIn('lab-2', 'Running')).toBeVisible();
    await machines.act('lab-2', 'Force off');
    await desktop.window.getByRole('dialog').getByRole('button', { name: 'Force off' }).click();
    await expect(machines.rowIn('lab-2', 'Off')).toBeVisible();
    await expect.poll(() => libvirtd.virsh('domstate', 'lab-2')).toBe('shut off');
  } finally {
    await libvirtd.virsh('destroy', 'lab-2').catch(() => undefined);
    await libvirtd.virsh('undefine', 'lab-2');
  }
});

test('filter terms narrow the table and can be cleared', async ({ world, desktop }) => {
  const names = ['db-1', 'db-2', 'mail-1'];
  for (const name of names) await world.libvirtd.define(emptyMachineXml(name));
  try {
    const machines = new MachinesPage(desktop.window);
    await expect(machines.row('mail-1')).toBeVisible();
    await machines.page.keyboard.press('/');
    await expect(machines.filter).toBeFocused();
    await machines.page.keyboard.type('state:off db');
    await expect(machines.row('db-1')).toBeVisible();
    await expect(machines.row('mail-1')).toHaveCount(0);
    await expect(machines.row('web-1')).toHaveCount(0);
    await machines.filter.fill('no such machine');
    await expect(machines.page.getByText('No machine matches')).toBeVisible();
    await machines.page.getByRole('button', { name: 'Clear filter' }).first().click();
    await expect(machines.row('web-1')).toBeVisible();
  } finally {
    for (const name of names) await world.libvirtd.virsh('undefine', name);
  }
});

test('a bulk start says what it will skip, and why, before it acts', async ({ world, desktop }) => {
  const names = ['bulk-1', 'bulk-2'];
  for (const name of names) await world.libvirtd.define(emptyMachineXml(name));
  try {
    const machines = new MachinesPage(desktop.window);
    await expect(machines.row('bulk-2')).toBeVisible();
    await machines.select(...names, 'web-1');
    await desktop.window
      .getByRole('toolbar', { name: 'Selected machines' })
      .getByRole('button', { name: 'Start' })
      .click();
    const dialog = desktop.window.getByRole('dialog');
    await expect(dialog.getByText(/^Skipped/)).toBeVisible();
    await expect(dialog).toContainText(/is running/i);
    await dialog.getByRole('button', { name: 'Start 2 machines' }).click();
    await expect(dialog).toContainText('2 of 2 done');
    for (const name of names) await expect(machines.rowIn(name, 'Running')).toHaveCount(1);
  } finally {
    for (const name of names) {
      await world.libvirtd.virsh('destroy', name).catch(() => undefined);
      await world.libvirtd.virsh('undefine', name);
    }
  }
});
