import type { Locator, Page } from '@playwright/test';

/** The libraries of all hosts. */
export class ImagesPage {
  readonly page: Page;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog');
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation').getByText('Images').click();
    await this.page.getByRole('heading', { name: /^Images/ }).waitFor();
  }

  row(name: string): Locator {
    return this.page.locator(`[data-image="${name}"]`);
  }

  /** On its way into a library. */
  arrival(name: string): Locator {
    return this.page.locator(`[data-arrival="${name}"]`);
  }

  async add(way: 'Upload…' | 'Fetch from URL…' | 'Scan directories…'): Promise<void> {
    await this.page.getByRole('button', { name: 'Add', exact: true }).click();
    await this.page.getByRole('menuitem', { name: way }).click();
    await this.dialog.waitFor();
  }

  /** Have the host fetch an image, which must have this SHA-256. */
  async fetch(url: string, digest: string): Promise<void> {
    await this.add('Fetch from URL…');
    await this.dialog.getByLabel('Address').fill(url);
    await this.dialog.getByText('SHA-256 / SHA-512').click();
    await this.dialog.getByLabel('Digest').fill(digest);
    await this.dialog.getByRole('button', { name: 'Fetch' }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  async openMenu(name: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions of ${name}` }).click();
  }

  async act(name: string, action: string): Promise<void> {
    await this.openMenu(name);
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }
}
