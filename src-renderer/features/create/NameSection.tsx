import { NumberInput, Select, TextInput } from '@mantine/core';
import { Panel } from '../../components/Panel.tsx';
import { formatBytes } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import classes from './create.module.css';
import { nameRange } from './name-suggestion.ts';
import type { Fit } from './placement.ts';
import type { CreateModel } from './use-create.ts';

/** What it is called, how many of it, and where. */
export function NameSection({ model }: { readonly model: CreateModel }) {
  const { t } = useText();
  const { form, values, errorOf } = model;
  const many = Number(values.count) > 1;
  const choosesHost = model.source.hosts.length > 1;
  return (
    <Panel title={t(choosesHost ? 'create:name.titleWithHost' : 'create:name.title')}>
      <div className={classes['three']}>
        <TextInput
          label={t('create:name.name')}
          {...(!many && { className: classes['firstTwo'] ?? '' })}
          description={
            many
              ? t('create:name.pattern', {
                  example: '{n}',
                  names: nameRange(values.name, Number(values.count), Number(values.firstNumber)),
                })
              : undefined
          }
          spellCheck={false}
          autoComplete="off"
          value={values.name}
          onChange={(event) => model.rename(event.currentTarget.value)}
          error={errorOf('name')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        {many && (
          <NumberInput
            label={t('create:name.first')}
            min={0}
            max={100_000}
            allowDecimal={false}
            {...form.getInputProps('firstNumber')}
            error={errorOf('firstNumber')}
          />
        )}
        <NumberInput
          label={t('create:name.count')}
          min={1}
          max={50}
          allowDecimal={false}
          value={values.count}
          onChange={model.changeCount}
          error={errorOf('count')}
        />
        {choosesHost && (
          <div className={classes['wide']}>
            <HostChooser model={model} />
          </div>
        )}
      </div>
    </Panel>
  );
}

function HostChooser({ model }: { readonly model: CreateModel }) {
  const { t, language } = useText();
  const { form, values, ranked, target } = model;
  const describe = ({ host, reason }: Fit): string => {
    const free = formatBytes(host.options?.capacity.memoryAvailableBytes ?? 0, language);
    const why = reason === null ? t('create:host.free', { free }) : t(`create:host.misfit.${reason}`);
    return `${host.link.name} — ${why}`;
  };
  const fitting = ranked.filter((fit) => fit.reason === null);
  const [best] = fitting;
  return (
    <Select
      label={t('create:host.label')}
      data={[
        {
          value: 'auto',
          label: best ? t('create:host.autoNow', { host: best.host.link.name }) : t('create:host.auto'),
        },
        ...ranked.map((fit) => ({
          value: fit.host.link.id,
          label: describe(fit),
          disabled: fit.reason === 'away' || fit.reason === 'old',
        })),
      ]}
      allowDeselect={false}
      value={values.host}
      onChange={(host) => host !== null && form.setFieldValue('host', host)}
      description={
        values.host !== 'auto'
          ? undefined
          : best && target
            ? t('create:host.why', { count: fitting.length, host: target.link.name })
            : t('create:host.nowhere')
      }
      inputWrapperOrder={['label', 'input', 'description', 'error']}
    />
  );
}
