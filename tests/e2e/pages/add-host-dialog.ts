import type { Locator, Page } from '@playwright/test';

/** Adding a host by address, with the fingerprint to compare, or by a pairing link. */
export class AddHostDialog {
  readonly page: Page;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole('dialog', { name: /Add host|Is this the right host/ });
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation').getByText('Add host').click();
    await this.dialog.waitFor();
  }

  async enter(addressOrLink: string): Promise<void> {
    await this.dialog.getByLabel('Pairing link or address').fill(addressOrLink);
    await this.dialog.getByRole('button', { name: /^(Continue|Pair)$/ }).click();
  }

  /** What the dialog shows to be compared, as one string of 32 pairs. */
  async fingerprint(): Promise<string> {
    await this.dialog.getByText('Is this the right host?').waitFor();
    return (await this.dialog.getByRole('figure').getByRole('img').getAttribute('aria-label')) ?? '';
  }

  async trust(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'The fingerprints match: add' }).click();
  }
}

/** The sign-in form of one host. */
export class SignInForm {
  readonly page: Page;
  readonly submit: Locator;

  constructor(page: Page) {
    this.page = page;
    this.submit = page.getByRole('button', { name: 'Sign in', exact: true });
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.page.getByLabel('User name').fill(username);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.submit.click();
  }
}
