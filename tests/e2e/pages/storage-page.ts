import type { Locator, Page } from '@playwright/test';

/** The storage of a host: its pools, and one of them with its volumes. */
export class StoragePage {
  readonly page: Page;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog');
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation').getByText('Storage').click();
    await this.page.getByRole('heading', { name: 'Storage' }).waitFor();
  }

  async openPool(name: string): Promise<void> {
    await this.open();
    await this.pool(name).getByRole('link', { name }).click();
    await this.page.getByRole('heading', { name, exact: true }).waitFor();
  }

  pool(name: string): Locator {
    return this.page.locator(`[data-pool="${name}"]`);
  }

  volume(name: string): Locator {
    return this.page.locator(`[data-volume="${name}"]`);
  }

  async openMenu(name: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions of ${name}` }).click();
  }

  async act(name: string, action: string): Promise<void> {
    await this.openMenu(name);
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }
}
