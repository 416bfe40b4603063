import { NativeSelect, NumberInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useText } from '../locales/i18n.ts';
import classes from './SizeInput.module.css';

const units = { MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;
type Unit = keyof typeof units;

export interface SizeInputProps {
  readonly label: string;
  /** With an id the label stands elsewhere, as a `<label>` for it. */
  readonly id?: string;
  /** Bytes; `''` while the field is empty. */
  readonly value: number | string;
  readonly onChange: (bytes: number | string) => void;
  readonly error?: ReactNode;
  readonly description?: ReactNode;
  readonly disabled?: boolean;
}

/** The largest unit in which the size is at least one and needs no more than two decimals. */
function fittingUnit(bytes: number): Unit {
  const fits = (unit: Unit) => bytes >= units[unit] && (bytes * 100) % units[unit] === 0;
  return fits('TiB') ? 'TiB' : fits('GiB') ? 'GiB' : 'MiB';
}

/** A size as a number and its unit. Whole MiB, which is what hypervisors count in. */
export function SizeInput({ label, id, value, onChange, error, description, disabled }: SizeInputProps) {
  const { t } = useText();
  const [chosen, setChosen] = useState<Unit>();
  const bytes = Number(value);
  const unit = chosen ?? fittingUnit(bytes);
  return (
    <NumberInput
      {...(id === undefined ? { label } : { id })}
      {...(description !== undefined && { description })}
      {...(error !== undefined && { error })}
      {...(disabled !== undefined && { disabled })}
      value={value === '' ? '' : Math.round((bytes / units[unit]) * 100) / 100}
      onChange={(number) =>
        onChange(number === '' ? '' : Math.round((Number(number) * units[unit]) / units.MiB) * units.MiB)
      }
      min={0}
      step={unit === 'MiB' ? 128 : 1}
      decimalScale={2}
      allowNegative={false}
      hideControls
      rightSectionWidth={76}
      rightSection={
        <NativeSelect
          variant="unstyled"
          w="100%"
          size="sm"
          // Both would come down from the field around it.
          rightSectionWidth={28}
          styles={{ wrapper: { margin: 0 } }}
          aria-label={t('common:unitOf', { name: label })}
          value={unit}
          {...(disabled !== undefined && { disabled })}
          onChange={(event) => setChosen(event.currentTarget.value as Unit)}
          data={Object.keys(units)}
          classNames={{ input: classes['unit'] ?? '' }}
        />
      }
    />
  );
}
