import { describe, expect, it } from 'vitest';
import { readMetadata } from './read-metadata.ts';

describe('readMetadata', () => {
  it('reads columns by name, in any order, with quotes', () => {
    const metadata = readMetadata('\uFEFFdevice,file,light\r\n"Phone, ""old""",live/a.jpg,dim\r\n,live/b.jpg,\r\n');
    expect(metadata.get('live/a.jpg')).toEqual({ subject: '', device: 'Phone, "old"', light: 'dim' });
    expect(metadata.get('live/b.jpg')).toEqual({ subject: '', device: '', light: '' });
  });

  it.each([
    { name: 'semicolons', csv: 'file;subject\nlive/a,b.jpg;s1\n' },
    { name: 'line breaks in quotes', csv: 'file,subject,notes\n"live/a,b.jpg",s1,"one\nother"\n' },
    { name: 'surplus empty cells', csv: 'file,subject,,\n"live/a,b.jpg",s1,,,,\n,,,\n' },
    { name: 'spaces around cells', csv: ' File , subject \n "live/a,b.jpg" , s1 \n' },
    { name: 'lines of an old Mac', csv: 'file;subject\rlive/a,b.jpg;s1\r' },
  ])('reads $name', ({ csv }) => {
    expect([...readMetadata(csv)]).toEqual([['live/a,b.jpg', { subject: 's1', device: '', light: '' }]]);
  });

  it('refuses a file without the column that names files, and a line that does not fit', () => {
    expect(() => readMetadata('name,subject\na,b\n')).toThrow(/no column "file"/);
    expect(() => readMetadata('')).toThrow(/no column "file"/);
    expect(() => readMetadata('file,subject\nlive/a,b.jpg,s1\n')).toThrow(/too many cells/);
  });
});
