import { ConnectionLostError } from '../errors/libvirt-error.ts';
import type { Lane } from '../procedures/define.ts';
import type { Connection } from '../transport/connection.ts';

type SideLane = Exclude<Lane, 'read'>;

/** The connections beside the main one, opened when first needed and again after each loss. */
export class SideConnections {
  readonly #open: () => Promise<Connection>;
  readonly #lanes = new Map<SideLane, Promise<Connection>>();
  readonly #all = new Set<Connection>();
  #closed = false;

  constructor(open: () => Promise<Connection>) {
    this.#open = open;
  }

  /** The shared connection of a lane. */
  get(lane: SideLane): Promise<Connection> {
    const existing = this.#lanes.get(lane);
    if (existing !== undefined) return existing;
    const opening = this.openOwn();
    this.#lanes.set(lane, opening);
    const forget = () => {
      if (this.#lanes.get(lane) === opening) this.#lanes.delete(lane);
    };
    opening.then((connection) => connection.closed).then(forget, forget);
    return opening;
  }

  /** A connection for one user alone, who closes it. */
  async openOwn(): Promise<Connection> {
    const connection = await this.#open();
    if (this.#closed) {
      await connection.close();
      throw new ConnectionLostError('the client is closed');
    }
    this.#all.add(connection);
    void connection.closed.then(() => this.#all.delete(connection));
    return connection;
  }

  /** Final. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }
}
