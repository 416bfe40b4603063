import type { Locator, Page } from '@playwright/test';

/** Machines that were deleted and can still be had back. */
export class TrashPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation').getByText('Trash').click();
    await this.page
      .getByRole('heading', { name: /^(Trash|The trash is empty)/ })
      .first()
      .waitFor();
  }

  row(name: string): Locator {
    return this.page.locator(`[data-trashed="${name}"]`);
  }

  /** Delete for good, typing the name as it asks. */
  async purge(name: string): Promise<void> {
    await this.page.getByRole('button', { name: `Delete for good: ${name}` }).click();
    const dialog = this.page.getByRole('dialog', { name: `Delete ${name} for good?` });
    await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await dialog.waitFor({ state: 'hidden' });
  }
}
