// @vitest-environment jsdom
import { LimenError } from '@limen/contract';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerCalls, show } from '../../test/dom.tsx';
import { aLink } from '../../test/records.ts';
import { aJob } from '../../test/work-records.ts';
import { ImportDialog } from './ImportDialog.tsx';

const link = aLink();
const digest = 'AB'.repeat(32);

interface RpcCall {
  readonly path: readonly string[];
  readonly input: unknown;
}

async function open(error?: LimenError) {
  const calls: RpcCall[] = [];
  answerCalls({
    'rpc.call': (input) => {
      const call = input as RpcCall;
      if (call.path.join('.') === 'images.presets') return { ok: true, value: [] };
      calls.push(call);
      return error ? { ok: false, error: error.toJSON() } : { ok: true, value: aJob() };
    },
  });
  const onClose = vi.fn();
  await show(<ImportDialog links={[link]} onClose={onClose} />);
  return { calls, onClose };
}

function type(label: string, value: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

const fetchIt = (): void => void fireEvent.click(screen.getByText('Fetch'));

afterEach(cleanup);

// A modal takes jsdom a second on a calm machine, and many on a busy one.
describe('import dialog', { timeout: 60_000 }, () => {
  it('takes a name from the address until somebody types one', async () => {
    await open();
    const name = screen.getByLabelText<HTMLInputElement>('Name');
    type('Address', 'https://images.example/debian-12.qcow2');
    expect(name.value).toBe('debian-12');
    type('Name', 'Debian');
    type('Address', 'https://images.example/debian-13.qcow2');
    expect(name.value).toBe('Debian');
  });

  it('has the host fetch it, with what it must be', async () => {
    const { calls, onClose } = await open();
    type('Address', ' https://images.example/debian-12.qcow2 ');
    fireEvent.click(screen.getByLabelText('SHA-256 / SHA-512'));
    type('Digest', ` ${digest} `);
    fetchIt();
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
    expect(calls).toEqual([
      expect.objectContaining({
        path: ['images', 'importUrl'],
        input: {
          url: 'https://images.example/debian-12.qcow2',
          name: 'debian-12',
          shared: false,
          checksum: { type: 'digest', algorithm: 'sha256', value: digest },
        },
      }),
    ]);
  });

  it.each([
    ['an address', 'ftp://images.example/a.iso', digest, 'An http or https address'],
    [
      'an address without a password',
      'https://me:secret@images.example/a.iso',
      digest,
      'An http or https address',
    ],
    ['a digest', 'https://images.example/a.iso', 'abc', '64 (SHA-256) or 128 (SHA-512)'],
  ])('asks for %s before it asks the host', async (_what, url, expected, message) => {
    const { calls } = await open();
    type('Address', url);
    type('Name', 'image');
    fireEvent.click(screen.getByLabelText('SHA-256 / SHA-512'));
    type('Digest', expected);
    fetchIt();
    expect(await screen.findByText(message, { exact: false })).toBeTruthy();
    expect(calls).toEqual([]);
  });

  it('stays open with the reason when the host refuses', async () => {
    const refusal = new LimenError('UNSUITABLE_IMAGE', { reason: 'forbidden-address', detail: '10.0.0.1' });
    const { onClose } = await open(refusal);
    type('Address', 'http://10.0.0.1/a.iso');
    fetchIt();
    expect((await screen.findByRole('alert')).textContent).toContain('private network');
    expect(onClose).not.toHaveBeenCalled();
  });
});
