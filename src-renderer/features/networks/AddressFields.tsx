import { type AddressRange, type IpFamily, type NewAddress, proposeRange } from '@limen/contract';
import { ActionIcon, Button, Fieldset, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';

export interface AddressFieldsProps {
  readonly family: IpFamily;
  /** Null: the network has no address of this family. */
  readonly value: NewAddress | null;
  readonly onChange: (value: NewAddress | null) => void;
  /** A subnet that is free, for who turns the family on. */
  readonly propose: () => NewAddress | null;
  /** What is wrong, by path. */
  readonly problems: ReadonlyMap<string, string>;
}

const examples = { ipv4: '192.168.100.1/24', ipv6: 'fd00:1::1/64' } as const;

/** The host's address on the network, and what is given out around it. */
export function AddressFields({ family, value, onChange, propose, problems }: AddressFieldsProps) {
  const { t } = useText();
  const name = t(`networks:family.${family}`);
  const at = (path: string): string | undefined => problems.get(`${family}.${path}`);
  return (
    <Fieldset legend={name} p="sm">
      <Stack gap="sm">
        <Switch
          label={t('networks:field.hasAddress', { family: name })}
          checked={value !== null}
          onChange={(event) =>
            onChange(event.currentTarget.checked ? (propose() ?? { address: '', ranges: [] }) : null)
          }
          error={value === null ? at('address') : undefined}
        />
        {value !== null && (
          <>
            <TextInput
              label={t('networks:field.address', { family: name })}
              description={t('networks:field.addressAbout')}
              placeholder={examples[family]}
              spellCheck={false}
              value={value.address}
              error={at('address')}
              onChange={(event) => onChange(moved(value, event.currentTarget.value))}
            />
            <Ranges family={family} value={value} onChange={onChange} problemAt={at} />
          </>
        )}
      </Stack>
    </Fieldset>
  );
}

interface RangesProps {
  readonly family: IpFamily;
  readonly value: NewAddress;
  readonly onChange: (value: NewAddress) => void;
  readonly problemAt: (path: string) => string | undefined;
}

function Ranges({ family, value, onChange, problemAt }: RangesProps) {
  const { t } = useText();
  const { address, ranges } = value;
  const name = t(`networks:family.${family}`);
  const set = (next: readonly AddressRange[]): void => onChange({ address, ranges: [...next] });
  const add = (): void => {
    const proposed = ranges.length === 0 ? proposeRange(address) : null;
    set([...ranges, proposed ?? { start: '', end: '' }]);
  };
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {t('networks:field.ranges')}
      </Text>
      {ranges.length === 0 && (
        <Text size="xs" c="dimmed">
          {t('networks:field.noRanges')}
        </Text>
      )}
      {ranges.map((range, index) => (
        // Rows have no identity but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
          {(['start', 'end'] as const).map((end) => (
            <TextInput
              key={end}
              flex={1}
              aria-label={t(`networks:field.${end}`, { family: name, number: index + 1 })}
              spellCheck={false}
              value={range[end]}
              error={problemAt(`ranges.${index}.${end}`)}
              onChange={(event) => {
                const text = event.currentTarget.value;
                set(ranges.map((each, at) => (at === index ? { ...each, [end]: text } : each)));
              }}
            />
          ))}
          <ActionIcon
            mt={4}
            variant="subtle"
            aria-label={t('networks:field.removeRange', { family: name, number: index + 1 })}
            onClick={() => set(ranges.filter((_, at) => at !== index))}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden />}
        style={{ alignSelf: 'flex-start' }}
        onClick={add}
      >
        {t('networks:field.addRange', { family: name })}
      </Button>
    </Stack>
  );
}

/** A range that was proposed for the old address follows to the new one; what a person typed is theirs. */
function moved({ address: old, ranges }: NewAddress, address: string): NewAddress {
  const before = proposeRange(old);
  const after = proposeRange(address);
  const [only] = ranges;
  const follows =
    ranges.length === 1 && after !== null && only?.start === before?.start && only?.end === before?.end;
  return { address, ranges: follows ? [after] : ranges };
}
