import type { Locator, Page } from '@playwright/test';

/** New machine. */
export class CreatePage {
  readonly page: Page;
  readonly form: Locator;
  readonly create: Locator;

  constructor(page: Page) {
    this.page = page;
    this.form = page.getByRole('form', { name: 'New machine' });
    this.create = this.form.getByRole('button', { name: /^Create/ });
  }

  /** By its shortcut; resolves once the host has said what it can make. */
  async open(): Promise<void> {
    await this.page.keyboard.press('Control+n');
    await this.form.getByText(/^Capacity of/).waitFor();
  }

  /** Choose where the disk comes from, and the image there. */
  async from(tab: 'From ISO' | 'Cloud image' | 'Template' | 'Existing disk' | 'Empty', image?: string) {
    await this.form.getByRole('tab', { name: tab }).click();
    if (image !== undefined) await this.form.getByRole('radio', { name: image, exact: true }).click();
  }

  /** By its role too: the slider beside a number has the same name. */
  field(label: string): Locator {
    return this.form.getByRole('textbox', { name: label, exact: true });
  }

  /** The exact size, beside its slider. */
  async size(label: 'Memory' | 'Disk', mebibytes: number): Promise<void> {
    await this.form.getByLabel(`Unit of ${label}`).selectOption('MiB');
    await this.field(label).fill(String(mebibytes));
  }

  /** Make it, but do not start it. */
  async leaveOff(): Promise<void> {
    await this.form.getByRole('switch', { name: 'Start after creation' }).uncheck();
  }

  /** What the test guests boot by. */
  async useBios(): Promise<void> {
    await this.form.getByRole('button', { name: 'Show hardware and labels' }).click();
    await this.form.getByRole('combobox', { name: 'Firmware' }).click();
    await this.page.getByRole('option', { name: 'BIOS' }).click();
  }
}
