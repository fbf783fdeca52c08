import { describe, expect, it } from 'vitest';
import { matchMetadata } from './match-metadata.ts';

const presentations = ['live/José.jpg', 'live/s1/clip'].map((name) => ({
  name,
  species: null,
  frames: [{ name: name.endsWith('.jpg') ? name : `${name}/001.jpg`, path: '' }],
}));

function match(...files: string[]) {
  const rows = new Map(files.map((file) => [file, { subject: 's1', device: '', light: '' }]));
  return matchMetadata({ rows, presentations, folder: '/data/my set' });
}

describe('matchMetadata', () => {
  it.each([
    { file: 'live/José.jpg', name: 'live/José.jpg' },
    { file: 'live/José.jpg'.normalize('NFD'), name: 'live/José.jpg' },
    { file: './live//José.jpg', name: 'live/José.jpg' },
    { file: '/data/my set/live/José.jpg', name: 'live/José.jpg' },
    { file: 'live\\s1\\clip', name: 'live/s1/clip' },
    { file: 'live/s1/clip/', name: 'live/s1/clip' },
    { file: 'live/s1/clip/001.jpg', name: 'live/s1/clip' },
  ])('takes $file as $name', ({ file, name }) => {
    expect([...match(file).metadata.keys()]).toEqual([name]);
  });

  it('counts the rows that name a presentation', () => {
    expect(match('live/José.jpg', 'live/s1/clip/001.jpg', 'live/s1', 'other.jpg', '').matched).toBe(2);
  });

  it('keeps what one frame says and another leaves empty', () => {
    const rows = new Map([
      ['live/s1/clip/001.jpg', { subject: 's1', device: '', light: 'dim' }],
      ['live/s1/clip', { subject: '', device: 'phone', light: '' }],
    ]);
    expect(matchMetadata({ rows, presentations, folder: '/data' }).metadata.get('live/s1/clip')).toEqual({
      subject: 's1',
      device: 'phone',
      light: 'dim',
    });
  });
});
