// @vitest-environment jsdom
import { LimenError } from '@limen/contract';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { answerCalls, show } from '../../test/dom.tsx';
import { aLink } from '../../test/records.ts';
import { SignInForm } from './SignInForm.tsx';

const link = aLink({ state: 'needs-sign-in' });

async function attempt(error?: LimenError): Promise<unknown[]> {
  const inputs: unknown[] = [];
  answerCalls({
    'links.signIn': (input) => {
      inputs.push(input);
      return error ? { ok: false, error: error.toJSON() } : { ok: true, value: {} };
    },
  });
  await show(<SignInForm link={link} />);
  fireEvent.change(screen.getByLabelText('User name'), { target: { value: ' ann ' } });
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'correct horse' } });
  fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  return inputs;
}

afterEach(cleanup);

describe('sign-in form', () => {
  it('hands the main process what was typed', async () => {
    const inputs = await attempt();
    expect(inputs).toEqual([{ linkId: link.id, username: 'ann', password: 'correct horse', remember: true }]);
  });

  it('asks for both fields before it asks the host', async () => {
    answerCalls({});
    await show(<SignInForm link={aLink({ state: 'needs-sign-in' })} />);
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('Required')).toBeTruthy();
  });

  it('says that the password is wrong, and forgets it', async () => {
    await attempt(new LimenError('UNAUTHENTICATED', { reason: 'wrong-credentials' }));
    expect((await screen.findByRole('alert')).textContent).toBe('User name or password is wrong.');
    expect(screen.getByLabelText<HTMLInputElement>('Password').value).toBe('');
  });

  it('counts down when there were too many attempts', async () => {
    await attempt(new LimenError('RATE_LIMITED', { retryAfterSeconds: 30 }));
    expect((await screen.findByRole('alert')).textContent).toMatch(/Try again in (30|29) s/);
  });

  it('explains any other failure and offers its details', async () => {
    await attempt(new LimenError('DATABASE_UNAVAILABLE', {}));
    expect((await screen.findByRole('alert')).textContent).toContain('no connection to its database');
    expect(screen.getByRole('button', { name: 'Details' })).toBeTruthy();
  });
});
