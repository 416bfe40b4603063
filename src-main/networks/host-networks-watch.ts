import { type ContractClient, type NetworksMessage, networksSnapshot } from '@limen/contract';
import { type StreamPort, tell } from '../machine-streams/machine-stream.ts';

type NetworksClient = { readonly networks: Pick<ContractClient['networks'], 'watch'> };

/** @param connect the client of the live connection; throws when there is none */
export function watchHostNetworks(
  connect: () => NetworksClient,
  port: StreamPort<NetworksMessage>,
): Promise<void> {
  return tell(port, {
    open: (signal) => connect().networks.watch({}, { signal }),
    record: networksSnapshot,
    message: (snapshot) => ({ type: 'networks', snapshot }),
  });
}
