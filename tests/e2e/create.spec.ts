import { AddHostDialog, SignInForm } from './pages/add-host-dialog.ts';
import { CreatePage } from './pages/create-page.ts';
import { MachinesPage } from './pages/machines-page.ts';
import { Backstage, SMALL_INSTALLER, SMALL_SYSTEM, stockedLibrary } from './support/backstage.ts';
import { Desktop } from './support/desktop.ts';
import { expect, test } from './support/test.ts';

const MIB = 2 ** 20;

/** A guest that is emulated on a busy computer takes its time. */
const MADE = { timeout: 60_000 };

test('a cloud image becomes a running machine whose console opens from the notice', async ({
  world,
  desktop,
}) => {
  await using backstage = await Backstage.enter(world);
  await using _library = await stockedLibrary(world, backstage);
  const { window } = desktop;
  const machines = new MachinesPage(window);
  const page = new CreatePage(window);
  try {
    await page.open();
    await page.from('Cloud image', SMALL_SYSTEM);
    await expect(page.field('Name')).toHaveValue('linux-1');
    await expect(page.form.getByText(/nobody could sign in/)).toBeVisible();
    await page.form.getByRole('button', { name: 'Generate' }).click();
    await expect(page.form.getByText(/nobody could sign in/)).toBeHidden();
    await page.useBios();
    await page.size('Memory', 256);
    await page.field('Name').fill('cloud-1');
    // From now on: the row is there only for as long as the job takes.
    const made = machines.making('cloud-1').waitFor({ state: 'attached' });
    await page.field('Name').press('Control+Enter');
    await made;
    await expect(machines.rowIn('cloud-1', 'Running')).toBeVisible(MADE);
    const notice = window.getByRole('alert').filter({ hasText: 'Created cloud-1' });
    await desktop.windowAt('#/console/', () => notice.getByRole('button', { name: 'Console' }).click());
  } finally {
    await backstage.removeMachines('cloud-1');
  }
});

test('an ISO boots into its installer, and the row says so', async ({ world, desktop }) => {
  await using backstage = await Backstage.enter(world);
  await using _library = await stockedLibrary(world, backstage);
  const machines = new MachinesPage(desktop.window);
  const page = new CreatePage(desktop.window);
  try {
    await page.open();
    await page.from('From ISO', SMALL_INSTALLER);
    await page.useBios();
    await page.size('Memory', 256);
    await page.size('Disk', 256);
    await page.field('Name').fill('fresh-1');
    await page.create.click();
    await expect(machines.rowIn('fresh-1', 'Running')).toContainText('Installing', MADE);
  } finally {
    await backstage.removeMachines('fresh-1');
  }
});

test('three at once say their names first, and a name that is taken is refused as typed', async ({
  world,
  desktop,
}) => {
  await using backstage = await Backstage.enter(world);
  const { window } = desktop;
  const machines = new MachinesPage(window);
  const page = new CreatePage(window);
  try {
    await page.open();
    await page.from('Empty');
    await page.size('Memory', 64);
    await page.size('Disk', 64);
    await page.leaveOff();
    await page.field('Name').fill('../etc');
    await expect(page.form.getByText(/^Letters, digits, spaces/)).toBeVisible();
    await page.field('Name').fill('web-1');
    await expect(page.form.getByText('Already in use on this host: web-1')).toBeVisible();
    await page.create.click();
    await expect(page.field('Name')).toBeFocused();
    await page.field('How many').fill('3');
    await expect(page.field('Name')).toHaveValue('web-{n}');
    await page.field('First number').fill('7');
    await expect(page.form.getByText('web-7, web-8, web-9').first()).toBeVisible();
    await expect(page.create).toHaveText('Create 3');
    await page.field('First number').press('Enter');
    for (const name of ['web-7', 'web-8', 'web-9']) {
      await expect(machines.rowIn(name, 'Off')).toBeVisible(MADE);
    }
    await expect(window.getByText('Created web-7, web-8, web-9')).toBeVisible();
  } finally {
    await backstage.removeMachines('web-7', 'web-8', 'web-9');
  }
});

test('what is typed is not lost by Escape without being asked', async ({ desktop }) => {
  const { window } = desktop;
  const page = new CreatePage(window);
  await page.open();
  await page.field('Name').press('Escape');
  await expect(page.form).toBeHidden();
  await page.open();
  await page.field('Name').fill('precious');
  await page.field('Name').press('Escape');
  await window.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.field('Name')).toHaveValue('precious');
  await page.field('Name').press('Escape');
  await window.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await expect(page.form).toBeHidden();
});

test('a quota is shown before it is in the way, and explains what it stops', async ({ world }) => {
  await using backstage = await Backstage.enter(world);
  const { api } = backstage.session;
  const user = await api.users.create({ username: 'limited', password: 'correct horse battery' });
  const limits = { machines: 1, vcpus: 2, memoryBytes: 512 * MIB, diskBytes: 1024 * MIB };
  await api.quotas.set({ userId: user.id, limits });
  await using desktop = await Desktop.launch();
  const { window } = desktop;
  const dialog = new AddHostDialog(window);
  await dialog.open();
  await dialog.enter(world.host.address);
  await dialog.fingerprint();
  await dialog.trust();
  await new SignInForm(window).signIn('limited', 'correct horse battery');

  const page = new CreatePage(window);
  await expect(window.getByRole('navigation').getByText('alpha')).toBeVisible();
  try {
    await page.open();
    await page.from('Empty');
    const quota = page.form.getByRole('region', { name: 'Your quota' });
    await expect(quota.getByText('2 GiB of 512 MiB: too much')).toBeVisible();
    await expect(page.form.getByText('More than is left of your quota.')).toBeVisible();
    await expect(page.create).toBeDisabled();
    await page.size('Memory', 64);
    await page.size('Disk', 64);
    await expect(page.create).toBeEnabled();
    await page.leaveOff();
    await page.field('Name').fill('mine-1');
    await page.create.click();
    await expect(new MachinesPage(window).rowIn('mine-1', 'Off')).toBeVisible(MADE);
    await page.open();
    await expect(quota.getByText('2 of 1: too much')).toBeVisible();
    await expect(page.create).toBeDisabled();
  } finally {
    await backstage.removeMachines('mine-1');
  }
});
