import type { PortKind, PortRequest } from '@limen/contract';

/**
 * Ask the main process for a message port. The caller owns the port and closes it. A signal gives up waiting;
 * a port that still arrives then is closed at once.
 */
export function openPort<K extends PortKind>(
  kind: K,
  request: PortRequest<K>,
  signal?: AbortSignal,
): Promise<MessagePort> {
  const token = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const onMessage = (event: MessageEvent<unknown>) => {
      const [port] = event.ports;
      if (event.source !== window || !port || !carriesToken(event.data, token)) return;
      window.removeEventListener('message', onMessage);
      if (signal?.aborted) port.close();
      else resolve(port);
    };
    // The listener stays after an abort, so that a late port is closed and not left open at the other end.
    signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')), {
      once: true,
    });
    window.addEventListener('message', onMessage);
    window.limen.openPort(kind, request, token);
  });
}

function carriesToken(data: unknown, token: string): boolean {
  return typeof data === 'object' && data !== null && 'limenPort' in data && data.limenPort === token;
}
