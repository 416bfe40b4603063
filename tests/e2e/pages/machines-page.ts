import type { Locator, Page } from '@playwright/test';

/** The table of machines in the main window. */
export class MachinesPage {
  readonly page: Page;
  readonly table: Locator;
  readonly filter: Locator;
  /** The status line: how fresh what is shown is, host by host. */
  readonly freshness: Locator;

  constructor(page: Page) {
    this.page = page;
    this.table = page.getByRole('grid', { name: 'Machines' });
    this.filter = page.getByRole('combobox', { name: 'Filter machines' });
    this.freshness = page.getByLabel('Freshness');
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation').getByText('All machines').click();
    await this.table.waitFor();
  }

  row(name: string): Locator {
    return this.table.locator(`[data-machine="${name}"]`);
  }

  /** The row of a machine once it says this state. */
  rowIn(name: string, state: string): Locator {
    return this.row(name).filter({ hasText: state });
  }

  /** The row of a machine that is being made, and not there yet. */
  making(name: string): Locator {
    return this.table.locator(`[data-being-made="${name}"]`);
  }

  /** Choose an action from the context menu of a row. */
  async act(name: string, action: string): Promise<void> {
    await this.row(name).click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: action, exact: true }).click();
  }

  async select(...names: string[]): Promise<void> {
    for (const name of names)
      await this.page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check();
  }
}
