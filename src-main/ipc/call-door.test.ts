import { LimenError } from '@limen/contract';
import { expect, test, vi } from 'vitest';
import { CallDoor, type BridgeHandlers, type Sender } from './call-door.ts';

const ours: Sender = { windowId: 1, isMainFrame: true, url: 'limen-app://app/index.html' };

function door(handlers: Partial<BridgeHandlers>, isTrusted = true) {
  const report = vi.fn();
  return {
    door: new CallDoor({ handlers: handlers as BridgeHandlers, isTrusted: () => isTrusted, report }),
    report,
  };
}

const linkId = 'c0000000-0000-4000-8000-000000000001';

test('hands a checked input and the caller to the handler', async () => {
  const rename = vi.fn(() => ({}) as never);
  const { door: d } = door({ 'links.rename': rename });
  await expect(d.handle(ours, 'links.rename', { linkId, name: '  alpha ', extra: 1 })).resolves.toEqual({
    ok: true,
    value: {},
  });
  expect(rename).toHaveBeenCalledWith({ linkId, name: 'alpha' }, { windowId: 1 });
});

test('a sender that is not ours is refused before anything else, and reported', async () => {
  const handler = vi.fn(() => ({}));
  const { door: d, report } = door({ 'links.retry': handler }, false);
  await expect(d.handle(ours, 'links.retry', { linkId })).resolves.toMatchObject({
    ok: false,
    error: { code: 'FORBIDDEN' },
  });
  expect(handler).not.toHaveBeenCalled();
  expect(report).toHaveBeenCalledOnce();
});

test.each(['nope', '__proto__', 'constructor', 'toString', 7, null, { toString: () => 'app.info' }])(
  'the name %j is no call',
  async (name) => {
    const { door: d } = door({});
    await expect(d.handle(ours, name, {})).resolves.toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND' },
    });
  },
);

test('an input that does not fit is refused with the paths of its fields', async () => {
  const handler = vi.fn(() => ({}));
  const { door: d } = door({ 'links.signIn': handler });
  const result = await d.handle(ours, 'links.signIn', { linkId, username: 'a', password: 5, remember: true });
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'INVALID_INPUT', data: { issues: [{ path: ['password'] }] } },
  });
  expect(handler).not.toHaveBeenCalled();
});

test('our errors travel with code and data, others as INTERNAL without a word of theirs', async () => {
  const { door: d, report } = door({
    'links.retry': () => {
      throw new LimenError('NOT_FOUND', { kind: 'link', id: linkId }, { cause: new Error('secret') });
    },
    'app.info': () => {
      throw new Error('secret');
    },
  });
  await expect(d.handle(ours, 'links.retry', { linkId })).resolves.toEqual({
    ok: false,
    error: { code: 'NOT_FOUND', message: 'Not found', data: { kind: 'link', id: linkId } },
  });
  const internal = await d.handle(ours, 'app.info', {});
  expect(internal).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
  expect(JSON.stringify(internal)).not.toContain('secret');
  expect(report).toHaveBeenCalledOnce();
});
