import { describe, expect, it } from 'vitest';
import { errorCodes, isErrorCode, LimenError } from './errors.ts';

describe('LimenError', () => {
  it('keeps code, message and data through JSON', () => {
    const error = new LimenError('RATE_LIMITED', { retryAfterSeconds: 7 });
    const back = LimenError.from(JSON.parse(JSON.stringify(error)));
    expect(back).toBeInstanceOf(LimenError);
    expect(back.code).toBe('RATE_LIMITED');
    expect(back.data).toEqual({ retryAfterSeconds: 7 });
    expect(back.message).toBe(error.message);
  });

  it.each([
    undefined,
    null,
    'boom',
    { code: 'NOPE' },
    { code: 'RATE_LIMITED', message: 'x', data: { retryAfterSeconds: 'soon' } },
  ])('turns %j into INTERNAL instead of failing again', (value) => {
    expect(LimenError.from(value).code).toBe('INTERNAL');
  });

  it('never lets the cause travel', () => {
    const error = new LimenError('INTERNAL', {}, { cause: new Error('password=hunter2') });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('recognises itself by shape, so that another copy of the class still counts', () => {
    const foreign = Object.assign(new Error('x'), {
      name: 'LimenError',
      code: 'NOT_FOUND',
      data: { kind: 'machine', id: '1' },
    });
    expect(LimenError.is(foreign)).toBe(true);
    expect(LimenError.is(foreign, 'NOT_FOUND')).toBe(true);
    expect(LimenError.is(foreign, 'FORBIDDEN')).toBe(false);
    expect(LimenError.is(new Error('x'))).toBe(false);
  });

  it('knows its codes and no inherited property name', () => {
    expect(errorCodes).toContain('HYPERVISOR_UNAVAILABLE');
    expect(isErrorCode('constructor')).toBe(false);
    expect(isErrorCode('__proto__')).toBe(false);
  });
});
