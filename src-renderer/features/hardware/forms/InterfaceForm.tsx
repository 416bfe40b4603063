import { type Bandwidth, type HardwareEdit, type HardwareInterface, interfaceModel } from '@limen/contract';
import { Select, Switch, Text, Title } from '@mantine/core';
import { NetworkSelect } from '../../../components/NetworkSelect.tsx';
import { networkKey, parseNetworkKey } from '../../../lib/network-key.ts';
import { useText } from '../../../locales/i18n.ts';
import { RateField, TextField } from '../fields.tsx';
import { FormFrame } from '../FormFrame.tsx';
import classes from '../hardware.module.css';
import type { InterfaceDevice } from '../model/devices.ts';
import type { HardwareModel } from '../use-hardware-model.ts';
import { useHostOptions } from '../use-host-options.ts';
import type { DeviceFormProps } from './CpuForm.tsx';
import { RemovalButton } from './RemovalButton.tsx';

type InterfaceUpdate = Extract<HardwareEdit, { type: 'update-interface' }>;

export const macPattern = /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/;

/** A network card: what it is plugged into, what the guest takes it for, and how fast it may be. */
export function InterfaceForm({ model, device }: DeviceFormProps<InterfaceDevice>) {
  const { t } = useText();
  const { mac, stored: card } = device;
  return (
    <FormFrame
      model={model}
      device={device}
      title={t('hardware:device.interface')}
      actions={<Unplug model={model} device={device} />}
    >
      {card ? (
        <>
          <PluggedInto model={model} device={device} card={card} />
          <Card model={model} device={device} card={card} />
          <BandwidthFields model={model} device={device} card={card} />
        </>
      ) : (
        <Text size="sm">{t('hardware:interface.goneAtNextBoot', { mac })}</Text>
      )}
    </FormFrame>
  );
}

function Unplug({ model, device }: DeviceFormProps<InterfaceDevice>) {
  const { t } = useText();
  const { mac } = device;
  if (!device.stored) return null;
  return (
    <RemovalButton
      model={model}
      wish={`remove-interface/${mac}`}
      label={t('hardware:interface.remove')}
      onRemove={() => model.put({ type: 'remove-interface', mac })}
    />
  );
}

interface PartProps extends DeviceFormProps<InterfaceDevice> {
  readonly card: HardwareInterface;
}

function wishOf({ draft }: HardwareModel, key: string): InterfaceUpdate | undefined {
  const edit = draft.get(key);
  return edit?.type === 'update-interface' ? edit : undefined;
}

function isDisabled({ draft, editable }: HardwareModel, { mac }: InterfaceDevice): boolean {
  return !editable || draft.has(`remove-interface/${mac}`);
}

function PluggedInto({ model, device, card }: PartProps) {
  const { t } = useText();
  const options = useHostOptions(model.target.linkId);
  const { mac } = device;
  const wished = wishOf(model, `interface/${mac}`);
  const present = keyOf(card);
  const network = wished?.network;
  const chosen = network === undefined ? present : 'name' in network ? networkKey(network) : network.type;
  const networks = options?.networks ?? [];
  const isListed = present === 'user' || networks.some((one) => networkKey(one) === present);
  return (
    <>
      <NetworkSelect
        networks={networks}
        value={chosen}
        disabled={isDisabled(model, device)}
        unlisted={isListed ? undefined : { key: present, label: `${card.source ?? ''} (${card.type})` }}
        onChange={(key) => {
          const next = parseNetworkKey(key);
          if (key === present) model.put({ type: 'update-interface', mac, network: undefined });
          else if (next.type !== 'none') model.put({ type: 'update-interface', mac, network: next });
        }}
      />
      <Switch
        label={t('hardware:interface.link')}
        description={t('hardware:interface.linkAbout')}
        checked={wished?.linkUp ?? card.linkUp}
        disabled={isDisabled(model, device)}
        onChange={(event) =>
          model.put({ type: 'update-interface', mac, linkUp: event.currentTarget.checked })
        }
      />
    </>
  );
}

/** libvirt's other types (direct, ethernet …) keep theirs, which stands for itself in the list. */
function keyOf({ type, source }: HardwareInterface): string {
  if (type === 'network' || type === 'bridge') return networkKey({ type, name: source ?? '' });
  return type === 'user' ? 'user' : `${type}:${source ?? ''}`;
}

function Card({ model, device, card }: PartProps) {
  const { t } = useText();
  const { mac } = device;
  const wished = wishOf(model, `interface-card/${mac}`);
  const disabled = isDisabled(model, device);
  const restart = model.live === null ? undefined : t('hardware:needsRestart');
  const known = interfaceModel.safeParse(card.model).success;
  return (
    <div className={classes['two']}>
      <Select
        label={t('hardware:field.card')}
        description={restart}
        allowDeselect={false}
        disabled={disabled}
        value={wished?.model ?? card.model}
        data={[...interfaceModel.options, ...(known || card.model === null ? [] : [card.model])]}
        onChange={(name) => {
          const next = interfaceModel.safeParse(name).data;
          if (next) model.put({ type: 'update-interface', mac, model: next });
        }}
      />
      <TextField
        label={t('hardware:field.mac')}
        description={restart}
        value={wished?.newMac ?? card.mac}
        isRight={(text) => macPattern.test(text)}
        wrong={t('hardware:wrong.mac')}
        onCommit={(newMac) => model.put({ type: 'update-interface', mac, newMac })}
        disabled={disabled}
      />
    </div>
  );
}

function BandwidthFields({ model, device, card }: PartProps) {
  const { t } = useText();
  const { mac } = device;
  const bandwidth = wishOf(model, `interface/${mac}`)?.bandwidth ?? card.bandwidth;
  const set = (change: Partial<Bandwidth>) =>
    model.put({ type: 'update-interface', mac, bandwidth: { ...bandwidth, ...change } });
  const disabled = isDisabled(model, device);
  return (
    <div>
      <Title order={3} size="sm" mb="xs">
        {t('hardware:interface.bandwidth')}
      </Title>
      <div className={classes['two']}>
        <RateField
          label={t('hardware:interface.inbound')}
          value={bandwidth.inboundBytesPerSecond}
          onCommit={(inboundBytesPerSecond) => set({ inboundBytesPerSecond })}
          disabled={disabled}
        />
        <RateField
          label={t('hardware:interface.outbound')}
          value={bandwidth.outboundBytesPerSecond}
          onCommit={(outboundBytesPerSecond) => set({ outboundBytesPerSecond })}
          disabled={disabled}
        />
      </div>
    </div>
  );
}
