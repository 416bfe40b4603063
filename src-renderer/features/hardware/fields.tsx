import { NumberInput, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { SizeInput } from '../../components/SizeInput.tsx';

interface FieldProps<T> {
  readonly label: string;
  /** As the draft or the definition has it. */
  readonly value: T;
  /** Called with right values only. */
  readonly onCommit: (value: T) => void;
  readonly disabled: boolean;
  readonly description?: ReactNode;
}

/**
 * What somebody types until it is right: the draft gets right values at once, and leaving the field puts a wrong one
 * back to what the draft has.
 */
function useTyped<T, R>(value: T, isRight: (typed: R) => boolean, onCommit: (typed: R) => void) {
  const [typed, setTyped] = useState<R>();
  return {
    shown: typed ?? value,
    isWrong: typed !== undefined && !isRight(typed),
    type: (next: R) => {
      setTyped(next);
      if (isRight(next)) onCommit(next);
    },
    leave: () => setTyped(undefined),
  };
}

export interface NumberFieldProps extends FieldProps<number> {
  readonly min: number;
  readonly max: number;
  /** Shown while what is typed is not within the limits. */
  readonly wrong: string;
}

/** A whole number within limits. */
export function NumberField({ value, onCommit, min, max, wrong, ...rest }: NumberFieldProps) {
  const isRight = (typed: number | string) =>
    typeof typed === 'number' && Number.isInteger(typed) && typed >= min && typed <= max;
  const field = useTyped<number, number | string>(value, isRight, (typed) => onCommit(Number(typed)));
  return (
    <NumberInput
      {...rest}
      value={field.shown}
      onChange={field.type}
      onBlur={field.leave}
      error={field.isWrong ? wrong : undefined}
      min={min}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="none"
    />
  );
}

export interface SizeFieldProps extends FieldProps<number> {
  readonly min: number;
  readonly max: number;
  readonly wrong: string;
}

/** A size in bytes within limits. */
export function SizeField({ value, onCommit, min, max, wrong, ...rest }: SizeFieldProps) {
  const isRight = (typed: number | string) => typeof typed === 'number' && typed >= min && typed <= max;
  const field = useTyped<number, number | string>(value, isRight, (typed) => onCommit(Number(typed)));
  return (
    <div onBlur={field.leave}>
      <SizeInput
        {...rest}
        value={field.shown}
        onChange={field.type}
        error={field.isWrong ? wrong : undefined}
      />
    </div>
  );
}

const MIB = 2 ** 20;
const KIB = 1024;

/** Bytes a second as MiB/s, in steps of a KiB, which is what libvirt counts in; empty is without limit. */
export function RateField({ value, onCommit, ...rest }: FieldProps<number | null>) {
  return (
    <NumberInput
      {...rest}
      value={value === null ? '' : Math.round((value / MIB) * 100) / 100}
      onChange={(rate) =>
        onCommit(rate === '' || Number(rate) <= 0 ? null : Math.round(Number(rate) * KIB) * KIB)
      }
      suffix=" MiB/s"
      placeholder="∞"
      min={0}
      decimalScale={2}
      allowNegative={false}
      hideControls
    />
  );
}

/** Operations a second; empty is without limit. */
export function OperationsField({ value, onCommit, ...rest }: FieldProps<number | null>) {
  return (
    <NumberInput
      {...rest}
      value={value ?? ''}
      onChange={(rate) => onCommit(rate === '' || Number(rate) <= 0 ? null : Number(rate))}
      suffix=" IOPS"
      placeholder="∞"
      min={0}
      allowDecimal={false}
      allowNegative={false}
      hideControls
    />
  );
}

export interface TextFieldProps extends FieldProps<string> {
  readonly isRight: (text: string) => boolean;
  readonly wrong: string;
}

/** A short text of a certain form. */
export function TextField({ value, onCommit, isRight, wrong, ...rest }: TextFieldProps) {
  const field = useTyped(
    value,
    (text: string) => isRight(text.trim()),
    (text) => onCommit(text.trim()),
  );
  return (
    <TextInput
      {...rest}
      value={field.shown}
      onChange={(event) => field.type(event.currentTarget.value)}
      onBlur={field.leave}
      error={field.isWrong ? wrong : undefined}
      spellCheck={false}
    />
  );
}
