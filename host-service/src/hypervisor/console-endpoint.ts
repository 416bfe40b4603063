import { LimenError } from '@limen/contract';
import type { ConsoleEndpoint } from '../ports/hypervisor.ts';
import type { VncListener } from './domain-xml.ts';

/** Addresses that mean "all of mine": one connects to the loopback one. */
const wildcards: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '*': '127.0.0.1' };

/** Where to connect for a running machine's screen. Throws `CONFLICT` (`no-console`) when there is none. */
export function consoleEndpoint(listener: VncListener | null): ConsoleEndpoint {
  if (listener?.socket) return { kind: 'unix', path: listener.socket };
  if (listener?.port) {
    const address = listener.address ?? '127.0.0.1';
    return { kind: 'tcp', host: wildcards[address] ?? address, port: listener.port };
  }
  throw new LimenError('CONFLICT', { reason: 'no-console' });
}
