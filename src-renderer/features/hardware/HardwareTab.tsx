import type { Machine } from '@limen/contract';
import { Center, Loader, ScrollArea, Tabs } from '@mantine/core';
import { IconCpuOff } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { copyText } from '../../api/clipboard.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { useText } from '../../locales/i18n.ts';
import { useHardware } from '../../stores/hardware.ts';
import { useMachine } from '../../stores/inventory.ts';
import { useLink } from '../../stores/links.ts';
import { type MachineRef, machineKey } from '../../stores/machine-key.ts';
import { AddDialog } from './add/AddDialog.tsx';
import { ChangesBar } from './ChangesBar.tsx';
import { type Addition, DeviceList } from './DeviceList.tsx';
import { BootOrderForm } from './forms/BootOrderForm.tsx';
import { CpuForm } from './forms/CpuForm.tsx';
import { DiskForm } from './forms/DiskForm.tsx';
import { DriveForm } from './forms/DriveForm.tsx';
import { FirmwareForm } from './forms/FirmwareForm.tsx';
import { FoldersForm } from './forms/FoldersForm.tsx';
import { InterfaceForm } from './forms/InterfaceForm.tsx';
import { MemoryForm } from './forms/MemoryForm.tsx';
import { AddedForm, OthersForm } from './forms/PlainForms.tsx';
import { ScreenForm } from './forms/ScreenForm.tsx';
import { SerialForm } from './forms/SerialForm.tsx';
import { ServicesForm } from './forms/ServicesForm.tsx';
import classes from './hardware.module.css';
import type { Device } from './model/devices.ts';
import { type HardwareModel, useHardwareModel } from './use-hardware-model.ts';

// The editor is larger than the rest of the desktop's pages together, and few people open it.
const DefinitionPanel = lazy(() =>
  import('./xml/DefinitionPanel.tsx').then((module) => ({ default: module.DefinitionPanel })),
);

/** What a machine is made of, now and at its next boot; put into the machine's page from outside. */
export function HardwareTab({ target }: { readonly target: MachineRef }) {
  const { t } = useText();
  const machine = useMachine(target);
  const { hardware, error } = useHardware(target);
  const isLive = useLink(target.linkId)?.state === 'live';
  if (!machine) return null;
  if (hardware) {
    return <Hardware key={machineKey(target.linkId, target.machineId)} {...{ target, machine, hardware }} />;
  }
  if (!isLive) {
    return <EmptyState icon={IconCpuOff} title={t('hardware:away.title')} body={t('hardware:away.body')} />;
  }
  return error ? (
    <div className={classes['form']}>
      <ErrorCallout error={error} title={t('hardware:unread')} copy={copyText} />
    </div>
  ) : (
    <Center h="100%">
      <Loader aria-label={t('hardware:loading')} />
    </Center>
  );
}

interface HardwareProps {
  readonly target: MachineRef;
  readonly machine: Machine;
  readonly hardware: Parameters<typeof useHardwareModel>[2];
}

function Hardware({ target, machine, hardware }: HardwareProps) {
  const model = useHardwareModel(target, machine, hardware);
  const [chosen, setChosen] = useState('cpu');
  const [adding, setAdding] = useState<Addition | null>(null);
  const definition: Device = { kind: 'definition', id: 'definition' };
  const devices = model.readOnly === 'role' ? model.devices : [...model.devices, definition];
  // What was chosen may be gone: unplugged, or no longer wished for.
  const device = devices.find(({ id }) => id === chosen) ?? devices[0] ?? definition;
  return (
    <div className={classes['page']}>
      <Tabs
        orientation="vertical"
        variant="pills"
        value={device.id}
        onChange={(id) => setChosen(id ?? 'cpu')}
        keepMounted={false}
        className={classes['body'] ?? ''}
      >
        <DeviceList model={model} devices={devices} onAdd={setAdding} />
        <Tabs.Panel value={device.id} className={classes['pane'] ?? ''}>
          {device.kind === 'definition' ? (
            <Suspense>
              <DefinitionPanel model={model} />
            </Suspense>
          ) : (
            <ScrollArea h="100%" type="auto" viewportProps={{ tabIndex: 0 }}>
              <DeviceForm model={model} device={device} />
            </ScrollArea>
          )}
        </Tabs.Panel>
      </Tabs>
      <ChangesBar model={model} />
      <AddDialog model={model} what={adding} onClose={() => setAdding(null)} />
    </div>
  );
}

function DeviceForm({ model, device }: { readonly model: HardwareModel; readonly device: Device }) {
  switch (device.kind) {
    case 'cpu':
      return <CpuForm model={model} device={device} />;
    case 'memory':
      return <MemoryForm model={model} device={device} />;
    case 'disk':
      return <DiskForm key={device.id} model={model} device={device} />;
    case 'drive':
      return <DriveForm key={device.id} model={model} device={device} />;
    case 'interface':
      return <InterfaceForm key={device.id} model={model} device={device} />;
    case 'boot':
      return <BootOrderForm model={model} device={device} />;
    case 'firmware':
      return <FirmwareForm model={model} device={device} />;
    case 'screen':
      return <ScreenForm model={model} device={device} />;
    case 'services':
      return <ServicesForm model={model} device={device} />;
    case 'serial':
      return <SerialForm model={model} device={device} />;
    case 'folders':
      return <FoldersForm model={model} device={device} />;
    case 'others':
      return <OthersForm model={model} device={device} />;
    case 'added':
      return <AddedForm model={model} device={device} />;
    case 'definition':
      return null;
  }
}
