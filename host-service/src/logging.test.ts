import { LimenError } from '@limen/contract';
import { expect, test } from 'vitest';
import { createLogger } from './logging.ts';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('debug', {
    write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
  });
  return { logger, lines };
}

test('secrets are removed at every depth we log', () => {
  const { logger, lines } = capture();
  const secrets = { password: 's3cret', refreshToken: 's3cret', accessToken: 's3cret', ticket: 's3cret' };
  logger.info({ ...secrets, input: secrets, request: { headers: { authorization: 's3cret' } } }, 'call');
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  expect(lines[0]).toMatchObject({ level: 'info', msg: 'call', password: '[redacted]' });
});

test('an error shows its code and cause, not the values a driver attaches', () => {
  const { logger, lines } = capture();
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (x)=(s3cret) exists',
  });
  logger.error({ err: new LimenError('CONFLICT', { reason: 'busy' }, { cause }) }, 'failed');
  expect(lines[0]).toMatchObject({
    err: { code: 'CONFLICT', cause: { code: '23505', message: 'duplicate key' } },
  });
  expect(JSON.stringify(lines)).not.toContain('s3cret');
});
