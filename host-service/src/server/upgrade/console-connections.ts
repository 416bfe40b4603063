import { closeCodes } from '@limen/contract';
import type { WebSocket } from 'ws';
import type { ConsoleEnd, ConsoleGrant } from '../../services/consoles/consoles.ts';
import { bridgeConsole } from '../console/bridge.ts';
import type { Display } from '../console/display.ts';

const closeCodeOf: Record<ConsoleEnd, number> = {
  revoked: closeCodes.sessionEnded,
  expired: closeCodes.sessionEnded,
  forbidden: closeCodes.forbidden,
};

/** All open console sockets. */
export class ConsoleConnections {
  readonly #open = new Set<WebSocket>();

  get count(): number {
    return this.#open.size;
  }

  accept(ws: WebSocket, grant: ConsoleGrant, display: Display): void {
    this.#open.add(ws);
    ws.on('close', () => {
      this.#open.delete(ws);
      grant.release();
    });
    bridgeConsole(ws, display);
    grant.whenEnded((why) => {
      ws.close(closeCodeOf[why], why);
      // Not a byte more, whether or not the viewer plays along with the closing handshake.
      display.socket.destroy();
    });
  }

  closeAll(): void {
    for (const ws of this.#open) ws.close(closeCodes.goingAway, 'the service is stopping');
  }

  /** Whoever has not let go by now. */
  terminateAll(): void {
    for (const ws of this.#open) ws.terminate();
  }
}
