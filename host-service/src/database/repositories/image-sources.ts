import { basename } from 'node:path';
import { hardwareOverrides, type HostId, type ImageId, imageId, LimenError } from '@limen/contract';
import type { Kysely, Selectable } from 'kysely';
import type { DiskFormat } from '../../ports/disk-tool.ts';
import type { ImagePath, ImageSources, NewBase, SourceImage } from '../../ports/image-sources.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Database } from '../database.ts';
import type { ImageTable, Schema } from '../schema.ts';

export class ImageSourceRepository implements ImageSources {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  async usable(principal: Principal, id: ImageId): Promise<SourceImage> {
    const row = await this.#database.run((db) =>
      this.#visibleTo(db, principal).where('id', '=', id).executeTakeFirst(),
    );
    if (row === undefined) throw new LimenError('NOT_FOUND', { kind: 'image', id });
    return toSource(row);
  }

  async usableIso(principal: Principal, fileName: RegExp): Promise<SourceImage | null> {
    const rows = await this.#database.run((db) =>
      this.#visibleTo(db, principal).where('kind', '=', 'iso').orderBy('added_at', 'desc').execute(),
    );
    const found = rows.find(({ name, path }) => fileName.test(name) || fileName.test(basename(path)));
    return found === undefined ? null : toSource(found);
  }

  async addBase(base: NewBase): Promise<void> {
    await this.#database.run((db) =>
      db
        .insertInto('image')
        .values({
          id: base.id,
          host_id: this.#hostId,
          name: base.name,
          kind: 'template',
          format: base.format,
          preset_id: base.presetId,
          virtual_bytes: base.virtualBytes,
          actual_bytes: base.actualBytes,
          sha256: null,
          path: base.path,
          origin: 'template',
          source_url: null,
          shared: false,
          managed: true,
          user_id: base.userId,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
    );
  }

  async removeBase(id: ImageId): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('image').where('id', '=', id).execute());
  }

  async paths(): Promise<ImagePath[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('image')
        .select(['id', 'path', 'format', 'name'])
        .where('host_id', '=', this.#hostId)
        .execute(),
    );
    return rows.map(({ id, path, format, name }) => ({
      id: imageId.parse(id),
      path,
      name,
      format: toFormat(format),
    }));
  }

  #visibleTo(db: Kysely<Schema>, { role, userId }: Principal) {
    const ours = db.selectFrom('image').selectAll().where('host_id', '=', this.#hostId);
    if (role === 'administrator') return ours;
    return ours.where((where) => where.or([where('shared', '=', true), where('user_id', '=', userId)]));
  }
}

function toFormat(text: string): DiskFormat {
  return text === 'raw' ? 'raw' : 'qcow2';
}

function toSource(row: Selectable<ImageTable>): SourceImage {
  return {
    id: imageId.parse(row.id),
    name: row.name,
    kind: row.kind,
    format: toFormat(row.format),
    path: row.path,
    virtualBytes: row.virtual_bytes,
    hardware: row.hardware === null ? null : hardwareOverrides.parse(row.hardware),
  };
}
