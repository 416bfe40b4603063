import type { ErrorData, LimenError } from '@limen/contract';
import type { Translate } from '../locales/i18n.ts';

export interface ErrorText {
  readonly what: string;
  readonly why: string;
  readonly todo: string;
}

/** What happened, why, and what to do, in the person's language. */
export function errorText(error: LimenError, t: Translate): ErrorText {
  return {
    what: t(`errors:${error.code}.what`),
    why: reason(error, t),
    todo: t(`errors:${error.code}.todo`),
  };
}

function reason(error: LimenError, t: Translate): string {
  switch (error.code) {
    case 'INVALID_INPUT':
      return t('errors:INVALID_INPUT.why', { fields: fields(data<'INVALID_INPUT'>(error)) });
    case 'UNAUTHENTICATED': {
      const { reason: why } = data<'UNAUTHENTICATED'>(error);
      return t(signInReasons[why]);
    }
    case 'FORBIDDEN':
      return t('errors:FORBIDDEN.why', { permission: data<'FORBIDDEN'>(error).permission });
    case 'NOT_FOUND':
      return t('errors:NOT_FOUND.why', { kind: data<'NOT_FOUND'>(error).kind });
    case 'CONFLICT':
      return t(conflictReasons[data<'CONFLICT'>(error).reason]);
    case 'RATE_LIMITED':
      return t('errors:RATE_LIMITED.why', { seconds: data<'RATE_LIMITED'>(error).retryAfterSeconds });
    case 'HYPERVISOR_ERROR':
      return t('errors:HYPERVISOR_ERROR.why', { detail: data<'HYPERVISOR_ERROR'>(error).detail });
    case 'HYPERVISOR_UNAVAILABLE':
      return t('errors:HYPERVISOR_UNAVAILABLE.why', { detail: data<'HYPERVISOR_UNAVAILABLE'>(error).detail });
    case 'TIMEOUT':
      return t('errors:TIMEOUT.why', { seconds: data<'TIMEOUT'>(error).afterSeconds });
    case 'INCOMPATIBLE':
      return t('errors:INCOMPATIBLE.why', { ...data<'INCOMPATIBLE'>(error) });
    case 'DATABASE_UNAVAILABLE':
    case 'CANCELLED':
    case 'CONNECTION_LOST':
    case 'CERTIFICATE_CHANGED':
    case 'INTERNAL':
      return t(`errors:${error.code}.why`);
  }
}

/** The class does not discriminate its data by its code for the compiler; the switch above did. */
function data<C extends LimenError['code']>(error: LimenError): ErrorData<C> {
  return error.data as ErrorData<C>;
}

const conflictReasons = {
  'wrong-state': 'errors:CONFLICT.why.wrongState',
  'name-taken': 'errors:CONFLICT.why.nameTaken',
  'no-console': 'errors:CONFLICT.why.noConsole',
  busy: 'errors:CONFLICT.why.busy',
} as const;

const signInReasons = {
  missing: 'errors:UNAUTHENTICATED.why.missing',
  invalid: 'errors:UNAUTHENTICATED.why.invalid',
  expired: 'errors:UNAUTHENTICATED.why.expired',
  revoked: 'errors:UNAUTHENTICATED.why.revoked',
  'wrong-credentials': 'errors:UNAUTHENTICATED.why.wrongCredentials',
} as const;

function fields(invalid: ErrorData<'INVALID_INPUT'>): string {
  return invalid.issues
    .map((issue) => [issue.path.join('.'), issue.message].filter((part) => part !== '').join(': '))
    .join('; ');
}
