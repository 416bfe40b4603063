import { Select, Stack, Tabs, Text, TextInput } from '@mantine/core';
import {
  IconCloud,
  IconDeviceFloppy,
  IconDisc,
  IconSquareDashed,
  IconTemplate,
  type TablerIcon,
} from '@tabler/icons-react';
import { Panel } from '../../components/Panel.tsx';
import { RadioChoices } from '../../components/RadioChoices.tsx';
import { useText } from '../../locales/i18n.ts';
import { type SourceTab, sourceTabs } from './form-values.ts';
import { ImageCards } from './ImageCards.tsx';
import type { CreateModel } from './use-create.ts';

const icons: Record<SourceTab, TablerIcon> = {
  iso: IconDisc,
  cloud: IconCloud,
  template: IconTemplate,
  disk: IconDeviceFloppy,
  empty: IconSquareDashed,
};

/** What the machine is made of, and which system that is. */
export function ImageSection({ model }: { readonly model: CreateModel }) {
  const { t } = useText();
  const { values, form, presets, errorOf } = model;
  return (
    <Panel title={t('create:image.title')}>
      <Tabs
        value={values.tab}
        onChange={(tab) => model.chooseTab(tab as SourceTab)}
        keepMounted={false}
        variant="outline"
      >
        <Tabs.List aria-label={t('create:image.tabs')}>
          {sourceTabs.map((tab) => {
            const Icon = icons[tab];
            return (
              <Tabs.Tab key={tab} value={tab} leftSection={<Icon size={16} aria-hidden />} px="sm">
                {t(`create:image.tab.${tab}`)}
              </Tabs.Tab>
            );
          })}
        </Tabs.List>
        {sourceTabs.map((tab) => (
          <Tabs.Panel key={tab} value={tab} pt="sm">
            <Stack gap="sm">
              <Text size="sm" c="var(--limen-quiet)">
                {t(`create:image.about.${tab}`)}
              </Text>
              <Source model={model} tab={tab} />
              <Select
                label={t('create:image.preset')}
                data={presets.map(({ id, name }) => ({ value: id, label: name }))}
                value={values.presetId === '' ? null : values.presetId}
                onChange={(id) => id !== null && model.choosePreset(id)}
                searchable
                allowDeselect={false}
                nothingFoundMessage={t('create:image.noPreset')}
                error={errorOf('presetId')}
                maw={360}
              />
              {tab === 'template' && (
                <RadioChoices
                  label={t('create:image.mode')}
                  choices={[
                    {
                      value: 'linked',
                      label: t('create:image.linked'),
                      about: t('create:image.linkedAbout'),
                    },
                    { value: 'full', label: t('create:image.full'), about: t('create:image.fullAbout') },
                  ]}
                  {...form.getInputProps('templateMode')}
                  error={undefined}
                />
              )}
            </Stack>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Panel>
  );
}

function Source({ model, tab }: { readonly model: CreateModel; readonly tab: SourceTab }) {
  const { t } = useText();
  const { form, values, target, errorOf } = model;
  if (tab === 'empty') return null;
  if (tab !== 'disk') return <ImageCards model={model} />;
  const mayAttach = target?.link.user?.role === 'administrator';
  return (
    <>
      <RadioChoices
        aria-label={t('create:image.tab.disk')}
        choices={[
          { value: 'copy', label: t('create:image.copy'), about: t('create:image.copyAbout') },
          {
            value: 'attach',
            label: t('create:image.attach'),
            about: t(mayAttach ? 'create:image.attachAbout' : 'create:image.attachRefused'),
            disabled: !mayAttach,
          },
        ]}
        {...form.getInputProps('diskMode')}
        error={undefined}
      />
      {values.diskMode === 'copy' ? (
        <ImageCards model={model} />
      ) : (
        <TextInput
          label={t('create:image.path')}
          placeholder="/srv/disks/web-1.qcow2"
          spellCheck={false}
          {...form.getInputProps('path')}
          error={errorOf('path')}
        />
      )}
    </>
  );
}
