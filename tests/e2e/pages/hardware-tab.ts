import type { Locator, Page } from '@playwright/test';
import { MachinesPage } from './machines-page.ts';

/** The Hardware tab of a machine's page. */
export class HardwareTab {
  readonly page: Page;
  readonly devices: Locator;
  readonly form: Locator;
  /** What is pending, what can be done with it, and what became of the last try. */
  readonly bar: Locator;
  readonly applyNow: Locator;
  readonly atNextBoot: Locator;

  constructor(page: Page) {
    this.page = page;
    this.devices = page.getByRole('tablist', { name: 'Devices' });
    this.form = page.getByRole('tabpanel').getByRole('tabpanel');
    this.bar = page.getByRole('region', { name: 'Pending changes' });
    this.applyNow = this.bar.getByRole('button', { name: 'Apply now' });
    this.atNextBoot = this.bar.getByRole('button', { name: 'At next boot' });
  }

  async open(machine: string): Promise<void> {
    const machines = new MachinesPage(this.page);
    await machines.open();
    await machines.row(machine).getByText(machine).dblclick();
    await this.page.getByRole('tab', { name: 'Hardware' }).click();
    await this.devices.waitFor();
  }

  /** By its name in the list, e.g. `Disk vda`. */
  device(name: string): Locator {
    return this.devices.getByRole('tab', { name });
  }

  /** Choose a device and return its form. */
  async choose(name: string): Promise<Locator> {
    await this.device(name).click();
    return this.form;
  }

  async add(what: 'Disk' | 'CD/DVD drive' | 'Network card'): Promise<Locator> {
    await this.page.getByRole('button', { name: 'Add…' }).click();
    await this.page.getByRole('menuitem', { name: what }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  }

  /** A line of the bar: a pending change, or what became of it. */
  line(text: string): Locator {
    return this.bar.getByRole('listitem').filter({ hasText: text });
  }
}
