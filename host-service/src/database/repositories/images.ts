import { randomUUID } from 'node:crypto';
import {
  hardwareOverrides,
  type HostId,
  image,
  type ImageId,
  imageFormat,
  imageId,
  userId,
} from '@limen/contract';
import type { Kysely, Selectable } from 'kysely';
import type { FoundImage, ImageChange, ImageStore, NewImage, StoredImage } from '../../ports/images.ts';
import type { Database } from '../database.ts';
import type { ImageTable, Schema } from '../schema.ts';
import { requireImageRoom } from './reservations.ts';

const origin = image.shape.origin;

export class ImageRepository implements ImageStore {
  readonly #database: Database;
  readonly #hostId: HostId;

  constructor(database: Database, hostId: HostId) {
    this.#database = database;
    this.#hostId = hostId;
  }

  async all(): Promise<StoredImage[]> {
    const rows = await this.#database.run((db) => this.#select(db).execute());
    return rows.map(toStoredImage);
  }

  async add(added: NewImage): Promise<void> {
    await this.#database.transaction(async (trx) => {
      const known = await trx.selectFrom('image').select('id').where('id', '=', added.id).executeTakeFirst();
      if (known !== undefined) return;
      if (added.ownerId !== null) await requireImageRoom(trx, added.ownerId, added.actualBytes);
      await trx
        .insertInto('image')
        .values({
          id: added.id,
          host_id: this.#hostId,
          name: added.name,
          kind: added.kind,
          format: added.format,
          preset_id: added.presetId,
          virtual_bytes: added.virtualBytes,
          actual_bytes: added.actualBytes,
          sha256: added.sha256,
          path: added.path,
          origin: added.origin,
          hardware: added.hardware === undefined ? null : JSON.stringify(added.hardware),
          source_url: added.sourceUrl,
          shared: added.shared,
          managed: true,
          user_id: added.ownerId,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    });
  }

  async addFound(found: FoundImage): Promise<StoredImage | null> {
    const id = imageId.parse(randomUUID());
    const added = await this.#database.run((db) =>
      db
        .insertInto('image')
        .values({
          id,
          host_id: this.#hostId,
          name: found.name,
          kind: found.kind,
          format: found.format,
          preset_id: found.presetId,
          virtual_bytes: found.virtualBytes,
          actual_bytes: found.actualBytes,
          sha256: null,
          path: found.path,
          origin: 'scan',
          source_url: null,
          shared: true,
          managed: false,
          user_id: null,
        })
        .onConflict((conflict) => conflict.columns(['host_id', 'path']).doNothing())
        .returning('id')
        .executeTakeFirst(),
    );
    return added === undefined ? null : this.#find(id);
  }

  async update(id: ImageId, { name, presetId, kind, shared }: ImageChange): Promise<StoredImage | null> {
    const columns = {
      ...(name === undefined ? {} : { name }),
      ...(presetId === undefined ? {} : { preset_id: presetId }),
      ...(kind === undefined ? {} : { kind }),
      ...(shared === undefined ? {} : { shared }),
    };
    if (Object.keys(columns).length > 0) {
      await this.#database.run((db) =>
        db
          .updateTable('image')
          .set(columns)
          .where('host_id', '=', this.#hostId)
          .where('id', '=', id)
          .execute(),
      );
    }
    return this.#find(id);
  }

  async setDigest(id: ImageId, sha256: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('image')
        .set({ sha256 })
        .where('host_id', '=', this.#hostId)
        .where('id', '=', id)
        .where('sha256', 'is', null)
        .execute(),
    );
  }

  async remove(id: ImageId): Promise<void> {
    await this.#database.run((db) =>
      db.deleteFrom('image').where('host_id', '=', this.#hostId).where('id', '=', id).execute(),
    );
  }

  async waitedForBy(id: ImageId): Promise<string[]> {
    const rows = await this.#database.run((db) =>
      db
        .selectFrom('job')
        .select('subject_name')
        .where('host_id', '=', this.#hostId)
        .where('image_id', '=', id)
        .where('finished_at', 'is', null)
        .execute(),
    );
    return rows.map(({ subject_name: name }) => name);
  }

  async #find(id: ImageId): Promise<StoredImage | null> {
    const row = await this.#database.run((db) =>
      this.#select(db).where('image.id', '=', id).executeTakeFirst(),
    );
    return row === undefined ? null : toStoredImage(row);
  }

  #select(db: Kysely<Schema>) {
    return db
      .selectFrom('image')
      .leftJoin('user_account', 'user_account.id', 'image.user_id')
      .selectAll('image')
      .select('user_account.username')
      .where('image.host_id', '=', this.#hostId);
  }
}

function toStoredImage(row: Selectable<ImageTable> & { username: string | null }): StoredImage {
  return {
    id: imageId.parse(row.id),
    name: row.name,
    kind: row.kind,
    format: imageFormat.parse(row.format),
    presetId: row.preset_id,
    virtualBytes: row.virtual_bytes,
    actualBytes: row.actual_bytes,
    sha256: row.sha256,
    path: row.path,
    ...(row.hardware === null ? {} : { hardware: hardwareOverrides.parse(row.hardware) }),
    origin: origin.parse(row.origin),
    sourceUrl: row.source_url,
    shared: row.shared,
    owner:
      row.user_id === null || row.username === null
        ? null
        : { id: userId.parse(row.user_id), username: row.username },
    addedAt: row.added_at.toISOString(),
    managed: row.managed,
  };
}
