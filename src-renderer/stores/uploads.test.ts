// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { aLinkId } from '../test/records.ts';
import { anUpload } from '../test/work-records.ts';
import { receiveUploads, uploadsStore, useAllUploads, useHostUploads } from './uploads.ts';

afterEach(() => uploadsStore.setState({ uploads: undefined }));

describe('uploads', () => {
  it('keeps the identity of those that did not move', () => {
    receiveUploads([anUpload({ number: 1 }), anUpload({ number: 2 })]);
    const [first] = uploadsStore.getState().uploads ?? [];
    receiveUploads([anUpload({ number: 1 }), anUpload({ number: 2, bytes: 9 })]);
    const { result } = renderHook(useAllUploads);
    expect(result.current[0]).toBe(first);
    expect(result.current[1]?.bytes).toBe(9);
  });

  it('tells the hosts apart', () => {
    const { result } = renderHook(() => useHostUploads(aLinkId(2)));
    expect(result.current).toEqual([]);
    const mine = anUpload({ number: 2, linkId: aLinkId(2), state: 'paused' });
    act(() => receiveUploads([anUpload(), mine]));
    expect(result.current).toEqual([mine]);
  });
});
