import type { Image } from '@limen/contract';
import { Alert, Button, Radio, ScrollArea, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconDatabaseOff, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { formatBytes } from '../../lib/format.ts';
import { navigate } from '../../lib/use-route.ts';
import { useText } from '../../locales/i18n.ts';
import { byImageName } from '../../stores/images.ts';
import classes from './create.module.css';
import { imageKey, suggestPreset } from './preset-defaults.ts';
import { type CreateModel, offersImage } from './use-create.ts';

/** From this many on they are found by typing; fewer are seen at a glance. */
const MANY = 9;

/** The library of the chosen host; of all hosts, each image once, where the host is still open. */
export function ImageCards({ model }: { readonly model: CreateModel }) {
  const { t } = useText();
  const { values, errorOf } = model;
  const [sought, setSought] = useState('');
  const images = offeredImages(model);
  const error = errorOf('image');
  if (images.size === 0) return <NoImage template={values.tab === 'template'} error={error} />;
  const many = images.size >= MANY;
  const text = many ? sought.trim().toLowerCase() : '';
  const shown = [...images].filter(
    ([key, image]) => key === values.image || image.name.toLowerCase().includes(text),
  );
  const cards = (
    <SimpleGrid cols={{ base: 2, xl: 3 }} spacing="xs" verticalSpacing="xs">
      {shown.map(([key, image]) => (
        <ImageCard key={key} value={key} image={image} model={model} />
      ))}
    </SimpleGrid>
  );
  return (
    <Stack gap="xs">
      {many && (
        <TextInput
          aria-label={t('create:image.find')}
          placeholder={t('create:image.find')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
          maw={360}
        />
      )}
      <Radio.Group
        aria-label={t('create:image.choose')}
        value={values.image}
        onChange={(key) => {
          const image = images.get(key);
          if (image) model.chooseImage(image);
        }}
        error={error}
        {...(error !== undefined && { 'data-problem': true })}
      >
        {many ? (
          <ScrollArea.Autosize mah={280} type="auto" offsetScrollbars>
            {cards}
          </ScrollArea.Autosize>
        ) : (
          cards
        )}
      </Radio.Group>
      {shown.length === 0 && (
        <Text size="sm" c="var(--limen-quiet)" role="status">
          {t('create:image.noneFound', { text: sought.trim() })}
        </Text>
      )}
    </Stack>
  );
}

/** By key, in the order of their names. */
function offeredImages({ values, source }: CreateModel): ReadonlyMap<string, Image> {
  const hosts = source.hosts.filter(({ link }) => values.host === 'auto' || link.id === values.host);
  const offered = hosts
    .flatMap((host) => host.images)
    .filter((image) => offersImage(values, image))
    .sort(byImageName);
  return new Map(offered.map((image) => [imageKey(image), image]));
}

interface NoImageProps {
  /** Templates come from machines, not from files. */
  readonly template: boolean;
  readonly error: string | undefined;
}

function NoImage({ template, error }: NoImageProps) {
  const { t } = useText();
  return (
    <Alert
      variant="light"
      color="gray"
      icon={<IconDatabaseOff aria-hidden />}
      title={t('create:image.none')}
      {...(error !== undefined && { 'data-problem': true })}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t(template ? 'create:image.noneTemplate' : 'create:image.noneBody')}</Text>
        <Button
          size="xs"
          variant="default"
          onClick={() => navigate({ page: template ? 'machines' : 'images' })}
        >
          {t(template ? 'create:image.toMachines' : 'create:image.toLibrary')}
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
        <Text size="sm" fw={600} lh={1.3} lineClamp={2} title={image.name}>
          {image.name}
        </Text>
        <Text size="xs" c="var(--limen-quiet)" truncate>
          {preset?.name ?? t('create:image.unknownSystem')} · {formatBytes(image.virtualBytes, language)}
        </Text>
      </div>
    </Radio.Card>
  );
}
