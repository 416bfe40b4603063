import { BRIDGE_CALL_CHANNEL, BRIDGE_PORT_CHANNEL, portRequests } from '@limen/contract';
import type { PortKind, PortRequest } from '@limen/contract';
import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type MessagePortMain } from 'electron';
import type { CallDoor, Sender } from './call-door.ts';

export type PortHandlers = {
  readonly [K in PortKind]: (port: MessagePortMain, request: PortRequest<K>, windowId: number) => void;
};

export interface DoorOptions {
  readonly calls: CallDoor;
  readonly ports: PortHandlers;
  readonly isTrusted: (sender: Sender) => boolean;
}

/** Connect the doors to Electron. These are the only two channels this process listens on. */
export function openDoors({ calls, ports, isTrusted }: DoorOptions): void {
  ipcMain.handle(BRIDGE_CALL_CHANNEL, (event, name: unknown, input: unknown) =>
    calls.handle(senderOf(event), name, input),
  );
  ipcMain.on(BRIDGE_PORT_CHANNEL, (event, message: unknown) => {
    const sender = senderOf(event);
    const [port] = event.ports;
    if (port === undefined) return;
    if (!isTrusted(sender) || !openPort(ports, port, message, sender.windowId)) port.close();
  });
}

function openPort(
  handlers: PortHandlers,
  port: MessagePortMain,
  message: unknown,
  windowId: number,
): boolean {
  const { kind, request } = (message ?? {}) as { kind?: unknown; request?: unknown };
  switch (kind) {
    case 'feed': {
      const parsed = portRequests.feed.safeParse(request);
      if (parsed.success) handlers.feed(port, parsed.data, windowId);
      return parsed.success;
    }
    case 'console': {
      const parsed = portRequests.console.safeParse(request);
      if (parsed.success) handlers.console(port, parsed.data, windowId);
      return parsed.success;
    }
    case 'hardware': {
      const parsed = portRequests.hardware.safeParse(request);
      if (parsed.success) handlers.hardware(port, parsed.data, windowId);
      return parsed.success;
    }
    case 'snapshots': {
      const parsed = portRequests.snapshots.safeParse(request);
      if (parsed.success) handlers.snapshots(port, parsed.data, windowId);
      return parsed.success;
    }
    case 'storage': {
      const parsed = portRequests.storage.safeParse(request);
      if (parsed.success) handlers.storage(port, parsed.data, windowId);
      return parsed.success;
    }
    case 'download': {
      const parsed = portRequests.download.safeParse(request);
      if (parsed.success) handlers.download(port, parsed.data, windowId);
      return parsed.success;
    }
    case 'networks': {
      const parsed = portRequests.networks.safeParse(request);
      if (parsed.success) handlers.networks(port, parsed.data, windowId);
      return parsed.success;
    }
    default:
      return false;
  }
}

function senderOf(event: IpcMainEvent | IpcMainInvokeEvent): Sender {
  const { sender, senderFrame } = event;
  return {
    windowId: sender.id,
    isMainFrame: senderFrame !== null && senderFrame === sender.mainFrame,
    url: senderFrame?.url ?? null,
  };
}
