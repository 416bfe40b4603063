import type { Image } from '@limen/contract';
import { Alert, Button, Radio, Select, SimpleGrid, Stack, Tabs, Text, TextInput } from '@mantine/core';
import {
  IconCloud,
  IconDatabaseOff,
  IconDeviceFloppy,
  IconDisc,
  IconSquareDashed,
  IconTemplate,
  type TablerIcon,
} from '@tabler/icons-react';
import { Panel } from '../../components/Panel.tsx';
import { formatBytes } from '../../lib/format.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import classes from './create.module.css';
import { type SourceTab, sourceTabs } from './form-values.ts';
import { imageKey, suggestPreset } from './preset-defaults.ts';
import { type CreateModel, offersImage } from './use-create.ts';

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
                <Radio.Group
                  label={t('create:image.mode')}
                  {...form.getInputProps('templateMode')}
                  error={undefined}
                >
                  <Stack gap={8} mt={6}>
                    <Radio
                      value="linked"
                      label={t('create:image.linked')}
                      description={t('create:image.linkedAbout')}
                    />
                    <Radio
                      value="full"
                      label={t('create:image.full')}
                      description={t('create:image.fullAbout')}
                    />
                  </Stack>
                </Radio.Group>
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
      <Radio.Group
        aria-label={t('create:image.tab.disk')}
        {...form.getInputProps('diskMode')}
        error={undefined}
      >
        <Stack gap={8}>
          <Radio value="copy" label={t('create:image.copy')} description={t('create:image.copyAbout')} />
          <Radio
            value="attach"
            label={t('create:image.attach')}
            description={t(mayAttach ? 'create:image.attachAbout' : 'create:image.attachRefused')}
            disabled={!mayAttach}
          />
        </Stack>
      </Radio.Group>
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

/** The library of the chosen host; of all hosts, each image once, where the host is still open. */
function ImageCards({ model }: { readonly model: CreateModel }) {
  const { t } = useText();
  const { values, source, errorOf } = model;
  const hosts = source.hosts.filter(({ link }) => values.host === 'auto' || link.id === values.host);
  const images = new Map<string, Image>();
  for (const image of hosts.flatMap((host) => host.images)) {
    if (offersImage(values, image) && !images.has(imageKey(image))) images.set(imageKey(image), image);
  }
  const error = errorOf('image');
  if (images.size === 0) {
    return (
      <Alert
        variant="light"
        color="gray"
        icon={<IconDatabaseOff aria-hidden />}
        title={t('create:image.none')}
      >
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{t('create:image.noneBody')}</Text>
          <Button size="xs" variant="default" onClick={() => navigate({ page: 'images' })}>
            {t('create:image.toLibrary')}
          </Button>
          {error !== undefined && (
            <Text size="sm" c="var(--limen-error)" role="alert">
              {error}
            </Text>
          )}
        </Stack>
      </Alert>
    );
  }
  return (
    <Radio.Group
      aria-label={t('create:image.choose')}
      value={values.image}
      onChange={(key) => {
        const image = images.get(key);
        if (image) model.chooseImage(image);
      }}
      error={error}
    >
      <SimpleGrid cols={{ base: 2, xl: 3 }} spacing="xs" verticalSpacing="xs">
        {[...images].map(([key, image]) => (
          <ImageCard key={key} value={key} image={image} model={model} />
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

interface ImageCardProps {
  readonly value: string;
  readonly image: Image;
  readonly model: CreateModel;
}

function ImageCard({ value, image, model }: ImageCardProps) {
  const { t, language } = useText();
  const preset = suggestPreset(image, model.presets);
  return (
    <Radio.Card value={value} className={classes['card'] ?? ''} aria-label={image.name}>
      <Radio.Indicator size="sm" />
      <div className={classes['cardText']}>
        <Text size="sm" fw={600} truncate title={image.name}>
          {image.name}
        </Text>
        <Text size="xs" c="var(--limen-quiet)" truncate>
          {preset?.name ?? t('create:image.unknownSystem')} · {formatBytes(image.virtualBytes, language)}
        </Text>
      </div>
    </Radio.Card>
  );
}
