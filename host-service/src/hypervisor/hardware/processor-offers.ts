import { type DomainXml, DomainCapabilitiesXml, type LibvirtClient, procedures } from 'node-libvirt';
import type { HardwareChange } from '../../ports/machine-hardware.ts';
import { invalid } from './edits/refusals.ts';

/** The first question after a start of libvirt probes QEMU. */
const PROBE = { timeoutMs: 60_000 };

/**
 * libvirt defines machines with processors that it then cannot start. Rejects with `INVALID_INPUT` for a mode or model
 * that this host's QEMU does not have.
 */
export async function requireOfferedCpu(
  client: LibvirtClient,
  stored: DomainXml,
  { mode, model }: Extract<HardwareChange, { readonly type: 'set-cpu' }>,
): Promise<void> {
  if (mode === null) return;
  const { architecture, machine } = stored.os;
  const xml = await client.call(
    procedures.connect.getDomainCapabilities,
    {
      virtType: stored.type,
      ...(architecture !== null && { arch: architecture }),
      ...(machine !== null && { machine }),
      ...(stored.devices.emulator !== null && { emulator: stored.devices.emulator }),
    },
    PROBE,
  );
  const { cpuModes, cpuModels } = DomainCapabilitiesXml.parse(xml);
  if (!cpuModes.includes(mode)) throw invalid('mode', `this host has no processors of the mode ${mode}`);
  if (mode === 'custom' && model !== null && !cpuModels.some(({ name }) => name === model))
    throw invalid('model', `this host knows no processor called ${model}`);
}
