import { type CpuMode, type CpuTopology, cpuMode } from '@limen/contract';
import { Select, Switch, Text } from '@mantine/core';
import { useText } from '../../../locales/i18n.ts';
import { NumberField, TextField } from '../fields.tsx';
import { FormFrame } from '../FormFrame.tsx';
import classes from '../hardware.module.css';
import type { Device } from '../model/devices.ts';
import type { HardwareModel } from '../use-hardware-model.ts';

export interface DeviceFormProps<D extends Device = Device> {
  readonly model: HardwareModel;
  readonly device: D;
}

/** Processors: how many, which kind, and how the guest sees them arranged. */
export function CpuForm({ model, device }: DeviceFormProps) {
  const { t } = useText();
  const { draft, stored, live, editable, put } = model;
  const wishedVcpus = draft.get('set-vcpus');
  const wishedCpu = draft.get('set-cpu');
  const vcpus = wishedVcpus?.type === 'set-vcpus' ? wishedVcpus : stored.vcpus;
  const cpu = wishedCpu?.type === 'set-cpu' ? wishedCpu : stored.cpu;
  const { topology } = cpu;
  const kind = cpu.mode ?? 'default';
  const setVcpus = (current: number, maximum: number) => put({ type: 'set-vcpus', current, maximum });
  const setCpu = (mode: CpuMode | null, model: string | null) =>
    put({ type: 'set-cpu', mode, model, topology });
  const setTopology = (next: CpuTopology | null) => {
    put({ type: 'set-cpu', mode: cpu.mode, model: cpu.model, topology: next });
    if (next === null) return;
    const maximum = next.sockets * next.cores * next.threads;
    setVcpus(Math.min(vcpus.current, maximum), maximum);
  };
  const restart = live === null ? undefined : t('hardware:needsRestart');
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.cpu')}>
      <div className={classes['two']}>
        <NumberField
          label={t('hardware:cpu.current')}
          description={
            live === null ? undefined : t('hardware:cpu.currentAbout', { maximum: live.vcpus.maximum })
          }
          value={vcpus.current}
          min={1}
          max={vcpus.maximum}
          wrong={t('hardware:wrong.range', { min: 1, max: vcpus.maximum })}
          onCommit={(current) => setVcpus(current, vcpus.maximum)}
          disabled={!editable}
        />
        <NumberField
          label={t('hardware:cpu.maximum')}
          description={topology === null ? restart : t('hardware:cpu.maximumOfTopology')}
          value={vcpus.maximum}
          min={1}
          max={1024}
          wrong={t('hardware:wrong.range', { min: 1, max: 1024 })}
          onCommit={(maximum) => setVcpus(Math.min(vcpus.current, maximum), maximum)}
          disabled={!editable || topology !== null}
        />
        <Select
          label={t('hardware:cpu.mode')}
          description={restart}
          allowDeselect={false}
          disabled={!editable}
          value={kind}
          data={['default' as const, ...cpuMode.options].map((mode) => ({
            value: mode,
            label: t(`hardware:cpu.modes.${mode}`),
          }))}
          onChange={(chosen) => {
            const mode = cpuMode.safeParse(chosen).data ?? null;
            setCpu(mode, mode === 'custom' ? (stored.cpu.model ?? 'qemu64') : null);
          }}
        />
        {cpu.mode === 'custom' && (
          <TextField
            label={t('hardware:cpu.model')}
            description={restart}
            value={cpu.model ?? ''}
            isRight={(text) => /^[\w.+-]{1,64}$/.test(text)}
            wrong={t('hardware:wrong.cpuModel')}
            onCommit={(name) => setCpu('custom', name)}
            disabled={!editable}
          />
        )}
      </div>
      <Text size="sm" c="var(--limen-quiet)">
        {t(`hardware:cpu.modeAbout.${kind}`)}
      </Text>
      <Switch
        label={t('hardware:cpu.topology')}
        description={t('hardware:cpu.topologyAbout')}
        checked={topology !== null}
        disabled={!editable}
        onChange={(event) =>
          setTopology(event.currentTarget.checked ? { sockets: 1, cores: vcpus.maximum, threads: 1 } : null)
        }
      />
      {topology !== null && (
        <div className={classes['three']}>
          {(['sockets', 'cores', 'threads'] as const).map((part) => (
            <NumberField
              key={part}
              label={t(`hardware:cpu.${part}`)}
              value={topology[part]}
              min={1}
              max={part === 'threads' ? 16 : 1024}
              wrong={t('hardware:wrong.range', { min: 1, max: part === 'threads' ? 16 : 1024 })}
              onCommit={(number) => setTopology({ ...topology, [part]: number })}
              disabled={!editable}
            />
          ))}
        </div>
      )}
    </FormFrame>
  );
}
