import type { ImageId, ImageKind, NewMachine, UserId } from '@limen/contract';
import type { DiskFormat } from './disk-tool.ts';
import type { Principal } from './principal.ts';

/** An image of the library, as far as making machines from it is concerned. */
export interface SourceImage {
  readonly id: ImageId;
  readonly name: string;
  readonly kind: ImageKind;
  readonly format: DiskFormat;
  readonly path: string;
  readonly virtualBytes: number;
  /** What its system needs to boot; null: as its preset has it. */
  readonly hardware: NewMachine['hardware'] | null;
}

/** Where an image lies. */
export type ImagePath = Pick<SourceImage, 'id' | 'name' | 'path' | 'format'>;

export interface NewBase {
  readonly id: ImageId;
  readonly name: string;
  readonly path: string;
  readonly format: DiskFormat;
  readonly virtualBytes: number;
  readonly actualBytes: number;
  readonly presetId: string | null;
  readonly userId: UserId | null;
}

/** The image library, as machines are made from it. Implemented in `database/`. */
export interface ImageSources {
  /** One that the principal may use. Rejects with `NOT_FOUND`. */
  usable(principal: Principal, imageId: ImageId): Promise<SourceImage>;
  /** The newest usable ISO whose file is named so; null when there is none. */
  usableIso(principal: Principal, fileName: RegExp): Promise<SourceImage | null>;
  /** Enter what became the base of linked clones as a template. May be repeated. */
  addBase(base: NewBase): Promise<void>;
  removeBase(imageId: ImageId): Promise<void>;
  /** Files of this host's images, with their names. */
  paths(): Promise<ImagePath[]>;
}
