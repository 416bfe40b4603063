import { ErrorCode } from './codes.ts';

/** What the daemon says about a failed call. Numbers are `virErrorNumber`, `virErrorDomain`, `virErrorLevel`. */
export interface LibvirtErrorFields {
  readonly code: number;
  readonly domain: number;
  /** 1 warning, 2 error. */
  readonly level: number;
  /** Already formatted for people, in the daemon's locale. */
  readonly message: string;
  /** The variable part of the message (libvirt's `str2`), when there is one. */
  readonly detail: string | null;
}

/** The daemon understood a call and refused or failed it. The connection is unharmed. */
export class LibvirtError extends Error {
  override readonly name = 'LibvirtError';
  readonly code: number;
  readonly domain: number;
  readonly level: number;
  readonly detail: string | null;

  constructor(fields: LibvirtErrorFields) {
    super(fields.message);
    this.code = fields.code;
    this.domain = fields.domain;
    this.level = fields.level;
    this.detail = fields.detail;
  }
}

/** There is no connection, or it went away while a call was under way: the call may or may not have happened. */
export class ConnectionLostError extends Error {
  override readonly name: string = 'ConnectionLostError';
}

/** The peer broke the protocol's rules: a malformed frame or payload. */
export class ProtocolError extends ConnectionLostError {
  override readonly name = 'ProtocolError';
}

/** No answer within the deadline. The daemon cannot cancel a call: the operation may still finish. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly afterMs: number;

  constructor(what: string, afterMs: number) {
    super(`no answer to ${what} within ${afterMs} ms`);
    this.afterMs = afterMs;
  }
}

/** True when `error` is the daemon's error with this `virErrorNumber`. */
export function hasCode(error: unknown, code: number): error is LibvirtError {
  return error instanceof LibvirtError && error.code === code;
}

/** "No such domain": the only answer that means a machine is gone. */
export function isNoDomain(error: unknown): error is LibvirtError {
  return hasCode(error, ErrorCode.noDomain);
}

/** The operation does not fit the object's state, e.g. starting a running domain. */
export function isOperationInvalid(error: unknown): error is LibvirtError {
  return hasCode(error, ErrorCode.operationInvalid);
}

export function isNoMetadata(error: unknown): error is LibvirtError {
  return hasCode(error, ErrorCode.noDomainMetadata);
}

/** The daemon or its driver is too old for the call, or does not implement it. */
export function isUnsupported(error: unknown): error is LibvirtError {
  return (
    hasCode(error, ErrorCode.noSupport) ||
    hasCode(error, ErrorCode.operationUnsupported) ||
    hasCode(error, ErrorCode.argumentUnsupported) ||
    // The one case without a number of its own: 39 stands for all RPC trouble.
    (hasCode(error, ErrorCode.rpc) && error.message.startsWith('unknown procedure'))
  );
}
