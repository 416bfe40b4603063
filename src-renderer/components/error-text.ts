import type { ErrorData, LimenError } from '@limen/contract';
import { formatBytes } from '../lib/format.ts';
import type { Translate } from '../locales/i18n.ts';
import { refusalOfError, refusalText } from './snapshot-refusal.ts';

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
      return conflict(data<'CONFLICT'>(error), t);
    case 'QUOTA_EXCEEDED':
      return quotaExceeded(data<'QUOTA_EXCEEDED'>(error), t);
    case 'UNSUITABLE_IMAGE':
      return t(imageReasons[data<'UNSUITABLE_IMAGE'>(error).reason]);
    case 'UNSUPPORTED': {
      const { feature, packages } = data<'UNSUPPORTED'>(error);
      return packages.length === 0
        ? t('errors:UNSUPPORTED.why', { feature })
        : t('errors:UNSUPPORTED.whyPackages', { feature, packages: packages.join(', ') });
    }
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
    case 'FILE_CHANGED': {
      const { fileName, reason: why } = data<'FILE_CHANGED'>(error);
      return t(`errors:FILE_CHANGED.why.${why}`, { fileName });
    }
    case 'DATABASE_UNAVAILABLE':
    case 'STORAGE_FULL':
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

function conflict(error: ErrorData<'CONFLICT'>, t: Translate): string {
  const { reason: why, names = [] } = error;
  const refusal = why === 'snapshot-refused' ? refusalOfError(error) : null;
  if (refusal !== null) return refusalText(refusal, t);
  return t(conflictReasons[why], { names: names.join(', ') });
}

/** Bytes in the person's units; machines and vCPUs as they are. */
function quotaExceeded(refused: ErrorData<'QUOTA_EXCEEDED'>, t: Translate): string {
  const isSize = refused.resource === 'memory' || refused.resource === 'disk';
  const amount = (value: number): string =>
    isSize ? formatBytes(value, document.documentElement.lang) : String(value);
  const shortfall = t(`errors:QUOTA_EXCEEDED.why.${refused.scope}`, {
    requested: amount(refused.requested),
    used: amount(refused.used),
    limit: amount(refused.limit),
  });
  if (refused.largest === undefined || refused.largest.length === 0) return shortfall;
  const names = refused.largest.map((user) => `${user.name} (${amount(user.amount)})`).join(', ');
  return `${shortfall} ${t('errors:QUOTA_EXCEEDED.why.largest', { names })}`;
}

const imageReasons = {
  'unknown-format': 'errors:UNSUITABLE_IMAGE.why.unknownFormat',
  'has-backing-file': 'errors:UNSUITABLE_IMAGE.why.hasBackingFile',
  'has-external-data': 'errors:UNSUITABLE_IMAGE.why.hasExternalData',
  encrypted: 'errors:UNSUITABLE_IMAGE.why.encrypted',
  'too-large': 'errors:UNSUITABLE_IMAGE.why.tooLarge',
  damaged: 'errors:UNSUITABLE_IMAGE.why.damaged',
  'checksum-mismatch': 'errors:UNSUITABLE_IMAGE.why.checksumMismatch',
  'checksum-not-listed': 'errors:UNSUITABLE_IMAGE.why.checksumNotListed',
  'forbidden-address': 'errors:UNSUITABLE_IMAGE.why.forbiddenAddress',
  'too-many-redirects': 'errors:UNSUITABLE_IMAGE.why.tooManyRedirects',
  'download-failed': 'errors:UNSUITABLE_IMAGE.why.downloadFailed',
  'no-disk-inside': 'errors:UNSUITABLE_IMAGE.why.noDiskInside',
} as const;

const conflictReasons = {
  'wrong-state': 'errors:CONFLICT.why.wrongState',
  'name-taken': 'errors:CONFLICT.why.nameTaken',
  'no-console': 'errors:CONFLICT.why.noConsole',
  busy: 'errors:CONFLICT.why.busy',
  'in-use': 'errors:CONFLICT.why.inUse',
  'in-trash': 'errors:CONFLICT.why.inTrash',
  'not-in-trash': 'errors:CONFLICT.why.notInTrash',
  'not-finished': 'errors:CONFLICT.why.notFinished',
  'no-base': 'errors:CONFLICT.why.noBase',
  changed: 'errors:CONFLICT.why.changed',
  'snapshot-refused': 'errors:CONFLICT.why.snapshotRefused',
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
