import { LimenError } from '@limen/contract';
import { expect, test } from 'vitest';
import { httpRefusal } from './http-refusal.ts';

test('takes the host’s own error', () => {
  const error = new LimenError('UNSUITABLE_IMAGE', { reason: 'too-large', detail: '64 GiB' });
  expect(httpRefusal(422, JSON.stringify(error))).toMatchObject(error.toJSON());
});

test.each([
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [410, 'NOT_FOUND'],
  [423, 'CONFLICT'],
  [413, 'UNSUITABLE_IMAGE'],
  [429, 'RATE_LIMITED'],
  [502, 'CONNECTION_LOST'],
  [507, 'STORAGE_FULL'],
  [400, 'INTERNAL'],
])('reads status %i as %s', (status, code) => {
  expect(httpRefusal(status, 'not JSON\n').code).toBe(code);
});
