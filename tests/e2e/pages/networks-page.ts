import type { Locator, Page } from '@playwright/test';

/** The networks of all hosts, and the page of one. */
export class NetworksPage {
  readonly page: Page;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog');
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation').getByText('Networks').click();
    await this.page.getByRole('heading', { name: /^Networks/ }).waitFor();
  }

  row(name: string): Locator {
    return this.page.locator(`[data-network="${name}"]`);
  }

  async openNetwork(name: string): Promise<void> {
    await this.row(name).getByRole('link', { name }).click();
    await this.page.getByRole('heading', { name, level: 1 }).waitFor();
  }

  panel(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true });
  }

  field(name: string): Locator {
    return this.dialog.getByRole('textbox', { name });
  }

  async act(name: string, action: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions of ${name}` }).click();
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }
}
