import { closeCodes } from '@limen/contract';
import type { WebSocket } from 'ws';
import type { ConsoleEnd, ConsoleGrant, Consoles } from '../../services/consoles/consoles.ts';
import { bridgeConsole } from '../console/bridge.ts';
import type { Display } from '../console/display.ts';

const closeCodeOf: Record<ConsoleEnd, number> = {
  revoked: closeCodes.sessionEnded,
  expired: closeCodes.sessionEnded,
  forbidden: closeCodes.forbidden,
};

/** All open console sockets. */
export class ConsoleConnections {
  readonly #consoles: Pick<Consoles, 'hold'>;
  readonly #open = new Set<WebSocket>();

  constructor(consoles: Pick<Consoles, 'hold'>) {
    this.#consoles = consoles;
  }

  get count(): number {
    return this.#open.size;
  }

  accept(ws: WebSocket, grant: ConsoleGrant, display: Display): void {
    this.#open.add(ws);
    const release = this.#consoles.hold(grant, (why) => {
      ws.close(closeCodeOf[why], why);
      // Not a byte more, whether or not the viewer plays along with the closing handshake.
      display.socket.destroy();
    });
    ws.on('close', () => {
      this.#open.delete(ws);
      release();
    });
    bridgeConsole(ws, display);
  }

  closeAll(): void {
    for (const ws of this.#open) ws.close(closeCodes.goingAway, 'the service is stopping');
  }

  /** Whoever has not let go by now. */
  terminateAll(): void {
    for (const ws of this.#open) ws.terminate();
  }
}
