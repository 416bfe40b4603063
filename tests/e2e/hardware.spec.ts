import { join } from 'node:path';
import { guestShows } from '../fixtures/guest-shell.ts';
import { run } from '../fixtures/run.ts';
import { HardwareTab } from './pages/hardware-tab.ts';
import { expect, MACHINE, test } from './support/hardware-test.ts';

test.beforeEach(() => test.setTimeout(180_000));

test('more memory waits for the next boot, and can be taken back', async ({ host, desktop }) => {
  const hardware = new HardwareTab(desktop.window);
  await hardware.open(MACHINE);
  const form = await hardware.choose('Memory');
  const maximum = form.getByRole('textbox', { name: 'Maximum memory' });
  await maximum.fill('512');
  await expect(hardware.line('Memory')).toContainText('needs a restart');
  await expect(hardware.applyNow).toBeDisabled();
  await expect(hardware.bar).toContainText('None of this can change while the machine runs.');

  await hardware.atNextBoot.click();
  await expect(hardware.line('maximum memory 256 MiB → 512 MiB')).toContainText('at next boot');
  await expect(hardware.device('Memory')).toContainText('next boot');
  expect(await host.libvirtd.virsh('dumpxml', '--inactive', MACHINE)).toContain(
    "<memory unit='KiB'>524288</memory>",
  );
  expect(await host.libvirtd.virsh('dumpxml', MACHINE)).toContain("<memory unit='KiB'>262144</memory>");

  await form.getByRole('button', { name: 'Keep it as it is now' }).click();
  await hardware.atNextBoot.click();
  await expect(hardware.device('Memory')).not.toContainText('next boot');
  expect(await host.libvirtd.virsh('dumpxml', '--inactive', MACHINE)).toContain(
    "<memory unit='KiB'>262144</memory>",
  );
});

test('a disk is plugged into the running guest, and leaves it with its file', async ({ host, desktop }) => {
  const hardware = new HardwareTab(desktop.window);
  await hardware.open(MACHINE);
  const dialog = await hardware.add('Disk');
  await dialog.getByRole('combobox', { name: 'Unit of Size' }).selectOption('MiB');
  await dialog.getByRole('textbox', { name: 'Size' }).fill('48');
  await dialog.getByRole('button', { name: 'Add to the changes' }).click();
  await expect(hardware.line('New disk')).toContainText('empty, 48 MiB, virtio');
  await hardware.applyNow.click();
  await expect(hardware.line('New disk')).toContainText('done', { timeout: 30_000 });
  const size = 'cat /sys/block/vdb/size 2>/dev/null || echo none';
  const inGuest = (matches: (output: string) => boolean) =>
    guestShows(host.libvirtd, MACHINE, { command: size, matches });
  await inGuest((output) => Number(output) * 512 === 48 * 2 ** 20);

  const form = await hardware.choose('Disk vdb');
  await form.getByRole('button', { name: 'Detach…' }).click();
  const question = desktop.window.getByRole('dialog', { name: `Detach vdb from ${MACHINE}` });
  await question.getByRole('radio', { name: 'Delete the file' }).check();
  await question.getByRole('button', { name: 'Detach and delete' }).click();
  await expect(hardware.device('Disk vdb')).toContainText('remove');
  await hardware.applyNow.click();
  await expect(hardware.device('Disk vdb')).toHaveCount(0, { timeout: 30_000 });
  await inGuest((output) => output === 'none');
});

test('a medium put in by virsh shows at once, and is ejected', async ({ host, desktop }) => {
  const iso = join(host.libvirtd.imagesDir, 'medium.iso');
  await run('truncate', ['-s', '1M', iso]);
  const hardware = new HardwareTab(desktop.window);
  await hardware.open(MACHINE);
  const form = await hardware.choose('Drive sda');
  await host.libvirtd.virsh('change-media', MACHINE, 'sda', iso, '--insert', '--live', '--config');
  await expect(form).toContainText('medium.iso');
  await form.getByRole('button', { name: 'Eject' }).click();
  await expect(hardware.line('is ejected')).toContainText('now');
  await hardware.applyNow.click();
  await expect(hardware.line('is ejected')).toContainText('done', { timeout: 30_000 });
  await expect(hardware.device('Drive sda')).toContainText('empty');
  const live = await host.libvirtd.virsh('domblklist', MACHINE);
  expect(live).not.toContain('medium.iso');
});

test('what somebody else changed meanwhile is shown, never overwritten, and the draft stays', async ({
  host,
  desktop,
}) => {
  const hardware = new HardwareTab(desktop.window);
  await hardware.open(MACHINE);
  const form = await hardware.choose('Processors');
  await form.getByRole('textbox', { name: 'vCPU', exact: true }).fill('2');
  await expect(hardware.line('Processors')).toContainText('vCPU 1 → 2');

  await host.libvirtd.virsh('setmaxmem', MACHINE, '300M', '--config');
  const notice = hardware.bar.getByRole('alert');
  await expect(notice).toContainText('Somebody else changed this machine meanwhile');
  await expect(notice).toContainText('maximum memory 256 MiB → 300 MiB');
  await expect(hardware.applyNow).toBeDisabled();

  await notice.getByRole('button', { name: 'Go on with my changes' }).click();
  await hardware.applyNow.click();
  await expect(hardware.line('vCPU 1 → 2')).toContainText('done', { timeout: 30_000 });
  await guestShows(host.libvirtd, MACHINE, { command: 'nproc', matches: (output) => output === '2' });
  expect(await host.libvirtd.virsh('dumpxml', '--inactive', MACHINE)).toContain(
    "<memory unit='KiB'>307200</memory>",
  );
  await host.libvirtd.virsh('setmaxmem', MACHINE, '256M', '--config');
});

test('a disk is converted while its machine runs', async ({ host, desktop }) => {
  const hardware = new HardwareTab(desktop.window);
  await hardware.open(MACHINE);
  const form = await hardware.choose('Disk vda');
  await expect(form.getByText('qcow2', { exact: true })).toBeVisible();
  await form.getByRole('button', { name: 'Move or convert' }).click();
  const dialog = desktop.window.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Format' }).click();
  await desktop.window.getByRole('option', { name: 'raw' }).click();
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await expect(form.getByText('raw', { exact: true })).toBeVisible({ timeout: 60_000 });
  expect(await host.libvirtd.virsh('dumpxml', '--inactive', MACHINE)).toContain("type='raw'");
});
