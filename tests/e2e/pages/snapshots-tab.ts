import type { Locator, Page } from '@playwright/test';
import { MachinesPage } from './machines-page.ts';

/** The Snapshots tab of a machine's page. */
export class SnapshotsTab {
  readonly page: Page;
  readonly tree: Locator;
  /** What is said of the chosen one. */
  readonly details: Locator;

  constructor(page: Page) {
    this.page = page;
    this.tree = page.getByRole('tablist', { name: 'Snapshots, oldest first' });
    this.details = page.getByRole('tabpanel').getByRole('tabpanel');
  }

  async open(machine: string): Promise<void> {
    const machines = new MachinesPage(this.page);
    await machines.open();
    await machines.row(machine).getByText(machine).dblclick();
    await this.page.getByRole('tab', { name: 'Snapshots' }).click();
  }

  row(name: string): Locator {
    return this.tree.getByRole('tab', { name });
  }

  /** The dialog that takes one, open. */
  async take(): Promise<Locator> {
    await this.page.getByRole('button', { name: 'Take snapshot…' }).first().click();
    return this.#dialog();
  }

  /** Choose a snapshot, and open the dialog behind one of its buttons. */
  async act(name: string, button: string, item?: string): Promise<Locator> {
    await this.row(name).click();
    await this.details.getByRole('button', { name: button }).click();
    if (item !== undefined) await this.page.getByRole('menuitem', { name: item }).click();
    return this.#dialog();
  }

  async #dialog(): Promise<Locator> {
    const dialog = this.page.getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  }
}
