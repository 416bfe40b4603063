import { closeCodes, CONSOLE_WINDOW_BYTES, LimenError } from '@limen/contract';
import type { ConsoleMessage, MachineId } from '@limen/contract';
import { z } from 'zod';
import type { ByteChannel, ByteChannelListener } from '../host-link/transport.ts';
import { toLimenError } from '../host-link/rpc-errors.ts';
import { Credit } from './credit.ts';

/** Keystrokes and pasted text are small; a page that sends this much faster than the host takes it is broken. */
const MOST_PENDING_BYTES = 8 << 20;

const acknowledgement = z.object({ type: z.literal('consumed'), bytes: z.number().int().nonnegative() });

/** The end of a console port that this process holds. */
export interface ConsolePort {
  postMessage(message: ArrayBuffer | ConsoleMessage): void;
  onMessage(listener: (data: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export interface ConsoleRequest {
  readonly machineId: MachineId;
  readonly kind: 'vnc';
}

/** The part of a host link a console needs. */
export interface ConsoleHost {
  openConsole(
    request: ConsoleRequest,
    signal: AbortSignal,
    listener: ByteChannelListener,
  ): Promise<ByteChannel>;
}

/**
 * Pump the bytes of one console between a window's port and the host until either side ends. Resolves when it is
 * over; the port has said why then, and is closed. A new session needs a new port.
 */
export function runConsoleSession(
  host: ConsoleHost,
  request: ConsoleRequest,
  port: ConsolePort,
): Promise<void> {
  return new Promise((resolve) => {
    const ended = new AbortController();
    let channel: ByteChannel | null = null;
    const credit = new Credit(CONSOLE_WINDOW_BYTES, {
      pause: () => channel?.pause(),
      resume: () => channel?.resume(),
    });
    const end = (message: ConsoleMessage | null): void => {
      if (ended.signal.aborted) return;
      ended.abort();
      channel?.dispose();
      if (message !== null) port.postMessage(message);
      port.close();
      resolve();
    };

    port.onClose(() => end(null));
    port.onMessage((data) => {
      if (data instanceof ArrayBuffer) {
        channel?.send(data);
        if (channel !== null && channel.pendingBytes > MOST_PENDING_BYTES)
          end({ type: 'closed', reason: 'link', error: null });
        return;
      }
      const parsed = acknowledgement.safeParse(data);
      if (parsed.success) credit.consumed(parsed.data.bytes);
    });

    let opened = false;
    const open = (): void => {
      if (opened || ended.signal.aborted) return;
      opened = true;
      port.postMessage({ type: 'opened' });
    };
    const listener: ByteChannelListener = {
      bytes: (data) => {
        if (ended.signal.aborted) return;
        // The host may speak in the tick the channel opens, before the promise below says so.
        open();
        port.postMessage(data);
        credit.sent(data.byteLength);
      },
      end: (code) => end(closedBy(code)),
    };
    const establish = async (): Promise<void> => {
      try {
        channel = await host.openConsole(request, ended.signal, listener);
        if (ended.signal.aborted) channel.dispose();
        else open();
      } catch (error) {
        end(refused(toLimenError(error)));
      }
    };
    void establish();
  });
}

function closedBy(code: number): ConsoleMessage {
  switch (code) {
    case closeCodes.normal:
    case closeCodes.internal:
      return { type: 'closed', reason: 'guest', error: null };
    case closeCodes.sessionEnded:
      return refused(new LimenError('UNAUTHENTICATED', { reason: 'revoked' }));
    case closeCodes.forbidden:
      return refused(new LimenError('FORBIDDEN', { permission: 'machine:console' }));
    default:
      return { type: 'closed', reason: 'link', error: null };
  }
}

function refused(error: LimenError): ConsoleMessage {
  const isLink = error.code === 'CONNECTION_LOST' || error.code === 'TIMEOUT';
  return { type: 'closed', reason: isLink ? 'link' : 'refused', error: error.toJSON() };
}
