import { type ClientState, LibvirtClient } from '../src/client/libvirt-client.ts';

/** A client of the daemon's QEMU driver, once it is connected; the caller closes it. */
export function connectedClient(socketPath: string): Promise<LibvirtClient> {
  return startConnected(new LibvirtClient({ uri: 'qemu:///system', socketPath }));
}

/** Start a client that has its listeners already; resolves to it once it is connected. */
export async function startConnected(client: LibvirtClient): Promise<LibvirtClient> {
  const connected = reached(client, 'connected');
  client.start();
  await connected;
  return client;
}

/** Resolves when the client next comes to this state. */
export function reached(client: LibvirtClient, state: ClientState): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onStatus((status) => {
      if (status.state !== state) return;
      stop();
      resolve();
    });
  });
}
