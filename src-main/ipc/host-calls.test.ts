import { expect, test, vi } from 'vitest';
import { hostCall } from './host-calls.ts';

test('calls the procedure the path names', async () => {
  const power = vi.fn(async () => 'done');
  const { signal } = new AbortController();
  const client = { machines: { power } } as never;
  await expect(hostCall(['machines', 'power'])(client, { action: 'start' }, signal)).resolves.toBe('done');
  expect(power).toHaveBeenCalledWith({ action: 'start' }, { signal });
});

test.each([
  [['nope']],
  [['machines']],
  [['machines', 'nope']],
  [['machines', 'power', '~orpc']],
  [['machines', 'constructor']],
  [['__proto__', 'toString']],
])('%j is in no contract', (path) => {
  expect(() => hostCall(path)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test.each([[['inventory', 'watch']], [['metrics', 'watch']]])('the stream %j does not pass', (path) => {
  expect(() => hostCall(path)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

test.each([[['session', 'signIn']], [['session', 'renew']], [['session', 'pair']], [['consoles', 'open']]])(
  '%j would hand a secret to the page',
  (path) => {
    expect(() => hostCall(path)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  },
);
