import { LibvirtClient } from '../src/client/libvirt-client.ts';

/** A client of the daemon's QEMU driver, once it is connected; the caller closes it. */
export function connectedClient(socketPath: string): Promise<LibvirtClient> {
  return startConnected(new LibvirtClient({ uri: 'qemu:///system', socketPath }));
}

/** Start a client that has its listeners already; resolves to it once it is connected. */
export async function startConnected(client: LibvirtClient): Promise<LibvirtClient> {
  const connected = new Promise<void>((resolve) => {
    client.onStatus(({ state }) => {
      if (state === 'connected') resolve();
    });
  });
  client.start();
  await connected;
  return client;
}
