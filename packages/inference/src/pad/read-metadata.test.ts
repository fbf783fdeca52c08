import { describe, expect, it } from 'vitest';
import { readMetadata } from './read-metadata.ts';

describe('readMetadata', () => {
  it('reads columns by name, in any order, with quotes', () => {
    const metadata = readMetadata('\uFEFFdevice,file,light\r\n"Phone, ""old""",live/a.jpg,dim\r\n,./live/b.jpg,\r\n');
    expect(metadata.get('live/a.jpg')).toEqual({ subject: '', device: 'Phone, "old"', light: 'dim' });
    expect(metadata.get('live/b.jpg')).toEqual({ subject: '', device: '', light: '' });
  });

  it('takes a frame as its recording', () => {
    expect([...readMetadata('file,subject\nlive/clip/001.jpg,s1\n').keys()]).toEqual(['live/clip']);
  });

  it('refuses a file without the column that names files, and a line that does not fit', () => {
    expect(() => readMetadata('name,subject\na,b\n')).toThrow(/no column "file"/);
    expect(() => readMetadata('file,subject\nlive/a,b.jpg,s1\n')).toThrow(/too many cells/);
  });
});
