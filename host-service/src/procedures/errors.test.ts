import { LimenError } from '@limen/contract';
import { ValidationError } from '@orpc/contract';
import { ORPCError } from '@orpc/server';
import { expect, test } from 'vitest';
import { failureFields, toLimenError, toOrpcError } from './errors.ts';

const issues = [{ path: ['disks', 0, { key: 'size' }], message: 'too small' }];
const validation = new ValidationError({ message: 'invalid', issues, data: { password: 'hunter2' } });

test('our own errors keep code, status and data both ways', () => {
  const conflict = new LimenError('CONFLICT', { reason: 'wrong-state', state: 'off' });
  const wire = toOrpcError(conflict);
  expect(wire).toMatchObject({ code: 'CONFLICT', status: 409, defined: true, data: conflict.data });
  expect(toLimenError(wire, 'r1')).toBe(conflict);
});

test('a failed input validation names the fields', () => {
  const error = new ORPCError('BAD_REQUEST', { cause: validation });
  expect(toLimenError(error, 'r1')).toMatchObject({
    code: 'INVALID_INPUT',
    data: { issues: [{ path: ['disks', '0', 'size'], message: 'too small' }] },
  });
});

test('a failed output validation is ours, and its data is not logged', () => {
  const failure = toLimenError(new ORPCError('INTERNAL_SERVER_ERROR', { cause: validation }), 'r1');
  expect(failure).toMatchObject({ code: 'INTERNAL', data: { requestId: 'r1' } });
  const { issues: logged } = failureFields(failure) as { issues: unknown };
  expect(logged).toEqual([{ path: ['disks', '0', 'size'], message: 'too small' }]);
});

test('anything else says nothing of itself', () => {
  expect(toLimenError(new TypeError('x of undefined'), 'r1').toJSON()).toEqual({
    code: 'INTERNAL',
    message: 'Something went wrong inside; the log has the request id',
    data: { requestId: 'r1' },
  });
  expect(toLimenError('thrown text', 'r1').code).toBe('INTERNAL');
});

test('a cancelled call is cancelled', () => {
  expect(toLimenError(new DOMException('stop', 'AbortError'), 'r1').code).toBe('CANCELLED');
});
